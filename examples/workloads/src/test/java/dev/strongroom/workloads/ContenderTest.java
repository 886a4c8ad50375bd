// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.workloads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.workloads.LyingPeer.Lie;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A measurement of wrong data is none. */
class ContenderTest {

  private static final Scale SCALE = Scale.of(0.002);

  @TempDir Path folder;

  private LyingPeer peer;
  private Contender contender;

  @BeforeEach
  void enter() throws IOException {
    peer = new LyingPeer(FolderPeer.plain(folder.resolve("plain")));
    contender = new Contender(peer, SCALE);
  }

  @AfterEach
  void leave() throws IOException {
    contender.close();
  }

  private void round() throws IOException {
    for (Workload workload : Workload.values()) {
      contender.run(workload);
    }
  }

  @Test
  void anHonestPeerGoesThroughAllRounds() throws IOException {
    for (int i = 0; i < 2; i++) {
      round();
      contender.verify();
    }
    assertThat(contender.spaceBeyondLargeFile()).isZero();
    assertThat(contender.hostBytesOfSmallFile()).isEqualTo(4096);
  }

  @ParameterizedTest
  @EnumSource(
      value = Lie.class,
      names = {"OTHER_SECTOR", "SHORT_READ"})
  void everyReadThatIsTimedIsChecked(Lie lie) throws IOException {
    contender.run(Workload.SEQUENTIAL_WRITE);
    for (Workload workload :
        new Workload[] {
          Workload.SEQUENTIAL_READ, Workload.RANDOM_READ_COLD, Workload.RANDOM_READ_HOT
        }) {
      peer.tell(lie);
      assertThatThrownBy(() -> contender.run(workload))
          .as("%s", workload)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("liar");
      peer.tell(Lie.NONE);
      contender.run(workload);
    }
  }

  @Test
  void smallFilesAreChecked() throws IOException {
    contender.run(Workload.CREATE_FILES);
    Files.copy(
        folder.resolve("plain/small/file-0"),
        folder.resolve("plain/small/file-1"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> contender.run(Workload.READ_FILES))
        .hasMessageContaining("small: sector 1 ");
  }

  @ParameterizedTest
  @EnumSource(
      value = Workload.class,
      names = {"SEQUENTIAL_WRITE", "RANDOM_OVERWRITE", "FORCE"})
  void aWriteThatIsLostIsFoundAfterwards(Workload workload) throws IOException {
    contender.run(Workload.SEQUENTIAL_WRITE);
    contender.verify();
    peer.tell(Lie.OLD_SECTOR);
    contender.run(workload);
    assertThatThrownBy(() -> contender.verify()).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Lie.class,
      names = {"CHANGED_BYTE", "LOST_NAME", "LONGER_FILE", "SHORT_READ"})
  void theWholeCheckSeesEveryByteAndName(Lie lie) throws IOException {
    round();
    contender.verify();
    peer.tell(lie);
    assertThatThrownBy(() -> contender.verify()).isInstanceOf(IOException.class);
  }

  @Test
  void aLostNameIsMissed() throws IOException {
    peer.tell(Lie.LOST_NAME);
    assertThatThrownBy(() -> contender.run(Workload.LIST)).hasMessageContaining("many");
  }
}
