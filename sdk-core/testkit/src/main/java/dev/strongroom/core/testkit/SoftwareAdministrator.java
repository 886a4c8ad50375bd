// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.OrderContext;
import dev.strongroom.core.keys.OrderEntry;
import dev.strongroom.core.keys.OrderHead;
import dev.strongroom.core.keys.OrderPosition;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An administrator of elements with keys in memory, for tests: makes every order, those that no
 * element would make too.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SoftwareAdministrator {

  /** What becomes an entry of an order. */
  public interface Part {

    /**
     * Makes it.
     *
     * @param context of the order
     * @return the entry
     */
    OrderEntry in(OrderContext context);
  }

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final BigInteger N =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final Bytes SERIAL_NUMBER = Bytes.parse("00112233445566778899aabbccddeeff");

  private final RootAuthority roots;
  private final P256.Pair signing = P256.generate(RANDOM);
  private final P256.Pair agreement = P256.generate(RANDOM);

  /**
   * New keys.
   *
   * @param roots who certify it
   */
  public SoftwareAdministrator(RootAuthority roots) {
    this.roots = roots;
  }

  /**
   * Their trust anchor; one root has to sign.
   *
   * @param version from 1
   * @return the anchor
   */
  public TrustAnchor anchor(int version) {
    return roots.anchor(version, 1);
  }

  /**
   * What the roots say about it.
   *
   * @param role what it may do
   * @param anchorVersion under which anchor
   * @return the chain
   */
  public CertificationChain chain(CertifiedRole role, int anchorVersion) {
    return new CertificationChain(
        List.of(
            roots.certify(
                new Certification(
                    role,
                    ElementClass.SOFTWARE,
                    SERIAL_NUMBER,
                    signing.publicKey(),
                    agreement.publicKey(),
                    anchorVersion,
                    List.of()),
                0)));
  }

  /**
   * The head of an order.
   *
   * @param receiver who is to apply it
   * @param anchorVersion of the trust anchor
   * @param previous what the receiver has applied last
   * @param time of the order
   * @return for the next order
   */
  public OrderHead head(
      ElementIdentity receiver, int anchorVersion, OrderPosition previous, ElementTime time) {
    return new OrderHead(
        anchorVersion,
        SERIAL_NUMBER,
        signing.publicKey(),
        receiver.serialNumber(),
        OrderHead.digestOf(receiver.signingKey(), receiver.agreementKey()),
        previous.sequence() + 1,
        previous.digest(),
        time);
  }

  /**
   * Makes an order.
   *
   * @param head of the order
   * @param agreementKey for whom values are wrapped
   * @param entries made in the order's context
   * @return signed
   */
  public KeyOrder order(OrderHead head, Bytes agreementKey, Part... entries) {
    try (OrderContext context = OrderContext.sender(head, agreementKey, RANDOM)) {
      List<OrderEntry> made = Arrays.stream(entries).map(part -> part.in(context)).toList();
      boolean values =
          made.stream()
              .anyMatch(entry -> entry instanceof OrderEntry.Key key && key.wrapped().isPresent());
      return sign(head, values ? context.enc() : KeyOrder.NO_ENC, made);
    }
  }

  /**
   * Signs what somebody else has put together.
   *
   * @param head of the order
   * @param enc the encapsulated key
   * @param entries of the order
   * @return signed
   */
  public KeyOrder sign(OrderHead head, Bytes enc, List<OrderEntry> entries) {
    return KeyOrder.sign(head, enc, entries, signing.privateKey());
  }

  /**
   * The same order with another signature: with (r, s) ECDSA verifies (r, n - s) too.
   *
   * @param order of this administrator
   * @return as right as the first
   */
  public static KeyOrder signedOtherwise(KeyOrder order) {
    byte[] signature = order.signature().toByteArray();
    byte[] s = N.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64))).toByteArray();
    Arrays.fill(signature, 32, 64, (byte) 0);
    int length = Math.min(s.length, 32);
    System.arraycopy(s, s.length - length, signature, 64 - length, length);
    return new KeyOrder(order.head(), order.enc(), order.entries(), Bytes.copyOf(signature));
  }

  /**
   * A record with its value.
   *
   * @param attributes of the key
   * @param value its value
   * @return for {@link #order}
   */
  public static Part value(KeyAttributes attributes, SecretBytes value) {
    return context -> context.wrap(attributes, value);
  }

  /**
   * A record without its value.
   *
   * @param attributes of the key
   * @return for {@link #order}
   */
  public static Part record(KeyAttributes attributes) {
    return context -> new OrderEntry.Key(attributes, Optional.empty());
  }

  /**
   * Another entry.
   *
   * @param entry as it is
   * @return for {@link #order}
   */
  public static Part entry(OrderEntry entry) {
    return context -> entry;
  }
}
