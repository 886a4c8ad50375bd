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
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.Role;
import java.nio.ByteBuffer;

/**
 * The commands of the element application as a card takes them: instruction, parameters and data,
 * decoded and handed to the channel. What moves the bytes is {@link ApduDispatcher}.
 *
 * <p>Thread safety: confined, as its dispatcher.
 */
final class ApduCommands {

  private static final byte[] NOTHING = {};

  /** Control reference template with the key's identifier and version, GPC_SPE_093, 7.5. */
  private static final Bytes CHANNEL_KEY = Bytes.parse("a60483021301");

  private final ElementChannel channel;
  private final VersionApdus versions;
  private final IdentityApdus identity;
  private final TrustApdus trust;
  private final ReceiveApdus receive;
  private final GrubApdus grub;
  private final KeyStoreApdus keyStore;
  private final KeyUseApdus keyUse;
  private final KeyOrderApdus keyOrders;
  private boolean selected;

  ApduCommands(ElementChannel channel) {
    this.channel = channel;
    this.versions = new VersionApdus(channel);
    this.identity = new IdentityApdus(channel);
    this.trust = new TrustApdus(channel);
    this.receive = new ReceiveApdus(channel);
    this.grub = new GrubApdus(channel);
    this.keyStore = new KeyStoreApdus(channel);
    this.keyUse = new KeyUseApdus(channel);
    this.keyOrders = new KeyOrderApdus(channel);
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
        case ElementProtocol.INS_GRUB -> grub.grub(command, data);
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
        case KeyStoreProtocol.INS_CIPHER, KeyStoreProtocol.INS_MAC -> keyUse.text(command, data);
        case KeyStoreProtocol.INS_PRIVATE_KEY,
            KeyStoreProtocol.INS_WRAPPING,
            KeyStoreProtocol.INS_REWRAP ->
            keyUse.whole(command, data);
        case KeyStoreProtocol.INS_BATCH -> keyUse.batch(command, data);
        default -> ofKeyStore(command, data);
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

  /** Records and orders of the key store, which end a text in parts. */
  private byte[] ofKeyStore(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    keyUse.endParts();
    return switch (command.ins()) {
      case KeyStoreProtocol.INS_QUERY -> keyStore.query(command, data);
      case KeyStoreProtocol.INS_MAKE_KEY -> keyStore.make(command, data);
      case KeyStoreProtocol.INS_CHANGE_KEY -> keyStore.change(command, data);
      case KeyStoreProtocol.INS_GROUP -> keyStore.group(command, data);
      case KeyStoreProtocol.INS_ISSUE_ORDER -> keyOrders.issue(command, data);
      case KeyStoreProtocol.INS_APPLY_ORDER -> keyOrders.apply(command, data);
      case KeyStoreProtocol.INS_ORDER_POSITION -> keyOrders.position(command, data);
      case KeyStoreProtocol.INS_CERTIFY -> keyOrders.certify(command, data);
      default -> throw new Refusal(StatusWord.INS_NOT_SUPPORTED);
    };
  }

  /** Forgets a text in parts. */
  void close() {
    keyUse.endParts();
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
