// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import javax.crypto.SecretKey;

/**
 * Hands a key to {@code init} of an algorithm, which zeroes the copy that it gets. The JDK's own
 * key class keeps a copy that nobody can zero.
 *
 * <p>Thread safety: confined.
 */
public final class LentKey implements SecretKey {

  private static final long serialVersionUID = 1L;

  /** A key that is none, to have an algorithm overwrite the last one. */
  private static final byte[] NONE = new byte[1];

  private final String algorithm;

  @SuppressWarnings("serial") // never serialised
  private transient byte[] content = NONE;

  /**
   * A key that is none yet.
   *
   * @param algorithm its name, such as {@code AES}
   */
  public LentKey(String algorithm) {
    this.algorithm = algorithm;
  }

  /**
   * Lends the key, which stays the caller's, until it is taken back.
   *
   * @param key its bytes
   * @return this
   */
  public LentKey lend(byte[] key) {
    content = key;
    return this;
  }

  /**
   * From now on this is a key that is none.
   *
   * @return this
   */
  public LentKey takeBack() {
    content = NONE;
    return this;
  }

  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  @Override
  public byte[] getEncoded() {
    return content.clone();
  }
}
