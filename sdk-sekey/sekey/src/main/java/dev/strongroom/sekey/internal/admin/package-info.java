// SPDX-License-Identifier: Apache-2.0

/**
 * What an administrator does: {@code Steps} are planned, {@code Administration} carries them out on
 * the element and in the database so that a crash leaves nothing half done, {@code Delivery} brings
 * a user's element and database to what the user may see.
 */
package dev.strongroom.sekey.internal.admin;
