// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.FileType;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Key source 1: file keys that an element wraps under a managed key of its key store. */
@Tag("jdk25")
class ManagedKeyTest {

  private static final byte[] CONTENT = SampleBytes.of(1, 500_000);
  private static final byte[] ATTRIBUTE = SampleBytes.of(2, 20_000);

  private TestElement element;
  private KeyStoreElement store;
  private SecureElement open;
  private ElementSession session;
  private final MemoryStore medium = new MemoryStore();

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create();
    store = new KeyStoreElement(element.simulated);
    open = SecureElement.open(store);
    session = TestElement.login(open);
  }

  @AfterEach
  void logout() {
    session.close();
    open.close();
    element.close();
  }

  private static VolumeOptions options(Bytes keyId, KeyScope scope) {
    return VolumeOptions.builder()
        .managedKey(keyId)
        .keyScope(scope)
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .build();
  }

  private static void fill(SecureFileSystem volume) throws IOException {
    volume.createDirectory("letters");
    try (SecureFile file = volume.openFile("letters/long", CREATE, WRITE)) {
      file.write(CONTENT);
      file.sync();
    }
    volume.setUserAttribute("letters/long", "large", ATTRIBUTE); // needs an attribute stream
    volume.createSymbolicLink("link", "letters/long");
    volume.sync();
  }

  private static void requireAll(SecureFileSystem volume) throws IOException {
    byte[] found = new byte[CONTENT.length + 1];
    try (SecureFile file = volume.openFile("link", READ)) {
      assertThat(file.pread(0, found, 0, found.length)).isEqualTo(CONTENT.length);
    }
    assertThat(java.util.Arrays.copyOf(found, CONTENT.length)).isEqualTo(CONTENT);
    assertThat(volume.userAttribute("letters/long", "large")).isEqualTo(ATTRIBUTE);
    assertThat(volume.stat("link", java.nio.file.LinkOption.NOFOLLOW_LINKS).type())
        .isEqualTo(FileType.SYMBOLIC_LINK);
    assertThat(volume.check(CheckListener.SILENT).findings())
        .allMatch(each -> each.severity() == Severity.REPAIRED);
  }

  @ParameterizedTest
  @EnumSource(KeyScope.class)
  void aVolumeUnderAManagedKeyComesBack(KeyScope scope) throws IOException {
    VolumeOptions options = options(KeyStoreElement.KEY_ID, scope);
    try (SecureFileSystem volume = SecureFileSystem.create(session, medium, options)) {
      fill(volume);
      assertThat(volume.info().managedKey()).contains(KeyStoreElement.KEY_ID);
    }
    // The volume, its root directory, the directory, the file, its attribute stream and the link.
    assertThat(store.created.get()).isEqualTo(6);
    VolumeOptions reading = VolumeOptions.builder().readOnly().build();
    int writing = store.intents(ManagedFileKey.Intent.WRITE);
    try (SecureFileSystem volume = SecureFileSystem.open(session, medium, reading)) {
      requireAll(volume);
      assertThat(volume.stat("letters/long").keyScope()).isEqualTo(scope);
    }
    assertThat(store.intents(ManagedFileKey.Intent.READ)).isPositive();
    assertThat(store.intents(ManagedFileKey.Intent.WRITE)).isEqualTo(writing);
    try (SecureFileSystem volume = SecureFileSystem.open(session, medium, options)) {
      requireAll(volume);
    }
    assertThat(store.intents(ManagedFileKey.Intent.WRITE)).isGreaterThan(writing);
    for (String host : medium.files()) {
      if (host.startsWith("strongroom.files/")) {
        byte[] header = header(host);
        assertThat(header[21]).as(host).isEqualTo((byte) 1);
        assertThat(Bytes.copyOf(header, 88, 16)).isEqualTo(KeyStoreElement.KEY_ID);
        assertThat(Bytes.copyOf(header, 104, 2)).hasToString("0028");
      }
    }
  }

  private byte[] header(String host) throws IOException {
    byte[] header = new byte[4096];
    try (StoreFile file = medium.open(host, Store.Access.READ)) {
      file.read(0, header, 0, header.length);
    }
    return header;
  }

  @ParameterizedTest
  @EnumSource(KeyScope.class)
  void aReKeyTakesANewFileKeyUnderTheKeyOfTheDay(KeyScope scope) throws IOException {
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, medium, options(KeyStoreElement.KEY_ID, scope))) {
      fill(volume);
    }
    String host;
    byte[] before;
    byte[] after;
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, medium, options(KeyStoreElement.OTHER_KEY_ID, scope))) {
      host = volume.stat("letters/long").hostName();
      before = header(host);
      volume.rekey("letters/long");
      requireAll(volume);
      after = header(host);
    }
    assertThat(Bytes.copyOf(after, 40, 32)).isEqualTo(Bytes.copyOf(before, 40, 32)); // UID, RND
    assertThat(Bytes.copyOf(after, 72, 4)).hasToString("00000001");
    assertThat(Bytes.copyOf(before, 88, 16)).isEqualTo(KeyStoreElement.KEY_ID);
    assertThat(Bytes.copyOf(after, 88, 16)).isEqualTo(KeyStoreElement.OTHER_KEY_ID);
    assertThat(Bytes.copyOf(after, 106, 40)).isNotEqualTo(Bytes.copyOf(before, 106, 40));
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, medium, VolumeOptions.defaults())) {
      requireAll(volume);
      volume.rekey("letters/long"); // under the key that it has
      requireAll(volume);
    }
    assertThat(Bytes.copyOf(header(host), 88, 16)).isEqualTo(KeyStoreElement.OTHER_KEY_ID);
  }

  @ParameterizedTest
  @EnumSource(KeyScope.class)
  void whatWasSyncedIsThereAfterACrash(KeyScope scope) throws IOException {
    VolumeOptions options = options(KeyStoreElement.KEY_ID, scope);
    MemoryStore crashed;
    try (SecureFileSystem volume = SecureFileSystem.create(session, medium, options)) {
      fill(volume);
      crashed = medium.copy();
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, crashed, options)) {
      requireAll(volume);
    }
  }

  /** New files of a volume whose own keys are derived. */
  @Test
  void bothKindsOfFilesStandSideBySide() throws IOException {
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, medium, VolumeOptions.defaults())) {
      fill(volume);
    }
    assertThat(store.created.get()).isZero();
    VolumeOptions managed = options(KeyStoreElement.KEY_ID, KeyScope.FILE);
    try (SecureFileSystem volume = SecureFileSystem.open(session, medium, managed);
        SecureFile file = volume.openFile("managed", CREATE, WRITE)) {
      file.write(CONTENT);
    }
    assertThat(store.created.get()).isEqualTo(1);
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, medium, VolumeOptions.defaults())) {
      requireAll(volume);
      assertThat(volume.listAttributes("/")).hasSize(3);
      byte[] found = new byte[10];
      try (SecureFile file = volume.openFile("managed", READ)) {
        file.pread(0, found, 0, 10);
      }
      assertThat(found).isEqualTo(java.util.Arrays.copyOf(CONTENT, 10));
    }
  }

  /** A volume under a managed key belongs to every element that has the key. */
  @Test
  void anotherElementWithTheManagedKeyOpensTheVolume() throws IOException {
    VolumeOptions options = options(KeyStoreElement.KEY_ID, KeyScope.PAGE);
    try (SecureFileSystem volume = SecureFileSystem.create(session, medium, options)) {
      fill(volume);
    }
    try (TestElement second = TestElement.create();
        SecureElement other = SecureElement.open(new KeyStoreElement(second.simulated));
        ElementSession its = TestElement.login(other);
        SecureFileSystem volume = SecureFileSystem.open(its, medium, options)) {
      requireAll(volume);
    }
  }

  @Test
  void anElementWithoutTheManagedKeySaysSo() throws IOException {
    VolumeOptions options = options(KeyStoreElement.KEY_ID, KeyScope.FILE);
    try (ElementSession plain = element.login()) {
      assertThatThrownBy(() -> SecureFileSystem.create(plain, new MemoryStore(), options))
          .isInstanceOfSatisfying(
              KeyNotFoundException.class,
              e -> assertThat(e.key().bytes()).isEqualTo(KeyStoreElement.KEY_ID));
      SecureFileSystem.create(session, medium, options).close();
      for (VolumeOptions how : List.of(options, VolumeOptions.builder().readOnly().build())) {
        assertThatThrownBy(() -> SecureFileSystem.open(plain, medium, how))
            .isInstanceOfSatisfying(
                KeyNotFoundException.class,
                e -> assertThat(e.key().bytes()).isEqualTo(KeyStoreElement.KEY_ID));
      }
    }
  }
}
