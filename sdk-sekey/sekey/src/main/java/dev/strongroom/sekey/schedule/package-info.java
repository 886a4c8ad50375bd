// SPDX-License-Identifier: Apache-2.0

/**
 * What time brings to keys: {@link dev.strongroom.sekey.schedule.Schedule} says what is due.
 *
 * @serial exclude
 */
package dev.strongroom.sekey.schedule;
