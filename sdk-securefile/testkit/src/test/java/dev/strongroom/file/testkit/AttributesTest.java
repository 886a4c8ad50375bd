// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.AttributeTooLargeException;
import dev.strongroom.file.FileType;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.NoSuchAttributeException;
import dev.strongroom.file.SecureCreateMode;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Times, mode, owner and user attributes. */
@Tag("jdk25")
class AttributesTest {

  private static final Instant MODIFIED = Instant.parse("1969-12-31T23:59:59.123456789Z");
  private static final Instant ACCESSED = Instant.parse("2100-01-01T00:00:00.000000001Z");
  private static final Instant CREATED = Instant.ofEpochSecond(Long.MAX_VALUE >> 10, 999_999_999);

  private static TestElement element;
  private static ElementSession session;

  private final MemoryStore store = new MemoryStore();
  private final ManualExecutor executor = new ManualExecutor();
  private SecureFileSystem volume;

  @BeforeAll
  static void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  @BeforeEach
  void makeVolume() throws IOException {
    volume = SecureFileSystem.create(session, store, options());
    volume.createDirectory("d");
    put("d/f", "content");
    volume.createSymbolicLink("link", "d/f");
    volume.createSymbolicLink("dangling", "nowhere");
    tick();
  }

  @AfterEach
  void closeVolume() throws IOException {
    volume.close();
    store.assertAllClosed();
  }

