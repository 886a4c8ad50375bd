// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.sekey.audit.AuditVerification;
import dev.strongroom.sekey.audit.SignedCheckpoint;
import dev.strongroom.sekey.internal.admin.Administration;
import dev.strongroom.sekey.internal.admin.Delivery;
import dev.strongroom.sekey.internal.admin.GroupActs;
import dev.strongroom.sekey.internal.admin.KeyActs;
import dev.strongroom.sekey.internal.admin.Maintenance;
import dev.strongroom.sekey.internal.admin.UserActs;
import dev.strongroom.sekey.internal.database.DatabaseOwner;
import dev.strongroom.sekey.internal.database.SeKeyDatabase;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.policy.KeyProposal;
import dev.strongroom.sekey.schedule.DueAct;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The administrator of a system of users, groups and keys: one element, which administers itself
 * and is the root of the others' trust, and one database in a strict volume.
 *
 * <pre>{@code
 * try (SeKeyAdmin admin = SeKeyAdmin.create(session, pin, volume, "/kms.db", clock)) {
 *   User ann = admin.enrol(new Name("Ann"), annSession, annElementPin);
 *   Group sales = admin.addGroup(new Name("Sales"), GroupPolicy.builder().build());
 *   admin.addMember(sales.id(), ann.id(), History.ALL);
 *   admin.makeKey(sales.id(), proposal, KeyState.ACTIVE);
 *   admin.deliver(ann.id(), annSession, annVolume, "/kms.db");
 * }
 * }</pre>
 *
 * <p>Each method that changes something is one transaction over element, model and audit log: it
 * counts as a whole, durably when it returns. What a crash or a loss of power leaves is finished by
 * {@link #open} with a new session, or by the next act. Policy is asked first, then the element
 * decides for itself. What is refused is noted in the audit log too, and thrown: {@link
 * PolicyDeniedException} by policy, {@link dev.strongroom.core.device.KeyRefusedException} by the
 * rules of keys, {@link SubjectNotFoundException} and {@link AlreadyTakenException} by the model.
 * If the element refuses a step in the middle, which policy did not foresee, the steps before it
 * count.
 *
 * <p>Times are of the element: {@link ElementTime}. The signed time, the floor, moves with {@link
 * #maintain} only.
 *
 * <p>Sources: NIST SP 800-57 Part 1 Rev. 5, 7 and 8; {@code docs/spec/key-store.md}.
 *
 * <p>Thread safety: thread-safe; one act at a time, {@link #directory} waits for none.
 */
public final class SeKeyAdmin implements AutoCloseable {

  private final ElementSession session;
  private final SeKeyDatabase database;
  private final Administration administration;
  private final UserActs users;
  private final GroupActs groups;
  private final KeyActs keys;
  private final Maintenance maintenance;

  private SeKeyAdmin(
      ElementSession session, SeKeyDatabase database, Administration administration) {
    this.session = session;
    this.database = database;
    this.administration = administration;
    users = new UserActs(administration);
    groups = new GroupActs(administration);
    keys = new KeyActs(administration);
    maintenance = new Maintenance(administration);
  }

  /**
   * Makes a system: the element becomes the root of its own trust if it has no trust anchor, gets
   * the key of the audit log, and the signed time of the clock.
   *
   * @param session the administrator's element, which has no trust anchor, or one with its own
   *     signing key among the roots
   * @param pin its administrator PIN, asked for when elements are certified
   * @param volume a strict one, bound to this element; it stays open longer than what is returned
   * @param path the database, which is not there
   * @param clock the host's
   * @return the open system
   * @throws dev.strongroom.core.device.ElementAdministeredException if others administer the
   *     element
   * @throws dev.strongroom.database.DatabaseNotEmptyException if there is a database
   * @throws IllegalArgumentException if the volume is not strict: nobody would notice an old copy
   * @throws IOException if element or volume fail; {@link #open} goes on if the database is there
   */
  public static SeKeyAdmin create(
      ElementSession session,
      AdministratorPin pin,
      SecureFileSystem volume,
      String path,
      InstantSource clock)
      throws IOException {
    requireStrict(volume);
    Administration.found(session, pin, clock);
    return open(session, pin, SeKeyDatabase.create(volume, path, owner(session)), clock);
  }

  /**
   * Opens a system, and finishes what was begun. That the database is no older copy, the volume has
   * made sure of when it was opened.
   *
   * @param session the administrator's element
   * @param pin its administrator PIN, asked for when elements are certified
   * @param volume a strict one, bound to this element; it stays open longer than what is returned
   * @param path the database
   * @param clock the host's
   * @return the open system
   * @throws DatabaseOwnerException if it belongs to another element
   * @throws ForeignDatabaseException if it is none of key management
   * @throws NewerDatabaseException if a later release wrote it
   * @throws dev.strongroom.core.device.KeyNotFoundException if the element was wiped since
   * @throws IllegalArgumentException if the volume is not strict
   * @throws IOException if element or volume fail
   */
  public static SeKeyAdmin open(
      ElementSession session,
      AdministratorPin pin,
      SecureFileSystem volume,
      String path,
      InstantSource clock)
      throws IOException {
    requireStrict(volume);
    return open(session, pin, SeKeyDatabase.open(volume, path, owner(session)), clock);
  }

  private static SeKeyAdmin open(
      ElementSession session, AdministratorPin pin, SeKeyDatabase database, InstantSource clock)
      throws IOException {
    try {
      return new SeKeyAdmin(session, database, Administration.open(session, pin, database, clock));
    } catch (IOException | RuntimeException e) {
      try {
        database.close();
      } catch (IOException failure) {
        e.addSuppressed(failure);
      }
      throw e;
    }
  }

  private static void requireStrict(SecureFileSystem volume) {
    if (volume.info().freshness() != Freshness.STRICT) {
      throw new IllegalArgumentException(
          "an administrator's database is in a volume of strict freshness; create one");
    }
  }

  private static DatabaseOwner owner(ElementSession session) {
    return DatabaseOwner.administrator(session.info().serialNumber());
  }

  /**
   * All users, groups, memberships and keys.
   *
   * @return as the last act left them
   */
  public Directory directory() {
    return administration.directory();
  }

  /**
   * The signed time.
   *
   * @return the floor of the administrator's element
   */
  public ElementTime floor() {
    return administration.floor();
  }

  /**
   * Enrols a user. The user's element gets the trust anchor of the system, if it has none, and
   * changes by orders alone from then on. The user gets a group of one for private use, with a key
   * for data and the key of the user's audit log.
   *
   * @param name no other user has
   * @param element the user's element, without managed keys
   * @param elementPin its administrator PIN
   * @return the user
   * @throws AlreadyTakenException if another user has the name or the element
   * @throws dev.strongroom.core.device.ConditionsNotSatisfiedException if the element believes in
   *     somebody else, or has managed keys
   * @throws IOException if an element or the database fails
   */
  public User enrol(Name name, ElementSession element, SecretBytes elementPin) throws IOException {
    return users.enrol(name, element, elementPin);
  }

  /**
   * Gives a user another name.
   *
   * @param user who
   * @param name no other user has
   * @throws SubjectNotFoundException if there is no such user
   * @throws AlreadyTakenException if another user has the name
   * @throws IOException if element or database fail
   */
  public void renameUser(UserId user, Name name) throws IOException {
    users.rename(user, name);
  }

  /**
   * Blocks a user. Those who have groups in common with the user get new keys in the same
   * transaction; the next delivery to the user takes everything away.
   *
   * @param user who
   * @throws SubjectNotFoundException if there is no such user
   * @throws IOException if element or database fail
   */
  public void block(UserId user) throws IOException {
    users.block(user);
  }

  /**
   * Lets a blocked user take part again, in the same groups.
   *
   * @param user who
   * @throws SubjectNotFoundException if there is no such user
   * @throws IOException if element or database fail
   */
  public void unblock(UserId user) throws IOException {
    users.unblock(user);
  }

  /**
   * Adds a group without members and keys.
   *
   * @param name no other group has
   * @param policy of its keys
   * @return the group
   * @throws AlreadyTakenException if another group has the name
   * @throws IOException if element or database fail
   */
  public Group addGroup(Name name, GroupPolicy policy) throws IOException {
    return groups.add(name, policy);
  }

  /**
   * Gives a group another name.
   *
   * @param group which
   * @param name no other group has
   * @throws SubjectNotFoundException if there is no such group
   * @throws AlreadyTakenException if another group has the name
   * @throws IOException if element or database fail
   */
  public void renameGroup(GroupId group, Name name) throws IOException {
    groups.rename(group, name);
  }

  /**
   * Gives a group another policy. Keys that are there keep flags, periods and limits.
   *
   * @param group which
   * @param policy for what is done from now on
   * @throws SubjectNotFoundException if there is no such group
   * @throws IOException if element or database fail
   */
  public void changePolicy(GroupId group, GroupPolicy policy) throws IOException {
    groups.changePolicy(group, policy);
  }

  /**
   * Retires a group. What protects is deactivated, what was to protect is destroyed, in the same
   * transaction; members go on to process what was protected.
   *
   * @param group which
   * @throws SubjectNotFoundException if there is no such group
   * @throws IOException if element or database fail
   */
  public void retireGroup(GroupId group) throws IOException {
    groups.retire(group);
  }

  /**
   * Makes a user a member of a group; nothing changes if the user is one.
   *
   * @param group which
   * @param user who
   * @param history what the member gets of earlier keys
   * @throws SubjectNotFoundException if there is no such group or user
   * @throws IOException if element or database fail
   */
  public void addMember(GroupId group, UserId user, History history) throws IOException {
    groups.addMember(group, user, history);
  }

  /**
   * Ends a membership. Every key of the group that protects or was to protect ends in the same
   * transaction, and those who stay get a successor of each kind.
   *
   * @param group which
   * @param user who
   * @throws SubjectNotFoundException if there is no such group or membership
   * @throws IOException if element or database fail
   */
  public void removeMember(GroupId group, UserId user) throws IOException {
    groups.removeMember(group, user);
  }

  /**
   * Makes a key in the element.
   *
   * @param group whose it is, for ever
   * @param proposal what it shall be
   * @param state pre-active or active
   * @return the key
   * @throws PolicyDeniedException if the policy of the group is against it
   * @throws SubjectNotFoundException if there is no such group
   * @throws dev.strongroom.core.device.ElementFullException if the element has no room
   * @throws IOException if element or database fail
   */
  public KeyEntry makeKey(GroupId group, KeyProposal proposal, KeyState state) throws IOException {
    return keys.make(group, proposal, state, Optional.empty());
  }

  /**
   * Brings a key from outside into the element. If the process dies before the element has it, the
   * key is not there afterwards: its value is nowhere else.
   *
   * @param group whose it is, for ever; its policy permits imports
   * @param proposal what it shall be
   * @param state pre-active or active
   * @param value as long as the algorithm says; the caller closes it
   * @return the key
   * @throws PolicyDeniedException if the policy of the group is against it
   * @throws SubjectNotFoundException if there is no such group
   * @throws dev.strongroom.core.device.KeyAttributeRefusedException if the group takes no imports
   * @throws IOException if element or database fail
   */
  public KeyEntry importKey(GroupId group, KeyProposal proposal, KeyState state, SecretBytes value)
      throws IOException {
    return keys.make(group, proposal, state, Optional.of(value));
  }

  /**
   * Activates, suspends, resumes, deactivates a key, or declares it compromised; pre-active ones,
   * and signing keys, can be destroyed so, too.
   *
   * @param key which
   * @param target one transition from its state
   * @throws SubjectNotFoundException if there is no such key
   * @throws dev.strongroom.core.device.KeyTransitionRefusedException if no transition leads there
   * @throws PolicyDeniedException if the policy of the group is against it
   * @throws IOException if element or database fail
   */
  public void changeState(KeyId key, KeyState target) throws IOException {
    keys.changeState(key, target);
  }

  /**
   * Announces the destruction of a key.
   *
   * @param key suspended, deactivated or compromised
   * @param at no earlier than the policy of the group permits
   * @throws SubjectNotFoundException if there is no such key
   * @throws PolicyDeniedException if it is too early
   * @throws dev.strongroom.core.device.KeyStateRefusedException if it is in another state
   * @throws IOException if element or database fail
   */
  public void scheduleDestruction(KeyId key, ElementTime at) throws IOException {
    keys.scheduleDestruction(key, at);
  }

  /**
   * Cancels the destruction of a key; a suspended one is deactivated.
   *
   * @param key which
   * @throws SubjectNotFoundException if there is no such key
   * @throws dev.strongroom.core.device.KeyStateRefusedException if it is destroyed
   * @throws IOException if element or database fail
   */
  public void cancelDestruction(KeyId key) throws IOException {
    keys.cancelDestruction(key);
  }

  /**
   * Brings ends and limit of a key forward.
   *
   * @param key which
   * @param shortening what becomes what
   * @throws SubjectNotFoundException if there is no such key
   * @throws dev.strongroom.core.device.KeyAttributeRefusedException if something would get longer
   * @throws PolicyDeniedException if a period is longer than the policy permits
   * @throws IOException if element or database fail
   */
  public void shorten(KeyId key, KeyShortening shortening) throws IOException {
    keys.shorten(key, shortening);
  }

  /**
   * Does what is due by a time: moves the signed time, which never goes back and destroys what was
   * to be destroyed by then; activates, deactivates, and replaces keys. However often it was
   * missed, each is done once. A second call by the same time finds nothing to do.
   *
   * @param now the time, from a clock that can be trusted
   * @return what was done, and what could not be
   * @throws IOException if element or database fail; what was done counts
   */
  public List<DueAct> maintain(Instant now) throws IOException {
    return maintenance.run(ElementTime.of(now));
  }

  /**
   * Has an executor call {@link #maintain} by its clock until the answer is cancelled, the executor
   * ends, or a call fails, which {@link ScheduledFuture#get} then throws.
   *
   * @param executor of the application
   * @param clock one that can be trusted
   * @param interval from the end of one call to the beginning of the next
   * @return to be cancelled before this is closed
   */
  public ScheduledFuture<?> maintainOn(
      ScheduledExecutorService executor, InstantSource clock, Duration interval) {
    return executor.scheduleWithFixedDelay(
        () -> {
          try {
            maintain(clock.instant());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        0,
        interval.toNanos(),
        TimeUnit.NANOSECONDS);
  }

  /**
   * Brings a user's element and database to what the user may see: the keys of the user's groups,
   * with leases, and the co-members; a blocked user gets nothing. Goes on wherever it was cut; a
   * second delivery finds nothing to do.
   *
   * @param user to whom
   * @param element the user's
   * @param volume the user's
   * @param path the user's database in it, made if it is not there, and not open
   * @throws SubjectNotFoundException if there is no such user
   * @throws dev.strongroom.core.device.ElementChangedException if it is not the user's element
   * @throws dev.strongroom.core.device.UntrustedPeerException if the element does not sign for what
   *     it has
   * @throws DatabaseOwnerException if the database is somebody else's
   * @throws IOException if something fails; what was delivered stays
   */
  public void deliver(UserId user, ElementSession element, SecureFileSystem volume, String path)
      throws IOException {
    DatabaseOwner owner =
        DatabaseOwner.user(session.info().serialNumber(), element.info().serialNumber());
    try (SeKeyDatabase target = userDatabase(volume, path, owner)) {
      new Delivery(administration).deliver(user, element, target);
    }
  }

  private static SeKeyDatabase userDatabase(
      SecureFileSystem volume, String path, DatabaseOwner owner) throws IOException {
    if (!volume.exists(path)) {
      return SeKeyDatabase.create(volume, path, owner);
    }
    try {
      return SeKeyDatabase.open(volume, path, owner);
    } catch (ForeignDatabaseException e) {
      if (e.applicationId() != 0) {
        throw e;
      }
      return SeKeyDatabase.create(volume, path, owner); // was cut before it had tables
    }
  }

  /**
   * Makes a checkpoint of the audit log, to be kept by somebody else.
   *
   * @return signed by the administrator's element
   * @throws IOException if element or database fail
   */
  public SignedCheckpoint checkpoint() throws IOException {
    return administration.checkpoint();
  }

  /**
   * Looks at the whole audit log.
   *
   * @param kept a checkpoint that somebody else has kept, or empty; one that this element has not
   *     signed is none
   * @return two verdicts
   * @throws IOException if element or database fail
   */
  public AuditVerification verifyAudit(Optional<SignedCheckpoint> kept) throws IOException {
    return administration.verifyAudit(kept);
  }

  /**
   * Closes the database. Session and volume stay open.
   *
   * @throws IOException if it cannot be closed
   */
  @Override
  public void close() throws IOException {
    database.close();
  }
}
