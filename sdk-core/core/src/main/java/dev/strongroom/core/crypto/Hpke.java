// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Hybrid public key encryption (RFC 9180) in mode base, with the mechanisms of {@link HpkeSuite}
 * and HKDF-SHA256. Names of constants and variables are those of the RFC.
 *
 * <pre>{@code
 * try (Hpke.Sender sender =
 *     Hpke.setupBaseS(HpkeSuite.X25519, Hpke.Aead.AES_256_GCM, receiver, info, random)) {
 *   byte[] ciphertext = sender.context().seal(aad, plaintext);
 *   send(sender.enc(), ciphertext);
 * }
 * }</pre>
 *
 * <p>Thread safety: immutable.
 */
public final class Hpke {

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
   * @param enc the encapsulated key, for the receiver
   * @param context seals and exports
   */
  public record Sender(Bytes enc, HpkeContext context) implements AutoCloseable {

    /** Closes the context. */
    @Override
    public void close() {
      context.close();
    }
  }

  private static final int KDF_ID = 0x0001;
  private static final byte MODE_BASE = 0x00;
  private static final byte[] NOTHING = {};

  private Hpke() {}

  /**
   * SetupBaseS: a context with a receiver, of whom only the public key is known.
   *
   * @param suite which keys the receiver has
   * @param aead how messages are encrypted
   * @param receiver pkR, as long as the suite says
   * @param info what the context is for; both sides give the same
   * @param random where the ephemeral key comes from
   * @return enc and the context, which the caller closes
   * @throws IllegalArgumentException if the receiver's key is no public key of the suite, or
   *     nothing secret can be agreed with it
   */
  public static Sender setupBaseS(
      HpkeSuite suite, Aead aead, Bytes receiver, byte[] info, SecureRandom random) {
    try (SecretBytes randomness = suite.kem().encapRandomness(random)) {
      return setupBaseS(suite, aead, receiver, info, randomness);
    }
  }

  /** With the randomness of the encapsulation given, for vectors. */
  static Sender setupBaseS(
      HpkeSuite suite, Aead aead, Bytes receiver, byte[] info, SecretBytes randomness) {
    suite.requirePublicKey(receiver);
    Kem.Encapsulation made = suite.kem().encap(receiver, randomness);
    try (SecretBytes sharedSecret = made.sharedSecret()) {
      return new Sender(made.enc(), keySchedule(suite, aead, sharedSecret, info));
    }
  }

  /**
   * SetupBaseR: the receiver's side.
   *
   * @param aead as the sender's
   * @param enc the encapsulated key, as long as the receiver's suite says
   * @param receiver skR and pkR
   * @param info as the sender's
   * @return the context, which the caller closes
   * @throws IllegalArgumentException if enc has another length or is no encapsulated key of the
   *     suite
   */
  public static HpkeContext setupBaseR(Aead aead, Bytes enc, HpkeKeyPair receiver, byte[] info) {
    HpkeSuite suite = receiver.suite();
    suite.requireEncLength(enc);
    try (SecretBytes sharedSecret = suite.kem().decap(enc, receiver)) {
      return keySchedule(suite, aead, sharedSecret, info);
    }
  }

  /** KeySchedule of mode base, RFC 9180, 5.1. */
  private static HpkeContext keySchedule(
      HpkeSuite suite, Aead aead, SecretBytes sharedSecret, byte[] info) {
    LabeledHkdf hkdf = new LabeledHkdf(join("HPKE", suite.kemId(), KDF_ID, aead.id()));
    byte[] pskIdHash = hkdf.extract(NOTHING, "psk_id_hash", NOTHING);
    byte[] infoHash = hkdf.extract(NOTHING, "info_hash", info);
    byte[] mode = {MODE_BASE};
    byte[] secret = sharedSecret.use(salt -> hkdf.extract(salt, "secret", NOTHING));
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
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** The identifier of a suite, RFC 9180, 4.1 and 5.1. */
  static byte[] join(String name, int... ids) {
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
