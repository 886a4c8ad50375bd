// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ledgers that are made anew from the headers of files. */
@Tag("jdk25")
class LedgerRebuildTest {

  private static final String LEDGER = "strongroom.files/ledger";
  private static final int FILES = 30;

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
        .journalBytes(1 << 20)
        .freshness(freshness)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private SecureFileSystem open(MemoryStore from) throws IOException {
    return SecureFileSystem.open(session, from, options(Freshness.NONE));
  }

  private SecureFileSystem rebuild(MemoryStore from) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return SecureFileSystem.open(
          session, from, options(Freshness.NONE), LedgerRepair.REBUILD, pin);
    }
  }

  private static void write(SecureFileSystem volume, String path, String text) throws IOException {
    try (SecureFile file =
        volume.openFile(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      file.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String read(SecureFileSystem volume, String path) throws IOException {
    return new String(ModelledVolume.content(volume, path), StandardCharsets.UTF_8);
  }

  /** Renamed files whose host files from before lie beside the present ones. */
  @Test
  void ofTwoHostFilesOfOneFileTheNewerOneCounts() throws IOException {
    String[] hosts = new String[FILES];
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, store, options(Freshness.STRICT))) {
      for (int i = 0; i < FILES; i++) {
        write(volume, "old" + i, "old " + i);
      }
      volume.sync();
      for (int i = 0; i < FILES; i++) {
        hosts[i] = volume.stat("old" + i).hostName();
      }
    }
    MemoryStore earlier = store.copy();
    try (SecureFileSystem volume = open(store)) {
      for (int i = 0; i < FILES; i++) {
        volume.rename("old" + i, "new" + i);
        write(volume, "new" + i, "new " + i);
      }
    }
    for (String host : hosts) {
      try (var made = store.open(host, Store.Access.CREATE)) {
        assertThat(made.size()).isZero();
      }
      store.replaceContent(host, earlier.content(host));
    }
    store.delete(LEDGER);
    assertThatThrownBy(() -> open(store))
        .isInstanceOfSatisfying(
            LedgerException.class, e -> assertThat(e.state()).isEqualTo(LedgerState.LOST));
    rebuild(store).close();
    try (SecureFileSystem volume = open(store)) {
      for (int i = 0; i < FILES; i++) {
        assertThat(read(volume, "new" + i)).isEqualTo("new " + i);
        assertThat(volume.exists("old" + i)).isFalse();
      }
    }
  }

  /** The header in place is that of the ledger before, and asks for its keys. */
  @Test
  void aRebuiltLedgerThatIsOnlyInTheJournalIsFoundWithItsOwnKeys() throws IOException {
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, store, options(Freshness.NONE))) {
      write(volume, "f", "content");
      volume.freeze(List.of("f"));
    }
    byte[] ledger = store.content(LEDGER);
    ledger[8192 + 9] ^= 1;
    store.replaceContent(LEDGER, ledger);
    assertThatThrownBy(() -> open(store))
        .isInstanceOfSatisfying(
            LedgerException.class, e -> assertThat(e.state()).isEqualTo(LedgerState.DAMAGED));
    SecureFileSystem rebuilt = rebuild(store);
    MemoryStore crashed = store.copy();
    try (SecureFileSystem volume = open(crashed)) {
      assertThat(read(volume, "f")).isEqualTo("content");
      assertThat(volume.version("f")).isEqualTo(1);
      assertThat(volume.info().fresh()).isTrue();
    }
    try (SecureFileSystem volume = open(crashed)) {
      assertThat(read(volume, "f")).isEqualTo("content");
    }
    rebuilt.close();
  }
}
