// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.selection;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Readers;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.policy.Decision.Deny;
import dev.strongroom.sekey.policy.Denial;
import dev.strongroom.sekey.policy.PolicyRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Selects the most secure key for some recipients: of the groups that all of them and who protects
 * are members of, and that have a key which can be used, the smallest ones; of the keys of these
 * the one with the strongest algorithm, then the shortest originator-usage period, then the lowest
 * id. The same directory gives the same answer everywhere.
 *
 * <p>A group is as large as its members are many, blocked ones among them, who may have its keys
 * still. The cost is one look-up for each group of the member who has the fewest and for each
 * recipient, and one decision for each active key of groups that are not larger than the chosen
 * one.
 *
 * <p>Pure: no clock, no memory, no chance.
 *
 * <p>Thread safety: stateless.
 */
public final class KeySelector {

  private static final Comparator<KeyEntry> BETTER_FIRST =
      Comparator.<KeyEntry>comparingInt(key -> -AlgorithmStrength.of(key.attributes().algorithm()))
          .thenComparingLong(KeySelector::period)
          .thenComparing(KeyEntry::id);

  private KeySelector() {}

  private static long period(KeyEntry key) {
    KeyPeriods periods = key.attributes().periods();
    return periods.originatorEnd().isSet()
        ? periods.originatorEnd().seconds() - periods.activation().seconds()
        : Long.MAX_VALUE;
  }

  /**
   * Selects a key.
   *
   * @param directory what is known to who protects
   * @param request for whom and what
   * @param circumstances time, counts and lease for each key, as the host knows them; what the
   *     element has refused can be left out by saying that no use is left
   * @return a key, or why there is none
   */
  public static Selection select(
      Directory directory,
      SelectionRequest request,
      Function<KeyEntry, KeyCircumstances> circumstances) {
    Set<UserId> users = request.users();
    for (UserId user : users) {
      Optional<Denial> unknown = PolicyRules.takesPart(directory, user);
      if (unknown.isPresent()) {
        return new Selection.NoKey(unknown.get(), List.of());
      }
    }
    List<Common> common = common(directory, users);
    if (common.isEmpty()) {
      return new Selection.NoKey(new Denial.NoCommonGroup(users), List.of());
    }
    Search search = new Search(directory, request, users, circumstances);
    for (Common group : common) {
      search.look(group);
    }
    return search.answer(common);
  }

  /**
   * Selects the most secure key of one group, for all its members.
   *
   * @param directory what is known to who protects
   * @param self who protects
   * @param group which group
   * @param operation one that protects
   * @param circumstances as for {@link #select}
   * @return a key, or why there is none
   */
  public static Selection selectIn(
      Directory directory,
      UserId self,
      GroupId group,
      KeyOperation operation,
      Function<KeyEntry, KeyCircumstances> circumstances) {
    Optional<Denial> unknown = PolicyRules.takesPart(directory, self);
    if (unknown.isPresent()) {
      return new Selection.NoKey(unknown.get(), List.of());
    }
    Optional<Group> known = directory.group(group);
    if (known.isEmpty()) {
      return new Selection.NoKey(new Denial.UnknownGroup(group), List.of());
    }
    if (known.get().state() == GroupState.RETIRED) {
      return new Selection.NoKey(new Denial.RetiredGroup(group), List.of());
    }
    if (directory.membership(group, self).isEmpty()) {
      return new Selection.NoKey(new Denial.NotMember(self, group), List.of());
    }
    Set<UserId> members = directory.membersOf(group);
    SelectionRequest request = SelectionRequest.forOthers(self, members, operation);
    List<Common> common = List.of(new Common(group, members.size()));
    Search search = new Search(directory, request, members, circumstances);
    search.look(common.get(0));
    return search.answer(common);
  }

  /** A group of all of them. */
  private record Common(GroupId id, int members) {}

  /** The groups that have all users, the smallest first. */
  private static List<Common> common(Directory directory, Set<UserId> users) {
    UserId fewest =
        users.stream()
            .min(Comparator.comparingInt(user -> directory.groupsOf(user).size()))
            .orElseThrow();
    List<Common> common = new ArrayList<>();
    for (GroupId group : directory.groupsOf(fewest)) {
      Set<UserId> members = directory.membersOf(group);
      if (members.containsAll(users)) {
        common.add(new Common(group, members.size()));
      }
    }
    common.sort(Comparator.comparingInt(Common::members).thenComparing(Common::id));
    return common;
  }

  /** What was found so far, in the order of the groups. */
  private static final class Search {

    private final Directory directory;
    private final SelectionRequest request;
    private final Set<UserId> users;
    private final Function<KeyEntry, KeyCircumstances> circumstances;

