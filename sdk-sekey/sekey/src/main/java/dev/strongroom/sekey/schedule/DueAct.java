// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.schedule;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyTransition;
import dev.strongroom.sekey.policy.Denial;
import dev.strongroom.sekey.policy.KeyProposal;
import java.util.Optional;
import java.util.Set;

/**
 * Something that an administrator's system does by itself when its time has come.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface DueAct {

  /**
   * A key changes its state.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which key
   * @param transition from its state, or from the one in which the act before left it
   */
  record Transit(KeyId key, KeyTransition transition) implements DueAct {}

  /**
   * The destruction of a key is scheduled, because its recipient-usage period is over.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which key
   * @param at when it is to be destroyed
   */
  record ScheduleDestruction(KeyId key, ElementTime at) implements DueAct {}

  /**
   * Keys have served as long as the policy has it. One transaction: the successor is made and
   * protects, the others are deactivated.
   *
   * <p>Thread safety: immutable.
   *
   * @param group whose keys
   * @param replaced active keys, which are deactivated
   * @param successor the key that is made; empty if a younger one of the same kind protects already
   */
  record Rotate(GroupId group, Set<KeyId> replaced, Optional<KeyProposal> successor)
      implements DueAct {

    /**
     * Copies the set.
     *
     * @param group as above
     * @param replaced as above
     * @param successor as above
     */
    public Rotate {
      replaced = Set.copyOf(replaced);
    }
  }

  /**
   * Keys should be replaced and cannot be; they protect until their periods end. To be told to the
   * administrator.
   *
   * <p>Thread safety: immutable.
   *
   * @param group whose keys
   * @param keys which have served their time
   * @param denial why no successor may be made
   */
  record Stalled(GroupId group, Set<KeyId> keys, Denial denial) implements DueAct {

    /**
     * Copies the set.
     *
     * @param group as above
     * @param keys as above
     * @param denial as above
     */
    public Stalled {
      keys = Set.copyOf(keys);
    }
  }
}
