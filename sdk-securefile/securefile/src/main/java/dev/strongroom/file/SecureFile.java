// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.device.ElementSession;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** SIGNATURES ONLY, engine being written. */
public final class SecureFile implements Closeable {

  /** Opens a file of the small volume in a directory (made when absent and CREATE is given). */
  public static SecureFile open(ElementSession session, Path directory, String name, OpenOption... options) throws IOException { throw new IOException(); }

  /** At the position; -1 at the end; moves the position. */
  public int read(byte[] target, int offset, int length) throws IOException { throw new IOException(); }
  public int read(byte[] target) throws IOException { throw new IOException(); }
  public int read(ByteBuffer target) throws IOException { throw new IOException(); }
  public void write(byte[] source, int offset, int length) throws IOException { throw new IOException(); }
  public void write(byte[] source) throws IOException { throw new IOException(); }
  public int write(ByteBuffer source) throws IOException { throw new IOException(); }
  /** Positional; the file's position is neither used nor moved. */
  public int pread(long position, byte[] target, int offset, int length) throws IOException { throw new IOException(); }
  public void pwrite(long position, byte[] source, int offset, int length) throws IOException { throw new IOException(); }
  public long position() throws IOException { throw new IOException(); }
  /** Any position from 0, also beyond the end. */
  public void seek(long position) throws IOException { throw new IOException(); }
  public long size() throws IOException { throw new IOException(); }
  /** Cuts or grows (by a hole that reads as zeros). */
  public void truncate(long size) throws IOException { throw new IOException(); }
  /** Publishes changes atomically; in TRANSACTION mode the only way. Not durable by itself. */
  public void commit() throws IOException { throw new IOException(); }
  /** Commits and makes durable (one fdatasync). In TRANSACTION mode: durability of what was committed. */
  public void sync() throws IOException { throw new IOException(); }
  public SecureFileAttributes attributes() throws IOException { throw new IOException(); }
  public boolean isOpen() { return false; }
  @Override
  public void close() throws IOException {}
}
