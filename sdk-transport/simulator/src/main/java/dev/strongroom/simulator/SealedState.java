// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementDamagedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What only the state key opens: the master keys, as entries of tag u16, length u32, value, under
 * AES-256-GCM.
 *
 * <p>The state key itself encrypts nothing; a key for sealing and one for the prologue's MAC are
 * derived from it.
 *
 * <p>Thread safety: immutable.
 */
final class SealedState {

  private static final int TAG_ENC_DB_KEY = 1;
  private static final int TAG_SIG_DB_KEY = 2;
  private static final int ENTRY_HEADER = 6;
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;
  private static final byte[] PURPOSE = "element state 1".getBytes(StandardCharsets.US_ASCII);

  private SealedState() {}

  static Bytes seal(
      byte[] enc, byte[] sig, byte[] stateKey, Bytes serialNumber, SecureRandom random) {
    byte[] clear =
        ByteBuffer.allocate(2 * (ENTRY_HEADER + Kdf.KEY_LENGTH))
            .putShort((short) TAG_ENC_DB_KEY)
            .putInt(enc.length)
            .put(enc)
            .putShort((short) TAG_SIG_DB_KEY)
            .putInt(sig.length)
            .put(sig)
            .array();
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    byte[] sealKey = sealKey(stateKey);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, sealKey, nonce, serialNumber).doFinal(clear);
      byte[] all = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
      return Bytes.copyOf(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM", e);
    } finally {
      Arrays.fill(clear, (byte) 0);
      Arrays.fill(sealKey, (byte) 0);
    }
  }

  static MasterKeys open(Bytes sealed, byte[] stateKey, Bytes serialNumber)
      throws ElementDamagedException {
    byte[] all = sealed.toByteArray();
    if (all.length < NONCE_LENGTH) {
      throw new ElementDamagedException("the sealed state is cut short", null);
    }
    byte[] sealKey = sealKey(stateKey);
    byte[] clear = {};
    try {
      clear =
          cipher(Cipher.DECRYPT_MODE, sealKey, Arrays.copyOf(all, NONCE_LENGTH), serialNumber)
              .doFinal(all, NONCE_LENGTH, all.length - NONCE_LENGTH);
      return parse(ByteBuffer.wrap(clear));
    } catch (GeneralSecurityException e) {
      throw new ElementDamagedException("the sealed state does not authenticate", e);
    } finally {
      Arrays.fill(clear, (byte) 0);
      Arrays.fill(sealKey, (byte) 0);
    }
  }

  static byte[] macKey(byte[] stateKey) {
    return derive(stateKey, "ElementMac");
  }

  private static byte[] sealKey(byte[] stateKey) {
    return derive(stateKey, "ElementSeal");
  }

  private static byte[] derive(byte[] stateKey, String label) {
    Kdf kdf = Kdf.current();
    try {
      return kdf.under(stateKey).derive(label);
    } finally {
      kdf.forget();
    }
  }

  private static MasterKeys parse(ByteBuffer in) throws ElementDamagedException {
    byte[] enc = null;
    byte[] sig = null;
    while (in.remaining() >= ENTRY_HEADER) {
      int tag = in.getShort();
      int length = in.getInt();
      if (length != Kdf.KEY_LENGTH || length > in.remaining()) {
        break;
      }
      byte[] value = new byte[length];
      in.get(value);
      if (tag == TAG_ENC_DB_KEY && enc == null) {
        enc = value;
      } else if (tag == TAG_SIG_DB_KEY && sig == null) {
        sig = value;
      } else {
        throw new ElementDamagedException("the sealed state has an entry " + tag, null);
      }
    }
    if (in.hasRemaining() || enc == null || sig == null) {
      throw new ElementDamagedException("the sealed state is malformed", null);
    }
    return new MasterKeys(enc, sig);
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, Bytes serialNumber)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(PURPOSE);
    cipher.updateAAD(serialNumber.toByteArray());
    return cipher;
  }
}
