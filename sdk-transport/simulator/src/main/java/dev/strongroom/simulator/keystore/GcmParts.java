// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.SecretBytes;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM of one text that comes in parts. Bouncy Castle, because the platform keeps a whole
 * ciphertext until its tag has come.
 *
 * <p>Thread safety: confined; its channel has a lock for it.
 */
public final class GcmParts implements AutoCloseable {

  private static final int TAG_BITS = 8 * GcmKey.TAG_LENGTH;
  private static final int BLOCK = 16;

  private final GCMModeCipher cipher;

  private GcmParts(boolean encrypts, SecretBytes value, byte[] iv, byte[] aad) {
    this.cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
    value.use(
        content -> {
          cipher.init(encrypts, new AEADParameters(new KeyParameter(content), TAG_BITS, iv, aad));
          return cipher;
        });
  }

  /**
   * Encrypts.
   *
   * @param value of the key
   * @param iv drawn for this text, {@value GcmKey#IV_LENGTH} bytes
   * @param aad authenticated with it
   * @return before its first part
   */
  public static GcmParts encrypting(SecretBytes value, byte[] iv, byte[] aad) {
    return new GcmParts(true, value, iv, aad);
  }

  /**
   * Decrypts. What it gives is not authenticated before {@link #finish}.
   *
   * @param value of the key
   * @param iv of the text, {@value GcmKey#IV_LENGTH} bytes
   * @param aad authenticated with it
   * @return before its first part
   */
  public static GcmParts decrypting(SecretBytes value, byte[] iv, byte[] aad) {
    return new GcmParts(false, value, iv, aad);
  }

  /**
   * Takes a part.
   *
   * @param part the part
   * @return what can be given, which the caller zeroes
   */
  public byte[] update(byte[] part) {
    byte[] out = new byte[cipher.getUpdateOutputSize(part.length)];
    return trimmed(out, cipher.processBytes(part, 0, part.length, out, 0));
  }

  /**
   * Ends the text.
   *
   * @return what has not been given yet, with the tag if it encrypts; null if the tag is not right
   */
  public byte @Nullable [] finish() {
    byte[] out = new byte[cipher.getOutputSize(0)];
    try {
      return trimmed(out, cipher.doFinal(out, 0));
    } catch (InvalidCipherTextException e) {
      Arrays.fill(out, (byte) 0);
      return null;
    }
  }

  private static byte[] trimmed(byte[] out, int length) {
    if (out.length == length) {
      return out;
    }
    byte[] given = Arrays.copyOf(out, length);
    Arrays.fill(out, (byte) 0);
    return given;
  }

  /** Takes another key in place of this one. */
  @Override
  public void close() {
    cipher.init(
        false,
        new AEADParameters(
            new KeyParameter(new byte[BLOCK]), TAG_BITS, new byte[GcmKey.IV_LENGTH]));
  }
}
