// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.KeyId;

/**
 * The element has a managed key of that id already; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyExistsException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final byte[] key;

  /**
   * Reports an id.
   *
   * @param key which one
   */
  public KeyExistsException(KeyId key) {
    super(
        "the secure element has a key " + key + " already; after a lost answer it is the one",
        null);
    this.key = key.bytes().toByteArray();
  }

  /**
   * Which key it was.
   *
   * @return the id
   */
  public KeyId key() {
    return new KeyId(Bytes.copyOf(key));
  }
}
