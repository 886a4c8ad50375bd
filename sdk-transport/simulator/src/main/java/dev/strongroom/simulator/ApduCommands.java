// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands of the element application as a card takes them: instruction, parameters and data,
 * decoded and handed to the channel. What moves the bytes is {@link ApduDispatcher}.
 *
 * <p>Thread safety: confined, as its dispatcher.
 */
final class ApduCommands {

  private static final byte[] NOTHING = {};
  private static final Bytes NO_RND = Bytes.copyOf(new byte[GrubRequest.RND_LENGTH]);

  /** Control reference template with the key's identifier and version, GPC_SPE_093, 7.5. */
  private static final Bytes CHANNEL_KEY = Bytes.parse("a60483021301");

  private final ElementChannel channel;
  private final VersionApdus versions;
  private final IdentityApdus identity;
  private final TrustApdus trust;
  private final ReceiveApdus receive;
  private boolean selected;

  ApduCommands(ElementChannel channel) {
    this.channel = channel;
    this.versions = new VersionApdus(channel);
    this.identity = new IdentityApdus(channel);
    this.trust = new TrustApdus(channel);
    this.receive = new ReceiveApdus(channel);
  }

  /**
   * Executes a whole command; gives the data of its answer, which the caller zeroes.
   *
   * @param receipt of the secure channel in which it came, zeros outside
   */
  byte[] execute(CommandApdu command, byte[] data, Bytes receipt)
      throws Refusal, StrongroomException {
    boolean proprietary = (command.cla() & ElementProtocol.CLA_PROPRIETARY) != 0;
    if (!proprietary && command.ins() == ElementProtocol.INS_SELECT) {
      return select(command, data);
    }
    requireSelected();
    if (proprietary) {
      return switch (command.ins()) {
        case ElementProtocol.INS_GET_DATA -> channelCertificate(command, data);
        case ElementProtocol.INS_INITIALIZE -> initialize(command, data);
        case ElementProtocol.INS_WIPE -> wipe(command, data);
        case ElementProtocol.INS_GRUB -> grub(command, data);
        case ElementProtocol.INS_READ_VERSION -> versions.read(command, data);
        case ElementProtocol.INS_COMPARE_AND_SET_VERSION -> versions.compareAndSet(command, data);
        case ElementProtocol.INS_RELEASE_VERSION -> versions.release(command, data);
        case ElementProtocol.INS_SIGN -> identity.sign(command, data);
        case ElementProtocol.INS_ATTEST -> identity.attest(command, data, receipt);
        case ElementProtocol.INS_HPKE -> identity.hpke(command, data);
        case ElementProtocol.INS_TRUST_ANCHOR -> trust.change(command, data);
        case ElementProtocol.INS_EXPORT_SECRET -> trust.export(command, data);
        case ElementProtocol.INS_IMPORT_SECRET -> trust.importSecret(command, data);
        case ElementProtocol.INS_RECEIVE -> receive.receive(command, data);
        case ElementProtocol.INS_FORGET_SENDER -> receive.forget(command, data);
        default -> throw new Refusal(StatusWord.INS_NOT_SUPPORTED);
      };
    }
    return switch (command.ins()) {
      case ElementProtocol.INS_GET_DATA -> getData(command);
      case ElementProtocol.INS_VERIFY -> verify(command, data);
      case ElementProtocol.INS_CHANGE_REFERENCE_DATA -> changeReferenceData(command, data);
      case ElementProtocol.INS_RESET_RETRY_COUNTER -> resetRetryCounter(command, data);
      case ElementProtocol.INS_GET_CHALLENGE -> getChallenge(command, data);
      default -> throw new Refusal(StatusWord.INS_NOT_SUPPORTED);
    };
  }

  void requireSelected() throws Refusal {
    Refusal.unless(selected, StatusWord.INS_NOT_SUPPORTED);
  }

  private byte[] select(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    Refusal.unless(command.p1() == 0x04 && command.p2() == 0x00, StatusWord.WRONG_P1_P2);
    Refusal.unless(Bytes.copyOf(data).equals(ElementProtocol.AID.bytes()), StatusWord.NOT_FOUND);
    if (channel.isLoggedIn()) {
      channel.logout();
    }
    byte[] answer = ElementProtocol.encodeInfo(channel.select());
    selected = true;
    return answer;
  }

  private byte[] getData(CommandApdu command) throws Refusal, StrongroomException {
    Refusal.unless(command.p1() == ElementProtocol.P1_APPLICATION_DATA, StatusWord.WRONG_P1_P2);
    return switch (command.p2()) {
      case ElementProtocol.P2_INFO -> ElementProtocol.encodeInfo(channel.select());
      case ElementProtocol.P2_STATUS -> ElementProtocol.encodeStatus(channel.status());
      case ElementProtocol.P2_IDENTITY -> identity.certificates();
      case ElementProtocol.P2_TRUST_ANCHOR -> trust.anchor();
      case ElementProtocol.P2_CARD -> identity.card();
      default -> throw new Refusal(StatusWord.REFERENCE_NOT_FOUND);
    };
  }

  /** The certificate of the only key that there is, whether it is asked for by name or not. */
  private byte[] channelCertificate(CommandApdu command, byte[] data)
      throws Refusal, StrongroomException {
    Refusal.unless(
        command.p1() == ChannelCertificate.P1 && command.p2() == ChannelCertificate.P2,
        StatusWord.REFERENCE_NOT_FOUND);
    Refusal.unless(
        data.length == 0 || CHANNEL_KEY.equals(Bytes.copyOf(data)), StatusWord.WRONG_DATA);
    return channel.signedChannelCertificate().toByteArray();
  }

