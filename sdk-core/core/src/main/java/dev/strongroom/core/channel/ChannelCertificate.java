// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.BerTlv;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.crypto.P256;
import java.security.SignatureException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The GlobalPlatform certificate of an element's channel key (GPC_SPE_093, 6.1), which that key has
 * signed itself: it proves possession, no identity.
 *
 * <p>In the answer: BF21 { 7F21 { 93 serial number | 42 the same | 5F20 the same | 95 key usage |
 * 5F25 effective date | 5F24 expiration date | 7F49 { B0 point | F0 curve } | 5F37 signature } },
 * the signature over the objects from 93 to 7F49 as they stand.
 *
 * <p>Thread safety: immutable.
 *
 * @param serialNumber the element's serial number, 16 bytes
 * @param key the channel key
 */
public record ChannelCertificate(Bytes serialNumber, ChannelKey key) {

  /** Length of the serial number in bytes. */
  public static final int SERIAL_NUMBER_LENGTH = 16;

  /** P1 of GET DATA for it. */
  public static final int P1 = 0xBF;

  /** P2 of GET DATA for it. */
  public static final int P2 = 0x21;

  private static final int CLA = 0x80;
  private static final int INS_GET_DATA = 0xCA;

  private static final int TAG_STORE = 0xBF21;
  private static final int TAG_CERTIFICATE = 0x7F21;
  private static final int TAG_SERIAL_NUMBER = 0x93;
  private static final int TAG_AUTHORITY = 0x42;
  private static final int TAG_SUBJECT = 0x5F20;
  private static final int TAG_USAGE = 0x95;
  private static final int TAG_EFFECTIVE = 0x5F25;
  private static final int TAG_EXPIRATION = 0x5F24;
  private static final int TAG_PUBLIC_KEY = 0x7F49;
  private static final int TAG_POINT = 0xB0;
  private static final int TAG_CURVE = 0xF0;
  private static final int TAG_SIGNATURE = 0x5F37;

  /** Key agreement. */
  private static final Bytes USAGE = Bytes.parse("0080");

  private static final Bytes EFFECTIVE = Bytes.parse("20260101");
  private static final Bytes NO_END = Bytes.parse("99991231");
  private static final Bytes CURVE_P256 = Bytes.parse("00");

  /**
   * Checks the length of the serial number.
   *
   * @param serialNumber 16 bytes
   * @param key the channel key
   */
  public ChannelCertificate {
    if (serialNumber.length() != SERIAL_NUMBER_LENGTH) {
      throw new IllegalArgumentException(
          "a serial number has 16 bytes, not " + serialNumber.length());
    }
  }

  /**
   * The command that asks an element for it: GET DATA, 80 CA BF 21.
   *
   * @return the command, which the caller closes
   */
  public static CommandApdu request() {
    return CommandApdu.of(CLA, INS_GET_DATA, P1, P2, CommandApdu.MAX_SHORT_RESPONSE);
  }

  /**
   * Makes and signs a certificate; the same element gives the same bytes every time.
   *
   * @param serialNumber the element's serial number, 16 bytes
   * @param key the channel key
   * @return the data of the answer, BF21
   */
  public static Bytes sign(Bytes serialNumber, ChannelKeyPair key) {
    List<BerTlv> said = new ChannelCertificate(serialNumber, key.publicKey()).said();
    List<BerTlv> objects = new ArrayList<>(said);
    objects.add(new BerTlv(TAG_SIGNATURE, P256.sign(key.pair().privateKey(), concatenated(said))));
    BerTlv certificate = BerTlv.of(TAG_CERTIFICATE, objects);
    return Bytes.copyOf(BerTlv.of(TAG_STORE, List.of(certificate)).encode());
  }

  /**
   * Reads a certificate and verifies that its own key has signed it.
   *
   * @param answer the data of the answer, BF21 with one certificate
   * @return what it says
   * @throws IllegalArgumentException if an object is missing, malformed, out of place or other than
   *     the specification has it, or the point is not on the curve
   * @throws SignatureException if the signature is wrong
   */
  public static ChannelCertificate parse(byte[] answer) throws SignatureException {
    Bytes store = only(Bytes.copyOf(answer), TAG_STORE);
    List<BerTlv> objects = BerTlv.parseAll(only(store, TAG_CERTIFICATE));
    Bytes serialNumber =
        BerTlv.find(objects, TAG_SERIAL_NUMBER)
            .orElseThrow(() -> new IllegalArgumentException("the certificate has no number"));
    List<BerTlv> publicKey =
        BerTlv.parseAll(
            BerTlv.find(objects, TAG_PUBLIC_KEY)
                .orElseThrow(() -> new IllegalArgumentException("the certificate has no key")));
    Bytes point =
        BerTlv.find(publicKey, TAG_POINT)
            .orElseThrow(() -> new IllegalArgumentException("the certificate has no point"));
    ChannelCertificate certificate = new ChannelCertificate(serialNumber, new ChannelKey(point));
    List<BerTlv> said = certificate.said();
    if (objects.size() != said.size() + 1 || !objects.subList(0, said.size()).equals(said)) {
      throw new IllegalArgumentException("the certificate is not of the kind of a channel key");
    }
    BerTlv signature = objects.get(said.size());
    if (signature.tag() != TAG_SIGNATURE) {
      throw new IllegalArgumentException("the certificate does not end with its signature");
    }
    if (!P256.verifies(certificate.key.point(), concatenated(said), signature.value())) {
      throw new SignatureException("the channel key has not signed its certificate");
    }
    return certificate;
  }

  /** What is signed, in order. */
  private List<BerTlv> said() {
    return List.of(
        new BerTlv(TAG_SERIAL_NUMBER, serialNumber),
        new BerTlv(TAG_AUTHORITY, serialNumber),
        new BerTlv(TAG_SUBJECT, serialNumber),
        new BerTlv(TAG_USAGE, USAGE),
        new BerTlv(TAG_EFFECTIVE, EFFECTIVE),
        new BerTlv(TAG_EXPIRATION, NO_END),
        BerTlv.of(
            TAG_PUBLIC_KEY,
            List.of(new BerTlv(TAG_POINT, key.point()), new BerTlv(TAG_CURVE, CURVE_P256))));
  }

  private static byte[] concatenated(List<BerTlv> objects) {
    byte[] all = new byte[0];
    for (BerTlv object : objects) {
      byte[] encoded = object.encode();
      int from = all.length;
      all = Arrays.copyOf(all, from + encoded.length);
      System.arraycopy(encoded, 0, all, from, encoded.length);
    }
    return all;
  }

  private static Bytes only(Bytes content, int tag) {
    List<BerTlv> objects = BerTlv.parseAll(content);
    if (objects.size() != 1 || objects.get(0).tag() != tag) {
      throw new IllegalArgumentException(
          String.format("one data object %X was expected in the channel certificate", tag));
    }
    return objects.get(0).value();
  }
}
