// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.KeyOrderCommands;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.KeyUseCommands;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.UnsupportedCapabilityException;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.core.transport.InProcessElement;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts element commands, the design figure, and beside them the APDUs that carried them.
 *
 * <p>A command is one call or one command APDU; the links of a chain but the last, GET RESPONSE and
 * MANAGE CHANNEL are APDUs without being commands. Closing a channel on which somebody was logged
 * in is a command (the end of the login). Around an element in this process no APDUs are seen, and
 * around any other transport the two may differ.
 *
 * <p>Thread safety: thread-safe as far as the transport is.
 */
public abstract class CountingTransport extends ForwardingTransport {

  private final AtomicLong commands = new AtomicLong();
  private final AtomicLong apdus = new AtomicLong();

  private CountingTransport(Transport inner) {
    super(inner);
  }

  /**
   * Wraps a transport.
   *
   * @param transport closed with the result
   * @return a transport that counts, in process if the other is
   */
  public static CountingTransport around(Transport transport) {
    return transport instanceof InProcessElement element
        ? new InProcess(element)
        : new ByApdu(transport);
  }

  /**
   * How many element commands there were.
   *
   * @return the count since the start or the last {@link #reset()}
   */
  public final long commands() {
    return commands.get();
  }

  /**
   * How many APDUs there were.
   *
   * @return the count since the start or the last {@link #reset()}
   */
  public final long apdus() {
    return apdus.get();
  }

  /** Counts from zero again. */
  public final void reset() {
    commands.set(0);
    apdus.set(0);
  }

  @Override
  public final byte[] transmit(byte[] command) throws TransportException {
    apdus.incrementAndGet();
    try (CommandApdu apdu = CommandApdu.parse(command)) {
      boolean link = (apdu.cla() & ElementProtocol.CLA_CHAINING) != 0;
      if (!link
          && apdu.ins() != ElementProtocol.INS_GET_RESPONSE
          && apdu.ins() != ElementProtocol.INS_MANAGE_CHANNEL) {
        commands.incrementAndGet();
      }
    }
    return super.transmit(command);
  }

  private static final class ByApdu extends CountingTransport {

    ByApdu(Transport inner) {
      super(inner);
    }
  }

  private static final class InProcess extends CountingTransport implements InProcessElement {

    private final InProcessElement element;

    InProcess(InProcessElement element) {
      super(element);
      this.element = element;
    }

    @Override
    public ElementCommands openChannel() throws StrongroomException {
      return new Channel(element.openChannel(), super.commands);
    }

    @Override
    public Transport exposed() {
      return around(element.exposed());
    }
  }

  private static final class Channel implements ElementCommands {

    private final ElementCommands inner;
    private final AtomicLong count;
    private final AtomicBoolean loggedIn = new AtomicBoolean();

    Channel(ElementCommands inner, AtomicLong count) {
      this.inner = inner;
      this.count = count;
    }

    @Override
    public ElementInfo select() throws StrongroomException {
      count.incrementAndGet();
      return inner.select();
    }

    @Override
    public ElementStatus status() throws StrongroomException {
      count.incrementAndGet();
      return inner.status();
    }

    @Override
    public ChannelCertificate channelCertificate() throws StrongroomException {
      count.incrementAndGet();
      return inner.channelCertificate();
    }

    @Override
    public KeyStoreCommands keyStore() throws UnsupportedCapabilityException {
      return inner.keyStore();
    }

    @Override
    public KeyUseCommands keyUse() throws UnsupportedCapabilityException {
      return inner.keyUse();
    }

    @Override
    public KeyOrderCommands keyOrders() throws UnsupportedCapabilityException {
      return inner.keyOrders();
    }

    @Override
    public void initialize(SecretBytes userPin, SecretBytes administratorPin)
        throws StrongroomException {
      count.incrementAndGet();
      inner.initialize(userPin, administratorPin);
    }

    @Override
    public void verify(Role role, SecretBytes pin) throws StrongroomException {
      count.incrementAndGet();
      inner.verify(role, pin);
      loggedIn.compareAndSet(false, role == Role.USER);
    }

    @Override
    public void changePin(Role role, SecretBytes oldPin, SecretBytes newPin)
        throws StrongroomException {
      count.incrementAndGet();
      inner.changePin(role, oldPin, newPin);
    }

    @Override
    public void resetRetryCounter(SecretBytes administratorPin, SecretBytes newUserPin)
        throws StrongroomException {
      count.incrementAndGet();
      inner.resetRetryCounter(administratorPin, newUserPin);
    }

    @Override
    public byte[] challenge(int length) throws StrongroomException {
      count.incrementAndGet();
      return inner.challenge(length);
    }

    @Override
    public List<Grub> grub(Bytes volume, List<GrubRequest> requests) throws StrongroomException {
      count.incrementAndGet();
      return inner.grub(volume, requests);
    }

