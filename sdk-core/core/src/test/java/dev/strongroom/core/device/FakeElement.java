// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.core.transport.InProcessElement;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportLimits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An element that accepts every PIN and gives zeros; it counts what it is asked. */
final class FakeElement implements InProcessElement {

  private final AtomicInteger closedChannels = new AtomicInteger();
  private final AtomicInteger verifications = new AtomicInteger();
  private volatile int majorVersion = ElementProtocol.MAJOR_VERSION;
  private volatile Runnable onRandom = () -> {};

  int closedChannels() {
    return closedChannels.get();
  }

  int verifications() {
    return verifications.get();
  }

  void setMajorVersion(int version) {
    majorVersion = version;
  }

  void onRandom(Runnable action) {
    onRandom = action;
  }

  @Override
  public ElementCommands openChannel() {
    return new Channel();
  }

  @Override
  public Atr powerOn() {
    return Atr.parse("3B00");
  }

  @Override
  public byte[] transmit(byte[] command) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void powerOff() {}

  @Override
  public TransportLimits limits() {
    return TransportLimits.SHORT;
  }

  @Override
  public LostAnswer lostAnswer() {
    return LostAnswer.NOT_EXECUTED;
  }

  @Override
  public boolean leavesProcess() {
    return false;
  }

  @Override
  public boolean isPresent() {
    return true;
  }

  @Override
  public void listen(Consumer<TransportEvent> listener) {}

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public void close() {}

  private final class Channel implements ElementCommands {

    @Override
    public ElementInfo select() {
      return new ElementInfo(
          majorVersion,
          0,
          Bytes.copyOf(new byte[16]),
          Set.of(),
          4,
          8,
          0,
          ElementClass.UNKNOWN,
          Set.of(),
          Set.of(),
          "fake");
    }

    @Override
    public ElementStatus status() {
      return new ElementStatus(LifeCycle.INITIALIZED, 3, 3, 0);
    }

    @Override
    public ChannelCertificate channelCertificate() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void initialize(SecretBytes userPin, SecretBytes administratorPin) {}

    @Override
    public void verify(Role role, SecretBytes pin) {
      verifications.incrementAndGet();
    }

    @Override
    public void changePin(Role role, SecretBytes oldPin, SecretBytes newPin) {}

    @Override
    public void resetRetryCounter(SecretBytes administratorPin, SecretBytes newUserPin) {}

    @Override
    public byte[] challenge(int length) {
      onRandom.run();
      return new byte[length];
    }

    @Override
    public List<Grub> grub(Bytes volume, List<GrubRequest> requests) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<SecretBytes> pageGrub(Bytes volume, GrubRequest file, long firstPage, int count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void initializeTwin(SecretBytes userPin, SecretBytes administratorPin) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void wipe(SecretBytes administratorPin) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void wipeBlocked() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<VersionSlot> readVersion(Bytes volume) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<VersionSlot> versions() {
      throw new UnsupportedOperationException();
    }

    @Override
    public VersionSlot compareAndSetVersion(VersionSlot expected, Bytes newRoot) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void releaseVersion(SecretBytes administratorPin, Bytes volume) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ElementIdentity identity() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ElementCard card() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Bytes sign(SignaturePurpose purpose, Bytes digest) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Attestation attest(Bytes challenge) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SecretBytes hpkeExport(
        HpkeSuite suite, Bytes enc, Bytes info, Bytes exporterContext, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SecretBytes hpkeOpen(
        HpkeSuite suite, Bytes enc, Bytes info, Bytes aad, Bytes ciphertext) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SecretBytes beginReceive(
        HpkeSuite suite, ReceiveId id, Bytes enc, Bytes info, Bytes exporterContext, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void endReceive(ReceiveId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReceiveRegister receiveRegister() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void forgetSender(SecretBytes administratorPin, Bytes sender) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<TrustAnchor> trustAnchor() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setTrustAnchor(SecretBytes administratorPin, TrustAnchor anchor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void updateTrustAnchor(TrustAnchorUpdate update) {
      throw new UnsupportedOperationException();
    }

    @Override
    public WrappedSecret exportSecret(
        SecretBytes administratorPin, SecretKind kind, Bytes challenge, Peer receiver) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Bytes importChallenge(SecretKind kind) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void importSecret(SecretBytes administratorPin, Peer sender, WrappedSecret secret) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      closedChannels.incrementAndGet();
    }
  }

  @Override
  public Transport exposed() {
    throw new UnsupportedOperationException();
  }
}
