// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.selection;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.policy.Denial;
import java.util.List;
import java.util.Set;

/**
 * Which key was selected, or why none was.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface Selection {

  /**
   * What was not taken, with the reason: all common groups, and the active keys of those that are
   * not larger than the one that was taken.
   *
   * @return the smallest group first
   */
  List<Candidate> others();

  /**
   * A key.
   *
   * <p>Thread safety: immutable.
   *
   * @param key the most secure one that can be used
   * @param group its group
   * @param extraReaders the other members of the group, neither recipients nor who protects: they
   *     can process it, too
   * @param others what was not taken
   */
  record Selected(KeyId key, GroupId group, Set<UserId> extraReaders, List<Candidate> others)
      implements Selection {

    /**
     * Copies set and list.
     *
     * @param key as above
     * @param group as above
     * @param extraReaders as above
     * @param others as above
     */
    public Selected {
      extraReaders = Set.copyOf(extraReaders);
      others = List.copyOf(others);
    }
  }

  /**
   * No key.
   *
   * <p>Thread safety: immutable.
   *
   * @param denial why
   * @param others what could not be taken
   */
  record NoKey(Denial denial, List<Candidate> others) implements Selection {

    /**
     * Copies the list.
     *
     * @param denial as above
     * @param others as above
     */
    public NoKey {
      others = List.copyOf(others);
    }
  }
}
