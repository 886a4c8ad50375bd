// SPDX-License-Identifier: Apache-2.0

/**
 * What is managed, as values: users, groups, memberships and keys; {@link
 * dev.strongroom.sekey.model.Directory} holds them all at one moment. No value of a key is here.
 *
 * @serial exclude
 */
package dev.strongroom.sekey.model;
