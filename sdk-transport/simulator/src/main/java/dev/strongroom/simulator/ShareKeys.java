// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.ElementCard;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The key pairs of an element for the HPKE suites after that of its identity: suite u8 | private
 * key 32 each, ascending.
 *
 * <p>Thread safety: thread-safe.
 *
 * @param pairs one for each of {@link #SUITES}
 */
record ShareKeys(List<HpkeKeyPair> pairs) implements AutoCloseable {

  static final List<HpkeSuite> SUITES = List.of(HpkeSuite.X25519, HpkeSuite.X25519_ML_KEM_768);

  private static final int ENTRY_LENGTH = 1 + HpkeSuite.PRIVATE_KEY_LENGTH;

  /** Length of the encoded private keys in bytes. */
  static final int LENGTH = 2 * ENTRY_LENGTH;

  ShareKeys {
    pairs = List.copyOf(pairs);
  }

  static ShareKeys generate(SecureRandom random) {
    return new ShareKeys(SUITES.stream().map(suite -> suite.generate(random)).toList());
  }

  /** The card of an element with these keys. */
  Bytes card(Bytes serialNumber, IdentityKeys identity) {
    Map<HpkeSuite, Bytes> keys = new EnumMap<>(HpkeSuite.class);
    keys.put(HpkeSuite.P256, identity.agreement().publicKey());
    pairs.forEach(pair -> keys.put(pair.suite(), pair.publicKey()));
    P256.Pair signing = identity.signing();
    return ElementCard.sign(ElementApplication.ELEMENT_CLASS, serialNumber, signing, keys).encode();
  }

  /** The private keys as bytes, which the caller zeroes. */
  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(LENGTH);
    for (HpkeKeyPair pair : pairs) {
      out.put((byte) pair.suite().code());
      pair.privateKey().copyTo(out.array(), out.position());
      out.position(out.position() + HpkeSuite.PRIVATE_KEY_LENGTH);
    }
    return out.array();
  }

  /** Reads private keys; the public ones come from them. */
  static ShareKeys parse(byte[] encoded) {
    requireForm(encoded);
    HpkeKeyPair[] pairs = new HpkeKeyPair[SUITES.size()];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] =
          SUITES
              .get(i)
              .pair(
                  SecretBytes.copyOf(encoded, i * ENTRY_LENGTH + 1, HpkeSuite.PRIVATE_KEY_LENGTH));
    }
    return new ShareKeys(List.of(pairs));
  }

  /** Refuses what has another length or keys of other suites. */
  static void requireForm(byte[] encoded) {
    if (encoded.length != LENGTH) {
      throw new IllegalArgumentException("the keys of the HPKE suites have a wrong length");
    }
    for (int i = 0; i < SUITES.size(); i++) {
      if (encoded[i * ENTRY_LENGTH] != SUITES.get(i).code()) {
        throw new IllegalArgumentException("a key of another HPKE suite than " + SUITES.get(i));
      }
    }
  }

  @Override
  public void close() {
    pairs.forEach(HpkeKeyPair::close);
  }
}
