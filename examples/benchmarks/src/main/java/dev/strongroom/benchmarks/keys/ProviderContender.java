// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keys in providers of the Java platform. Objects of algorithms are made once and used by one
 * thread again and again, as fast as they can be used.
 *
 * <p>Thread safety: thread-safe; each task is confined to one thread.
 */
final class ProviderContender implements KeyContender {

  private static final String GCM = "AES/GCM/NoPadding";
  private static final String WRAP = "AES/KW/NoPadding";
  private static final String CURVE = "secp256r1";
  private static final int IV_LENGTH = 12;
  private static final int TAG_BITS = 128;
  private static final int OVERHEAD = 28;
  private static final int KEY_BITS = 256;

  private final KeyKind kind;
  private final Provider symmetric;
  private final Provider asymmetric;

  ProviderContender(KeyKind kind, Provider symmetric, Provider asymmetric) {
    this.kind = kind;
    this.symmetric = symmetric;
    this.asymmetric = asymmetric;
  }

  @Override
  public KeyKind kind() {
    return kind;
  }

  @Override
  public KeyTask task(KeyWork work) throws IOException, GeneralSecurityException {
    byte[] text = new byte[work.length()];
    Arrays.fill(text, (byte) 1);
    return switch (work) {
      case ENCRYPT_16, ENCRYPT_1024, ENCRYPT_65536 -> encrypt(aesKey(), text);
      case DECRYPT_16, DECRYPT_1024, DECRYPT_65536 -> decrypt(text);
      case MAC -> mac(text);
      case ECDSA -> sign("SHA256withECDSA", pair("EC"), text);
      case ED25519 -> sign("Ed25519", pair("Ed25519"), text);
      case ECDH -> agree();
      case WRAP -> wrap(text, null);
      case DATA_KEY -> wrap(text, new SecureRandom());
    };
  }

  private SecretKey aesKey() throws GeneralSecurityException {
    KeyGenerator generator = KeyGenerator.getInstance("AES", symmetric);
    generator.init(KEY_BITS);
    return generator.generateKey();
  }

  private KeyTask encrypt(SecretKey key, byte[] text) throws GeneralSecurityException {
    byte[] sealed = new byte[text.length + OVERHEAD];
    return encrypt(key, text, sealed);
  }

  private KeyTask encrypt(SecretKey key, byte[] text, byte[] sealed)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(GCM, symmetric);
    SecureRandom random = new SecureRandom();
    byte[] iv = new byte[IV_LENGTH];
    ByteBuffer counter = ByteBuffer.wrap(iv);
    return () -> {
      if (kind == KeyKind.JDK_COUNTED) {
        counter.putLong(0, counter.getLong(0) + 1);
      } else {
        random.nextBytes(iv);
      }
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, iv));
      System.arraycopy(iv, 0, sealed, 0, IV_LENGTH);
      cipher.doFinal(text, 0, text.length, sealed, IV_LENGTH);
    };
  }

  private KeyTask decrypt(byte[] text) throws IOException, GeneralSecurityException {
    SecretKey key = aesKey();
    byte[] sealed = new byte[text.length + OVERHEAD];
    encrypt(key, text, sealed).run();
    Cipher cipher = Cipher.getInstance(GCM, symmetric);
    byte[] found = new byte[sealed.length]; // SunPKCS11 wants room for the tag, too
    KeyTask task =
        () -> {
          cipher.init(
              Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, IV_LENGTH));
          cipher.doFinal(sealed, IV_LENGTH, sealed.length - IV_LENGTH, found, 0);
        };
    task.run();
    if (!Arrays.equals(text, 0, text.length, found, 0, text.length)) {
      throw new IOException("what is decrypted is not what was encrypted");
    }
    return task;
  }

  private KeyTask mac(byte[] text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256", symmetric);
    byte[] value = new byte[KEY_BITS / 8];
    new SecureRandom().nextBytes(value);
    mac.init(new SecretKeySpec(value, "HmacSHA256"));
    byte[] made = new byte[mac.getMacLength()];
    return () -> {
      mac.update(text);
      mac.doFinal(made, 0);
    };
  }

  private KeyPair pair(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, asymmetric);
    if (algorithm.equals("EC")) {
      generator.initialize(new ECGenParameterSpec(CURVE));
    }
    return generator.generateKeyPair();
  }

  private KeyTask sign(String algorithm, KeyPair pair, byte[] text)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm, asymmetric);
    signature.initSign(pair.getPrivate());
    return () -> {
      signature.update(text);
      signature.sign();
    };
  }

  private KeyTask agree() throws GeneralSecurityException {
    KeyPair own = pair("EC");
    KeyPair other = pair("EC");
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH", asymmetric);
    return () -> {
      agreement.init(own.getPrivate());
      agreement.doPhase(other.getPublic(), true);
      agreement.generateSecret();
    };
  }

  /** Wraps a value, which is drawn each time if there is something to draw it from. */
  private KeyTask wrap(byte[] value, @Nullable SecureRandom random)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(wrapping(), symmetric);
    cipher.init(Cipher.WRAP_MODE, aesKey());
    return () -> {
      if (random != null) {
        random.nextBytes(value);
      }
      cipher.wrap(new SecretKeySpec(value, "AES"));
    };
  }

  private String wrapping() {
    return kind == KeyKind.BOUNCY_CASTLE ? "AESWrap" : WRAP;
  }

  @Override
  public void close() {}
}
