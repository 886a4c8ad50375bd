// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;

/**
 * An element's side of the channel key: the private key on P-256 with its {@link ChannelKey}.
 *
 * <p>Thread safety: immutable.
 */
public final class ChannelKeyPair {

  private static final ASN1ObjectIdentifier CURVE = SECObjectIdentifiers.secp256r1;

  private final ECPrivateKeyParameters privateKey;
  private final ChannelKey publicKey;

  ChannelKeyPair(ECPrivateKeyParameters privateKey, ECPublicKeyParameters publicKey) {
    this.privateKey = privateKey;
    this.publicKey = new ChannelKey(Bytes.copyOf(P256.encode(publicKey)));
  }

  /**
   * Makes a key pair.
   *
   * @param random the random generator
   * @return the key pair
   */
  public static ChannelKeyPair generate(SecureRandom random) {
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(P256.DOMAIN, random));
    var pair = generator.generateKeyPair();
    return new ChannelKeyPair(
        (ECPrivateKeyParameters) pair.getPrivate(), (ECPublicKeyParameters) pair.getPublic());
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
        && CURVE.equals(named.getName()))) {
      throw new IllegalArgumentException("the channel key is not on P-256");
    }
    return of(ec.getD());
  }

  static ChannelKeyPair of(BigInteger d) {
    ECPrivateKeyParameters key = new ECPrivateKeyParameters(d, P256.DOMAIN);
    return new ChannelKeyPair(key, P256.publicKey(key));
  }

  /**
   * The private key to be stored.
   *
   * @return PKCS#8 in DER (RFC 5208), which the caller closes
   */
  public SecretBytes encode() {
    ECNamedDomainParameters named = new ECNamedDomainParameters(CURVE, P256.DOMAIN);
    try {
      return SecretBytes.adopt(
          PrivateKeyInfoFactory.createPrivateKeyInfo(
                  new ECPrivateKeyParameters(privateKey.getD(), named))
              .getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("a key on P-256 has an encoding", e);
    }
  }

  /**
   * The half that hosts see.
   *
   * @return the public key
   */
  public ChannelKey publicKey() {
    return publicKey;
  }

  ECPrivateKeyParameters privateKey() {
    return privateKey;
  }

  @Override
  public String toString() {
    return "ChannelKeyPair[" + publicKey.fingerprintText() + "]";
  }
}
