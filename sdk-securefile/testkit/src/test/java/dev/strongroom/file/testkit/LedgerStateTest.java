// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Volumes whose ledger the element does not vouch for: each is named, each has its way out. */
class LedgerStateTest {

  private static final String LEDGER = "strongroom.files/ledger";
  private static final String VOLUME_FILE = "strongroom.volume";

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

  private static VolumeOptions options(Freshness freshness) {
    return VolumeOptions.builder().journalBytes(256 << 10).freshness(freshness).build();
  }

  private static VolumeOptions readOnly() {
    return VolumeOptions.builder().readOnly().build();
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

  private SecureFileSystem open(Store store) throws IOException {
    return SecureFileSystem.open(session, store, VolumeOptions.defaults());
  }

  private SecureFileSystem repair(Store store, LedgerRepair repair) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return SecureFileSystem.open(session, store, VolumeOptions.defaults(), repair, pin);
    }
  }

  /** A volume of six files; five freezes, one file never frozen. */
  private MemoryStore volume(Freshness freshness) throws IOException {
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options(freshness))) {
      volume.createDirectory("d");
      for (int i = 0; i < 5; i++) {
        write(volume, "d/" + i, "content " + i);
        volume.freeze(List.of("d/" + i));
      }
      write(volume, "never", "frozen");
    }
    return store;
  }

  private static Bytes id(Store store) throws IOException {
    byte[] copy = new byte[4096];
    try (StoreFile file = store.open("strongroom.volume", Store.Access.READ)) {
      file.read(0, copy, 0, copy.length);
    }
    return Bytes.copyOf(copy, 24, 16);
  }

  private void release(Bytes volume) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      session.element().releaseVersion(pin, volume);
    }
  }

  /** Moves the element's slot without the volume. */
  private void move(Bytes volume, int steps) throws IOException {
    for (int i = 0; i < steps; i++) {
      VersionSlot slot = session.readVersion(volume).orElse(VersionSlot.none(volume));
      session.compareAndSetVersion(slot, Bytes.copyOf(SampleBytes.of(i, 32)));
    }
  }

  private static void damage(Store store, String name) throws IOException {
    try (StoreFile file = store.open(name, Store.Access.WRITE)) {
      byte[] rubbish = SampleBytes.of(1, 2 * 4096);
      file.write(0, rubbish, 0, rubbish.length);
    }
  }

  /** Brings a volume or its element into a state. */
  private void bring(MemoryStore store, LedgerState state) throws IOException {
    Bytes id = id(store);
    long counter = session.readVersion(id).orElseThrow().counter();
    switch (state) {
      case LOST -> store.delete(LEDGER);
      case DAMAGED -> damage(store, LEDGER);
      case OLDER -> move(id, 3);
      case UNKNOWN_ELEMENT -> release(id);
      case AHEAD -> {
        release(id);
        move(id, (int) counter - 2);
      }
      case FOREIGN -> {
        release(id);
        move(id, (int) counter);
      }
      case VOLUME_FILE_OLDER -> {
        MemoryStore before = store.copy();
        acceptAfterAMove(store, id);
        copy(before, store, VOLUME_FILE);
      }
      case VOLUME_FILE_FOREIGN -> {
        MemoryStore other = store.copy();
        acceptAfterAMove(other, id);
        acceptAfterAMove(store, id);
        copy(other, store, VOLUME_FILE);
      }
    }
  }

  /** Has an act recorded in the volume file, and the element vouch for the ledger again. */
  private void acceptAfterAMove(MemoryStore store, Bytes id) throws IOException {
    move(id, 1);
    repair(store, LedgerRepair.ACCEPT).close();
  }

  private long counterOfElement(Store store) throws IOException {
    return session.readVersion(id(store)).map(VersionSlot::counter).orElse(0L);
  }

  @ParameterizedTest
  @EnumSource(LedgerState.class)
  void eachStateIsNamedAndHasItsWayOut(LedgerState state) throws IOException {
    for (Freshness freshness : Freshness.values()) {
      MemoryStore store = volume(freshness);
      long counterBefore = counterOfElement(store);
      bring(store, state);
      boolean ofVolumeFile =
          state == LedgerState.VOLUME_FILE_OLDER || state == LedgerState.VOLUME_FILE_FOREIGN;
      long ledgerCounter = ofVolumeFile ? counterOfElement(store) : counterBefore;
      int acts = state == LedgerState.VOLUME_FILE_FOREIGN ? 2 : 1;
      MemoryStore untouched = store.copy();
      LedgerException refused = (LedgerException) catchThrowable(() -> open(store).close());
      assertThat(refused).as("%s, %s", state, freshness).isNotNull();
      assertThat(refused.state()).isEqualTo(state);
      boolean unread = state == LedgerState.LOST || state == LedgerState.DAMAGED;
      assertThat(refused.ledgerCounter()).isEqualTo(unread ? 0 : ledgerCounter);
      assertThat(refused.elementCounter()).isEqualTo(counterOfElement(store));
      assertThat(refused)
          .hasMessageContaining("element at change " + refused.elementCounter())
          .hasMessageContaining("administrator");
      requireOthersRefused(untouched, state);

      long before = counterOfElement(store);
      try (SecureFileSystem volume = repair(store, state.repair())) {
        requireAllReadable(volume);
        write(volume, "d/0", "changed");
        volume.freeze(List.of("d/0", "never"));
        assertThat(volume.info().fresh()).isTrue();
      }
      try (SecureFileSystem volume = open(store)) {
        assertThat(read(volume, "d/0")).isEqualTo("changed");
        VolumeInfo info = volume.info();
        assertThat(info.ledgerRepairs()).hasSize(acts);
        VolumeInfo.LedgerRepaired act = info.ledgerRepairs().get(acts - 1);
        assertThat(act.repair()).isEqualTo(state.repair());
        assertThat(act.from()).isEqualTo(refused.ledgerCounter());
        assertThat(act.to()).isEqualTo(before + 1);
        assertThat(volume.check(CheckListener.SILENT).findings())
            .allMatch(each -> each.kind() == FindingKind.LEDGER_REPAIRED)
            .hasSize(acts);
      }
      // Nothing is recorded of a repair that is not needed.
      repair(store, LedgerRepair.ACCEPT).close();
      repair(store, LedgerRepair.REBUILD).close();
      try (SecureFileSystem volume = open(store)) {
        assertThat(volume.info().ledgerRepairs()).hasSize(acts);
      }
    }
  }

  /** Neither a wrong PIN nor another repair helps, nor reading alone. */
  private void requireOthersRefused(MemoryStore store, LedgerState state) throws IOException {
    for (LedgerRepair repair : LedgerRepair.values()) {
      if (repair != state.repair()) {
        assertThatThrownBy(() -> repair(store.copy(), repair).close())
            .isInstanceOf(LedgerException.class);
      }
    }
    try (SecretBytes wrong = SecretBytes.encode("not the right one".toCharArray());
        SecretBytes pin = TestElement.administratorPin()) {
      assertThatThrownBy(
              () ->
                  SecureFileSystem.open(
                      session, store.copy(), VolumeOptions.defaults(), state.repair(), wrong))
          .isInstanceOf(AuthenticationFailedException.class);
      assertThatThrownBy(
              () -> SecureFileSystem.open(session, store, readOnly(), state.repair(), pin))
          .isInstanceOf(ReadOnlyFileSystemException.class);
    }
    if (state == LedgerState.UNKNOWN_ELEMENT) {
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, readOnly())) {
        assertThat(volume.info().fresh()).isFalse();
        requireAllReadable(volume);
        assertThat(volume.check(CheckListener.SILENT).findings())
            .anyMatch(
                each -> each.kind() == FindingKind.LEDGER && each.severity() == Severity.NOTICE);
      }
    } else {
      assertThatThrownBy(() -> SecureFileSystem.open(session, store, readOnly()))
          .isInstanceOf(LedgerException.class);
    }
  }

  private static void requireAllReadable(SecureFileSystem volume) throws IOException {
    for (int i = 0; i < 5; i++) {
      assertThat(read(volume, "d/" + i)).isEqualTo("content " + i);
    }
    assertThat(read(volume, "never")).isEqualTo("frozen");
  }

  @Test
  void anAcceptedBackupVoidsWhatTheOtherCopyHasCommittedSince() throws IOException {
    for (Freshness freshness : Freshness.values()) {
      MemoryStore store = volume(freshness);
      MemoryStore backup = store.copy();
      String host;
      try (SecureFileSystem volume = open(store)) {
        write(volume, "d/1", "after the backup");
        volume.freeze(List.of("d/1", "never"));
        host = volume.stat("d/1").hostName();
      }
      repair(backup, LedgerRepair.ACCEPT).close();
      assertThatThrownBy(() -> open(store)).isInstanceOf(LedgerException.class);
      copy(store, backup, host);
      try (SecureFileSystem volume = open(backup)) {
        RollbackException refused =
            (RollbackException) catchThrowable(() -> volume.openFile("d/1"));
        assertThat(refused).isNotNull();
        assertThat(refused.found()).isGreaterThan(refused.required());
        assertThat(refused).hasMessageContaining("abandoned");
        assertThat(read(volume, "d/2")).isEqualTo("content 2");
        volume.freeze(List.of("d/2", "d/3"));
        assertThatThrownBy(() -> volume.openFile("d/1")).isInstanceOf(RollbackException.class);
      }
    }
  }

  private static void copy(Store from, Store to, String name) throws IOException {
    try (StoreFile source = from.open(name, Store.Access.READ);
        StoreFile target = to.open(name, Store.Access.WRITE)) {
      byte[] content = new byte[(int) source.size()];
      source.read(0, content, 0, content.length);
      target.truncate(0);
      target.write(0, content, 0, content.length);
      target.sync();
    }
  }

  @Test
  void aRebuildAfterDamageBehindTheMetaPageBringsAllVersionsBack() throws IOException {
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, store, options(Freshness.NONE))) {
      for (int i = 0; i < 200; i++) {
        write(volume, "f" + i, "content " + i);
      }
      volume.freezeTree("/");
    }
    try (StoreFile file = store.open(LEDGER, Store.Access.WRITE)) {
      byte[] rubbish = SampleBytes.of(1, (int) file.size() - 4 * 4096);
      file.write(4 * 4096, rubbish, 0, rubbish.length);
    }
    assertThatThrownBy(
            () -> {
              try (SecureFileSystem volume = open(store)) {
                for (int i = 0; i < 200; i++) {
                  read(volume, "f" + i);
                }
              }
            })
        .hasMessageContaining(LEDGER);
    try (SecureFileSystem volume = repair(store, LedgerRepair.REBUILD)) {
      for (int i = 0; i < 200; i++) {
        assertThat(read(volume, "f" + i)).isEqualTo("content " + i);
        assertThat(volume.version("f" + i)).isEqualTo(1);
      }
      volume.freeze(List.of("f7"));
      assertThat(volume.version("f7")).isGreaterThan(1);
    }
  }
}
