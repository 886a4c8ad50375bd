// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.internal.crypto.MacKey;
import java.nio.ByteBuffer;

/**
 * Which state of a volume file this is: how often it has changed, and its signature. The ledger
 * names the one that it was made beside.
 *
 * <p>Byte table: {@code docs/spec/secure-file-format.md}, sections "Volume file" and "Ledger".
 *
 * @param revision u64, from 1 on
 * @param signature of a copy, 32 bytes
 *     <p>Thread safety: immutable.
 */
public record VolumeFileState(long revision, Bytes signature) {

  /** Length where the ledger names it: revision u64 | signature 32. */
  public static final int BYTES = Long.BYTES + MacKey.LENGTH;

  /**
   * The state of a copy of the volume file.
   *
   * @param copy 4096 bytes
   * @return its revision and signature
   */
  public static VolumeFileState of(byte[] copy) {
    return new VolumeFileState(
        ByteBuffer.wrap(copy).getLong(VolumeFile.REVISION),
        Bytes.copyOf(copy, VolumeFile.BYTES - MacKey.LENGTH, MacKey.LENGTH));
  }

  /**
   * Reads what the ledger says.
   *
   * @param from an array
   * @param at where it stands, {@value #BYTES} bytes
   * @return revision and signature
   */
  public static VolumeFileState read(byte[] from, int at) {
    return new VolumeFileState(
        ByteBuffer.wrap(from).getLong(at), Bytes.copyOf(from, at + Long.BYTES, MacKey.LENGTH));
  }

  /**
   * Writes what the ledger says.
   *
   * @param into an array
   * @param at where it is to stand, {@value #BYTES} bytes
   */
  public void write(byte[] into, int at) {
    ByteBuffer.wrap(into).putLong(at, revision);
    signature.copyTo(into, at + Long.BYTES);
  }
}
