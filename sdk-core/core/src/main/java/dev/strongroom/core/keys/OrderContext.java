// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeContext;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Wraps the values of one order: HPKE (RFC 9180), suite {@link HpkeSuite#P256}, mode base, export
 * only, with {@link OrderHead#info}; for each value a key of its own, exported with ASCII {@code
 * Strongroom key} | 00 | attributes, and AES key wrap (RFC 3394). For elements.
 *
 * <p>Thread safety: thread-safe.
 */
public final class OrderContext implements AutoCloseable {

  private static final byte[] LABEL = "Strongroom key\0".getBytes(StandardCharsets.US_ASCII);
  private static final int KEK_LENGTH = 32;

  private final Bytes enc;
  private final HpkeContext context;

  private OrderContext(Bytes enc, HpkeContext context) {
    this.enc = enc;
    this.context = context;
  }

  /**
   * The sender's side.
   *
   * @param head of the order
   * @param agreementKey the receiver's
   * @param random where the ephemeral key comes from
   * @return the context, which the caller closes
   * @throws IllegalArgumentException if the key is no point of the curve
   */
  public static OrderContext sender(OrderHead head, Bytes agreementKey, SecureRandom random) {
    Hpke.Sender made =
        Hpke.setupBaseS(HpkeSuite.P256, Hpke.Aead.EXPORT_ONLY, agreementKey, head.info(), random);
    return new OrderContext(made.enc(), made.context());
  }

  /**
   * The receiver's side.
   *
   * @param order whose values are unwrapped
   * @param agreement the receiver's agreement key
   * @return the context, which the caller closes
   * @throws IllegalArgumentException if enc is no point of the curve, as when the order has no
   *     values
   */
  public static OrderContext receiver(KeyOrder order, HpkeKeyPair agreement) {
    return new OrderContext(
        order.enc(),
        Hpke.setupBaseR(Hpke.Aead.EXPORT_ONLY, order.enc(), agreement, order.head().info()));
  }

  /**
   * What the receiver needs.
   *
   * @return the encapsulated key, 65 bytes
   */
  public Bytes enc() {
    return enc;
  }

  /**
   * Wraps a value.
   *
   * @param attributes of its key, as they stand in the order
   * @param value as long as the algorithm says
   * @return the entry
   */
  public OrderEntry.Key wrap(KeyAttributes attributes, SecretBytes value) {
    try (SecretBytes kek = kek(attributes)) {
      return new OrderEntry.Key(attributes, Optional.of(AesKeyWrap.wrap(kek, value)));
    }
  }

  /**
   * Unwraps the value of an entry.
   *
   * @param entry of this order
   * @return the value, which the caller closes, or empty if there is none, or it was wrapped for
   *     another place
   */
  public Optional<SecretBytes> unwrap(OrderEntry.Key entry) {
    try (SecretBytes kek = kek(entry.attributes())) {
      return entry.wrapped().flatMap(wrapped -> AesKeyWrap.unwrap(kek, wrapped));
    }
  }

  private SecretBytes kek(KeyAttributes attributes) {
    return context.export(
        ByteBuffer.allocate(LABEL.length + KeyAttributes.LENGTH)
            .put(LABEL)
            .put(attributes.encode().toByteArray())
            .array(),
        KEK_LENGTH);
  }

  /** Zeroes the keys. Idempotent. */
  @Override
  public void close() {
    context.close();
  }
}
