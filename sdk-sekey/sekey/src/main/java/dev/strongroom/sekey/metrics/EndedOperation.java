// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.metrics;

import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyOperation;
import java.time.Duration;
import java.util.Optional;

/**
 * A use of a key that has ended. It names no key, group or user: who reads metrics need not know
 * them.
 *
 * <p>Thread safety: immutable.
 *
 * @param operation what was asked
 * @param algorithm of the key, or empty if no key was found
 * @param outcome how it ended
 * @param time how long it took, the choice of the key included
 */
public record EndedOperation(
    KeyOperation operation,
    Optional<KeyAlgorithm> algorithm,
    OperationOutcome outcome,
    Duration time) {}
