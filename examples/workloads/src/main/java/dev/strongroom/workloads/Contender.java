// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.strongroom.workloads.Peer.OpenedFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A peer that takes part, with what its files should hold.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class Contender implements Closeable {

  /** A file of {@link Scale#largeBytes()}. */
  static final String LARGE = "large";

  /** A directory of {@link Scale#files()} files with a sector each. */
  static final String SMALL = "small";

  /** A directory of {@link Scale#names()} empty files. */
  static final String MANY = "many";

  private static final long ORDER_SEED = 20260102;

  private final Peer peer;
  private final Scale scale;
  private final Content large;
  private final Content small;
  private final int[] randomOrder;
  private final ByteBuffer filler = ByteBuffer.allocate(Content.SECTOR);

  /**
   * Takes a peer without files, and gives it those that all rounds share.
   *
   * @param peer the peer, closed with this
   * @param scale how much work a round is
   * @throws IOException if the peer fails
   */
  public Contender(Peer peer, Scale scale) throws IOException {
    this.peer = peer;
    this.scale = scale;
    large = new Content(peer.name() + ": " + LARGE, 0, scale.largeBytes());
    small = new Content(peer.name() + ": " + SMALL, 1, (long) scale.files() * Content.SECTOR);
    randomOrder = shuffled(large.sectors());
    Content.fill(peer.buffer());
    Content.fill(filler);
    peer.createDirectory(MANY);
    for (int i = 0; i < scale.names(); i++) {
      peer.open(MANY + "/" + longName(i), CREATE_NEW, WRITE).close();
    }
  }

  /**
   * The peer.
   *
   * @return as it was given
   */
  public Peer peer() {
    return peer;
  }

  /**
   * How much work a round is.
   *
   * @return the sizes
   */
  public Scale scale() {
    return scale;
  }

  /**
   * Runs a workload; the workloads of a round go in the order of the enumeration.
   *
   * @param workload what to do
   * @return how long it took
   * @throws IOException if the peer fails, or returns anything but what was written
   */
  public Timing run(Workload workload) throws IOException {
    workload.prepare(this);
    long processor = ProcessorTime.ofProcess();
    long start = System.nanoTime();
    double units = workload.work(this);
    long nanos = System.nanoTime() - start;
    processor = ProcessorTime.ofProcess() - processor;
    workload.cleanUp(this);
    return new Timing(units, nanos, processor);
  }

  /**
   * Reads back, with empty caches, all that should be there, and compares every byte and name.
   *
   * @throws IOException if anything differs
   */
  public void verify() throws IOException {
    peer.reopen();
    try (OpenedFile file = peer.open(LARGE, READ)) {
      for (long at = 0; at < scale.largeBytes(); at += Workload.LARGEST_CALL) {
        requireAll(file.read(at, Workload.LARGEST_CALL) == Workload.LARGEST_CALL, LARGE);
        large.checkAll(peer.buffer(), at, Workload.LARGEST_CALL, filler);
      }
      requireAll(file.read(scale.largeBytes(), 1) <= 0, LARGE);
    }
    Set<String> names = new HashSet<>(peer.list(MANY));
    requireAll(names.size() == scale.names(), MANY);
    for (int i = 0; i < scale.names(); i++) {
      requireAll(names.contains(longName(i)), MANY);
    }
  }

  /**
   * What the host's files hold beyond the content, for a large file with only whole sectors.
   *
   * @return part of the content, such as 0.01; the large file is gone then
   * @throws IOException if the peer fails
   */
  public double spaceBeyondLargeFile() throws IOException {
    peer.reopen();
    long with = peer.hostBytes();
    peer.delete(LARGE);
    peer.reopen();
    return (double) (with - peer.hostBytes()) / scale.largeBytes() - 1;
  }

  /**
   * What the host's files hold for a file with one sector.
   *
   * @return bytes, content included
   * @throws IOException if the peer fails
   */
  public double hostBytesOfSmallFile() throws IOException {
    peer.createDirectory(SMALL);
    peer.reopen();
    long without = peer.hostBytes();
    createFiles();
    peer.settle();
    peer.reopen();
    double bytes = (double) (peer.hostBytes() - without) / scale.files();
    removeFiles();
    return bytes;
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }

  /** Writes new content of sectors of the large file. */
  void write(OpenedFile file, long position, int length) throws IOException {
    large.stamp(peer.buffer(), position, length);
    file.write(position, length);
  }

  /** Reads sectors of the large file. */
  void read(OpenedFile file, long position, int length) throws IOException {
    requireAll(file.read(position, length) == length, LARGE);
    large.check(peer.buffer(), position, length);
  }

  /** All sectors of the large file, each once; not to be changed. */
  int[] randomOrder() {
    return randomOrder;
  }

  void createFiles() throws IOException {
    for (int i = 0; i < scale.files(); i++) {
      try (OpenedFile file = peer.open(SMALL + "/file-" + i, CREATE_NEW, WRITE)) {
        small.stamp(peer.buffer(), (long) i * Content.SECTOR, Content.SECTOR);
        file.write(0, Content.SECTOR);
        file.handOver();
      }
    }
  }

  void readFiles() throws IOException {
    for (int i = 0; i < scale.files(); i++) {
      try (OpenedFile file = peer.open(SMALL + "/file-" + i, READ)) {
        requireAll(file.read(0, Content.SECTOR) == Content.SECTOR, SMALL);
        small.check(peer.buffer(), (long) i * Content.SECTOR, Content.SECTOR);
      }
    }
  }

  void removeFiles() throws IOException {
    for (int i = 0; i < scale.files(); i++) {
      peer.delete(SMALL + "/file-" + i);
    }
    peer.delete(SMALL);
  }

  void requireAll(boolean all, String what) throws IOException {
    if (!all) {
      throw new IOException(peer.name() + ": not all of " + what + " is there");
    }
  }

  private static int[] shuffled(int count) {
    int[] order = new int[count];
    SplittableRandom random = new SplittableRandom(ORDER_SEED);
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  private static String longName(int number) {
    return "a-name-of-usual-length-" + number;
  }
}
