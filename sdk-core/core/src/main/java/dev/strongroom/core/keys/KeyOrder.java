// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchor;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the keys of an administered element change: made and signed in an administrator's element,
 * for one receiver.
 *
 * <p>Layout: version u8 = 1 | kind u8 = 1 | number of entries u16 | {@link OrderHead} 177 | enc 65,
 * zeros without values | {@link OrderEntry entries} | signature 64, with {@link
 * SignaturePurpose#ORDER} over all before it.
 *
 * <p>Thread safety: immutable.
 *
 * @param head from whom, for whom, after what
 * @param enc the encapsulated key of HPKE, suite {@link HpkeSuite#P256}; zeros if no entry has a
 *     value
 * @param entries what changes, 1 to {@value #MAX_ENTRIES}, in this order
 * @param signature {@value IdentitySignature#LENGTH} bytes
 */
public record KeyOrder(OrderHead head, Bytes enc, List<OrderEntry> entries, Bytes signature) {

  /** Most entries. */
  public static final int MAX_ENTRIES = 64;

  /** What stands for enc where no entry has a value. */
  public static final Bytes NO_ENC = Bytes.copyOf(new byte[HpkeSuite.P256.encLength()]);

  private static final int VERSION = 1;
  private static final int KIND_CHANGES = 1;
  private static final int FIXED_LENGTH = 4 + OrderHead.LENGTH + HpkeSuite.P256.encLength();

  /**
   * Checks what belongs together.
   *
   * @param head as above
   * @param enc as above
   * @param entries as above
   * @param signature as above
   */
  public KeyOrder {
    entries = List.copyOf(entries);
    requireEntries(enc, entries);
    if (signature.length() != IdentitySignature.LENGTH) {
      throw new IllegalArgumentException(
          "order: a signature of " + signature.length() + " bytes, not 64");
    }
  }

  private static void requireEntries(Bytes enc, List<OrderEntry> entries) {
    if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
      throw new IllegalArgumentException("order: 1 to 64 entries, not " + entries.size());
    }
    HpkeSuite.P256.requireEncLength(enc);
    boolean values =
        entries.stream()
            .anyMatch(entry -> entry instanceof OrderEntry.Key key && key.wrapped().isPresent());
    if (values == enc.equals(NO_ENC)) {
      throw new IllegalArgumentException("order: values and no enc, or the other way round");
    }
  }

  /**
   * Signs an order; for elements.
   *
   * @param head as above
   * @param enc as above
   * @param entries as above
   * @param privateKey the sender's, of the signing key in the head
   * @return the order
   */
  public static KeyOrder sign(
      OrderHead head, Bytes enc, List<OrderEntry> entries, SecretBytes privateKey) {
    requireEntries(enc, entries);
    return new KeyOrder(
        head,
        enc,
        entries,
        IdentitySignature.sign(privateKey, SignaturePurpose.ORDER, signed(head, enc, entries)));
  }

  private static byte[] signed(OrderHead head, Bytes enc, List<OrderEntry> entries) {
    List<Bytes> encoded = entries.stream().map(OrderEntry::encode).toList();
    ByteBuffer out =
        ByteBuffer.allocate(FIXED_LENGTH + encoded.stream().mapToInt(Bytes::length).sum());
    out.put((byte) VERSION).put((byte) KIND_CHANGES).putShort((short) entries.size());
    out.put(head.encode().toByteArray()).put(enc.toByteArray());
    encoded.forEach(entry -> out.put(entry.toByteArray()));
    return out.array();
  }

  /**
   * What an order is known by: another signature makes it no other order.
   *
   * @return SHA-256 of all before the signature, 32 bytes
   */
  public Bytes digest() {
    return Bytes.copyOf(OrderHead.sha256().digest(signed(head, enc, entries)));
  }

  /**
   * Whether a receiver believes it, and it is its turn. What the entries say is not looked at.
   *
   * @param anchor whom the receiver believes
   * @param chain the sender's
   * @param receiver serial number, 16 bytes
   * @param receiverKeys {@link OrderHead#digestOf} its keys
   * @param position what the receiver has applied
   * @return the first thing that is wrong, or empty; empty too if it is the order that was applied
   *     last, {@link OrderPosition#isOf}
   */
  public Optional<KeyRefusal> refusal(
      TrustAnchor anchor,
      CertificationChain chain,
      Bytes receiver,
      Bytes receiverKeys,
      OrderPosition position) {
    Certification sender = chain.element();
    if (head.anchorVersion() != anchor.version()
        || !chain.isVouchedForBy(anchor)
        || sender.role() != CertifiedRole.ADMINISTRATOR
        || !sender.signingKey().equals(head.senderKey())
        || !sender.serialNumber().equals(head.sender())) {
      return refused(
          RefusalReason.ORDER_SENDER,
          Integer.toUnsignedLong(anchor.version()),
          Integer.toUnsignedLong(head.anchorVersion()));
    }
    if (!IdentitySignature.verifies(
        head.senderKey(), SignaturePurpose.ORDER, signed(head, enc, entries), signature)) {
      return refused(RefusalReason.ORDER_SIGNATURE, 0, 0);
    }
    if (!head.receiver().equals(receiver) || !head.receiverKeys().equals(receiverKeys)) {
      return refused(RefusalReason.ORDER_RECEIVER, 0, 0);
    }
    return position.refusal(this);
  }

  private static Optional<KeyRefusal> refused(RefusalReason reason, long bound, long found) {
    return Optional.of(KeyRefusal.ofOrder(reason, bound, found));
  }

  /**
   * Writes the order.
   *
   * @return its bytes
   */
  public Bytes encode() {
    byte[] signed = signed(head, enc, entries);
    return Bytes.copyOf(
        ByteBuffer.allocate(signed.length + IdentitySignature.LENGTH)
            .put(signed)
            .put(signature.toByteArray())
            .array());
  }

  /**
   * Reads an order; signature and place are not verified.
   *
   * @param encoded the order and nothing else
   * @return the order
   * @throws IllegalArgumentException if it is malformed, or of another version or kind
   */
  public static KeyOrder parse(Bytes encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    try {
      int version = in.get() & 0xFF;
      int kind = in.get() & 0xFF;
      if (version != VERSION || kind != KIND_CHANGES) {
        throw new IllegalArgumentException("order: version " + version + ", kind " + kind);
      }
      int count = in.getShort() & 0xFFFF;
      if (count > MAX_ENTRIES) {
        throw new IllegalArgumentException("order: at most 64 entries, not " + count);
      }
      OrderHead head = OrderHead.read(in);
      Bytes enc = KeyAttributes.bytes(in, HpkeSuite.P256.encLength());
      List<OrderEntry> entries = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        entries.add(OrderEntry.read(in));
      }
      Bytes signature = KeyAttributes.bytes(in, IdentitySignature.LENGTH);
      if (in.hasRemaining()) {
        throw new IllegalArgumentException("order: " + in.remaining() + " bytes too many");
      }
      return new KeyOrder(head, enc, entries, signature);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("order: cut short", e);
    }
  }
}