  private VolumeOptions options() {
    return VolumeOptions.builder()
        .journalBytes(256 << 10)
        .cacheBytes(1 << 20)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private void reopen() throws IOException {
    volume.close();
    volume = SecureFileSystem.open(session, store, options());
  }

  /** Lets the clock move on. */
  private Instant tick() {
    executor.advance(Duration.ofMillis(1500));
    return executor.instant();
  }

  private void put(String path, String content) throws IOException {
    try (SecureFile file = volume.openFile(path, WRITE, CREATE, TRUNCATE_EXISTING)) {
      file.write(content.getBytes(UTF_8));
    }
  }

  // ---- times

  @Test
  void timesAreSetToTheNanosecondAndKept() throws IOException {
    for (String path : List.of("d/f", "d", "")) {
      Instant now = tick();
      volume.setTimes(path, MODIFIED, ACCESSED, CREATED);
      SecureFileAttributes set = volume.stat(path);
      assertThat(set.modified()).isEqualTo(MODIFIED);
      assertThat(set.accessed()).isEqualTo(ACCESSED);
      assertThat(set.created()).isEqualTo(CREATED);
      assertThat(set.changed()).isEqualTo(now);
    }
    tick();
    reopen();
    for (String path : List.of("d/f", "d", "")) {
      SecureFileAttributes kept = volume.stat(path);
      assertThat(List.of(kept.modified(), kept.accessed(), kept.created()))
          .containsExactly(MODIFIED, ACCESSED, CREATED);
      assertThat(kept.changed()).isBefore(executor.instant().minusSeconds(1));
    }
    volume.setTimes("d/f", null, Instant.EPOCH, null);
    SecureFileAttributes one = volume.stat("d/f");
    assertThat(List.of(one.modified(), one.accessed(), one.created()))
        .containsExactly(MODIFIED, Instant.EPOCH, CREATED);
  }

  @Test
  void writesMoveModifiedAndChangedReadsMoveNothing() throws IOException {
    SecureFileAttributes before = volume.stat("d/f");
    try (SecureFile file = volume.openFile("d/f", READ)) {
      assertThat(file.read(new byte[7])).isEqualTo(7);
    }
    assertThat(volume.stat("d/f")).isEqualTo(before);
    try (SecureFile file = volume.openFile("d/f", WRITE)) {
      Instant written = tick();
      file.write(new byte[10]);
      assertThat(volume.stat("d/f").modified()).isEqualTo(written);
      assertThat(volume.stat("d/f").changed()).isEqualTo(written);
      Instant set = tick();
      volume.setTimes("d/f", MODIFIED, null, null);
      assertThat(volume.stat("d/f").modified()).isEqualTo(MODIFIED);
      assertThat(volume.stat("d/f").changed()).isEqualTo(set);
      volume.sync();
      assertThat(volume.stat("d/f").modified()).isEqualTo(MODIFIED);
      Instant cut = tick();
      file.truncate(3);
      assertThat(volume.stat("d/f").modified()).isEqualTo(cut);
      Instant mode = tick();
      volume.setMode("d/f", 0640);
      assertThat(volume.stat("d/f").modified()).isEqualTo(cut);
      assertThat(volume.stat("d/f").changed()).isEqualTo(mode);
    }
    SecureFileAttributes shown = volume.stat("d/f");
    tick();
    reopen();
    SecureFileAttributes kept = volume.stat("d/f");
    assertThat(kept.modified()).isEqualTo(shown.modified());
    assertThat(kept.changed()).isEqualTo(shown.changed());
    assertThat(kept.created()).isEqualTo(before.created());
  }

  @Test
  void entriesThatComeGoAndMoveAreChangesOfTheirDirectories() throws IOException {
    volume.createDirectory("other");
    Instant made = tick();
    put("d/new", "x");
    assertThat(volume.stat("d").modified()).isEqualTo(made);
    tick();
    put("d/new", "changed");
    volume.setMode("d/new", 0777);
    volume.setUserAttribute("d/new", "large", new byte[5000]);
    assertThat(volume.stat("d").modified()).as("a change of the file alone").isEqualTo(made);
    assertThat(volume.stat("d").changed()).isEqualTo(made);
    Instant moved = tick();
    volume.rename("d/new", "other/moved");
    assertThat(volume.stat("d").modified()).isEqualTo(moved);
    assertThat(volume.stat("other").modified()).isEqualTo(moved);
    assertThat(volume.stat("other/moved").modified()).isBefore(moved);
    assertThat(volume.stat("other/moved").changed()).isEqualTo(moved);
    Instant removed = tick();
    volume.delete("other/moved");
    assertThat(volume.stat("other").modified()).isEqualTo(removed);
    reopen();
    assertThat(volume.stat("d").modified()).isEqualTo(moved);
    assertThat(volume.stat("other").modified()).isEqualTo(removed);
  }

  // ---- mode and owner

  @Test
  void modeAndOwnerAreStored() throws IOException {
    assertThat(volume.stat("d/f").mode()).isEqualTo(0600);
    assertThat(volume.stat("d").mode()).isEqualTo(0700);
    assertThat(volume.stat("").mode()).isEqualTo(0700);
    assertThat(volume.stat("link", NOFOLLOW_LINKS).mode()).isEqualTo(0777);
    assertThat(volume.stat("d/f").owner()).isZero();
    volume.createDirectory("made", 01755);
    volume.openFile("made/f", WRITE, CREATE, new SecureCreateMode(0444)).close();
    volume.openFile("made/f", WRITE, CREATE, new SecureCreateMode(0)).close();
    volume.setMode("link", 0);
    volume.setMode("dangling", 04711, NOFOLLOW_LINKS);
    volume.setOwner("d", 1000, -1);
    volume.setOwner("d", -1, -2);
    reopen();
    assertThat(volume.stat("made").mode()).isEqualTo(01755);
    assertThat(volume.stat("made/f").mode()).isEqualTo(0444);
    assertThat(volume.stat("d/f").mode()).isZero();
    assertThat(volume.stat("dangling", NOFOLLOW_LINKS).mode()).isEqualTo(04711);
    assertThat(volume.stat("d").owner()).isEqualTo(1000);
    assertThat(volume.stat("d").group()).isEqualTo(-2);
    put("made/f", "a mode is stored, not enforced");
    for (int mode : new int[] {-1, 010000}) {
      assertThatThrownBy(() -> volume.setMode("d", mode))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> volume.createDirectory("x", mode))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new SecureCreateMode(mode))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anOpeningHasOneModeAndOneKeyScopeAndMayRepeatItself() throws IOException {
    for (OpenOption[] both :
        new OpenOption[][] {
          {new SecureCreateMode(0644), new SecureCreateMode(0400)}, {KeyScope.FILE, KeyScope.PAGE}
        }) {
      assertThatThrownBy(() -> volume.openFile("two", WRITE, CREATE, both[0], both[1]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(volume.exists("two")).isFalse();
    }
    SecureCreateMode mode = new SecureCreateMode(0640);
    volume.openFile("one", WRITE, CREATE, WRITE, mode, new SecureCreateMode(0640)).close();
    assertThat(volume.stat("one").mode()).isEqualTo(0640);
  }

  @Test
  void attributesDoNotWaitForATransaction() throws IOException {
    try (SecureFile file = volume.openFile("d/f", WRITE, SecureOpenOption.TRANSACTION)) {
      file.write(new byte[100]);
      volume.setMode("d/f", 0111);
      volume.setUserAttribute("d/f", "a", new byte[] {1});
      volume.setTimes("d/f", MODIFIED, null, null);
    }
    reopen();
    SecureFileAttributes kept = volume.stat("d/f");
    assertThat(kept.mode()).isEqualTo(0111);
    assertThat(kept.modified()).isEqualTo(MODIFIED);
    assertThat(kept.size()).isEqualTo(7);
    assertThat(volume.userAttributes("d/f")).containsExactly("a");
  }

  @Test
  void aVolumeOpenForReadingRefusesChanges() throws IOException {
    volume.setUserAttribute("d/f", "a", new byte[5000]);
    volume.close();
    volume = SecureFileSystem.open(session, store, VolumeOptions.builder().readOnly().build());
    assertThat(volume.userAttribute("link", "a")).hasSize(5000);
    assertThatThrownBy(() -> volume.setMode("d", 0))
        .isInstanceOf(ReadOnlyFileSystemException.class);
    assertThatThrownBy(() -> volume.setTimes("d", MODIFIED, null, null))
        .isInstanceOf(ReadOnlyFileSystemException.class);
    assertThatThrownBy(() -> volume.createSymbolicLink("x", "y"))
        .isInstanceOf(ReadOnlyFileSystemException.class);
    assertThatThrownBy(() -> volume.removeUserAttribute("d/f", "a"))
        .isInstanceOf(ReadOnlyFileSystemException.class);
  }

  // ---- user attributes

  @Test
  void userAttributesOfEverySizeComeBack() throws IOException {
    Random random = new Random(1);
    for (String path : List.of("d/f", "d", "", "dangling")) {
      for (int length : new int[] {0, 1, 1900, 1990, 4096, 65536, 10}) {
        byte[] value = new byte[length];
        random.nextBytes(value);
        volume.setUserAttribute(path, "caf\u00e9", value, NOFOLLOW_LINKS);
        volume.setUserAttribute(path, "other", new byte[] {5}, NOFOLLOW_LINKS);
        assertThat(volume.userAttribute(path, "caf\u00e9", NOFOLLOW_LINKS)).isEqualTo(value);
        reopen();
        assertThat(volume.userAttributes(path, NOFOLLOW_LINKS))
            .containsExactly("caf\u00e9", "other");
        assertThat(volume.userAttribute(path, "caf\u00e9", NOFOLLOW_LINKS)).isEqualTo(value);
        assertThat(volume.userAttribute(path, "other", NOFOLLOW_LINKS)).containsExactly(5);
      }
    }
    assertThat(streams()).as("attributes that fit again need no stream").isZero();
    for (String path : List.of("d/f", "d", "", "dangling")) {
      volume.removeUserAttribute(path, "other", NOFOLLOW_LINKS);
      assertThat(volume.userAttributes(path, NOFOLLOW_LINKS)).containsExactly("caf\u00e9");
    }
  }

  /** Host files beside those of the names. */
  private long streams() throws IOException {
    reopen();
    long names = 1;
    for (SecureFileAttributes top : volume.listAttributes("")) {
      names++;
      names += top.type() == FileType.DIRECTORY ? volume.list(top.name()).size() : 0;
    }
    return store.files().stream().filter(name -> name.startsWith("strongroom.files/")).count()
        - names;
  }

  @Test
  void aStreamEndsWithItsOwner() throws IOException {
    volume.setUserAttribute("d/f", "a", new byte[3000]);
    put("d/g", "another");
    volume.setUserAttribute("d/g", "a", new byte[3000]);
    volume.setUserAttribute("dangling", "a", new byte[700], NOFOLLOW_LINKS);
    assertThat(streams()).isEqualTo(2);
    volume.rename("d/f", "moved");
    assertThat(volume.userAttribute("moved", "a")).hasSize(3000);
    assertThat(streams()).isEqualTo(2);
    reopen();
    volume.rename("d/g", "moved"); // replaces a file that is not loaded
    assertThat(streams()).isEqualTo(1);
    assertThat(volume.userAttribute("moved", "a")).hasSize(3000);
    try (SecureFile open = volume.openFile("moved", READ)) {
      volume.delete("moved");
      volume.sync();
      assertThat(open.size()).isEqualTo(7);
    }
    assertThat(streams()).isZero();
  }

  @Test
  void newKeysAreNewKeysForTheStreamToo() throws IOException {
    volume.setUserAttribute("d/f", "a", new byte[3000]);
    reopen();
    List<String> before = store.files();
    SecureFileAttributes shown = volume.stat("d/f");
    volume.rekey("d/f");
    assertThat(volume.userAttribute("d/f", "a")).hasSize(3000);
    assertThat(volume.stat("d/f").changed()).isEqualTo(shown.changed());
    reopen();
    assertThat(volume.userAttribute("d/f", "a")).hasSize(3000);
    assertThat(store.files()).hasSameSizeAs(before).isNotEqualTo(before);
  }

  @Test
  void sizesAreLimited() throws IOException {
    byte[] most = new byte[65536];
    for (int i = 0; i < 15; i++) {
      volume.setUserAttribute("d/f", "a" + i, most);
    }
    assertThatThrownBy(() -> volume.setUserAttribute("d/f", "a15", most))
        .isInstanceOfSatisfying(
            AttributeTooLargeException.class,
            e -> {
              assertThat(e.file()).isEqualTo("/d/f");
              assertThat(e.attribute()).isEqualTo("a15");
              assertThat(e.bytes()).isGreaterThan(e.limit());
              assertThat(e.limit()).isEqualTo(1 << 20);
            });
    assertThatThrownBy(() -> volume.setUserAttribute("d", "a", new byte[65537]))
        .isInstanceOfSatisfying(
            AttributeTooLargeException.class, e -> assertThat(e.limit()).isEqualTo(65536));
    assertThat(volume.userAttributes("d")).isEmpty();
    reopen();
    assertThat(volume.userAttributes("d/f")).hasSize(15);
    assertThat(volume.userAttribute("d/f", "a14")).isEqualTo(most);
  }

  @Test
  void namesAreBytesThatAreKeptAsGiven() throws IOException {
    List<String> names = List.of("cafe\u0301", "caf\u00e9", "x".repeat(255), "a/b", ".", " ");
    for (String name : names) {
      volume.setUserAttribute("d/f", name, name.getBytes(UTF_8));
    }
    reopen();
    assertThat(volume.userAttributes("d/f")).containsExactlyInAnyOrderElementsOf(names).isSorted();
    for (String name : names) {
      assertThat(volume.userAttribute("d/f", name)).isEqualTo(name.getBytes(UTF_8));
    }
    for (String name : List.of("", "x".repeat(256), "a\0", "\ud800")) {
      assertThatThrownBy(() -> volume.setUserAttribute("d/f", name, new byte[1]))
          .isInstanceOf(InvalidNameException.class);
    }
    for (String name : List.of("", "none", "\ud800", "x".repeat(10_000))) {
      assertThatThrownBy(() -> volume.userAttribute("d/f", name))
          .isInstanceOf(NoSuchAttributeException.class)
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
      assertThatThrownBy(() -> volume.removeUserAttribute("d/f", name))
          .isInstanceOf(NoSuchAttributeException.class);
    }
    assertThatThrownBy(() -> volume.userAttributes("none")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> volume.setUserAttribute("dangling", "a", new byte[0]))
        .isInstanceOf(NoSuchFileException.class);
  }
}
