// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementFullException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyExistsException;
import dev.strongroom.core.device.KeyGroupNotFoundException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.KeyStoreStatus;
import dev.strongroom.core.device.UnsupportedCapabilityException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.LeaseGate;
import dev.strongroom.sekey.AdministratorPin;
import dev.strongroom.sekey.PolicyDeniedException;
import dev.strongroom.sekey.SeKeyException;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.SubjectNotFoundException.Kind;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.audit.AuditEvent;
import dev.strongroom.sekey.audit.AuditOrigin;
import dev.strongroom.sekey.audit.AuditVerification;
import dev.strongroom.sekey.audit.SignedCheckpoint;
import dev.strongroom.sekey.internal.database.Changes;
import dev.strongroom.sekey.internal.database.SeKeyDatabase;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.policy.Decision;
import dev.strongroom.sekey.policy.Denial;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the steps of an administrator so that element, model and audit log agree whatever
 * fails in between: the steps are noted in the database, then the element does them one by one, and
 * one commit brings the model, the entries of the log, and the end of the note. What a crash leaves
 * is finished by {@link #open} or by the next act. A step that the element refuses ends the
 * transaction; the steps before it count, since the element has done them.
 *
 * <p>One act at a time.
 *
 * <p>Thread safety: thread-safe.
 */
public final class Administration {

  /** What is planned on the model as it is, and stays until the steps are done. */
  @FunctionalInterface
  interface Planner {

    /**
     * Plans.
     *
     * @param directory the model
     * @return the steps
     * @throws IOException if it may not be done
     */
    List<Step> plan(Directory directory) throws IOException;
  }

  private final ElementSession session;
  private final SeKeyDatabase database;
  private final InstantSource clock;
  private final Roots roots;
  private final AuditTrail trail;
  private final ReentrantLock alone = new ReentrantLock();

  private volatile ElementTime floor;

  private Administration(
      ElementSession session,
      SeKeyDatabase database,
      InstantSource clock,
      Roots roots,
      AuditTrail trail)
      throws IOException {
    this.session = session;
    this.database = database;
    this.clock = clock;
    this.roots = roots;
    this.trail = trail;
    floor = store().status().floor();
  }

  /**
   * Makes an element its own administrator, before it has a database.
   *
   * @param session the administrator's element
   * @param pin its administrator PIN
   * @param clock the host's
   * @throws IOException if others administer it, or it fails
   */
  public static void found(ElementSession session, AdministratorPin pin, InstantSource clock)
      throws IOException {
    Roots.found(session, pin);
    session.keys().store().setFloor(time(clock, ElementTime.NONE));
  }

  /**
   * Opens an administration and finishes what was begun.
   *
   * @param session the administrator's element
   * @param pin its administrator PIN
   * @param database of this element
   * @param clock the host's
   * @return the administration
   * @throws KeyNotFoundException if the element has lost the key of the audit log: it was wiped
   * @throws IOException if element or database fail
   */
  public static Administration open(
      ElementSession session, AdministratorPin pin, SeKeyDatabase database, InstantSource clock)
      throws IOException {
    Optional<AuditOrigin> begun = database.auditOrigin();
    if (begun.isPresent() && !database.auditEntries(0, 1).isEmpty()) {
      session.keys().store().read(AuditTrail.chainKey(begun.get()));
    }
    Roots roots = Roots.of(session, pin);
    AuditOrigin origin = begun.isPresent() ? begun.get() : beginLog(session, database);
    Administration opened =
        new Administration(
            session, database, clock, roots, new AuditTrail(session, database, origin));
    if (database.auditEntries(0, 1).isEmpty()) {
      opened.beginChain(origin);
    }
    opened.finish();
    return opened;
  }

  private static AuditOrigin beginLog(ElementSession session, SeKeyDatabase database)
      throws IOException {
    AuditOrigin origin =
        new AuditOrigin(
            Bytes.copyOf(session.random(AuditOrigin.ID_LENGTH)), session.info().serialNumber());
    return database.change(
        changes -> {
          changes.beginAudit(origin);
          return origin;
        });
  }

  private void beginChain(AuditOrigin origin) throws IOException {
    KeyAttributes key =
        new KeyAttributes(
            AuditTrail.chainKey(origin),
            KeyState.ACTIVE,
            KeyAlgorithm.HMAC_SHA_256,
            EnumSet.of(KeyUsage.MAC),
            Set.of(),
            Optional.empty(),
            0,
            KeyPeriods.UNLIMITED,
            Bytes.copyOf(new byte[KeyAttributes.POLICY_HASH_LENGTH]));
    new Step.MakeKey(key, time()).execute(store(), Optional.empty());
    AuditEvent event =
        AuditEvent.done(time(), floor, AuditAct.LOG_BEGUN, Optional.empty(), Optional.empty(), "");
    database.change(
        changes -> {
          trail.note(changes, List.of(event));
          return event;
        });
  }

  ElementSession session() {
    return session;
  }

  Roots roots() {
    return roots;
  }

  private KeyStoreCommands store() {
    return session.keys().store();
  }

  /**
   * The model.
   *
   * @return as the last act left it
   */
  public Directory directory() {
    return database.directory();
  }

  /**
   * The signed time.
   *
   * @return as the element has it
   */
  public ElementTime floor() {
    return floor;
  }

  /**
   * What time it is for an administrator's acts.
   *
   * @return the host's clock, never before the signed time
   */
  ElementTime time() {
    return time(clock, floor);
  }

  private static ElementTime time(InstantSource clock, ElementTime floor) {
    return ElementTime.of(clock.instant()).max(floor);
  }

  /** Time for decisions on keys; leases are none of an administrator's. */
  KeyCircumstances circumstances() {
    return new KeyCircumstances(
        floor, time(), Long.MAX_VALUE, new LeaseGate.NotNeeded(), Acknowledgement.NONE);
  }

  /** Drawn by the element. */
  Bytes newId() throws StrongroomException {
    return Bytes.copyOf(session.random(16));
  }

  /**
   * Does something with the model as it is, while nothing else is done.
   *
   * @param <T> what it answers
   */
  @FunctionalInterface
  interface Work<T> {

    /**
     * Does it.
     *
     * @return the answer
     * @throws IOException if it fails
     */
    T run() throws IOException;
  }

  /**
   * Does something alone, after what was begun is finished.
   *
   * @param work what
   * @param <T> what it answers
   * @return its answer
   * @throws IOException if it fails
   */
  <T> T alone(Work<T> work) throws IOException {
    alone.lock();
    try {
      finish();
      return work.run();
    } finally {
      alone.unlock();
    }
  }

  /**
   * Plans steps and carries them out.
   *
   * @param act what it is, should it not come to steps
   * @param planner what is to be done
   * @throws IOException if it may not be done, or something fails
   */
  void run(AuditAct act, Planner planner) throws IOException {
    run(act, planner, Optional.empty());
  }

  void run(AuditAct act, Planner planner, Optional<SecretBytes> value) throws IOException {
    alone(
        () -> {
          List<Step> steps = plan(act, planner);
          rehearse(steps);
          Intent intent = new Intent(steps);
          if (steps.stream().anyMatch(Administration::isForElement)) {
            requireRoom(steps);
            Bytes encoded = intent.encode();
            database.change(
                changes -> {
                  changes.begin(encoded);
                  return encoded;
                });
          }
          return steps.isEmpty() ? intent : complete(intent, value, Refusals.THROWN);
        });
  }

  private List<Step> plan(AuditAct act, Planner planner) throws IOException {
    try {
      return planner.plan(directory());
    } catch (SubjectNotFoundException e) {
      trail.refused(time(), floor, act, Optional.of(e.id()), Optional.empty(), e);
      throw e;
    }
  }

  private static boolean isForElement(Step step) {
    return !(step instanceof Step.PutUser
        || step instanceof Step.PutMembership
        || step instanceof Step.RemoveMembership);
  }

  /** Sees whether the model takes the steps. */
  void rehearse(List<Step> steps) throws IOException {
    Rehearsal rehearsal = new Rehearsal(directory());
    for (Step step : steps) {
      try {
        step.change(rehearsal);
      } catch (SeKeyException | KeyRefusedException e) {
        throw refused(step, e);
      }
    }
  }

  private void requireRoom(List<Step> steps) throws IOException {
    long needed = steps.stream().mapToInt(Step::records).sum();
    if (needed == 0) {
      return;
    }
    KeyStoreStatus status = store().status();
    long free = status.capacity() - status.records();
    if (needed > free) {
      throw refused(
          steps.get(0),
          new ElementFullException(
              ElementFullException.Limit.MEMORY, needed, free, status.capacity()));
    }
  }

  private <X extends Exception> X refused(Step step, X why) throws IOException {
    trail.refused(time(), floor, step.act(), step.subject(), step.object(), why);
    return why;
  }

  /** What becomes of what the element refuses. */
  private enum Refusals {
    THROWN,
    /** Nobody waits for it any more; the log has it. */
    NOTED
  }

  private void finish() throws IOException {
    Optional<Bytes> pending = database.intent();
    if (pending.isPresent()) {
      complete(Intent.parse(pending.get()), Optional.empty(), Refusals.NOTED);
    }
  }

  private Intent complete(Intent intent, Optional<SecretBytes> value, Refusals refusals)
      throws IOException {
    List<Step> done = new ArrayList<>();
    List<AuditEvent> events = new ArrayList<>();
    StrongroomException refusal = null;
    for (Step step : intent.steps()) {
      refusal = execute(step, value);
      if (refusal != null) {
        events.add(
            AuditTrail.refusal(time(), floor, step.act(), step.subject(), step.object(), refusal));
        break;
      }
      done.add(step);
      events.add(
          AuditEvent.done(time(), floor, step.act(), step.subject(), step.object(), step.text()));
    }
    database.change(
        changes -> {
          for (Step step : done) {
            step.change(changes);
          }
          trail.note(changes, events);
          changes.end();
          return intent;
        });
    if (refusal != null && refusals == Refusals.THROWN) {
      throw refusal;
    }
    return intent;
  }

  /** What the element says against it; what fails otherwise stays to be finished. */
  private @Nullable StrongroomException execute(Step step, Optional<SecretBytes> value)
      throws StrongroomException {
    try {
      step.execute(store(), value);
    } catch (KeyRefusedException
        | ElementFullException
        | UnsupportedCapabilityException
        | KeyExistsException
        | KeyNotFoundException
        | KeyGroupNotFoundException e) {
      return e;
    }
    if (step instanceof Step.SetFloor moved) {
      floor = floor.max(moved.floor());
    }
    return null;
  }

  /** Goes on only with what may be done; what may not is noted and thrown. */
  void require(Decision decision, Group group, AuditAct act, Bytes subject) throws IOException {
    Optional<Denial> denial;
    if (decision instanceof Decision.Deny deny) {
      denial = Optional.of(deny.denial());
    } else {
      int approvals = ((Decision.Permit) decision).approvals();
      denial =
          approvals == 0
              ? Optional.empty()
              : Optional.of(new Denial.ApprovalsMissing(group.id(), approvals));
    }
    if (denial.isPresent()) {
      StrongroomException why = exception(denial.get());
      trail.refused(time(), floor, act, Optional.of(subject), Optional.of(group.id().bytes()), why);
      throw why;
    }
  }

  private static StrongroomException exception(Denial denial) {
    if (denial instanceof Denial.ByKeyRules rules) {
      return KeyRefusedException.of(rules.refusal());
    }
    if (denial instanceof Denial.UnknownKey unknown) {
      return new SubjectNotFoundException(Kind.KEY, unknown.key().bytes());
    }
    if (denial instanceof Denial.UnknownGroup unknown) {
      return new SubjectNotFoundException(Kind.GROUP, unknown.group().bytes());
    }
    return new PolicyDeniedException(denial);
  }

  /** Notes that keys should be replaced and cannot be. */
  void noteStalled(Group group, Denial denial) throws IOException {
    trail.refused(
        time(),
        floor,
        AuditAct.ROTATION_STALLED,
        Optional.of(group.id().bytes()),
        Optional.empty(),
        exception(denial));
  }

  /** Notes an event in a transaction of its own. */
  void note(AuditAct act, Optional<Bytes> subject, String text) throws IOException {
    AuditEvent event = AuditEvent.done(time(), floor, act, subject, Optional.empty(), text);
    database.change(
        (Changes changes) -> {
          trail.note(changes, List.of(event));
          return event;
        });
  }

  /**
   * Makes a checkpoint of the audit log.
   *
   * @return signed by the element
   * @throws IOException if element or database fail
   */
  public SignedCheckpoint checkpoint() throws IOException {
    return alone(() -> trail.checkpoint(time()).orElseThrow());
  }

  /**
   * Looks at the whole audit log.
   *
   * @param kept a checkpoint that somebody else has kept, or empty
   * @return the verdicts
   * @throws IOException if element or database fail
   */
  public AuditVerification verifyAudit(Optional<SignedCheckpoint> kept) throws IOException {
    return alone(() -> trail.verify(kept, roots.identity().signingKey()));
  }
}
