// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureCreateMode;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.nio.SecureFileChannel.Interrupts;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Volumes as file systems of {@code java.nio.file}; see the package for URIs and the environment.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SecureFileSystemProvider extends FileSystemProvider {

  /** Carries out asynchronous operations whose caller names no executor. */
  private static final class Asynchronous {
    static final Executor EXECUTOR =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "strongroom-asynchronous-channel");
              thread.setDaemon(true);
              return thread;
            });

    private Asynchronous() {}
  }

  private final Map<Path, VolumeFileSystem> open = new HashMap<>(); // guarded by this

  /** For {@link java.util.ServiceLoader}. */
  public SecureFileSystemProvider() {}

  @Override
  public String getScheme() {
    return VolumeUri.SCHEME;
  }

  // ---- file systems

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
    VolumeUri parsed = VolumeUri.parse(uri);
    if (parsed.path() != null) {
      throw new IllegalArgumentException(
          "the URI of a file system names the volume only, without !/ and a path");
    }
    return newFileSystem(parsed.directory(), new VolumeAccess(parsed.directory(), env));
  }

  /** Opens the volume in a directory; other paths are left to other providers. */
  @Override
  public FileSystem newFileSystem(Path path, Map<String, ?> env) throws IOException {
    try {
      if (!Files.isDirectory(path)) {
        throw new UnsupportedOperationException("not a volume: " + path);
      }
      VolumeInfo.read(path);
    } catch (VolumeNotFoundException e) {
      throw new UnsupportedOperationException("not a volume: " + path, e);
    }
    return newFileSystem(path, new VolumeAccess(path, env));
  }

  private FileSystem newFileSystem(Path directory, VolumeAccess access) throws IOException {
    Path before = key(directory);
    synchronized (this) {
      if (open.containsKey(before)) {
        throw new FileSystemAlreadyExistsException(directory.toString());
      }
    }
    VolumeAccess.Opened opened = access.open();
    Path key = key(directory); // another one, if the directory has only now been made
    VolumeFileSystem made =
        new VolumeFileSystem(this, key, opened.volume(), opened.readOnly(), opened.access());
    synchronized (this) {
      if (open.putIfAbsent(key, made) == null) {
        return made;
      }
    }
    if (!access.isOfCaller()) {
      made.close();
    }
    throw new FileSystemAlreadyExistsException(directory.toString());
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return find(VolumeUri.parse(uri).directory());
  }

  private VolumeFileSystem find(Path directory) {
    Path key = key(directory);
    VolumeFileSystem found;
    synchronized (this) {
      found = open.get(key);
    }
    if (found == null) {
      throw new FileSystemNotFoundException(directory.toString());
    }
    return found;
  }

  private static Path key(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      return directory.toAbsolutePath().normalize();
    }
  }

  synchronized void closed(VolumeFileSystem fileSystem) {
    open.values().remove(fileSystem);
  }

  @Override
  public Path getPath(URI uri) {
    VolumeUri parsed = VolumeUri.parse(uri);
    String path = parsed.path();
    if (path == null) {
      throw new IllegalArgumentException(
          "the URI of a path names the volume and the path: strongroom:/volume!/path");
    }
    return VolumePath.parse(find(parsed.directory()), path);
  }

  // ---- opening files

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return open(path, options, Interrupts.CLOSE, attributes);
  }

  private static FileChannel open(
      Path path,
      Set<? extends OpenOption> options,
      Interrupts interrupts,
      FileAttribute<?>... attributes)
      throws IOException {
    VolumePath file = VolumePath.of(path);
    Set<OpenOption> wanted = new HashSet<>(options);
    if (attributes.length > 0) {
      wanted.add(new SecureCreateMode(createMode(0600, attributes)));
    }
    boolean append = wanted.contains(StandardOpenOption.APPEND);
    boolean writable = append || wanted.contains(StandardOpenOption.WRITE);
    boolean readable = wanted.contains(StandardOpenOption.READ) || !writable;
    boolean made =
        writable
            && (wanted.contains(StandardOpenOption.CREATE)
                || wanted.contains(StandardOpenOption.CREATE_NEW))
            && file.getFileSystem().changes().isWatched()
            && !exists(file);
    SecureFile opened;
    try {
      OpenOption[] all = wanted.toArray(new OpenOption[0]);
      opened = file.call((volume, name) -> volume.openFile(name, all));
    } catch (FileSystemException e) {
      if (writable || !isDirectory(file, wanted)) {
        throw e;
      }
      return new DirectoryChannel(file.getFileSystem(), file);
    }
    try {
      FileChannel channel =
          new SecureFileChannel(
              file.getFileSystem(),
              opened,
              new SecureFileChannel.Access(readable, writable, append),
              interrupts);
      tellOpened(file, opened, wanted, made ? Change.MADE : Change.NONE);
      return channel;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** Whether an opening has made its file. */
  private enum Change {
    MADE,
    NONE
  }

  /** Tells what an opening by itself has changed. */
  private static void tellOpened(
      VolumePath path, SecureFile file, Set<OpenOption> options, Change change) {
    Changes changes = path.getFileSystem().changes();
    if (change == Change.MADE) {
      changes.created(path);
    } else if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)
        && options.contains(StandardOpenOption.WRITE)) {
      changes.modified(file);
    }
    if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
      changes.deleted(path, null); // the name goes at once, as on Linux
    }
  }

  private static boolean isDirectory(VolumePath path, Set<OpenOption> options) {
    boolean meant =
        options.contains(LinkOption.NOFOLLOW_LINKS)
            || options.contains(StandardOpenOption.DELETE_ON_CLOSE);
    LinkOption[] links = meant ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
    return Files.isDirectory(path, links);
  }

  private static boolean exists(VolumePath path) throws IOException {
    return path.call((volume, name) -> volume.exists(name));
  }

  /** The permission bits that creation attributes ask for. */
  private static int createMode(int otherwise, FileAttribute<?>... attributes) {
    int mode = otherwise;
    for (FileAttribute<?> attribute : attributes) {
      if (!attribute.name().equals("posix:permissions")) {
        throw new UnsupportedOperationException(
            "attribute " + attribute.name() + " cannot be set at creation");
      }
      mode = FileAttributes.mode(AttributeNames.permissions(attribute.value()));
    }
    return mode;
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public AsynchronousFileChannel newAsynchronousFileChannel(
      Path path,
      Set<? extends OpenOption> options,
      @Nullable ExecutorService executor,
      FileAttribute<?>... attributes)
      throws IOException {
    if (options.contains(StandardOpenOption.APPEND)) {
      throw new UnsupportedOperationException("an asynchronous channel has no APPEND");
    }
    FileChannel channel = open(path, options, Interrupts.STAY, attributes);
    if (!(channel instanceof SecureFileChannel file)) {
      channel.close();
      throw new FileSystemException(path.toString(), null, "Is a directory");
    }
    return new SecureAsynchronousFileChannel(
        file, executor == null ? Asynchronous.EXECUTOR : executor);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    java.util.Objects.requireNonNull(filter, "filter");
    VolumePath directory = VolumePath.of(path);
    try {
      return new VolumeDirectoryStream(
          directory, directory.getFileSystem().volume().list(directory.inVolume()), filter);
    } catch (NotDirectoryException e) {
      throw new NotDirectoryException(path.toString());
    } catch (IOException e) {
      throw AsGiven.of(e, directory);
    }
  }

  // ---- names

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    VolumePath directory = VolumePath.of(path);
    int mode = createMode(0700, attributes);
    directory.change((volume, name) -> volume.createDirectory(name, mode));
    directory.getFileSystem().changes().created(directory);
  }

  @Override
  public void createSymbolicLink(Path path, Path target, FileAttribute<?>... attributes)
      throws IOException {
    if (attributes.length > 0) {
      throw new UnsupportedOperationException("a symbolic link is made without attributes");
    }
    VolumePath link = VolumePath.of(path);
    String leads = VolumePath.of(target).toString();
    if (leads.isEmpty()) {
      throw new NoSuchFileException(path.toString());
    }
    link.change((volume, name) -> volume.createSymbolicLink(name, leads));
    link.getFileSystem().changes().created(link);
  }

  /** Not supported: a file is bound to one name, so that two exchanged files are refused. */
  @Override
  public void createLink(Path link, Path existing) {
    throw new UnsupportedOperationException(
        "a secure file has one name; hard links are not supported");
  }

  @Override
  public Path readSymbolicLink(Path path) throws IOException {
    VolumePath link = VolumePath.of(path);
    return VolumePath.parse(
        link.getFileSystem(), link.call((volume, name) -> volume.readSymbolicLink(name)));
  }

  @Override
  public void delete(Path path) throws IOException {
    VolumePath file = VolumePath.of(path);
    Bytes directory = file.getFileSystem().changes().watchedDirectory(file);
    file.change((volume, name) -> volume.delete(name));
    file.getFileSystem().changes().deleted(file, directory);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    FileTransfer.copy(VolumePath.of(source), VolumePath.of(target), options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    FileTransfer.move(VolumePath.of(source), VolumePath.of(target), options);
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    VolumePath one = VolumePath.of(path);
    if (one.equals(other)) {
      return true;
    }
    if (!(other instanceof VolumePath two) || two.getFileSystem() != one.getFileSystem()) {
      return false;
    }
    return one.stat().uid().equals(two.stat().uid());
  }

  /** Whether the name begins with a dot, as on Unix. */
  @Override
  public boolean isHidden(Path path) {
    VolumePath name = VolumePath.of(path).getFileName();
    return name != null && name.toString().startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    VolumePath file = VolumePath.of(path);
    if (!exists(file)) {
      throw new NoSuchFileException(path.toString());
    }
    return new VolumeFileStore(file.getFileSystem());
  }

  /** As for root on Linux: permission bits restrict nothing but the execution of files. */
  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    VolumePath file = VolumePath.of(path);
    SecureFileAttributes found = file.stat();
    for (AccessMode mode : modes) {
      if (mode == AccessMode.WRITE && file.getFileSystem().isReadOnly()) {
        throw new AccessDeniedException(path.toString(), null, "the volume is open read-only");
      }
      if (mode == AccessMode.EXECUTE
          && found.type() != FileType.DIRECTORY
          && (found.mode() & 0111) == 0) {
        throw new AccessDeniedException(path.toString());
      }
    }
  }

  // ---- attributes

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    VolumePath file = VolumePath.of(path);
    FileAttributeView view = null;
    if (type == BasicFileAttributeView.class) {
      view = new FileView("basic", file, options);
    } else if (type == FileOwnerAttributeView.class) {
      view = new FileView("owner", file, options);
    } else if (type == PosixFileAttributeView.class) {
      view = new FileView("posix", file, options);
    } else if (type == UserDefinedFileAttributeView.class) {
      view = new UserAttributes(file, options);
    }
    return view == null ? null : type.cast(view);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
      throw new UnsupportedOperationException("attributes of " + type.getName());
    }
    return type.cast(new FileView("posix", VolumePath.of(path), options).readAttributes());
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return new AttributeNames(VolumePath.of(path), attributes, options).read();
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    new AttributeNames(VolumePath.of(path), attribute, options).set(value);
  }
}
