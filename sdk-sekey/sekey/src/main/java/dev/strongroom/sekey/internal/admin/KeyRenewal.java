// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.policy.Decision;
import dev.strongroom.sekey.policy.KeyProposal;
import dev.strongroom.sekey.policy.PolicyRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * New keys for those who stay. Every key of the group that protects, or could come to, ends: who
 * left has its value. Each kind of key that protected gets one successor, each that was to protect
 * one with the same periods. What policy does not let be made again is left out, and noted.
 *
 * <p>Thread safety: confined to one thread.
 */
final class KeyRenewal {

  /** What keys of one kind have in common. */
  private record Kind(KeyAlgorithm algorithm, Set<KeyUsage> usages) {}

  private final Administration administration;
  private final Directory directory;
  private final Group group;
  private final List<Step> steps = new ArrayList<>();
  private final Set<KeyId> ending = new HashSet<>();

  KeyRenewal(Administration administration, Directory directory, Group group) {
    this.administration = administration;
    this.directory = directory;
    this.group = group;
  }

  /** Ends what can protect, without successors. */
  List<Step> end() {
    for (KeyEntry key : keys()) {
      KeyState target =
          switch (key.state()) {
            case ACTIVE, SUSPENDED -> KeyState.DEACTIVATED;
            case PRE_ACTIVE -> KeyState.DESTROYED;
            case DEACTIVATED, COMPROMISED, DESTROYED, DESTROYED_COMPROMISED -> key.state();
          };
      if (target != key.state()) {
        ending.add(key.id());
        steps.add(
            new Step.SetState(key.id(), group.id(), key.state(), target, administration.time()));
      }
    }
    return steps;
  }

  /** Ends what can protect, and makes the successors. */
  List<Step> renew() throws IOException {
    end();
    if (group.state() == GroupState.OPEN) {
      Set<Kind> made = new HashSet<>();
      for (KeyEntry key : keys()) {
        Kind kind = new Kind(key.attributes().algorithm(), key.attributes().usages());
        if (key.state() == KeyState.ACTIVE && made.add(kind)) {
          succeed(
              KeyProposal.of(
                  kind.algorithm(), kind.usages(), group.policy(), administration.time()),
              KeyState.ACTIVE);
        } else if (key.state() == KeyState.PRE_ACTIVE) {
          succeed(
              new KeyProposal(
                  kind.algorithm(),
                  kind.usages(),
                  key.attributes().periods(),
                  key.attributes().limit()),
              KeyState.PRE_ACTIVE);
        }
      }
    }
    return steps;
  }

  private List<KeyEntry> keys() {
    return directory.keysOf(group.id()).stream()
        .sorted(Comparator.comparing(KeyEntry::id))
        .toList();
  }

  private void succeed(KeyProposal proposal, KeyState state) throws IOException {
    if (PolicyRules.make(directory, group.id(), proposal, ending) instanceof Decision.Deny deny) {
      administration.noteStalled(group, deny.denial());
    } else {
      steps.add(make(administration, group, proposal, state));
    }
  }

  /** The step that makes a key. */
  static Step.MakeKey make(
      Administration administration, Group group, KeyProposal proposal, KeyState state)
      throws StrongroomException {
    return new Step.MakeKey(
        proposal.attributes(new KeyId(administration.newId()), group, state),
        administration.time());
  }
}
