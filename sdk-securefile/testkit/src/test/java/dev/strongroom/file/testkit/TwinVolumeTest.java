// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.ElementNotAddedException;
import dev.strongroom.file.ElementNotAddedException.Reason;
import dev.strongroom.file.ElementReinitializedException;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RecoveryElement;
import dev.strongroom.file.RecoveryReport;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeElement;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several elements with the same master keys, and one volume. */
@Tag("jdk25")
class TwinVolumeTest {

  private static final byte[] CONTENT = SampleBytes.of(1, 300_000);

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

  private static void put(SecureFileSystem volume, String path) throws IOException {
    try (SecureFile file = volume.openFile(path, CREATE, WRITE)) {
      file.write(CONTENT);
    }
  }

  private static void requireContent(SecureFileSystem volume, String path) throws IOException {
    byte[] found = new byte[CONTENT.length];
    try (SecureFile file = volume.openFile(path, READ)) {
      assertThat(file.pread(0, found, 0, found.length)).isEqualTo(found.length);
    }
    assertThat(Arrays.equals(found, CONTENT)).isTrue();
  }

  private SecureFileSystem adopt(ElementSession whose) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return SecureFileSystem.adopt(whose, volume(), VolumeOptions.defaults(), pin);
    }
  }

  private void make(VolumeOptions options) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), options)) {
      volume.createDirectory("/a");
      for (int i = 0; i < 20; i++) {
        put(volume, "/a/" + i);
      }
    }
  }

  private static SecureFileSystem open(ElementSession whose, Path where) throws IOException {
    return SecureFileSystem.open(whose, where, VolumeOptions.defaults());
  }

  private static SecureFileSystem read(ElementSession whose, Path where) throws IOException {
    return SecureFileSystem.open(whose, where, VolumeOptions.builder().readOnly().build());
  }

  @Test
  void theFirstIsLostAndTheOtherGoesOn() throws IOException {
    make(VolumeOptions.defaults());
    session.close();
    first.close();
    long before = twin.commands();
    assertThatThrownBy(() -> open(its, volume())).isInstanceOf(WrongElementException.class);
    assertThat(twin.commands()).isEqualTo(before);
    assertThatThrownBy(() -> VolumeInfo.read(volume()).requireElement("v", its.element()))
        .isInstanceOf(WrongElementException.class);
    try (SecureFileSystem volume = adopt(its)) {
      for (int i = 0; i < 20; i++) {
        requireContent(volume, "/a/" + i);
      }
      put(volume, "/new");
    }
    try (SecureFileSystem volume = open(its, volume())) {
      requireContent(volume, "/new");
    }
    VolumeInfo info = VolumeInfo.read(volume());
    assertThat(info.elements())
        .extracting(VolumeElement::role)
        .containsExactly(ElementRole.FIRST, ElementRole.TWIN);
    VolumeElement named = info.element(its.info().serialNumber()).orElseThrow();
    assertThat(named.channelKey()).isEqualTo(its.channelKey());
    assertThat(named.identity().orElseThrow().toString())
        .startsWith(its.element().identity().fingerprint().replace(" ", ""));
    info.requireElement("v", its.element());
  }

  @Test
  void bothOpenAVolumeThatNamesBoth() throws IOException {
    make(VolumeOptions.defaults());
    try (SecureFileSystem volume = open(session, volume())) {
      volume.addElement(its);
      volume.addElement(its); // once is enough
      assertThat(volume.info().elements()).hasSize(2);
    }
    for (ElementSession each : List.of(its, session, its)) {
      try (SecureFileSystem volume = open(each, volume())) {
        requireContent(volume, "/a/3");
        put(volume, "/by " + each.info().serialNumber());
      }
    }
    try (SecureFileSystem volume = read(session, volume())) {
      assertThat(volume.list("/")).hasSize(3);
    }
    // Each element's state is compared with what was recorded for itself only.
    for (int i = 0; i < 5; i++) {
      session.close();
      session = first.login();
    }
    open(session, volume()).close();
    open(its, volume()).close();
  }

  @Test
  void aLedgerIsAdoptedByTheAdministratorOnly() throws IOException {
    make(VolumeOptions.defaults());
    try (SecureFileSystem volume = open(session, volume())) {
      volume.addElement(its);
      volume.freeze(List.of("/a/1"));
    }
    assertThatThrownBy(() -> open(its, volume()))
        .isInstanceOfSatisfying(
            LedgerException.class,
            e -> assertThat(e.state()).isEqualTo(LedgerState.UNKNOWN_ELEMENT));
    try (SecureFileSystem volume = read(its, volume())) {
      requireContent(volume, "/a/1");
      assertThat(volume.info().fresh()).isFalse();
    }
    try (SecretBytes wrong = SecretBytes.encode("no administrator".toCharArray())) {
      assertThatThrownBy(
              () -> SecureFileSystem.adopt(its, volume(), VolumeOptions.defaults(), wrong))
          .isInstanceOf(AuthenticationFailedException.class);
    }
    assertThat(VolumeInfo.read(volume()).ledgerRepairs()).isEmpty();
    try (SecureFileSystem volume = adopt(its)) {
      assertThat(volume.info().fresh()).isTrue();
      assertThat(volume.info().ledgerRepairs())
          .extracting(VolumeInfo.LedgerRepaired::repair)
          .containsExactly(LedgerRepair.ADOPT);
      volume.freeze(List.of("/a/2"));
      requireContent(volume, "/a/2");
    }
    try (SecureFileSystem volume = open(its, volume())) {
      requireContent(volume, "/a/1");
    }
  }

  @Test
  void aTwinThatWasNotNamedAdoptsTheLedger() throws IOException {
    make(VolumeOptions.defaults());
    try (SecureFileSystem volume = open(session, volume())) {
      volume.freeze(List.of("/a/1"));
    }
    try (SecureFileSystem volume = adopt(its)) {
      requireContent(volume, "/a/1");
      assertThat(volume.info().fresh()).isTrue();
    }
    open(its, volume()).close();
  }

  @ParameterizedTest
  @EnumSource(
      value = LedgerState.class,
      names = {"LOST", "DAMAGED"})
  void aTwinThatWasNotNamedRebuildsALedgerThatIsGone(LedgerState state) throws IOException {
    make(VolumeOptions.defaults());
    try (SecureFileSystem volume = open(session, volume())) {
      volume.freeze(List.of("/a/1"));
    }
    session.close();
    first.close();
    Path ledger = volume().resolve("strongroom.files/ledger");
    if (state == LedgerState.LOST) {
      Files.delete(ledger);
    } else {
      Files.write(ledger, SampleBytes.of(2, (int) Files.size(ledger)));
    }
    try (SecureFileSystem volume = adopt(its)) {
      requireContent(volume, "/a/1");
      assertThat(volume.info().fresh()).isTrue();
      assertThat(volume.info().elements()).hasSize(2);
      assertThat(volume.info().ledgerRepairs())
          .extracting(VolumeInfo.LedgerRepaired::repair)
          .containsExactly(LedgerRepair.REBUILD);
      assertThat(volume.version("/a/1")).isPositive();
    }
    try (SecureFileSystem volume = open(its, volume())) {
      requireContent(volume, "/a/2");
      volume.freeze(List.of("/a/2"));
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void refused(Reason reason, Work work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            ElementNotAddedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void strangersAreNotAdded() throws IOException {
    make(VolumeOptions.defaults());
    byte[] before = Files.readAllBytes(volume().resolve("strongroom.volume"));
    try (TestElement other = TestElement.create();
        ElementSession stranger = other.login()) {
      refused(Reason.OTHER_KEYS, () -> adopt(stranger).close());
      try (SecureFileSystem volume = open(session, volume())) {
        refused(Reason.OTHER_KEYS, () -> volume.addElement(stranger));
      }
    }
    assertThat(Files.readAllBytes(volume().resolve("strongroom.volume"))).isEqualTo(before);
  }

  @Test
  void aStrictVolumeHasOneElement() throws IOException {
    make(VolumeOptions.builder().freshness(Freshness.STRICT).build());
    try (SecureFileSystem volume = open(session, volume())) {
      refused(Reason.STRICT, () -> volume.addElement(its));
    }
    refused(Reason.STRICT, () -> adopt(its).close());
    Path target = folder.resolve("target");
    RecoveryReport report =
        SecureFileSystem.recover(its, volume(), target, VolumeOptions.defaults());
    assertThat(report.isComplete()).isTrue();
    try (SecureFileSystem volume = open(its, target)) {
      requireContent(volume, "/a/19");
    }
  }

  @Test
  void theRecoveryElementStaysWhatItIs() throws IOException {
    RecoveryElement recovery = RecoveryElement.of(its.element().identity(), its.channelKey());
    make(VolumeOptions.builder().recoveryElement(recovery).build());
    refused(Reason.RECOVERY, () -> adopt(its).close());
    try (SecureFileSystem volume = open(session, volume())) {
      refused(Reason.RECOVERY, () -> volume.addElement(its));
    }
  }

  @Test
  void aVolumeHasRoomForEightElements() throws IOException {
    make(VolumeOptions.defaults());
    try (SecureFileSystem volume = open(session, volume())) {
      for (int i = 0; i < 7; i++) {
        try (TestElement another = TestElement.twinOf(first);
            ElementSession whose = another.login()) {
          volume.addElement(whose);
        }
      }
      assertThat(volume.info().elements()).hasSize(8);
      refused(Reason.TOO_MANY, () -> volume.addElement(its));
    }
  }

  @Test
  void anElementThatWasInitialisedAnewIsToldApartFromDamage() throws IOException {
    make(VolumeOptions.defaults());
    Bytes before = fingerprint(session);
    session.close();
    first.initializeAnew();
    session = first.login();
    assertThatThrownBy(() -> open(session, volume()))
        .isInstanceOfSatisfying(
            ElementReinitializedException.class,
            e -> {
              assertThat(e.element()).isEqualTo(session.info().serialNumber());
              assertThat(Bytes.copyOf(e.expected().toByteArray(), 0, 16)).isEqualTo(before);
              assertThat(Bytes.copyOf(e.found().toByteArray(), 0, 16))
                  .isEqualTo(fingerprintOf(session));
            });
    try (SecureFileSystem volume = adopt(its)) {
      requireContent(volume, "/a/1");
    }
  }

  private static Bytes fingerprint(ElementSession whose) throws IOException {
    return Bytes.parse(whose.element().identity().fingerprint().replace(" ", ""));
  }

  private static Bytes fingerprintOf(ElementSession whose) {
    try {
      return fingerprint(whose);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
