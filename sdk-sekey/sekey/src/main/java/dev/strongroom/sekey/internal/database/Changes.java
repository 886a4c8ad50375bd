// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyDecision;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.audit.AuditEntry;
import dev.strongroom.sekey.audit.AuditEvent;
import dev.strongroom.sekey.audit.AuditOrigin;
import dev.strongroom.sekey.audit.ChainKey;
import dev.strongroom.sekey.audit.Checkpoint;
import dev.strongroom.sekey.audit.CheckpointSigner;
import dev.strongroom.sekey.audit.SealedEntry;
import dev.strongroom.sekey.audit.SignedCheckpoint;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserId;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * One transaction: each change is made to the tables and to a draft of the directory, which refuses
 * what would not be whole. A change that is refused ends nothing; the caller may go on, or throw
 * and lose all.
 *
 * <p>Thread safety: confined to the thread of the transaction.
 */
public final class Changes implements ModelChanges {

  private final UserTable users;
  private final GroupTable groups;
  private final MembershipTable memberships;
  private final KeyTable keys;
  private final AuditTable audit;
  private final IntentTable intents;
  private DirectoryDraft draft;

  Changes(Statements statements, Directory directory) {
    users = new UserTable(statements);
    groups = new GroupTable(statements);
    memberships = new MembershipTable(statements);
    keys = new KeyTable(statements);
    audit = new AuditTable(statements);
    intents = new IntentTable(statements);
    draft = directory.draft();
  }

  /** What a transaction says at last. */
  Directory publish() {
    return draft.publish();
  }

  /**
   * What the transaction says so far of a user.
   *
   * @param id who
   * @return the user
   * @throws SubjectNotFoundException if there is none
   */
  public User requireUser(UserId id) throws SubjectNotFoundException {
    return draft.requireUser(id);
  }

  /**
   * What the transaction says so far of a group.
   *
   * @param id which
   * @return the group
   * @throws SubjectNotFoundException if there is none
   */
  public Group requireGroup(GroupId id) throws SubjectNotFoundException {
    return draft.requireGroup(id);
  }

  /**
   * What the transaction says so far of a key.
   *
   * @param id which
   * @return the key
   * @throws SubjectNotFoundException if there is none
   */
  @Override
  public KeyEntry requireKey(KeyId id) throws SubjectNotFoundException {
    return draft.requireKey(id);
  }

  /**
   * Adds or changes a user.
   *
   * @param user as it shall be
   * @throws IOException as {@link DirectoryDraft#put(User)}, or if the database fails
   */
  @Override
  public void put(User user) throws IOException {
    draft.put(user);
    run(() -> users.put(user));
  }

  /**
   * Adds or changes a group.
   *
   * @param group as it shall be
   * @throws IOException as {@link DirectoryDraft#put(Group)}, or if the database fails
   */
  @Override
  public void put(Group group) throws IOException {
    draft.put(group);
    run(() -> groups.put(group));
  }

  /**
   * Adds or changes a membership.
   *
   * @param membership as it shall be
   * @throws IOException as {@link DirectoryDraft#put(Membership)}, or if the database fails
   */
  @Override
  public void put(Membership membership) throws IOException {
    draft.put(membership);
    run(() -> memberships.put(membership));
  }

  /**
   * Adds or changes a key.
   *
   * @param key as it shall be
   * @throws IOException as {@link DirectoryDraft#put(KeyEntry)}, or if the database fails
   */
  @Override
  public void put(KeyEntry key) throws IOException {
    draft.put(key);
    run(() -> keys.put(key));
  }

  /**
   * Ends a membership.
   *
   * @param group the group
   * @param user the member
   * @throws IOException as {@link DirectoryDraft#removeMember}, or if the database fails
   */
  @Override
  public void removeMember(GroupId group, UserId user) throws IOException {
    draft.removeMember(group, user);
    run(() -> memberships.remove(group, user));
  }

  /**
   * Makes the database say what another directory says, and nothing else, touching only what
   * differs: for a user, whose administrator's directory has changed.
   *
   * @param target what it shall say
   * @throws IOException if a key cannot become what it shall be, or the database fails
   */
  public void become(Directory target) throws IOException {
    Directory present = draft.publish();
    for (KeyId id : target.keys()) {
      Optional<KeyEntry> before = present.key(id);
      KeyEntry after = target.key(id).orElseThrow();
      if (before.isPresent()
          && KeyRules.accept(before.get().attributes(), after.attributes())
              instanceof KeyDecision.Refused refused) {
        throw KeyRefusedException.of(refused.refusal());
      }
    }
    run(
        () -> {
          remove(present, target);
          add(present, target);
          groups.removeUnusedPolicies();
        });
    draft = target.draft();
  }

