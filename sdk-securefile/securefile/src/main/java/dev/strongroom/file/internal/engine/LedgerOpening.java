// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.format.v1.ElementRecord;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.LedgerRepaired;
import dev.strongroom.file.internal.format.v1.SystemFile;
import dev.strongroom.file.internal.format.v1.VolumeFileState;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the ledger of a volume that is being opened with the element's slot: brings the element
 * up to a ledger that was prepared when somebody crashed, refuses all others, or does what an
 * administrator has asked for about them.
 *
 * <p>Thread safety: confined to the opening thread, which holds the volume's lock.
 */
final class LedgerOpening {

  private final Volume volume;
  private final @Nullable LedgerRepair repair;
  private final @Nullable ElementRecord newcomer;
  private final boolean hasSlots;
  private final Bytes element;
  private VersionSlot slot;
  private @Nullable FileNode ledger;
  private @Nullable IntegrityException damage;

  /** The volume file that the ledger names, if it can be read. */
  private @Nullable VolumeFileState named;

  /** How many steps the element is behind. */
  private int behind;

  /**
   * Prepares the comparison.
   *
   * @param repair what an administrator has asked for, or null
   * @param newcomer the element, if it adopts the ledger and the volume does not name it yet
   */
  LedgerOpening(Volume volume, @Nullable LedgerRepair repair, @Nullable ElementRecord newcomer) {
    this.volume = volume;
    this.repair = repair;
    this.newcomer = newcomer;
    hasSlots = volume.session.info().capabilities().contains(Capability.VERSION_SLOTS);
    element = volume.session.info().serialNumber();
    slot = VersionSlot.none(volume.file.id());
  }

  void run() throws IOException {
    boolean isMade = volume.files.isMade(SystemFile.LEDGER);
    if (hasSlots) {
      slot = volume.session.readVersion(volume.file.id()).orElse(slot);
    }
    if (isMade) {
      load();
    }
    LedgerState state = state(isMade);
    if (state != null && repair == null && mayRead(state)) {
      read(state);
      return;
    }
    if (repair == LedgerRepair.REBUILD && state == null && ledger != null) {
      verify(ledger);
      state = damage == null ? null : LedgerState.DAMAGED;
    }
    if (state != null) {
      LedgerRepair wanted = adoptsWithout(state) ? LedgerRepair.REBUILD : repair;
      if (wanted != state.repair() || (wanted == LedgerRepair.ADOPT && !hasSlots)) {
        throw refused(state);
      }
      repair(wanted);
      return;
    }
    attach();
    begin();
    settle();
    if (newcomer != null) {
      volume.record(newcomer);
    }
  }

  private void begin() {
    if (behind > 0) {
      FileHeader header = java.util.Objects.requireNonNull(ledger).header;
      volume.ledger.slot.beginBehind(slot, behind == 2 ? header.earlierRoots.get(0) : null);
    } else {
      volume.ledger.slot.begin(slot);
    }
  }

  /** Files of a volume that is too full to write to can be read, and removed to make room. */
  private void settle() throws IOException {
    try {
      volume.ledger.settle();
    } catch (NoSpaceException e) {
      volume.log("the element is not brought up to the ledger yet", e);
    }
  }

  /**
   * Without what the journal held the ledger may be a step behind, and files behind the ledger. One
   * that the element vouches for is used, of any other is told why it is not.
   */
  void runWithoutJournal() throws IOException {
    if (hasSlots) {
      slot = volume.session.readVersion(volume.file.id()).orElse(slot);
    }
    boolean isMade = volume.files.isMade(SystemFile.LEDGER);
    if (isMade) {
      load();
    }
    LedgerState state = state(isMade);
    if (state == null) {
      attach();
      return;
    }
    read(state);
    String problem = String.valueOf(refused(state).getMessage());
    volume.found(FindingKind.LEDGER, Severity.DAMAGE, SystemFile.LEDGER.host(), problem);
  }

  /** Only the ledger that another element vouches for is of use beside a state that is wrong. */
  private void read(LedgerState state) {
    volume.ledger.found(state);
    if (state == LedgerState.UNKNOWN_ELEMENT) {
      volume.ledger.unproved();
      attach();
    } else {
      volume.ledger.passOver();
      volume.log("read without its ledger: " + state, damage);
    }
  }

  private void attach() {
    if (ledger != null) {
      volume.ledger.attach(ledger);
    }
  }

