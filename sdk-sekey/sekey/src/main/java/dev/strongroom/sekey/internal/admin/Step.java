// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.KeyExistsException;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.internal.database.ModelChanges;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One thing that an administrator does: a command to the element, or none, and what it means for
 * the model. Both can be repeated.
 *
 * <p>Thread safety: immutable.
 */
sealed interface Step {

  /** How long a value may be that needs one record. */
  int RECORD_VALUE = 32;

  /** What it is in the audit log. */
  AuditAct act();

  /** Id of the key, group or user that it is about, or empty. */
  Optional<Bytes> subject();

  /** Id of the group that the subject has to do with, or empty. */
  default Optional<Bytes> object() {
    return Optional.empty();
  }

  /** Words for the audit log, or nothing. */
  default String text() {
    return "";
  }

  /** How many records of the element it takes. */
  default int records() {
    return 0;
  }

  /**
   * Has the element do it. What is done already is no error.
   *
   * @param store the administrator's
   * @param value of a key that is imported, if it is still there
   * @throws StrongroomException if the element refuses or fails
   */
  default void execute(KeyStoreCommands store, Optional<SecretBytes> value)
      throws StrongroomException {}

  /**
   * Has the model say so.
   *
   * @param model to be changed
   * @throws IOException if it would not be whole, or the database fails
   */
  void change(ModelChanges model) throws IOException;

  /** A user comes, or changes. */
  record PutUser(User user, AuditAct act) implements Step {
    @Override
    public Optional<Bytes> subject() {
      return Optional.of(user.id().bytes());
    }

    @Override
    public String text() {
      return user.name().text();
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      model.put(user);
    }
  }

  /** A group comes, or changes. */
  record PutGroup(Group group, AuditAct act) implements Step {
    @Override
    public Optional<Bytes> subject() {
      return Optional.of(group.id().bytes());
    }

    @Override
    public String text() {
      return group.name().text();
    }

    @Override
    public int records() {
      return act == AuditAct.GROUP_ADDED ? 1 : 0;
    }

    @Override
    public void execute(KeyStoreCommands store, Optional<SecretBytes> value)
        throws StrongroomException {
      store.putGroup(group.id(), group.policy().terms());
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      model.put(group);
    }
  }

  /** A user comes into a group. */
  record PutMembership(Membership membership) implements Step {
    @Override
    public AuditAct act() {
      return AuditAct.MEMBER_ADDED;
    }

    @Override
    public Optional<Bytes> subject() {
      return Optional.of(membership.user().bytes());
    }

    @Override
    public Optional<Bytes> object() {
      return Optional.of(membership.group().bytes());
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      model.put(membership);
    }
  }

  /** A user leaves a group. */
  record RemoveMembership(GroupId group, UserId user) implements Step {
    @Override
    public AuditAct act() {
      return AuditAct.MEMBER_REMOVED;
    }

    @Override
    public Optional<Bytes> subject() {
      return Optional.of(user.bytes());
    }

    @Override
    public Optional<Bytes> object() {
      return Optional.of(group.bytes());
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      model.removeMember(group, user);
    }
  }

  /** A key is made inside, or, with {@link KeyFlag#IMPORTED}, comes from outside. */
  record MakeKey(KeyAttributes key, ElementTime at) implements Step {
    @Override
    public AuditAct act() {
      return isImported() ? AuditAct.KEY_IMPORTED : AuditAct.KEY_MADE;
    }

    @Override
    public Optional<Bytes> subject() {
      return Optional.of(key.id().bytes());
    }

    @Override
    public Optional<Bytes> object() {
      return key.group().map(GroupId::bytes);
    }

    @Override
    public int records() {
      return !isImported() && key.algorithm().valueLength() <= RECORD_VALUE ? 1 : 2;
    }

    private boolean isImported() {
      return key.flags().contains(KeyFlag.IMPORTED);
    }

    @Override
    public void execute(KeyStoreCommands store, Optional<SecretBytes> value)
        throws StrongroomException {
      try {
        if (!isImported()) {
          store.generate(key);
        } else if (value.isPresent()) {
          store.importKey(key, value.get());
        } else {
          store.read(key.id()); // the value died with the process: either it arrived or it did not
        }
      } catch (KeyExistsException e) {
        if (!store.read(key.id()).attributes().equals(key)) {
          throw e;
        }
      }
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      model.put(KeyEntry.made(key, at));
    }
  }

