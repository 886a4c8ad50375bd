// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.transport.FrameException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The element's commands as APDUs, byte by byte as in {@code docs/spec/element-protocol.md}.
 *
 * <p>Thread safety: thread-safe.
 */
final class ApduElementCommands implements ElementCommands {

  private final ApduElement element;
  private final ApduVersions versions;
  private final ApduIdentity identity;
  private final ApduSecrets secrets;
  private final ApduReceive receive;
  private final ApduKeyStore keyStore;
  private final ApduKeyUse keyUse;
  private final ApduKeyOrders keyOrders;
  private @Nullable Conversation login; // guarded by this
  private boolean closed; // guarded by this

  ApduElementCommands(ApduElement element) {
    this.element = element;
    this.versions = new ApduVersions(this::sendLoggedIn);
    this.identity = new ApduIdentity(this::sendLoggedIn);
    this.secrets = new ApduSecrets(this::sendLoggedIn);
    this.receive = new ApduReceive(this::sendLoggedIn);
    KeyChannel channel =
        new KeyChannel() {
          @Override
          public byte[] send(CommandApdu command, Role role) throws StrongroomException {
            return sendLoggedIn(command, role);
          }

          @Override
          public void alone(Exchange exchange) throws StrongroomException {
            element.alone(exchange);
          }
        };
    this.keyStore = new ApduKeyStore(channel);
    this.keyUse = new ApduKeyUse(channel, keyStore);
    this.keyOrders = new ApduKeyOrders(channel, keyStore);
  }

  @Override
  public ElementInfo select() throws StrongroomException {
    requireOpen();
    return element.describe();
  }

  @Override
  public ElementStatus status() throws StrongroomException {
    requireOpen();
    byte[] answer = sendOnOwnChannel(ElementProtocol.getData(ElementProtocol.P2_STATUS));
    try {
      return ElementProtocol.parseStatus(answer);
    } catch (IllegalArgumentException e) {
      throw new FrameException("the status is malformed", e);
    }
  }

  @Override
  public ChannelCertificate channelCertificate() throws StrongroomException {
    requireOpen();
    return element.certificate();
  }

  @Override
  public void initialize(SecretBytes userPin, SecretBytes administratorPin)
      throws StrongroomException {
    initialize(ElementProtocol.P1_OWN_KEYS, userPin, administratorPin);
  }

  @Override
  public void initializeTwin(SecretBytes userPin, SecretBytes administratorPin)
      throws StrongroomException {
    initialize(ElementProtocol.P1_TWIN, userPin, administratorPin);
  }

  private void initialize(int p1, SecretBytes userPin, SecretBytes administratorPin)
      throws StrongroomException {
    requireOpen();
    Role.USER.requirePinFormat(userPin);
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    element.send(
        SecretData.command(
            ElementProtocol.INS_INITIALIZE, p1, 0, pair(userPin, administratorPin), 0),
        Role.USER);
  }

  @Override
  public void wipe(SecretBytes administratorPin) throws StrongroomException {
    requireOpen();
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    sendForAdministrator(
        SecretData.command(ElementProtocol.INS_WIPE, 0, 0, pinAlone(administratorPin), 0));
  }

  @Override
  public void wipeBlocked() throws StrongroomException {
    requireOpen();
    sendForAdministrator(
        CommandApdu.of(ElementProtocol.CLA_PROPRIETARY, ElementProtocol.INS_WIPE, 0, 0, 0));
  }

  @Override
  public void verify(Role role, SecretBytes pin) throws StrongroomException {
    requireOpen();
    role.requirePinFormat(pin);
    CommandApdu verify =
        secret(
            ElementProtocol.CLA_ISO,
            ElementProtocol.INS_VERIFY,
            ElementProtocol.pinReference(role),
            pinAlone(pin));
    Conversation verified = element.login(verify, role);
    Conversation earlier;
    boolean abandoned;
    synchronized (this) {
      earlier = login;
      abandoned = closed;
      login = closed ? null : verified;
    }
    if (earlier != null) {
      element.logout(earlier);
    }
    if (abandoned) {
      element.logout(verified);
    }
  }

