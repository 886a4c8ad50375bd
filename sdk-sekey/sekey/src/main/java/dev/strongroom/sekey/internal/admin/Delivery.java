// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementChangedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyOrderCommands;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.identity.CertificationChain;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOrder;
import dev.strongroom.core.keys.OrderPosition;
import dev.strongroom.core.keys.OrderReceipt;
import dev.strongroom.core.keys.SignedReceipt;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.internal.database.SeKeyDatabase;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserElement;
import dev.strongroom.sekey.model.UserId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a user's element and database to what the user may see, both in this process. It starts
 * from what the element itself says and signs, so it needs no record of what was sent, and goes on
 * wherever it was cut.
 *
 * <p>Thread safety: thread-safe.
 */
public final class Delivery {

  private static final int CHALLENGE_LENGTH = 32;

  private final Administration administration;

  /**
   * Deliveries of an administration.
   *
   * @param administration which one
   */
  public Delivery(Administration administration) {
    this.administration = administration;
  }

  /** What an element has. */
  private record Content(
      OrderPosition position, Map<KeyId, KeyAttributes> keys, Map<GroupId, KeyGroup> groups) {}

  /**
   * Delivers.
   *
   * @param user to whom
   * @param element the user's
   * @param database the user's
   * @throws ElementChangedException if it is another element
   * @throws UntrustedPeerException if the element does not sign what it says, or has something else
   * @throws IOException if something fails; what was delivered stays
   */
  public void deliver(UserId user, ElementSession element, SeKeyDatabase database)
      throws IOException {
    administration.alone(
        () -> {
          Directory directory = administration.directory();
          UserElement expected = enrolled(directory, user, element);
          Directory seen = directory.seenBy(user);
          order(user, expected, element, seen);
          database.change(
              changes -> {
                changes.become(seen);
                return seen;
              });
          return seen;
        });
  }

  private static UserElement enrolled(Directory directory, UserId user, ElementSession session)
      throws IOException {
    User known = directory.draft().requireUser(user);
    UserElement expected =
        known
            .element()
            .orElseThrow(
                () ->
                    new SubjectNotFoundException(SubjectNotFoundException.Kind.USER, user.bytes()));
    UserElement found = UserElement.of(session.element().identity());
    if (!found.equals(expected)) {
      throw new ElementChangedException(
          session.element().toString(), expected.serialNumber(), found.serialNumber());
    }
    return expected;
  }

  private void order(UserId user, UserElement expected, ElementSession element, Directory seen)
      throws IOException {
    Content content = content(expected, element);
    List<DeliveryPlan.Batch> batches =
        DeliveryPlan.of(seen, administration.floor(), content.keys(), content.groups());
    if (batches.isEmpty()) {
      return;
    }
    CertificationChain sender = administration.roots().own();
    KeyOrderCommands issuing = administration.session().keys().orders();
    OrderPosition position = content.position();
    for (DeliveryPlan.Batch batch : batches) {
      CertificationChain receiver =
          administration.roots().user(element.info().elementClass(), expected, batch.groups());
      KeyOrder order = issuing.issue(receiver, position, batch.requests());
      administration.note(
          AuditAct.ORDER_ISSUED,
          Optional.of(user.bytes()),
          Long.toUnsignedString(order.head().sequence()));
      position = element.keys().orders().apply(sender, order);
    }
  }

  /** What the element has, and signs that it has. */
  private Content content(UserElement expected, ElementSession element) throws IOException {
    Bytes challenge = Bytes.copyOf(administration.session().random(CHALLENGE_LENGTH));
    SignedReceipt said = element.keys().orders().position(challenge);
    if (!said.isOf(expected.signingKey(), challenge)) {
      throw new UntrustedPeerException("the position is not signed by the user's element");
    }
    KeyStoreCommands store = element.keys().store();
    Map<KeyId, KeyAttributes> keys = new HashMap<>();
    List<KeyId> page = store.keys(Optional.empty());
    while (!page.isEmpty()) {
      for (KeyId id : page) {
        keys.put(id, store.read(id).attributes());
      }
      page = store.keys(Optional.of(page.get(page.size() - 1)));
    }
    Map<GroupId, KeyGroup> groups = new HashMap<>();
    List<GroupId> groupPage = store.groups(Optional.empty());
    while (!groupPage.isEmpty()) {
      for (GroupId id : groupPage) {
        groups.put(id, store.read(id));
      }
      groupPage = store.groups(Optional.of(groupPage.get(groupPage.size() - 1)));
    }
    if (!OrderReceipt.stateRoot(keys.values(), groups.values())
        .equals(said.receipt().stateRoot())) {
      throw new UntrustedPeerException("the user's element has other records than were read");
    }
    return new Content(said.receipt().position(), keys, groups);
  }
}
