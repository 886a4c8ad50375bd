// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.testkit.PendingDisk.DataOp;
import dev.strongroom.file.testkit.PendingDisk.Fate;
import dev.strongroom.file.testkit.PendingDisk.Garbage;
import dev.strongroom.file.testkit.PendingDisk.Op;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The disks that a crash could leave behind at any moment of a log.
 *
 * <p>Which states there are says the {@link CrashModel}; the same log, model and seed give the same
 * states with the same numbers.
 *
 * <p>Thread safety: immutable.
 */
public final class CrashStates {

  /** More prefixes and single losses than this are thinned out evenly. */
  private static final int EVERY = 64;

  private final StoreLog log;
  private final CrashModel model;
  private final long seed;
  private final long only;
  private final int oneOf;

  /** Checks a disk. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Looks at one disk.
     *
     * @param image the disk, which the visitor may change
     * @throws Exception if something is wrong with it
     */
    void visit(CrashImage image) throws Exception;
  }

  private CrashStates(StoreLog log, CrashModel model, long seed, long only, int oneOf) {
    this.log = log;
    this.model = model;
    this.seed = seed;
    this.only = only;
    this.oneOf = oneOf;
  }

  /**
   * All states of a log.
   *
   * @param log what was done to the disk
   * @param model what a crash may do
   * @param seed where samples, tears and garbage come from
   * @return the states
   */
  public static CrashStates of(StoreLog log, CrashModel model, long seed) {
    return new CrashStates(log, model, seed, -1, 1);
  }

  /**
   * Just one state, to see a failure again.
   *
   * @param number its number
   * @return that state
   */
  public CrashStates only(long number) {
    return new CrashStates(log, model, seed, number, 1);
  }

  /**
   * A random part of the states, drawn by the seed.
   *
   * @param n on average one of so many is taken
   * @return fewer states, with their old numbers
   */
  public CrashStates oneOf(int n) {
    return new CrashStates(log, model, seed, only, n);
  }

  /**
   * Visits the states in order.
   *
   * @param visitor looks at each
   * @return how many were visited
   * @throws AssertionError if the visitor throws anything; the message has the seed and the state's
   *     number and description, the cause is what was thrown
   */
  public long forEach(Visitor visitor) {
    Walk walk = new Walk(visitor);
    walk.run();
    return walk.visited;
  }

  private final class Walk {

    private final Visitor visitor;
    private final PendingDisk disk = new PendingDisk(log.base(), model.names());
    private final List<Object> marks = new ArrayList<>();
    private long next;
    private long visited;
    private int position;

    Walk(Visitor visitor) {
      this.visitor = visitor;
    }

    void run() {
      int start = 0;
      boolean news = true;
      for (StoreEvent event : log.events()) {
        boolean sync =
            event instanceof StoreEvent.Synced || event instanceof StoreEvent.DirectorySynced;
        if (sync && news) {
          window(start);
        }
        disk.add(event);
        position++;
        if (sync) {
          start = position;
          news = false;
        } else {
          if (event instanceof StoreEvent.Marked marked) {
            marks.add(marked.mark());
          }
          news = true;
        }
      }
      window(start);
    }

    private void window(int start) {
      List<Op> pending = disk.pending();
      int older = (int) pending.stream().filter(op -> op.index < start).count();
      int size = pending.size();
      int fresh = size - older;
      Set<BitSet> seen = new HashSet<>();
      if (size <= model.exhaustive()) {
        for (long mask = 0; mask < 1L << size; mask++) {
          whole(pending, BitSet.valueOf(new long[] {mask}), seen);
        }
      } else {
        int step = size / EVERY + 1;
        for (int i = 0; i < size; i += step) {
          whole(pending, prefix(i), seen);
        }
        whole(pending, prefix(size), seen);
        for (int i = older; i < size; i += step) {
          BitSet kept = prefix(size);
          kept.clear(i);
          whole(pending, kept, seen);
        }
        Random random = random(next);
        if (fresh <= model.exhaustive()) {
          for (long mask = 0; mask < 1L << fresh; mask++) {
            BitSet kept = anyOf(older, random);
            for (int i = 0; i < fresh; i++) {
              kept.set(older + i, (mask >> i & 1) != 0);
            }
            whole(pending, kept, seen);
          }
        } else {
          for (int i = 0; i < model.samples(); i++) {
            whole(pending, anyOf(size, random), seen);
          }
        }
      }
      torn(pending, older);
      garbage(pending);
    }

    private void whole(List<Op> pending, BitSet kept, Set<BitSet> seen) {
      if (seen.add(kept)) {
        visit(pending, fates(pending, kept), List.of(), "");
      }
    }

    private void torn(List<Op> pending, int older) {
      List<Integer> writes = writes(pending, older);
      int pieces = 0;
      for (int i : writes) {
        pieces = Math.min(1 << 20, pieces + ((DataOp) pending.get(i)).pieces());
      }
      if (pieces > 0 && pieces < 20 && 1 << pieces <= model.torn()) {
        Random random = random(next);
        for (long mask = 0; mask < 1L << pieces; mask++) {
          List<Fate> fates = fates(pending, prefix(pending.size()));
          long rest = mask;
          for (int i : writes) {
            int own = ((DataOp) pending.get(i)).pieces();
            BitSet bits = BitSet.valueOf(new long[] {rest & ((1L << own) - 1)});
            fates.set(i, new Fate(true, bits, mask == 0 || random.nextBoolean()));
            rest >>= own;
          }
          visit(pending, fates, List.of(), "torn");
        }
        return;
      }
      List<Integer> all = writes.isEmpty() ? writes(pending, 0) : writes;
      if (all.isEmpty()) {
        return;
      }
      Random random = random(next);
      for (int n = 0; n < model.torn(); n++) {
        int target = all.get(random.nextInt(all.size()));
        BitSet kept = anyOf(pending.size(), random);
        List<Fate> fates = fates(pending, kept);
        int own = ((DataOp) pending.get(target)).pieces();
        BitSet bits = new BitSet();
        switch (random.nextInt(4)) {
          case 0 -> bits.set(0, random.nextInt(own + 1));
          case 1 -> bits.set(random.nextInt(own), own);
          case 2 -> bits.set(random.nextInt(own));
          default -> {
            for (int i = 0; i < own; i++) {
              bits.set(i, random.nextBoolean());
            }
          }
        }
        fates.set(target, new Fate(true, bits, random.nextBoolean()));
        visit(pending, fates, List.of(), "torn " + target + " to pieces " + bits);
      }
    }

    private void garbage(List<Op> pending) {
      List<Integer> writes = writes(pending, 0);
      if (writes.isEmpty()) {
        return;
      }
      Random random = random(~next);
      for (int n = 0; n < model.garbage(); n++) {
        DataOp op = (DataOp) pending.get(writes.get(random.nextInt(writes.size())));
        byte[] bytes = op.bytes == null ? new byte[1] : op.bytes;
        long block = (op.position + random.nextInt(bytes.length)) / FileContent.BLOCK;
        Garbage spot = new Garbage(op.file, block, random.nextLong());
        BitSet kept = anyOf(pending.size(), random);
        visit(
            pending,
            fates(pending, kept),
            List.of(spot),
            "garbage in block " + block + " by " + op.event);
      }
    }

    private List<Integer> writes(List<Op> pending, int from) {
      List<Integer> writes = new ArrayList<>();
      for (int i = from; i < pending.size(); i++) {
        if (pending.get(i) instanceof DataOp op && op.bytes != null) {
          writes.add(i);
        }
      }
      return writes;
    }

    private void visit(List<Op> pending, List<Fate> fates, List<Garbage> garbage, String what) {
      long number = next++;
      if (only >= 0 ? number != only : oneOf > 1 && random(number).nextInt(oneOf) != 0) {
        return;
      }
      visited++;
      MemoryStore store =
          disk.image(
              op -> {
                int index =
                    Collections.binarySearch(
                        pending, op, java.util.Comparator.comparingInt(o -> o.index));
                return fates.get(index);
              },
              garbage);
      StringBuilder text = new StringBuilder("after event " + position);
      for (int i = 0; i < pending.size(); i++) {
        Op op = pending.get(i);
        if (!fates.get(i).isWhole()) {
          text.append(fates.get(i).kept() ? "; torn " : "; lost ");
          text.append(op.index).append(' ').append(op.event);
        }
      }
      text.append(what.isEmpty() ? "" : "; ").append(what);
      CrashImage image = new CrashImage(number, store, List.copyOf(marks), text.toString());
      try {
        visitor.visit(image);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ", " + image + ": " + e, e);
      }
    }

    private List<Fate> fates(List<Op> pending, BitSet kept) {
      List<Fate> fates = new ArrayList<>(pending.size());
      for (int i = 0; i < pending.size(); i++) {
        fates.add(kept.get(i) ? PendingDisk.WHOLE : PendingDisk.DROPPED);
      }
      return fates;
    }

    private BitSet prefix(int length) {
      BitSet bits = new BitSet();
      bits.set(0, length);
      return bits;
    }

    /** All, none, a prefix, or any of so many. */
    private BitSet anyOf(int size, Random random) {
      BitSet bits = new BitSet();
      switch (random.nextInt(4)) {
        case 0 -> bits.set(0, size);
        case 1 -> bits.set(0, random.nextInt(size + 1));
        case 2 -> {
          int permille = random.nextInt(1000);
          for (int i = 0; i < size; i++) {
            bits.set(i, random.nextInt(1000) < permille);
          }
        }
        default -> {
          for (int i = 0; i < size; i++) {
            bits.set(i, random.nextBoolean());
          }
        }
      }
      return bits;
    }

    private Random random(long number) {
      return new Random((seed * 0x9E3779B97F4A7C15L + number) * 0xBF58476D1CE4E5B9L);
    }
  }
}
