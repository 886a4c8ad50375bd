// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.ElementTime;
import java.nio.ByteBuffer;

/**
 * Where a log ended at some time, to be kept by somebody else; {@code docs/spec/audit.md}, section
 * 3.
 *
 * <p>Layout, {@value #LENGTH} bytes: version u8 = 1 | log id 16 | serial number 16 | sequence u64 |
 * MAC 32 | time u32.
 *
 * <p>Thread safety: immutable.
 *
 * @param origin which log
 * @param sequence of its last entry
 * @param mac of its last entry, 32 bytes
 * @param time by the host's clock
 */
public record Checkpoint(AuditOrigin origin, long sequence, Bytes mac, ElementTime time) {

  /** Length of the encoding in bytes. */
  public static final int LENGTH = 77;

  private static final int VERSION = 1;

  /**
   * Checks length and number.
   *
   * @param origin as above
   * @param sequence as above
   * @param mac as above
   * @param time as above
   */
  public Checkpoint {
    if (mac.length() != AuditEntry.MAC_LENGTH || sequence < 1) {
      throw new IllegalArgumentException("a checkpoint has a MAC of 32 bytes, and a number from 1");
    }
  }

  /**
   * The end of a log.
   *
   * @param origin which log
   * @param last its last entry
   * @param time by the host's clock
   * @return the checkpoint
   */
  public static Checkpoint at(AuditOrigin origin, SealedEntry last, ElementTime time) {
    return new Checkpoint(origin, last.sequence(), last.mac(), time);
  }

  /**
   * Has it signed.
   *
   * @param signer the element
   * @return the checkpoint with its signature
   * @throws StrongroomException if the element fails or refuses
   */
  public SignedCheckpoint signedBy(CheckpointSigner signer) throws StrongroomException {
    return new SignedCheckpoint(this, signer.sign(encode()));
  }

  /**
   * Writes the checkpoint.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(LENGTH)
            .put((byte) VERSION)
            .put(origin.logId().toByteArray())
            .put(origin.serialNumber().toByteArray())
            .putLong(sequence)
            .put(mac.toByteArray())
            .putInt((int) time.seconds())
            .array());
  }

  /**
   * Reads a checkpoint.
   *
   * @param encoded {@value #LENGTH} bytes
   * @return the checkpoint
   * @throws IllegalArgumentException if it is malformed
   */
  public static Checkpoint parse(Bytes encoded) {
    if (encoded.length() != LENGTH || encoded.at(0) != VERSION) {
      throw new IllegalArgumentException("a checkpoint has 77 bytes, the first of them 01");
    }
    byte[] all = encoded.toByteArray();
    ByteBuffer in = ByteBuffer.wrap(all);
    return new Checkpoint(
        new AuditOrigin(Bytes.copyOf(all, 1, 16), Bytes.copyOf(all, 17, 16)),
        in.getLong(33),
        Bytes.copyOf(all, 41, AuditEntry.MAC_LENGTH),
        new ElementTime(Integer.toUnsignedLong(in.getInt(73))));
  }
}
