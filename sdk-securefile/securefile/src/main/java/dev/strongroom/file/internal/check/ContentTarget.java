// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import java.io.IOException;

/**
 * Where a check that copies puts what it reads.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
public interface ContentTarget {

  /** Takes nothing. */
  ContentTarget NONE =
      new ContentTarget() {
        @Override
        public FileTarget file(String path, FileHeader header) {
          return FileTarget.NONE;
        }

        @Override
        public FileTarget directory(String path, FileHeader header) {
          return FileTarget.NONE;
        }
      };

  /**
   * Begins a file.
   *
   * @param path its path in the volume
   * @param header its committed header
   * @return takes its content
   * @throws IOException if it cannot be taken
   */
  FileTarget file(String path, FileHeader header) throws IOException;

  /**
   * Makes a directory, if only for its name.
   *
   * @param path its path in the volume
   * @param header its committed header
   * @return takes its attributes
   * @throws IOException if it cannot be made
   */
  FileTarget directory(String path, FileHeader header) throws IOException;

  /** Whether it takes files that are not in the state that the ledger names, too. */
  default boolean takesNotCurrent() {
    return false;
  }

  /** Takes the content and user attributes of one file, or the attributes of a directory. */
  interface FileTarget extends AutoCloseable {

    /** Takes nothing. */
    FileTarget NONE =
        new FileTarget() {
          @Override
          public void content(long position, byte[] clear, int offset, int length) {
            // nothing is copied
          }

          @Override
          public void attributes(UserAttributeSet attributes) {
            // nothing is copied
          }

          @Override
          public void close() {
            // nothing was opened
          }
        };

    /**
     * Takes a part of it.
     *
     * @param position where it lies in the file
     * @param clear the array; zeroed after the call
     * @param offset where it begins
     * @param length how many bytes
     * @throws IOException if it cannot be taken
     */
    void content(long position, byte[] clear, int offset, int length) throws IOException;

    /**
     * Takes its user attributes.
     *
     * @param attributes all of them; erased after the call
     * @throws IOException if they cannot be taken
     */
    void attributes(UserAttributeSet attributes) throws IOException;

    @Override
    void close() throws IOException;
  }
}
