// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/** Whom a PIN authenticates. */
public enum Role {
  /** Works with files and keys. PIN of 4 to 32 characters. */
  USER,
  /** Unblocks the user's PIN and decides what cannot be undone. PIN of 8 to 32 characters. */
  ADMINISTRATOR
}
