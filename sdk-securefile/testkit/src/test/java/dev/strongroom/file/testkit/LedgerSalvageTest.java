// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.SalvageOption;
import dev.strongroom.file.check.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is copied out of volumes in which old copies were put back. */
@Tag("jdk25")
class LedgerSalvageTest {

  private static final VolumeOptions WRITING =
      VolumeOptions.builder().journalBytes(256 << 10).build();
  private static final VolumeOptions CHECKING =
      VolumeOptions.builder().ignoreDamagedJournal().build();
  private static final String JOURNAL = "strongroom.journal";
  private static final String LEDGER = "strongroom.files/ledger";

  @TempDir Path temporary;

  private final MemoryStore store = new MemoryStore();
  private MemoryStore earlier = new MemoryStore();
  private TestElement element;
  private ElementSession session;
  private String root = "";
  private String directory = "";
  private String frozen = "";

  @BeforeEach
  void makeVolume() throws IOException {
    element = TestElement.create();
    session = element.login();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, WRITING)) {
      volume.createDirectory("d");
      for (String name : List.of("d/frozen", "d/invalid", "d/other")) {
        write(volume, name, "old " + name);
      }
      volume.freeze(List.of("d/other"));
    }
    earlier = store.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, WRITING)) {
      volume.delete("d/frozen");
      write(volume, "d/frozen", "new");
      write(volume, "d/since", "since");
      volume.freeze(List.of("d/frozen"));
      volume.invalidate(List.of("d/invalid"));
      root = volume.stat("/").hostName();
      directory = volume.stat("d").hostName();
      frozen = volume.stat("d/frozen").hostName();
    }
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private static void write(SecureFileSystem volume, String path, String text) throws IOException {
    try (SecureFile file =
        volume.openFile(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void putBack(String host) throws IOException {
    store.replaceContent(host, earlier.content(host));
  }

  private CheckReport salvage(String to, SalvageOption... options) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, CHECKING)) {
      return volume.salvage("/", temporary.resolve(to), CheckListener.SILENT, options);
    }
  }

  private String copied(String path) throws IOException {
    return Files.readString(temporary.resolve(path));
  }

  private static List<String> files(CheckReport report, FindingKind kind) {
    return report.findings().stream()
        .filter(each -> each.kind() == kind)
        .map(Finding::file)
        .toList();
  }

  @Test
  void oldAndInvalidFilesAreToldApartAndCopiedOnRequestOnly() throws IOException {
    // A second freeze, so that an old copy of the same file is at hand.
    MemoryStore before = store.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, WRITING)) {
      volume.freeze(List.of("d/frozen"));
    }
    store.replaceContent(frozen, before.content(frozen));
    CheckReport report = salvage("without");
    assertThat(files(report, FindingKind.ROLLBACK)).containsExactly("/d/frozen");
    assertThat(files(report, FindingKind.INVALIDATED)).containsExactly("/d/invalid");
    assertThat(files(report, FindingKind.NOT_SALVAGED))
        .containsExactlyInAnyOrder("/d/frozen", "/d/invalid");
    assertThat(temporary.resolve("without/d/frozen")).doesNotExist();
    assertThat(temporary.resolve("without/d/invalid")).doesNotExist();
    assertThat(copied("without/d/other")).isEqualTo("old d/other");
    assertThat(copied("without/d/since")).isEqualTo("since");
    assertThat(copied("without/strongroom-salvage.txt")).contains("/d/invalid", "/d/frozen");

    CheckReport all = salvage("with", SalvageOption.NOT_CURRENT);
    assertThat(files(all, FindingKind.NOT_SALVAGED)).isEmpty();
    assertThat(files(all, FindingKind.ROLLBACK)).containsExactly("/d/frozen");
    assertThat(copied("with/d/frozen")).isEqualTo("new");
    assertThat(copied("with/d/invalid")).isEqualTo("old d/invalid");
  }

  @Test
  void aDirectoryThatIsTooOldIsPassedOverForTheHeadersOfItsFiles() throws IOException {
    putBack(root);
    putBack(directory);
    CheckReport report = salvage("to");
    assertThat(files(report, FindingKind.ROLLBACK)).contains("/", "/d");
    assertThat(copied("to/d/frozen")).isEqualTo("new");
    assertThat(copied("to/d/since")).isEqualTo("since");
    assertThat(copied("to/d/other")).isEqualTo("old d/other");
    assertThat(temporary.resolve("to/d/invalid")).doesNotExist();
  }

  @Test
  void anAdministratorHasSuchDirectoriesRebuilt() throws IOException {
    putBack(root);
    putBack(directory);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, WRITING)) {
      assertThatThrownBy(() -> volume.list("/")).isInstanceOf(RollbackException.class);
      try (var administrator = TestElement.administratorPin()) {
        CheckReport report = volume.rebuild(administrator, CheckListener.SILENT);
        assertThat(report.count(Severity.DAMAGE)).isZero();
      }
      assertThat(ModelledVolume.content(volume, "d/frozen")).asString().isEqualTo("new");
      assertThat(volume.info().rebuilds()).isNotEmpty();
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, WRITING)) {
      assertThat(ModelledVolume.content(volume, "d/since")).asString().isEqualTo("since");
      assertThat(volume.check(CheckListener.SILENT).count(Severity.DAMAGE)).isZero();
    }
  }

  @Test
  void withoutTheJournalFilesAreStillComparedWithALedgerThatTheElementVouchesFor()
      throws IOException {
    store.delete(JOURNAL);
    putBack(frozen); // an older file of that name, which has no leaf
    putBack(directory);
    putBack(root);
    CheckReport report = salvage("to");
    assertThat(files(report, FindingKind.JOURNAL)).isNotEmpty();
    assertThat(files(report, FindingKind.LEDGER)).isEmpty();
    assertThat(files(report, FindingKind.ROLLBACK)).contains("/", "/d");
    assertThat(files(report, FindingKind.INVALIDATED)).isNotEmpty();
    assertThat(temporary.resolve("to/d/invalid")).doesNotExist();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, CHECKING)) {
      assertThat(volume.info().fresh()).isTrue();
      assertThatThrownBy(() -> volume.list("/")).isInstanceOf(RollbackException.class);
    }
  }

  @Test
  void withoutTheJournalAnOldLedgerIsToldAndNothingIsCompared() throws IOException {
    for (String host : earlier.files()) {
      if (host.startsWith("strongroom.files/")) {
        putBack(host);
      }
    }
    assertThatThrownBy(() -> SecureFileSystem.open(session, store, WRITING))
        .isInstanceOf(LedgerException.class);
    store.delete(JOURNAL);
    CheckReport report = salvage("to");
    assertThat(files(report, FindingKind.LEDGER)).contains(LEDGER);
    assertThat(copied("to/strongroom-salvage.txt")).contains("older than the element's");
    assertThat(copied("to/d/invalid")).isEqualTo("old d/invalid");
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, CHECKING)) {
      assertThat(volume.info().fresh()).isFalse();
      assertThat(volume.isReadOnly()).isTrue();
    }
  }
}
