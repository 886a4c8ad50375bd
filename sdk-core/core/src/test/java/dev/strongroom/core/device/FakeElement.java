// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.transport.InProcessElement;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportLimits;
import java.util.List;
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
      return new ElementInfo(majorVersion, 0, Bytes.copyOf(new byte[16]), Set.of(), 4, 8, "fake");
    }

    @Override
    public ElementStatus status() {
      return new ElementStatus(true, 3, 3, 0);
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
    public void close() {
      closedChannels.incrementAndGet();
    }
  }
}
