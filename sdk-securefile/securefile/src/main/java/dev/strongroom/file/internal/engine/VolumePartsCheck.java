// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.check.Findings;
import dev.strongroom.file.internal.format.v1.LedgerRepaired;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import java.io.IOException;
import java.util.List;

/**
 * Checks what a volume has beside its files: the copies of the volume file, and the journal.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class VolumePartsCheck {

  private final Volume volume;
  private final Findings findings;

  VolumePartsCheck(Volume volume, Findings findings) {
    this.volume = volume;
    this.findings = findings;
  }

  void run() throws IOException {
    volume.lock.lock();
    try {
      volume.requireUsable();
      volumeFile();
      volume.journal.damage().forEach(this::journal);
    } finally {
      volume.lock.unlock();
    }
  }

  /** An anchor that a crash has torn is written again by the next checkpoint, or the close. */
  private void journal(String what, Severity severity) {
    boolean written = severity == Severity.REPAIRABLE && !volume.isReadOnly();
    findings.add(
        FindingKind.JOURNAL,
        written ? Severity.REPAIRED : severity,
        Names.JOURNAL,
        written ? what + ", and is about to be written again" : what);
  }

  private void volumeFile() throws IOException {
    List<byte[]> copies = VolumeOpener.copies(volume.store);
    byte[] good = null;
    int count = 0;
    for (byte[] copy : copies) {
      findings.read(Names.VOLUME, copy.length);
      if (isAuthentic(copy)) {
        good = good == null ? copy : good;
        count++;
      }
    }
    VolumeFile parsed = good == null ? null : VolumeFile.parse(Names.VOLUME, good);
    if (parsed != null) {
      for (VolumeFile.Rebuilt act : parsed.rebuilds()) {
        findings.add(
            FindingKind.REBUILT,
            Severity.NOTICE,
            Names.VOLUME,
            act.directories()
                + (act.directories() == 1 ? " directory" : " directories")
                + " and the "
                + (act.files() == 1 ? "name of 1 file" : "names of " + act.files() + " files")
                + " were rebuilt by the administrator at "
                + act.time());
      }
      for (LedgerRepaired act : parsed.ledgerRepairs()) {
        findings.add(
            FindingKind.LEDGER_REPAIRED,
            Severity.NOTICE,
            Names.VOLUME,
            "the administrator had the ledger "
                + switch (act.repair()) {
                  case ACCEPT -> "accepted";
                  case REBUILD -> "rebuilt";
                  case ADOPT -> "adopted by another element";
                }
                + " at "
                + act.time()
                + ": found at change "
                + Long.toUnsignedString(act.from())
                + ", goes on at change "
                + Long.toUnsignedString(act.to()));
      }
    }
    if (good == null) {
      findings.add(
          FindingKind.VOLUME_FILE,
          Severity.DAMAGE,
          Names.VOLUME,
          "both copies have been damaged since the volume was opened");
    } else if (count < 2 && volume.isReadOnly()) {
      findings.add(
          FindingKind.VOLUME_FILE,
          Severity.REPAIRABLE,
          Names.VOLUME,
          "one of the two copies is damaged");
    } else if (count < 2) {
      VolumeOpener.repair(volume.store, good);
      findings.add(
          FindingKind.VOLUME_FILE,
          Severity.REPAIRED,
          Names.VOLUME,
          "written again from the other copy");
    }
  }

  private boolean isAuthentic(byte[] copy) {
    try {
      return VolumeFile.parse(Names.VOLUME, copy) != null
          && VolumeFile.problem(copy, volume.keys) == null;
    } catch (FormatVersionException e) {
      return false;
    }
  }
}
