// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path in a volume, with the syntax of POSIX: names between slashes, absolute if it begins with
 * one. Relative paths begin at the root directory. Two paths are equal if they are of the same file
 * system and spelt alike.
 *
 * <p>Thread safety: immutable.
 */
final class VolumePath implements Path {

  private final VolumeFileSystem fileSystem;
  private final String text;
  private final List<String> names;

  private VolumePath(VolumeFileSystem fileSystem, String text, List<String> names) {
    this.fileSystem = fileSystem;
    this.text = text;
    this.names = names;
  }

  /** Reads a path; doubled and trailing slashes do not count. */
  static VolumePath parse(VolumeFileSystem fileSystem, String text) {
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw new InvalidPathException(text, "a path has no NUL", nul);
    }
    try {
      StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new InvalidPathException(text, "the path cannot be written in UTF-8");
    }
    List<String> names = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return of(fileSystem, text.startsWith("/"), names);
  }

  private static VolumePath of(VolumeFileSystem fileSystem, boolean absolute, List<String> names) {
    String text = (absolute ? "/" : "") + String.join("/", names);
    List<String> parts = names.isEmpty() && !absolute ? List.of("") : List.copyOf(names);
    return new VolumePath(fileSystem, text, parts);
  }

  private VolumePath with(boolean absolute, List<String> parts) {
    return of(fileSystem, absolute, parts.equals(List.of("")) ? List.of() : parts);
  }

  /** The path, if it is one of this provider. */
  static VolumePath of(Path path) {
    if (path instanceof VolumePath volumePath) {
      return volumePath;
    }
    java.util.Objects.requireNonNull(path, "path");
    throw new ProviderMismatchException("not a path in a volume: " + path.getClass().getName());
  }

  /** As the engine wants it: absolute. */
  String inVolume() {
    return isAbsolute() ? text : "/" + text;
  }

  /** Something that the engine does with a path. */
  @FunctionalInterface
  interface Operation<R> {
    R run(SecureFileSystem volume, String path) throws IOException;
  }

  /** Something that the engine does with a path and answers nothing. */
  @FunctionalInterface
  interface Change {
    void run(SecureFileSystem volume, String path) throws IOException;
  }

  /** Has the engine do something; what it refuses names this path as it was given. */
  <R> R call(Operation<R> operation) throws IOException {
    try {
      return operation.run(fileSystem.volume(), inVolume());
    } catch (IOException e) {
      throw AsGiven.of(e, this);
    }
  }

  /** As {@link #call}, without an answer. */
  void change(Change change) throws IOException {
    call(
        (volume, path) -> {
          change.run(volume, path);
          return Boolean.TRUE;
        });
  }

  SecureFileAttributes stat(LinkOption... options) throws IOException {
    return call((volume, path) -> volume.stat(path, options));
  }

  private boolean isEmpty() {
    return text.isEmpty();
  }

  @Override
  public VolumeFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return text.startsWith("/");
  }

  @Override
  public @Nullable VolumePath getRoot() {
    return isAbsolute() ? with(true, List.of()) : null;
  }

  @Override
  public @Nullable VolumePath getFileName() {
    return names.isEmpty() ? null : with(false, names.subList(names.size() - 1, names.size()));
  }

  @Override
  public @Nullable VolumePath getParent() {
    if (names.size() > 1) {
      return with(isAbsolute(), names.subList(0, names.size() - 1));
    }
    return names.isEmpty() ? null : getRoot();
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public VolumePath getName(int index) {
    if (index < 0 || index >= names.size()) {
      throw new IllegalArgumentException("name " + index + " of a path of " + names.size());
    }
    return with(false, names.subList(index, index + 1));
  }

  @Override
  public VolumePath subpath(int beginIndex, int endIndex) {
    if (beginIndex < 0 || endIndex > names.size() || beginIndex >= endIndex) {
      throw new IllegalArgumentException(
          "names " + beginIndex + " to " + endIndex + " of a path of " + names.size());
    }
    return with(false, names.subList(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return isOfSameFileSystem(other) && startsWith((VolumePath) other);
  }

  private boolean startsWith(VolumePath other) {
    if (isAbsolute() != other.isAbsolute() || other.names.size() > names.size()) {
      return false;
    }
    return names.subList(0, other.names.size()).equals(other.names);
  }

  @Override
  public boolean endsWith(Path other) {
    return isOfSameFileSystem(other) && endsWith((VolumePath) other);
  }

  private boolean endsWith(VolumePath other) {
    if (other.isAbsolute()) {
      return isAbsolute() && names.equals(other.names);
    }
    int from = names.size() - other.names.size();
    return from >= 0 && names.subList(from, names.size()).equals(other.names);
  }

  private boolean isOfSameFileSystem(Path other) {
    java.util.Objects.requireNonNull(other, "other");
    return other instanceof VolumePath that && that.fileSystem == fileSystem;
  }

  /**
   * Leaves out {@code .}, and {@code ..} with the name before it, without looking at the volume.
   */
  @Override
  public VolumePath normalize() {
    Deque<String> kept = new ArrayDeque<>();
    for (String name : names) {
      if (name.equals(".") || name.isEmpty()) {
        continue;
      }
      String last = kept.peekLast();
      if (!name.equals("..")) {
        kept.addLast(name);
      } else if (last != null && !last.equals("..")) {
        kept.removeLast();
      } else if (!isAbsolute()) {
        kept.addLast(name);
      }
    }
    return with(isAbsolute(), new ArrayList<>(kept));
  }

  @Override
  public VolumePath resolve(Path other) {
    VolumePath that = of(other);
    if (that.isAbsolute() || isEmpty()) {
      return that;
    }
    if (that.isEmpty()) {
      return this;
    }
    List<String> joined = new ArrayList<>(names);
    joined.addAll(that.names);
    return with(isAbsolute(), joined);
  }

  @Override
  public VolumePath relativize(Path other) {
    VolumePath that = of(other);
    if (that.equals(this)) {
      return with(false, List.of());
    }
    if (isAbsolute() != that.isAbsolute()) {
      throw new IllegalArgumentException("one path is absolute, the other is not");
    }
    if (isEmpty()) {
      return that;
    }
    VolumePath base = normalize();
    VolumePath child = that.normalize();
    List<String> from = base.isEmpty() ? List.of() : base.names;
    List<String> to = child.isEmpty() ? List.of() : child.names;
    int same = 0;
    while (same < Math.min(from.size(), to.size()) && from.get(same).equals(to.get(same))) {
      same++;
    }
    if (from.subList(same, from.size()).contains("..")) {
      throw new IllegalArgumentException("no relative path leads from " + this + " to " + other);
    }
    List<String> way = new ArrayList<>();
    for (int i = same; i < from.size(); i++) {
      way.add("..");
    }
    way.addAll(to.subList(same, to.size()));
    return with(false, way);
  }

  @Override
  public URI toUri() {
    return VolumeUri.of(fileSystem.directory(), toAbsolutePath().text);
  }

  @Override
  public VolumePath toAbsolutePath() {
    return isAbsolute() ? this : with(true, names);
  }

  /** Links followed, names as they are stored. */
  @Override
  public VolumePath toRealPath(LinkOption... options) throws IOException {
    return call((volume, path) -> new RealPath(fileSystem).find(this, options));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    java.util.Objects.requireNonNull(watcher, "watcher");
    if (!(watcher instanceof VolumeWatchService service)) {
      throw new ProviderMismatchException("a watch service of another provider");
    }
    return service.register(this, events, modifiers);
  }

  /** Compares the bytes of both paths in UTF-8. */
  @Override
  public int compareTo(Path other) {
    return Arrays.compareUnsigned(
        text.getBytes(StandardCharsets.UTF_8),
        ((VolumePath) other).text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VolumePath that
        && fileSystem == that.fileSystem
        && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
