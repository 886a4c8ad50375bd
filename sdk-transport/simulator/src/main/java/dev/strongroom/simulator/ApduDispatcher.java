// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.StatusWordTable;
import dev.strongroom.core.transport.TransportException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The element application as a card shows it: command APDUs in, response APDUs out, one channel.
 *
 * <p>Short and extended length, command chaining and GET RESPONSE.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link SimulatedElement}.
 */
final class ApduDispatcher {

  private static final int MAX_COMMAND_DATA = ElementProtocol.MAX_RANDOM;
  private static final int CLA_SECURE_MESSAGING = 0x0C;
  private static final int CLA_CHANNEL = 0x03;
  private static final byte[] NOTHING = {};
  private static final Bytes NO_RND = Bytes.copyOf(new byte[GrubRequest.RND_LENGTH]);

  /** A status word on its way out. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refusal(StatusWord status) {
      super(null, null, false, false);
      this.status = status.value();
    }
  }

  private final ElementChannel channel;
  private boolean selected;
  private byte[] chained = NOTHING;
  private @Nullable CommandApdu chainHead;
  private byte[] pending = NOTHING;

  ApduDispatcher(ElementChannel channel) {
    this.channel = channel;
  }

  /** Executes a command; what breaks the link instead of being answered is thrown. */
  byte[] transmit(byte[] wire) throws TransportException {
    CommandApdu command;
    try {
      command = CommandApdu.parse(wire);
    } catch (IllegalArgumentException e) {
      return ResponseApdu.of(StatusWord.WRONG_LENGTH).encode();
    }
    try (command) {
      return respond(command);
    } catch (Refusal refusal) {
      return ResponseApdu.of(new StatusWord(refusal.status)).encode();
    } catch (TransportException e) {
      throw e;
    } catch (StrongroomException e) {
      return ResponseApdu.of(StatusWordTable.status(e)).encode();
    }
  }

  /** Zeroes what is half received or half sent. */
  void reset() {
    forgetChain();
    Arrays.fill(pending, (byte) 0);
    pending = NOTHING;
    selected = false;
    channel.drop();
  }

  private byte[] respond(CommandApdu command) throws Refusal, StrongroomException {
    checkClass(command);
    if (command.ins() == ElementProtocol.INS_GET_RESPONSE
        && (command.cla() & ElementProtocol.CLA_PROPRIETARY) == 0) {
      if (pending.length == 0) {
        throw new Refusal(StatusWord.CONDITIONS_NOT_SATISFIED);
      }
      return send(command.expected());
    }
    Arrays.fill(pending, (byte) 0);
    pending = NOTHING;
    collect(command);
    if ((command.cla() & ElementProtocol.CLA_CHAINING) != 0) {
      return ResponseApdu.of(StatusWord.SUCCESS).encode();
    }
    byte[] data = chained;
    chained = NOTHING;
    forgetChain();
    try {
      pending = execute(command, data);
    } finally {
      Arrays.fill(data, (byte) 0);
    }
    return send(command.expected());
  }

  private static void checkClass(CommandApdu command) throws Refusal {
    int cla = command.cla() & ~(ElementProtocol.CLA_CHAINING | ElementProtocol.CLA_PROPRIETARY);
    if ((cla & CLA_SECURE_MESSAGING) != 0 && (cla & ~0x0F) == 0) {
      throw new Refusal(StatusWord.SECURE_MESSAGING_NOT_SUPPORTED);
    }
    if ((cla & CLA_CHANNEL) != 0 && (cla & ~0x0F) == 0) {
      throw new Refusal(StatusWord.CHANNEL_NOT_SUPPORTED);
    }
    if (cla != 0) {
      throw new Refusal(StatusWord.CLA_NOT_SUPPORTED);
    }
  }

  private void collect(CommandApdu command) throws Refusal {
    CommandApdu head = chainHead;
    if (head != null
        && (head.ins() != command.ins()
            || head.p1() != command.p1()
            || head.p2() != command.p2())) {
      forgetChain();
      throw new Refusal(StatusWord.LAST_OF_CHAIN_EXPECTED);
    }
    if (chained.length + command.dataLength() > MAX_COMMAND_DATA) {
      forgetChain();
      throw new Refusal(StatusWord.WRONG_LENGTH);
    }
    byte[] part = command.data();
    byte[] longer = Arrays.copyOf(chained, chained.length + part.length);
    System.arraycopy(part, 0, longer, chained.length, part.length);
    Arrays.fill(part, (byte) 0);
    Arrays.fill(chained, (byte) 0);
    chained = longer;
    if (head == null) {
      chainHead = CommandApdu.of(command.cla(), command.ins(), command.p1(), command.p2(), 0);
    }
  }

  private void forgetChain() {
    Arrays.fill(chained, (byte) 0);
    chained = NOTHING;
    chainHead = null;
  }

