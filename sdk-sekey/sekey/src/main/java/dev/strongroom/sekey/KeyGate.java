// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.device.AcknowledgementNeededException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyLimitReachedException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyUseCommands;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.LeaseGate;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.audit.AuditEvent;
import dev.strongroom.sekey.audit.AuditOutcome;
import dev.strongroom.sekey.audit.KeyUseLog;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.policy.Decision;
import dev.strongroom.sekey.policy.Denial;
import dev.strongroom.sekey.policy.PolicyRules;
import dev.strongroom.sekey.selection.KeySelector;
import dev.strongroom.sekey.selection.Selection;
import dev.strongroom.sekey.selection.SelectionRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What each use of a key goes through: the policy, for the better message; the log, where the use
 * is exceptional or refused; the element, which decides.
 *
 * <p>Thread safety: thread-safe.
 */
final class KeyGate {

  /** One use, with what the element is told. */
  @FunctionalInterface
  interface Use<R> {
    R make(KeyUseCommands element, KeyUseHead head) throws IOException;
  }

  /** One use of the key that was chosen. */
  @FunctionalInterface
  interface ChosenUse<R> {
    R make(KeyUseCommands element, KeyUseHead head, Chosen chosen) throws IOException;
  }

  /** A key, and what it is asked to do. */
  record Chosen(KeyId key, KeyOperation operation) {}

  private final ElementSession session;
  private final Supplier<Directory> directories;
  private final UserId self;
  private final ElementTime floor;
  private final Clock clock;
  private final KeyUseLog log;

  /** Keys whose limit is used up, as the element said; there is no way back. */
  private final Set<KeyId> usedUp = ConcurrentHashMap.newKeySet();

  KeyGate(
      ElementSession session,
      Supplier<Directory> directories,
      UserId self,
      ElementTime floor,
      Clock clock,
      KeyUseLog log) {
    this.session = session;
    this.directories = directories;
    this.self = self;
    this.floor = floor;
    this.clock = clock;
    this.log = log;
  }

  Directory directory() {
    return directories.get();
  }

  UserId self() {
    return self;
  }

  ElementSession session() {
    return session;
  }

  /** By the host's clock, never before the floor. */
  private ElementTime now() {
    try {
      return ElementTime.of(clock.instant()).max(floor);
    } catch (IllegalArgumentException e) {
      return floor; // a clock that was never set tells nothing
    }
  }

  /** What goes with ordinary uses. */
  KeyUseHead head() {
    return new KeyUseHead(now(), null);
  }

  KeyCircumstances circumstances(KeyId key, Acknowledgement acknowledgement) {
    return new KeyCircumstances(
        floor,
        now(),
        usedUp.contains(key) ? 0 : Long.MAX_VALUE,
        new LeaseGate.NotNeeded(), // the element knows, the host does not
        acknowledgement);
  }

  /** A use that nobody has given a reason for. */
  <R> R use(KeyId key, KeyOperation operation, Use<R> use) throws IOException {
    return use(key, operation, Optional.empty(), use);
  }

  /** A use that may be exceptional. */
  <R> R use(KeyId key, KeyOperation operation, Optional<UseReason> reason, Use<R> use)
      throws IOException {
    boolean acknowledged = permit(key, operation, reason);
    try {
      try {
        return make(key, operation, acknowledged ? reason : Optional.empty(), use);
      } catch (AcknowledgementNeededException e) {
        // The element knows of a change that the directory does not have yet.
        if (acknowledged || reason.isEmpty()) {
          throw e;
        }
        return make(key, operation, reason, use);
      }
    } catch (KeyRefusedException e) {
      throw refused(key, operation, e);
    }
  }

  /** Throws if the policy denies an ordinary use. */
  void require(KeyId key, KeyOperation operation) throws IOException {
    permit(key, operation, Optional.empty());
  }

  /** Whether the policy permits it only for the reason that is given; throws if it does not. */
  private boolean permit(KeyId key, KeyOperation operation, Optional<UseReason> reason)
      throws IOException {
    Decision decision =
        PolicyRules.use(
            directory(),
            self,
            key,
            operation,
            circumstances(key, reason.isPresent() ? Acknowledgement.GIVEN : Acknowledgement.NONE));
    if (decision instanceof Decision.Deny deny) {
      throw denied(Optional.of(key), operation, deny.denial());
    }
    return !((Decision.Permit) decision).acknowledged().isEmpty();
  }

