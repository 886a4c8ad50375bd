// SPDX-License-Identifier: Apache-2.0

/**
 * What operations tell while a system runs: uses of keys to a listener, how many keys there are,
 * whether the element answers. {@link dev.strongroom.sekey.metrics.KeyMetrics} gives it to
 * Micrometer, which is there only if the application brings it; nothing else here needs it.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.sekey.metrics;
