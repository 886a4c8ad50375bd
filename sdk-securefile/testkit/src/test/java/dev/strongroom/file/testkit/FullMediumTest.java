// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A volume on a medium that others fill: what is committed stays, and room can be made. */
class FullMediumTest {

  private static final VolumeOptions OPTIONS =
      VolumeOptions.builder().journalBytes(1 << 20).cacheBytes(2 << 20).build();

  private TestElement element;
  private ElementSession session;
  private final MemoryStore medium = new MemoryStore();
  private long capacity = Long.MAX_VALUE;

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  // ---- a medium with a capacity

  private long used() {
    return used("");
  }

  private long used(String folder) {
    try {
      long bytes = 0;
      for (String name : medium.list(folder)) {
        String path = folder.isEmpty() ? name : folder + "/" + name;
        bytes += isFile(path) ? (medium.content(path).length + 4095L) / 4096 * 4096 : used(path);
      }
      return bytes;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private boolean isFile(String path) {
    try {
      medium.open(path, Store.Access.READ).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void requireRoom(StoreFile file, long end) throws IOException {
    long more = (end + 4095) / 4096 * 4096 - (file.size() + 4095) / 4096 * 4096;
    if (capacity != Long.MAX_VALUE && more > 0 && used() + more > capacity) {
      throw new NoSpaceException("medium", 0, -1, null);
    }
  }

  private Store limited() {
    return proxy(
        Store.class,
        (method, arguments) ->
            method.getName().equals("usableSpace") && capacity != Long.MAX_VALUE
                ? Math.max(0, capacity - used())
                : wrapped(method.invoke(medium, arguments)));
  }

  private Object wrapped(Object result) {
    return result instanceof StoreFile file ? limited(file) : result;
  }

  private StoreFile limited(StoreFile file) {
    return proxy(
        StoreFile.class,
        (method, arguments) -> {
          if (method.getName().equals("write")) {
            requireRoom(file, (long) arguments[0] + (int) arguments[3]);
          } else if (method.getName().equals("truncate")) {
            requireRoom(file, (long) arguments[0]);
          }
          return method.invoke(file, arguments);
        });
  }

  private interface Call {
    Object run(java.lang.reflect.Method method, Object[] arguments) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals("syncAll")) {
                for (Object file : (Iterable<?>) arguments[0]) {
                  ((StoreFile) file).sync();
                }
                return null;
              }
              try {
                return call.run(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(content);
    }
  }

  // ---- tests

  @Test
  void aNewFileThatHasNoRoomIsRefusedBeforeAnythingChanges() throws IOException {
    Store store = limited();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS)) {
      put(volume, "old", SampleBytes.of(1, 50_000));
    }
    capacity = used();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(
              catchThrowableOfType(NoSpaceException.class, () -> volume.createDirectory("d"))
                  .needed())
          .isPositive();
      assertThat(
              catchThrowableOfType(NoSpaceException.class, () -> put(volume, "new", new byte[0])))
          .isNotNull();
      assertThat(volume.list("/")).hasSize(1);
    }
    capacity = Long.MAX_VALUE;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(volume.list("/")).hasSize(1);
    }
  }

  @Test
  void whatIsAcceptedFitsWhenItIsPutInPlace() throws IOException {
    Store store = limited();
    SecureFileSystem.create(session, store, OPTIONS).close();
    capacity = used() + (6 << 20);
    int made = 0;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      while (made < 2000) {
        put(volume, "f" + made, new byte[10]);
        made++;
      }
    } catch (NoSpaceException e) {
      assertThat(e.needed()).isGreaterThan(e.usable());
    }
    assertThat(made).isBetween(200, 1999);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(volume.list("/").size()).isGreaterThanOrEqualTo(made);
    }
  }

  @Test
  void onAFullMediumFilesCanBeReadAndRemovedToMakeRoom() throws IOException {
    Store store = limited();
    byte[] content = SampleBytes.of(1, 300_000);
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, OPTIONS)) {
      put(volume, "old", content);
    }
    SecureFileSystem volume = SecureFileSystem.open(session, store, OPTIONS);
    for (int i = 0; i < 10; i++) {
      put(volume, "f" + i, SampleBytes.of(i, 5000));
    }
    volume.sync();
    capacity = used(); // somebody else has filled the medium
    NoSpaceException full = catchThrowableOfType(NoSpaceException.class, volume::close);
    assertThat(full.needed()).isPositive();
    try (SecureFileSystem again = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(again.list("/")).hasSize(11);
      assertThat(ModelledVolume.content(again, "old")).isEqualTo(content);
      assertThat(ModelledVolume.content(again, "f3")).isEqualTo(SampleBytes.of(3, 5000));
    } // nothing was changed, so nothing is reported
    try (SecureFileSystem again = SecureFileSystem.open(session, store, OPTIONS)) {
      again.delete("old");
    }
    try (SecureFileSystem again = SecureFileSystem.open(session, store, OPTIONS)) {
      assertThat(again.list("/")).hasSize(10);
      for (int i : List.of(0, 9)) {
        assertThat(ModelledVolume.content(again, "f" + i)).isEqualTo(SampleBytes.of(i, 5000));
      }
    }
    medium.assertAllClosed();
  }
}
