// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.format.v1.Names;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a path leads, as POSIX does: links on the way are followed, at most {@value
 * #MAX_LINKS}; {@code .} is the directory itself, {@code ..} the one that holds it, after links
 * have been followed; the root directory holds itself. A link's target that begins with a slash
 * begins at the volume's root.
 *
 * <p>Thread safety: confined to one operation under the volume's lock.
 */
final class Walk {

  /** Links that one path may lead over, as on Linux. */
  static final int MAX_LINKS = 40;

  /** What is done with a link that a path ends at. */
  enum LastLink {
    /** The path means what the link leads to. */
    FOLLOWED,
    /** The path means the link. */
    MEANT;

    static LastLink of(LinkOption... options) {
      return Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS) ? MEANT : FOLLOWED;
    }
  }

  /**
   * Where a path leads: a name in a directory, and what has it.
   *
   * @param above the directories from the root to the one with the name; empty: the root directory
   * @param coded the coded name
   * @param name the name, as the path or a link has it; empty if the path ends with no name
   * @param entry what has the name, or null
   * @param path the path without links, for messages
   */
  record Place(
      List<FileNode> above,
      Bytes coded,
      String name,
      Catalogue.@Nullable Entry entry,
      String path) {

    /** The directory with the name; not of the root directory. */
    FileNode directory() {
      return above.get(above.size() - 1);
    }

    boolean isRoot() {
      return above.isEmpty();
    }

    /** What has the name. */
    Catalogue.Entry found() throws NoSuchFileException {
      if (entry == null) {
        throw new NoSuchFileException(path);
      }
      return entry;
    }

    boolean isType(FileType type) {
      return entry != null && entry.type() == type;
    }

    /** Throws if the path ends with {@code .} or {@code ..}, or is the root directory. */
    void requireName(String what) throws FileSystemException {
      if (isRoot()) {
        throw new FileSystemException("/", null, "the root directory cannot be " + what);
      }
      if (name.isEmpty()) {
        throw new FileSystemException(
            path, null, "a path that ends with \".\" or \"..\" cannot be " + what);
      }
    }

    /** What is there, loaded. */
    FileNode node(Volume volume, KeyRing keys) throws IOException, KeysNeeded {
      return isRoot()
          ? volume.files.root(keys)
          : volume.files.load(directory(), found(), path, keys);
    }

    /** What is there, loaded whether or not it is the current one. */
    FileNode anyNode(Volume volume, KeyRing keys) throws IOException, KeysNeeded {
      return volume.files.loadAny(directory(), found(), path, keys);
    }
  }

  /** A directory on the way. */
  private record Level(FileNode node, Catalogue.Entry entry, String path) {}

  private final Volume volume;
  private final KeyRing keys;
  private int links;

  private Walk(Volume volume, KeyRing keys) {
    this.volume = volume;
    this.keys = keys;
  }

  /** Finds where a path leads. */
  static Place find(Volume volume, KeyRing keys, String path, LastLink last)
      throws IOException, KeysNeeded {
    return new Walk(volume, keys).run(path, last);
  }

  /** Finds a directory. */
  static FileNode directory(Volume volume, KeyRing keys, String path)
      throws IOException, KeysNeeded {
    Place place = find(volume, keys, path, LastLink.FOLLOWED);
    if (place.found().type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(place.path());
    }
    FileNode directory = place.node(volume, keys);
    return place.isRoot() ? directory : volume.files.keep(directory);
  }

  /** The components of a path; a leading, doubled or trailing slash does not count. */
  private static List<String> split(String path) throws InvalidNameException {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty()) {
        if (!name.equals(".") && !name.equals("..")) {
          Names.check(name);
        }
        names.add(name);
      }
    }
    return names;
  }

  private Place run(String path, LastLink last) throws IOException, KeysNeeded {
    Deque<String> left = new ArrayDeque<>(split(path));
    List<Level> way = new ArrayList<>();
    FileNode root = volume.files.root(keys);
    way.add(
        new Level(
            root, new Catalogue.Entry(FileTable.NO_NAME, root.uid(), FileType.DIRECTORY, ""), ""));
    while (!left.isEmpty()) {
      String name = left.pop();
      Level here = way.get(way.size() - 1);
      if (name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        if (way.size() > 1) {
          way.remove(way.size() - 1);
        }
        continue;
      }
      String at = here.path() + "/" + name;
      Bytes coded = keys.codedName(here.node(), name, at);
      Catalogue.Entry entry = new Catalogue(here.node()).find(coded, volume.files.page);
      boolean end = left.isEmpty();
      if (entry == null && !end) {
        throw new NoSuchFileException(at);
      }
      if (entry != null
          && entry.type() == FileType.SYMBOLIC_LINK
          && (!end || last == LastLink.FOLLOWED)) {
        follow(here, entry, at, path, way, left);
        continue;
      }
      if (end || entry == null) {
        return new Place(nodes(way), coded, name, entry, at);
      }
      if (entry.type() != FileType.DIRECTORY) {
        throw new NotDirectoryException(at);
      }
      FileNode next = volume.files.keep(volume.files.load(here.node(), entry, at, keys));
      way.add(new Level(next, entry, at));
    }
    Level top = way.remove(way.size() - 1);
    String at = way.isEmpty() ? "/" : top.path();
    return new Place(nodes(way), top.entry().coded(), "", top.entry(), at);
  }

  private void follow(
      Level here,
      Catalogue.Entry entry,
      String at,
      String path,
      List<Level> way,
      Deque<String> left)
      throws IOException, KeysNeeded {
    if (++links > MAX_LINKS) {
      throw new FileSystemLoopException(path);
    }
    FileNode link = volume.files.keep(volume.files.load(here.node(), entry, at, keys));
    String target = LinkTarget.read(link);
    List<String> names = split(target);
    for (int i = names.size() - 1; i >= 0; i--) {
      left.push(names.get(i));
    }
    if (target.startsWith("/")) {
      way.subList(1, way.size()).clear();
    }
  }

  private static List<FileNode> nodes(List<Level> way) {
    return way.stream().map(Level::node).toList();
  }
}
