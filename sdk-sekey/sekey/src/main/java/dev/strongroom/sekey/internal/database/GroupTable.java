// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.sekey.AlreadyTakenException;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.Name;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Groups, and the policies that they have and had: a key names the one under which it was made.
 *
 * <p>Thread safety: as the connection.
 */
final class GroupTable {

  private final Statements statements;

  GroupTable(Statements statements) {
    this.statements = statements;
  }

  void put(Group group) throws SQLException {
    Bytes policy = group.policy().hash();
    statements.run(
        "insert into policies (hash, encoding) values (?, ?) on conflict do nothing",
        policy,
        group.policy().encode());
    statements.run(
        "insert into groups (id, name, state, policy) values (?, ?, ?, ?) on conflict (id) do"
            + " update set name = excluded.name, state = excluded.state, policy = excluded.policy",
        group.id().bytes(),
        group.name().text(),
        group.state().number(),
        policy);
  }

  void remove(GroupId id) throws SQLException {
    statements.run("delete from groups where id = ?", id.bytes());
  }

  /** Of groups that a user is no longer in, nothing stays. */
  void removeUnusedPolicies() throws SQLException {
    statements.run("delete from policies where hash not in (select policy from groups)");
  }

  void load(DirectoryDraft draft) throws SQLException, AlreadyTakenException {
    List<Group> groups = new ArrayList<>();
    Map<Bytes, GroupPolicy> policies = new HashMap<>(); // most groups share a few
    statements.query(
        "select g.id, g.name, g.state, p.encoding from groups g join policies p"
            + " on p.hash = g.policy",
        row -> groups.add(group(row, policies)));
    for (Group group : groups) {
      draft.put(group);
    }
  }

  private static Group group(ResultSet row, Map<Bytes, GroupPolicy> policies) throws SQLException {
    return new Group(
        new GroupId(Statements.bytes(row, 1)),
        new Name(row.getString(2)),
        policies.computeIfAbsent(Statements.bytes(row, 4), GroupPolicy::parse),
        GroupState.of(row.getInt(3)).orElseThrow());
  }
}
