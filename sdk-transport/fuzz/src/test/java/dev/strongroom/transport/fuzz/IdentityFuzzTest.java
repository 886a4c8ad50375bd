// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.transport.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.SenderWindow;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.CardFormatException;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.Signatures;
import dev.strongroom.core.identity.SignedCertification;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/**
 * The structures of an element's identity, on the side of the host and of the element: what is
 * taken is written back as it was read, and its signatures can be looked at.
 */
@Tag("fuzz")
class IdentityFuzzTest {

  private static final Bytes CHALLENGE = Bytes.copyOf(new byte[32]);
  private static final Bytes KEY = P256.generate(new CountingRandom(1)).publicKey();
  private static final TrustAnchor ANCHOR = new TrustAnchor(1, 1, List.of(KEY));

  private enum Structure {
    CERTIFICATES {
      @Override
      Bytes read(Bytes bytes) {
        ElementIdentity identity = ElementIdentity.parse(bytes);
        assertThat(identity.fingerprint()).hasSize(39);
        return identity.encode();
      }
    },
    ANCHOR {
      @Override
      Bytes read(Bytes bytes) {
        return TrustAnchor.parse(bytes).encode();
      }
    },
    UPDATE {
      @Override
      Bytes read(Bytes bytes) {
        TrustAnchorUpdate update = TrustAnchorUpdate.parse(bytes);
        assertThat(update.isSignedFor(IdentityFuzzTest.ANCHOR)).isFalse();
        return update.encode();
      }
    },
    CHAIN {
      @Override
      Bytes read(Bytes bytes) {
        CertificationChain chain = CertificationChain.parse(bytes);
        assertThat(chain.isVouchedForBy(IdentityFuzzTest.ANCHOR)).isFalse();
        return chain.encode();
      }
    },
    PEER {
      @Override
      Bytes read(Bytes bytes) {
        Peer peer = Peer.parse(bytes);
        assertThat(peer.fingerprint()).hasSize(39);
        return peer.encode();
      }
    },
    SECRET {
      @Override
      Bytes read(Bytes bytes) {
        WrappedSecret secret = WrappedSecret.parse(bytes);
        boolean signed = secret.isSigned();
        assertThat(signed && secret.sender().equals(KEY)).isFalse();
        return secret.encode();
      }
    },
    ATTESTATION {
      @Override
      Bytes read(Bytes bytes) {
        return Attestation.parse(bytes).encode();
      }
    },
    CARD {
      @Override
      Bytes read(Bytes bytes) {
        ElementCard card = ElementCard.parse(bytes);
        assertThat(card.fingerprint()).hasSize(39);
        assertThat(card.suites()).contains(HpkeSuite.P256);
        return card.encode();
      }
    },
    CARD_FILE {
      @Override
      Bytes read(Bytes bytes) {
        try {
          return ElementCard.parseFile(bytes).encodeFile();
        } catch (CardFormatException e) {
          throw new IllegalArgumentException(e);
        }
      }
    },
    RECEIVE_REGISTER {
      @Override
      Bytes read(Bytes bytes) {
        ReceiveRegister register = ReceiveRegister.parse(bytes);
        register.pending().forEach(id -> assertThat(register.isTaken(id)).isFalse());
        return register.encode();
      }
    };

    abstract Bytes read(Bytes bytes);
  }

  @FuzzTest(maxDuration = "10m")
  void identity(byte[] input) {
    accepts(input);
  }

  /** Whether the structure is read; anything but a refusal of its own type fails. */
  static boolean accepts(byte[] input) {
    Fields fields = new Fields(input);
    Structure structure = fields.choice(Structure.values());
    Bytes bytes = Bytes.copyOf(fields.rest());
    try {
      assertThat(structure.read(bytes)).isEqualTo(bytes);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static Map<String, byte[]> seeds() throws Exception {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    SecureRandom random = new CountingRandom(9180);
    try (SecureElement element =
            SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
        SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("12345678".toCharArray());
        P256.Pair root = P256.generate(random)) {
      element.initialize(user, administrator);
      ElementIdentity identity = element.identity();
      add(seeds, "certificates", Structure.CERTIFICATES, identity.encode());
      TrustAnchor anchor = new TrustAnchor(2, 2, List.of(KEY, root.publicKey()));
      add(seeds, "anchor", Structure.ANCHOR, anchor.encode());
      Signatures signatures = sign(root, SignaturePurpose.TRUST_ANCHOR, anchor.encode());
      TrustAnchorUpdate update = new TrustAnchorUpdate(anchor, signatures, signatures);
      add(seeds, "update", Structure.UPDATE, update.encode());
      Certification certification =
          new Certification(
              CertifiedRole.ADMINISTRATOR,
              ElementClass.SOFTWARE,
              identity.serialNumber(),
              identity.signingKey(),
              identity.agreementKey(),
              1,
              List.of(Bytes.copyOf(new byte[16])));
      SignedCertification signed =
          new SignedCertification(
              certification, sign(root, SignaturePurpose.CERTIFICATION, certification.encode()));
      CertificationChain chain = new CertificationChain(List.of(signed, signed));
      add(seeds, "chain", Structure.CHAIN, chain.encode());
      add(seeds, "certified", Structure.PEER, new Peer.Certified(chain).encode());
      add(seeds, "card", Structure.CARD, element.card().encode());
      add(seeds, "card-file", Structure.CARD_FILE, element.card().encodeFile());
      ReceiveId pending = new ReceiveId(Bytes.copyOf(new byte[16]), 66, identity.serialNumber());
      ReceiveRegister register =
          new ReceiveRegister(
              List.of(new SenderWindow(pending.sender(), 65, 0xB)), List.of(pending));
      add(seeds, "receive-register", Structure.RECEIVE_REGISTER, register.encode());
      add(seeds, "pinned", Structure.PEER, identity.pinned().encode());
      try (ElementSession session = element.login(user)) {
        WrappedSecret secret =
            session.exportSecret(
                administrator, SecretKind.MASTER_KEYS, CHALLENGE, identity.pinned());
        add(seeds, "secret", Structure.SECRET, secret.encode());
        add(seeds, "attestation", Structure.ATTESTATION, session.attest(CHALLENGE).encode());
      }
    }
    return seeds;
  }

  private static Signatures sign(P256.Pair signer, SignaturePurpose purpose, Bytes message) {
    return Signatures.of(
        IdentitySignature.sign(signer.privateKey(), purpose, message.toByteArray()));
  }

  private static void add(
      Map<String, byte[]> seeds, String name, Structure structure, Bytes content) {
    seeds.put(name, Fields.tagged(structure, content.toByteArray()));
  }
}
