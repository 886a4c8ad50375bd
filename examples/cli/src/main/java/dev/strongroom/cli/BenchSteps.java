// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.workloads.Contender;
import dev.strongroom.workloads.Figures;
import dev.strongroom.workloads.FolderPeer;
import dev.strongroom.workloads.GcmSpeed;
import dev.strongroom.workloads.Scale;
import dev.strongroom.workloads.VolumePeer;
import dev.strongroom.workloads.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What {@code bench} measures.
 *
 * <p>Thread safety: confined to one thread.
 */
final class BenchSteps {

  static final String VOLUME = "volume";
  static final String PLAIN = "plain";

  /** After one that warms up. */
  private static final int ROUNDS = 3;

  /** At full scale, of AES-GCM and of element commands. */
  private static final int GCM_ROUNDS = 40;

  private static final int COMMANDS = 800;

  /** At most, for each kind of command. */
  private static final double COMMAND_SECONDS = 0.5;

  private final Settings settings;
  private final Path folder;
  private final double part;
  private final Scale scale;

  BenchSteps(Settings settings, Path folder, double part) {
    this.settings = settings;
    this.folder = folder;
    this.part = part;
    this.scale = Scale.of(part);
  }

  BenchReport run(ElementSession session, String element) throws IOException {
    String where = Files.getFileStore(folder).type() + " at " + folder.getParent();
    GcmSpeed gcm = GcmSpeed.measure((int) Math.ceil(GCM_ROUNDS * part));
    ElementSpeed speed =
        ElementSpeed.measure(session, (int) Math.ceil(COMMANDS * part), COMMAND_SECONDS);
    Figures figures = new Figures();
    try (Contender volume =
            new Contender(
                new VolumePeer(VOLUME, session, folder.resolve(VOLUME), VolumeOptions.defaults()),
                scale);
        Contender plain = new Contender(FolderPeer.plain(folder.resolve(PLAIN)), scale)) {
      rounds(new ArrayList<>(List.of(volume, plain)), figures);
    }
    return new BenchReport(where, element, scale, ROUNDS, gcm, speed, figures);
  }

  private void rounds(List<Contender> contenders, Figures figures) throws IOException {
    int steps = (ROUNDS + 1) * Workload.values().length;
    // The bar counts steps, which its rate would call bytes.
    boolean watched = settings.watched();
    int step = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      for (Workload workload : Workload.values()) {
        step++;
        if (watched) {
          settings.console().err().print("\rbench: step " + step + " of " + steps + " ");
          settings.console().err().flush();
        }
        for (Contender contender : contenders) {
          var timing = contender.run(workload);
          if (round > 0) {
            figures.add(workload, contender.peer().name(), timing);
          }
        }
      }
      Collections.rotate(contenders, 1);
    }
    if (watched) {
      settings.console().err().print("\r" + " ".repeat("bench: step 00 of 00 ".length()) + "\r");
      settings.console().err().flush();
    }
    for (Contender contender : contenders) {
      contender.verify();
    }
  }
}