  @Override
  public void changePin(Role role, SecretBytes oldPin, SecretBytes newPin)
      throws StrongroomException {
    requireOpen();
    role.requirePinFormat(oldPin);
    role.requirePinFormat(newPin);
    element.send(
        secret(
            ElementProtocol.CLA_ISO,
            ElementProtocol.INS_CHANGE_REFERENCE_DATA,
            ElementProtocol.pinReference(role),
            pair(oldPin, newPin)),
        role);
  }

  @Override
  public void resetRetryCounter(SecretBytes administratorPin, SecretBytes newUserPin)
      throws StrongroomException {
    requireOpen();
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    Role.USER.requirePinFormat(newUserPin);
    element.send(
        secret(
            ElementProtocol.CLA_ISO,
            ElementProtocol.INS_RESET_RETRY_COUNTER,
            ElementProtocol.PIN_USER,
            pair(administratorPin, newUserPin)),
        Role.ADMINISTRATOR);
  }

  @Override
  public byte[] challenge(int length) throws StrongroomException {
    requireOpen();
    if (length < 1 || length > ElementProtocol.MAX_RANDOM) {
      throw new IllegalArgumentException("1 to 7168 random bytes, not " + length);
    }
    // In the data, because a protected command's Ne is the length of the protected answer.
    byte[] count = {(byte) (length >>> 8), (byte) length};
    CommandApdu command =
        CommandApdu.of(
            ElementProtocol.CLA_ISO, ElementProtocol.INS_GET_CHALLENGE, 0, 0, count, length);
    byte[] answer = sendOnOwnChannel(command);
    requireLength(answer, length);
    return answer;
  }

