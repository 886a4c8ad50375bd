// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an element shows to those who want to send it something: who it is and the public keys of
 * its HPKE suites, in a statement that it has signed ({@link SignaturePurpose#CARD}).
 *
 * <p>The signature proves that the keys belong together. Whose they are is known to a person who
 * has confirmed the {@link #fingerprint()}.
 *
 * <p>Layout ({@code docs/spec/element-protocol.md}, 2.10), big-endian: version u8 = 1 | element
 * class u16 | serial number 16 | signing key 65 | number of suites u8 | each, ascending: suite u8,
 * length u16, public key | signature 64. The first suite is {@link HpkeSuite#P256}. Suites that
 * this release does not know are kept and otherwise passed over.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementCard {

  /** Most bytes of a card as a file. */
  public static final int MAX_FILE_LENGTH = 4096;

  private static final int VERSION = 1;
  private static final int SERIAL_NUMBER_LENGTH = 16;
  private static final int MAX_SUITES = 16;
  private static final byte[] FILE_HEAD =
      "SRCARD\r\nv1\0\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);

  private final Bytes encoded;
  private final ElementClass elementClass;
  private final Bytes serialNumber;
  private final Bytes signingKey;
  private final Map<HpkeSuite, Bytes> keys;

  private ElementCard(
      Bytes encoded,
      ElementClass elementClass,
      Bytes serialNumber,
      Bytes signingKey,
      Map<HpkeSuite, Bytes> keys) {
    this.encoded = encoded;
    this.elementClass = elementClass;
    this.serialNumber = serialNumber;
    this.signingKey = signingKey;
    this.keys = Collections.unmodifiableMap(keys);
  }

  /**
   * Makes a card; for elements.
   *
   * @param elementClass how well it keeps secrets
   * @param serialNumber 16 bytes
   * @param signing its signing key pair
   * @param keys a public key for each suite that it has, {@link HpkeSuite#P256} among them
   * @return the signed card
   * @throws IllegalArgumentException if a key is none of its suite, or that of P-256 is missing
   */
  public static ElementCard sign(
      ElementClass elementClass,
      Bytes serialNumber,
      P256.Pair signing,
      Map<HpkeSuite, Bytes> keys) {
    Map<HpkeSuite, Bytes> ordered = new EnumMap<>(keys);
    int length = 0;
    for (Map.Entry<HpkeSuite, Bytes> key : ordered.entrySet()) {
      length += 3 + key.getKey().requirePublicKey(key.getValue()).length();
    }
    if (!ordered.containsKey(HpkeSuite.P256) || serialNumber.length() != SERIAL_NUMBER_LENGTH) {
      throw new IllegalArgumentException(
          "a card has a key of P-256 and a serial number of 16 bytes");
    }
    ByteBuffer statement =
        ByteBuffer.allocate(4 + SERIAL_NUMBER_LENGTH + P256.PUBLIC_KEY_LENGTH + length)
            .put((byte) VERSION)
            .putShort((short) elementClass.number())
            .put(serialNumber.toByteArray())
            .put(signing.publicKey().toByteArray())
            .put((byte) ordered.size());
    ordered.forEach(
        (suite, key) ->
            statement
                .put((byte) suite.code())
                .putShort((short) key.length())
                .put(key.toByteArray()));
    Bytes signature =
        IdentitySignature.sign(signing.privateKey(), SignaturePurpose.CARD, statement.array());
    return new ElementCard(
        join(statement.array(), signature.toByteArray()),
        elementClass,
        serialNumber,
        signing.publicKey(),
        ordered);
  }

  /**
   * Reads and verifies a card.
   *
   * @param encoded statement and signature, and nothing else
   * @return the card
   * @throws IllegalArgumentException if it is malformed, a key is none of its suite, or the
   *     signature is wrong
   */
  public static ElementCard parse(Bytes encoded) {
    FieldReader in = new FieldReader("card", encoded);
    ElementCard card = read(in, encoded);
    P256.requirePublicKey(card.signingKey);
    card.keys.forEach(HpkeSuite::requirePublicKey);
    byte[] all = encoded.toByteArray();
    int length = all.length - IdentitySignature.LENGTH;
    byte[] statement = Arrays.copyOf(all, length);
    Bytes signature = Bytes.copyOf(all, length, IdentitySignature.LENGTH);
    if (!IdentitySignature.verifies(card.signingKey, SignaturePurpose.CARD, statement, signature)) {
      throw in.malformed("the signature is wrong");
    }
    return card;
  }

  /**
   * Reads a card that was verified by {@link #parse} before it was put where nobody can change it
   * unnoticed. Neither the keys nor the signature are verified again.
   *
   * @param encoded statement and signature, and nothing else
   * @return the card
   * @throws IllegalArgumentException if it is malformed
   */
  public static ElementCard parseKept(Bytes encoded) {
    return read(new FieldReader("card", encoded), encoded);
  }

  private static ElementCard read(FieldReader in, Bytes encoded) {
    if (encoded.length() > MAX_FILE_LENGTH - FILE_HEAD.length) {
      throw in.malformed(encoded.length() + " bytes, at most 4080");
    }
    int version = in.u8();
    if (version != VERSION) {
      throw in.malformed("version " + version);
    }
    ElementClass elementClass = new ElementClass(in.u16());
    Bytes serialNumber = in.bytes(SERIAL_NUMBER_LENGTH);
    Bytes signingKey = in.bytes(P256.PUBLIC_KEY_LENGTH);
    Map<HpkeSuite, Bytes> keys = keys(in);
    in.bytes(IdentitySignature.LENGTH);
    in.end();
    return new ElementCard(encoded, elementClass, serialNumber, signingKey, keys);
  }

  private static Map<HpkeSuite, Bytes> keys(FieldReader in) {
    int count = in.u8();
    if (count < 1 || count > MAX_SUITES) {
      throw in.malformed(count + " suites, 1 to 16");
    }
    Map<HpkeSuite, Bytes> keys = new EnumMap<>(HpkeSuite.class);
    int last = 0;
    for (int i = 0; i < count; i++) {
      int code = in.u8();
      Bytes key = in.bytes(in.u16());
      if (code <= last || (i == 0 && code != HpkeSuite.P256.code())) {
        throw in.malformed("its suites do not ascend from 1");
      }
      last = code;
      HpkeSuite.of(code).ifPresent(known -> keys.put(known, known.requirePublicKeyLength(key)));
    }
    return keys;
  }

  /**
   * Reads and verifies a card that came as a file.
   *
   * @param file ASCII {@code SRCARD} CR LF | {@code v1} and six zeros | statement | signature
   * @return the card
   * @throws CardFormatException if it is no card, of a later version, too long, malformed, or its
   *     signature is wrong
   */
  public static ElementCard parseFile(Bytes file) throws CardFormatException {
    if (file.length() > MAX_FILE_LENGTH) {
      throw new CardFormatException(file.length() + " bytes, at most " + MAX_FILE_LENGTH, null);
    }
    Bytes head = Bytes.copyOf(FILE_HEAD);
    if (file.length() < FILE_HEAD.length
        || !Bytes.copyOf(file.toByteArray(), 0, FILE_HEAD.length).equals(head)) {
      throw new CardFormatException("it does not begin with SRCARD and v1", null);
    }
    try {
      return parse(
          Bytes.copyOf(file.toByteArray(), FILE_HEAD.length, file.length() - FILE_HEAD.length));
    } catch (IllegalArgumentException e) {
      throw new CardFormatException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * How well the element keeps secrets, by its own account.
   *
   * @return its class
   */
  public ElementClass elementClass() {
    return elementClass;
  }

  /**
   * Which element it is.
   *
   * @return 16 bytes
   */
  public Bytes serialNumber() {
    return serialNumber;
  }

  /**
   * The key that its signatures are verified with.
   *
   * @return a point of P-256, 65 bytes
   */
  public Bytes signingKey() {
    return signingKey;
  }

  /**
   * The key of the suite that every element has.
   *
   * @return a point of P-256, 65 bytes
   */
  public Bytes agreementKey() {
    return keys.getOrDefault(HpkeSuite.P256, signingKey);
  }

  /**
   * The suites that it has a key for and that this release knows.
   *
   * @return at least {@link HpkeSuite#P256}, by their numbers
   */
  public Set<HpkeSuite> suites() {
    return keys.keySet();
  }

  /**
   * The public key of a suite.
   *
   * @param suite which one
   * @return the key, or empty if the element has none
   */
  public Optional<Bytes> publicKey(HpkeSuite suite) {
    return Optional.ofNullable(keys.get(suite));
  }

  /**
   * The element as a peer whose keys somebody has confirmed.
   *
   * @return its keys
   */
  public Peer.Pinned pinned() {
    return new Peer.Pinned(signingKey, agreementKey());
  }

  /**
   * What two people compare.
   *
   * @return as {@link Peer#fingerprint()}
   */
  public String fingerprint() {
    return pinned().fingerprint();
  }

  /**
   * Writes the card.
   *
   * @return statement and signature, as they were read
   */
  public Bytes encode() {
    return encoded;
  }

  /**
   * Writes the card as a file.
   *
   * @return at most {@value #MAX_FILE_LENGTH} bytes
   */
  public Bytes encodeFile() {
    return join(FILE_HEAD, encoded.toByteArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ElementCard that && encoded.equals(that.encoded);
  }

  @Override
  public int hashCode() {
    return encoded.hashCode();
  }

  @Override
  public String toString() {
    return "ElementCard[" + serialNumber + ", " + fingerprint() + "]";
  }

  private static Bytes join(byte[] first, byte[] second) {
    return Bytes.copyOf(
        ByteBuffer.allocate(first.length + second.length).put(first).put(second).array());
  }
}
