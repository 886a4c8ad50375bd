// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.core.testkit.Exchange;
import dev.strongroom.core.testkit.RecordingTransport;
import dev.strongroom.core.testkit.RootAuthority;
import dev.strongroom.core.transport.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Master keys from one simulated element to another, through a host that is told everything. */
@Tag("jdk25")
class TwinTest {

  private interface Way {
    Transport to(SimulatedElement element);
  }

  static Stream<Way> ways() {
    return Stream.of(element -> element, SimulatedElement::byApdu, SimulatedElement::exposed);
  }

  private final MemoryElementStore first = new MemoryElementStore();
  private final MemoryElementStore second = new MemoryElementStore();

  @ParameterizedTest
  @MethodSource("ways")
  void twinsDeriveTheSameKeysAndAreTwoElements(Way way) throws Exception {
    try (SecureElement one = SecureElement.open(way.to(Stored.simulated(first)));
        SecureElement two = SecureElement.open(way.to(Stored.simulated(second)))) {
      makeTwins(one, two);
      assertThat(Stored.keys(two, Stored.USER_PIN)).isEqualTo(Stored.keys(one, Stored.USER_PIN));
      assertThat(two.info().serialNumber()).isNotEqualTo(one.info().serialNumber());
      assertThat(two.identity()).isNotEqualTo(one.identity());
      assertThat(two.channelKey()).isNotEqualTo(one.channelKey());
    }
    assertThat(Stored.masterKeys(second.content())).isEqualTo(Stored.masterKeys(first.content()));
  }

  @Test
  void noHostSeesTheMasterKeys() throws Exception {
    RecordingTransport toOne = new RecordingTransport(Stored.simulated(first));
    RecordingTransport toTwo = new RecordingTransport(Stored.simulated(second));
    try (SecureElement one = SecureElement.open(toOne);
        SecureElement two = SecureElement.open(toTwo)) {
      makeTwins(one, two);
      Stored.keys(one, Stored.USER_PIN);
      Stored.keys(two, Stored.USER_PIN);
    }
    byte[] keys = Stored.masterKeys(first.content());
    int seen = 0;
    for (Exchange exchange :
        Stream.concat(toOne.exchanges().stream(), toTwo.exchanges().stream()).toList()) {
      for (Bytes bytes : List.of(exchange.command(), exchange.response())) {
        seen += bytes.length();
        for (int at = 0; at + 8 <= keys.length; at += 8) {
          assertThat(Stored.contains(bytes.toByteArray(), Arrays.copyOfRange(keys, at, at + 8)))
              .as("%s", exchange)
              .isFalse();
        }
      }
    }
    assertThat(seen).isGreaterThan(1000);
  }

