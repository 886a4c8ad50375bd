// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * All users, groups, memberships and keys that somebody knows, at one moment: what decisions are
 * made on. An administrator's is whole; a user's is what {@link #seenBy(UserId)} leaves of it.
 *
 * <p>Look-ups by id, by name and by member take constant time. A directory is changed by a {@link
 * DirectoryDraft}, which gives another one.
 *
 * <p>Thread safety: immutable.
 */
public final class Directory {

  /** Nobody and nothing. */
  public static final Directory EMPTY =
      new Directory(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  /** A group with what belongs to it; of its keys the active ones once more. */
  record Content(
      Group group,
      Map<UserId, Membership> members,
      Map<KeyId, KeyEntry> keys,
      Map<KeyId, KeyEntry> active) {}

  final Map<UserId, User> users;
  final Map<Name, UserId> userNames;
  final Map<GroupId, Content> groups;
  final Map<Name, GroupId> groupNames;
  final Map<UserId, Set<GroupId>> groupsOf;
  final Map<KeyId, GroupId> groupOfKey;

  Directory(
      Map<UserId, User> users,
      Map<Name, UserId> userNames,
      Map<GroupId, Content> groups,
      Map<Name, GroupId> groupNames,
      Map<UserId, Set<GroupId>> groupsOf,
      Map<KeyId, GroupId> groupOfKey) {
    this.users = users;
    this.userNames = userNames;
    this.groups = groups;
    this.groupNames = groupNames;
    this.groupsOf = groupsOf;
    this.groupOfKey = groupOfKey;
  }

  /**
   * A user.
   *
   * @param id who
   * @return the user, if known
   */
  public Optional<User> user(UserId id) {
    return Optional.ofNullable(users.get(id));
  }

  /**
   * A user by name.
   *
   * @param name the name, exactly
   * @return the user, if there is one
   */
  public Optional<User> userNamed(Name name) {
    return Optional.ofNullable(userNames.get(name)).map(users::get);
  }

  /**
   * A group.
   *
   * @param id which
   * @return the group, if known
   */
  public Optional<Group> group(GroupId id) {
    return content(id).map(Content::group);
  }

  /**
   * A group by name.
   *
   * @param name the name, exactly
   * @return the group, if there is one
   */
  public Optional<Group> groupNamed(Name name) {
    return Optional.ofNullable(groupNames.get(name)).flatMap(this::group);
  }

  /**
   * A membership.
   *
   * @param group the group
   * @param user the user
   * @return the membership, if the user is a member
   */
  public Optional<Membership> membership(GroupId group, UserId user) {
    return content(group).map(content -> content.members().get(user));
  }

  /**
   * A key.
   *
   * @param id which
   * @return the key, if known
   */
  public Optional<KeyEntry> key(KeyId id) {
    return Optional.ofNullable(groupOfKey.get(id))
        .flatMap(this::content)
        .map(content -> content.keys().get(id));
  }

  /**
   * All users.
   *
   * @return in no order
   */
  public Collection<User> users() {
    return Collections.unmodifiableCollection(users.values());
  }

  /**
   * The ids of all groups.
   *
   * @return in no order
   */
  public Set<GroupId> groups() {
    return Collections.unmodifiableSet(groups.keySet());
  }

  /**
   * The ids of all keys.
   *
   * @return in no order
   */
  public Set<KeyId> keys() {
    return Collections.unmodifiableSet(groupOfKey.keySet());
  }

  /**
   * The groups of a user.
   *
   * @param user who
   * @return in no order, none for a user who is not known
   */
  public Set<GroupId> groupsOf(UserId user) {
    return Collections.unmodifiableSet(groupsOf.getOrDefault(user, Set.of()));
  }

  /**
   * The members of a group.
   *
   * @param group which
   * @return in no order, none for a group that is not known
   */
  public Set<UserId> membersOf(GroupId group) {
    return content(group)
        .map(content -> Collections.unmodifiableSet(content.members().keySet()))
        .orElse(Set.of());
  }

  /**
   * The memberships of a group.
   *
   * @param group which
   * @return in no order, none for a group that is not known
   */
  public Collection<Membership> membershipsOf(GroupId group) {
    return content(group)
        .map(content -> Collections.unmodifiableCollection(content.members().values()))
        .orElse(Set.of());
  }

  /**
   * The keys of a group.
   *
   * @param group which
   * @return in no order, none for a group that is not known
   */
  public Collection<KeyEntry> keysOf(GroupId group) {
    return content(group)
        .map(content -> Collections.unmodifiableCollection(content.keys().values()))
        .orElse(Set.of());
  }

  /**
   * The active keys of a group, without a look at the others.
   *
   * @param group which
   * @return in no order, none for a group that is not known
   */
  public Collection<KeyEntry> activeKeysOf(GroupId group) {
    return content(group)
        .map(content -> Collections.unmodifiableCollection(content.active().values()))
        .orElse(Set.of());
  }

  private Optional<Content> content(GroupId group) {
    return Optional.ofNullable(groups.get(group));
  }

  /**
   * What a user needs to know, and may: the user, the user's groups with their policies, the other
   * members of these with their memberships, and the keys that the user's memberships include. A
   * user who is blocked sees nobody else.
   *
   * @param user who
   * @return the part, empty for a user who is not known
   */
  public Directory seenBy(UserId user) {
    User self = users.get(user);
    if (self == null) {
      return EMPTY;
    }
    Map<UserId, User> seen = new HashMap<>();
    Map<Name, UserId> names = new HashMap<>();
    Map<GroupId, Content> contents = new HashMap<>();
    Map<Name, GroupId> groupNamesSeen = new HashMap<>();
    Map<UserId, Set<GroupId>> memberships = new HashMap<>();
    Map<KeyId, GroupId> keys = new HashMap<>();
    seen.put(user, self);
    if (self.state() == UserState.ACTIVE) {
      for (GroupId id : groupsOf(user)) {
        Content content = Objects.requireNonNull(groups.get(id));
        Membership own = Objects.requireNonNull(content.members().get(user));
        Map<KeyId, KeyEntry> included = new HashMap<>();
        for (KeyEntry key : content.keys().values()) {
          if (own.includes(key)) {
            included.put(key.id(), key);
            keys.put(key.id(), id);
          }
        }
        Map<KeyId, KeyEntry> active = new HashMap<>(content.active());
        active.keySet().retainAll(included.keySet());
        contents.put(id, new Content(content.group(), content.members(), included, active));
        groupNamesSeen.put(content.group().name(), id);
        for (UserId member : content.members().keySet()) {
          seen.put(member, Objects.requireNonNull(users.get(member)));
          memberships.computeIfAbsent(member, none -> new HashSet<>()).add(id);
        }
      }
    }
    seen.values().forEach(each -> names.put(each.name(), each.id()));
    return new Directory(seen, names, contents, groupNamesSeen, memberships, keys);
  }

  /**
   * Begins a change.
   *
   * @return a draft of what this directory says
   */
  public DirectoryDraft draft() {
    return new DirectoryDraft(this);
  }

  /**
   * Whether the same is known of the same users, groups, memberships and keys.
   *
   * @param other the other one
   * @return whether nothing differs
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Directory that
        && users.equals(that.users)
        && groups.equals(that.groups);
  }

  @Override
  public int hashCode() {
    return 31 * users.hashCode() + groups.hashCode();
  }

  /**
   * How much there is, and no names.
   *
   * @return for a message
   */
  @Override
  public String toString() {
    return users.size() + " users, " + groups.size() + " groups, " + groupOfKey.size() + " keys";
  }
}
