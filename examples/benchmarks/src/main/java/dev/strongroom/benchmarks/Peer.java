// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.OpenOption;

/** A way to keep files, with one directory of them. */
interface Peer extends Closeable {

  /** Its name in the tables. */
  String name();

  /** Opens a file by the options of {@code java.nio.file}. */
  PeerFile open(String name, OpenOption... options) throws IOException;

  /** Removes a file. */
  void delete(String name) throws IOException;

  /** Makes a directory. */
  void createDirectory(String name) throws IOException;

  /** Counts the names in a directory, having read each. */
  int list(String directory) throws IOException;

  /** Empties the caches of its own; the operating system's stay warm. */
  void reopen() throws IOException;

  /** An open file; all files of a peer share a buffer, of the kind that suits it best. */
  interface PeerFile extends Closeable {

    /** Reads up to {@code length} bytes at a position into the buffer. */
    int read(long position, int length) throws IOException;

    /** Writes {@code length} bytes of the buffer at a position. */
    void write(long position, int length) throws IOException;

    /** Hands over what was written, so that it outlives the process. */
    void publish() throws IOException;

    /** Makes what was written durable. */
    void force() throws IOException;
  }
}
