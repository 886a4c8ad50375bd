// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files and directories of the host that a {@code put} is about, found before the first one is
 * copied, so that the amount of work is known.
 *
 * <p>Symbolic links are kept as they are, or followed: then one to a file within the tree stands
 * for that file, and any other is reported, as is whatever is no file, directory or link. The
 * tree's top may itself be a link, because a person named it.
 *
 * <p>Thread safety: confined to one thread.
 */
final class SourceTree {

  /**
   * A file, directory or link to copy, parents before children.
   *
   * @param link a link's target, or null
   */
  record Item(
      Path source, VolumePath target, boolean directory, long size, @Nullable String link) {}

  /** What is done with symbolic links below the top. */
  enum Links {
    /** They are links of the volume. */
    KEPT,
    /** They stand for the files of the tree that they lead to. */
    FOLLOWED
  }

  private final List<Item> items = new ArrayList<>();
  private final Set<String> skippedNames;
  private final Path excluded;
  private final Links links;
  private final Report report;
  private long bytes;

  private record Level(Path directory, VolumePath target) {}

  /**
   * Starts empty.
   *
   * @param excluded the volume, which is never put into itself
   * @param skippedNames names of directories that are left out without a word
   * @param links what is done with links
   * @param report takes what cannot be copied
   */
  SourceTree(Path excluded, Set<String> skippedNames, Links links, Report report)
      throws IOException {
    this.links = links;
    this.excluded = excluded.toRealPath();
    this.skippedNames = skippedNames;
    this.report = report;
  }

  /** Adds a file, or a directory with all that is in it. */
  void add(Path source, VolumePath target) throws IOException {
    Path top = source.toRealPath();
    BasicFileAttributes attributes = Files.readAttributes(top, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      walk(source, top, target);
    } else if (attributes.isRegularFile()) {
      item(source, target, attributes.size());
    } else {
      refuse(source, "is neither a file nor a directory");
    }
  }

  List<Item> items() {
    return items;
  }

  long bytes() {
    return bytes;
  }

  private void walk(Path source, Path top, VolumePath target) throws IOException {
    Deque<Level> open = new ArrayDeque<>();
    open.push(new Level(source, target));
    while (!open.isEmpty()) {
      Level level = open.pop();
      if (level.directory().toRealPath().equals(excluded)) {
        refuse(level.directory(), "is the volume itself");
        continue;
      }
      List<Path> entries;
      try {
        entries = entries(level.directory());
      } catch (IOException e) {
        report.problem(ExitCode.PARTLY, unreadable(level.directory(), e));
        continue;
      }
      items.add(new Item(level.directory(), level.target(), true, 0, null));
      List<Level> below = new ArrayList<>();
      for (Path entry : entries) {
        visit(entry, top, level.target(), below);
      }
      for (int i = below.size() - 1; i >= 0; i--) {
        open.push(below.get(i));
      }
    }
  }

  private void visit(Path entry, Path top, VolumePath parent, List<Level> below) {
    String name = entry.getFileName().toString();
    try {
      if (!entry.resolveSibling(name).equals(entry)) {
        refuse(entry, "has a name that is not text in this locale");
        return;
      }
      var attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        if (!skippedNames.contains(name)) {
          below.add(new Level(entry, parent.child(name)));
        }
      } else if (attributes.isRegularFile()) {
        item(entry, parent.child(name), attributes.size());
      } else if (attributes.isSymbolicLink() && links == Links.KEPT) {
        String target = Files.readSymbolicLink(entry).toString();
        items.add(new Item(entry, parent.child(name), false, 0, target));
      } else if (attributes.isSymbolicLink()) {
        link(entry, top, parent.child(name));
      } else {
        refuse(entry, "is neither a file nor a directory");
      }
    } catch (IOException e) {
      report.problem(ExitCode.PARTLY, unreadable(entry, e));
    }
  }

  private void link(Path link, Path top, VolumePath target) throws IOException {
    if (!Files.exists(link)) {
      refuse(link, "is a link to nothing");
      return;
    }
    Path real = link.toRealPath();
    if (!real.startsWith(top)) {
      refuse(link, "is a link out of the tree, to " + real);
    } else if (Files.isRegularFile(real)) {
      item(link, target, Files.size(real));
    } else {
      refuse(link, "is a link to a directory");
    }
  }

  private void item(Path source, VolumePath target, long size) {
    items.add(new Item(source, target, false, size, null));
    bytes += size;
  }

  private void refuse(Path source, String why) {
    report.problem(ExitCode.PARTLY, source + ": not put: it " + why);
  }

  /** What is said of a source that cannot be read. */
  static String unreadable(Path source, IOException error) {
    String message = Failures.message(error);
    return message.startsWith(source.toString())
        ? message
        : source + ": cannot be read, so it was not put: " + message;
  }

  private static List<Path> entries(Path directory) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.naturalOrder());
    return entries;
  }
}
