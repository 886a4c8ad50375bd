// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.identity.Certification;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderRequest;
import dev.strongroom.core.keys.SignedReceipt;
import java.util.List;

/**
 * Orders of an element that administers others, and what it signs as a root of their trust; {@code
 * docs/spec/key-store.md}, 6 and 9, instructions 48 to 4E.
 *
 * <p>Every command can be asked again when its answer was lost: applying the same order a second
 * time changes nothing, and issuing and signing keep nothing.
 *
 * <p>Thread safety: thread-safe.
 */
public interface KeyOrderCommands {

  /**
   * ISSUE ORDER: makes and signs an order out of this element's own records.
   *
   * @param receiver who is to apply it, with certifications up to this element's trust anchor
   * @param previous what the receiver has applied last
   * @param requests 1 to {@value KeyOrder#MAX_ENTRIES} entries
   * @return the next order for the receiver
   * @throws KeyNotFoundException if there is no key of a request
   * @throws KeyRefusedException if the rules refuse: {@link
   *     dev.strongroom.core.keys.KeyRefusal#entry()} tells which request
   * @throws UntrustedPeerException if the chain does not verify, or a request is malformed
   * @throws ConditionsNotSatisfiedException if this element has no trust anchor
   * @throws UnsupportedCapabilityException if the element has no orders
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  KeyOrder issue(CertificationChain receiver, OrderPosition previous, List<OrderRequest> requests)
      throws StrongroomException;

  /**
   * APPLY ORDER: all of it or nothing.
   *
   * @param sender who made it, with certifications up to this element's trust anchor
   * @param order the order
   * @return where the element is afterwards
   * @throws OrderRefusedException if it is not the next order for this element, or an entry of it
   *     does not go with what is there
   * @throws KeyRefusedException if a record may not change so
   * @throws ElementFullException if there is no room
   * @throws ConditionsNotSatisfiedException if this element has no trust anchor
   * @throws UnsupportedCapabilityException if the element has no orders
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  OrderPosition apply(CertificationChain sender, KeyOrder order) throws StrongroomException;

  /**
   * ORDER POSITION: the element's signed statement about its records.
   *
   * @param challenge {@value KeyStoreProtocol#MIN_CHALLENGE} to {@value
   *     KeyStoreProtocol#MAX_CHALLENGE} bytes, never used before
   * @return statement and signature, which is not verified here
   * @throws ConditionsNotSatisfiedException if this element has no trust anchor
   * @throws UnsupportedCapabilityException if the element has no orders
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  SignedReceipt position(Bytes challenge) throws StrongroomException;

  /**
   * CERTIFY.
   *
   * @param administratorPin UTF-8
   * @param certification under the present version of the anchor
   * @return this element's signature over it, 64 bytes, R | S
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws ConditionsNotSatisfiedException if this element is none of the roots
   * @throws UntrustedPeerException if it is under another version
   * @throws UnsupportedCapabilityException if the element does not certify
   * @throws StrongroomException if the user's PIN has not been verified, the administrator PIN is
   *     blocked, or the link fails
   */
  Bytes certify(SecretBytes administratorPin, Certification certification)
      throws StrongroomException;

  /**
   * SIGN ANCHOR.
   *
   * @param administratorPin UTF-8
   * @param anchor the next version
   * @return this element's signature over it, 64 bytes, R | S
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws ConditionsNotSatisfiedException if this element is none of the roots
   * @throws TrustAnchorRefusedException if it is not the next version
   * @throws UnsupportedCapabilityException if the element does not certify
   * @throws StrongroomException if the user's PIN has not been verified, the administrator PIN is
   *     blocked, or the link fails
   */
  Bytes signAnchor(SecretBytes administratorPin, TrustAnchor anchor) throws StrongroomException;
}
