// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import com.google.errorprone.annotations.Immutable;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA3Digest;
import org.bouncycastle.crypto.digests.SHAKEDigest;

/**
 * X-Wing (draft-connolly-cfrg-xwing-kem-10): X25519 with ML-KEM-768. A public key is that of ML-KEM
 * 1184 | that of X25519 32; an encapsulated key the ciphertext of ML-KEM 1088 | ephemeral key of
 * X25519 32; a private key a seed of 32 bytes.
 *
 * <p>Beyond the draft, a public or ephemeral key with which X25519 gives zeros is refused.
 *
 * <p>Thread safety: immutable.
 */
@Immutable
final class XWing implements Kem {

  private static final int SEED_LENGTH = 32;
  private static final int ENCAP_RANDOMNESS_LENGTH = 64;
  private static final int SHARED_SECRET_LENGTH = 32;

  /** XWingLabel, section 5.3. */
  private static final byte[] LABEL = "\\.//^\\".getBytes(StandardCharsets.US_ASCII);

  XWing() {}

  @Override
  public SecretBytes generate(SecureRandom random) {
    byte[] seed = new byte[SEED_LENGTH];
    random.nextBytes(seed);
    return SecretBytes.adopt(seed);
  }

  @Override
  public Bytes publicKey(SecretBytes privateKey) {
    try (Expanded keys = Expanded.of(privateKey)) {
      return join(Bytes.copyOf(keys.mlKem.publicKey()), keys.point);
    }
  }

  @Override
  public void requirePublicKey(Bytes publicKey) {
    MlKem768.requirePublicKey(Arrays.copyOf(publicKey.toByteArray(), MlKem768.PUBLIC_KEY_LENGTH));
  }

  /** For ML-KEM 32, for X25519 32. */
  @Override
  public SecretBytes encapRandomness(SecureRandom random) {
    byte[] seed = new byte[ENCAP_RANDOMNESS_LENGTH];
    random.nextBytes(seed);
    return SecretBytes.adopt(seed);
  }

  @Override
  public Encapsulation encap(Bytes receiver, SecretBytes randomness) {
    requirePublicKey(receiver);
    byte[] key = receiver.toByteArray();
    byte[] mlKemKey = Arrays.copyOf(key, MlKem768.PUBLIC_KEY_LENGTH);
    Bytes point = Bytes.copyOf(key, MlKem768.PUBLIC_KEY_LENGTH, Curve25519.LENGTH);
    return randomness.use(
        seed -> {
          byte[] message = Arrays.copyOf(seed, SEED_LENGTH);
          byte[] scalar = Arrays.copyOfRange(seed, SEED_LENGTH, ENCAP_RANDOMNESS_LENGTH);
          try (SecretBytes agreed =
              SecretBytes.adopt(Curve25519.agree(scalar, point.toByteArray()))) {
            Bytes ephemeral = Curve25519.publicKey(scalar);
            MlKem768.Encapsulation inner = MlKem768.encap(mlKemKey, message);
            try (SecretBytes innerSecret = inner.sharedSecret()) {
              return new Encapsulation(
                  join(inner.ciphertext(), ephemeral),
                  combine(innerSecret, agreed, ephemeral, point));
            }
          } finally {
            Arrays.fill(message, (byte) 0);
            Arrays.fill(scalar, (byte) 0);
          }
        });
  }

  @Override
  public SecretBytes decap(Bytes enc, HpkeKeyPair receiver) {
    byte[] all = enc.toByteArray();
    byte[] ciphertext = Arrays.copyOf(all, MlKem768.CIPHERTEXT_LENGTH);
    Bytes ephemeral = Bytes.copyOf(all, MlKem768.CIPHERTEXT_LENGTH, Curve25519.LENGTH);
    try (Expanded keys = Expanded.of(receiver.privateKey());
        SecretBytes agreed =
            SecretBytes.adopt(Curve25519.agree(keys.scalar, ephemeral.toByteArray()));
        SecretBytes innerSecret = keys.mlKem.decap(ciphertext)) {
      return combine(innerSecret, agreed, ephemeral, keys.point);
    }
  }

  /** Combiner, section 5.3. */
  private static SecretBytes combine(
      SecretBytes inner, SecretBytes agreed, Bytes ephemeral, Bytes point) {
    SHA3Digest digest = new SHA3Digest(256);
    for (SecretBytes secret : new SecretBytes[] {inner, agreed}) {
      secret.use(
          content -> {
            digest.update(content, 0, content.length);
            return digest;
          });
    }
    for (byte[] part : new byte[][] {ephemeral.toByteArray(), point.toByteArray(), LABEL}) {
      digest.update(part, 0, part.length);
    }
    byte[] shared = new byte[SHARED_SECRET_LENGTH];
    digest.doFinal(shared, 0);
    return SecretBytes.adopt(shared);
  }

  private static Bytes join(Bytes first, Bytes second) {
    byte[] both = Arrays.copyOf(first.toByteArray(), first.length() + second.length());
    second.copyTo(both, first.length());
    return Bytes.copyOf(both);
  }

  /** The keys that a seed stands for, expandDecapsulationKey, section 5.2. */
  private static final class Expanded implements AutoCloseable {

    private final MlKem768 mlKem;
    private final byte[] scalar;
    private final Bytes point;

    private Expanded(MlKem768 mlKem, byte[] scalar) {
      this.mlKem = mlKem;
      this.scalar = scalar;
      this.point = Curve25519.publicKey(scalar);
    }

    static Expanded of(SecretBytes privateKey) {
      return privateKey.use(
          seed -> {
            byte[] expanded = new byte[96];
            SHAKEDigest shake = new SHAKEDigest(256);
            shake.update(seed, 0, seed.length);
            shake.doFinal(expanded, 0, expanded.length);
            try {
              return new Expanded(
                  MlKem768.of(Arrays.copyOf(expanded, 32), Arrays.copyOfRange(expanded, 32, 64)),
                  Arrays.copyOfRange(expanded, 64, 96));
            } finally {
              Arrays.fill(expanded, (byte) 0);
            }
          });
    }

    @Override
    public void close() {
      Arrays.fill(scalar, (byte) 0);
    }
  }
}
