// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RecoveryElement;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volume file and ledger name each other: neither goes back, or away, without the other. */
@Tag("jdk25")
class VolumeFileBindingTest {

  private static final byte[] CONTENT = SampleBytes.of(1, 5000);

  @TempDir Path folder;

  private TestElement first;
  private TestElement twin;
  private ElementSession session;
  private ElementSession its;

  @BeforeEach
  void login() throws IOException {
    first = TestElement.create();
    twin = TestElement.twinOf(first);
    session = first.login();
    its = twin.login();
  }

  @AfterEach
  void logout() {
    session.close();
    its.close();
    first.close();
    twin.close();
  }

  private Path volume() {
    return folder.resolve("volume");
  }

  private Path volumeFile() {
    return volume().resolve("strongroom.volume");
  }

  private Path ledger() {
    return volume().resolve("strongroom.files/ledger");
  }

  private static VolumeOptions.Builder small() {
    return VolumeOptions.builder().journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES);
  }

  private void make(VolumeOptions options) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), options);
        SecureFile file =
            volume.openFile("/a", StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(CONTENT);
    }
  }

  private SecureFileSystem open(ElementSession whose) throws IOException {
    return SecureFileSystem.open(whose, volume(), VolumeOptions.defaults());
  }

  private SecureFileSystem read(ElementSession whose) throws IOException {
    return SecureFileSystem.open(whose, volume(), VolumeOptions.builder().readOnly().build());
  }

  private SecureFileSystem repair(ElementSession whose, LedgerRepair repair) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return SecureFileSystem.open(whose, volume(), VolumeOptions.defaults(), repair, pin);
    }
  }

  private SecureFileSystem adopt(ElementSession whose) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return SecureFileSystem.adopt(whose, volume(), VolumeOptions.defaults(), pin);
    }
  }

  private static void requireContent(SecureFileSystem volume) throws IOException {
    assertThat(ModelledVolume.content(volume, "/a")).isEqualTo(CONTENT);
  }

  private interface Opening {
    SecureFileSystem run() throws IOException;
  }

  private static void refused(LedgerState state, Opening opening) {
    Throwable thrown = catchThrowable(() -> opening.run().close());
    assertThat(thrown)
        .isInstanceOfSatisfying(LedgerException.class, e -> assertThat(e.state()).isEqualTo(state));
  }

  // ---- a ledger that is gone

  /** The element's slot is not what says that there was one. */
  @Test
  void aDeletedLedgerIsMissedByElementsWithoutASlot() throws IOException {
    try (TestElement other = TestElement.create();
        ElementSession recovery = other.login()) {
      RecoveryElement named =
          RecoveryElement.of(recovery.element().identity(), recovery.channelKey());
      make(small().recoveryElement(named).build());
      try (SecureFileSystem volume = open(session)) {
        volume.addElement(its);
        volume.freeze(List.of("/a"));
      }
      byte[] kept = Files.readAllBytes(ledger());
      Files.delete(ledger());
      refused(LedgerState.LOST, () -> open(session));
      refused(LedgerState.LOST, () -> open(its));
      refused(LedgerState.LOST, () -> read(its));
      refused(LedgerState.LOST, () -> adopt(its));
      try (SecureFileSystem volume = read(recovery)) {
        requireContent(volume);
        assertThat(volume.info().fresh()).isFalse();
        assertThat(volume.info().ledgerState()).contains(LedgerState.LOST);
      }
      Files.write(ledger(), kept);
      try (SecureFileSystem volume = open(session)) {
        requireContent(volume);
        assertThat(volume.info().fresh()).isTrue();
        assertThat(volume.info().ledgerState()).isEmpty();
      }
      Files.delete(ledger());
      try (SecureFileSystem volume = repair(its, LedgerRepair.REBUILD)) {
        requireContent(volume);
        assertThat(volume.version("/a")).isPositive();
        assertThat(volume.info().fresh()).isTrue();
      }
    }
  }

  @Test
  void aDeletedLedgerIsMissedByEveryElementWithTheManagedKey() throws IOException {
    try (SecureElement open = SecureElement.open(new KeyStoreElement(first.simulated));
        ElementSession made = TestElement.login(open);
        TestElement other = TestElement.create();
        SecureElement second = SecureElement.open(new KeyStoreElement(other.simulated));
        ElementSession guest = TestElement.login(second)) {
      VolumeOptions options = small().managedKey(KeyStoreElement.KEY_ID).build();
      try (SecureFileSystem volume = SecureFileSystem.create(made, volume(), options)) {
        try (SecureFile file =
            volume.openFile("/a", StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
          file.write(CONTENT);
        }
        volume.freeze(List.of("/a"));
      }
      Files.delete(ledger());
      refused(LedgerState.LOST, () -> SecureFileSystem.open(guest, volume(), options));
      try (SecureFileSystem volume = read(guest)) {
        requireContent(volume);
        assertThat(volume.info().fresh()).isFalse();
      }
    }
  }

  // ---- a volume file that is old

  @Test
  void whatWasRecordedInTheVolumeFileIsNotTakenBack() throws IOException {
    make(small().build());
    byte[] beforeAll = Files.readAllBytes(volumeFile());
    try (SecureFileSystem volume = open(session)) {
      volume.freeze(List.of("/a"));
    }
    byte[] alone = Files.readAllBytes(volumeFile());
    try (SecureFileSystem volume = open(session)) {
      volume.addElement(its);
    }
    byte[] both = Files.readAllBytes(volumeFile());
    for (byte[] old : List.of(beforeAll, alone)) {
      Files.write(volumeFile(), old);
      refused(LedgerState.VOLUME_FILE_OLDER, () -> open(session));
      refused(LedgerState.VOLUME_FILE_OLDER, () -> read(session));
      Files.write(volumeFile(), both);
      try (SecureFileSystem volume = open(session)) {
        requireContent(volume);
        assertThat(volume.info().elements()).hasSize(2);
      }
    }
    Files.write(volumeFile(), alone);
    try (SecureFileSystem volume = repair(session, LedgerRepair.ACCEPT)) {
      assertThat(volume.info().elements()).hasSize(1);
      assertThat(volume.info().ledgerRepairs()).hasSize(1);
    }
    byte[] accepted = Files.readAllBytes(volumeFile());
    // What was given up is older than what was accepted instead.
    Files.write(volumeFile(), both);
    refused(LedgerState.VOLUME_FILE_OLDER, () -> open(session));
    Files.write(volumeFile(), accepted);
    open(session).close();
  }

  @Test
  void ofTwoCopiesTheNewerOneCounts() throws IOException {
    make(small().build());
    try (SecureFileSystem volume = open(session)) {
      volume.freeze(List.of("/a"));
    }
    byte[] old = Files.readAllBytes(volumeFile());
    try (SecureFileSystem volume = open(session)) {
      volume.addElement(its);
    }
    byte[] both = Files.readAllBytes(volumeFile());
    for (int copy = 0; copy < 2; copy++) {
      byte[] mixed = both.clone();
      System.arraycopy(old, copy * 4096, mixed, copy * 4096, 4096);
      Files.write(volumeFile(), mixed);
      try (SecureFileSystem volume = open(session)) {
        assertThat(volume.info().elements()).hasSize(2);
      }
      assertThat(Files.readAllBytes(volumeFile())).isEqualTo(both);
    }
  }

  @Test
  void aVolumeFileThatIsExchangedUnderAnOpenVolumeIsNotGoneOnWith() throws IOException {
    make(small().build());
    byte[] old = Files.readAllBytes(volumeFile());
    try (SecureFileSystem volume = open(session)) {
      volume.freeze(List.of("/a"));
      byte[] present = Files.readAllBytes(volumeFile());
      Files.write(volumeFile(), old);
      assertThatThrownBy(() -> volume.addElement(its))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("strongroom.volume");
      requireContent(volume);
      byte[] oneCopy = present.clone();
      Arrays.fill(oneCopy, 100, 200, (byte) 1);
      Files.write(volumeFile(), oneCopy);
      volume.addElement(its);
      assertThat(volume.info().elements()).hasSize(2);
    }
    open(session).close();
  }

  // ---- elements

  /** The element is recorded with the adoption of the ledger. */
  @Test
  void anAdoptionRecordsElementAndActAtOnce() throws IOException {
    make(small().build());
    try (SecureFileSystem volume = open(session)) {
      volume.freeze(List.of("/a"));
    }
    try (SecureFileSystem volume = adopt(its)) {
      requireContent(volume);
      VolumeInfo info = volume.info();
      assertThat(info.fresh()).isTrue();
      assertThat(info.elements()).hasSize(2);
      assertThat(info.ledgerRepairs()).hasSize(1);
    }
    try (SecureFileSystem volume = open(its)) {
      requireContent(volume);
    }
  }
}