  @Override
  public List<Grub> grub(Bytes volume, List<GrubRequest> requests) throws StrongroomException {
    requireOpen();
    int count = requests.size();
    if (count < 1 || count > ElementProtocol.MAX_BATCH) {
      throw new IllegalArgumentException("1 to 64 requests, not " + count);
    }
    GrubItems items = new GrubItems(requests);
    byte[] data = items.encode(volume(volume));
    byte[] answer =
        sendGrub(
            CommandApdu.of(
                ElementProtocol.CLA_PROPRIETARY,
                ElementProtocol.INS_GRUB,
                ElementProtocol.P1_FILE_SCOPE,
                0,
                data,
                items.answerLength()),
            requests);
    try {
      return items.decode(answer);
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  @Override
  public List<SecretBytes> pageGrub(Bytes volume, GrubRequest file, long firstPage, int count)
      throws StrongroomException {
    requireOpen();
    Bytes rnd = file.rnd();
    if (rnd == null) {
      throw new IllegalArgumentException("a file has its RND before its pages have keys");
    }
    if (count < 1 || count > ElementProtocol.MAX_BATCH) {
      throw new IllegalArgumentException("1 to 64 pages, not " + count);
    }
    if (firstPage < 0 || firstPage > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException("pages count from 0 to 2^63-1, not " + firstPage);
    }
    byte[] data = GrubItems.encodePages(volume(volume), file, firstPage, count);
    byte[] answer =
        sendGrub(
            CommandApdu.of(
                ElementProtocol.CLA_PROPRIETARY,
                ElementProtocol.INS_GRUB,
                ElementProtocol.P1_PAGE_SCOPE,
                file.fileKey() == null ? 0 : ElementProtocol.P2_WRAPPED,
                data,
                count * ElementProtocol.PAGE_KEY_LENGTH),
            List.of(file));
    try {
      requireLength(answer, count * ElementProtocol.PAGE_KEY_LENGTH);
      List<SecretBytes> keys = new ArrayList<>(count);
      for (int i = 0; i < answer.length; i += ElementProtocol.PAGE_KEY_LENGTH) {
        keys.add(SecretBytes.copyOf(answer, i, ElementProtocol.PAGE_KEY_LENGTH));
      }
      return keys;
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  private byte[] sendGrub(CommandApdu command, List<GrubRequest> requests)
      throws StrongroomException {
    try {
      return sendLoggedIn(command);
    } catch (StatusWordException e) {
      List<KeyId> managed =
          requests.stream()
              .map(GrubRequest::fileKey)
              .filter(Objects::nonNull)
              .map(key -> new KeyId(key.keyId()))
              .distinct()
              .toList();
      if (managed.isEmpty()) {
        throw e;
      }
      throw e.status().equals(StatusWord.WRONG_DATA)
          ? new DecryptionFailedException()
          : keyStore.missing(managed, e);
    }
  }

  @Override
  public Optional<VersionSlot> readVersion(Bytes volume) throws StrongroomException {
    requireOpen();
    return versions.read(volume);
  }

  @Override
  public List<VersionSlot> versions() throws StrongroomException {
    requireOpen();
    return versions.all();
  }

  @Override
  public VersionSlot compareAndSetVersion(VersionSlot expected, Bytes newRoot)
      throws StrongroomException {
    requireOpen();
    return versions.compareAndSet(expected, newRoot);
  }

  @Override
  public void releaseVersion(SecretBytes administratorPin, Bytes volume)
      throws StrongroomException {
    requireOpen();
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    try {
      sendForAdministrator(
          SecretData.command(
              ElementProtocol.INS_RELEASE_VERSION,
              0,
              0,
              new SecretData().pin(administratorPin).bytes(volume(volume)).take(),
              0));
    } catch (StatusWordException e) {
      throw e.status().equals(StatusWord.REFERENCE_NOT_FOUND)
          ? new VersionSlotNotFoundException(volume)
          : e;
    }
  }

  @Override
  public ElementIdentity identity() throws StrongroomException {
    requireOpen();
    return ApduIdentity.parse(
        element.send(getData(ElementProtocol.P2_IDENTITY), Role.USER),
        "the certificates are malformed",
        ElementIdentity::parse);
  }

  @Override
  public ElementCard card() throws StrongroomException {
    requireOpen();
    return ApduIdentity.parse(
        element.send(getData(ElementProtocol.P2_CARD), Role.USER),
        "the card is malformed",
        ElementCard::parse);
  }

  @Override
  public Bytes sign(SignaturePurpose purpose, Bytes digest) throws StrongroomException {
    requireOpen();
    return identity.sign(purpose, digest);
  }

  @Override
  public Attestation attest(Bytes challenge) throws StrongroomException {
    requireOpen();
    return identity.attest(challenge);
  }

  @Override
  public SecretBytes hpkeExport(
      HpkeSuite suite, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException {
    requireOpen();
    return identity.hpkeExport(suite, enc, info, exporterContext, length);
  }

  @Override
  public SecretBytes hpkeOpen(HpkeSuite suite, Bytes enc, Bytes info, Bytes aad, Bytes ciphertext)
      throws StrongroomException {
    requireOpen();
    return identity.hpkeOpen(suite, enc, info, aad, ciphertext);
  }

  @Override
  public SecretBytes beginReceive(
      HpkeSuite suite, ReceiveId id, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException {
    requireOpen();
    return receive.begin(suite, id, enc, info, exporterContext, length);
  }

  @Override
  public void endReceive(ReceiveId id) throws StrongroomException {
    requireOpen();
    receive.end(id);
  }

  @Override
  public ReceiveRegister receiveRegister() throws StrongroomException {
    requireOpen();
    return receive.register();
  }

  @Override
  public void forgetSender(SecretBytes administratorPin, Bytes sender) throws StrongroomException {
    requireOpen();
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    ReceiveId.requireSender(sender);
    try {
      sendForAdministrator(
          SecretData.command(
              ElementProtocol.INS_FORGET_SENDER,
              0,
              0,
              new SecretData().pin(administratorPin).bytes(sender).take(),
              0));
    } catch (StatusWordException e) {
      throw e.status().equals(StatusWord.REFERENCE_NOT_FOUND)
          ? new ReceiveNotFoundException(sender)
          : e;
    }
  }

  @Override
  public Optional<TrustAnchor> trustAnchor() throws StrongroomException {
    requireOpen();
    byte[] answer = element.send(getData(ElementProtocol.P2_TRUST_ANCHOR), Role.USER);
    return answer.length == 0
        ? Optional.empty()
        : Optional.of(
            ApduIdentity.parse(answer, "the trust anchor is malformed", TrustAnchor::parse));
  }

  @Override
  public void setTrustAnchor(SecretBytes administratorPin, TrustAnchor anchor)
      throws StrongroomException {
    requireOpen();
    Role.ADMINISTRATOR.requirePinFormat(administratorPin);
    sendForAdministrator(
        SecretData.command(
            ElementProtocol.INS_TRUST_ANCHOR,
            ElementProtocol.P1_SET_ANCHOR,
            0,
            new SecretData().pin(administratorPin).bytes(anchor.encode()).take(),
            0));
  }

  @Override
  public void updateTrustAnchor(TrustAnchorUpdate update) throws StrongroomException {
    requireOpen();
    secrets.updateTrustAnchor(update);
  }

  @Override
  public WrappedSecret exportSecret(
      SecretBytes administratorPin, SecretKind kind, Bytes challenge, Peer receiver)
      throws StrongroomException {
    requireOpen();
    return secrets.export(administratorPin, kind, challenge, receiver);
  }

  @Override
  public Bytes importChallenge(SecretKind kind) throws StrongroomException {
    requireOpen();
    return secrets.importChallenge(kind);
  }

  @Override
  public void importSecret(SecretBytes administratorPin, Peer sender, WrappedSecret secret)
      throws StrongroomException {
    requireOpen();
    secrets.importSecret(administratorPin, sender, secret);
  }

  @Override
  public KeyStoreCommands keyStore() {
    requireOpen();
    return keyStore;
  }

  @Override
  public KeyUseCommands keyUse() {
    requireOpen();
    return keyUse;
  }

  @Override
  public KeyOrderCommands keyOrders() {
    requireOpen();
    return keyOrders;
  }

  @Override
  public void close() {
    Conversation last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = login;
      login = null;
    }
    if (last != null) {
      element.logout(last);
    }
  }

  /** Sends what needs no login, but in its secure channel if there is one. */
  private byte[] sendOnOwnChannel(CommandApdu command) throws StrongroomException {
    Conversation mine;
    synchronized (this) {
      mine = login;
    }
    return mine == null ? element.send(command, Role.USER) : element.send(command, Role.USER, mine);
  }

  private byte[] sendLoggedIn(CommandApdu command) throws StrongroomException {
    return sendLoggedIn(command, Role.USER);
  }

  /** Sends a command of this session's login; {@code role} is whose PIN it carries, if any. */
  private byte[] sendLoggedIn(CommandApdu command, Role role) throws StrongroomException {
    Conversation mine;
    synchronized (this) {
      mine = login;
    }
    if (mine == null) {
      // Another session's login on the shared channel is not this one's.
      command.close();
      throw new SecurityStatusException(command.ins());
    }
    return element.send(command, role, mine);
  }

  private void sendForAdministrator(CommandApdu command) throws StrongroomException {
    element.send(command, Role.ADMINISTRATOR);
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the channel to the element is closed");
    }
  }

  private static void requireLength(byte[] answer, int expected) throws FrameException {
    if (answer.length != expected) {
      throw new FrameException(answer.length + " bytes instead of " + expected);
    }
  }

  private static Bytes volume(Bytes volume) {
    if (volume.length() != ElementProtocol.VOLUME_ID_LENGTH) {
      throw new IllegalArgumentException("a volume id has 16 bytes, not " + volume.length());
    }
    return volume;
  }

  /** Two PINs, each after its length. */
  private static byte[] pair(SecretBytes first, SecretBytes second) {
    byte[] data = new byte[2 + first.length() + second.length()];
    data[0] = (byte) first.length();
    first.copyTo(data, 1);
    data[1 + first.length()] = (byte) second.length();
    second.copyTo(data, 2 + first.length());
    return data;
  }

  private static byte[] pinAlone(SecretBytes pin) {
    byte[] data = new byte[pin.length()];
    pin.copyTo(data, 0);
    return data;
  }

  private static CommandApdu getData(int p2) {
    return CommandApdu.of(
        ElementProtocol.CLA_ISO,
        ElementProtocol.INS_GET_DATA,
        ElementProtocol.P1_APPLICATION_DATA,
        p2,
        ElementProtocol.MAX_DATA);
  }

  private static CommandApdu secret(int cla, int ins, int p2, byte[] data) {
    try {
      return CommandApdu.of(cla, ins, 0, p2, data, 0);
    } finally {
      Arrays.fill(data, (byte) 0);
    }
  }
}
