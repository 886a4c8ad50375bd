// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.store;

import dev.strongroom.file.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A store in a directory of a file system that {@link Path} reaches.
 *
 * <p>A thread that is interrupted during I/O closes its channel; this store opens the file again
 * and repeats the operation, so that nobody else notices. Writing needs a provider with file
 * channels and their locks; reading needs only seekable byte channels. Nothing is written outside
 * the directory. The lock lies on the file {@value #LOCK}, through a channel that nothing else
 * uses.
 *
 * <p>Thread safety: thread-safe.
 */
public final class PathStore implements Store {

  /** Name of the lock file, which also holds the process id of the writer. */
  public static final String LOCK = "strongroom.lock";

  private static final int FEW = 8;
  private static final int SYNCS_AT_A_TIME = 8;

  /** Threads that only wait for the medium; they end when they have been idle for a second. */
  private static final ThreadPoolExecutor SYNCS =
      new ThreadPoolExecutor(
          SYNCS_AT_A_TIME,
          SYNCS_AT_A_TIME,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread thread = new Thread(task, "strongroom-sync");
            thread.setDaemon(true);
            return thread;
          });

  static {
    SYNCS.allowCoreThreadTimeOut(true);
  }

  private final Path directory;
  private final Map<String, Set<HostFile>> open = new HashMap<>(); // guarded by itself

  /**
   * Works in a directory.
   *
   * @param directory the directory; it is made by {@link #createDirectory} of the empty name
   */
  public PathStore(Path directory) {
    this.directory = directory;
  }

  /**
   * Where it works.
   *
   * @return the directory, as it was given
   */
  public Path directory() {
    return directory;
  }

  /** Whether a system says that there is no space, in the words of any. */
  static boolean saysFull(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No space left")
        || message.contains("quota exceeded")
        || message.contains("not enough space");
  }

  private Path path(String name) {
    return name.isEmpty() ? directory : directory.resolve(name);
  }

  @Override
  public StoreFile open(String name, Access access) throws IOException {
    if (access == Access.READ && isForeign()) {
      // An archive, for instance, has no file channels, or makes temporary files for them.
      SeekableByteChannel channel = Files.newByteChannel(path(name));
      if (!(channel instanceof FileChannel)) {
        return new ReadOnlyFile(channel);
      }
      channel.close();
    }
    synchronized (open) {
      HostFile file = new HostFile(name, access);
      open.computeIfAbsent(name, any -> new HashSet<>()).add(file);
      return file;
    }
  }

  /** Whether another provider than the system's own stores the files. */
  private boolean isForeign() {
    return directory.getFileSystem() != FileSystems.getDefault();
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(path(name));
  }

  @Override
  public void createDirectory(String name) throws IOException {
    Path path = path(name);
    if (Files.isDirectory(path)) {
      return;
    }
    try {
      if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectory(path);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path)) {
        throw e;
      }
      // Another thread was faster.
    }
  }

  @Override
  public void move(String from, String to) throws IOException {
    synchronized (open) {
      Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
      open.remove(to); // what was there lives on in its channels only
      Set<HostFile> moved = open.remove(from);
      if (moved != null) {
        moved.forEach(file -> file.name = to);
        open.put(to, moved);
      }
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(path(name));
  }

  @Override
  public List<String> list(String name) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path(name))) {
      for (Path path : stream) {
        names.add(path.getFileName().toString());
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  /**
   * Makes the names in a folder durable, where the file system can do that. Windows and providers
   * that do not open folders keep names by themselves, and so does a file system of the host that
   * calls it an invalid argument; there it does nothing.
   */
  @Override
  public void syncDirectory(String name) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          syncFolder(path(name));
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void syncFolder(Path folder) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (NoSuchFileException | ClosedByInterruptException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      if (opensFolders()) {
        throw e;
      }
      return;
    }
    try (channel) {
      channel.force(true);
    } catch (IOException e) {
      if (!"Invalid argument".equals(e.getMessage())) {
        throw e;
      }
    }
  }

  /** Whether the provider opens folders, so that an error at doing so is one of the medium. */
  private boolean opensFolders() {
    return !isForeign()
        && !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");
  }

  /** One file after the other when they are few; else several at a time, which share a commit. */
  @Override
  public void syncAll(Collection<StoreFile> files) throws IOException {
    if (files.size() < FEW) {
      Store.super.syncAll(files);
      return;
    }
    List<Future<?>> results = new ArrayList<>(files.size());
    for (StoreFile file : files) {
      results.add(
          SYNCS.submit(
              () -> {
                file.sync();
                return null;
              }));
    }
    IOException failure = null;
    for (Future<?> result : results) {
      try {
        EarlySync.await(result);
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public long usableSpace() throws IOException {
    return figure(FileStore::getUsableSpace);
  }

  @Override
  public long totalSpace() throws IOException {
    return figure(FileStore::getTotalSpace);
  }

  /** A number of bytes that the medium tells. */
  private interface Figure {
    long of(FileStore medium) throws IOException;
  }

  /** Some providers do not know their medium, and some tell more than fits as a negative number. */
  private long figure(Figure figure) throws IOException {
    try {
      long bytes = figure.of(Files.getFileStore(directory));
      return bytes < 0 ? Long.MAX_VALUE : bytes;
    } catch (UnsupportedOperationException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public AutoCloseable lock(LockMode mode) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return VolumeLock.acquire(directory, mode == LockMode.EXCLUSIVE);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  @Override
  public void close() {
    // Files are closed by who opened them.
  }

  /** A file of a medium that has no file channels. */
  private static final class ReadOnlyFile implements StoreFile {

    private final SeekableByteChannel channel; // guarded by this

    ReadOnlyFile(SeekableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public synchronized long size() throws IOException {
      return channel.size();
    }

    @Override
    public synchronized int read(long position, byte[] target, int offset, int length)
        throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
      channel.position(position);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // until the buffer is full or the file ends
      }
      return buffer.position() - offset;
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) {
      throw new NonWritableChannelException();
    }

    @Override
    public void truncate(long size) {
      throw new NonWritableChannelException();
    }

    @Override
    public void sync() {
      throw new NonWritableChannelException();
    }

    @Override
    public synchronized void close() throws IOException {
      channel.close();
    }
  }

  private final class HostFile implements StoreFile {

    private final boolean writable;
    private volatile String name;
    private volatile boolean closed;
    private volatile FileChannel channel;
    private final EarlySync early = new EarlySync(SYNCS, this::force);

    HostFile(String name, Access access) throws IOException {
      this.name = name;
      writable = access != Access.READ;
      channel = FileChannel.open(path(name), options(access));
    }

    private static Set<OpenOption> options(Access access) {
      Set<OpenOption> options = new HashSet<>(EnumSet.of(StandardOpenOption.READ));
      if (access != Access.READ) {
        options.add(StandardOpenOption.WRITE);
      }
      if (access == Access.CREATE) {
        options.add(StandardOpenOption.CREATE);
      }
      return options;
    }

    /** An operation on the channel; may be repeated. */
    private interface Operation {
      long run(FileChannel channel) throws IOException;
    }

    private long uninterrupted(Operation operation) throws IOException {
      boolean interrupted = Thread.interrupted();
      try {
        while (true) {
          FileChannel current = channel;
          try {
            return operation.run(current);
          } catch (ClosedByInterruptException e) {
            interrupted |= Thread.interrupted();
            reopen(current);
          } catch (ClosedChannelException e) {
            if (closed) {
              throw e;
            }
            reopen(current); // another thread was interrupted
          } catch (IOException e) {
            throw translate(e);
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private synchronized void reopen(FileChannel broken) throws IOException {
      if (closed) {
        throw new ClosedChannelException();
      }
      if (channel == broken) {
        synchronized (open) { // so that it is not moved in between
          channel = FileChannel.open(path(name), options(writable ? Access.WRITE : Access.READ));
        }
      }
    }

    /** A write that failed for want of space, whatever the system's words for it. */
    private IOException translate(IOException e) {
      boolean full = saysFull(e);
      try {
        full |= writable && usableSpace() == 0;
      } catch (IOException inner) {
        e.addSuppressed(inner);
      }
      return full ? new NoSpaceException(path(name).toString(), 0, -1, e) : e;
    }

    @Override
    public long size() throws IOException {
      return uninterrupted(FileChannel::size);
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
      return (int)
          uninterrupted(
              current -> {
                ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
                while (buffer.hasRemaining()) {
                  if (current.read(buffer, position + (buffer.position() - offset)) < 0) {
                    break;
                  }
                }
                return (long) buffer.position() - offset;
              });
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
      uninterrupted(
          current -> {
            ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
            while (buffer.hasRemaining()) {
              current.write(buffer, position + (buffer.position() - offset));
            }
            return 0;
          });
      early.written(length);
    }

    @Override
    public void truncate(long size) throws IOException {
      uninterrupted(
          current -> {
            long now = current.size();
            if (size < now) {
              current.truncate(size);
            } else if (size > now) {
              current.write(ByteBuffer.allocate(1), size - 1);
            }
            return 0;
          });
    }

    @Override
    public void sync() throws IOException {
      early.finish();
      force();
    }

    private void force() throws IOException {
      uninterrupted(
          current -> {
            current.force(false);
            return 0;
          });
    }

    @Override
    public void close() throws IOException {
      synchronized (open) {
        Set<HostFile> same = open.get(name);
        if (same != null && same.remove(this) && same.isEmpty()) {
          open.remove(name);
        }
      }
      try {
        early.finish();
      } finally {
        closeChannel();
      }
    }

    private synchronized void closeChannel() throws IOException {
      closed = true;
      channel.close();
    }
  }
}
