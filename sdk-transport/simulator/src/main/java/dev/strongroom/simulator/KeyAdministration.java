// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeContext;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.KeyExistsException;
import dev.strongroom.core.device.KeyGroupNotFoundException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAttribute;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyDecision;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyRecord;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyTrigger;
import dev.strongroom.core.keys.LeaseGate;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.simulator.keystore.KeyMaterial;
import dev.strongroom.simulator.keystore.KeyTable;
import dev.strongroom.simulator.keystore.KeyValues;
import dev.strongroom.simulator.keystore.StoreDraft;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Changes of the key store of an element that administers itself, {@code docs/spec/key-store.md},
 * 9.1.
 *
 * <p>Thread safety: thread-safe; changes go one at a time in the application.
 */
final class KeyAdministration {

  private static final int KEK_LENGTH = 32;
  private static final byte[] IMPORT_INFO =
      "Strongroom import\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] KEY_CONTEXT = "Strongroom key\0".getBytes(StandardCharsets.US_ASCII);
  private static final Set<KeyState> SCHEDULABLE =
      EnumSet.of(KeyState.SUSPENDED, KeyState.DEACTIVATED, KeyState.COMPROMISED);

  private interface Change<R> {
    R in(StoreDraft draft, OpenState state) throws StrongroomException;
  }

  private interface KeyChange {
    KeyAttributes of(KeyMaterial key, StoreDraft draft) throws StrongroomException;
  }

  private final ElementApplication application;

  KeyAdministration(ElementApplication application) {
    this.application = application;
  }

  Optional<Bytes> generate(Login login, KeyAttributes attributes) throws StrongroomException {
    if (attributes.flags().contains(KeyFlag.IMPORTED)) {
      throw malformed();
    }
    return make(
        login, attributes, () -> KeyValues.generate(attributes.algorithm(), application.random()));
  }

  Optional<Bytes> importKey(Login login, KeyAttributes attributes, SecretBytes value)
      throws StrongroomException {
    return make(login, imported(attributes), () -> accepted(attributes, value));
  }

  Optional<Bytes> importWrapped(Login login, KeyAttributes attributes, Bytes enc, Bytes wrapped)
      throws StrongroomException {
    if (enc.length() != HpkeSuite.P256.encLength()) {
      throw new DecryptionFailedException();
    }
    return make(
        login,
        imported(attributes),
        () -> {
          try (SecretBytes value = unwrapped(login, attributes, enc, wrapped)) {
            return accepted(attributes, value);
          }
        });
  }

  private interface Value {
    SecretBytes get() throws StrongroomException;
  }

  private static SecretBytes accepted(KeyAttributes attributes, SecretBytes value)
      throws StatusWordException {
    return KeyValues.accept(attributes.algorithm(), value)
        .orElseThrow(KeyAdministration::malformed);
  }

  private SecretBytes unwrapped(Login login, KeyAttributes attributes, Bytes enc, Bytes wrapped)
      throws StrongroomException {
    byte[] info =
        ByteBuffer.allocate(IMPORT_INFO.length + 16)
            .put(IMPORT_INFO)
            .put(application.info().serialNumber().toByteArray())
            .array();
    byte[] context =
        ByteBuffer.allocate(KEY_CONTEXT.length + KeyAttributes.LENGTH)
            .put(KEY_CONTEXT)
            .put(attributes.encode().toByteArray())
            .array();
    HpkeKeyPair agreement = HpkeKeyPair.of(login.identity().agreement());
    try (HpkeContext hpke = Hpke.setupBaseR(Hpke.Aead.EXPORT_ONLY, enc, agreement, info);
        SecretBytes kek = hpke.export(context, KEK_LENGTH)) {
      return AesKeyWrap.unwrap(kek, wrapped).orElseThrow(DecryptionFailedException::new);
    } catch (IllegalArgumentException e) {
      throw new DecryptionFailedException();
    }
  }

  private static KeyAttributes imported(KeyAttributes attributes) {
    EnumSet<KeyFlag> flags = EnumSet.of(KeyFlag.IMPORTED);
    flags.addAll(attributes.flags());
    return new KeyAttributes(
        attributes.id(),
        attributes.state(),
        attributes.algorithm(),
        attributes.usages(),
        flags,
        attributes.group(),
        attributes.limit(),
        attributes.periods(),
        attributes.policyHash());
  }

