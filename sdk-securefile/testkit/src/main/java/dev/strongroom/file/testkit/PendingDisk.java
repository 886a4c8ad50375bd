// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A disk with what is durable on it, and the changes that are pending: the crash model of the
 * package documentation.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PendingDisk {

  /** Unit in which a write is torn, in bytes. */
  static final int PIECE = 512;

  static final Fate WHOLE = new Fate(true, null, true);
  static final Fate DROPPED = new Fate(false, null, false);

  /**
   * What becomes of a pending change.
   *
   * @param kept whether anything of it survives
   * @param pieces which 512-byte pieces of a write survive, null when all do
   * @param length whether the length that a write gave to its file survives
   */
  record Fate(boolean kept, @Nullable BitSet pieces, boolean length) {
    boolean isWhole() {
      return kept && pieces == null;
    }
  }

  /**
   * A block that turned into garbage.
   *
   * @param file the file's number
   * @param block index of the 4 KiB block
   * @param seed where its random bytes come from
   */
  record Garbage(long file, long block, long seed) {}

  /** A change that may still be lost. */
  abstract static class Op {
    final int index;
    final StoreEvent event;
    boolean durable;

    Op(int index, StoreEvent event) {
      this.index = index;
      this.event = event;
    }
  }

  /** A write, or a truncate when there are no bytes. */
  static final class DataOp extends Op {
    final long file;
    final long position;
    final byte @Nullable [] bytes;
    boolean undecided;

    DataOp(int index, StoreEvent event, long file, long position, byte @Nullable [] bytes) {
      super(index, event);
      this.file = file;
      this.position = position;
      this.bytes = bytes;
    }

    int pieces() {
      if (bytes == null) {
        return 0;
      }
      long last = (position + bytes.length - 1) / PIECE;
      return (int) (last - position / PIECE + 1);
    }

    void applyTo(FileContent content, Fate fate) {
      if (!fate.kept) {
        return;
      }
      if (bytes == null) {
        content.truncate(position);
        return;
      }
      BitSet pieces = fate.pieces;
      if (pieces == null) {
        content.write(position, bytes, 0, bytes.length);
        return;
      }
      long end = position + bytes.length;
      for (int i = pieces.nextSetBit(0); i >= 0; i = pieces.nextSetBit(i + 1)) {
        long first = position / PIECE + i;
        long from = Math.max(position, first * PIECE);
        long to = Math.min(end, (first + 1) * PIECE);
        content.write(from, bytes, (int) (from - position), (int) (to - from));
      }
      if (fate.length && content.size() < end) {
        content.truncate(end);
      }
    }
  }

  /** A change of names. */
  static final class NameOp extends Op {
    final long node;
    final Set<Long> unsynced = new HashSet<>();

    NameOp(int index, StoreEvent event, long node, long... parents) {
      super(index, event);
      this.node = node;
      for (long parent : parents) {
        unsynced.add(parent);
      }
    }

    void applyTo(Map<Long, Map<String, Long>> directories) {
      if (event instanceof StoreEvent.FileCreated e) {
        put(directories, e.parent(), e.name(), e.file());
      } else if (event instanceof StoreEvent.DirectoryCreated e) {
        put(directories, e.parent(), e.name(), e.directory());
      } else if (event instanceof StoreEvent.Moved e) {
        // Moved into a folder that is not there any more, the file would have neither name.
        if (isReachable(directories, e.toParent())) {
          remove(directories, e.fromParent(), e.from(), e.file());
          put(directories, e.toParent(), e.to(), e.file());
        }
      } else if (event instanceof StoreEvent.Deleted e) {
        remove(directories, e.parent(), e.name(), e.node());
      } else {
        throw new IllegalStateException("not a change of names: " + event);
      }
    }

    private static void put(
        Map<Long, Map<String, Long>> directories, long parent, String name, long node) {
      directories.computeIfAbsent(parent, id -> new TreeMap<>()).put(leaf(name), node);
    }

    private static void remove(
        Map<Long, Map<String, Long>> directories, long parent, String name, long node) {
      Map<String, Long> names = directories.get(parent);
      if (names != null) {
        names.remove(leaf(name), node);
      }
    }

    private static boolean isReachable(Map<Long, Map<String, Long>> directories, long wanted) {
      if (wanted == 0) {
        return true;
      }
      for (Map.Entry<Long, Map<String, Long>> directory : directories.entrySet()) {
        if (directory.getValue().containsValue(wanted)) {
          return isReachable(directories, directory.getKey());
        }
      }
      return false;
    }

    private static String leaf(String name) {
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

  private final CrashModel.Names names;
  private final Map<Long, FileContent> files = new HashMap<>();
  private final Map<Long, Map<String, Long>> directories = new HashMap<>();
  private final Map<Long, List<DataOp>> data = new HashMap<>();
  private final List<NameOp> nameOps = new ArrayList<>();
  private int count;

  PendingDisk(MemoryStore base, CrashModel.Names names) {
    this.names = names;
    try {
      load(base.copy().directory(""));
    } catch (java.io.IOException e) {
      throw new IllegalStateException("the root of a store in memory exists", e);
    }
  }

  private void load(MemoryStore.DirectoryNode directory) {
    Map<String, Long> entries = new TreeMap<>();
    directories.put(directory.id(), entries);
    directory
        .children()
        .forEach(
            (name, node) -> {
              entries.put(name, node.id());
              if (node instanceof MemoryStore.DirectoryNode folder) {
                load(folder);
              } else if (node instanceof MemoryStore.FileNode file) {
                files.put(file.id(), file.content());
              }
            });
  }

  void add(StoreEvent event) {
    int index = count++;
    if (event instanceof StoreEvent.Written e) {
      addData(new DataOp(index, e, e.file(), e.position(), e.data().toByteArray()));
    } else if (event instanceof StoreEvent.Truncated e) {
      addData(new DataOp(index, e, e.file(), e.size(), null));
    } else if (event instanceof StoreEvent.FileCreated e) {
      files.put(e.file(), new FileContent());
      nameOps.add(new NameOp(index, e, e.file(), e.parent()));
    } else if (event instanceof StoreEvent.DirectoryCreated e) {
      directories.put(e.directory(), new TreeMap<>());
      nameOps.add(new NameOp(index, e, e.directory(), e.parent()));
    } else if (event instanceof StoreEvent.Moved e) {
      nameOps.add(new NameOp(index, e, e.file(), e.fromParent(), e.toParent()));
    } else if (event instanceof StoreEvent.Deleted e) {
      nameOps.add(new NameOp(index, e, e.node(), e.parent()));
    } else if (event instanceof StoreEvent.Synced e) {
      sync(e.file());
    } else if (event instanceof StoreEvent.SyncFailed e) {
      data.getOrDefault(e.file(), List.of()).forEach(op -> op.undecided = !op.durable);
    } else if (event instanceof StoreEvent.DirectorySynced e) {
      syncNames(op -> op.unsynced.remove(e.directory()));
    }
  }

  private void addData(DataOp op) {
    data.computeIfAbsent(op.file, id -> new ArrayList<>()).add(op);
  }

  private void sync(long file) {
    List<DataOp> ops = data.getOrDefault(file, List.of());
    ops.forEach(op -> op.durable |= !op.undecided);
    FileContent content = files.get(file);
    // What follows an undecided write must stay behind it, since it may lie on top of it.
    while (content != null && !ops.isEmpty() && ops.get(0).durable) {
      ops.remove(0).applyTo(content, WHOLE);
    }
    if (names == CrashModel.Names.WITH_FILE_SYNC) {
      syncNames(
          op -> {
            if (op.node == file) {
              op.unsynced.clear();
            }
          });
    }
  }

  private void syncNames(java.util.function.Consumer<NameOp> reached) {
    for (NameOp op : nameOps) {
      reached.accept(op);
      op.durable = op.unsynced.isEmpty();
    }
    while (!nameOps.isEmpty() && nameOps.get(0).durable) {
      nameOps.remove(0).applyTo(directories);
    }
  }

  /** Everything that may be lost, oldest first. */
  List<Op> pending() {
    List<Op> pending = new ArrayList<>();
    data.values().forEach(ops -> ops.stream().filter(op -> !op.durable).forEach(pending::add));
    nameOps.stream().filter(op -> !op.durable).forEach(pending::add);
    pending.sort(Comparator.comparingInt(op -> op.index));
    return pending;
  }

  MemoryStore image(Function<Op, Fate> fates) {
    return image(fates, List.of());
  }

  MemoryStore image(Function<Op, Fate> fates, List<Garbage> garbage) {
    Map<Long, Map<String, Long>> tree = directories;
    if (!nameOps.isEmpty()) {
      tree = new HashMap<>();
      for (Map.Entry<Long, Map<String, Long>> entry : directories.entrySet()) {
        tree.put(entry.getKey(), new TreeMap<>(entry.getValue()));
      }
      for (NameOp op : nameOps) {
        if (op.durable || fates.apply(op).kept) {
          op.applyTo(tree);
        }
      }
    }
    long last = 0;
    for (long id : files.keySet()) {
      last = Math.max(last, id);
    }
    for (long id : directories.keySet()) {
      last = Math.max(last, id);
    }
    return new MemoryStore(directory(0, tree, fates, garbage), last);
  }

  private MemoryStore.DirectoryNode directory(
      long id, Map<Long, Map<String, Long>> tree, Function<Op, Fate> fates, List<Garbage> garbage) {
    Map<String, MemoryStore.Node> children = new TreeMap<>();
    tree.getOrDefault(id, Map.of())
        .forEach(
            (name, child) ->
                children.put(
                    name,
                    directories.containsKey(child)
                        ? directory(child, tree, fates, garbage)
                        : new MemoryStore.FileNode(child, content(child, fates, garbage))));
    return new MemoryStore.DirectoryNode(id, children);
  }

  private FileContent content(long file, Function<Op, Fate> fates, List<Garbage> garbage) {
    FileContent base = files.get(file);
    FileContent content = base == null ? new FileContent() : base.copy();
    for (DataOp op : data.getOrDefault(file, List.of())) {
      op.applyTo(content, op.durable ? WHOLE : fates.apply(op));
    }
    for (Garbage spot : garbage) {
      long from = spot.block * FileContent.BLOCK;
      int length = (int) Math.min(FileContent.BLOCK, content.size() - from);
      if (spot.file == file && length > 0) {
        byte[] noise = new byte[length];
        new Random(spot.seed).nextBytes(noise);
        content.write(from, noise, 0, length);
      }
    }
    return content;
  }
}
