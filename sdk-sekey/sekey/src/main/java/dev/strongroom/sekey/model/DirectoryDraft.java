// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyDecision;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.sekey.AlreadyTakenException;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.SubjectNotFoundException.Kind;
import dev.strongroom.sekey.model.Directory.Content;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A directory on its way to another one. Each change leaves it whole: names are one's own, a
 * membership has its user and group, a key its group, and no key becomes what it cannot become. A
 * change that is refused changes nothing.
 *
 * <p>What is not touched is shared with the directory that it came from; a map is copied when it is
 * changed first, the longest, of all keys, when a key comes or goes.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class DirectoryDraft {

  private Map<UserId, User> users;
  private Map<Name, UserId> userNames;
  private Map<Bytes, UserId> serialNumbers = Map.of();
  private Map<GroupId, Content> groups;
  private Map<Name, GroupId> groupNames;
  private Map<UserId, Set<GroupId>> groupsOf;
  private Map<KeyId, GroupId> groupOfKey;

  /** Whose sets, and which groups' maps, are this draft's own. */
  private final Set<UserId> ownSets = new HashSet<>();

  private final Set<GroupId> ownGroups = new HashSet<>();
  private boolean usersOwned;
  private boolean groupsOwned;
  private boolean setsOwned;
  private boolean keysOwned;

  DirectoryDraft(Directory from) {
    users = from.users;
    userNames = from.userNames;
    groups = from.groups;
    groupNames = from.groupNames;
    groupsOf = from.groupsOf;
    groupOfKey = from.groupOfKey;
  }

  /**
   * Adds a user, or changes one.
   *
   * @param user as it shall be
   * @return this
   * @throws AlreadyTakenException if another user has the name, or the element
   */
  public DirectoryDraft put(User user) throws AlreadyTakenException {
    UserId named = userNames.get(user.name());
    if (named != null && !named.equals(user.id())) {
      throw new AlreadyTakenException(AlreadyTakenException.Part.USER_NAME, user.name().toString());
    }
    ownUsers();
    Optional<Bytes> serial = user.element().map(UserElement::serialNumber);
    UserId holder = serial.map(serialNumbers::get).orElse(null);
    if (holder != null && !holder.equals(user.id())) {
      throw new AlreadyTakenException(
          AlreadyTakenException.Part.ELEMENT, serial.orElseThrow().toString());
    }
    forget(user.id());
    users.put(user.id(), user);
    userNames.put(user.name(), user.id());
    serial.ifPresent(number -> serialNumbers.put(number, user.id()));
    return this;
  }

  /**
   * Adds a group, or changes one.
   *
   * @param group as it shall be
   * @return this
   * @throws AlreadyTakenException if another group has the name
   */
  public DirectoryDraft put(Group group) throws AlreadyTakenException {
    GroupId named = groupNames.get(group.name());
    if (named != null && !named.equals(group.id())) {
      throw new AlreadyTakenException(
          AlreadyTakenException.Part.GROUP_NAME, group.name().toString());
    }
    ownGroups();
    Content before = groups.get(group.id());
    if (before == null) {
      ownGroups.add(group.id());
      groups.put(group.id(), new Content(group, new HashMap<>(), new HashMap<>(), new HashMap<>()));
    } else {
      groupNames.remove(before.group().name());
      groups.put(group.id(), new Content(group, before.members(), before.keys(), before.active()));
    }
    groupNames.put(group.name(), group.id());
    return this;
  }

  /**
   * Makes a user a member of a group, or changes the membership.
   *
   * @param membership as it shall be
   * @return this
   * @throws SubjectNotFoundException if there is no such user or group
   */
  public DirectoryDraft put(Membership membership) throws SubjectNotFoundException {
    require(users.containsKey(membership.user()), Kind.USER, membership.user().bytes());
    own(membership.group()).members().put(membership.user(), membership);
    ownSet(membership.user()).add(membership.group());
    return this;
  }

  /**
   * Adds a key, or changes one.
   *
   * @param key as it shall be
   * @return this
   * @throws SubjectNotFoundException if there is no such group
   * @throws KeyRefusedException if the key cannot become so: by {@link KeyRules#accept(
   *     dev.strongroom.core.keys.KeyAttributes, dev.strongroom.core.keys.KeyAttributes)}
   */
  public DirectoryDraft put(KeyEntry key) throws SubjectNotFoundException, KeyRefusedException {
    Optional<KeyEntry> before = key(key.id());
    if (before.isPresent()
        && KeyRules.accept(before.get().attributes(), key.attributes())
            instanceof KeyDecision.Refused refused) {
      throw KeyRefusedException.of(refused.refusal());
    }
    Content content = own(key.group());
    content.keys().put(key.id(), key);
    if (key.state() == KeyState.ACTIVE) {
      content.active().put(key.id(), key);
    } else {
      content.active().remove(key.id());
    }
    if (before.isEmpty()) {
      ownKeys();
      groupOfKey.put(key.id(), key.group());
    }
    return this;
  }

  /**
   * Ends a membership.
   *
   * @param group the group
   * @param user the member
   * @return this
   * @throws SubjectNotFoundException if there is no such membership
   */
  public DirectoryDraft removeMember(GroupId group, UserId user) throws SubjectNotFoundException {
    Content content = groups.get(group);
    require(content != null && content.members().containsKey(user), Kind.MEMBERSHIP, group.bytes());
    own(group).members().remove(user);
    ownSet(user).remove(group);
    return this;
  }

  /**
   * What the draft says now of a user.
   *
   * @param id who
   * @return the user
   * @throws SubjectNotFoundException if there is none
   */
  public User requireUser(UserId id) throws SubjectNotFoundException {
    return Optional.ofNullable(users.get(id))
        .orElseThrow(() -> new SubjectNotFoundException(Kind.USER, id.bytes()));
  }

  /**
   * What the draft says now of a group.
   *
   * @param id which
   * @return the group
   * @throws SubjectNotFoundException if there is none
   */
  public Group requireGroup(GroupId id) throws SubjectNotFoundException {
    return Optional.ofNullable(groups.get(id))
        .map(Content::group)
        .orElseThrow(() -> new SubjectNotFoundException(Kind.GROUP, id.bytes()));
  }

  /**
   * What the draft says now of a key.
   *
   * @param id which
   * @return the key
   * @throws SubjectNotFoundException if there is none
   */
  public KeyEntry requireKey(KeyId id) throws SubjectNotFoundException {
    return key(id).orElseThrow(() -> new SubjectNotFoundException(Kind.KEY, id.bytes()));
  }

  /**
   * Ends the change. The draft goes on from there.
   *
   * @return the directory as the draft says
   */
  public Directory publish() {
    Directory published = new Directory(users, userNames, groups, groupNames, groupsOf, groupOfKey);
    ownSets.clear();
    ownGroups.clear();
    usersOwned = false;
    groupsOwned = false;
    setsOwned = false;
    keysOwned = false;
    return published;
  }

  private void ownUsers() {
    if (!usersOwned) {
      users = new HashMap<>(users);
      userNames = new HashMap<>(userNames);
      serialNumbers = new HashMap<>();
      for (User user : users.values()) {
        user.element().ifPresent(element -> serialNumbers.put(element.serialNumber(), user.id()));
      }
      usersOwned = true;
    }
  }

  private void ownGroups() {
    if (!groupsOwned) {
      groups = new HashMap<>(groups);
      groupNames = new HashMap<>(groupNames);
      groupsOwned = true;
    }
  }

  private void ownKeys() {
    if (!keysOwned) {
      groupOfKey = new HashMap<>(groupOfKey);
      keysOwned = true;
    }
  }

  private Content own(GroupId id) throws SubjectNotFoundException {
    Content content = groups.get(id);
    if (content == null) {
      throw new SubjectNotFoundException(Kind.GROUP, id.bytes());
    }
    if (!ownGroups.add(id)) {
      return content;
    }
    ownGroups();
    Content own =
        new Content(
            content.group(),
            new HashMap<>(content.members()),
            new HashMap<>(content.keys()),
            new HashMap<>(content.active()));
    groups.put(id, own);
    return own;
  }

  private Set<GroupId> ownSet(UserId user) {
    if (!setsOwned) {
      groupsOf = new HashMap<>(groupsOf);
      setsOwned = true;
    }
    Set<GroupId> set = groupsOf.get(user);
    if (set == null || ownSets.add(user)) {
      set = set == null ? new HashSet<>() : new HashSet<>(set);
      ownSets.add(user);
      groupsOf.put(user, set);
    }
    return set;
  }

  private void forget(UserId id) {
    User before = users.get(id);
    if (before != null) {
      userNames.remove(before.name());
      before.element().ifPresent(element -> serialNumbers.remove(element.serialNumber()));
    }
  }

  private Optional<KeyEntry> key(KeyId id) {
    GroupId group = groupOfKey.get(id);
    Content content = group == null ? null : groups.get(group);
    return content == null ? Optional.empty() : Optional.ofNullable(content.keys().get(id));
  }

  private static void require(boolean there, Kind kind, Bytes id) throws SubjectNotFoundException {
    if (!there) {
      throw new SubjectNotFoundException(kind, id);
    }
  }
}
