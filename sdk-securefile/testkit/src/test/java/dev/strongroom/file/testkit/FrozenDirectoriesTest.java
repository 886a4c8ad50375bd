// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Older lists of names, which could bring back a file that had the name before. */
@Tag("jdk25")
class FrozenDirectoriesTest {

  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryStore store = new MemoryStore();
  private TestElement element;
  private ElementSession session;

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

  private VolumeOptions options(Freshness freshness) {
    return VolumeOptions.builder()
        .journalBytes(256 << 10)
        .freshness(freshness)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private SecureFileSystem create() throws IOException {
    return SecureFileSystem.create(session, store, options(Freshness.NONE));
  }

  private SecureFileSystem open() throws IOException {
    return SecureFileSystem.open(session, store, options(Freshness.NONE));
  }

  private static void write(SecureFileSystem volume, String path, String text) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String read(SecureFileSystem volume, String path) throws IOException {
    return new String(ModelledVolume.content(volume, path), StandardCharsets.UTF_8);
  }

  private long counter(SecureFileSystem volume) throws IOException {
    return session.readVersion(volume.info().id()).orElseThrow().counter();
  }

  /** Puts back all files and directories of an earlier moment, but not the ledger. */
  private void putBack(MemoryStore earlier) throws IOException {
    for (String host : earlier.files()) {
      if (host.startsWith("strongroom.files/") && !host.equals("strongroom.files/ledger")) {
        try (var target = store.open(host, dev.strongroom.file.store.Store.Access.CREATE)) {
          target.truncate(0);
        }
        store.replaceContent(host, earlier.content(host));
      }
    }
  }

  private MemoryStore savedByRename() throws IOException {
    try (SecureFileSystem volume = create()) {
      volume.createDirectory("d");
      volume.createDirectory("d/e");
      write(volume, "d/e/f", "old");
      write(volume, "beside", "beside");
    }
    MemoryStore earlier = store.copy();
    try (SecureFileSystem volume = open()) {
      write(volume, "d/e/f.new", "new");
      volume.rename("d/e/f.new", "d/e/f");
    }
    return earlier;
  }

  @Test
  void aFreezeRefusesTheListThatNamesTheFileWhichWasReplacedBefore() throws IOException {
    MemoryStore earlier = savedByRename();
    try (SecureFileSystem volume = open()) {
      volume.freeze(List.of("d/e/f"));
      assertThat(counter(volume)).isEqualTo(1);
      for (String path : List.of("/", "d", "d/e", "d/e/f")) {
        assertThat(volume.version(path)).as(path).isEqualTo(1);
      }
      assertThat(volume.version("beside")).isZero();
    }
    MemoryStore frozen = store.copy();
    putBack(earlier);
    try (SecureFileSystem volume = open()) {
      assertThatThrownBy(() -> read(volume, "d/e/f")).isInstanceOf(RollbackException.class);
    }
    putBack(frozen);
    try (SecureFileSystem volume = open()) {
      assertThat(read(volume, "d/e/f")).isEqualTo("new");
      assertThat(read(volume, "beside")).isEqualTo("beside");
      assertThat(volume.check(CheckListener.SILENT).findings()).isEmpty();
    }
  }

  @Test
  void anInvalidationToo() throws IOException {
    MemoryStore earlier = savedByRename();
    try (SecureFileSystem volume = open()) {
      volume.invalidate(List.of("d/e/f"));
      assertThat(counter(volume)).isEqualTo(1);
      assertThat(volume.version("d/e")).isEqualTo(1);
      assertThat(volume.version("/")).isEqualTo(1);
    }
    putBack(earlier);
    try (SecureFileSystem volume = open()) {
      assertThatThrownBy(() -> read(volume, "d/e/f")).isInstanceOf(RollbackException.class);
    }
  }

  @Test
  void onlyTheDirectoryThatHoldsTheFileHasToBePutBack() throws IOException {
    MemoryStore earlier = savedByRename();
    String directory;
    String file;
    try (SecureFileSystem volume = open()) {
      volume.freeze(List.of("d/e/f"));
      directory = volume.stat("d/e").hostName();
      file = volume.stat("d/e/f").hostName();
    }
    store.replaceContent(directory, earlier.content(directory));
    store.replaceContent(file, earlier.content(file));
    try (SecureFileSystem volume = open()) {
      assertThatThrownBy(() -> read(volume, "d/e/f"))
          .isInstanceOfSatisfying(
              RollbackException.class, e -> assertThat(e.file()).isEqualTo("/d/e"));
    }
  }

  @Test
  void aLinkIsFollowedToTheDirectoriesOfWhatItLeadsTo() throws IOException {
    try (SecureFileSystem volume = create()) {
      volume.createDirectory("real");
      volume.createDirectory("links");
      write(volume, "real/f", "content");
      volume.createSymbolicLink("links/l", "/real");
      volume.freeze(List.of("links/l/f"));
      assertThat(volume.version("real/f")).isEqualTo(1);
      assertThat(volume.version("real")).isEqualTo(1);
      assertThat(volume.version("/")).isEqualTo(1);
      assertThat(volume.version("links")).isZero();
    }
  }

  /** How a frozen file loses its name. */
  private enum End {
    DELETED,
    REPLACED,
    DELETED_WHILE_OPEN
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void aFrozenFileThatWasRemovedDoesNotComeBack(End end) throws IOException {
    try (SecureFileSystem volume = create()) {
      volume.createDirectory("d");
      write(volume, "d/f", "content");
      write(volume, "d/g", "other");
      volume.freeze(List.of("d/f"));
    }
    MemoryStore earlier = store.copy();
    try (SecureFileSystem volume = open()) {
      volume.exists("d/f");
      long before = counter(volume);
      long commands = element.commands();
      switch (end) {
        case DELETED -> volume.delete("d/f");
        case REPLACED -> volume.rename("d/g", "d/f");
        case DELETED_WHILE_OPEN -> {
          try (SecureFile held = volume.openFile("d/f")) {
            volume.delete("d/f");
            volume.syncNames();
            assertThat(held.size()).isEqualTo(7);
          }
        }
      }
      volume.sync();
      long spent = element.commands() - commands; // for keys of what is opened or renamed
      assertThat(spent).isLessThanOrEqualTo(end == End.DELETED ? 0 : 1);
      assertThat(counter(volume)).as("nobody waits for the step").isEqualTo(before);
    }
    putBack(earlier);
    try (SecureFileSystem volume = open()) {
      assertThatThrownBy(() -> read(volume, "d/f")).isInstanceOf(FileInvalidatedException.class);
      assertThat(read(volume, "d/g")).isEqualTo("other");
      volume.delete("d/f");
      write(volume, "d/f", "a new one");
    }
    try (SecureFileSystem volume = open()) {
      assertThat(read(volume, "d/f")).isEqualTo("a new one");
    }
  }

  @Test
  void aTreeIsInvalidatedAndCanBeRemoved() throws IOException {
    try (SecureFileSystem volume = create()) {
      volume.createDirectory("d");
      volume.createDirectory("d/e");
      for (int i = 0; i < 70; i++) {
        write(volume, "d/" + i, "" + i);
        write(volume, "d/e/" + i, "" + i);
      }
      write(volume, "outside", "outside");
      volume.createSymbolicLink("d/link", "../outside");
    }
    MemoryStore earlier = store.copy();
    try (SecureFileSystem volume = open()) {
      volume.invalidateTree("d");
      assertThat(counter(volume)).isEqualTo(1);
      for (int i = 0; i < 70; i++) {
        String name = "" + i;
        assertThatThrownBy(() -> volume.openFile("d/" + name))
            .isInstanceOf(FileInvalidatedException.class);
        assertThatThrownBy(() -> volume.openFile("d/e/" + name))
            .isInstanceOf(FileInvalidatedException.class);
      }
      assertThatThrownBy(() -> volume.readSymbolicLink("d/link"))
          .isInstanceOf(FileInvalidatedException.class);
      assertThat(read(volume, "outside")).isEqualTo("outside");
      assertThat(volume.version("d/e")).isEqualTo(1);
      volume.invalidateTree("outside");
      assertThat(counter(volume)).isEqualTo(2);
      assertThatThrownBy(() -> volume.openFile("outside"))
          .isInstanceOf(FileInvalidatedException.class);
      for (int i = 0; i < 70; i++) {
        volume.delete("d/" + i);
        volume.delete("d/e/" + i);
      }
      volume.delete("d/link");
      volume.delete("d/e");
      volume.delete("d");
    }
    try (SecureFileSystem volume = open()) {
      assertThat(volume.exists("d", LinkOption.NOFOLLOW_LINKS)).isFalse();
    }
    putBack(earlier);
    try (SecureFileSystem volume = open()) {
      assertThatThrownBy(() -> read(volume, "d/e/5")).isInstanceOf(RollbackException.class);
    }
  }
}
