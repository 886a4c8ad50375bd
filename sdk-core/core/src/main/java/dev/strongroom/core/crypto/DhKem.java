// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import com.google.errorprone.annotations.Immutable;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * DHKEM with HKDF-SHA256 (RFC 9180, 4.1).
 *
 * <p>Thread safety: immutable.
 */
@Immutable
final class DhKem implements Kem {

  private static final byte[] NOTHING = {};

  private final int id;
  private final DhGroup group;

  DhKem(int id, DhGroup group) {
    this.id = id;
    this.group = group;
  }

  @Override
  public SecretBytes generate(SecureRandom random) {
    return group.generate(random);
  }

  @Override
  public Bytes publicKey(SecretBytes privateKey) {
    return group.publicKey(privateKey);
  }

  @Override
  public void requirePublicKey(Bytes publicKey) {
    group.requirePublicKey(publicKey);
  }

  /** The ephemeral private key. */
  @Override
  public SecretBytes encapRandomness(SecureRandom random) {
    return group.generate(random);
  }

  @Override
  public Encapsulation encap(Bytes receiver, SecretBytes ephemeral) {
    Bytes enc = group.publicKey(ephemeral);
    return new Encapsulation(enc, sharedSecret(ephemeral, receiver, enc, receiver));
  }

  @Override
  public SecretBytes decap(Bytes enc, HpkeKeyPair receiver) {
    return sharedSecret(receiver.privateKey(), enc, enc, receiver.publicKey());
  }

  /** ExtractAndExpand. */
  private SecretBytes sharedSecret(SecretBytes mine, Bytes other, Bytes enc, Bytes receiver) {
    LabeledHkdf hkdf = new LabeledHkdf(Hpke.join("KEM", id));
    byte[] dh = group.agree(mine, other);
    byte[] eaePrk = {};
    try {
      eaePrk = hkdf.extract(NOTHING, "eae_prk", dh);
      return SecretBytes.adopt(
          hkdf.expand(
              eaePrk,
              "shared_secret",
              LabeledHkdf.HASH_LENGTH,
              enc.toByteArray(),
              receiver.toByteArray()));
    } finally {
      Arrays.fill(dh, (byte) 0);
      Arrays.fill(eaePrk, (byte) 0);
    }
  }
}
