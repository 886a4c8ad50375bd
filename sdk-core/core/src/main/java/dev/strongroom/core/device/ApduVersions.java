// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.transport.FrameException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The commands of version slots as APDUs, {@code docs/spec/element-protocol.md}, 2.6.
 *
 * <p>Thread safety: as the sender.
 */
final class ApduVersions {

  /** Sends a command of a login. */
  interface Sender {
    byte[] send(CommandApdu command) throws StrongroomException;
  }

  private final Sender sender;

  ApduVersions(Sender sender) {
    this.sender = sender;
  }

  Optional<VersionSlot> read(Bytes volume) throws StrongroomException {
    if (volume.length() != ElementProtocol.VOLUME_ID_LENGTH) {
      throw new IllegalArgumentException("a volume id has 16 bytes, not " + volume.length());
    }
    byte[] answer =
        sender.send(
            CommandApdu.of(
                ElementProtocol.CLA_PROPRIETARY,
                ElementProtocol.INS_READ_VERSION,
                0,
                0,
                volume.toByteArray(),
                ElementProtocol.VERSION_LENGTH));
    if (answer.length == 0) {
      return Optional.empty();
    }
    requireLength(answer.length == ElementProtocol.VERSION_LENGTH, answer);
    return Optional.of(slot(volume, answer, 0));
  }

  List<VersionSlot> all() throws StrongroomException {
    byte[] answer =
        sender.send(
            CommandApdu.of(
                ElementProtocol.CLA_PROPRIETARY,
                ElementProtocol.INS_READ_VERSION,
                0,
                0,
                ElementProtocol.MAX_DATA));
    requireLength(answer.length % ElementProtocol.VERSION_SLOT_LENGTH == 0, answer);
    List<VersionSlot> slots = new ArrayList<>();
    for (int at = 0; at < answer.length; at += ElementProtocol.VERSION_SLOT_LENGTH) {
      Bytes volume = Bytes.copyOf(answer, at, ElementProtocol.VOLUME_ID_LENGTH);
      slots.add(slot(volume, answer, at + ElementProtocol.VOLUME_ID_LENGTH));
    }
    return slots;
  }

  VersionSlot compareAndSet(VersionSlot expected, Bytes newRoot) throws StrongroomException {
    VersionSlot next = expected.next(newRoot);
    byte[] data =
        ByteBuffer.allocate(ElementProtocol.COMPARE_AND_SET_LENGTH)
            .put(expected.volume().toByteArray())
            .put(expected.root().toByteArray())
            .putLong(expected.counter())
            .put(newRoot.toByteArray())
            .array();
    byte[] answer;
    try {
      answer =
          sender.send(
              CommandApdu.of(
                  ElementProtocol.CLA_PROPRIETARY,
                  ElementProtocol.INS_COMPARE_AND_SET_VERSION,
                  0,
                  0,
                  data,
                  Long.BYTES));
    } catch (ConditionsNotSatisfiedException e) {
      throw new VersionMismatchException(expected, null);
    }
    requireLength(answer.length == Long.BYTES, answer);
    if (ByteBuffer.wrap(answer).getLong() != next.counter()) {
      throw new FrameException("the version slot has moved by more than one step");
    }
    return next;
  }

  private static VersionSlot slot(Bytes volume, byte[] answer, int at) {
    return new VersionSlot(
        volume,
        Bytes.copyOf(answer, at, VersionSlot.ROOT_LENGTH),
        ByteBuffer.wrap(answer).getLong(at + VersionSlot.ROOT_LENGTH));
  }

  private static void requireLength(boolean right, byte[] answer) throws FrameException {
    if (!right) {
      throw new FrameException(answer.length + " bytes are no version slots");
    }
  }
}
