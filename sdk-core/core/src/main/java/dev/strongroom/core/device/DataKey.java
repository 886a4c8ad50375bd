// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.transport.FrameException;
import java.util.Set;

/**
 * A key that an element has drawn for the host.
 *
 * <p>Thread safety: thread-safe.
 *
 * @param key in clear, 16, 24, 32, 48 or 64 bytes
 * @param wrapped the same under a managed key, 8 bytes more, to be kept
 */
public record DataKey(SecretBytes key, Bytes wrapped) implements AutoCloseable {

  private static final Set<Integer> LENGTHS = Set.of(16, 24, 32, 48, 64);
  private static final int MAX_WRAPPED = 0xFF;

  static int requireLength(int length) {
    if (!LENGTHS.contains(length)) {
      throw new IllegalArgumentException(
          "a data key has 16, 24, 32, 48 or 64 bytes, not " + length);
    }
    return length;
  }

  static Bytes requireWrapped(Bytes wrapped) {
    if (wrapped.length() > MAX_WRAPPED) {
      throw new IllegalArgumentException(
          "a wrapped data key has at most 255 bytes, not " + wrapped.length());
    }
    return wrapped;
  }

  static int answerLength(int length) {
    return 2 * length + AesKeyWrap.OVERHEAD;
  }

  static DataKey read(byte[] answer, int length) throws FrameException {
    if (answer.length != answerLength(length)) {
      throw new FrameException(
          answer.length + " bytes are no data key of " + length + " with its wrapped form");
    }
    return new DataKey(
        SecretBytes.copyOf(answer, 0, length),
        Bytes.copyOf(answer, length, length + AesKeyWrap.OVERHEAD));
  }

  /** Zeroes the key. */
  @Override
  public void close() {
    key.close();
  }
}
