// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInUseException;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.simulator.FaultPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What backups keep of the guarantees of frozen and strict volumes. */
@Tag("jdk25")
class VersionBackupTest {

  @TempDir Path folder;

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
    return VolumeOptions.builder()
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .freshness(freshness)
        .build();
  }

  private Path volume() {
    return folder.resolve("volume");
  }

  private SecureFileSystem open(Path directory) throws IOException {
    return SecureFileSystem.open(session, directory, options(Freshness.NONE));
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

  private void backup(Path to) throws IOException {
    SecureFileSystem.backup(session, volume(), to, copied -> {});
  }

  private Optional<Path> restore(Path backup) throws IOException {
    return SecureFileSystem.restore(session, backup, volume(), copied -> {});
  }

  private Optional<Path> restoreAccepted(Path backup) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return SecureFileSystem.restore(session, backup, volume(), pin, copied -> {});
    }
  }

  /** Backups from before the first freeze, from before the last one, and from after it. */
  private final class Past {
    final Path unfrozen = folder.resolve("unfrozen");
    final Path before = folder.resolve("before");
    final Path after = folder.resolve("after");
    String host = "";

    Past(Freshness freshness) throws IOException {
      try (SecureFileSystem volume =
          SecureFileSystem.create(session, volume(), options(freshness))) {
        write(volume, "f", "unfrozen");
        write(volume, "g", "unfrozen");
      }
      backup(unfrozen);
      change("before");
      backup(before);
      change("now");
      backup(after);
    }

    private void change(String text) throws IOException {
      try (SecureFileSystem volume = open(volume())) {
        write(volume, "f", text);
        volume.freeze(List.of("f"));
        volume.freeze(List.of("f"));
        volume.freeze(List.of("f"));
        write(volume, "g", text);
        host = volume.stat("f").hostName();
      }
    }
  }

  private void require(Path directory, String text, LedgerRepair... repairs) throws IOException {
    try (SecureFileSystem volume = open(directory)) {
      assertThat(read(volume, "f")).isEqualTo(text);
      assertThat(read(volume, "g")).isEqualTo(text);
      assertThat(volume.info().fresh()).isTrue();
      assertThat(volume.info().ledgerRepairs())
          .extracting(VolumeInfo.LedgerRepaired::repair)
          .containsExactly(repairs);
      assertThat(volume.check(CheckListener.SILENT).findings())
          .allMatch(each -> each.kind() == FindingKind.LEDGER_REPAIRED);
    }
  }

  private static LedgerState state(Throwable problem) {
    assertThat(problem).isInstanceOf(LedgerException.class);
    return ((LedgerException) problem).state();
  }

  @ParameterizedTest
  @EnumSource(Freshness.class)
  void aBackupFromAfterTheLastFreezeComesBackAsItIs(Freshness freshness) throws IOException {
    Past past = new Past(freshness);
    Path aside = restore(past.after).orElseThrow();
    require(volume(), "now");
    require(aside, "now");
    restoreAccepted(past.after);
    require(volume(), "now");
  }

  @ParameterizedTest
  @EnumSource(Freshness.class)
  void anOlderOneIsRefusedAndTheVolumeStays(Freshness freshness) throws IOException {
    Past past = new Past(freshness);
    LedgerState first = freshness == Freshness.STRICT ? LedgerState.OLDER : LedgerState.LOST;
    assertThat(state(catchThrowable(() -> restore(past.unfrozen)))).isEqualTo(first);
    assertThat(state(catchThrowable(() -> restore(past.before)))).isEqualTo(LedgerState.OLDER);
    try (SecretBytes wrong = SecretBytes.encode("no administrator".toCharArray())) {
      assertThatThrownBy(
              () -> SecureFileSystem.restore(session, past.before, volume(), wrong, copied -> {}))
          .isInstanceOf(AuthenticationFailedException.class);
    }
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("volume", "unfrozen", "before", "after");
    require(volume(), "now");
  }

  @ParameterizedTest
  @EnumSource(Freshness.class)
  void anOlderOneIsAcceptedByTheAdministratorAndEachTimeRecorded(Freshness freshness)
      throws IOException {
    Past past = new Past(freshness);
    LedgerRepair first = freshness == Freshness.STRICT ? LedgerRepair.ACCEPT : LedgerRepair.REBUILD;
    Path aside = restoreAccepted(past.before).orElseThrow();
    require(volume(), "before", LedgerRepair.ACCEPT);
    assertThat(catchThrowable(() -> open(aside).close())).isInstanceOf(LedgerException.class);
    assertThat(catchThrowable(() -> restore(past.after))).isInstanceOf(LedgerException.class);
    restoreAccepted(past.unfrozen);
    require(volume(), "unfrozen", first);
    restoreAccepted(aside);
    require(volume(), "now", LedgerRepair.ACCEPT);
  }

  /** Whichever copy is accepted: what was committed to the other one since they parted is void. */
  @ParameterizedTest
  @EnumSource(Freshness.class)
  void filesOfTheAbandonedCopyNeverOpenInTheAcceptedOne(Freshness freshness) throws IOException {
    Past past = new Past(freshness);
    Path aside = restoreAccepted(past.before).orElseThrow();
    requireVoid(aside.resolve(past.host), past.host);
    Path accepted = folder.resolve("accepted");
    try (SecureFileSystem volume = open(volume())) {
      write(volume, "f", "by the accepted one");
      volume.freeze(List.of("f"));
    }
    copy(volume(), accepted);
    requireVoid(aside.resolve(past.host), past.host);
    // And the other way round.
    restoreAccepted(aside);
    requireVoid(accepted.resolve(past.host), past.host);
    try (SecureFileSystem volume = open(volume())) {
      assertThat(read(volume, "f")).isEqualTo("now");
      write(volume, "f", "goes on");
      volume.freeze(List.of("f"));
    }
    requireVoid(accepted.resolve(past.host), past.host);
    assertThat(catchThrowable(() -> open(accepted).close())).isInstanceOf(LedgerException.class);
  }

  private void requireVoid(Path stranger, String host) throws IOException {
    Path place = volume().resolve(host);
    Path right = folder.resolve("right");
    Files.copy(place, right, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(stranger, place, StandardCopyOption.REPLACE_EXISTING);
    try (SecureFileSystem volume = open(volume())) {
      assertThat(catchThrowable(() -> volume.openFile("f"))).isInstanceOf(RollbackException.class);
    }
    Files.copy(right, place, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path each : (Iterable<Path>) files::iterator) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Freshness.class)
  void aVolumeThatIsOpenIsNotCopiedAndGoesOn(Freshness freshness) throws IOException {
    Path target = folder.resolve("backup");
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), options(freshness))) {
      write(volume, "f", "one");
      write(volume, "g", "one");
      volume.freeze(List.of("f"));
      assertThatThrownBy(() -> backup(target)).isInstanceOf(VolumeInUseException.class);
      assertThat(target).doesNotExist();
      write(volume, "f", "two");
      write(volume, "g", "two");
      volume.freeze(List.of("f"));
    }
    backup(target);
    require(target, "two");
    require(volume(), "two");
  }

  /** A crash has left a step that is prepared: the backup makes it first. */
  @ParameterizedTest
  @EnumSource(Freshness.class)
  void aBackupAfterACrashIsOneOfWhatCountsThen(Freshness freshness) throws IOException {
    MemoryStore store = new MemoryStore();
    MemoryStore crashed;
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options(freshness))) {
      write(volume, "f", "old");
      write(volume, "g", "two");
      volume.freeze(List.of("f"));
      write(volume, "f", "two");
      element.simulated.inject(FaultPlan.builder().answer(1, new StatusWord(0x6F00)).build());
      assertThat(catchThrowable(() -> volume.freeze(List.of("f")))).isInstanceOf(IOException.class);
      crashed = store.copy();
      element.simulated.inject(FaultPlan.none());
      // The step is not made by this volume, whose process has been killed.
      MemoryStore backup = new MemoryStore();
      SecureFileSystem.backup(session, crashed, backup, copied -> {});
      for (MemoryStore each : List.of(backup, crashed)) {
        try (SecureFileSystem open =
            SecureFileSystem.open(session, each, options(Freshness.NONE))) {
          assertThat(read(open, "f")).isEqualTo("two");
          assertThat(open.version("f")).isGreaterThan(1);
          assertThat(open.info().fresh()).isTrue();
        }
      }
    }
  }

  /** The element fails at each command of an accepted restore in turn: no copy is lost. */
  @Test
  void aRestoreWhoseElementFailsLosesNeitherCopy() throws IOException {
    List<String> outcomes = new ArrayList<>();
    String outcome = "";
    for (int command = 1; !outcome.equals("restored"); command++) {
      logout();
      login();
      folder = Files.createDirectory(folder.resolve("of command " + command));
      outcome = restoreWithFault(command);
      outcomes.add(outcome);
      folder = Objects.requireNonNull(folder.getParent());
    }
    assertThat(outcomes).contains("as before", "not accepted", "restored");
    System.out.println("VersionBackupTest: a fault at each command: " + outcomes);
  }

  private String restoreWithFault(int command) throws IOException {
    Past past = new Past(Freshness.NONE);
    Path aside = folder.resolve("volume.replaced");
    element.simulated.inject(FaultPlan.builder().answer(command, new StatusWord(0x6F00)).build());
    Throwable failed = catchThrowable(() -> restoreAccepted(past.before));
    element.simulated.inject(FaultPlan.none());
    if (failed == null) {
      require(volume(), "before", LedgerRepair.ACCEPT);
      return "restored";
    }
    assertThat(failed).isInstanceOf(IOException.class);
    if (Files.notExists(aside)) {
      require(volume(), "now");
      return "as before";
    }
    LedgerException refused = (LedgerException) catchThrowable(() -> open(volume()).close());
    if (refused == null) {
      // All but the last step was done; the opening has made it.
      require(volume(), "before", LedgerRepair.ACCEPT);
      return "accepted";
    }
    assertThat(refused.state()).isEqualTo(LedgerState.OLDER);
    require(aside, "now");
    return "not accepted";
  }
}
