// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A volume whose every commit ends the states before it. */
@Tag("jdk25")
class StrictVolumeTest {

  private final ManualExecutor executor = new ManualExecutor();
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

  private VolumeOptions.Builder options() {
    return VolumeOptions.builder()
        .journalBytes(256 << 10)
        .freshness(Freshness.STRICT)
        .executor(executor)
        .clock(executor);
  }

  private SecureFileSystem create(Store store) throws IOException {
    return SecureFileSystem.create(session, store, options().build());
  }

  private SecureFileSystem open(Store store) throws IOException {
    return SecureFileSystem.open(session, store, options().build());
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

  private static void replace(Store from, Store to, String name) throws IOException {
    try (StoreFile source = from.open(name, Store.Access.READ);
        StoreFile target = to.open(name, Store.Access.CREATE)) {
      byte[] content = new byte[(int) source.size()];
      source.read(0, content, 0, content.length);
      target.truncate(0);
      target.write(0, content, 0, content.length);
      target.sync();
    }
  }

  @Test
  void anOldFileAnOldDirectoryAndAnOldLinkAreRefused() throws IOException {
    MemoryStore store = new MemoryStore();
    List<String> hosts = new ArrayList<>();
    try (SecureFileSystem volume = create(store)) {
      volume.createDirectory("d");
      write(volume, "d/f", "one");
      write(volume, "d/g", "one");
      volume.createSymbolicLink("d/l", "f");
      hosts.add(volume.stat("d/f").hostName());
      hosts.add(volume.stat("d").hostName());
      hosts.add("strongroom.files/root");
      assertThat(volume.info().freshness()).isEqualTo(Freshness.STRICT);
    }
    MemoryStore old = store.copy();
    try (SecureFileSystem volume = open(store)) {
      write(volume, "d/f", "two");
      volume.delete("d/g");
      volume.createDirectory("e");
    }
    for (String host : hosts) {
      MemoryStore mixed = store.copy();
      replace(old, mixed, host);
      try (SecureFileSystem volume = open(mixed)) {
        RollbackException refused = (RollbackException) catchThrowable(() -> read(volume, "d/f"));
        assertThat(refused).as(host).isNotNull();
        assertThat(refused.found()).isEqualTo(refused.required());
      }
    }
    try (SecureFileSystem volume = open(store)) {
      assertThat(read(volume, "d/f")).isEqualTo("two");
      assertThat(volume.exists("d/g")).isFalse();
      assertThat(volume.check(CheckListener.SILENT).findings()).isEmpty();
    }
  }

  @Test
  void oldVolumesOldJournalsAndOldLedgersAreRefused() throws IOException {
    MemoryStore store = new MemoryStore();
    create(store).close();
    List<MemoryStore> copies = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      copies.add(store.copy());
      try (SecureFileSystem volume = open(store)) {
        write(volume, "f", "state " + i);
      }
    }
    for (MemoryStore old : copies) {
      assertThatThrownBy(() -> open(old.copy()))
          .isInstanceOfSatisfying(
              LedgerException.class,
              refused -> assertThat(refused.state()).isEqualTo(LedgerState.OLDER));
      MemoryStore oldLedger = store.copy();
      replace(old, oldLedger, "strongroom.files/ledger");
      assertThatThrownBy(() -> open(oldLedger)).isInstanceOf(LedgerException.class);
    }
    open(store).close();
  }

