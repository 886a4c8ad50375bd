// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store around another one that fails where it is told to, and counts what passes.
 *
 * <p>A failing write leaves its first half, cut to whole 512-byte pieces, in the store underneath.
 * A failed sync reaches a {@link RecordingStore} underneath, so that the crash states know it;
 * {@link FaultPlan.Fault#SYNC_LOSES} takes the data back from any store.
 *
 * <p>Thread safety: thread-safe.
 */
public final class FaultyStore implements Store {

  private final Store store;
  private final Map<String, Map<StoreOperation, Long>> counts = new TreeMap<>();
  private final Map<String, Map<StoreOperation, Long>> bytes = new TreeMap<>();
  private final UnsyncedWrites unsynced = new UnsyncedWrites();
  private @Nullable FaultPlan plan;
  private long covered;
  private long struck;

  /**
   * Wraps a store; nothing fails until a plan is armed.
   *
   * @param store the store underneath
   */
  public FaultyStore(Store store) {
    this.store = store;
  }

  /**
   * Fails by a plan from now on, instead of an earlier one.
   *
   * @param plan what fails
   */
  public synchronized void arm(FaultPlan plan) {
    this.plan = plan;
    if (plan.fault() == FaultPlan.Fault.SYNC_LOSES) {
      unsynced.remember();
    }
    covered = 0;
    struck = 0;
  }

  /** Lets everything pass from now on. */
  public synchronized void disarm() {
    plan = null;
  }

  /**
   * How many operations failed by the last plan.
   *
   * @return the number
   */
  public synchronized long struck() {
    return struck;
  }

  /**
   * How many operations the last plan looked at, failed or not.
   *
   * @return the number
   */
  public synchronized long covered() {
    return covered;
  }

  /**
   * What passed so far, and what was tried in vain.
   *
   * @return the counters at this moment
   */
  public synchronized StoreCounters counters() {
    return new StoreCounters(copy(counts), copy(bytes));
  }

  private static Map<String, Map<StoreOperation, Long>> copy(
      Map<String, Map<StoreOperation, Long>> table) {
    Map<String, Map<StoreOperation, Long>> copy = new TreeMap<>();
    table.forEach((name, row) -> copy.put(name, new EnumMap<>(row)));
    return copy;
  }

  @Override
  public StoreFile open(String name, Access access) throws IOException {
    boolean created = access == Access.CREATE && !store.exists(name);
    strike(created ? StoreOperation.CREATE : StoreOperation.OPEN, name, 0);
    return new FaultyFile(name, store.open(name, access));
  }

  @Override
  public boolean exists(String name) throws IOException {
    return store.exists(name);
  }

  @Override
  public void createDirectory(String name) throws IOException {
    strike(StoreOperation.CREATE_DIRECTORY, name, 0);
    store.createDirectory(name);
  }

  @Override
  public void move(String from, String to) throws IOException {
    strike(StoreOperation.MOVE, from, 0);
    store.move(from, to);
    unsynced.moved(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    strike(StoreOperation.DELETE, name, 0);
    store.delete(name);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    strike(StoreOperation.LIST, directory, 0);
    return store.list(directory);
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    if (strike(StoreOperation.SYNC_DIRECTORY, directory, 0) == null) {
      store.syncDirectory(directory);
    }
  }

  @Override
  public long usableSpace() throws IOException {
    return store.usableSpace();
  }

  @Override
  public long totalSpace() throws IOException {
    return store.totalSpace();
  }

  @Override
  public AutoCloseable lock(LockMode mode) throws IOException {
    return store.lock(mode);
  }

  @Override
  public String toString() {
    return "faulty " + store;
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  /**
   * Counts an operation; throws when it is to fail, and returns the fault when it is to be skipped.
   */
  private FaultPlan.@Nullable Fault strike(StoreOperation operation, String name, int length)
      throws IOException {
    FaultPlan.Fault fault = count(operation, name, length);
    if (fault == null || fault == FaultPlan.Fault.SYNC_SKIPPED) {
      return fault;
    }
    throw failure(fault, operation, name, length);
  }

  private synchronized FaultPlan.@Nullable Fault count(
      StoreOperation operation, String name, int length) {
    add(counts, operation, name, 1);
    if (length > 0) {
      add(bytes, operation, name, length);
    }
    if (plan == null || !plan.covers(operation, name) || !plan.strikes(++covered)) {
      return null;
    }
    struck++;
    return plan.fault();
  }

  private static void add(
      Map<String, Map<StoreOperation, Long>> table,
      StoreOperation operation,
      String name,
      long more) {
    table
        .computeIfAbsent(name, n -> new EnumMap<>(StoreOperation.class))
        .merge(operation, more, Long::sum);
  }

  private IOException failure(
      FaultPlan.Fault fault, StoreOperation operation, String name, int length) {
    return switch (fault) {
      case NO_SPACE -> new NoSpaceException(store.toString(), length, 0, null);
      case READ_ONLY -> new AccessDeniedException(name, null, "the medium is read-only");
      default -> new IOException("injected error: " + operation + " of \"" + name + "\"");
    };
  }

  private final class FaultyFile implements StoreFile {

    private final String name;
    private final StoreFile file;
    private final UnsyncedWrites.Pending pending;

    FaultyFile(String name, StoreFile file) {
      this.name = name;
      this.file = file;
      pending = unsynced.of(name);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
      strike(StoreOperation.READ, name, length);
      return file.read(position, target, offset, length);
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
      FaultPlan.Fault fault = count(StoreOperation.WRITE, name, length);
      if (fault != null) {
        if (fault != FaultPlan.Fault.READ_ONLY) {
          int half = length / 2 / PendingDisk.PIECE * PendingDisk.PIECE;
          pending.beforeWrite(file, position, half);
          file.write(position, source, offset, half);
        }
        throw failure(fault, StoreOperation.WRITE, name, length);
      }
      pending.beforeWrite(file, position, length);
      file.write(position, source, offset, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      strike(StoreOperation.TRUNCATE, name, 0);
      pending.beforeTruncate(file, size);
      file.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      FaultPlan.Fault fault = count(StoreOperation.SYNC, name, 0);
      if (fault == null) {
        file.sync();
        pending.synced();
      } else if (fault != FaultPlan.Fault.SYNC_SKIPPED) {
        if (file instanceof LosesSync loses) {
          loses.syncFailed();
        }
        if (fault == FaultPlan.Fault.SYNC_LOSES) {
          pending.drop(file);
        }
        throw failure(fault, StoreOperation.SYNC, name, 0);
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
