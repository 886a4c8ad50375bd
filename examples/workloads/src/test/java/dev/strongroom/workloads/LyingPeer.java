// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.util.List;

/** Plain files that are not what was written, in one way or another. */
final class LyingPeer implements Peer {

  /** What is wrong. */
  enum Lie {
    NONE,
    OTHER_SECTOR,
    OLD_SECTOR,
    CHANGED_BYTE,
    SHORT_READ,
    LOST_NAME,
    LONGER_FILE
  }

  private final Peer peer;
  private Lie lie = Lie.NONE;

  LyingPeer(Peer peer) {
    this.peer = peer;
  }

  void tell(Lie next) {
    lie = next;
  }

  @Override
  public String name() {
    return "liar";
  }

  @Override
  public ByteBuffer buffer() {
    return peer.buffer();
  }

  @Override
  public OpenedFile open(String name, OpenOption... options) throws IOException {
    return new LyingFile(peer.open(name, options));
  }

  @Override
  public void delete(String name) throws IOException {
    peer.delete(name);
  }

  @Override
  public void createDirectory(String name) throws IOException {
    peer.createDirectory(name);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    List<String> names = peer.list(directory);
    return lie == Lie.LOST_NAME ? names.subList(1, names.size()) : names;
  }

  @Override
  public void settle() throws IOException {
    peer.settle();
  }

  @Override
  public void reopen() throws IOException {
    peer.reopen();
  }

  @Override
  public long hostBytes() throws IOException {
    return peer.hostBytes();
  }

  @Override
  public boolean inProcess() {
    return true;
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }

  private final class LyingFile implements OpenedFile {

    private final OpenedFile file;

    LyingFile(OpenedFile file) {
      this.file = file;
    }

    @Override
    public int read(long position, int length) throws IOException {
      return switch (lie) {
        case OTHER_SECTOR -> file.read(position ^ Content.SECTOR, length);
        case SHORT_READ -> file.read(position, length - 1);
        case LONGER_FILE -> Math.max(1, file.read(position, length));
        case CHANGED_BYTE -> {
          int count = file.read(position, length);
          peer.buffer().put(100, (byte) ~peer.buffer().get(100));
          yield count;
        }
        default -> file.read(position, length);
      };
    }

    @Override
    public void write(long position, int length) throws IOException {
      if (lie != Lie.OLD_SECTOR) {
        file.write(position, length);
      }
    }

    @Override
    public void handOver() throws IOException {
      file.handOver();
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
