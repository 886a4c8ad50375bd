// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.identity.ElementCard;
import java.time.Instant;

/**
 * An element that a volume's owner knows.
 *
 * <p>Thread safety: immutable.
 *
 * @param name what the owner calls it
 * @param card its card, whose fingerprint the owner has confirmed
 * @param added since when it is known
 */
public record Contact(String name, ElementCard card, Instant added) {}