  @Test
  void certifiedTwinsNeedNobodyWhoComparesFingerprints() throws Exception {
    RootAuthority roots = RootAuthority.of(3);
    try (SecureElement one = SecureElement.open(Stored.simulated(first));
        SecureElement two = SecureElement.open(Stored.simulated(second))) {
      one.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      two.initializeTwin(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      one.setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), roots.anchor(1, 2));
      two.setTrustAnchor(Stored.pin(Stored.ADMINISTRATOR_PIN), roots.anchor(1, 2));
      give(one, certified(roots, one), two, certified(roots, two));
      assertThat(Stored.keys(two, Stored.USER_PIN)).isEqualTo(Stored.keys(one, Stored.USER_PIN));
    }
  }

  @Test
  void whatIsForOneElementIsForNoOther() throws Exception {
    MemoryElementStore third = new MemoryElementStore();
    try (SecureElement one = SecureElement.open(Stored.simulated(first));
        SecureElement two = SecureElement.open(Stored.simulated(second));
        SecureElement other = SecureElement.open(Stored.simulated(third))) {
      one.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      for (SecureElement waiting : List.of(two, other)) {
        waiting.initializeTwin(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      }
      try (ElementSession giving = one.login(Stored.pin(Stored.USER_PIN));
          ElementSession taking = two.login(Stored.pin(Stored.USER_PIN));
          ElementSession stealing = other.login(Stored.pin(Stored.USER_PIN))) {
        // Wrapped for the second element under the third one's challenge.
        Bytes challenge = stealing.importChallenge(SecretKind.MASTER_KEYS);
        WrappedSecret secret =
            giving.exportSecret(
                Stored.pin(Stored.ADMINISTRATOR_PIN),
                SecretKind.MASTER_KEYS,
                challenge,
                two.identity().pinned());
        assertThat(
                PinCommand.failing(
                    () ->
                        stealing.importSecret(
                            Stored.pin(Stored.ADMINISTRATOR_PIN), one.identity().pinned(), secret)))
            .isInstanceOf(UntrustedPeerException.class);
        // Its receiver did not ask for it.
        taking.importChallenge(SecretKind.MASTER_KEYS);
        assertThat(
                PinCommand.failing(
                    () ->
                        taking.importSecret(
                            Stored.pin(Stored.ADMINISTRATOR_PIN), one.identity().pinned(), secret)))
            .isInstanceOf(ConditionsNotSatisfiedException.class);
        // Nor can the receiver's host have it opened.
        assertThat(
                PinCommand.failing(
                    () ->
                        taking
                            .hpkeOpen(
                                HpkeSuite.P256,
                                secret.enc(),
                                Bytes.copyOf(secret.info()),
                                Bytes.copyOf(new byte[0]),
                                secret.ciphertext())
                            .close()))
            .isInstanceOf(DecryptionFailedException.class);
      }
    }
  }

  @Test
  void aChallengeEndsWithThePower() throws Exception {
    SimulatedElement simulated = Stored.simulated(second);
    try (SecureElement one = SecureElement.open(Stored.simulated(first));
        SecureElement two = SecureElement.open(simulated)) {
      one.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      two.initializeTwin(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      WrappedSecret secret;
      try (ElementSession giving = one.login(Stored.pin(Stored.USER_PIN));
          ElementSession taking = two.login(Stored.pin(Stored.USER_PIN))) {
        secret =
            giving.exportSecret(
                Stored.pin(Stored.ADMINISTRATOR_PIN),
                SecretKind.MASTER_KEYS,
                taking.importChallenge(SecretKind.MASTER_KEYS),
                two.identity().pinned());
      }
      simulated.powerOff();
      simulated.powerOn();
      try (ElementSession taking = two.login(Stored.pin(Stored.USER_PIN))) {
        assertThat(
                PinCommand.failing(
                    () ->
                        taking.importSecret(
                            Stored.pin(Stored.ADMINISTRATOR_PIN), one.identity().pinned(), secret)))
            .isInstanceOf(ConditionsNotSatisfiedException.class);
      }
    }
  }

  private static void makeTwins(SecureElement one, SecureElement two) throws Exception {
    one.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
    two.initializeTwin(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
    give(one, one.identity().pinned(), two, two.identity().pinned());
  }

  private static void give(SecureElement one, Peer first, SecureElement two, Peer second)
      throws Exception {
    try (ElementSession giving = one.login(Stored.pin(Stored.USER_PIN));
        ElementSession taking = two.login(Stored.pin(Stored.USER_PIN))) {
      Bytes challenge = taking.importChallenge(SecretKind.MASTER_KEYS);
      WrappedSecret secret =
          giving.exportSecret(
              Stored.pin(Stored.ADMINISTRATOR_PIN), SecretKind.MASTER_KEYS, challenge, second);
      taking.importSecret(Stored.pin(Stored.ADMINISTRATOR_PIN), first, secret);
    }
  }

  private static Peer certified(RootAuthority roots, SecureElement element) throws Exception {
    return new Peer.Certified(
        new CertificationChain(
            List.of(
                roots.certify(
                    RootAuthority.certification(
                        CertifiedRole.USER,
                        element.info().serialNumber(),
                        element.identity().pinned(),
                        1),
                    0,
                    2))));
  }
}
