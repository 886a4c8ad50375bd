// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.UserId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done with groups and members.
 *
 * <p>Thread safety: thread-safe.
 */
public final class GroupActs {

  private final Administration administration;

  /**
   * The acts of an administration.
   *
   * @param administration which one
   */
  public GroupActs(Administration administration) {
    this.administration = administration;
  }

  /**
   * Adds a group without members and keys.
   *
   * @param name no other group has
   * @param policy of its keys
   * @return the group
   * @throws IOException if the name is taken, or something fails
   */
  public Group add(Name name, GroupPolicy policy) throws IOException {
    Group group = new Group(new GroupId(administration.newId()), name, policy, GroupState.OPEN);
    administration.run(
        AuditAct.GROUP_ADDED, directory -> List.of(new Step.PutGroup(group, AuditAct.GROUP_ADDED)));
    return group;
  }

  /**
   * Gives a group another name.
   *
   * @param group which
   * @param name no other group has
   * @throws IOException if the name is taken, or something fails
   */
  public void rename(GroupId group, Name name) throws IOException {
    administration.run(
        AuditAct.GROUP_CHANGED,
        directory -> List.of(changed(directory.draft().requireGroup(group).withName(name))));
  }

  /**
   * Gives a group another policy.
   *
   * @param group which
   * @param policy for what is done from now on
   * @throws IOException if there is no such group, or something fails
   */
  public void changePolicy(GroupId group, GroupPolicy policy) throws IOException {
    administration.run(
        AuditAct.GROUP_CHANGED,
        directory -> List.of(changed(directory.draft().requireGroup(group).withPolicy(policy))));
  }

  private static Step changed(Group group) {
    return new Step.PutGroup(group, AuditAct.GROUP_CHANGED);
  }

  /**
   * Retires a group: nothing protects with its keys any more, its members process on.
   *
   * @param group which
   * @throws IOException if there is no such group, or something fails
   */
  public void retire(GroupId group) throws IOException {
    administration.run(
        AuditAct.GROUP_RETIRED,
        directory -> {
          Group present = directory.draft().requireGroup(group);
          if (present.state() == GroupState.RETIRED) {
            return List.of();
          }
          List<Step> steps =
              new ArrayList<>(new KeyRenewal(administration, directory, present).end());
          steps.add(
              new Step.PutGroup(present.withState(GroupState.RETIRED), AuditAct.GROUP_RETIRED));
          return steps;
        });
  }

  /**
   * Makes a user a member.
   *
   * @param group of which group
   * @param user who
   * @param history what of earlier keys the member gets
   * @throws IOException if there is no such user or group, or something fails
   */
  public void addMember(GroupId group, UserId user, History history) throws IOException {
    administration.run(
        AuditAct.MEMBER_ADDED,
        directory -> {
          directory.draft().requireGroup(group);
          directory.draft().requireUser(user);
          return directory.membership(group, user).isPresent()
              ? List.of()
              : List.of(
                  new Step.PutMembership(
                      new Membership(group, user, administration.time(), history)));
        });
  }

  /**
   * Ends a membership; those who stay get new keys in the same transaction.
   *
   * @param group of which group
   * @param user who
   * @throws IOException if there is no such membership, or something fails
   */
  public void removeMember(GroupId group, UserId user) throws IOException {
    administration.run(
        AuditAct.MEMBER_REMOVED,
        directory -> {
          Group present = directory.draft().requireGroup(group);
          List<Step> steps = new ArrayList<>();
          steps.add(new Step.RemoveMembership(group, user));
          if (directory.membership(group, user).isPresent()) {
            steps.addAll(withoutOne(administration, directory, present));
          }
          return steps;
        });
  }

  /** The keys of a group that one member is to have no more. */
  static List<Step> withoutOne(Administration administration, Directory directory, Group group)
      throws IOException {
    KeyRenewal renewal = new KeyRenewal(administration, directory, group);
    return directory.membersOf(group.id()).size() > 1 ? renewal.renew() : renewal.end();
  }
}
