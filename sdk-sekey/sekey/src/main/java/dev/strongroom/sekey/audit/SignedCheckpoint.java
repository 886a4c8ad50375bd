// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import dev.strongroom.core.Bytes;

/**
 * A checkpoint that an element has signed.
 *
 * <p>Thread safety: immutable.
 *
 * @param checkpoint where the log ended
 * @param signature over its encoding
 */
public record SignedCheckpoint(Checkpoint checkpoint, Bytes signature) {}
