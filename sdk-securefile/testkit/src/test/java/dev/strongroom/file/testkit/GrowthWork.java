// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * A process with a small heap in which a file, a volume or a directory grows; it prints what
 * operations cost when it is small and when it is large, one line each: {@code what stage reads
 * bytesRead writes bytesWritten commands allocated nanoseconds}, all for one operation.
 */
final class GrowthWork {

  private static final int FILE = 200;

  /** Directories whose files are opened. */
  private static final int DIRECTORIES = 5;

  private static final int SAMPLES = 125;
  private static final OpenOption[] CREATE = {
    StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE
  };

  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong bytesWritten = new AtomicLong();
  private final Random random = new Random(20260305);
  private final TestElement element = TestElement.create();
  private final ElementSession session = element.login();

  private final Path directory;
  private SecureFileSystem volume;

  private GrowthWork(Path directory) throws IOException {
    this.directory = directory;
    volume = SecureFileSystem.create(session, counted(new PathStore(directory)), options());
  }

  private static VolumeOptions options() {
    return VolumeOptions.builder().cacheBytes(8 << 20).journalBytes(4 << 20).build();
  }

  /** Lets the volume forget what it has in memory. */
  private void reopen() throws IOException {
    volume.close();
    volume = SecureFileSystem.open(session, counted(new PathStore(directory)), options());
  }

  /** The arguments: a directory that is not there, what grows, and to what. */
  public static void main(String[] arguments) throws Exception {
    GrowthWork work = new GrowthWork(Path.of(arguments[0]));
    long size = Long.parseLong(arguments[2]);
    switch (arguments[1]) {
      case "file" -> work.growFile(size);
      case "files" -> work.growVolume(size, 1000);
      case "names" -> work.growVolume(size, size);
      default -> throw new IllegalArgumentException(arguments[1]);
    }
    work.volume.close();
    work.session.close();
    work.element.close();
    System.out.println("done");
  }

  // ---- what grows

  private void growFile(long size) throws IOException {
    long small = Math.max(24 << 20, size / 100);
    try (SecureFile file = volume.openFile("file", CREATE)) {
      append(file, small);
    }
    measureFile("small", small);
    try (SecureFile file = volume.openFile("file", StandardOpenOption.WRITE)) {
      file.seek(small);
      append(file, size - small);
    }
    measureFile("large", size);
  }

  private static void append(SecureFile file, long bytes) throws IOException {
    byte[] chunk = SampleBytes.of(1, 1 << 20);
    for (long done = 0; done < bytes; done += chunk.length) {
      file.write(chunk, 0, (int) Math.min(chunk.length, bytes - done));
    }
  }

