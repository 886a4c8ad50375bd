// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.strongroom.core.device.ElementSession;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the end of a file system, or of the session under it, does to all that hangs on it. */
@SuppressWarnings("StreamResourceLeak") // what closing does to it is the question
class FileSystemClosingTest {

  @TempDir Path directory;

  private TestElement element;
  private ElementSession session;
  private FileSystem files;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    element = TestElement.create();
    session = element.login();
    files = reopened();
    file = files.getPath("/f");
    Files.writeString(file, "content");
  }

  private FileSystem reopened() throws IOException {
    return FileSystems.newFileSystem(
        URI.create("strongroom:" + directory.resolve("volume")),
        Map.of("session", session, "create", "true"));
  }

  @AfterEach
  void close() throws IOException {
    files.close();
    session.close();
    element.close();
  }

  @Test
  void closingTwiceIsOne() throws IOException {
    files.close();
    files.close();
    assertThat(files.isOpen()).isFalse();
  }

  @Test
  void everyOpenChannelIsClosedWithTheFileSystem() throws Exception {
    SeekableByteChannel bytes = Files.newByteChannel(file);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileChannel folder = FileChannel.open(files.getPath("/"), StandardOpenOption.READ);
    AsynchronousFileChannel asynchronous = AsynchronousFileChannel.open(file);
    InputStream stream = Files.newInputStream(file);
    FileLock lock = channel.lock(0, 2, false);
    FileLock other = asynchronous.tryLock(2, 2, true);
    channel.write(ByteBuffer.wrap("CON".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    files.close();
    assertThat(bytes.isOpen()).isFalse();
    assertThat(channel.isOpen()).isFalse();
    assertThat(folder.isOpen()).isFalse();
    assertThat(asynchronous.isOpen()).isFalse();
    assertThat(lock.isValid()).isFalse();
    assertThat(other.isValid()).as("the lock of the asynchronous channel").isFalse();
    ByteBuffer buffer = ByteBuffer.allocate(10);
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> bytes.read(buffer),
            () -> channel.read(buffer, 0),
            () -> channel.write(buffer),
            channel::size,
            channel::position,
            () -> channel.force(true),
            () -> channel.truncate(0),
            channel::lock,
            () -> channel.transferTo(0, 1, bytes),
            () -> folder.force(true),
            stream::read)) {
      assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
    }
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> asynchronous.read(buffer, 0).get())
        .withCauseInstanceOf(ClosedChannelException.class);
    channel.close();
    stream.close();
    asynchronous.close();
    files = reopened();
    assertThat(Files.readString(files.getPath("/f"))).isEqualTo("CONtent");
  }

  @Test
  void noLockOutlivesAnAsynchronousChannelThatClosesWhileItIsGranted() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (FileChannel beside = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int round = 0; round < 500; round++) {
        AsynchronousFileChannel channel =
            AsynchronousFileChannel.open(file, StandardOpenOption.WRITE);
        CountDownLatch locking = new CountDownLatch(1);
        Future<?> locked = threads.submit(() -> lockUntilClosed(channel, locking));
        locking.await();
        channel.close();
        locked.get();
        try (FileLock lock = beside.tryLock()) {
          assertThat(lock.isValid()).isTrue();
        } catch (OverlappingFileLockException e) {
          throw new AssertionError("a lock has stayed in round " + round, e);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void lockUntilClosed(AsynchronousFileChannel channel, CountDownLatch locking) {
    try {
      while (true) {
        FileLock lock = channel.tryLock();
        locking.countDown();
        lock.release();
      }
    } catch (IOException e) {
      assertThat(e).isInstanceOf(ClosedChannelException.class);
    }
  }

  @Test
  void aClosedFileSystemAnswersNothingButQuestionsAboutPaths() throws IOException {
    WatchService watcher = files.newWatchService();
    files.getPath("/").register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
    DirectoryStream<Path> stream = Files.newDirectoryStream(files.getPath("/"));
    BasicFileAttributeView view = Files.getFileAttributeView(file, BasicFileAttributeView.class);
    files.close();
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> Files.readString(file),
            () -> Files.writeString(file, "x"),
            () -> Files.newDirectoryStream(files.getPath("/")),
            () -> Files.createDirectory(files.getPath("/d")),
            () -> Files.createSymbolicLink(files.getPath("/l"), file),
            () -> Files.delete(file),
            () -> Files.deleteIfExists(file),
            () -> Files.copy(file, files.getPath("/g")),
            () -> Files.move(file, files.getPath("/g")),
            () -> Files.getFileStore(file),
            () -> files.getFileStores().iterator().next().getTotalSpace(),
            () -> Files.getLastModifiedTime(file),
            () -> Files.readAttributes(file, "*"),
            () -> Files.setAttribute(file, "user:a", new byte[1]),
            view::readAttributes,
            file::toRealPath,
            files::newWatchService)) {
      assertThatExceptionOfType(ClosedFileSystemException.class).isThrownBy(use);
    }
    assertThatExceptionOfType(ClosedWatchServiceException.class).isThrownBy(watcher::poll);
    assertThat(file.resolve("../x").normalize()).isEqualTo(files.getPath("/x"));
    assertThat(file.toUri().toString()).endsWith("volume!/f");
    assertThat(files.getPathMatcher("glob:/*").matches(file)).isTrue();
    stream.close();
  }

  @Test
  void aDirectoryStreamThatIsClosedWithItsFileSystemHasNoIterator() throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(files.getPath("/"));
    files.close();
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(stream::iterator);
    stream.close();
  }

  @Test
  void anIteratorUnderWayEndsWithItsFileSystem() throws IOException {
    Files.writeString(files.getPath("/g"), "more");
    Files.writeString(files.getPath("/h"), "more");
    DirectoryStream<Path> fresh = Files.newDirectoryStream(files.getPath("/"));
    DirectoryStream<Path> ahead = Files.newDirectoryStream(files.getPath("/"));
    Iterator<Path> none = fresh.iterator();
    Iterator<Path> one = ahead.iterator();
    assertThat(none.next()).isNotNull();
    assertThat(one.hasNext()).isTrue();
    files.close();
    assertThat(none.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(none::next);
    assertThat(one.next()).as("what was read ahead").isNotNull();
    assertThat(one.hasNext()).isFalse();
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(one::next);
    fresh.close();
    ahead.close();
  }

  @Test
  void readersAndWritersInTheMiddleEndWithTheirOwnErrorAndNoHarmIsDone() throws Exception {
    byte[] first = filled(1);
    Path shared = files.getPath("/shared");
    Files.write(shared, first);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      CountDownLatch running = new CountDownLatch(4);
      List<Future<Throwable>> ends = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        boolean writing = i % 2 == 0;
        ends.add(threads.submit(() -> useUntilItEnds(shared, writing, running)));
      }
      running.await();
      files.close();
      for (Future<Throwable> end : ends) {
        assertThat(end.get())
            .isInstanceOfAny(ClosedChannelException.class, ClosedFileSystemException.class);
      }
    } finally {
      threads.shutdownNow();
    }
    files = reopened();
    byte[] left = Files.readAllBytes(files.getPath("/shared"));
    assertThat(left).hasSize(first.length);
    for (int at = 0; at < left.length; at += BLOCK) {
      byte[] block = Arrays.copyOfRange(left, at, at + BLOCK);
      assertThat(block).as("block at %s", at).containsOnly(block[0]);
    }
  }

  private static final int BLOCK = 1000;

  private static byte[] filled(int value) {
    byte[] content = new byte[200 * BLOCK];
    Arrays.fill(content, (byte) value);
    return content;
  }

  private static Throwable useUntilItEnds(Path path, boolean writing, CountDownLatch running) {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      for (int round = 0; ; round++) {
        if (round == 3) {
          running.countDown();
        }
        long at = (long) BLOCK * (round * 7 % 200);
        block.clear();
        if (writing) {
          Arrays.fill(block.array(), (byte) round);
          channel.write(block, at);
        } else {
          channel.read(block, at);
        }
      }
    } catch (Exception e) {
      return e;
    } finally {
      running.countDown();
    }
  }

  @Test
  void withoutItsSessionAFileSystemFailsByItsOwnErrorsAndStillCloses() throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    Files.createDirectory(files.getPath("/d"));
    session.close();
    ByteBuffer buffer = ByteBuffer.allocate(10);
    assertThatExceptionOfType(ClosedChannelException.class)
        .isThrownBy(() -> channel.read(buffer, 0));
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> Files.readString(file),
            () -> Files.writeString(files.getPath("/g"), "x"),
            () -> Files.getLastModifiedTime(file),
            () -> Files.delete(files.getPath("/d")))) {
      assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(use);
    }
    channel.close();
    files.close();
    session = element.login();
    files = reopened();
    assertThat(Files.readString(files.getPath("/f"))).isEqualTo("content");
    assertThat(Files.isDirectory(files.getPath("/d"))).isTrue();
  }
}