  private <R> R make(KeyId key, KeyOperation operation, Optional<UseReason> reason, Use<R> use)
      throws IOException {
    if (reason.isPresent()) {
      log.note(
          event(
              Optional.of(key),
              operation,
              AuditOutcome.ACKNOWLEDGED,
              Optional.empty(),
              reason.get().words()));
    }
    return use.make(
        session.keys().use(), new KeyUseHead(now(), reason.map(UseReason::digest).orElse(null)));
  }

  /** Notes what the element has refused. */
  KeyRefusedException refused(KeyId key, KeyOperation operation, KeyRefusedException refused) {
    if (refused instanceof KeyLimitReachedException) {
      usedUp.add(key);
    }
    note(Optional.of(key), operation, Optional.of(refused.refusal().reason()), refused);
    return refused;
  }

  /** Notes what the policy denies. */
  IOException denied(Optional<KeyId> key, KeyOperation operation, Denial denial) {
    IOException error = Denied.exception(denial);
    note(
        key,
        operation,
        denial instanceof Denial.ByKeyRules rules
            ? Optional.of(rules.refusal().reason())
            : Optional.empty(),
        error);
    return error;
  }

  private void note(
      Optional<KeyId> key,
      KeyOperation operation,
      Optional<RefusalReason> reason,
      IOException error) {
    try {
      log.note(
          event(key, operation, AuditOutcome.REFUSED, reason, error.getClass().getSimpleName()));
    } catch (IOException e) {
      error.addSuppressed(e); // it is refused, whether it could be noted or not
    }
  }

  private AuditEvent event(
      Optional<KeyId> key,
      KeyOperation operation,
      AuditOutcome outcome,
      Optional<RefusalReason> reason,
      String text) {
    return new AuditEvent(
        now(),
        floor,
        AuditAct.KEY_USED,
        outcome,
        Optional.of(operation),
        reason,
        Optional.of(self),
        key.map(KeyId::bytes),
        key.flatMap(directory()::key).map(entry -> entry.group().bytes()),
        text);
  }

  /** Protects by the best key for one of the operations, the first one for which there is one. */
  <R> R protect(KeyChoice choice, List<KeyOperation> operations, ChosenUse<R> use)
      throws IOException {
    while (true) {
      Chosen chosen = choose(choice, operations);
      try {
        return use(
            chosen.key(), chosen.operation(), (element, head) -> use.make(element, head, chosen));
      } catch (KeyLimitReachedException e) {
        // Known from now on, so the next choice is another key, or says that there is none.
        if (choice instanceof KeyChoice.ByKey || !usedUp.contains(chosen.key())) {
          throw e;
        }
      }
    }
  }

  /** The key, by policy and by what the element has refused so far. */
  Chosen choose(KeyChoice choice, List<KeyOperation> operations) throws IOException {
    if (choice instanceof KeyChoice.ByKey byKey) {
      return new Chosen(byKey.key(), operation(byKey.key(), operations));
    }
    Optional<Denial> first = Optional.empty();
    for (KeyOperation operation : operations) {
      Selection selection = select(choice, operation);
      if (selection instanceof Selection.Selected selected) {
        return new Chosen(selected.key(), operation);
      }
      if (first.isEmpty()) {
        first = Optional.of(((Selection.NoKey) selection).denial());
      }
    }
    throw denied(Optional.empty(), operations.get(0), first.orElseThrow());
  }

  Selection select(KeyChoice choice, KeyOperation operation) {
    if (choice instanceof KeyChoice.ForUsers users) {
      return KeySelector.select(
          directory(),
          new SelectionRequest(self, users.users(), operation, users.readers()),
          key -> circumstances(key.id(), Acknowledgement.NONE));
    }
    if (choice instanceof KeyChoice.ForGroup group) {
      return KeySelector.selectIn(
          directory(),
          self,
          group.group(),
          operation,
          key -> circumstances(key.id(), Acknowledgement.NONE));
    }
    throw new IllegalArgumentException("a key that is named is not selected");
  }

  /** What a key is for; the first one if for none of them, to have the rules say so. */
  private KeyOperation operation(KeyId key, List<KeyOperation> operations) {
    KeyOperation first = operations.get(0);
    Optional<KeyEntry> entry = directory().key(key);
    if (entry.isEmpty()) {
      return first;
    }
    for (KeyOperation operation : operations) {
      for (var usage : operation.usages()) {
        if (entry.get().attributes().usages().contains(usage)) {
          return operation;
        }
      }
    }
    return first;
  }
}