  /** Rows that go, and those whose name may be another one's now. */
  private void remove(Directory present, Directory target) throws SQLException {
    for (GroupId id : present.groups()) {
      for (Membership membership : present.membershipsOf(id)) {
        if (target.membership(id, membership.user()).isEmpty()) {
          memberships.remove(id, membership.user());
        }
      }
      if (!target.group(id).equals(present.group(id))) {
        groups.remove(id);
      }
    }
    for (KeyId id : present.keys()) {
      if (target.key(id).isEmpty()) {
        keys.remove(id);
      }
    }
    for (User user : present.users()) {
      if (!target.user(user.id()).equals(Optional.of(user))) {
        users.remove(user.id());
      }
    }
  }

  private void add(Directory present, Directory target) throws SQLException {
    for (User user : target.users()) {
      if (!present.user(user.id()).equals(Optional.of(user))) {
        users.put(user);
      }
    }
    for (GroupId id : target.groups()) {
      Group group = target.group(id).orElseThrow();
      if (!present.group(id).equals(Optional.of(group))) {
        groups.put(group);
      }
      for (Membership membership : target.membershipsOf(id)) {
        if (!present.membership(id, membership.user()).equals(Optional.of(membership))) {
          memberships.put(membership);
        }
      }
      for (KeyEntry key : target.keysOf(id)) {
        if (!present.key(key.id()).equals(Optional.of(key))) {
          keys.put(key);
        }
      }
    }
  }

  /**
   * Notes what is about to be done with the element; until {@link #end} it is to be finished.
   *
   * @param steps what will be done, encoded
   * @throws IOException if something is pending already, or the database fails
   */
  public void begin(Bytes steps) throws IOException {
    run(() -> intents.put(steps));
  }

  /**
   * What was begun is done, and counts with this transaction.
   *
   * @throws IOException if the database fails
   */
  public void end() throws IOException {
    run(intents::remove);
  }

  /**
   * Begins the audit log.
   *
   * @param origin which log
   * @throws IOException if the database fails
   */
  public void beginAudit(AuditOrigin origin) throws IOException {
    run(() -> audit.begin(origin));
  }

  /**
   * Notes events in the audit log, at its end.
   *
   * @param events what happened, in order
   * @param key the log's key
   * @throws IOException if the element or the database fails
   * @throws IllegalStateException if no log was begun
   */
  public void note(List<AuditEvent> events, ChainKey key) throws IOException {
    AuditOrigin origin = origin();
    Optional<SealedEntry> last = ask(audit::last);
    for (AuditEvent event : events) {
      SealedEntry next = AuditEntry.seal(origin, last, event, key);
      run(() -> audit.append(next));
      last = Optional.of(next);
    }
  }

  /**
   * Makes a checkpoint of the log as it is now, and keeps it.
   *
   * @param time by the host's clock
   * @param signer the element
   * @return the checkpoint, to be kept by somebody else, too; empty if the log has no entry
   * @throws IOException if the element or the database fails
   * @throws IllegalStateException if no log was begun
   */
  public Optional<SignedCheckpoint> checkpoint(ElementTime time, CheckpointSigner signer)
      throws IOException {
    AuditOrigin origin = origin();
    Optional<SealedEntry> last = ask(audit::last);
    if (last.isEmpty()) {
      return Optional.empty();
    }
    SignedCheckpoint signed = Checkpoint.at(origin, last.get(), time).signedBy(signer);
    run(() -> audit.put(signed));
    return Optional.of(signed);
  }

  private AuditOrigin origin() throws IOException {
    return ask(audit::origin).orElseThrow(() -> new IllegalStateException("no log was begun"));
  }

  /** Something that is done to tables. */
  @FunctionalInterface
  private interface Action {
    void run() throws SQLException;
  }

  /** Something that tables answer. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws SQLException;
  }

  private static void run(Action action) throws IOException {
    ask(
        () -> {
          action.run();
          return Boolean.TRUE;
        });
  }

  private static <T> T ask(Question<T> question) throws IOException {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw new FailedStatementException(e);
    }
  }

  /** Carries a failure of the database out of a change; never leaves the package. */
  static final class FailedStatementException extends IOException {

    private static final long serialVersionUID = 1L;

    private final SQLException failure;

    FailedStatementException(SQLException failure) {
      super(failure);
      this.failure = failure;
    }

    SQLException failure() {
      return failure;
    }
  }
}
