// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.schedule.DueAct;
import dev.strongroom.sekey.schedule.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Does what time brings: moves the signed time, which destroys what is due, and then carries out
 * {@link Schedule}, each act as one transaction.
 *
 * <p>Thread safety: thread-safe.
 */
public final class Maintenance {

  private final Administration administration;

  /** Groups of which it is in the log already that they stall. Guarded by the administration. */
  private final Set<GroupId> stalled = new HashSet<>();

  /**
   * The maintenance of an administration.
   *
   * @param administration which one
   */
  public Maintenance(Administration administration) {
    this.administration = administration;
  }

  /**
   * Brings everything to a time.
   *
   * @param now the time
   * @return what was done, and what could not be
   * @throws IOException if something fails; what was done counts
   */
  public List<DueAct> run(ElementTime now) throws IOException {
    return administration.alone(
        () -> {
          if (administration.floor().isBefore(now)) {
            administration.run(
                AuditAct.FLOOR_MOVED,
                directory -> List.of(new Step.SetFloor(now, destroyed(directory, now))));
          }
          List<DueAct> due = Schedule.due(administration.directory(), administration.floor());
          for (DueAct act : due) {
            perform(act);
          }
          return due;
        });
  }

  private static List<KeyId> destroyed(Directory directory, ElementTime floor) {
    List<KeyId> due = new ArrayList<>();
    for (KeyId id : new TreeSet<>(directory.keys())) {
      KeyEntry key = directory.key(id).orElseThrow();
      ElementTime at = key.attributes().periods().destruction();
      if (at.isSet() && !floor.isBefore(at) && !key.state().isDestroyed()) {
        due.add(id);
      }
    }
    return due;
  }

  private void perform(DueAct act) throws IOException {
    if (act instanceof DueAct.Transit transit) {
      administration.run(
          AuditAct.KEY_STATE,
          directory -> {
            KeyEntry key = directory.draft().requireKey(transit.key());
            return List.of(set(key, transit.transition().to()));
          });
    } else if (act instanceof DueAct.ScheduleDestruction schedule) {
      administration.run(
          AuditAct.DESTRUCTION_SCHEDULED,
          directory -> {
            KeyEntry key = directory.draft().requireKey(schedule.key());
            return List.of(new Step.ScheduleDestruction(key.id(), key.group(), schedule.at()));
          });
    } else if (act instanceof DueAct.Rotate rotate) {
      stalled.remove(rotate.group());
      administration.run(AuditAct.KEY_STATE, directory -> rotation(directory, rotate));
    } else if (act instanceof DueAct.Stalled found && stalled.add(found.group())) {
      administration.noteStalled(
          administration.directory().draft().requireGroup(found.group()), found.denial());
    }
  }

  private List<Step> rotation(Directory directory, DueAct.Rotate rotate) throws IOException {
    Group group = directory.draft().requireGroup(rotate.group());
    List<Step> steps = new ArrayList<>();
    if (rotate.successor().isPresent()) {
      steps.add(KeyRenewal.make(administration, group, rotate.successor().get(), KeyState.ACTIVE));
    }
    for (KeyId key : new TreeSet<>(rotate.replaced())) {
      steps.add(set(directory.draft().requireKey(key), KeyState.DEACTIVATED));
    }
    return steps;
  }

  private Step set(KeyEntry key, KeyState target) {
    return new Step.SetState(key.id(), key.group(), key.state(), target, administration.time());
  }
}