  private void measureFile(String stage, long size) throws IOException {
    reopen();
    byte[] sector = new byte[4096];
    long sectors = size / 4096;
    measure("open", stage, i -> volume.openFile("file", StandardOpenOption.READ).close());
    try (SecureFile file =
        volume.openFile("file", StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      measure(
          "read",
          stage,
          i -> file.pread((random.nextLong() >>> 1) % sectors * 4096, sector, 0, 4096));
      measure(
          "overwrite",
          stage,
          i -> {
            file.pwrite((random.nextLong() >>> 1) % sectors * 4096, sector, 0, 4096);
            file.sync();
          });
    }
  }

  private void growVolume(long names, long each) throws IOException {
    long sample = Math.max(2L * SAMPLES, names / 100);
    create("create", "small", 0, sample, each);
    measureNames("small", sample, each);
    create("", "", sample, names - sample, each);
    create("create", "large", names - sample, names, each);
    measureNames("large", names, each);
  }

  private void create(String what, String stage, long from, long to, long each) throws IOException {
    byte[] content = SampleBytes.of(2, FILE);
    Work work =
        i -> {
          long number = from + i;
          if (number % each == 0) {
            volume.createDirectory("d" + number / each);
          }
          try (SecureFile file = volume.openFile(path(number, each), CREATE)) {
            file.write(content);
          }
        };
    if (what.isEmpty()) {
      for (long i = 0; i < to - from; i++) {
        work.run(i);
      }
    } else {
      reopen(); // so that what is put in place is theirs, and all of it
      measure(
          what,
          stage,
          to - from,
          i -> {
            work.run(i);
            if (from + i == to - 1) {
              reopen();
            }
          });
    }
  }

  private static String path(long number, long each) {
    return "d" + number / each + "/name of file " + number;
  }

  /** One of many names, in few directories far apart, since each of them has to be opened once. */
  private static long sampled(long i, long names, long each) {
    long directories = Math.max(1, names / each);
    long few = Math.min(DIRECTORIES, directories);
    long apart = Math.min(each, names) / (SAMPLES / few + 1);
    return i % few * (directories / few) * each + i / few * apart;
  }

  private void measureNames(String stage, long names, long each) throws IOException {
    reopen();
    byte[] content = new byte[FILE];
    measure(
        "open and read",
        stage,
        i -> {
          String path = path(sampled(i, names, each), each); // each once
          try (SecureFile file = volume.openFile(path, StandardOpenOption.READ)) {
            if (file.read(content) != FILE) {
              throw new IllegalStateException(path);
            }
          }
        });
    measure(
        "rename",
        stage,
        i -> {
          String path = path(sampled(i, names, each) + 1, each);
          volume.rename(path, path + "!");
          volume.rename(path + "!", path);
        });
  }

  // ---- what it costs

  /** One of the operations that are measured. */
  private interface Work {
    void run(long index) throws IOException;
  }

  private void measure(String what, String stage, Work work) throws IOException {
    measure(what, stage, SAMPLES, work);
  }

  private void measure(String what, String stage, long times, Work work) throws IOException {
    long[] before = figures();
    for (long i = 0; i < times; i++) {
      work.run(i);
    }
    long[] after = figures();
    StringBuilder line = new StringBuilder(what.replace(' ', '-')).append(' ').append(stage);
    for (int i = 0; i < after.length; i++) {
      line.append(String.format(Locale.ROOT, " %.2f", (after[i] - before[i]) / (double) times));
    }
    System.out.println(line);
    System.gc();
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    System.out.println("heap " + stage + " " + used);
  }

  /** Bytes that this thread has allocated; the JDK's own figure, which has no standard class. */
  private static long allocated() {
    try {
      return (Long)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME),
                  "getThreadAllocatedBytes",
                  new Object[] {Thread.currentThread().getId()},
                  new String[] {"long"});
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  private long[] figures() {
    return new long[] {
      reads.get(),
      bytesRead.get(),
      writes.get(),
      bytesWritten.get(),
      element.commands(),
      allocated(),
      System.nanoTime()
    };
  }

  /** Counts, and leaves syncs out, which cost time and nothing that is counted. */
  private Store counted(Store store) {
    return proxy(
        Store.class,
        store,
        (name, arguments, result) -> {
          if (result instanceof StoreFile file) {
            return proxy(StoreFile.class, file, this::count);
          }
          return result;
        });
  }

  private Object count(String name, Object[] arguments, Object result) {
    if (name.equals("read")) {
      reads.incrementAndGet();
      bytesRead.addAndGet((Integer) result);
    } else if (name.equals("write")) {
      writes.incrementAndGet();
      bytesWritten.addAndGet((Integer) arguments[3]);
    }
    return result;
  }

  /** What is done after each call. */
  private interface After {
    Object call(String method, Object[] arguments, Object result);
  }

  private static <T> T proxy(Class<T> type, T target, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "sync", "syncDirectory", "syncAll" -> {
                  return null;
                }
                case "hashCode" -> {
                  return System.identityHashCode(proxy);
                }
                case "equals" -> {
                  return proxy == arguments[0];
                }
                default -> {
                  try {
                    Object result = method.invoke(target, arguments);
                    return after.call(method.getName(), arguments, result);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }
              }
            }));
  }
}
