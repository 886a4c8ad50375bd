// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.selection;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.policy.Denial;
import java.util.Optional;

/**
 * A group, or one of its keys, that could have been taken and was not.
 *
 * <p>Thread safety: immutable.
 *
 * @param group a group that all of them are members of
 * @param members how many the group has
 * @param key a key of it; empty for the group as a whole
 * @param lost by what it lost against the key that was taken, or would have
 * @param denial why it cannot be used, with {@link Criterion#USABLE}; empty otherwise, and for a
 *     group that has no active key for it
 */
public record Candidate(
    GroupId group, int members, Optional<KeyId> key, Criterion lost, Optional<Denial> denial) {}
