// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a volume may legally be after a crash: all published states of its tree and of
 * each file, numbered in the order in which they were published.
 *
 * <p>A state is published before the operation that commits it begins, since it may be on the disk
 * from then on; it is promised when an operation that makes it durable has returned. Both leave a
 * mark in the log of the store, and {@link #check} judges what is found by the marks.
 */
final class VolumeHistory {

  static final int DIRECTORY = -1;

  /** From now on a state may be on the disk. */
  record Published(int index) {}

  /** The states of these files, or of everything when there are none, are on the disk for good. */
  record Promised(int index, Set<Integer> files) {}

  /** A state of a file. */
  private static final class Version {
    final int index;
    final byte[] content;

    Version(int index, byte[] content) {
      this.index = index;
      this.content = content;
    }
  }

  /** A state of the tree: file numbers by path, {@link #DIRECTORY} for directories. */
  private record Tree(int index, Map<String, Integer> paths) {}

  /** What is found on a disk: content by path, null for directories. */
  static final class Found {
    final Map<String, byte[]> files = new TreeMap<>();
    final Set<String> directories = new HashSet<>();
  }

  private final List<List<Version>> files = new ArrayList<>();
  private final List<Tree> trees = new ArrayList<>();
  private final Map<Integer, Set<Integer>> groups = new TreeMap<>();
  private int clock;

  VolumeHistory() {
    trees.add(new Tree(0, Map.of()));
  }

  /** What was published so far, to be continued in another way. */
  VolumeHistory copy() {
    VolumeHistory copy = new VolumeHistory();
    copy.files.clear();
    files.forEach(versions -> copy.files.add(new ArrayList<>(versions)));
    copy.trees.clear();
    copy.trees.addAll(trees);
    copy.groups.putAll(groups);
    copy.clock = clock;
    return copy;
  }

  int newFile() {
    files.add(new ArrayList<>());
    return files.size() - 1;
  }

  /** Adds states that one commit publishes together. */
  Published publish(Map<Integer, byte[]> contents) {
    int index = ++clock;
    contents.forEach((file, content) -> files.get(file).add(new Version(index, content.clone())));
    if (contents.size() > 1) {
      groups.put(index, Set.copyOf(contents.keySet()));
    }
    return new Published(index);
  }

  /** Adds a state of the tree. */
  Published publishTree(Map<String, Integer> paths) {
    int index = ++clock;
    trees.add(new Tree(index, new TreeMap<>(paths)));
    return new Published(index);
  }

  Promised promise(Integer... some) {
    return new Promised(clock, Set.of(some));
  }

  /** Throws when what is found is none of the legal states. */
  void check(List<Object> marks, Found found) {
    Bounds bounds = bounds(marks);
    List<String> objections = new ArrayList<>();
    for (Tree tree : legalTrees(bounds)) {
      if (!sameTree(tree, found)) {
        continue;
      }
      String objection = objection(tree, found, bounds);
      if (objection.isEmpty()) {
        return;
      }
      objections.add("as tree " + tree.index + ": " + objection);
    }
    throw new AssertionError(
        "illegal state with marks up to "
            + bounds.upper
            + ", tree promised to "
            + bounds.promisedTree
            + ", files promised to "
            + bounds.promised
            + ", found "
            + found.files.keySet()
            + " and directories "
            + found.directories
            + (objections.isEmpty() ? ": no such tree" : ": " + objections));
  }

  private static boolean sameTree(Tree tree, Found found) {
    Set<String> directories = new HashSet<>();
    Set<String> plain = new HashSet<>();
    tree.paths.forEach((path, file) -> (file == DIRECTORY ? directories : plain).add(path));
    return directories.equals(found.directories) && plain.equals(found.files.keySet());
  }

  private String objection(Tree tree, Found found, Bounds bounds) {
    Set<Integer> present = new HashSet<>(tree.paths.values());
    for (Map.Entry<Integer, Integer> entry : bounds.promised.entrySet()) {
      int file = entry.getKey();
      if (tree.index < entry.getValue()
          && !present.contains(file)
          && existedAt(file, entry.getValue())) {
        return "file " + file + " was synced and is not there";
      }
    }
    Map<Integer, List<Version>> candidates = new HashMap<>();
    for (Map.Entry<String, Integer> entry : tree.paths.entrySet()) {
      int file = entry.getValue();
      if (file == DIRECTORY) {
        continue;
      }
      byte[] content = found.files.get(entry.getKey());
      List<Version> legal = legal(file, content, bounds);
      if (legal.isEmpty()) {
        return entry.getKey() + " " + describe(files.get(file), content);
      }
      candidates.put(file, legal);
    }
    for (Map.Entry<Integer, Set<Integer>> group : groups.entrySet()) {
      Set<Integer> members = new HashSet<>(group.getValue());
      members.retainAll(candidates.keySet());
      int index = group.getKey();
      boolean after = true;
      boolean before = true;
      for (int file : members) {
        List<Version> legal = candidates.getOrDefault(file, List.of());
        after &= legal.stream().anyMatch(version -> version.index >= index);
        before &= legal.stream().anyMatch(version -> version.index < index);
      }
      if (!members.isEmpty() && !after && !before) {
        return "files " + members + " were committed together at " + index + " and are not";
      }
    }
    return "";
  }

  /** Whether a file of that path may have that content, looking at nothing else. */
  boolean isLegal(List<Object> marks, String path, byte[] content) {
    Bounds bounds = bounds(marks);
    for (Tree tree : legalTrees(bounds)) {
      Integer file = tree.paths.get(path);
      if (file != null && file != DIRECTORY && !legal(file, content, bounds).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a directory may have exactly these entries, directories with a slash at the end. */
  boolean isLegalListing(List<Object> marks, String directory, Set<String> names) {
    String prefix = directory.isEmpty() ? "" : directory + "/";
    for (Tree tree : legalTrees(bounds(marks))) {
      Set<String> there = new HashSet<>();
      tree.paths.forEach(
          (path, file) -> {
            if (path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0) {
              there.add(path.substring(prefix.length()) + (file == DIRECTORY ? "/" : ""));
            }
          });
      if (there.equals(names)) {
        return true;
      }
    }
    return false;
  }

  /** All paths that any legal tree has. */
  Map<String, Boolean> legalPaths(List<Object> marks) {
    Map<String, Boolean> paths = new TreeMap<>();
    for (Tree tree : legalTrees(bounds(marks))) {
      tree.paths.forEach((path, file) -> paths.put(path, file == DIRECTORY));
    }
    return paths;
  }

  private List<Tree> legalTrees(Bounds bounds) {
    List<Tree> legal = new ArrayList<>();
    for (int i = trees.size() - 1; i >= 0; i--) {
      Tree tree = trees.get(i);
      boolean newEnough = i + 1 == trees.size() || trees.get(i + 1).index > bounds.promisedTree;
      if (tree.index <= bounds.upper && newEnough) {
        legal.add(tree);
      }
    }
    return legal;
  }

  private List<Version> legal(int file, byte @Nullable [] content, Bounds bounds) {
    List<Version> versions = files.get(file);
    List<Version> legal = new ArrayList<>();
    int promised = bounds.promised.getOrDefault(file, 0);
    for (int i = 0; i < versions.size(); i++) {
      Version version = versions.get(i);
      boolean newEnough = i + 1 == versions.size() || versions.get(i + 1).index > promised;
      if (version.index <= bounds.upper && newEnough && Arrays.equals(version.content, content)) {
        legal.add(version);
      }
    }
    return legal;
  }

  /** What may be there, and what must be, by the marks. */
  private record Bounds(int upper, int promisedTree, Map<Integer, Integer> promised) {}

  private Bounds bounds(List<Object> marks) {
    int upper = 0;
    int promisedTree = 0;
    Map<Integer, Integer> promised = new HashMap<>();
    for (Object mark : marks) {
      if (mark instanceof Published published) {
        upper = Math.max(upper, published.index);
      } else if (mark instanceof Promised promise) {
        if (promise.files.isEmpty()) {
          promisedTree = promise.index;
          for (int file = 0; file < files.size(); file++) {
            promised.put(file, promise.index);
          }
        } else {
          promise.files.forEach(file -> promised.put(file, promise.index));
        }
      }
    }
    return new Bounds(upper, promisedTree, promised);
  }

  private boolean existedAt(int file, int index) {
    Tree last = trees.get(0);
    for (Tree tree : trees) {
      if (tree.index <= index) {
        last = tree;
      }
    }
    return last.paths.containsValue(file);
  }

  private static String describe(List<Version> versions, byte @Nullable [] content) {
    if (content == null) {
      return "is missing";
    }
    for (Version version : versions) {
      if (Arrays.equals(version.content, content)) {
        return "is state " + version.index + ", which is not legal now";
      }
    }
    StringBuilder text = new StringBuilder("is " + content.length + " bytes of no state;");
    for (Version version : versions) {
      text.append(" differs from state ").append(version.index).append(" at ");
      text.append(Arrays.mismatch(version.content, content));
      text.append(" of ").append(version.content.length).append(';');
    }
    return text.toString();
  }
}
