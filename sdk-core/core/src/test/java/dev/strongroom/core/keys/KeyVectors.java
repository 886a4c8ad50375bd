// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.ElementClass;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The values of docs/spec/key-store.md, section 11, whose bytes were computed by other code. */
final class KeyVectors {

  static final GroupId GROUP = GroupId.parse("505152535455565758595a5b5c5d5e5f");
  static final Bytes POLICY = Bytes.parse("a1b2c3d4");
  static final KeyPeriods PERIODS =
      new KeyPeriods(
          new ElementTime(200_000_000),
          new ElementTime(231_536_000),
          new ElementTime(326_144_000),
          ElementTime.NONE);

  static final KeyAttributes A =
      new KeyAttributes(
          KeyId.parse("404142434445464748494a4b4c4d4e4f"),
          KeyState.ACTIVE,
          KeyAlgorithm.AES_256,
          Set.of(KeyUsage.ENCRYPTION, KeyUsage.FILE_KEYS, KeyUsage.DATA_KEYS),
          Set.of(
              KeyFlag.SUSPENDED_PROCESSING,
              KeyFlag.LATE_PROCESSING,
              KeyFlag.DISTRIBUTION,
              KeyFlag.REWRAP),
          Optional.of(GROUP),
          10_000_000,
          PERIODS,
          POLICY);

  static final KeyAttributes B =
      new KeyAttributes(
          KeyId.parse("303132333435363738393a3b3c3d3e3f"),
          KeyState.PRE_ACTIVE,
          KeyAlgorithm.EC_P384,
          Set.of(KeyUsage.SIGNATURE),
          Set.of(KeyFlag.DISTRIBUTION),
          Optional.of(GROUP),
          0,
          KeyPeriods.UNLIMITED,
          POLICY);

  static final KeyAttributes C =
      new KeyAttributes(
          KeyId.parse("202122232425262728292a2b2c2d2e2f"),
          KeyState.DESTROYED,
          KeyAlgorithm.HMAC_SHA_256,
          Set.of(KeyUsage.MAC),
          Set.of(KeyFlag.DISTRIBUTION),
          Optional.of(GROUP),
          0,
          PERIODS.withDestruction(new ElementTime(205_000_000)),
          POLICY);

  static final Bytes RECORD_A =
      Bytes.parse(
          "404142434445464748494a4b4c4d4e4f1203612d00070003009896800bebc200"
              + "0dccf5801370900000000000a1b2c3d4808182838485868788898a8b8c8d8e8f"
              + "909192939495969798999a9b9c9d9e9f");
  static final Bytes ATTRIBUTES_A =
      Bytes.parse(
          "404142434445464748494a4b4c4d4e4f0203612d505152535455565758595a5b"
              + "5c5d5e5f009896800bebc2000dccf5801370900000000000a1b2c3d4");
  static final Bytes RECORD_B =
      Bytes.parse(
          "303132333435363738393a3b3c3d3e3f91220408000700000000000000000000"
              + "000000000000000000000000a1b2c3d40102030405060708090a0b0c0d0e0f10"
              + "1112131415161718191a1b1c1d1e1f20");
  static final Bytes CONTINUATION_B =
      Bytes.parse(
          "52ee51fe70a1beb467f139c3f7a472bb30000000000000000000000000000000"
              + "303132333435363738393a3b3c3d3e3f2122232425262728292a2b2c2d2e2f30"
              + "00000000000000000000000000000000");
  static final Bytes RECORD_GROUP =
      Bytes.parse(
          "505152535455565758595a5b5c5d5e5f200100070001000001e1338005a39a80"
              + "00278d00000f42400064004000000000000000050ee6b2800007a12000078d98"
              + "00000000000000000000000000000000");

  static final KeyGroup GROUP_RECORD =
      new KeyGroup(
          GROUP,
          7,
          new GroupTerms(
              GroupTerms.Imports.PERMITTED,
              ElementClass.SOFTWARE,
              31_536_000,
              94_608_000,
              2_592_000,
              1_000_000,
              100),
          Optional.of(new Lease(5, new ElementTime(250_000_000), 500_000, 495_000, 64)));