    private final List<Candidate> others = new ArrayList<>();
    private final List<KeyEntry> usable = new ArrayList<>();
    private int chosenSize = Integer.MAX_VALUE;
    private Optional<Denial.MoreReaders> moreReaders = Optional.empty();

    Search(
        Directory directory,
        SelectionRequest request,
        Set<UserId> users,
        Function<KeyEntry, KeyCircumstances> circumstances) {
      this.directory = directory;
      this.request = request;
      this.users = users;
      this.circumstances = circumstances;
    }

    void look(Common common) {
      if (common.members() > chosenSize) {
        others.add(candidate(common, Criterion.SMALLER_GROUP, Optional.empty()));
        return;
      }
      Group group = directory.group(common.id()).orElseThrow();
      if (group.state() == GroupState.RETIRED) {
        refuse(common, Optional.of(new Denial.RetiredGroup(common.id())));
        return;
      }
      boolean exact =
          request.readers() == Readers.RECIPIENTS_ONLY
              || group.policy().readers() == Readers.RECIPIENTS_ONLY;
      boolean tooMany = exact && common.members() > users.size();
      if (tooMany && moreReaders.isPresent()) {
        others.add(candidate(common, Criterion.FEWER_READERS, Optional.empty()));
        return;
      }
      List<KeyEntry> found = usable(common, group);
      if (found.isEmpty()) {
        return;
      }
      if (tooMany) {
        moreReaders = Optional.of(new Denial.MoreReaders(common.id(), extraReaders(common.id())));
        others.add(candidate(common, Criterion.FEWER_READERS, Optional.empty()));
        return;
      }
      chosenSize = common.members();
      usable.addAll(found);
    }

    /** The keys that can be used; the others are noted. */
    private List<KeyEntry> usable(Common common, Group group) {
      Membership own = directory.membership(common.id(), request.self()).orElseThrow();
      List<KeyEntry> found = new ArrayList<>();
      int before = others.size();
      for (KeyEntry key : directory.activeKeysOf(common.id())) {
        if (!isForIt(key) || !own.includes(key)) {
          continue;
        }
        if (PolicyRules.useInGroup(group, key, request.operation(), circumstances.apply(key))
            instanceof Deny deny) {
          others.add(
              new Candidate(
                  common.id(),
                  common.members(),
                  Optional.of(key.id()),
                  Criterion.USABLE,
                  Optional.of(deny.denial())));
        } else {
          found.add(key);
        }
      }
      if (found.isEmpty() && others.size() == before) {
        refuse(common, Optional.empty());
      }
      return found;
    }

    /** Keys for something else were never in question. */
    private boolean isForIt(KeyEntry key) {
      for (KeyUsage usage : request.operation().usages()) {
        if (key.attributes().usages().contains(usage)) {
          return true;
        }
      }
      return false;
    }

    private void refuse(Common common, Optional<Denial> denial) {
      others.add(candidate(common, Criterion.USABLE, denial));
    }

    private static Candidate candidate(Common common, Criterion lost, Optional<Denial> denial) {
      return new Candidate(common.id(), common.members(), Optional.empty(), lost, denial);
    }

    private Set<UserId> extraReaders(GroupId group) {
      Set<UserId> extra = new HashSet<>(directory.membersOf(group));
      extra.removeAll(users);
      return extra;
    }

    Selection answer(List<Common> common) {
      if (usable.isEmpty()) {
        Set<GroupId> groups = new HashSet<>();
        common.forEach(each -> groups.add(each.id()));
        return new Selection.NoKey(
            moreReaders.<Denial>map(denial -> denial).orElse(new Denial.NoUsableKey(groups)),
            others);
      }
      usable.sort(BETTER_FIRST);
      KeyEntry chosen = usable.get(0);
      for (KeyEntry other : usable.subList(1, usable.size())) {
        others.add(
            new Candidate(
                other.group(),
                chosenSize,
                Optional.of(other.id()),
                lost(chosen, other),
                Optional.empty()));
      }
      others.sort(Comparator.comparingInt(Candidate::members)); // stable
      return new Selection.Selected(
          chosen.id(), chosen.group(), extraReaders(chosen.group()), others);
    }

    private static Criterion lost(KeyEntry chosen, KeyEntry other) {
      if (AlgorithmStrength.of(chosen.attributes().algorithm())
          != AlgorithmStrength.of(other.attributes().algorithm())) {
        return Criterion.STRONGER_ALGORITHM;
      }
      return period(chosen) == period(other) ? Criterion.LOWER_ID : Criterion.SHORTER_PERIOD;
    }
  }
}
