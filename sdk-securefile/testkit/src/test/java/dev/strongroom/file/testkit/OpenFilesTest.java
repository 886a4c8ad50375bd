// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many files can be open at a time: each has at most one descriptor of the host. */
final class OpenFilesTest {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** How often each host file is open now, and the most that it ever was. */
  private static final class Counting {
    final Map<String, Integer> open = new ConcurrentHashMap<>();
    final Map<String, Integer> most = new ConcurrentHashMap<>();

    Store around(Store real) {
      return wrap(Store.class, real, "");
    }

    private <T> T wrap(Class<T> type, Object real, String host) {
      Object proxy =
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                try {
                  Object result = method.invoke(real, arguments);
                  if (result instanceof StoreFile) {
                    String name = (String) arguments[0];
                    most.merge(name, open.merge(name, 1, Integer::sum), Math::max);
                    return wrap(StoreFile.class, result, name);
                  }
                  if (real instanceof StoreFile && method.getName().equals("close")) {
                    open.merge(host, -1, Integer::sum);
                  }
                  return result;
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
      return type.cast(proxy);
    }
  }

  private static void fill(SecureFileSystem volume, int files) throws IOException {
    for (int i = 0; i < files; i++) {
      try (SecureFile file = volume.openFile("file" + i, CREATE, WRITE)) {
        file.write(SampleBytes.of(i, 100));
      }
    }
  }

  @Test
  void tenThousandFilesAreOpenOnceEach() throws IOException {
    int files = 10_000;
    VolumeOptions options = VolumeOptions.builder().cacheBytes(4 << 20).build();
    try (ElementSession session = TestElement.create().login()) {
      MemoryStore memory = new MemoryStore();
      try (SecureFileSystem volume = SecureFileSystem.create(session, memory, options)) {
        fill(volume, files);
      }
      Counting counting = new Counting();
      List<SecureFile> opened = new ArrayList<>();
      try (SecureFileSystem volume =
          SecureFileSystem.open(session, counting.around(memory), options)) {
        byte[] found = new byte[100];
        for (int i = 0; i < files; i++) {
          SecureFile file = volume.openFile("file" + i, READ, WRITE);
          opened.add(file);
          file.pread(0, found, 0, found.length);
          assertThat(found).isEqualTo(SampleBytes.of(i, 100));
        }
        assertThat(counting.open.values().stream().mapToInt(each -> each).sum())
            .as("beside the files: journal, lock and directories")
            .isBetween(files, files + 10);
        for (int i = 0; i < files; i += 100) {
          opened.get(i).pwrite(5000, found, 0, found.length);
        }
        volume.sync();
        assertThat(counting.most.values()).allMatch(most -> most == 1);
        for (SecureFile file : opened) {
          file.close();
        }
      }
      assertThat(counting.open.values()).allMatch(now -> now == 0);
      memory.assertAllClosed();
    }
  }

  @Test
  void theProcessHasOneDescriptorForEach(@TempDir Path folder) throws IOException {
    assumeThat(Files.isDirectory(DESCRIPTORS)).as("%s is there", DESCRIPTORS).isTrue();
    int files = 200;
    VolumeOptions options = VolumeOptions.defaults();
    try (ElementSession session = TestElement.create().login();
        SecureFileSystem volume =
            SecureFileSystem.create(session, new PathStore(folder), options)) {
      fill(volume, files);
      volume.sync();
      long before = descriptors();
      List<SecureFile> opened = new ArrayList<>();
      for (int i = 0; i < files; i++) {
        SecureFile file = volume.openFile("file" + i, READ, WRITE);
        file.pread(0, new byte[100], 0, 100);
        opened.add(file);
      }
      assertThat(descriptors() - before).isLessThanOrEqualTo(files + 10);
      for (SecureFile file : opened) {
        file.close();
      }
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.count();
    }
  }
}
