// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A directory opened for reading, of which only {@link #force} is of use: it makes the names in it
 * durable, as an fsync of a directory does on Linux.
 *
 * <p>Thread safety: thread-safe.
 */
final class DirectoryChannel extends FileChannel {

  private final VolumeFileSystem fileSystem;
  private final VolumePath path;

  DirectoryChannel(VolumeFileSystem fileSystem, VolumePath path) throws IOException {
    this.fileSystem = fileSystem;
    this.path = path;
    fileSystem.opened(this);
  }

  private void requireOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private IOException isDirectory() throws ClosedChannelException {
    requireOpen();
    return new IOException("Is a directory");
  }

  private NonWritableChannelException notWritable() throws ClosedChannelException {
    requireOpen();
    return new NonWritableChannelException();
  }

  @Override
  public void force(boolean metaData) throws IOException {
    requireOpen();
    fileSystem.volume().syncNames();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    throw isDirectory();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    throw isDirectory();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    throw isDirectory();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    throw notWritable();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    throw notWritable();
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    throw notWritable();
  }

  @Override
  public long position() throws IOException {
    requireOpen();
    return 0;
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    throw isDirectory();
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return path.stat().size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    throw notWritable();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    throw isDirectory();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    throw notWritable();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    throw isDirectory();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    throw isDirectory();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    throw isDirectory();
  }

  @Override
  protected void implCloseChannel() {
    fileSystem.closed(this);
  }
}