  private byte[] send(int expected) {
    int length = Math.min(expected, pending.length);
    int rest = pending.length - length;
    byte[] part = Arrays.copyOf(pending, length);
    byte[] later = Arrays.copyOfRange(pending, length, pending.length);
    Arrays.fill(pending, (byte) 0);
    pending = later;
    StatusWord status = rest == 0 ? StatusWord.SUCCESS : StatusWord.moreData(rest);
    try (ResponseApdu response = ResponseApdu.of(part, status)) {
      return response.encode();
    } finally {
      Arrays.fill(part, (byte) 0);
    }
  }

  private byte[] execute(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    boolean proprietary = (command.cla() & ElementProtocol.CLA_PROPRIETARY) != 0;
    if (!proprietary && command.ins() == ElementProtocol.INS_SELECT) {
      return select(command, data);
    }
    if (!selected) {
      throw new Refusal(StatusWord.INS_NOT_SUPPORTED);
    }
    if (proprietary) {
      return switch (command.ins()) {
        case ElementProtocol.INS_INITIALIZE -> initialize(command, data);
        case ElementProtocol.INS_GRUB -> grub(command, data);
        default -> throw new Refusal(StatusWord.INS_NOT_SUPPORTED);
      };
    }
    return switch (command.ins()) {
      case ElementProtocol.INS_GET_DATA -> getData(command);
      case ElementProtocol.INS_VERIFY -> verify(command, data);
      case ElementProtocol.INS_CHANGE_REFERENCE_DATA -> changeReferenceData(command, data);
      case ElementProtocol.INS_RESET_RETRY_COUNTER -> resetRetryCounter(command, data);
      case ElementProtocol.INS_GET_CHALLENGE -> getChallenge(command);
      default -> throw new Refusal(StatusWord.INS_NOT_SUPPORTED);
    };
  }

  private byte[] select(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    require(command.p1() == 0x04 && command.p2() == 0x00, StatusWord.WRONG_P1_P2);
    require(Bytes.copyOf(data).equals(ElementProtocol.AID.bytes()), StatusWord.NOT_FOUND);
    if (channel.isLoggedIn()) {
      channel.logout();
    }
    byte[] answer = ElementProtocol.encodeInfo(channel.select());
    selected = true;
    return answer;
  }

  private byte[] getData(CommandApdu command) throws Refusal, StrongroomException {
    require(command.p1() == ElementProtocol.P1_APPLICATION_DATA, StatusWord.WRONG_P1_P2);
    return switch (command.p2()) {
      case ElementProtocol.P2_INFO -> ElementProtocol.encodeInfo(channel.select());
      case ElementProtocol.P2_STATUS -> ElementProtocol.encodeStatus(channel.status());
      default -> throw new Refusal(StatusWord.REFERENCE_NOT_FOUND);
    };
  }

  private byte[] initialize(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    require(command.p1() == 0 && command.p2() == 0, StatusWord.WRONG_P1_P2);
    try (SecretBytes user = first(data);
        SecretBytes administrator = second(data)) {
      channel.initialize(user, administrator);
    }
    return NOTHING;
  }

  private byte[] verify(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    Role role = role(command);
    if (command.p1() == ElementProtocol.P1_LOGOUT) {
      require(data.length == 0, StatusWord.WRONG_LENGTH);
      channel.logout();
      return NOTHING;
    }
    require(command.p1() == 0, StatusWord.WRONG_P1_P2);
    if (data.length == 0) {
      ElementStatus status = channel.status();
      if (role == Role.USER && channel.isLoggedIn()) {
        return NOTHING;
      }
      int left = role == Role.USER ? status.userTriesLeft() : status.administratorTriesLeft();
      throw new Refusal(
          !status.initialized()
              ? StatusWord.CONDITIONS_NOT_SATISFIED
              : left == 0 ? StatusWord.AUTHENTICATION_BLOCKED : StatusWord.triesLeft(left));
    }
    try (SecretBytes pin = SecretBytes.copyOf(data)) {
      channel.verify(role, pin);
    }
    return NOTHING;
  }

  private byte[] changeReferenceData(CommandApdu command, byte[] data)
      throws Refusal, StrongroomException {
    require(command.p1() == 0, StatusWord.WRONG_P1_P2);
    Role role = role(command);
    try (SecretBytes oldPin = first(data);
        SecretBytes newPin = second(data)) {
      channel.changePin(role, oldPin, newPin);
    }
    return NOTHING;
  }

  private byte[] resetRetryCounter(CommandApdu command, byte[] data)
      throws Refusal, StrongroomException {
    require(command.p1() == 0, StatusWord.WRONG_P1_P2);
    require(role(command) == Role.USER, StatusWord.REFERENCE_NOT_FOUND);
    try (SecretBytes administratorPin = first(data);
        SecretBytes newUserPin = second(data)) {
      channel.resetRetryCounter(administratorPin, newUserPin);
    }
    return NOTHING;
  }

  private byte[] getChallenge(CommandApdu command) throws Refusal, StrongroomException {
    require(command.p1() == 0 && command.p2() == 0, StatusWord.WRONG_P1_P2);
    int length = command.expected();
    require(length >= 1 && length <= ElementProtocol.MAX_RANDOM, StatusWord.WRONG_LENGTH);
    return channel.challenge(length);
  }

