// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.util.List;

/**
 * A way to keep files, with one level of directories.
 *
 * <p>Thread safety: confined to one thread.
 */
public interface Peer extends Closeable {

  /**
   * Its name in tables.
   *
   * @return such as {@code plain files}
   */
  String name();

  /**
   * What its files read into and write from, of the kind that suits it best.
   *
   * @return one buffer of {@link Workload#LARGEST_CALL} bytes, shared by all its files
   */
  ByteBuffer buffer();

  /**
   * Opens a file.
   *
   * @param name the file
   * @param options those of {@code java.nio.file}
   * @return the open file
   * @throws IOException if that fails
   */
  OpenedFile open(String name, OpenOption... options) throws IOException;

  /**
   * Removes a file or an empty directory.
   *
   * @param name which
   * @throws IOException if that fails
   */
  void delete(String name) throws IOException;

  /**
   * Makes a directory.
   *
   * @param name which
   * @throws IOException if that fails
   */
  void createDirectory(String name) throws IOException;

  /**
   * Lists a directory.
   *
   * @param directory which
   * @return the names in it
   * @throws IOException if that fails
   */
  List<String> list(String directory) throws IOException;

  /**
   * Lets all that was written and closed outlive the process, if it does not yet.
   *
   * @throws IOException if that fails
   */
  void settle() throws IOException;

  /**
   * Empties the caches of its own; the operating system's stay warm.
   *
   * @throws IOException if that fails
   */
  void reopen() throws IOException;

  /**
   * How much its host files hold; what is pre-allocated counts.
   *
   * @return bytes
   * @throws IOException if that fails
   */
  long hostBytes() throws IOException;

  /**
   * Whether the work is done by this process, so that its processor time can be read.
   *
   * @return false where another process does some of it
   */
  boolean inProcess();

  /** An open file. */
  interface OpenedFile extends Closeable {

    /**
     * Reads into the beginning of the peer's buffer.
     *
     * @param position where in the file
     * @param length how many bytes
     * @return how many were read; fewer only at the end of the file
     * @throws IOException if that fails
     */
    int read(long position, int length) throws IOException;

    /**
     * Writes the beginning of the peer's buffer.
     *
     * @param position where in the file
     * @param length how many bytes
     * @throws IOException if that fails
     */
    void write(long position, int length) throws IOException;

    /**
     * Lets what was written outlive the process, where a call does that for one file; elsewhere a
     * write or close does it, or {@link Peer#settle()}.
     *
     * @throws IOException if that fails
     */
    void handOver() throws IOException;

    /**
     * Makes what was written durable.
     *
     * @throws IOException if that fails
     */
    void force() throws IOException;
  }
}
