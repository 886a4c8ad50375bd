// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeContext;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.internal.format.v1.Stanza;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The vectors of the specification, which were computed by another program. */
class TransientVectorTest {

  private static final Bytes TRANSIENT_ID = run(0x40, 16);
  private static final Bytes UID = run(0x50, 16);
  private static final Bytes RND = run(0x60, 16);
  private static final Bytes OUTBOX = run(0x70, 16);
  private static final long COUNTER = 7;
  private static final Bytes ENC =
      Bytes.parse(
          "04ecb6a2f86c7825ee71d022c29b9f8aa35971520ec3f9739855635765ead1bd14"
              + "adad028bfba628ed75b72e3cbeb1ef192e60f52b3e2021497df3afb3006550df");
  private static final String KEK =
      "aa0761854c82c4b512eadd5c8ae6c4d1b7e22871831013aa3a711c08a33ce824";
  private static final String WRAPPED =
      "f40acd1a5e29039ee09149e618a5bcfb91aa447509d11dcd85975577b7ea8194ba32fbdad87956f4";

  private final ElementCard sender = card(0x01, 0x21);
  private final ElementCard recipient = card(0x41, 0x61);
  private final FileKeyWrap wrap = new FileKeyWrap(TRANSIENT_ID, OUTBOX, sender);

  private static Bytes run(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return Bytes.copyOf(bytes);
  }

  private static HpkeKeyPair pair(int first) {
    return HpkeSuite.P256.pair(SecretBytes.copyOf(run(first, 32).toByteArray()));
  }

  private static ElementCard card(int signing, int agreement) {
    HpkeKeyPair key = pair(signing);
    return ElementCard.sign(
        new ElementClass(1),
        run(signing, 16),
        P256.pair(key.privateKey()),
        Map.of(HpkeSuite.P256, pair(agreement).publicKey()));
  }

  private static TransientKey fileKey() {
    return TransientKey.of(run(0, 32).toByteArray());
  }

  @Test
  void keysOfTheFile() {
    SecretBytes fileKey = SecretBytes.copyOf(run(0, 32).toByteArray());
    SecretBytes none = SecretBytes.adopt(new byte[32]);
    try (fileKey;
        none;
        Grub pair = Grub.of(fileKey, TRANSIENT_ID, GrubRequest.existing(UID, RND, 0), none);
        TransientKey key = fileKey();
        MacKey mac = key.preludeMac();
        FileKeys keys = key.fileKeys(TRANSIENT_ID, UID, RND, none);
        FileKeys expected = FileKeys.of(pair)) {
      assertThat(pair.enc().<String, RuntimeException>use(each -> Bytes.copyOf(each).toString()))
          .isEqualTo("c2fe0f457ae97804632c9064d11e0f9305c99f964bd04c9a413fc5425befb493");
      assertThat(pair.sig().<String, RuntimeException>use(each -> Bytes.copyOf(each).toString()))
          .isEqualTo("51135e4bf2868502813060e6d1a47330388bc781e9e2c11e0da7740d9569f520");
      byte[] text = "text".getBytes(StandardCharsets.US_ASCII);
      assertThat(keys.tree().mac(text)).isEqualTo(expected.tree().mac(text));
      Bytes preludeKey =
          Bytes.parse("f7d6bd18bf6ae410a1c30594dbd99a14ba200a14a225be51398bf800452922b8");
      assertThat(mac.mac(text)).isEqualTo(MacKey.once(preludeKey.toByteArray(), text));
    }
  }

  @Test
  void namesOfElements() {
    assertThat(Fingerprints.of(sender))
        .hasToString("2d5ebbf5433bd8938b35ce0f13b523186c18b5ca3360b6d48d54a1b3e14076c1");
    assertThat(Fingerprints.of(recipient))
        .hasToString("da0c82e2b8218bf7a6879c5241ca3a2a4034ecceaf060b5d31808fcaa744af9a");
    assertThat(Fingerprints.keyId(recipient)).hasToString("da0c82e2b8218bf7");
    assertThat(wrap.senderId()).hasToString("7bb62a8451f77aaf46333b30a6f3926c");
  }

  @Test
  void theKeyOfARecipientsStanza() {
    byte[] info =
        ElementProtocol.receiveInfo(
            wrap.receiveId(COUNTER), wrap.info(recipient, HpkeSuite.P256.code(), COUNTER));
    byte[] context = "strongroom v1 file key".getBytes(StandardCharsets.US_ASCII);
    try (HpkeKeyPair agreement = pair(0x61);
        HpkeContext opened = Hpke.setupBaseR(Hpke.Aead.EXPORT_ONLY, ENC, agreement, info);
        SecretBytes kek = opened.export(context, 32);
        TransientKey key = fileKey()) {
      assertThat(kek.<String, RuntimeException>use(each -> Bytes.copyOf(each).toString()))
          .isEqualTo(KEK);
      assertThat(key.wrap(kek)).hasToString(WRAPPED);
      try (TransientKey unwrapped = TransientKey.unwrap(kek, Bytes.parse(WRAPPED))) {
        assertThat(java.util.Objects.requireNonNull(unwrapped).wrap(kek)).hasToString(WRAPPED);
      }
    }
  }

  @Test
  void theBytesOfAPrelude() throws Exception {
    Stanza own =
        new Stanza(1, Stanza.Kind.SENDER, Fingerprints.keyId(sender), 0, ENC, Bytes.parse(WRAPPED));
    Stanza other =
        new Stanza(
            1,
            Stanza.Kind.RECIPIENT,
            Fingerprints.keyId(recipient),
            COUNTER,
            ENC,
            Bytes.parse(WRAPPED));
    Prelude prelude =
        new Prelude(
            8192,
            2,
            TRANSIENT_ID,
            OUTBOX,
            Instant.ofEpochSecond(5, 6),
            Instant.ofEpochSecond(7, 8),
            12288,
            4096,
            run(1, 32),
            run(2, 32),
            sender.encode(),
            List.of(own, other),
            Bytes.copyOf(new byte[0]));
    byte[] bytes = prelude.encode();
    int card = sender.encode().length();
    assertThat(Bytes.copyOf(bytes, 0, 32))
        .hasToString(
            "535253454e440d0a"
                + "7631000000000000"
                + "00002000"
                + String.format("%08x", 176 + card + 250 + 96)
                + "00000002"
                + "01000002");
    assertThat(Bytes.copyOf(bytes, 64, 32))
        .hasToString("000000000000000500000006" + "000000000000000700000008" + "0000000000003000");
    assertThat(Bytes.copyOf(bytes, 160, 16))
        .hasToString("0100000000000000" + hex(card) + "0001" + "00000000");
    assertThat(Bytes.copyOf(bytes, 176 + card + 125, 125))
        .hasToString("0100007dda0c82e2b8218bf70000000000000007" + ENC + WRAPPED);
    byte[] copy = java.util.Arrays.copyOf(bytes, 8192);
    assertThat(Prelude.parse("f", copy).prelude()).isEqualTo(prelude);
  }

  private static String hex(int u16) {
    return String.format("%04x", u16);
  }

  @Test
  void theSpecificationHasTheSameVectors() throws Exception {
    String text = Files.readString(Path.of("../../docs/spec/transient-file.md"));
    assertThat(text).contains(KEK, WRAPPED, "7bb62a8451f77aaf46333b30a6f3926c");
  }
}
