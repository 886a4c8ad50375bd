// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.RestoreUnfinishedException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.simulator.FaultPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The element fails while an administrator restores an old backup: nothing is lost. */
class RestoreFaultTest {

  private static final VolumeOptions SMALL =
      VolumeOptions.builder().journalBytes(256 << 10).build();

  private enum Outcome {
    /** The volume is where it was, and the error is that of the element. */
    AS_IT_WAS,
    /** The backup is in its place, and the error says where the volume is. */
    UNFINISHED,
    RESTORED
  }

  @TempDir Path folder;

  @Test
  void atWhateverCommandItFailsTheVolumeIsInItsPlaceOrNamed() throws IOException {
    Set<Outcome> met = EnumSet.noneOf(Outcome.class);
    try (TestElement element = TestElement.create();
        ElementSession session = element.login();
        SecretBytes administrator = TestElement.administratorPin()) {
      for (int command = 1; !met.contains(Outcome.RESTORED); command++) {
        Path place = Files.createDirectory(folder.toRealPath().resolve("at" + command));
        met.add(restore(element, session, administrator, place, command));
      }
    }
    assertThat(met).containsExactlyInAnyOrder(Outcome.values());
  }

  /** Restores while the element fails at a command after the copying has begun. */
  private static Outcome restore(
      TestElement element,
      ElementSession session,
      SecretBytes administrator,
      Path place,
      int failed)
      throws IOException {
    Path target = place.resolve("volume");
    Path backup = place.resolve("backup");
    try (SecureFileSystem volume = SecureFileSystem.create(session, target, SMALL)) {
      write(volume, "old");
      volume.freeze(List.of("/f"));
    }
    SecureFileSystem.backup(session, target, backup, bytes -> {});
    try (SecureFileSystem volume = SecureFileSystem.open(session, target, SMALL)) {
      write(volume, "new");
      volume.freeze(List.of("/f"));
    }
    FaultPlan plan = FaultPlan.builder().answer(failed, new StatusWord(0x6F00)).build();
    boolean[] begun = {false};
    try {
      SecureFileSystem.restore(
          session,
          backup,
          target,
          administrator,
          bytes -> {
            if (!begun[0]) {
              element.simulated.inject(plan);
              begun[0] = true;
            }
          });
      element.simulated.inject(FaultPlan.none());
      assertThat(content(session, target, administrator)).isEqualTo("old");
      return Outcome.RESTORED;
    } catch (RestoreUnfinishedException e) {
      element.simulated.inject(FaultPlan.none());
      assertThat(e.target()).isEqualTo(target);
      Path aside = e.replaced().orElseThrow();
      assertThat(content(session, target, administrator)).isEqualTo("old");
      assertThat(content(session, aside, administrator)).isEqualTo("new");
      return Outcome.UNFINISHED;
    } catch (IOException e) {
      element.simulated.inject(FaultPlan.none());
      assertThat(place.resolve("volume.replaced")).doesNotExist();
      try (SecureFileSystem volume = SecureFileSystem.open(session, target, SMALL)) {
        assertThat(read(volume)).isEqualTo("new");
      }
      return Outcome.AS_IT_WAS;
    }
  }

  /** What is in a volume, made to count if it does not. */
  private static String content(ElementSession session, Path volume, SecretBytes administrator)
      throws IOException {
    try (SecureFileSystem open = SecureFileSystem.open(session, volume, SMALL)) {
      return read(open);
    } catch (LedgerException e) {
      assertThat(e.state().repair()).isEqualTo(LedgerRepair.ACCEPT);
    }
    try (SecureFileSystem open =
        SecureFileSystem.open(session, volume, SMALL, LedgerRepair.ACCEPT, administrator)) {
      return read(open);
    }
  }

  private static void write(SecureFileSystem volume, String content) throws IOException {
    try (SecureFile file =
        volume.openFile("/f", StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(content.getBytes(US_ASCII));
    }
  }

  private static String read(SecureFileSystem volume) throws IOException {
    return new String(ModelledVolume.content(volume, "f"), US_ASCII);
  }
}
