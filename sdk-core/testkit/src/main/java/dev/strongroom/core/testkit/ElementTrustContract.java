// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.DeviceException;
import dev.strongroom.core.device.ElementAlreadyInitializedException;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.MasterKeysMissingException;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.device.TrustAnchorRefusedException;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.IndexedSignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.Signatures;
import dev.strongroom.core.identity.SignedCertification;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Trust anchor, secrets between elements and WIPE: {@code docs/spec/element-protocol.md}, 2.3, 2.8
 * and 2.9. Part of {@link ElementContract}.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class ElementTrustContract extends ElementIdentityContract {

  private static final Bytes CHALLENGE = Bytes.copyOf(new byte[WrappedSecret.CHALLENGE_LENGTH]);
  private static final GrubRequest FILE = GrubRequest.existing(UID, RND, 1);

  private final RootAuthority roots = RootAuthority.of(3);
  private final SoftwarePeer other = new SoftwarePeer();

  @Test
  void aTrustAnchorIsSetOnce() throws Exception {
    requireCapability(Capability.TRUST_ANCHOR);
    assertThatThrownBy(() -> element().trustAnchor())
        .isInstanceOf(ElementNotInitializedException.class);
    assertThatThrownBy(() -> element().setTrustAnchor(pin(ADMINISTRATOR_PIN), roots.anchor(1, 2)))
        .isInstanceOf(ElementNotInitializedException.class);
    initialize();
    assertThat(element().trustAnchor()).isEmpty();
    assertThatThrownBy(() -> element().setTrustAnchor(pin("00000000"), roots.anchor(1, 2)))
        .isInstanceOf(AuthenticationFailedException.class);
    assertThat(element().trustAnchor()).isEmpty();
    element().setTrustAnchor(pin(ADMINISTRATOR_PIN), roots.anchor(7, 2));
    assertThat(element().trustAnchor()).contains(roots.anchor(7, 2));
    assertThatThrownBy(() -> element().setTrustAnchor(pin(ADMINISTRATOR_PIN), roots.anchor(8, 1)))
        .isInstanceOf(ConditionsNotSatisfiedException.class);
    assertThat(element().status().administratorTriesLeft())
        .isEqualTo(profile().administratorTries());
    reopen();
    assertThat(element().trustAnchor()).contains(roots.anchor(7, 2));
  }

  @Test
  void aTrustAnchorIsReplacedByTheNextVersionThatOldAndNewRootsHaveSigned() throws Exception {
    requireCapability(Capability.TRUST_ANCHOR);
    initialize();
    RootAuthority successors = RootAuthority.of(TrustAnchor.MAX_ROOTS);
    TrustAnchor next = successors.anchor(2, 3);
    int[] two = {0, 2};
    int[] three = {1, 4, 7};
    try (ElementSession session = login(USER_PIN)) {
      TrustAnchorUpdate right = roots.update(next, two, successors, three);
      assertThatThrownBy(() -> session.updateTrustAnchor(right))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      element().setTrustAnchor(pin(ADMINISTRATOR_PIN), roots.anchor(1, 2));
      for (TrustAnchorUpdate wrong :
          List.of(
              roots.update(next, new int[] {1}, successors, three),
              roots.update(next, two, successors, new int[] {0, 1}),
              roots.update(next, new int[0], successors, new int[0]),
              RootAuthority.of(3).update(next, two, successors, three),
              roots.update(next, two, RootAuthority.of(8), three),
              new TrustAnchorUpdate(
                  next,
                  roots.sign(SignaturePurpose.CERTIFICATION, next.encode(), two),
                  right.byNewRoots()),
              new TrustAnchorUpdate(
                  next,
                  roots.sign(SignaturePurpose.TRUST_ANCHOR, roots.anchor(2, 1).encode(), two),
                  right.byNewRoots()),
              // One more than needed, but wrong.
              new TrustAnchorUpdate(
                  next,
                  joined(
                      roots.sign(SignaturePurpose.TRUST_ANCHOR, next.encode(), 0, 1),
                      RootAuthority.of(3).sign(SignaturePurpose.TRUST_ANCHOR, next.encode(), 2)),
                  right.byNewRoots()))) {
        assertThatThrownBy(() -> session.updateTrustAnchor(wrong))
            .isInstanceOf(TrustAnchorRefusedException.class);
      }
      for (int version : new int[] {1, 3, -1}) {
        TrustAnchorUpdate skipping =
            roots.update(successors.anchor(version, 3), two, successors, three);
        assertThatThrownBy(() -> session.updateTrustAnchor(skipping))
            .isInstanceOf(ConditionsNotSatisfiedException.class);
      }
      assertThat(element().trustAnchor()).contains(roots.anchor(1, 2));
      session.updateTrustAnchor(right);
      assertThat(element().trustAnchor()).contains(next);
      assertThat(session.attest(CHALLENGE).statement().anchorVersion()).isEqualTo(2);
      assertThatThrownBy(() -> session.updateTrustAnchor(right))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
    }
    reopen();
    assertThat(element().trustAnchor()).contains(next);
  }

  @Test
  void masterKeysGoToThePeerThatTheUserNamed() throws Exception {
    requireCapability(Capability.SECRET_TRANSPORT);
    initialize();
    try (ElementSession session = login(USER_PIN)) {
      WrappedSecret secret = export(session, other.pinned());
      assertThat(secret.sender()).isEqualTo(element().identity().signingKey());
      assertThat(secret.isSigned()).isTrue();
      try (SecretBytes keys = other.unwrap(secret)) {
        assertThat(keys.length()).isEqualTo(64);
      }
      assertThatThrownBy(
              () ->
                  session.exportSecret(
                      pin("00000000"), SecretKind.MASTER_KEYS, CHALLENGE, other.pinned()))
          .isInstanceOf(AuthenticationFailedException.class);
      assertThatThrownBy(
              () ->
                  session.exportSecret(
                      pin(ADMINISTRATOR_PIN), SecretKind.MANAGED_KEY, CHALLENGE, other.pinned()))
          .isInstanceOf(StatusWordException.class);
      // An element in use takes no other master keys.
      Bytes challenge = session.importChallenge(SecretKind.MASTER_KEYS);
      WrappedSecret foreign = other.wrap(new byte[64], challenge, element().identity().pinned());
      assertThatThrownBy(
              () -> session.importSecret(pin(ADMINISTRATOR_PIN), other.pinned(), foreign))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
    }
  }

  @Test
  void withATrustAnchorOnlyCertifiedPeersGetMasterKeys() throws Exception {
    requireCapability(Capability.SECRET_TRANSPORT);
    initialize();
    try (ElementSession session = login(USER_PIN)) {
      Certification own = certification(CertifiedRole.USER, other.pinned(), 1);
      Peer certified = chain(roots.certify(own, 0, 1));
      assertThatThrownBy(() -> export(session, certified))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      element().setTrustAnchor(pin(ADMINISTRATOR_PIN), roots.anchor(1, 2));
      assertThatThrownBy(() -> export(session, other.pinned()))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      other.unwrap(export(session, certified)).close();

      SoftwarePeer administrator = new SoftwarePeer();
      Certification administrators =
          certification(CertifiedRole.ADMINISTRATOR, administrator.pinned(), 1);
      SignedCertification first = roots.certify(administrators, 1, 2);
      SignedCertification second = administrator.certify(own);
      other.unwrap(export(session, chain(first, second))).close();

      Certification users = certification(CertifiedRole.USER, administrator.pinned(), 1);
      Certification old = certification(CertifiedRole.USER, other.pinned(), 2);
      for (Peer untrusted :
          List.of(
              chain(roots.certify(own, 0)),
              chain(roots.certify(own)),
              chain(RootAuthority.of(3).certify(own, 0, 1)),
              chain(second),
              chain(second, first),
              chain(roots.certify(users, 0, 1), second),
              chain(first, new SoftwarePeer().certify(own)),
              chain(first, roots.certify(own, 0, 1)),
              chain(roots.certify(old, 0, 1)),
              chain(first, administrator.certify(old)),
              chain(new SignedCertification(own, roots.certify(users, 0, 1).signatures())),
              chain(
                  new SignedCertification(
                      own, roots.sign(SignaturePurpose.DOCUMENT, own.encode(), 0, 1))))) {
        assertThatThrownBy(() -> export(session, untrusted))
            .isInstanceOf(UntrustedPeerException.class);
      }
      Certification weak =
          new Certification(
              CertifiedRole.USER,
              ElementClass.UNKNOWN,
              own.serialNumber(),
              own.signingKey(),
              own.agreementKey(),
              1,
              List.of());
      assertThatThrownBy(() -> export(session, chain(roots.certify(weak, 0, 1))))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      assertThat(element().status().administratorTriesLeft())
          .isEqualTo(profile().administratorTries());
    }
  }

  @Test
  void theLongestChainStillFits() throws Exception {
    requireCapability(Capability.SECRET_TRANSPORT);
    initialize();
    RootAuthority eight = RootAuthority.of(TrustAnchor.MAX_ROOTS);
    element().setTrustAnchor(pin(ADMINISTRATOR_PIN), eight.anchor(1, 8));
    SoftwarePeer first = new SoftwarePeer();
    SoftwarePeer second = new SoftwarePeer();
    Peer longest =
        chain(
            eight.certify(inGroups(first, CertifiedRole.ADMINISTRATOR), 0, 1, 2, 3, 4, 5, 6, 7),
            first.certify(inGroups(second, CertifiedRole.ADMINISTRATOR)),
            second.certify(inGroups(other, CertifiedRole.USER)));
    try (ElementSession session = login(USER_PIN)) {
      other.unwrap(export(session, longest)).close();
    }
  }

  @Test
  void aTwinGetsItsMasterKeysFromAnotherElementAndOnce() throws Exception {
    requireCapability(Capability.SECRET_TRANSPORT);
    element().initializeTwin(pin(USER_PIN), pin(ADMINISTRATOR_PIN));
    assertThat(element().status().lifeCycle()).isEqualTo(LifeCycle.AWAITING_TWIN);
    assertThatThrownBy(this::initialize).isInstanceOf(ElementAlreadyInitializedException.class);
    ElementIdentity identity = element().identity();
    try (ElementSession session = login(USER_PIN);
        ElementSession beside = login(USER_PIN)) {
      assertThatThrownBy(() -> keys(session, VOLUME, FILE))
          .isInstanceOf(MasterKeysMissingException.class);
      assertThatThrownBy(() -> export(session, other.pinned()))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      assertThat(session.sign(SignaturePurpose.DOCUMENT, new byte[1]).length()).isEqualTo(64);

      Bytes old = session.importChallenge(SecretKind.MASTER_KEYS);
      Bytes challenge = session.importChallenge(SecretKind.MASTER_KEYS);
      assertThat(challenge).isNotEqualTo(old);
      WrappedSecret replayed = other.wrap(vectorKeys(), old, identity.pinned());
      assertThatThrownBy(
              () -> session.importSecret(pin(ADMINISTRATOR_PIN), other.pinned(), replayed))
          .isInstanceOf(ConditionsNotSatisfiedException.class);

      SoftwarePeer stranger = new SoftwarePeer();
      assertRefused(
          session, other.pinned(), next -> stranger.wrap(vectorKeys(), next, identity.pinned()));
      assertRefused(
          session, other.pinned(), next -> other.wrap(vectorKeys(), next, stranger.pinned()));
      assertRefused(
          session, other.pinned(), next -> other.wrap(new byte[63], next, identity.pinned()));
      assertRefused(
          session,
          other.pinned(),
          next -> forged(other.wrap(vectorKeys(), next, identity.pinned())));
      assertRefused(
          session,
          other.pinned(),
          next -> {
            // Encrypted for another challenge, signed for this one.
            WrappedSecret moved = other.wrap(vectorKeys(), old, identity.pinned());
            return other.signed(next, moved.receiver(), moved.enc(), moved.ciphertext());
          });
      assertThat(element().status().lifeCycle()).isEqualTo(LifeCycle.AWAITING_TWIN);

      Bytes last = session.importChallenge(SecretKind.MASTER_KEYS);
      WrappedSecret right = other.wrap(vectorKeys(), last, identity.pinned());
      assertThatThrownBy(() -> session.importSecret(pin("00000000"), other.pinned(), right))
          .isInstanceOf(AuthenticationFailedException.class);
      session.importSecret(pin(ADMINISTRATOR_PIN), other.pinned(), right);
      assertThat(element().status().lifeCycle()).isEqualTo(LifeCycle.INITIALIZED);
      assertVectorKeys(session);
      assertVectorKeys(beside);
      assertThatThrownBy(() -> session.importSecret(pin(ADMINISTRATOR_PIN), other.pinned(), right))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
    }
    reopen();
    assertThat(element().identity()).isEqualTo(identity);
    try (ElementSession session = login(USER_PIN)) {
      assertVectorKeys(session);
    }
  }

  @Test
  void aTwinWithATrustAnchorBelievesCertifiedSendersOnly() throws Exception {
    requireCapability(Capability.SECRET_TRANSPORT);
    element().initializeTwin(pin(USER_PIN), pin(ADMINISTRATOR_PIN));
    element().setTrustAnchor(pin(ADMINISTRATOR_PIN), roots.anchor(1, 2));
    Peer own = element().identity().pinned();
    Certification sender = certification(CertifiedRole.USER, other.pinned(), 1);
    try (ElementSession session = login(USER_PIN)) {
      Bytes first = session.importChallenge(SecretKind.MASTER_KEYS);
      assertThatThrownBy(
              () ->
                  session.importSecret(
                      pin(ADMINISTRATOR_PIN), other.pinned(), other.wrap(vectorKeys(), first, own)))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      assertRefused(
          session, chain(roots.certify(sender, 2)), next -> other.wrap(vectorKeys(), next, own));
      Bytes last = session.importChallenge(SecretKind.MASTER_KEYS);
      session.importSecret(
          pin(ADMINISTRATOR_PIN),
          chain(roots.certify(sender, 1, 2)),
          other.wrap(vectorKeys(), last, own));
      assertVectorKeys(session);
    }
  }

  @Test
  void aWipedElementIsBlankAndItselfAllTheSame() throws Exception {
    requireCapability(Capability.WIPE);
    assertThatThrownBy(() -> element().wipe(pin(ADMINISTRATOR_PIN)))
        .isInstanceOf(ElementNotInitializedException.class);
    initialize();
    Bytes serialNumber = element().info().serialNumber();
    ChannelKey channelKey = element().channelKey();
    ElementIdentity identity = element().identity();
    Bytes[] before = keys(FILE);
    element().setTrustAnchor(pin(ADMINISTRATOR_PIN), roots.anchor(1, 1));
    try (ElementSession session = login(USER_PIN)) {
      session.compareAndSetVersion(VersionSlot.none(VOLUME), root(1));
      assertThatThrownBy(() -> element().wipe(pin("00000000")))
          .isInstanceOf(AuthenticationFailedException.class);
      keys(session, VOLUME, FILE);
      element().wipe(pin(ADMINISTRATOR_PIN));
      assertThatThrownBy(() -> keys(session, VOLUME, FILE)).isInstanceOf(DeviceException.class);
    }
    assertThat(element().status().lifeCycle()).isEqualTo(LifeCycle.BLANK);
    assertThatThrownBy(() -> login(USER_PIN)).isInstanceOf(ElementNotInitializedException.class);
    assertThatThrownBy(() -> element().identity())
        .isInstanceOf(ElementNotInitializedException.class);
    assertThatThrownBy(() -> element().trustAnchor())
        .isInstanceOf(ElementNotInitializedException.class);
    assertThatThrownBy(() -> element().wipeBlocked())
        .isInstanceOf(ElementNotInitializedException.class);
    reopen();
    assertThat(element().status().lifeCycle()).isEqualTo(LifeCycle.BLANK);
    initialize();
    assertThat(element().info().serialNumber()).isEqualTo(serialNumber);
    assertThat(element().channelKey()).isEqualTo(channelKey);
    assertThat(element().identity()).isNotEqualTo(identity);
    assertThat(element().trustAnchor()).isEmpty();
    assertThat(keys(FILE)).isNotEqualTo(before);
    try (ElementSession session = login(USER_PIN)) {
      assertThat(session.versions()).isEmpty();
    }
  }

  @Test
  void anElementWhosePinsAreBothBlockedIsWipedWithoutOne() throws Exception {
    requireCapability(Capability.WIPE);
    initialize();
    assertThatThrownBy(() -> element().wipeBlocked())
        .isInstanceOf(ConditionsNotSatisfiedException.class);
    for (int i = 0; i < profile().userTries(); i++) {
      assertThatThrownBy(() -> login("4321")).isInstanceOf(AuthenticationFailedException.class);
    }
    assertThatThrownBy(() -> element().wipeBlocked())
        .isInstanceOf(ConditionsNotSatisfiedException.class);
    for (int i = 0; i < profile().administratorTries(); i++) {
      assertThatThrownBy(() -> element().wipe(pin("00000000")))
          .isInstanceOf(AuthenticationFailedException.class);
    }
    element().wipeBlocked();
    assertThat(element().status().lifeCycle()).isEqualTo(LifeCycle.BLANK);
    initialize();
    assertThat(keys(FILE)).hasSize(2);
  }

  private interface Secret {
    WrappedSecret answering(Bytes challenge);
  }

  private static void assertRefused(ElementSession session, Peer sender, Secret secret)
      throws Exception {
    WrappedSecret wrong = secret.answering(session.importChallenge(SecretKind.MASTER_KEYS));
    assertThatThrownBy(() -> session.importSecret(pin(ADMINISTRATOR_PIN), sender, wrong))
        .isInstanceOf(UntrustedPeerException.class);
  }

  private static WrappedSecret forged(WrappedSecret secret) {
    byte[] signature = secret.signature().toByteArray();
    signature[5] ^= 1;
    return new WrappedSecret(
        secret.kind(),
        secret.challenge(),
        secret.sender(),
        secret.receiver(),
        secret.enc(),
        secret.ciphertext(),
        Bytes.copyOf(signature));
  }

  private static WrappedSecret export(ElementSession session, Peer receiver) throws Exception {
    return session.exportSecret(
        pin(ADMINISTRATOR_PIN), SecretKind.MASTER_KEYS, CHALLENGE, receiver);
  }

  /** EncDBKey and SigDBKey of the specification's vectors, section 4. */
  private static byte[] vectorKeys() {
    byte[] keys = new byte[64];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (byte) i;
    }
    return keys;
  }

  private static void assertVectorKeys(ElementSession session) throws Exception {
    assertThat(keys(session, VOLUME, FILE))
        .containsExactly(
            Bytes.parse("f857eca71a5e59e81e2e21f4a8887fd641c74117b6c375e336642ba9e39dc588"),
            Bytes.parse("06d9fc81e8bafced0d9330e5dd41700da84c205fa19f2c9b99889513e1620fa5"));
  }

  private static Signatures joined(Signatures first, Signatures second) {
    List<IndexedSignature> all = new ArrayList<>(first.list());
    all.addAll(second.list());
    return new Signatures(all);
  }

  private static Certification certification(CertifiedRole role, Peer peer, int version) {
    return RootAuthority.certification(role, Bytes.copyOf(new byte[16]), peer, version);
  }

  private static Certification inGroups(SoftwarePeer peer, CertifiedRole role) {
    Certification plain = certification(role, peer.pinned(), 1);
    List<Bytes> groups = new ArrayList<>();
    for (int i = 0; i < Certification.MAX_GROUPS; i++) {
      groups.add(Bytes.copyOf(new byte[Certification.GROUP_ID_LENGTH]));
    }
    return new Certification(
        role,
        plain.elementClass(),
        plain.serialNumber(),
        plain.signingKey(),
        plain.agreementKey(),
        1,
        groups);
  }

  private static Peer chain(SignedCertification... links) {
    return new Peer.Certified(new CertificationChain(List.of(links)));
  }
}