  private byte[] grub(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    require(command.p2() == 0, StatusWord.WRONG_P1_P2);
    return switch (command.p1()) {
      case ElementProtocol.P1_FILE_SCOPE -> fileKeys(data);
      case ElementProtocol.P1_PAGE_SCOPE -> pageKeys(data);
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    };
  }

  private byte[] fileKeys(byte[] data) throws Refusal, StrongroomException {
    int items = data.length - ElementProtocol.VOLUME_ID_LENGTH;
    int count = items / ElementProtocol.ITEM_LENGTH;
    require(
        items > 0 && items % ElementProtocol.ITEM_LENGTH == 0 && count <= ElementProtocol.MAX_BATCH,
        StatusWord.WRONG_LENGTH);
    List<GrubRequest> requests = new ArrayList<>(count);
    for (int at = ElementProtocol.VOLUME_ID_LENGTH;
        at < data.length;
        at += ElementProtocol.ITEM_LENGTH) {
      requests.add(item(data, at));
    }
    Bytes volume = Bytes.copyOf(data, 0, ElementProtocol.VOLUME_ID_LENGTH);
    byte[] answer = new byte[count * ElementProtocol.ANSWER_LENGTH];
    int at = 0;
    for (Grub grub : channel.grub(volume, requests)) {
      try (grub) {
        grub.rnd().copyTo(answer, at);
        grub.enc().copyTo(answer, at + 16);
        grub.sig().copyTo(answer, at + 48);
        grub.randomness().copyTo(answer, at + 80);
      }
      at += ElementProtocol.ANSWER_LENGTH;
    }
    return answer;
  }

  private static GrubRequest item(byte[] data, int at) throws Refusal {
    Bytes uid = Bytes.copyOf(data, at + 1, GrubRequest.UID_LENGTH);
    Bytes rnd = Bytes.copyOf(data, at + 17, GrubRequest.RND_LENGTH);
    int epoch = ByteBuffer.wrap(data).getInt(at + 33);
    return switch (data[at]) {
      case ElementProtocol.ITEM_EXISTING -> new GrubRequest(uid, rnd, epoch);
      case ElementProtocol.ITEM_NEW -> {
        require(rnd.equals(NO_RND), StatusWord.WRONG_DATA);
        yield new GrubRequest(uid, null, epoch);
      }
      case ElementProtocol.ITEM_WRAPPED -> throw new Refusal(StatusWord.FUNCTION_NOT_SUPPORTED);
      default -> throw new Refusal(StatusWord.WRONG_DATA);
    };
  }

  private byte[] pageKeys(byte[] data) throws Refusal, StrongroomException {
    require(data.length == ElementProtocol.PAGE_REQUEST_LENGTH, StatusWord.WRONG_LENGTH);
    ByteBuffer in = ByteBuffer.wrap(data);
    long first = in.getLong(52);
    int count = in.getShort(60) & 0xFFFF;
    require(
        count >= 1
            && count <= ElementProtocol.MAX_BATCH
            && first >= 0
            && first <= Long.MAX_VALUE - count,
        StatusWord.WRONG_DATA);
    GrubRequest file =
        GrubRequest.existing(Bytes.copyOf(data, 16, 16), Bytes.copyOf(data, 32, 16), in.getInt(48));
    byte[] answer = new byte[count * ElementProtocol.PAGE_KEY_LENGTH];
    int at = 0;
    for (SecretBytes key : channel.pageGrub(Bytes.copyOf(data, 0, 16), file, first, count)) {
      try (key) {
        key.copyTo(answer, at);
      }
      at += ElementProtocol.PAGE_KEY_LENGTH;
    }
    return answer;
  }

  private static Role role(CommandApdu command) throws Refusal {
    return switch (command.p2()) {
      case ElementProtocol.PIN_USER -> Role.USER;
      case ElementProtocol.PIN_ADMINISTRATOR -> Role.ADMINISTRATOR;
      default -> throw new Refusal(StatusWord.REFERENCE_NOT_FOUND);
    };
  }

  /** The first of two PINs, each after its length. */
  private static SecretBytes first(byte[] data) throws Refusal {
    return SecretBytes.copyOf(data, 1, firstLength(data));
  }

  private static SecretBytes second(byte[] data) throws Refusal {
    int from = 2 + firstLength(data);
    return SecretBytes.copyOf(data, from, data.length - from);
  }

  private static int firstLength(byte[] data) throws Refusal {
    int first = data.length == 0 ? 0 : data[0] & 0xFF;
    require(data.length >= 2 + first, StatusWord.WRONG_LENGTH);
    require(data.length == 2 + first + (data[1 + first] & 0xFF), StatusWord.WRONG_LENGTH);
    return first;
  }

  private static void require(boolean condition, StatusWord otherwise) throws Refusal {
    if (!condition) {
      throw new Refusal(otherwise);
    }
  }
}
