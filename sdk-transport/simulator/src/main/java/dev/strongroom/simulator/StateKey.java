// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Kdf;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.simulator.records.PageCipher;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The key that a right PIN unwraps: it authenticates a copy's prologue and opens and seals its
 * state, by keys derived from it.
 *
 * <p>A logged-in channel keeps it, so that commands without a PIN can change the state.
 *
 * <p>Thread safety: thread-safe.
 */
final class StateKey implements AutoCloseable {

  private final SecretBytes key;

  private StateKey(SecretBytes key) {
    this.key = key;
  }

  /** Takes the array over. */
  StateKey(byte[] key) {
    this(SecretBytes.adopt(key));
  }

  static StateKey generate(SecureRandom random) {
    byte[] key = new byte[Kdf.KEY_LENGTH];
    random.nextBytes(key);
    return new StateKey(key);
  }

  StateKey copy() {
    return new StateKey(key.copy());
  }

  boolean authenticates(ElementImage image) {
    byte[] macKey = key.use(SealedState::macKey);
    try {
      return image.isAuthentic(macKey);
    } finally {
      Arrays.fill(macKey, (byte) 0);
    }
  }

  /** The copy with a MAC of this moment. */
  ElementImage record(ElementImage image) {
    byte[] macKey = key.use(SealedState::macKey);
    try {
      return image.recorded(macKey);
    } finally {
      Arrays.fill(macKey, (byte) 0);
    }
  }

  /** Seals and opens the pages of the element's key memory. */
  PageCipher pageCipher(Bytes serialNumber, SecureRandom random) {
    byte[] pageKey = key.use(SealedState::pageKey);
    try {
      return new PageCipher(pageKey, serialNumber, random);
    } finally {
      Arrays.fill(pageKey, (byte) 0);
    }
  }

  SealedState open(ElementImage image) throws ElementDamagedException {
    return key.use(content -> SealedState.open(image.sealed(), content, image.serialNumber()));
  }

  Bytes seal(SealedState state, Bytes serialNumber, SecureRandom random) {
    return key.use(content -> state.seal(content, serialNumber, random));
  }

  /** Wraps the key itself. */
  <R> R use(SecretBytes.Use<R, RuntimeException> use) {
    return key.use(use);
  }

  @Override
  public void close() {
    key.close();
  }
}
