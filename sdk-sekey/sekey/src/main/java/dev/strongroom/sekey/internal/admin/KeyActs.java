// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.policy.KeyProposal;
import dev.strongroom.sekey.policy.PolicyRules;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is done with keys: policy is asked first, then the element.
 *
 * <p>Thread safety: thread-safe.
 */
public final class KeyActs {

  private final Administration administration;

  /**
   * The acts of an administration.
   *
   * @param administration which one
   */
  public KeyActs(Administration administration) {
    this.administration = administration;
  }

  /**
   * Makes a key.
   *
   * @param group whose it is
   * @param proposal what it shall be
   * @param state pre-active or active
   * @param value if it comes from outside
   * @return the key
   * @throws IOException if it may not be made, or something fails
   */
  public KeyEntry make(
      GroupId group, KeyProposal proposal, KeyState state, Optional<SecretBytes> value)
      throws IOException {
    KeyId id = new KeyId(administration.newId());
    administration.run(
        value.isPresent() ? AuditAct.KEY_IMPORTED : AuditAct.KEY_MADE,
        directory -> {
          Group owner = directory.draft().requireGroup(group);
          administration.require(
              PolicyRules.make(directory, group, proposal, Set.of()),
              owner,
              value.isPresent() ? AuditAct.KEY_IMPORTED : AuditAct.KEY_MADE,
              id.bytes());
          KeyAttributes attributes = proposal.attributes(id, owner, state);
          return List.of(
              new Step.MakeKey(
                  value.isPresent() ? imported(attributes) : attributes, administration.time()));
        },
        value);
    return administration.directory().draft().requireKey(id);
  }

  private static KeyAttributes imported(KeyAttributes key) {
    Set<KeyFlag> flags = EnumSet.of(KeyFlag.IMPORTED);
    flags.addAll(key.flags());
    return new KeyAttributes(
        key.id(),
        key.state(),
        key.algorithm(),
        key.usages(),
        flags,
        key.group(),
        key.limit(),
        key.periods(),
        key.policyHash());
  }

  /**
   * Brings a key to another state.
   *
   * @param key which
   * @param target the state
   * @throws IOException if it may not, or something fails
   */
  public void changeState(KeyId key, KeyState target) throws IOException {
    administration.run(
        AuditAct.KEY_STATE,
        directory -> {
          KeyEntry entry = directory.draft().requireKey(key);
          administration.require(
              PolicyRules.changeState(directory, key, target, administration.circumstances()),
              group(directory, entry),
              AuditAct.KEY_STATE,
              key.bytes());
          return List.of(
              new Step.SetState(key, entry.group(), entry.state(), target, administration.time()));
        });
  }

  /**
   * Schedules the destruction of a key.
   *
   * @param key which
   * @param at when
   * @throws IOException if it may not, or something fails
   */
  public void scheduleDestruction(KeyId key, ElementTime at) throws IOException {
    administration.run(
        AuditAct.DESTRUCTION_SCHEDULED,
        directory -> {
          KeyEntry entry = directory.draft().requireKey(key);
          administration.require(
              PolicyRules.scheduleDestruction(directory, key, at, administration.time()),
              group(directory, entry),
              AuditAct.DESTRUCTION_SCHEDULED,
              key.bytes());
          return List.of(new Step.ScheduleDestruction(key, entry.group(), at));
        });
  }

  /**
   * Cancels the destruction of a key.
   *
   * @param key which
   * @throws IOException if it is destroyed, or something fails
   */
  public void cancelDestruction(KeyId key) throws IOException {
    administration.run(
        AuditAct.DESTRUCTION_CANCELLED,
        directory -> {
          KeyEntry entry = directory.draft().requireKey(key);
          return List.of(new Step.CancelDestruction(key, entry.group(), administration.time()));
        });
  }

  /**
   * Brings periods and limit of a key forward.
   *
   * @param key which
   * @param shortening what becomes what
   * @throws IOException if something would become longer, or something fails
   */
  public void shorten(KeyId key, KeyShortening shortening) throws IOException {
    administration.run(
        AuditAct.KEY_SHORTENED,
        directory -> {
          KeyEntry entry = directory.draft().requireKey(key);
          administration.require(
              PolicyRules.changePeriods(
                  directory, key, shortening.of(entry.attributes().periods())),
              group(directory, entry),
              AuditAct.KEY_SHORTENED,
              key.bytes());
          return List.of(new Step.Shorten(key, entry.group(), shortening));
        });
  }

  private static Group group(Directory directory, KeyEntry key) {
    return directory.group(key.group()).orElseThrow();
  }
}
