// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.policy;

import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttribute;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.sekey.model.UserId;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Why something may not be done.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface Denial {

  /**
   * The reason in words, with what can be done.
   *
   * @return one sentence without a full stop, with ids and no names
   */
  String message();

  /**
   * There is no such user, or who asks may not know.
   *
   * <p>Thread safety: immutable.
   *
   * @param user who
   */
  record UnknownUser(UserId user) implements Denial {
    @Override
    public String message() {
      return "there is no user " + user;
    }
  }

  /**
   * The user is blocked.
   *
   * <p>Thread safety: immutable.
   *
   * @param user who
   */
  record BlockedUser(UserId user) implements Denial {
    @Override
    public String message() {
      return "user " + user + " is blocked; the administrator can make the user active again";
    }
  }

  /**
   * There is no such group, or who asks may not know.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which
   */
  record UnknownGroup(GroupId group) implements Denial {
    @Override
    public String message() {
      return "there is no group " + group;
    }
  }

  /**
   * The group has no new keys, and protects nothing more.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which
   */
  record RetiredGroup(GroupId group) implements Denial {
    @Override
    public String message() {
      return "group " + group + " is retired; choose another";
    }
  }

  /**
   * The user is not in the group.
   *
   * <p>Thread safety: immutable.
   *
   * @param user who
   * @param group which
   */
  record NotMember(UserId user, GroupId group) implements Denial {
    @Override
    public String message() {
      return "user " + user + " is no member of group " + group;
    }
  }

  /**
   * There is no such key, or who asks may not know.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which
   */
  record UnknownKey(KeyId key) implements Denial {
    @Override
    public String message() {
      return "there is no key " + key;
    }
  }

  /**
   * The key had stopped to protect when the user came, who gets no history.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which
   * @param user who
   * @param ended when the key stopped to protect
   * @param since when the user came
   */
  record BeforeJoining(KeyId key, UserId user, ElementTime ended, ElementTime since)
      implements Denial {
    @Override
    public String message() {
      return "key "
          + key
          + " ended at "
          + ended
          + ", user "
          + user
          + " came at "
          + since
          + " without the history";
    }
  }

  /**
   * The policy keeps the keys of the group inside elements.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which
   * @param operation what would take a key to the host
   */
  record ResourceRefused(GroupId group, KeyOperation operation) implements Denial {
    @Override
    public String message() {
      return "the policy of group "
          + group
          + " is for work inside elements, which "
          + operation
          + " is not";
    }
  }

  /**
   * The policy does not have the algorithm.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which
   * @param algorithm what was asked
   * @param permitted what there is
   */
  record AlgorithmRefused(GroupId group, KeyAlgorithm algorithm, Set<KeyAlgorithm> permitted)
      implements Denial {

    /**
     * Copies the set.
     *
     * @param group as above
     * @param algorithm as above
     * @param permitted as above
     */
    public AlgorithmRefused {
      permitted = Set.copyOf(permitted);
    }

    @Override
    public String message() {
      return "the policy of group "
          + group
          + " has no keys of "
          + algorithm
          + ", only of "
          + permitted;
    }
  }

  /**
   * A period is longer than the policy has it, or has no end.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which
   * @param period the originator-usage or the recipient-usage period
   * @param most the longest one in seconds, for the second one counted from the end of the first
   * @param asked in seconds, or empty if it has no end
   */
  record PeriodTooLong(GroupId group, KeyAttribute period, long most, OptionalLong asked)
      implements Denial {
    @Override
    public String message() {
      return "group "
          + group
          + " has periods ("
          + period
          + ") of up to "
          + most
          + " s, not "
          + (asked.isPresent() ? asked.getAsLong() + " s" : "without end")
          + "; ask for a shorter one";
    }
  }

  /**
   * A key would have more uses than the policy has.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which
   * @param most most uses
   * @param asked what was asked, 0 for no limit
   */
  record LimitTooHigh(GroupId group, long most, long asked) implements Denial {
    @Override
    public String message() {
      return "group "
          + group
          + " has keys of up to "
          + most
          + " uses, not "
          + (asked == 0 ? "without limit" : asked);
    }
  }

  /**
   * The group has as many keys as the policy lets it have.
   *
   * <p>Thread safety: immutable.
   *
   * @param group which
   * @param most most keys that protect or will
   * @param present how many there are
   */
  record TooManyKeys(GroupId group, long most, long present) implements Denial {
    @Override
    public String message() {
      return "group "
          + group
          + " has "
          + present
          + " keys, its policy permits "
          + most
          + "; deactivate one, or change the policy";
    }
  }

  /**
   * Destruction has to be announced for longer.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which
   * @param earliest the earliest time that the policy permits
   * @param asked the time that was asked
   */
  record DestructionTooSoon(KeyId key, ElementTime earliest, ElementTime asked) implements Denial {
    @Override
    public String message() {
      return "key " + key + " may be destroyed at " + earliest + ", not at " + asked;
    }
  }

  /**
   * Other administrators have to approve, and have not.
   *
   * <p>Thread safety: immutable.
   *
   * @param group whose policy says so
   * @param needed how many
   */
  record ApprovalsMissing(GroupId group, int needed) implements Denial {
    @Override
    public String message() {
      return "the policy of group "
          + group
          + " has "
          + needed
          + " administrators approve of this; change the policy, or have them do so";
    }
  }

  /**
   * What the element enforces is against it.
   *
   * <p>Thread safety: immutable.
   *
   * @param refusal why
   */
  record ByKeyRules(KeyRefusal refusal) implements Denial {
    @Override
    public String message() {
      return String.valueOf(KeyRefusedException.of(refusal).getMessage());
    }
  }

  /**
   * No group has all of them as members.
   *
   * <p>Thread safety: immutable.
   *
   * @param users who protects, and all recipients
   */
  record NoCommonGroup(Set<UserId> users) implements Denial {

    /**
     * Copies the set.
     *
     * @param users as above
     */
    public NoCommonGroup {
      users = Set.copyOf(users);
    }

    @Override
    public String message() {
      return "no group has all "
          + users.size()
          + " users as members; have the administrator make one";
    }
  }

  /**
   * Groups have all of them as members, and no key of these can be used now.
   *
   * <p>Thread safety: immutable.
   *
   * @param groups which
   */
  record NoUsableKey(Set<GroupId> groups) implements Denial {

    /**
     * Copies the set.
     *
     * @param groups as above
     */
    public NoUsableKey {
      groups = Set.copyOf(groups);
    }

    @Override
    public String message() {
      return "none of " + groups.size() + " common groups has a key that can be used now";
    }
  }

  /**
   * Every key that could be used is read by more users than it is for.
   *
   * <p>Thread safety: immutable.
   *
   * @param group the smallest group with such a key
   * @param readers who else would read
   */
  record MoreReaders(GroupId group, Set<UserId> readers) implements Denial {

    /**
     * Copies the set.
     *
     * @param group as above
     * @param readers as above
     */
    public MoreReaders {
      readers = Set.copyOf(readers);
    }

    @Override
    public String message() {
      return "the smallest group that could be used, "
          + group
          + ", has "
          + readers.size()
          + " more readers; accept them, or have the administrator make a group";
    }
  }
}