  static final Bytes SENDER = Bytes.parse("00112233445566778899aabbccddeeff");
  static final Bytes RECEIVER = Bytes.parse("ffeeddccbbaa99887766554433221100");
  static final Lease LEASE = Lease.of(5, new ElementTime(212_592_000), 500_000, 64);

  static final Bytes WRAPPED_A =
      Bytes.parse(
          "9832689976bdb00657407fbcf62d16941185ec717a9f75c49d267625120b8340" + "ebfa5a653e759983");
  static final Bytes WRAPPED_B =
      Bytes.parse(
          "50bbd360125928d4b64104eab4597f199991b4a6e03929d11bca9af42cda5e48"
              + "aeeeeb470e8dcacf7ca97bb2ae0201c79b919c8e7b4b788c");
  static final Bytes ENC =
      Bytes.parse(
          "040d0918a04198474605615b6df90fdcb34791fb3ecb822f4b26eb6e4fc4511b"
              + "9d19b90c1b83c0c35cfbbb31ead32bb52ae33622f57e3cc1638097ce97f430ba"
              + "ba");
  static final Bytes RECEIVER_KEYS =
      Bytes.parse("f16fae05657ffe4f25ba53fea3e92335b823252abf824de1987f4d2f59a30a0b");
  static final Bytes DIGEST =
      Bytes.parse("b3006a66c66e9ec00ab7242a791c2d8091e9d84384341eabc00649657a5a2757");
  static final Bytes SIGNATURE =
      Bytes.parse(
          "3d06d55b44de57f24e8a94178d5c49a0525077b49d6138a0db7153ec78f4b478"
              + "298dc260fa3bba3f296d25a66724db85ec5528575c4451460b9c1376cb7ac23e");
  static final Bytes ORDER_SHA_256 =
      Bytes.parse("4ae7276332792a40c07ce46b7df17b6d4123a7edb49e1279bdcc4b6b0ae3f7fc");
  static final Bytes STATE_ROOT =
      Bytes.parse("f765fd552bd673153717778b5b26b17e524cd420f8c4d855048cbd9893771098");
  static final Bytes RECEIPT_SHA_256 =
      Bytes.parse("230ff9edd1ee98c23c15fda809c9dd867ca8bc7eec82b600596bd608db7034b9");
  static final Bytes RECEIPT_SIGNATURE =
      Bytes.parse(
          "4656644074477e127585ffda52c4ff332f94246b8fdbf37eab646486229ff6ad"
              + "fd7f712f9b4ab698d64e323037d7eb5d7d9f470178cd40a8faa69017f2c75ee2");

  static final P256.Pair SENDER_SIGNING = P256.pair(counting(0x01, 32));
  static final P256.Pair RECEIVER_SIGNING = P256.pair(counting(0x21, 32));

  private KeyVectors() {}

  static HpkeKeyPair receiverAgreement() {
    return HpkeSuite.P256.pair(counting(0x41, 32));
  }

  static List<OrderEntry> entries() {
    return List.of(
        new OrderEntry.Grant(GROUP, LEASE),
        new OrderEntry.Key(A, Optional.of(WRAPPED_A)),
        new OrderEntry.Key(B, Optional.of(WRAPPED_B)),
        new OrderEntry.Key(C, Optional.empty()),
        new OrderEntry.RemoveKey(KeyId.parse("606162636465666768696a6b6c6d6e6f")),
        new OrderEntry.RemoveGroup(GroupId.parse("707172737475767778797a7b7c7d7e7f")));
  }

  static OrderHead head() {
    return new OrderHead(
        3,
        SENDER,
        SENDER_SIGNING.publicKey(),
        RECEIVER,
        RECEIVER_KEYS,
        1,
        OrderPosition.START.digest(),
        new ElementTime(210_000_000));
  }

  static KeyOrder order() {
    return KeyOrder.sign(head(), ENC, entries(), SENDER_SIGNING.privateKey());
  }

  /** Bytes that count up. */
  static SecretBytes counting(int from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return SecretBytes.adopt(bytes);
  }
}
