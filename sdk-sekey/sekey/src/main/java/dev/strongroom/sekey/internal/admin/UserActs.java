// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.sekey.AlreadyTakenException;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserElement;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.model.UserState;
import dev.strongroom.sekey.policy.KeyProposal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is done with users.
 *
 * <p>Thread safety: thread-safe.
 */
public final class UserActs {

  private static final Set<KeyUsage> PRIVATE_USE =
      EnumSet.of(KeyUsage.ENCRYPTION, KeyUsage.FILE_KEYS);

  private final Administration administration;

  /**
   * The acts of an administration.
   *
   * @param administration which one
   */
  public UserActs(Administration administration) {
    this.administration = administration;
  }

  /**
   * Enrols a user with an element, which from then on believes in the administrator and changes by
   * orders alone. The user gets a group of one, named by the user's id, with a key for private use
   * and one for the user's audit log.
   *
   * @param name no other user has
   * @param element the user's, without records
   * @param elementPin its administrator PIN
   * @return the user
   * @throws IOException if the name or the element is taken, or something fails
   */
  public User enrol(Name name, ElementSession element, SecretBytes elementPin) throws IOException {
    UserElement identity = UserElement.of(element.element().identity());
    if (identity.serialNumber().equals(administration.session().info().serialNumber())) {
      throw new AlreadyTakenException(
          AlreadyTakenException.Part.ELEMENT, identity.serialNumber().toString());
    }
    User user =
        new User(new UserId(administration.newId()), name, Optional.of(identity), UserState.ACTIVE);
    Group own =
        new Group(
            new GroupId(administration.newId()),
            new Name("user " + user.id()),
            GroupPolicy.builder().build(),
            GroupState.OPEN);
    administration.run(
        AuditAct.USER_ADDED,
        directory -> {
          List<Step> steps = new ArrayList<>();
          steps.add(new Step.PutGroup(own, AuditAct.GROUP_ADDED));
          steps.add(key(own, KeyAlgorithm.AES_256, PRIVATE_USE));
          steps.add(key(own, KeyAlgorithm.HMAC_SHA_256, EnumSet.of(KeyUsage.MAC)));
          steps.add(new Step.PutUser(user, AuditAct.USER_ADDED));
          steps.add(
              new Step.PutMembership(
                  new Membership(own.id(), user.id(), administration.time(), History.ALL)));
          administration.rehearse(steps); // before the user's element is touched
          administration.roots().plant(element, elementPin);
          return steps;
        });
    return user;
  }

  private Step key(Group group, KeyAlgorithm algorithm, Set<KeyUsage> usages) throws IOException {
    return KeyRenewal.make(
        administration,
        group,
        KeyProposal.of(algorithm, usages, group.policy(), administration.time()),
        KeyState.ACTIVE);
  }

  /**
   * Gives a user another name.
   *
   * @param user who
   * @param name no other user has
   * @throws IOException if the name is taken, or something fails
   */
  public void rename(UserId user, Name name) throws IOException {
    administration.run(
        AuditAct.USER_CHANGED,
        directory ->
            List.of(
                new Step.PutUser(
                    directory.draft().requireUser(user).withName(name), AuditAct.USER_CHANGED)));
  }

  /**
   * Blocks a user: the next delivery takes everything, and in each group with other members these
   * get new keys in the same transaction.
   *
   * @param user who
   * @throws IOException if there is no such user, or something fails
   */
  public void block(UserId user) throws IOException {
    administration.run(
        AuditAct.USER_BLOCKED,
        directory -> {
          User present = directory.draft().requireUser(user);
          if (present.state() == UserState.BLOCKED) {
            return List.of();
          }
          List<Step> steps = new ArrayList<>();
          steps.add(new Step.PutUser(present.withState(UserState.BLOCKED), AuditAct.USER_BLOCKED));
          steps.addAll(renewals(directory, user));
          return steps;
        });
  }

  private List<Step> renewals(Directory directory, UserId user) throws IOException {
    List<Step> steps = new ArrayList<>();
    for (GroupId id : new TreeSet<>(directory.groupsOf(user))) {
      if (directory.membersOf(id).size() > 1) {
        Group group = directory.group(id).orElseThrow();
        steps.addAll(GroupActs.withoutOne(administration, directory, group));
      }
    }
    return steps;
  }

  /**
   * Lets a user take part again, in the groups of before.
   *
   * @param user who
   * @throws IOException if there is no such user, or something fails
   */
  public void unblock(UserId user) throws IOException {
    administration.run(
        AuditAct.USER_UNBLOCKED,
        directory -> {
          User present = directory.draft().requireUser(user);
          return present.state() == UserState.ACTIVE
              ? List.of()
              : List.of(
                  new Step.PutUser(present.withState(UserState.ACTIVE), AuditAct.USER_UNBLOCKED));
        });
  }
}