  /** A key changes its state. */
  record SetState(KeyId key, GroupId group, KeyState present, KeyState target, ElementTime at)
      implements Step {
    @Override
    public AuditAct act() {
      return AuditAct.KEY_STATE;
    }

    @Override
    public Optional<Bytes> subject() {
      return Optional.of(key.bytes());
    }

    @Override
    public Optional<Bytes> object() {
      return Optional.of(group.bytes());
    }

    @Override
    public String text() {
      return present + ", " + target;
    }

    @Override
    public void execute(KeyStoreCommands store, Optional<SecretBytes> value)
        throws StrongroomException {
      store.setState(key, present, target);
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      model.put(model.requireKey(key).changed(target, at));
    }
  }

  /** The destruction of a key is scheduled. */
  record ScheduleDestruction(KeyId key, GroupId group, ElementTime at) implements Step {
    @Override
    public AuditAct act() {
      return AuditAct.DESTRUCTION_SCHEDULED;
    }

    @Override
    public Optional<Bytes> subject() {
      return Optional.of(key.bytes());
    }

    @Override
    public Optional<Bytes> object() {
      return Optional.of(group.bytes());
    }

    @Override
    public String text() {
      return at.toString();
    }

    @Override
    public void execute(KeyStoreCommands store, Optional<SecretBytes> value)
        throws StrongroomException {
      store.scheduleDestruction(key, at);
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      model.put(withDestruction(model.requireKey(key), at));
    }
  }

  /** The destruction of a key is cancelled; a suspended one is deactivated. */
  record CancelDestruction(KeyId key, GroupId group, ElementTime at) implements Step {
    @Override
    public AuditAct act() {
      return AuditAct.DESTRUCTION_CANCELLED;
    }

    @Override
    public Optional<Bytes> subject() {
      return Optional.of(key.bytes());
    }

    @Override
    public Optional<Bytes> object() {
      return Optional.of(group.bytes());
    }

    @Override
    public void execute(KeyStoreCommands store, Optional<SecretBytes> value)
        throws StrongroomException {
      store.cancelDestruction(key);
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      KeyEntry entry = model.requireKey(key);
      if (entry.attributes().periods().destruction().isSet()) {
        KeyEntry ended =
            entry.state() == KeyState.SUSPENDED ? entry.changed(KeyState.DEACTIVATED, at) : entry;
        model.put(withDestruction(ended, ElementTime.NONE));
      }
    }
  }

  /** Periods or limit of a key change. */
  record Shorten(KeyId key, GroupId group, KeyShortening shortening) implements Step {
    @Override
    public AuditAct act() {
      return AuditAct.KEY_SHORTENED;
    }

    @Override
    public Optional<Bytes> subject() {
      return Optional.of(key.bytes());
    }

    @Override
    public Optional<Bytes> object() {
      return Optional.of(group.bytes());
    }

    @Override
    public void execute(KeyStoreCommands store, Optional<SecretBytes> value)
        throws StrongroomException {
      store.shorten(key, shortening);
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      KeyEntry entry = model.requireKey(key);
      KeyAttributes before = entry.attributes();
      model.put(
          entry.withAttributes(
              before
                  .withPeriods(shortening.of(before.periods()))
                  .withLimit(shortening.limit().orElse(before.limit()))));
    }
  }

  /**
   * The signed time moves on.
   *
   * @param floor the new one
   * @param due keys whose destruction has come by then
   */
  record SetFloor(ElementTime floor, List<KeyId> due) implements Step {

    /** Copies the list. */
    public SetFloor {
      due = List.copyOf(due);
    }

    @Override
    public AuditAct act() {
      return AuditAct.FLOOR_MOVED;
    }

    @Override
    public Optional<Bytes> subject() {
      return Optional.empty();
    }

    @Override
    public String text() {
      return floor.toString();
    }

    @Override
    public void execute(KeyStoreCommands store, Optional<SecretBytes> value)
        throws StrongroomException {
      store.setFloor(floor);
    }

    @Override
    public void change(ModelChanges model) throws IOException {
      for (KeyId id : due) {
        KeyEntry entry = model.requireKey(id);
        KeyState end =
            entry.state() == KeyState.COMPROMISED
                ? KeyState.DESTROYED_COMPROMISED
                : KeyState.DESTROYED;
        model.put(entry.changed(end, floor));
      }
    }
  }

  private static KeyEntry withDestruction(KeyEntry entry, ElementTime at) {
    KeyAttributes attributes = entry.attributes();
    return entry.withAttributes(attributes.withPeriods(attributes.periods().withDestruction(at)));
  }
}
