// SPDX-License-Identifier: Apache-2.0

/**
 * Which key protects something for some users: {@link dev.strongroom.sekey.selection.KeySelector}.
 *
 * @serial exclude
 */
package dev.strongroom.sekey.selection;