  private Optional<Bytes> make(Login login, KeyAttributes attributes, Value source)
      throws StrongroomException {
    if (attributes.state() != KeyState.PRE_ACTIVE && attributes.state() != KeyState.ACTIVE) {
      throw malformed();
    }
    return change(
        login,
        (draft, state) -> {
          if (draft.isTaken(attributes.id())) {
            throw new KeyExistsException(attributes.id());
          }
          Optional<KeyGroup> group = group(draft, attributes);
          requireTerms(attributes, group);
          try (SecretBytes value = source.get()) {
            int index = group.map(KeyGroup::index).orElse(0);
            draft.put(new KeyMaterial(new KeyRecord(attributes, index, 0, value.length()), value));
            return KeyValues.publicKey(attributes.algorithm(), value);
          }
        });
  }

  private static Optional<KeyGroup> group(StoreDraft draft, KeyAttributes key)
      throws KeyGroupNotFoundException {
    if (key.group().isEmpty()) {
      return Optional.empty();
    }
    GroupId id = key.group().get();
    return Optional.of(draft.group(id).orElseThrow(() -> new KeyGroupNotFoundException(id)));
  }

  /** What a key needs of the terms of its group: that it may be imported, and how long it lives. */
  private static void requireTerms(KeyAttributes key, Optional<KeyGroup> group)
      throws KeyRefusedException {
    if (group.isEmpty()) {
      return;
    }
    GroupTerms terms = group.get().terms();
    boolean mayBe =
        !key.flags().contains(KeyFlag.IMPORTED) || terms.imports() == GroupTerms.Imports.PERMITTED;
    if (!mayBe || (key.state() == KeyState.ACTIVE && !terms.permit(key.periods()))) {
      throw refused(KeyAttribute.TERMS, key);
    }
  }

  void setState(Login login, KeyId id, KeyState present, KeyState target)
      throws StrongroomException {
    changeKey(
        login,
        id,
        (key, draft) -> {
          KeyAttributes now = key.attributes();
          if (now.state() == target) {
            return now;
          }
          if (now.state() != present) {
            throw KeyRefusedException.of(
                new KeyRefusal(
                    RefusalReason.TRANSITION,
                    Optional.empty(),
                    Optional.of(now.state()),
                    Optional.of(target),
                    OptionalInt.empty(),
                    id.bytes(),
                    0,
                    0));
          }
          KeyDecision decision =
              KeyRules.change(now, target, KeyTrigger.ADMINISTRATOR, circumstances(draft, key));
          if (decision instanceof KeyDecision.Refused refused) {
            throw KeyRefusedException.of(refused.refusal());
          }
          KeyAttributes next = now.withState(target);
          if (target == KeyState.ACTIVE) {
            requirePeriods(next, draft.groupOf(key.record()));
          }
          return next;
        });
  }

  private KeyCircumstances circumstances(StoreDraft draft, KeyMaterial key) {
    KeyTable base = draft.base();
    return new KeyCircumstances(
        base.floor(),
        application.managedKeys().now(base),
        key.record().uses().unreserved(),
        new LeaseGate.NotNeeded(),
        Acknowledgement.NONE);
  }

  private static void requirePeriods(KeyAttributes key, Optional<KeyGroup> group)
      throws KeyRefusedException {
    if (group.isPresent() && !group.get().terms().permit(key.periods())) {
      throw refused(KeyAttribute.TERMS, key);
    }
  }

  void scheduleDestruction(Login login, KeyId id, ElementTime at) throws StrongroomException {
    changeKey(
        login,
        id,
        (key, draft) -> {
          KeyAttributes now = key.attributes();
          requireState(now, SCHEDULABLE.contains(now.state()));
          if (at.compareTo(draft.base().floor()) <= 0) {
            throw refused(KeyAttribute.DESTRUCTION, now);
          }
          return now.withPeriods(now.periods().withDestruction(at));
        });
  }

  void cancelDestruction(Login login, KeyId id) throws StrongroomException {
    changeKey(
        login,
        id,
        (key, draft) -> {
          KeyAttributes now = key.attributes();
          requireState(now, !now.state().isDestroyed());
          if (!now.periods().destruction().isSet()) {
            return now;
          }
          KeyAttributes kept = now.withPeriods(now.periods().withDestruction(ElementTime.NONE));
          return now.state() == KeyState.SUSPENDED ? kept.withState(KeyState.DEACTIVATED) : kept;
        });
  }

