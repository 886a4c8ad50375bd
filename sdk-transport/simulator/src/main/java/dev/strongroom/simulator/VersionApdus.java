// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.VersionSlot;
import java.nio.ByteBuffer;

/**
 * The commands of version slots as a card takes them, {@code docs/spec/element-protocol.md}, 2.6.
 *
 * <p>Thread safety: confined, as the dispatcher.
 */
final class VersionApdus {

  private static final byte[] NOTHING = {};

  private final ElementChannel channel;

  VersionApdus(ElementChannel channel) {
    this.channel = channel;
  }

  byte[] read(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    requireNoParameters(command);
    if (data.length == 0) {
      return new VersionSlots(channel.versions()).encode();
    }
    Refusal.unless(data.length == ElementProtocol.VOLUME_ID_LENGTH, StatusWord.WRONG_LENGTH);
    // Nothing if there is none: an error would have no MAC, and anybody could answer it.
    return channel.readVersion(Bytes.copyOf(data)).map(VersionApdus::state).orElse(NOTHING);
  }

  private static byte[] state(VersionSlot slot) {
    return ByteBuffer.allocate(ElementProtocol.VERSION_LENGTH)
        .put(slot.root().toByteArray())
        .putLong(slot.counter())
        .array();
  }

  byte[] compareAndSet(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    requireNoParameters(command);
    CommandData in = new CommandData(data);
    VersionSlot expected =
        new VersionSlot(
            in.bytes(ElementProtocol.VOLUME_ID_LENGTH),
            in.bytes(VersionSlot.ROOT_LENGTH),
            in.u64());
    Bytes newRoot = in.bytes(VersionSlot.ROOT_LENGTH);
    in.end();
    long counter = channel.compareAndSetVersion(expected, newRoot).counter();
    return ByteBuffer.allocate(Long.BYTES).putLong(counter).array();
  }

  byte[] release(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    requireNoParameters(command);
    CommandData in = new CommandData(data);
    try (SecretBytes administratorPin = in.pin()) {
      Bytes volume = in.bytes(ElementProtocol.VOLUME_ID_LENGTH);
      in.end();
      channel.releaseVersion(administratorPin, volume);
      return NOTHING;
    }
  }

  private static void requireNoParameters(CommandApdu command) throws Refusal {
    Refusal.unless(command.p1() == 0 && command.p2() == 0, StatusWord.WRONG_P1_P2);
  }
}
