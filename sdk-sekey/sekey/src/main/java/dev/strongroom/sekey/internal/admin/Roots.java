// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.CertifiedRole;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.IndexedSignature;
import dev.strongroom.core.identity.Signatures;
import dev.strongroom.core.identity.SignedCertification;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.sekey.AdministratorPin;
import dev.strongroom.sekey.model.UserElement;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Whom the elements of the system believe: the administrator's element, which is the root of their
 * trust and vouches for itself and for them.
 *
 * <p>Thread safety: immutable; the PIN is asked for by one thread at a time.
 */
final class Roots {

  private final ElementSession session;
  private final AdministratorPin pin;
  private final TrustAnchor anchor;
  private final ElementIdentity identity;

  private Roots(
      ElementSession session, AdministratorPin pin, TrustAnchor anchor, ElementIdentity identity) {
    this.session = session;
    this.pin = pin;
    this.anchor = anchor;
    this.identity = identity;
  }

  /** Makes an element without a trust anchor the root of its own. */
  static void found(ElementSession session, AdministratorPin pin) throws IOException {
    if (session.element().trustAnchor().isEmpty()) {
      TrustAnchor anchor =
          new TrustAnchor(1, 1, List.of(session.element().identity().signingKey()));
      try (SecretBytes secret = pin.read()) {
        session.element().setTrustAnchor(secret, anchor);
      }
    }
  }

  static Roots of(ElementSession session, AdministratorPin pin) throws IOException {
    Optional<TrustAnchor> anchor = session.element().trustAnchor();
    return new Roots(
        session,
        pin,
        anchor.orElseThrow(
            () -> new IOException("the administrator's element has no trust anchor")),
        session.element().identity());
  }

  ElementIdentity identity() {
    return identity;
  }

  /** Has a user's element believe in the administrator. */
  void plant(ElementSession user, SecretBytes elementPin) throws IOException {
    Optional<TrustAnchor> present = user.element().trustAnchor();
    if (!present.equals(Optional.of(anchor))) {
      user.element().setTrustAnchor(elementPin, anchor);
    }
  }

  /** The administrator's own. */
  CertificationChain own() throws IOException {
    return certify(
        CertifiedRole.ADMINISTRATOR,
        session.info().elementClass(),
        UserElement.of(identity),
        List.of());
  }

  /** What is said of a user's element for one order: the groups that it is about, and no others. */
  CertificationChain user(
      ElementClass elementClass, UserElement element, Collection<GroupId> groups)
      throws IOException {
    return certify(
        CertifiedRole.USER, elementClass, element, groups.stream().map(GroupId::bytes).toList());
  }

  private CertificationChain certify(
      CertifiedRole role, ElementClass elementClass, UserElement element, List<Bytes> groups)
      throws IOException {
    Certification said =
        new Certification(
            role,
            elementClass,
            element.serialNumber(),
            element.signingKey(),
            element.agreementKey(),
            anchor.version(),
            groups);
    Bytes signature;
    try (SecretBytes secret = pin.read()) {
      signature = session.keys().orders().certify(secret, said);
    }
    int index = anchor.roots().indexOf(identity.signingKey());
    return new CertificationChain(
        List.of(
            new SignedCertification(
                said, new Signatures(List.of(new IndexedSignature(index, signature))))));
  }
}
