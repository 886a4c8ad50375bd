// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every structure as bytes, and whatever else such bytes could be. */
class StructuresTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes KEY = P256.generate(RANDOM).publicKey();
  private static final Bytes OTHER_KEY = P256.generate(RANDOM).publicKey();
  private static final Bytes SERIAL = Bytes.parse("00112233445566778899aabbccddeeff");
  private static final Bytes SIGNATURE = Bytes.copyOf(filled(64, 7));
  private static final TrustAnchor ANCHOR = new TrustAnchor(3, 2, List.of(KEY, OTHER_KEY));
  private static final Signatures SIGNATURES =
      new Signatures(
          List.of(new IndexedSignature(0, SIGNATURE), new IndexedSignature(5, SIGNATURE)));
  private static final Certification CERTIFICATION =
      new Certification(
          CertifiedRole.ADMINISTRATOR,
          ElementClass.SMART_CARD,
          SERIAL,
          KEY,
          OTHER_KEY,
          9,
          List.of(SERIAL, Bytes.copyOf(filled(16, 1))));
  private static final SignedCertification SIGNED =
      new SignedCertification(CERTIFICATION, SIGNATURES);
  private static final CertificationChain CHAIN =
      new CertificationChain(
          List.of(SIGNED, new SignedCertification(CERTIFICATION, Signatures.of(SIGNATURE))));
  private static final WrappedSecret SECRET =
      new WrappedSecret(
          SecretKind.MASTER_KEYS,
          Bytes.copyOf(filled(32, 2)),
          KEY,
          OTHER_KEY,
          KEY,
          Bytes.copyOf(filled(80, 3)),
          SIGNATURE);
  private static final AttestationStatement STATEMENT =
      new AttestationStatement(
          1,
          1,
          SERIAL,
          ElementClass.SOFTWARE,
          0x3FF,
          Bytes.copyOf(filled(12, 4)),
          KEY,
          Bytes.copyOf(filled(16, 5)),
          3,
          Bytes.copyOf(filled(20, 6)));

  static Stream<Arguments> structures() {
    return Stream.of(
        row(ANCHOR, ANCHOR.encode(), TrustAnchor::parse),
        row(SIGNATURES, SIGNATURES.encode(), Signatures::parse),
        row(new Signatures(List.of()), Bytes.parse("00"), Signatures::parse),
        row(
            new TrustAnchorUpdate(ANCHOR, SIGNATURES, Signatures.of(SIGNATURE)),
            new TrustAnchorUpdate(ANCHOR, SIGNATURES, Signatures.of(SIGNATURE)).encode(),
            TrustAnchorUpdate::parse),
        row(CERTIFICATION, CERTIFICATION.encode(), Certification::parse),
        row(SIGNED, SIGNED.encode(), SignedCertification::parse),
        row(CHAIN, CHAIN.encode(), CertificationChain::parse),
        row(new Peer.Certified(CHAIN), new Peer.Certified(CHAIN).encode(), Peer::parse),
        row(new Peer.Pinned(KEY, OTHER_KEY), new Peer.Pinned(KEY, OTHER_KEY).encode(), Peer::parse),
        row(SECRET, SECRET.encode(), WrappedSecret::parse),
        row(STATEMENT, STATEMENT.encode(), AttestationStatement::parse),
        row(
            new Attestation(STATEMENT, SIGNATURE),
            new Attestation(STATEMENT, SIGNATURE).encode(),
            Attestation::parse));
  }

  private static Arguments row(Object value, Bytes encoded, Function<Bytes, ?> parser) {
    return Arguments.of(value, encoded, parser);
  }

  @ParameterizedTest
  @MethodSource("structures")
  void whatIsWrittenIsReadAgain(Object value, Bytes encoded, Function<Bytes, Object> parser) {
    assertThat(parser.apply(encoded)).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("structures")
  void whatIsCutOrGoesOnIsRefused(Object value, Bytes encoded, Function<Bytes, Object> parser) {
    byte[] bytes = encoded.toByteArray();
    // The one structure whose length is not its own: the ciphertext takes what there is.
    int shortest = value instanceof WrappedSecret ? bytes.length - 65 : bytes.length;
    for (int length = 0; length < shortest; length += 1 + length / 64) {
      Bytes cut = Bytes.copyOf(bytes, 0, length);
      assertThatThrownBy(() -> parser.apply(cut))
          .as("%d bytes of %d", length, bytes.length)
          .isInstanceOf(IllegalArgumentException.class);
    }
    if (!(value instanceof WrappedSecret)) {
      Bytes longer = Bytes.copyOf(Arrays.copyOf(bytes, bytes.length + 1));
      assertThatThrownBy(() -> parser.apply(longer)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("structures")
  void whateverIsChangedIsAnotherValueOrRefused(
      Object value, Bytes encoded, Function<Bytes, Object> parser) {
    long seed = 20_261_121;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] changed = encoded.toByteArray();
      changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
      try {
        assertThat(parser.apply(Bytes.copyOf(changed)))
            .as("seed %d, round %d", seed, round)
            .isNotEqualTo(value);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void layoutsAreThoseOfTheSpecification() {
    assertThat(ANCHOR.encode().toString()).startsWith("00000003" + "02" + "02" + KEY);
    assertThat(CERTIFICATION.encode().toString())
        .startsWith("01" + "02" + "0002" + SERIAL + KEY + OTHER_KEY + "00000009" + "0002" + SERIAL);
    assertThat(STATEMENT.encode().toString())
        .startsWith(
            "01" + "01" + "01" + "14" + SERIAL + "0001" + "000003ff" + "04".repeat(12) + KEY);
    assertThat(SECRET.encode().toString())
        .startsWith("01" + "01" + "02".repeat(32) + KEY + OTHER_KEY + KEY + "03".repeat(80));
    assertThat(Bytes.copyOf(SECRET.info()).toString())
        .isEqualTo(
            "5374726f6e67726f6f6d20656c656d656e7400" + "0101" + "02".repeat(32) + KEY + OTHER_KEY);
    assertThat(
            Bytes.copyOf(
                    IdentitySignature.input(
                        SignaturePurpose.WRAPPED_SECRET, Bytes.copyOf(filled(32, 9))))
                .toString())
        .isEqualTo(
            "5374726f6e67726f6f6d207369676e6174757265"
                + "00".repeat(12)
                + "00000003"
                + "09".repeat(32));
  }

  @Test
  void anAnchorHasRootsAndAThresholdAmongThem() {
    for (int threshold : new int[] {0, 3}) {
      assertThatThrownBy(() -> new TrustAnchor(1, threshold, List.of(KEY, OTHER_KEY)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new TrustAnchor(0, 1, List.of(KEY)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TrustAnchor(1, 1, List.of(KEY, KEY)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TrustAnchor(1, 1, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TrustAnchor(1, 1, List.of(Bytes.copyOf(new byte[65]))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSignerCountsOnce() {
    IndexedSignature one = new IndexedSignature(1, SIGNATURE);
    assertThatThrownBy(() -> new Signatures(List.of(one, one)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Signatures(List.of(one, new IndexedSignature(0, SIGNATURE))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void certificatesThatAreNoneAreRefused() {
    for (String text :
        List.of("", "30", "3000", "30003000", "3080", "30840000000030000", "3082ffff3000")) {
      Bytes bytes = Bytes.parse(text.length() % 2 == 0 ? text : text + "0");
      assertThatThrownBy(() -> ElementIdentity.parse(bytes))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
