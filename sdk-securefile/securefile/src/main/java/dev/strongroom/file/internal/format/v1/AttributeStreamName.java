// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;

/**
 * Where a file's attribute stream is: a secure file of its own that a change of attributes replaces
 * by another one. So its UID says which state of the attributes is meant, and an older one is
 * refused.
 *
 * @param uid its UID, 16 random bytes
 * @param coded its coded name, 32 random bytes
 *     <p>Thread safety: immutable.
 */
public record AttributeStreamName(Bytes uid, Bytes coded) {

  /** Length in a header. */
  static final int BYTES = 16 + 32;
}
