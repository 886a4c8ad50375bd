// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.channel;

import dev.strongroom.core.Bytes;
import java.math.BigInteger;
import java.util.HexFormat;

/** The trace of section 5.4 of docs/spec/element-protocol.md, derived by another program. */
final class ScpTrace {

  static final Bytes SERIAL_NUMBER = Bytes.parse("00112233445566778899aabbccddeeff");

  /** Private keys: 01 02 .. 20, 21 .. 40 and 41 .. 60. */
  static final ChannelKeyPair HOST = countingFrom(0x01);

  static final ChannelKeyPair ELEMENT = countingFrom(0x21);
  static final ChannelKeyPair CHANNEL = countingFrom(0x41);

  static final Bytes CERTIFICATE =
      Bytes.parse(
          "bf2181d97f2181d5931000112233445566778899aabbccddeeff421000112233445566778899aabbccddeeff"
              + "5f201000112233445566778899aabbccddeeff950200805f2504202601015f240499991231"
              + "7f4946b04104261efbd3550cf068ef013ed7366ba32f5d6fe557b4b2abce8ade58cba168a55e"
              + "1788a0b29a56a6abec4084c0c96bd3dcbca6b507f35dbea9e985708479d8bdc9f00100"
              + "5f37402b48585b3b532dd42e9e153dfe4f8ecc5d4c9025123b0d2cc70f3318ba3c0362"
              + "083b060b81545cddecfd39ce0e879dc3e89f3b493174457606e33567cd0323aa");

  static final String FINGERPRINT =
      "56380e028c3932e553256c7bc42927abc4c3977c8a34f9a027484afd3a4d1534";

  static final Bytes OPENING =
      Bytes.parse(
          "80880113"
              + "53a60d9002110095013c8001888101105f494104515c3d6eb9e396b904d3feca7f54fdcd0cc1e997"
              + "bf375dca515ad0a6c3b4035f4536be3a50f318fbf9a5475902a221502bef0d57e08c53b2cc0a56f1"
              + "7d9f935400");

  static final Bytes OPENED =
      Bytes.parse(
          "5f4941041f140146bfb1b251f84f4ddbe0d4cdcfd77afd984a9520e35794021f8312bb9e"
              + "ec995a08b1fa7704df3dcc0b50a9665263fb7711f95f9f8a449c5096e47c892b"
              + "86101c23761fda92fd3b5601014049053831");

  /** A clear command and its answer, and both as they go over the wire, without Le. */
  record Message(String name, Bytes command, Bytes sent, Bytes answer, Bytes received) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final Message WRONG_PIN =
      message(
          "VERIFY, wrong",
          "002000810434333231",
          "0420008118 3c941eb0a1c4ffd4d78e57e86a9c82da 0caf5143a023fb72",
          "63c4",
          "9f7293ee3fd3a072 63c4");

  static final Message RIGHT_PIN =
      message(
          "VERIFY, right",
          "002000810431323334",
          "0420008118 b0977a799d5b6ace0775c8a3ee25b396 558ebcd61a39ab63",
          "9000",
          "f6c46a73b954d6a9 9000");

  static final Message GRUB =
      message(
          "GRUB",
          "8010000035 404142434445464748494a4b4c4d4e4f 00 505152535455565758595a5b5c5d5e5f"
              + "606162636465666768696a6b6c6d6e6f 00000001 70",
          "8410000048"
              + "8f08db4a1fc1c74e9bea7c3f20807653f1a766d7e588fc0c568f16a39973cb54"
              + "fdcb502c8cb6cff3ebcd550dda20c55c6bc947b73bcc3bdc6757c5d377036ded"
              + "6373cea27cf62dbd",
          "606162636465666768696a6b6c6d6e6f"
              + "f857eca71a5e59e81e2e21f4a8887fd641c74117b6c375e336642ba9e39dc588"
              + "06d9fc81e8bafced0d9330e5dd41700da84c205fa19f2c9b99889513e1620fa5"
              + "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf 9000",
          "a203054a0cb949c711013341b155698cb7e79729348f9912489b7adf72d841b2"
              + "b5d5887d496b94db2907331f0961eaf9e7f2f7ab33ddeaced626ad9ac2533783"
              + "2863584e09e30d5288b4f6b4e01cc706c4e21a3db3d8837a694afe668832efa5"
              + "1a036adeaf80ceedeba6e46d743fc7592ed7e6ba6e1e696e330c2f950a0cd535"
              + "fb9456056135ffe2 9000");

  static final Message STATUS =
      message(
          "GET DATA, no data",
          "00ca01010c",
          "04ca0101082c124f7652b8c91a",
          "010500000000000000000002 9000",
          "04afcb009cd0351c70fc329d6b744402 231002861efad5b8 9000");

  /** With extended fields, since its answer is long. */
  static final Message RANDOM =
      message(
          "GET CHALLENGE, extended",
          "0084000000 0002 1c00 1c00",
          "04840000000018 1eab1dea085564b85d2fe04689515501 99485a9217268344",
          "6700",
          "6700");

  private ScpTrace() {}

  static Scp11b.Acceptance accept() {
    return Scp11b.accept(Scp11b.start(HOST).command().data(), CHANNEL, ELEMENT);
  }

  static ScpSession host() throws Exception {
    return Scp11b.start(HOST).finish(OPENED.toByteArray(), CHANNEL.publicKey());
  }

  private static ChannelKeyPair countingFrom(int first) {
    byte[] d = new byte[32];
    for (int i = 0; i < d.length; i++) {
      d[i] = (byte) (first + i);
    }
    return ChannelKeyPair.of(new BigInteger(1, d));
  }

  private static Message message(
      String name, String command, String sent, String answer, String received) {
    return new Message(name, bytes(command), bytes(sent), bytes(answer), bytes(received));
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(HexFormat.of().parseHex(text.replace(" ", "")));
  }
}
