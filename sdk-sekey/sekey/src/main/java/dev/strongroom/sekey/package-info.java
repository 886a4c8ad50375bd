// SPDX-License-Identifier: Apache-2.0

/**
 * Errors of key management for groups. What is managed is in {@link dev.strongroom.sekey.model},
 * what may be done in {@link dev.strongroom.sekey.policy}, which key is taken in {@link
 * dev.strongroom.sekey.selection}, what time brings in {@link dev.strongroom.sekey.schedule}, and
 * what was done in {@link dev.strongroom.sekey.audit}.
 *
 * @serial exclude
 */
package dev.strongroom.sekey;
