// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.file.SecureFileSystem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A volume as a file system of {@code java.nio.file}. Closing it closes its channels, directory
 * streams and watch services, commits everything durably, zeroes what was clear in memory, and
 * closes the session if it was opened for it.
 *
 * <p>Thread safety: thread-safe.
 */
final class VolumeFileSystem extends FileSystem {

  private static final Set<String> VIEWS =
      Set.of("basic", "owner", "posix", "user", VersionAttributes.VIEW);

  private final SecureFileSystemProvider provider;
  private final Path directory;
  private final SecureFileSystem volume;
  private final @Nullable AutoCloseable access;
  private final Set<Closeable> users = ConcurrentHashMap.newKeySet();
  private final Set<VolumeWatchService> watchers = ConcurrentHashMap.newKeySet();
  private final FileLocks locks = new FileLocks();
  private final boolean readOnly;
  private volatile boolean open = true;

  /**
   * Takes over an open volume.
   *
   * @param access what was opened to reach it and is closed with it, or null
   */
  VolumeFileSystem(
      SecureFileSystemProvider provider,
      Path directory,
      SecureFileSystem volume,
      boolean readOnly,
      @Nullable AutoCloseable access) {
    this.provider = provider;
    this.directory = directory;
    this.volume = volume;
    this.readOnly = readOnly;
    this.access = access;
  }

  /** The engine's face; refused after closing. */
  SecureFileSystem volume() {
    requireOpen();
    return volume;
  }

  Path directory() {
    return directory;
  }

  FileLocks locks() {
    return locks;
  }

  void requireOpen() {
    if (!open) {
      throw new ClosedFileSystemException();
    }
  }

  /** A channel or directory stream that is to be closed with this. */
  void opened(Closeable user) throws IOException {
    users.add(user);
    if (!open) {
      user.close();
      throw new ClosedFileSystemException();
    }
  }

  void closed(Closeable user) {
    users.remove(user);
  }

  void closed(VolumeWatchService watcher) {
    watchers.remove(watcher);
  }

  /** Where changes made through this file system are told. */
  Changes changes() {
    return new Changes(this, watchers);
  }

  @Override
  public SecureFileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (!open) {
        return;
      }
      open = false;
    }
    IOException problem = null;
    for (Closeable user : users) {
      problem = close(user, problem);
    }
    for (VolumeWatchService watcher : watchers) {
      watcher.close();
    }
    problem = close(volume, problem);
    if (access != null) {
      problem = close(access, problem);
    }
    provider.closed(this);
    if (problem != null) {
      throw problem;
    }
  }

  private static @Nullable IOException close(AutoCloseable part, @Nullable IOException before) {
    try {
      part.close();
      return before;
    } catch (Exception e) {
      if (before != null) {
        before.addSuppressed(e);
        return before;
      }
      return e instanceof IOException io ? io : new IOException(e);
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(VolumePath.parse(this, "/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new VolumeFileStore(this));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return VIEWS;
  }

  @Override
  public Path getPath(String first, String... more) {
    StringBuilder text = new StringBuilder(first);
    for (String part : more) {
      if (!part.isEmpty()) {
        if (text.length() > 0) {
          text.append('/');
        }
        text.append(part);
      }
    }
    return VolumePath.parse(this, text.toString());
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    int colon = syntaxAndPattern.indexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("a matcher is written syntax:pattern");
    }
    String pattern = syntaxAndPattern.substring(colon + 1);
    String expression =
        switch (syntaxAndPattern.substring(0, colon).toLowerCase(Locale.ROOT)) {
          case "glob" -> Glob.toRegex(pattern);
          case "regex" -> pattern;
          default ->
              throw new UnsupportedOperationException("only the syntaxes glob and regex are known");
        };
    Pattern compiled = Pattern.compile(expression);
    return path -> compiled.matcher(path.toString()).matches();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return VolumePrincipals.LOOKUP;
  }

  @Override
  public WatchService newWatchService() {
    requireOpen();
    VolumeWatchService watcher = new VolumeWatchService(this);
    watchers.add(watcher);
    return watcher;
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