    @Override
    public List<SecretBytes> pageGrub(Bytes volume, GrubRequest file, long firstPage, int pages)
        throws StrongroomException {
      count.incrementAndGet();
      return inner.pageGrub(volume, file, firstPage, pages);
    }

    @Override
    public void initializeTwin(SecretBytes userPin, SecretBytes administratorPin)
        throws StrongroomException {
      count.incrementAndGet();
      inner.initializeTwin(userPin, administratorPin);
    }

    @Override
    public void wipe(SecretBytes administratorPin) throws StrongroomException {
      count.incrementAndGet();
      inner.wipe(administratorPin);
    }

    @Override
    public void wipeBlocked() throws StrongroomException {
      count.incrementAndGet();
      inner.wipeBlocked();
    }

    @Override
    public Optional<VersionSlot> readVersion(Bytes volume) throws StrongroomException {
      count.incrementAndGet();
      return inner.readVersion(volume);
    }

    @Override
    public List<VersionSlot> versions() throws StrongroomException {
      count.incrementAndGet();
      return inner.versions();
    }

    @Override
    public VersionSlot compareAndSetVersion(VersionSlot expected, Bytes newRoot)
        throws StrongroomException {
      count.incrementAndGet();
      return inner.compareAndSetVersion(expected, newRoot);
    }

    @Override
    public void releaseVersion(SecretBytes administratorPin, Bytes volume)
        throws StrongroomException {
      count.incrementAndGet();
      inner.releaseVersion(administratorPin, volume);
    }

    @Override
    public ElementIdentity identity() throws StrongroomException {
      count.incrementAndGet();
      return inner.identity();
    }

    @Override
    public ElementCard card() throws StrongroomException {
      count.incrementAndGet();
      return inner.card();
    }

    @Override
    public Bytes sign(SignaturePurpose purpose, Bytes digest) throws StrongroomException {
      count.incrementAndGet();
      return inner.sign(purpose, digest);
    }

    @Override
    public Attestation attest(Bytes challenge) throws StrongroomException {
      count.incrementAndGet();
      return inner.attest(challenge);
    }

    @Override
    public SecretBytes hpkeExport(
        HpkeSuite suite, Bytes enc, Bytes info, Bytes exporterContext, int length)
        throws StrongroomException {
      count.incrementAndGet();
      return inner.hpkeExport(suite, enc, info, exporterContext, length);
    }

    @Override
    public SecretBytes hpkeOpen(HpkeSuite suite, Bytes enc, Bytes info, Bytes aad, Bytes ciphertext)
        throws StrongroomException {
      count.incrementAndGet();
      return inner.hpkeOpen(suite, enc, info, aad, ciphertext);
    }

    @Override
    public SecretBytes beginReceive(
        HpkeSuite suite, ReceiveId id, Bytes enc, Bytes info, Bytes exporterContext, int length)
        throws StrongroomException {
      count.incrementAndGet();
      return inner.beginReceive(suite, id, enc, info, exporterContext, length);
    }

    @Override
    public void endReceive(ReceiveId id) throws StrongroomException {
      count.incrementAndGet();
      inner.endReceive(id);
    }

    @Override
    public ReceiveRegister receiveRegister() throws StrongroomException {
      count.incrementAndGet();
      return inner.receiveRegister();
    }

    @Override
    public void forgetSender(SecretBytes administratorPin, Bytes sender)
        throws StrongroomException {
      count.incrementAndGet();
      inner.forgetSender(administratorPin, sender);
    }

    @Override
    public Optional<TrustAnchor> trustAnchor() throws StrongroomException {
      count.incrementAndGet();
      return inner.trustAnchor();
    }

    @Override
    public void setTrustAnchor(SecretBytes administratorPin, TrustAnchor anchor)
        throws StrongroomException {
      count.incrementAndGet();
      inner.setTrustAnchor(administratorPin, anchor);
    }

    @Override
    public void updateTrustAnchor(TrustAnchorUpdate update) throws StrongroomException {
      count.incrementAndGet();
      inner.updateTrustAnchor(update);
    }

    @Override
    public WrappedSecret exportSecret(
        SecretBytes administratorPin, SecretKind kind, Bytes challenge, Peer receiver)
        throws StrongroomException {
      count.incrementAndGet();
      return inner.exportSecret(administratorPin, kind, challenge, receiver);
    }

    @Override
    public Bytes importChallenge(SecretKind kind) throws StrongroomException {
      count.incrementAndGet();
      return inner.importChallenge(kind);
    }

    @Override
    public void importSecret(SecretBytes administratorPin, Peer sender, WrappedSecret secret)
        throws StrongroomException {
      count.incrementAndGet();
      inner.importSecret(administratorPin, sender, secret);
    }

    @Override
    public void close() {
      if (loggedIn.compareAndSet(true, false)) {
        count.incrementAndGet();
      }
      inner.close();
    }
  }
}
