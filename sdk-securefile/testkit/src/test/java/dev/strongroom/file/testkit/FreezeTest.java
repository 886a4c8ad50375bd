// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.FindingKind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that a freeze or an invalidation has ended, and those that it has not. */
@Tag("jdk25")
class FreezeTest {

  private static final VolumeOptions SMALL =
      VolumeOptions.builder().journalBytes(256 << 10).build();

  @TempDir Path temporary;

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

  private static void write(SecureFileSystem volume, String path, String text) throws IOException {
    try (SecureFile file =
        volume.openFile(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      file.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private static String read(SecureFileSystem volume, String path) throws IOException {
    return new String(
        ModelledVolume.content(volume, path), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path each : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private SecureFileSystem open(Path directory) throws IOException {
    return SecureFileSystem.open(session, directory, SMALL);
  }

  /** The picture of the mission: frozen at t3 and t5, copied at t0 to t6. */
  private final class Picture {
    final Path volume = temporary.resolve("volume");
    final List<Path> hosts = new ArrayList<>();
    final List<Path> folders = new ArrayList<>();
    String host = "";
    long first;
    long second;

    Picture run() throws IOException {
      SecureFileSystem.create(session, volume, SMALL).close();
      for (int t = 0; t <= 6; t++) {
        try (SecureFileSystem open = open(volume)) {
          write(open, "f", "t" + t);
          if (t == 3) {
            open.freeze(List.of("f"));
            first = open.version("f");
          } else if (t == 5) {
            open.freeze(List.of("f"));
            second = open.version("f");
          }
          host = open.stat("f").hostName();
        }
        Path folder = temporary.resolve("copies/at t" + t);
        copy(volume, folder);
        folders.add(folder);
        hosts.add(folder.resolve(host));
      }
      return this;
    }
  }

  private static List<Integer> shuffled(long seed) {
    List<Integer> order = new ArrayList<>(IntStream.rangeClosed(0, 6).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    return order;
  }

  @Test
  void copiesOfTheFileBeforeTheFreezeAreRefusedAndLaterOnesOpen() throws IOException {
    Picture picture = new Picture().run();
    assertThat(picture.first).isPositive();
    assertThat(picture.second).isGreaterThan(picture.first);
    for (int round = 0; round < 3; round++) {
      Path elsewhere = temporary.resolve("elsewhere/" + round);
      copy(picture.volume, elsewhere);
      for (int t : shuffled(round)) {
        Files.copy(
            picture.hosts.get(t),
            elsewhere.resolve(picture.host),
            StandardCopyOption.REPLACE_EXISTING);
        try (SecureFileSystem open = open(elsewhere)) {
          if (t >= 5) {
            assertThat(read(open, "f")).isEqualTo("t" + t);
            continue;
          }
          long version = t < 3 ? 0 : picture.first;
          RollbackException refused = (RollbackException) catchThrowable(() -> read(open, "f"));
          assertThat(refused).as("copy of t%d", t).isNotNull();
          assertThat(refused.found()).isEqualTo(version);
          assertThat(refused.required()).isEqualTo(picture.second);
          assertThat(refused)
              .hasMessageContaining("version " + version)
              .hasMessageContaining("version " + picture.second);
          assertThat(catchThrowable(() -> open.openFile("f", StandardOpenOption.WRITE)))
              .isInstanceOf(RollbackException.class);
          CheckReport report = open.check(CheckListener.SILENT);
          assertThat(report.findings())
              .anyMatch(each -> each.kind() == FindingKind.ROLLBACK && each.file().equals("/f"));
          assertThat(catchThrowable(() -> read(open, "f"))).isInstanceOf(RollbackException.class);
        }
      }
    }
  }

  /** The picture as it goes on: at each moment the copies since the last freeze, and no others. */
  @Test
  void atEachMomentTheCopiesSinceTheLastFreezeOpenInAnyOrder() throws IOException {
    Path directory = temporary.resolve("volume");
    SecureFileSystem.create(session, directory, SMALL).close();
    List<Path> copies = new ArrayList<>();
    for (int now = 0; now <= 6; now++) {
      String host;
      try (SecureFileSystem open = open(directory)) {
        write(open, "f", "t" + now);
        if (now == 3 || now == 5) {
          open.freeze(List.of("f"));
        }
        host = open.stat("f").hostName();
      }
      Path kept = Files.createDirectories(temporary.resolve("copies")).resolve("of t" + now);
      Files.copy(directory.resolve(host), kept);
      copies.add(kept);
      int fewest = now < 3 ? 0 : now < 5 ? 3 : 5;
      Path moved = temporary.resolve("moved at t" + now);
      copy(directory, moved);
      for (int t : shuffled(now)) {
        if (t > now) {
          continue;
        }
        Files.copy(copies.get(t), moved.resolve(host), StandardCopyOption.REPLACE_EXISTING);
        try (SecureFileSystem open = open(moved)) {
          if (t >= fewest) {
            assertThat(read(open, "f")).isEqualTo("t" + t);
          } else {
            assertThat(catchThrowable(() -> read(open, "f")))
                .as("copy of t%d at t%d", t, now)
                .isInstanceOf(RollbackException.class);
          }
        }
      }
    }
  }

  /** A copy stands for the name and the directory that it was made under, whatever its age. */
  @Test
  void aCopyThatTheHostRenamesOrMovesToAnotherDirectoryIsNotTakenForTheFileThere()
      throws IOException {
    Picture picture = new Picture().run();
    List<String> elsewhere = new ArrayList<>();
    String renamed;
    try (SecureFileSystem open = open(picture.volume)) {
      open.createDirectory("d");
      for (String path : List.of("beside", "d/f", "d/g")) {
        write(open, path, "right");
        elsewhere.add(open.stat(path).hostName());
      }
      open.freeze(List.of("beside"));
    }
    for (int i = 0; i < elsewhere.size(); i++) {
      String path = List.of("beside", "d/f", "d/g").get(i);
      Path right = temporary.resolve("right " + i);
      Path place = picture.volume.resolve(elsewhere.get(i));
      Files.copy(place, right);
      for (int t : shuffled(20 + i)) {
        Files.copy(picture.hosts.get(t), place, StandardCopyOption.REPLACE_EXISTING);
        try (SecureFileSystem open = open(picture.volume)) {
          assertThat(catchThrowable(() -> read(open, path)))
              .as("copy of t%d as %s", t, path)
              .isInstanceOf(IntegrityException.class);
          assertThat(read(open, "f")).isEqualTo("t6");
        }
      }
      Files.copy(right, place, StandardCopyOption.REPLACE_EXISTING);
    }
    try (SecureFileSystem open = open(picture.volume)) {
      open.rename("f", "d/moved");
    }
    try (SecureFileSystem open = open(picture.volume)) {
      renamed = open.stat("d/moved").hostName();
    }
    Path now = temporary.resolve("now");
    Path former = picture.volume.resolve(picture.host);
    Files.createDirectories(Objects.requireNonNull(former.getParent()));
    Files.copy(picture.volume.resolve(renamed), now);
    for (int t : shuffled(30)) {
      Files.copy(
          picture.hosts.get(t),
          picture.volume.resolve(renamed),
          StandardCopyOption.REPLACE_EXISTING);
      Files.copy(picture.hosts.get(t), former, StandardCopyOption.REPLACE_EXISTING);
      try (SecureFileSystem open = open(picture.volume)) {
        assertThat(open.exists("f")).isFalse();
        assertThat(catchThrowable(() -> read(open, "d/moved")))
            .as("copy of t%d after a rename", t)
            .isInstanceOfAny(IntegrityException.class, RollbackException.class);
      }
    }
    Files.copy(now, picture.volume.resolve(renamed), StandardCopyOption.REPLACE_EXISTING);
    try (SecureFileSystem open = open(picture.volume)) {
      assertThat(read(open, "d/moved")).isEqualTo("t6");
      assertThat(read(open, "beside")).isEqualTo("right");
    }
  }

  @Test
  void copiesOfTheVolumeBeforeTheFreezeAreRefusedAndLaterOnesOpen() throws IOException {
    Picture picture = new Picture().run();
    for (int round = 0; round < 2; round++) {
      for (int t : shuffled(10 + round)) {
        Path elsewhere = temporary.resolve("volumes/" + round + "-" + t);
        copy(picture.folders.get(t), elsewhere);
        if (t >= 5) {
          try (SecureFileSystem open = open(elsewhere)) {
            assertThat(read(open, "f")).isEqualTo("t" + t);
          }
          continue;
        }
        LedgerException refused = (LedgerException) catchThrowable(() -> open(elsewhere).close());
        assertThat(refused).as("volume of t%d", t).isNotNull();
        assertThat(refused.state()).isEqualTo(t < 3 ? LedgerState.LOST : LedgerState.OLDER);
        assertThat(refused.ledgerCounter()).isEqualTo(t < 3 ? 0 : picture.first);
        assertThat(refused.elementCounter()).isEqualTo(picture.second);
      }
    }
  }

  @Test
  void aTreeIsFrozenWithAllBelow() throws IOException {
    Path directory = temporary.resolve("v");
    Path before = temporary.resolve("before");
    List<String> names = new ArrayList<>();
    try (SecureFileSystem volume = SecureFileSystem.create(session, directory, SMALL)) {
      volume.createDirectory("/tree");
      volume.createDirectory("/tree/inner");
      for (int i = 0; i < 90; i++) {
        String name = (i % 2 == 0 ? "/tree/" : "/tree/inner/") + i;
        write(volume, name, "old " + i);
        names.add(name);
      }
      volume.createSymbolicLink("/tree/link", "0");
      write(volume, "/beside", "old");
    }
    copy(directory, before);
    List<String> hosts = new ArrayList<>();
    try (SecureFileSystem volume = open(directory)) {
      volume.freezeTree("/tree");
      for (String name : names) {
        assertThat(volume.version(name)).isEqualTo(1);
        hosts.add(volume.stat(name).hostName());
      }
      assertThat(volume.version("/tree")).isEqualTo(1);
      assertThat(volume.version("/tree/inner")).isEqualTo(1);
      assertThat(volume.version("/beside")).isZero();
      hosts.add(volume.stat("/beside").hostName());
    }
    for (String host : hosts) {
      Files.copy(
          before.resolve(host), directory.resolve(host), StandardCopyOption.REPLACE_EXISTING);
    }
    try (SecureFileSystem volume = open(directory)) {
      for (String name : names) {
        assertThatThrownBy(() -> read(volume, name)).isInstanceOf(RollbackException.class);
      }
      assertThat(read(volume, "/beside")).isEqualTo("old");
    }
  }

  @Test
  void noCopyOfAnInvalidatedFileOpensAndItsNameCanBeDeleted() throws IOException {
    Path directory = temporary.resolve("v");
    Path before = temporary.resolve("before");
    String host;
    try (SecureFileSystem volume = SecureFileSystem.create(session, directory, SMALL)) {
      write(volume, "f", "content");
      write(volume, "g", "other");
      volume.createSymbolicLink("l", "f");
      volume.createDirectory("d");
    }
    copy(directory, before);
    try (SecureFileSystem volume = open(directory)) {
      volume.freeze(List.of("f"));
      SecureFile held = volume.openFile("f");
      volume.invalidate(List.of("l"));
      assertThat(held.size()).isEqualTo(7);
      FileInvalidatedException refused =
          (FileInvalidatedException) catchThrowable(() -> volume.openFile("f"));
      assertThat(refused.version()).isEqualTo(1);
      assertThat(refused.file()).isEqualTo("/f");
      held.close();
      assertThatThrownBy(() -> volume.invalidate(List.of("d")))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("is a directory");
      assertThatThrownBy(() -> volume.freeze(List.of("absent")))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> volume.freezeTree("absent")).isInstanceOf(NoSuchFileException.class);
    }
    try (SecureFileSystem volume = open(directory)) {
      assertThatThrownBy(() -> read(volume, "f")).isInstanceOf(FileInvalidatedException.class);
      assertThat(volume.check(CheckListener.SILENT).findings())
          .anyMatch(each -> each.kind() == FindingKind.INVALIDATED);
      assertThat(read(volume, "g")).isEqualTo("other");
      volume.delete("f");
      assertThat(volume.exists("f")).isFalse();
      write(volume, "f", "a new one");
      host = volume.stat("f").hostName();
    }
    try (SecureFileSystem volume = open(directory)) {
      assertThat(read(volume, "f")).isEqualTo("a new one");
    }
    Files.copy(before.resolve(host), directory.resolve(host), StandardCopyOption.REPLACE_EXISTING);
    try (SecureFileSystem volume = open(directory)) {
      assertThatThrownBy(() -> read(volume, "f")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aFrozenFileKeepsItsVersionThroughRenamesChangesAndNewKeys() throws IOException {
    Path directory = temporary.resolve("v");
    try (SecureFileSystem volume = SecureFileSystem.create(session, directory, SMALL)) {
      write(volume, "f", "1");
      volume.freeze(List.of("f"));
      volume.rename("f", "g");
      write(volume, "g", "2");
      volume.sync();
      volume.rekey("g");
      assertThat(volume.version("g")).isEqualTo(1);
    }
    try (SecureFileSystem volume = open(directory)) {
      assertThat(read(volume, "g")).isEqualTo("2");
      assertThat(volume.version("g")).isEqualTo(1);
      volume.freeze(List.of("g"));
      volume.freeze(List.of("g"));
      assertThat(volume.version("g")).isEqualTo(3);
    }
    try (SecureFileSystem volume = open(directory)) {
      assertThat(volume.check(CheckListener.SILENT).findings()).isEmpty();
    }
  }
}
