// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Hybrid public key encryption (RFC 9180) in mode base, with DHKEM(P-256, HKDF-SHA256) and
 * HKDF-SHA256. Names of constants and variables are those of the RFC.
 *
 * <pre>{@code
 * try (Hpke.Sender sender = Hpke.setupBaseS(Hpke.Aead.AES_256_GCM, receiver, info, random)) {
 *   byte[] ciphertext = sender.context().seal(aad, plaintext);
 *   send(sender.enc(), ciphertext);
 * }
 * }</pre>
 *
 * <p>Thread safety: immutable.
 */
public final class Hpke {

  /** Length of the encapsulated key in bytes, Nenc. */
  public static final int ENC_LENGTH = P256.PUBLIC_KEY_LENGTH;

  /** How messages are encrypted, RFC 9180, 7.3. */
  public enum Aead {
    /** AES-128-GCM, 0001. */
    AES_128_GCM(0x0001, 16),
    /** AES-256-GCM, 0002. */
    AES_256_GCM(0x0002, 32),
    /** Not at all: the context exports secrets and nothing else; FFFF. */
    EXPORT_ONLY(0xFFFF, 0);

    /** Length of a nonce in bytes, Nn. */
    static final int NONCE_LENGTH = 12;

    /** Length of a tag in bytes, Nt. */
    static final int TAG_LENGTH = 16;

    private final int id;
    private final int keyLength;

    Aead(int id, int keyLength) {
      this.id = id;
      this.keyLength = keyLength;
    }

    /**
     * Its number.
     *
     * @return the AEAD identifier
     */
    public int id() {
      return id;
    }

    int keyLength() {
      return keyLength;
    }
  }

  /**
   * The sender's side: what the receiver needs, and the context.
   *
   * <p>Thread safety: as its context.
   *
   * @param enc the encapsulated key, {@value Hpke#ENC_LENGTH} bytes, for the receiver
   * @param context seals and exports
   */
  public record Sender(Bytes enc, HpkeContext context) implements AutoCloseable {

    /** Closes the context. */
    @Override
    public void close() {
      context.close();
    }
  }

  private static final int KEM_ID = 0x0010;
  private static final int KDF_ID = 0x0001;
  private static final byte MODE_BASE = 0x00;
  private static final byte[] NOTHING = {};

  private Hpke() {}

  /**
   * SetupBaseS: a context with a receiver, of whom only the public key is known.
   *
   * @param aead how messages are encrypted
   * @param receiver pkR, {@value P256#PUBLIC_KEY_LENGTH} bytes
   * @param info what the context is for; both sides give the same
   * @param random where the ephemeral key comes from
   * @return enc and the context, which the caller closes
   * @throws IllegalArgumentException if the receiver's key is no point of the curve
   */
  public static Sender setupBaseS(Aead aead, Bytes receiver, byte[] info, SecureRandom random) {
    try (P256.Pair ephemeral = P256.generate(random)) {
      return setupBaseS(aead, receiver, info, ephemeral);
    }
  }

  /** With an ephemeral key that is given, for vectors. */
  static Sender setupBaseS(Aead aead, Bytes receiver, byte[] info, P256.Pair ephemeral) {
    Bytes enc = ephemeral.publicKey();
    byte[] sharedSecret = sharedSecret(ephemeral.privateKey(), receiver, enc, receiver);
    return new Sender(enc, keySchedule(aead, sharedSecret, info));
  }

  /**
   * SetupBaseR: the receiver's side.
   *
   * @param aead as the sender's
   * @param enc the encapsulated key, {@value #ENC_LENGTH} bytes
   * @param receiver skR and pkR
   * @param info as the sender's
   * @return the context, which the caller closes
   * @throws IllegalArgumentException if enc is no point of the curve
   */
  public static HpkeContext setupBaseR(Aead aead, Bytes enc, P256.Pair receiver, byte[] info) {
    byte[] sharedSecret = sharedSecret(receiver.privateKey(), enc, enc, receiver.publicKey());
    return keySchedule(aead, sharedSecret, info);
  }

  /** Encap and Decap after the key pair, RFC 9180, 4.1. */
  private static byte[] sharedSecret(SecretBytes mine, Bytes other, Bytes enc, Bytes receiver) {
    LabeledHkdf hkdf = new LabeledHkdf(join("KEM", KEM_ID));
    byte[] dh = P256.agree(mine, other);
    byte[] eaePrk = {};
    try {
      eaePrk = hkdf.extract(NOTHING, "eae_prk", dh);
      return hkdf.expand(
          eaePrk,
          "shared_secret",
          LabeledHkdf.HASH_LENGTH,
          enc.toByteArray(),
          receiver.toByteArray());
    } finally {
      Arrays.fill(dh, (byte) 0);
      Arrays.fill(eaePrk, (byte) 0);
    }
  }

  /** KeySchedule of mode base, RFC 9180, 5.1. Zeroes the shared secret. */
  private static HpkeContext keySchedule(Aead aead, byte[] sharedSecret, byte[] info) {
    LabeledHkdf hkdf = new LabeledHkdf(join("HPKE", KEM_ID, KDF_ID, aead.id()));
    byte[] pskIdHash = hkdf.extract(NOTHING, "psk_id_hash", NOTHING);
    byte[] infoHash = hkdf.extract(NOTHING, "info_hash", info);
    byte[] mode = {MODE_BASE};
    byte[] secret = hkdf.extract(sharedSecret, "secret", NOTHING);
    try {
      byte[] exporterSecret =
          hkdf.expand(secret, "exp", LabeledHkdf.HASH_LENGTH, mode, pskIdHash, infoHash);
      if (aead == Aead.EXPORT_ONLY) {
        return new HpkeContext(hkdf, null, NOTHING, exporterSecret);
      }
      return new HpkeContext(
          hkdf,
          hkdf.expand(secret, "key", aead.keyLength(), mode, pskIdHash, infoHash),
          hkdf.expand(secret, "base_nonce", Aead.NONCE_LENGTH, mode, pskIdHash, infoHash),
          exporterSecret);
    } finally {
      Arrays.fill(sharedSecret, (byte) 0);
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static byte[] join(String name, int... ids) {
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    byte[] joined = Arrays.copyOf(ascii, ascii.length + 2 * ids.length);
    int at = ascii.length;
    for (int id : ids) {
      joined[at++] = (byte) (id >>> 8);
      joined[at++] = (byte) id;
    }
    return joined;
  }
}