  /**
   * Whether a volume in such a state may be opened for reading only: without any ledger only by an
   * element that cannot have it repaired, because it is there to recover the files, and that has
   * never vouched for it.
   */
  private boolean mayRead(LedgerState state) {
    ElementRecord record = volume.file.elements().find(element);
    boolean recovers = record == null || record.role() == ElementRole.RECOVERY;
    boolean gone =
        (state == LedgerState.DAMAGED || state == LedgerState.LOST) && slot.counter() == 0;
    return volume.isReadOnly() && (state == LedgerState.UNKNOWN_ELEMENT || (recovers && gone));
  }

  /**
   * Whether an element that the volume does not name yet is to vouch for a ledger that is gone: as
   * a stranger it could not have it rebuilt first.
   */
  private boolean adoptsWithout(LedgerState state) {
    return newcomer != null
        && hasSlots
        && slot.counter() == 0
        && repair == LedgerRepair.ADOPT
        && state.repair() == LedgerRepair.REBUILD;
  }

  private void load() throws IOException {
    try {
      KeyRing.change(volume, keys -> ledger = volume.files.system(SystemFile.LEDGER, keys));
      FileNode found = ledger;
      if (found != null) {
        named = new LedgerTree(found).volumeFile();
      }
    } catch (IntegrityException e) {
      damage = e;
    }
  }

  private void verify(FileNode node) throws IOException {
    try {
      new LedgerTree(node).verify((uid, leaf) -> {});
    } catch (IntegrityException e) {
      damage = e;
    }
  }

  private @Nullable LedgerState state(boolean isMade) {
    boolean hasSlot = slot.counter() != 0;
    if (!isMade) {
      return hasSlot || volume.file.system().ledgerMade() ? LedgerState.LOST : null;
    }
    if (damage != null || ledger == null) {
      return LedgerState.DAMAGED;
    }
    if (!hasSlot && hasSlots && volume.file.isWrittenBesides(element)) {
      // That the ledger is one step ahead of no slot at all may be the doing of another element.
      return LedgerState.UNKNOWN_ELEMENT;
    }
    FileHeader header = ledger.header;
    List<Bytes> earlier = header.earlierRoots;
    long counter = header.version;
    for (int steps = 0; steps <= earlier.size(); steps++) {
      Bytes root = steps == 0 ? header.signature : earlier.get(steps - 1);
      if (slot.counter() == counter - steps && slot.root().equals(root)) {
        behind = steps;
        return hasSlots ? volumeFile() : LedgerState.UNKNOWN_ELEMENT;
      }
    }
    if (!hasSlot) {
      return LedgerState.UNKNOWN_ELEMENT;
    }
    if (Long.compareUnsigned(slot.counter(), counter) > 0) {
      return LedgerState.OLDER;
    }
    boolean near = Long.compareUnsigned(counter - slot.counter(), earlier.size()) <= 0;
    return near ? LedgerState.FOREIGN : LedgerState.AHEAD;
  }

  /** Compares the volume file with the one that the ledger was made beside. */
  private @Nullable LedgerState volumeFile() {
    VolumeFileState expected = java.util.Objects.requireNonNull(named);
    VolumeFileState found = volume.fileState;
    int later = Long.compareUnsigned(found.revision(), expected.revision());
    if (later < 0) {
      return LedgerState.VOLUME_FILE_OLDER;
    }
    return later > 0 || found.equals(expected) ? null : LedgerState.VOLUME_FILE_FOREIGN;
  }

  private long counter() {
    return ledger == null || damage != null ? 0 : ledger.header.version;
  }

  private LedgerException refused(LedgerState state) {
    return new LedgerException(volume.store.toString(), state, counter(), slot.counter(), damage);
  }

  /** The record in the volume file comes first, then a ledger that goes on from the slot. */
  private void repair(LedgerRepair how) throws IOException {
    volume.record(
        new LedgerRepaired(volume.now(), how, counter(), slot.counter() + 1),
        newcomer,
        named == null ? 0 : named.revision());
    volume.ledger.slot.begin(slot);
    FileNode known = ledger;
    if (how == LedgerRepair.REBUILD || known == null) {
      new LedgerRebuild(volume).run();
    } else {
      volume.ledger.attach(known);
      volume.ledger.bind();
      volume.commits.namespaceChanged(known);
    }
    volume.commits.commit(List.of(), true);
    volume.ledger.settle();
    volume.ledger.repaired(how);
  }
}
