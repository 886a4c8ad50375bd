// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.KeyId;

/**
 * The element has no managed key of that id.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyNotFoundException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final byte[] key;

  /**
   * Reports an id.
   *
   * @param key which one
   */
  public KeyNotFoundException(KeyId key) {
    super("the secure element has no key " + key, null);
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
