// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.policy;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.UsageLimit;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A key as somebody wants it.
 *
 * <p>Thread safety: immutable.
 *
 * @param algorithm what it computes with
 * @param usages what it is for, as the algorithm permits
 * @param periods when it may be used; without a time of destruction
 * @param limit most uses that protect, 1 to {@link UsageLimit#MAX}; 0 for none
 */
public record KeyProposal(
    KeyAlgorithm algorithm, Set<KeyUsage> usages, KeyPeriods periods, long limit) {

  /**
   * Checks what excludes each other.
   *
   * @param algorithm as above
   * @param usages as above
   * @param periods as above
   * @param limit as above
   */
  public KeyProposal {
    if (!algorithm.permits(usages)) {
      throw new IllegalArgumentException("a key of " + algorithm + " is not for " + usages);
    }
    if (periods.destruction().isSet()) {
      throw new IllegalArgumentException("a key is not made to be destroyed");
    }
    usages = Collections.unmodifiableSet(EnumSet.copyOf(usages));
  }

  /**
   * A key with the periods and the limit that are the policy's default.
   *
   * @param algorithm as above
   * @param usages as above
   * @param policy of the group
   * @param activation when it begins to protect
   * @return the proposal
   */
  public static KeyProposal of(
      KeyAlgorithm algorithm, Set<KeyUsage> usages, GroupPolicy policy, ElementTime activation) {
    return new KeyProposal(algorithm, usages, policy.periodsFrom(activation), policy.keyUses());
  }

  /**
   * What the key's attributes would be; {@link PolicyRules#make} says whether they may.
   *
   * @param id its id, drawn at random
   * @param group whose it is
   * @param state {@link KeyState#PRE_ACTIVE} or {@link KeyState#ACTIVE}
   * @return the attributes, with flags and hash of the group's policy
   */
  public KeyAttributes attributes(KeyId id, Group group, KeyState state) {
    return new KeyAttributes(
        id,
        state,
        algorithm,
        usages,
        group.policy().flags(),
        Optional.of(group.id()),
        limit,
        periods,
        group.policy().keyHash());
  }
}
