// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.P256;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.util.BigIntegers;

/**
 * An element's side of the channel key: the private key on P-256 with its {@link ChannelKey}.
 *
 * <p>Thread safety: immutable.
 */
public final class ChannelKeyPair {

  private final P256.Pair pair;
  private final ChannelKey publicKey;

  ChannelKeyPair(P256.Pair pair) {
    this.pair = pair;
    this.publicKey = new ChannelKey(pair.publicKey());
  }

  /**
   * Makes a key pair.
   *
   * @param random the random generator
   * @return the key pair
   */
  public static ChannelKeyPair generate(SecureRandom random) {
    return new ChannelKeyPair(P256.generate(random));
  }

  /**
   * Reads a stored key pair.
   *
   * @param encoded the private key as PKCS#8 in DER (RFC 5208), with the curve by name
   * @return the key pair
   * @throws IllegalArgumentException if it is no private key on P-256
   */
  public static ChannelKeyPair parse(SecretBytes encoded) {
    AsymmetricKeyParameter key;
    try {
      key = encoded.use(PrivateKeyFactory::createKey);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("the channel key is no private key in PKCS#8", e);
    }
    if (!(key instanceof ECPrivateKeyParameters ec
        && ec.getParameters() instanceof ECNamedDomainParameters named
        && SECObjectIdentifiers.secp256r1.equals(named.getName()))) {
      throw new IllegalArgumentException("the channel key is not on P-256");
    }
    return of(ec.getD());
  }

  static ChannelKeyPair of(BigInteger d) {
    return new ChannelKeyPair(
        P256.pair(SecretBytes.adopt(BigIntegers.asUnsignedByteArray(P256.PRIVATE_KEY_LENGTH, d))));
  }

  /**
   * The private key to be stored.
   *
   * @return PKCS#8 in DER (RFC 5208), which the caller closes
   */
  public SecretBytes encode() {
    return SecretBytes.adopt(P256.privateKey(pair.privateKey()).getEncoded());
  }

  /**
   * The half that hosts see.
   *
   * @return the public key
   */
  public ChannelKey publicKey() {
    return publicKey;
  }

  P256.Pair pair() {
    return pair;
  }

  @Override
  public String toString() {
    return "ChannelKeyPair[" + publicKey.fingerprintText() + "]";
  }
}
