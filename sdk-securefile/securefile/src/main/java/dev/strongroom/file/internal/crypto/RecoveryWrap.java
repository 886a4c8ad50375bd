// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.Grub;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * Wraps pairs for a volume's recovery element: one HPKE context (RFC 9180, mode base, export only)
 * to its agreement key for as long as the volume is open, and from it a key for each pair.
 *
 * <p>Whoever knows the agreement key can make such a context. So a key of the volume enters into
 * the keys that wrap the pairs of files: HKDF with SHA-256 (RFC 5869), that key as salt, the
 * exported key as input.
 *
 * <p>Thread safety: thread-safe.
 */
public final class RecoveryWrap implements AutoCloseable {

  /** Length of the key that wraps a pair, in bytes. */
  public static final int KEK = 32;

  private static final byte[] INFO = "volume recovery\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTEXT = "pair\0".getBytes(StandardCharsets.US_ASCII);

  private static final String KEK_LABEL = "recovery pair";

  private final Hpke.Sender sender;
  private final MacKey secret;

  /**
   * Makes the context.
   *
   * @param agreementKey the recovery element's, 65 bytes
   * @param volume the volume's id
   * @param secret the volume's key for this, which stays the caller's
   * @param random where the ephemeral key comes from
   * @throws IllegalArgumentException if the agreement key is no point of the curve
   */
  public RecoveryWrap(Bytes agreementKey, Bytes volume, MacKey secret, SecureRandom random) {
    this.secret = secret;
    sender =
        Hpke.setupBaseS(
            HpkeSuite.P256,
            Hpke.Aead.EXPORT_ONLY,
            agreementKey,
            ElementProtocol.hpkeInfo(info(volume)),
            random);
  }

  /**
   * What the context is for.
   *
   * @param volume the volume's id
   * @return ASCII {@code volume recovery} | 00 | volume id
   */
  public static Bytes info(Bytes volume) {
    return Bytes.copyOf(
        ByteBuffer.allocate(INFO.length + volume.length())
            .put(INFO)
            .put(volume.toByteArray())
            .array());
  }

  /**
   * Whose pair a key wraps.
   *
   * @param uid the UID of the file or volume
   * @param rnd its RND
   * @param epoch its key epoch, 0 for a volume
   * @return ASCII {@code pair} | 00 | UID | RND | epoch u32
   */
  public static Bytes context(Bytes uid, Bytes rnd, int epoch) {
    return Bytes.copyOf(
        ByteBuffer.allocate(CONTEXT.length + uid.length() + rnd.length() + Integer.BYTES)
            .put(CONTEXT)
            .put(uid.toByteArray())
            .put(rnd.toByteArray())
            .putInt(epoch)
            .array());
  }

  /**
   * The encapsulated key, which goes with every wrapped pair.
   *
   * @return 65 bytes
   */
  public Bytes enc() {
    return sender.enc();
  }

  /**
   * Wraps the pair of a file.
   *
   * @param uid the file's UID
   * @param epoch its key epoch
   * @param pair its RND, EncGrub and SigGrub
   * @return EncGrub | SigGrub, wrapped, 72 bytes
   */
  public Bytes wrap(Bytes uid, int epoch, Grub pair) {
    try (SecretBytes exported = export(uid, epoch, pair);
        SecretBytes kek = kek(exported, secret)) {
      return wrap(kek, pair);
    }
  }

  /**
   * Wraps the volume's own pair, from which the key for all others comes.
   *
   * @param uid the volume's UID
   * @param pair its RND, EncGrub and SigGrub
   * @return EncGrub | SigGrub, wrapped, 72 bytes
   */
  public Bytes wrapVolume(Bytes uid, Grub pair) {
    try (SecretBytes exported = export(uid, 0, pair)) {
      return wrap(exported, pair);
    }
  }

  /**
   * The key that wraps the pair of a file.
   *
   * @param exported what the context exports for {@link #context}
   * @param secret the volume's key for this
   * @return 32 bytes, which the caller closes
   */
  public static SecretBytes kek(SecretBytes exported, MacKey secret) {
    return exported.use(
        input -> {
          try (MacKey extracted = new MacKey(secret.mac(input, 0, input.length))) {
            return SecretBytes.adopt(Subkeys.expand(extracted, KEK_LABEL));
          }
        });
  }

  private SecretBytes export(Bytes uid, int epoch, Grub pair) {
    return sender.context().export(context(uid, pair.rnd(), epoch).toByteArray(), KEK);
  }

  private static Bytes wrap(SecretBytes kek, Grub pair) {
    byte[] both = new byte[2 * Grub.SECRET_LENGTH];
    pair.enc().copyTo(both, 0);
    pair.sig().copyTo(both, Grub.SECRET_LENGTH);
    try (SecretBytes wrapped = SecretBytes.adopt(both)) {
      return AesKeyWrap.wrap(kek, wrapped);
    }
  }

  /**
   * Unwraps a pair.
   *
   * @param kek for a file {@link #kek}, for the volume what the recovery element has exported
   * @param wrapped the wrapped pair
   * @param rnd the RND of its file or volume
   * @return the pair with randomness of the host's, or empty if the key does not fit
   */
  public static Optional<Grub> unwrap(SecretBytes kek, Bytes wrapped, Bytes rnd) {
    return AesKeyWrap.unwrap(kek, wrapped)
        .map(
            both -> {
              try (both) {
                return both.use(pair -> pair(rnd, pair));
              }
            });
  }

  private static Grub pair(Bytes rnd, byte[] both) {
    byte[] randomness = new byte[Grub.SECRET_LENGTH];
    new SecureRandom().nextBytes(randomness);
    byte[] copy = Arrays.copyOf(both, 2 * Grub.SECRET_LENGTH);
    try {
      return new Grub(
          rnd,
          SecretBytes.copyOf(copy, 0, Grub.SECRET_LENGTH),
          SecretBytes.copyOf(copy, Grub.SECRET_LENGTH, Grub.SECRET_LENGTH),
          SecretBytes.adopt(randomness));
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  @Override
  public void close() {
    sender.close();
  }
}
