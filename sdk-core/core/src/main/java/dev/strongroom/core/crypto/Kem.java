// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import com.google.errorprone.annotations.Immutable;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.security.SecureRandom;

/**
 * A key encapsulation mechanism of HPKE (RFC 9180, 4). Keys and encapsulated keys that come in have
 * the right length.
 *
 * <p>Thread safety: immutable.
 */
@Immutable
sealed interface Kem permits DhKem, XWing {

  /**
   * A shared secret and what takes it to the receiver.
   *
   * @param enc the encapsulated key
   * @param sharedSecret 32 bytes, which whoever gets them closes
   */
  record Encapsulation(Bytes enc, SecretBytes sharedSecret) {}

  /** A private key. */
  SecretBytes generate(SecureRandom random);

  /** The public key of a private one. */
  Bytes publicKey(SecretBytes privateKey);

  /** Refuses with an {@link IllegalArgumentException} what is no public key. */
  void requirePublicKey(Bytes publicKey);

  /** The randomness of one Encap. */
  SecretBytes encapRandomness(SecureRandom random);

  /** Encap, with its randomness given; an {@link IllegalArgumentException} for no public key. */
  Encapsulation encap(Bytes receiver, SecretBytes randomness);

  /** Decap; the shared secret, 32 bytes; an {@link IllegalArgumentException} for no enc. */
  SecretBytes decap(Bytes enc, HpkeKeyPair receiver);
}
