// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.TrustAnchorRefusedException;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.OrderPosition;
import java.util.Optional;

/**
 * The commands of the trust anchor, and the decision about another element that hangs on it, {@code
 * docs/spec/element-protocol.md}, 2.8.
 *
 * <p>Thread safety: thread-safe; changes go one at a time in the application.
 */
final class TrustCommands {

  private static final int INS = ElementProtocol.INS_TRUST_ANCHOR;

  private final ElementApplication application;

  TrustCommands(ElementApplication application) {
    this.application = application;
  }

  Optional<TrustAnchor> anchor() throws StrongroomException {
    return Optional.ofNullable(application.disclosed().anchor());
  }

  void set(SecretBytes administratorPin, TrustAnchor anchor) throws StrongroomException {
    application.change(
        administratorPin,
        state -> {
          if (state.disclosed().anchor() != null) {
            throw new ConditionsNotSatisfiedException(INS, "it has a trust anchor already");
          }
          if (!state.isRootOf(anchor) && hasRecords(state)) {
            throw new ConditionsNotSatisfiedException(
                INS, "it has keys or groups that nobody has ordered; remove them first");
          }
          state.setDisclosed(state.disclosed().withAnchor(anchor));
          state.setFloor(ElementTime.NONE);
          state.setPosition(OrderPosition.START);
          return anchor;
        });
    application.managedKeys().forgetTime();
  }

  private boolean hasRecords(OpenState state) throws StrongroomException {
    return state.keyMemory().length() > 0 && application.records(state).size() > 0;
  }

  void update(Login login, TrustAnchorUpdate update) throws StrongroomException {
    application.change(
        login,
        state -> {
          TrustAnchor present = state.disclosed().anchor();
          if (present == null) {
            throw new ConditionsNotSatisfiedException(INS, "it has no trust anchor yet");
          }
          if (!update.follows(present)) {
            throw new ConditionsNotSatisfiedException(
                INS,
                "after version "
                    + Integer.toUnsignedString(present.version())
                    + " of its trust anchor comes the next, not "
                    + Integer.toUnsignedString(update.anchor().version()));
          }
          if (!update.isSignedFor(present)) {
            throw new TrustAnchorRefusedException();
          }
          state.setDisclosed(state.disclosed().withAnchor(update.anchor()));
          return update;
        });
  }

  /** Refuses a peer that is not certified under the anchor, or pinned where there is none. */
  static void requireTrusted(OpenState state, Peer peer, int ins)
      throws ConditionsNotSatisfiedException, UntrustedPeerException {
    TrustAnchor anchor = state.disclosed().anchor();
    if (peer instanceof Peer.Certified certified) {
      if (anchor == null) {
        throw new ConditionsNotSatisfiedException(
            ins, "without a trust anchor it cannot tell whether the other element is certified");
      }
      if (!certified.chain().isVouchedForBy(anchor)) {
        throw new UntrustedPeerException("its chain does not verify against the trust anchor");
      }
    } else if (anchor != null) {
      throw new ConditionsNotSatisfiedException(
          ins, "with a trust anchor it takes certified elements only");
    }
  }
}
