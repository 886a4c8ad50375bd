// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

/**
 * What an element tells about a key in its store.
 *
 * <p>Thread safety: immutable.
 *
 * @param attributes all but the value
 * @param blocks how many blocks of its limit are reserved, and so gone for good
 */
public record StoredKey(KeyAttributes attributes, int blocks) {

  /**
   * How far the limit is used.
   *
   * @return limit and blocks
   */
  public UsageLimit uses() {
    return new UsageLimit(attributes.limit(), blocks);
  }
}