  void shorten(Login login, KeyId id, KeyShortening shortening) throws StrongroomException {
    changeKey(
        login,
        id,
        (key, draft) -> {
          KeyAttributes now = key.attributes();
          KeyPeriods periods;
          try {
            periods = shortening.of(now.periods());
          } catch (IllegalArgumentException e) {
            throw new StatusWordException(KeyStoreProtocol.INS_CHANGE_KEY, StatusWord.WRONG_DATA);
          }
          long limit = shortening.limit().orElse(now.limit());
          if (now.limit() != 0 && (limit == 0 || limit > now.limit())) {
            throw refused(KeyAttribute.LIMIT, now);
          }
          KeyAttributes next = now.withPeriods(periods).withLimit(limit);
          if (now.state() != KeyState.PRE_ACTIVE) {
            Optional<KeyAttribute> forbidden = KeyRules.forbiddenChange(now.periods(), periods);
            if (forbidden.isPresent()) {
              throw refused(forbidden.get(), now);
            }
            if (!next.equals(now)) {
              requirePeriods(next, draft.groupOf(key.record()));
            }
          }
          return next;
        });
  }

  void remove(Login login, KeyId id) throws StrongroomException {
    change(
        login,
        (draft, state) -> {
          try (KeyMaterial key = draft.key(id).orElse(null)) {
            if (key != null) {
              requireState(key.attributes(), key.attributes().state().isDestroyed());
              draft.remove(id);
            }
          }
          return id;
        });
  }

  ElementTime setFloor(Login login, ElementTime time) throws StrongroomException {
    return change(
        login,
        (draft, state) -> {
          if (state.floor().isBefore(time)) {
            state.setFloor(time);
            draft.destroyDue(time);
          }
          return state.floor();
        });
  }

  void putGroup(Login login, GroupId id, GroupTerms terms) throws StrongroomException {
    change(
        login,
        (draft, state) -> {
          Optional<KeyGroup> group = draft.group(id);
          if (group.isPresent()) {
            KeyGroup known = group.get();
            draft.put(new KeyGroup(id, known.index(), terms, known.lease()));
          } else if (draft.isTaken(id)) {
            throw new KeyExistsException(new KeyId(id.bytes()));
          } else {
            draft.makeGroup(id, terms);
          }
          return id;
        });
  }

  void remove(Login login, GroupId id) throws StrongroomException {
    change(
        login,
        (draft, state) -> {
          Optional<KeyGroup> group = draft.group(id);
          if (group.isPresent()) {
            if (!draft.keysOf(group.get()).isEmpty()) {
              throw KeyRefusedException.of(
                  KeyRefusal.of(
                      RefusalReason.ATTRIBUTE, id.bytes(), KeyAttribute.TERMS.number(), 0));
            }
            draft.remove(group.get());
          }
          return id;
        });
  }

  /** Changes what is known about a key, unless that is so already. */
  private void changeKey(Login login, KeyId id, KeyChange change) throws StrongroomException {
    change(
        login,
        (draft, state) -> {
          try (KeyMaterial key = draft.key(id).orElseThrow(() -> new KeyNotFoundException(id))) {
            KeyAttributes next = change.of(key, draft);
            if (!next.equals(key.attributes())) {
              try (KeyMaterial changed = key.with(next)) {
                draft.put(changed);
              }
            }
          }
          return id;
        });
  }

  private <R> R change(Login login, Change<R> change) throws StrongroomException {
    return application.change(
        login,
        state -> {
          if (state.administration() != KeyTable.Administration.BY_ITSELF) {
            throw KeyRefusedException.of(KeyRefusal.administered());
          }
          return change.in(application.draft(state), state);
        });
  }

  private static void requireState(KeyAttributes key, boolean fits) throws KeyRefusedException {
    if (!fits) {
      throw KeyRefusedException.of(
          new KeyRefusal(
              RefusalReason.STATE,
              Optional.empty(),
              Optional.of(key.state()),
              Optional.empty(),
              OptionalInt.empty(),
              key.id().bytes(),
              0,
              0));
    }
  }

  private static KeyRefusedException refused(KeyAttribute attribute, KeyAttributes key) {
    return KeyRefusedException.of(KeyRefusal.of(attribute, key));
  }

  private static StatusWordException malformed() {
    return new StatusWordException(KeyStoreProtocol.INS_MAKE_KEY, StatusWord.WRONG_DATA);
  }
}
