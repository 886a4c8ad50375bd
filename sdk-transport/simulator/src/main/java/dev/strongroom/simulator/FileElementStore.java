// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.transport.ElementInUseException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store in one file, locked against other processes from the moment it exists.
 *
 * <p>A {@link RandomAccessFile}, because interrupting a thread closes a {@link FileChannel} under
 * it. The lock is on one byte far behind the content, so that it hides nothing on systems whose
 * locks are mandatory. POSIX drops a process's locks on a file as soon as the process closes any
 * descriptor of it, so a second open in this process is refused before it opens one.
 *
 * <p>Thread safety: confined; guarded by the lock of {@link ElementApplication}.
 */
final class FileElementStore implements ElementStore {

  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
  private static final Set<Object> OPEN_HERE = new HashSet<>(); // guarded by itself

  private final Path path;
  private final String name;
  private @Nullable RandomAccessFile file;
  private @Nullable Object key;
  private boolean directorySynced;
  private boolean ownerWritten;

  private FileElementStore(Path path, String name) {
    this.path = path;
    this.name = name;
  }

  /** Opens and locks the file if there is one. */
  static FileElementStore open(Path path, String name)
      throws ElementInUseException, ElementStorageException {
    FileElementStore store = new FileElementStore(path, name);
    try {
      if (Files.exists(path)) {
        store.lock();
        store.directorySynced = true;
      }
      return store;
    } catch (IOException e) {
      store.closeQuietly();
      if (e instanceof ElementInUseException inUse) {
        throw inUse;
      }
      throw new ElementStorageException(name + " cannot be opened", e);
    }
  }

  /**
   * Whether a file begins like an element's; neither locks nor changes it. One that this process
   * has open is an element and is not touched, because closing it here would drop its lock.
   */
  static boolean isElement(Path path) {
    if (!Files.isRegularFile(path)) {
      return false;
    }
    FileElementStore store = new FileElementStore(path, "sim:" + path);
    synchronized (OPEN_HERE) {
      try {
        if (OPEN_HERE.contains(store.identity())) {
          return true;
        }
        store.file = new RandomAccessFile(path.toFile(), "r");
        return ElementImage.isElement(store);
      } catch (IOException e) {
        return false;
      } finally {
        store.closeQuietly();
      }
    }
  }

  @Override
  public long size() throws IOException {
    return file == null ? 0 : file.length();
  }

  @Override
  public int read(long position, byte[] target) throws IOException {
    if (file == null) {
      return 0;
    }
    file.seek(position);
    int done = 0;
    while (done < target.length) {
      int read = file.read(target, done, target.length - done);
      if (read < 0) {
        break;
      }
      done += read;
    }
    return done;
  }

  @Override
  public void write(long position, byte[] content) throws IOException {
    if (file == null) {
      create();
    }
    RandomAccessFile open = file;
    if (open == null) {
      throw new IOException("the element file is closed");
    }
    open.seek(position);
    open.write(content);
  }

  @Override
  public void sync() throws IOException {
    RandomAccessFile open = file;
    if (open == null) {
      return;
    }
    writeOwner();
    open.getFD().sync();
    if (!directorySynced) {
      syncDirectory();
      directorySynced = true;
    }
  }

  @Override
  public void close() throws IOException {
    RandomAccessFile closing = file;
    file = null;
    try {
      if (closing != null) {
        closing.close();
      }
    } finally {
      synchronized (OPEN_HERE) {
        if (key != null) {
          OPEN_HERE.remove(key);
          key = null;
        }
      }
    }
  }

  private void create() throws IOException {
    try {
      if (Files.getFileStore(directory()).supportsFileAttributeView("posix")) {
        FileAttribute<?> ownerOnly =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(path, ownerOnly);
      } else {
        Files.createFile(path);
      }
    } catch (FileAlreadyExistsException e) {
      // Somebody else was first; their lock decides.
      throw new ElementInUseException(name);
    }
    lock();
  }

  private void lock() throws IOException {
    synchronized (OPEN_HERE) {
      Object identity = identity();
      if (!OPEN_HERE.add(identity)) {
        throw new ElementInUseException(name, ProcessHandle.current().pid());
      }
      key = identity;
    }
    RandomAccessFile opened = new RandomAccessFile(path.toFile(), "rw");
    file = opened;
    FileLock lock;
    try {
      lock = opened.getChannel().tryLock(LOCKED_BYTE, 1, false);
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      long pid = ElementImage.readOwner(this);
      throw pid > 0 ? new ElementInUseException(name, pid) : new ElementInUseException(name);
    }
    writeOwner();
  }

  /**
   * Says who holds the file, if it is an element's and not any other file that a URI names. Not
   * synced: it is for another process of this run of the machine.
   */
  private void writeOwner() throws IOException {
    if (!ownerWritten && ElementImage.isElement(this)) {
      ownerWritten = true;
      ElementImage.writeOwner(this, ProcessHandle.current().pid());
    }
  }

  private Object identity() throws IOException {
    Object fileKey =
        Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
    return fileKey != null ? fileKey : path.toRealPath();
  }

  private Path directory() {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path.toAbsolutePath() : parent;
  }

  private void syncDirectory() {
    // Not every system opens a directory; where it does not, the file system orders by itself.
    try (FileChannel channel = FileChannel.open(directory(), StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }

  private void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      return;
    }
  }
}
