// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * A 256-bit key that can be zeroed, which the JDK's own key class cannot.
 *
 * <p>Thread safety: thread-safe as long as nobody uses it while it is destroyed.
 */
final class AesKey implements SecretKey {

  /** Length of a key in bytes. */
  static final int LENGTH = 32;

  private static final long serialVersionUID = 1L;

  private final transient byte[] content;
  private transient volatile boolean destroyed;

  AesKey(byte[] content) {
    this.content = content;
  }

  @Override
  public String getAlgorithm() {
    return "AES";
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  @Override
  public byte[] getEncoded() {
    if (destroyed) {
      throw new IllegalStateException("the key has been destroyed");
    }
    return content.clone();
  }

  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(content, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }
}