  @Test
  void contactsThatWereTakenAwayAreMissed() throws IOException {
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume = create(store)) {
      ElementCard card = session.element().card();
      volume.contacts().add("me", card, card.fingerprint());
    }
    store.delete("strongroom.files/contacts");
    try (SecureFileSystem volume = open(store)) {
      assertThatThrownBy(() -> volume.contacts().list())
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("missing");
    }
  }

  /** Commits that are in the journal only, put back beside the files that they continue. */
  @Test
  void anOldJournalWithTheFilesThatItContinuesIsRefused() throws IOException {
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume = create(store)) {
      write(volume, "f", "old");
      write(volume, "g", "old");
    }
    MemoryStore old = new MemoryStore();
    String host;
    try (SecureFileSystem volume = open(store)) {
      host = volume.stat("f").hostName();
      write(volume, "f", "older, in the journal");
      volume.sync();
      old = store.copy();
      write(volume, "f", "new");
    }
    MemoryStore mixed = store.copy();
    replace(old, mixed, "strongroom.journal");
    replace(old, mixed, host);
    VolumeOptions readOnly = VolumeOptions.builder().readOnly().build();
    try (SecureFileSystem volume = SecureFileSystem.open(session, mixed, readOnly)) {
      assertThat(catchThrowable(() -> read(volume, "f"))).isInstanceOf(RollbackException.class);
    }
    try (SecureFileSystem volume = open(mixed)) {
      assertThat(catchThrowable(() -> read(volume, "f"))).isInstanceOf(RollbackException.class);
    }
  }

  @Test
  void aSyncEndsWithTheElementsStepAndTheTimerAndTheCloseDoItForTheRest() throws IOException {
    MemoryStore store = new MemoryStore();
    SecureFileSystem volume = create(store);
    long made = counter(volume);
    assertThat(made).isEqualTo(1);
    try (SecureFile file =
        volume.openFile("f", StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(new byte[10]);
      file.sync();
      assertThat(counter(volume)).isEqualTo(2);
      file.sync();
      assertThat(counter(volume)).as("nothing was written since").isEqualTo(2);
      file.write(new byte[10]);
    }
    assertThat(counter(volume)).isEqualTo(2);
    executor.advance(Duration.ofSeconds(2));
    assertThat(counter(volume)).isEqualTo(3);
    write(volume, "g", "unsynced");
    volume.close();
    assertThat(session.readVersion(volume.info().id()).orElseThrow().counter()).isEqualTo(4);
    open(store).close();
  }

  @Test
  void withALagASyncReturnsBeforeTheElementsStep() throws IOException {
    MemoryStore store = new MemoryStore();
    create(store).close();
    SecureFileSystem volume =
        SecureFileSystem.open(
            session, store, options().freshnessLag(Duration.ofSeconds(10)).build());
    long before = counter(volume);
    write(volume, "f", "1");
    volume.sync();
    assertThat(counter(volume)).isEqualTo(before);
    MemoryStore crashed = store.copy();
    executor.advance(Duration.ofSeconds(5));
    write(volume, "f", "2");
    volume.sync();
    assertThat(counter(volume)).isEqualTo(before);
    executor.advance(Duration.ofSeconds(5));
    assertThat(counter(volume)).isEqualTo(before + 1);
    write(volume, "f", "3");
    volume.freeze(List.of("f"));
    assertThat(counter(volume)).isEqualTo(before + 2);
    write(volume, "f", "4");
    volume.close();
    assertThat(counter(volume)).isEqualTo(before + 3);
    assertThatThrownBy(() -> open(crashed)).isInstanceOf(LedgerException.class);
    try (SecureFileSystem again = open(store)) {
      assertThat(read(again, "f")).isEqualTo("4");
    }
  }

  private long counter(SecureFileSystem volume) throws IOException {
    Bytes id = volume.info().id();
    return session.readVersion(id).map(VersionSlot::counter).orElse(0L);
  }

  @Test
  void manyFilesInSmallJournalsAndAfterNewKeysStayCurrent() throws IOException {
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume = create(store)) {
      for (int i = 0; i < 400; i++) {
        write(volume, "f" + i, "content " + i);
      }
      volume.sync();
      volume.rekey("f7");
      volume.setUserAttribute("f8", "large", SampleBytes.of(1, 60_000));
      volume.rename("f9", "f10");
    }
    try (SecureFileSystem volume = open(store)) {
      for (int i = 0; i < 400; i++) {
        if (i != 9 && i != 10) {
          assertThat(read(volume, "f" + i)).isEqualTo("content " + i);
        }
      }
      assertThat(volume.exists("f9")).isFalse();
      assertThat(read(volume, "f10")).isEqualTo("content 9");
      assertThat(volume.userAttribute("f8", "large")).hasSize(60_000);
      assertThat(volume.check(CheckListener.SILENT).findings()).isEmpty();
    }
  }
}
