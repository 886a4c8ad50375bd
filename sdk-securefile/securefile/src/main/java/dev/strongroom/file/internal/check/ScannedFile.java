// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Layout;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The committed state of a file that a {@link FileScan} reads.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
public final class ScannedFile {

  /** What is committed but not in place: it lies in the journal or the scratch file. */
  public interface Covered {

    /** Nothing. */
    Covered NOTHING =
        new Covered() {
          @Override
          public byte @Nullable [] page(int level, long index) {
            return null;
          }

          @Override
          public boolean sector(long sector) {
            return false;
          }

          @Override
          public int read(long sector, byte[] target) {
            return 0;
          }
        };

    /**
     * A page of the tree that is newer than the one in place.
     *
     * @param level its level
     * @param index its index
     * @return the page, or null
     */
    byte @Nullable [] page(int level, long index);

    /**
     * Whether a sector is newer than what is in place.
     *
     * @param sector its index
     * @return whether it is
     */
    boolean sector(long sector);

    /**
     * Reads such a sector's ciphertext.
     *
     * @param sector its index
     * @param target takes it
     * @return how many bytes there were
     * @throws IOException if the store fails
     */
    int read(long sector, byte[] target) throws IOException;
  }

  /**
   * Looks a second time at what does not fit, since the file may have changed under the scan; under
   * the locks of its file.
   */
  public interface SecondLook {

    /** For a file that nobody can change: what does not fit is damaged. */
    SecondLook NONE =
        new SecondLook() {
          @Override
          public byte @Nullable [] sector(long sector) {
            return null;
          }

          @Override
          public byte @Nullable [] page(int level, long index) {
            return null;
          }
        };

    /**
     * A sector as its file has it now, read again.
     *
     * @param sector its index
     * @return the clear sector, or null if it is damaged
     * @throws IOException if the store fails
     */
    byte @Nullable [] sector(long sector) throws IOException;

    /**
     * The page as the committed state has it now, read again.
     *
     * @param level its level
     * @param index its index
     * @return the page, or null if it is damaged
     * @throws IOException if the store fails
     */
    byte @Nullable [] page(int level, long index) throws IOException;
  }

  final Bytes uid;
  final int epoch;
  final Layout layout;
  final FileKeys keys;
  final SectorKeys content;
  final long length;
  final byte[] root;
  final byte[] inline;
  final Covered covered;
  final SecondLook second;

  /**
   * Copies what counts of a header.
   *
   * @param header the file's committed header
   * @param keys its keys, which stay open while it is scanned
   * @param content the keys of its sectors, closed by the caller
   * @param covered what is not in place
   * @param second looks again
   */
  public ScannedFile(
      FileHeader header, FileKeys keys, SectorKeys content, Covered covered, SecondLook second) {
    this.keys = keys;
    this.content = content;
    this.covered = covered;
    this.second = second;
    uid = header.uid;
    epoch = header.epoch;
    layout = header.layout();
    length = header.length;
    root = header.root.clone();
    inline = header.inline.clone();
  }

  /**
   * How long its host file is.
   *
   * @return bytes
   */
  public long hostBytes() {
    return layout.hostBytes(layout.sectors(length));
  }
}