  private byte[] initialize(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
    try (SecretBytes user = first(data);
        SecretBytes administrator = second(data)) {
      switch (command.p1()) {
        case ElementProtocol.P1_OWN_KEYS -> channel.initialize(user, administrator);
        case ElementProtocol.P1_TWIN -> channel.initializeTwin(user, administrator);
        default -> throw new Refusal(StatusWord.WRONG_P1_P2);
      }
    }
    return NOTHING;
  }

  private byte[] wipe(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    Refusal.unless(command.p1() == 0 && command.p2() == 0, StatusWord.WRONG_P1_P2);
    if (data.length == 0) {
      channel.wipeBlocked();
      return NOTHING;
    }
    try (SecretBytes administratorPin = SecretBytes.copyOf(data)) {
      channel.wipe(administratorPin);
    }
    return NOTHING;
  }

  private byte[] verify(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    Role role = role(command);
    if (command.p1() == ElementProtocol.P1_LOGOUT) {
      Refusal.unless(data.length == 0, StatusWord.WRONG_LENGTH);
      channel.logout();
      return NOTHING;
    }
    Refusal.unless(command.p1() == 0, StatusWord.WRONG_P1_P2);
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
    Refusal.unless(command.p1() == 0, StatusWord.WRONG_P1_P2);
    Role role = role(command);
    try (SecretBytes oldPin = first(data);
        SecretBytes newPin = second(data)) {
      channel.changePin(role, oldPin, newPin);
    }
    return NOTHING;
  }

  private byte[] resetRetryCounter(CommandApdu command, byte[] data)
      throws Refusal, StrongroomException {
    Refusal.unless(command.p1() == 0, StatusWord.WRONG_P1_P2);
    Refusal.unless(role(command) == Role.USER, StatusWord.REFERENCE_NOT_FOUND);
    try (SecretBytes administratorPin = first(data);
        SecretBytes newUserPin = second(data)) {
      channel.resetRetryCounter(administratorPin, newUserPin);
    }
    return NOTHING;
  }

  private byte[] getChallenge(CommandApdu command, byte[] data)
      throws Refusal, StrongroomException {
    Refusal.unless(command.p1() == 0 && command.p2() == 0, StatusWord.WRONG_P1_P2);
    Refusal.unless(data.length == 0 || data.length == Short.BYTES, StatusWord.WRONG_LENGTH);
    int length = data.length == 0 ? command.expected() : ByteBuffer.wrap(data).getShort() & 0xFFFF;
    Refusal.unless(
        length >= 1 && length <= ElementProtocol.MAX_RANDOM,
        data.length == 0 ? StatusWord.WRONG_LENGTH : StatusWord.WRONG_DATA);
    return channel.challenge(length);
  }

  private byte[] grub(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    boolean wrappedPages =
        command.p1() == ElementProtocol.P1_PAGE_SCOPE && command.p2() == ElementProtocol.P2_WRAPPED;
    Refusal.unless(!wrappedPages, StatusWord.FUNCTION_NOT_SUPPORTED);
    Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
    return switch (command.p1()) {
      case ElementProtocol.P1_FILE_SCOPE -> fileKeys(data);
      case ElementProtocol.P1_PAGE_SCOPE -> pageKeys(data);
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    };
  }

  private byte[] fileKeys(byte[] data) throws Refusal, StrongroomException {
    int items = data.length - ElementProtocol.VOLUME_ID_LENGTH;
    int count = items / ElementProtocol.ITEM_LENGTH;
    Refusal.unless(items > 0, StatusWord.WRONG_LENGTH);
    List<GrubRequest> requests = new ArrayList<>(count);
    for (int at = ElementProtocol.VOLUME_ID_LENGTH;
        at < data.length;
        at += ElementProtocol.ITEM_LENGTH) {
      Refusal.unless(
          data.length - at >= ElementProtocol.ITEM_LENGTH
              && requests.size() < ElementProtocol.MAX_BATCH,
          StatusWord.WRONG_LENGTH);
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
        Refusal.unless(rnd.equals(NO_RND), StatusWord.WRONG_DATA);
        yield new GrubRequest(uid, null, epoch);
      }
      case ElementProtocol.ITEM_WRAPPED, ElementProtocol.ITEM_NEW_WRAPPED ->
          throw new Refusal(StatusWord.FUNCTION_NOT_SUPPORTED);
      default -> throw new Refusal(StatusWord.WRONG_DATA);
    };
  }

  private byte[] pageKeys(byte[] data) throws Refusal, StrongroomException {
    Refusal.unless(data.length == ElementProtocol.PAGE_REQUEST_LENGTH, StatusWord.WRONG_LENGTH);
    ByteBuffer in = ByteBuffer.wrap(data);
    long first = in.getLong(52);
    int count = in.getShort(60) & 0xFFFF;
    Refusal.unless(
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
    Refusal.unless(data.length >= 2 + first, StatusWord.WRONG_LENGTH);
    Refusal.unless(data.length == 2 + first + (data[1 + first] & 0xFF), StatusWord.WRONG_LENGTH);
    return first;
  }
}
