// SPDX-License-Identifier: Apache-2.0

/**
 * The test kit: what every transport and every element must do, as JUnit 5 classes to extend, and
 * transports that count, record, replay and fail.
 *
 * <p>{@link dev.strongroom.core.testkit.TransportContract} and {@link
 * dev.strongroom.core.testkit.ElementContract} are extended by each implementation, fakes included;
 * what an element may do differently it declares in an {@link
 * dev.strongroom.core.testkit.ElementProfile}. The transports wrap or replace any other one.
 */
@NullMarked
package dev.strongroom.core.testkit;

import org.jspecify.annotations.NullMarked;
