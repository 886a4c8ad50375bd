// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is in which group.
 *
 * <p>Thread safety: as the connection.
 */
final class MembershipTable {

  private final Statements statements;

  MembershipTable(Statements statements) {
    this.statements = statements;
  }

  void put(Membership membership) throws SQLException {
    statements.run(
        "insert into memberships (group_id, user_id, since, history) values (?, ?, ?, ?)"
            + " on conflict (group_id, user_id) do update set since = excluded.since,"
            + " history = excluded.history",
        membership.group().bytes(),
        membership.user().bytes(),
        membership.since().seconds(),
        membership.history().number());
  }

  void remove(GroupId group, UserId user) throws SQLException {
    statements.run(
        "delete from memberships where group_id = ? and user_id = ?", group.bytes(), user.bytes());
  }

  void load(DirectoryDraft draft) throws SQLException, SubjectNotFoundException {
    List<Membership> memberships = new ArrayList<>();
    statements.query(
        "select group_id, user_id, since, history from memberships",
        row -> memberships.add(membership(row)));
    for (Membership membership : memberships) {
      draft.put(membership);
    }
  }

  private static Membership membership(ResultSet row) throws SQLException {
    return new Membership(
        new GroupId(Statements.bytes(row, 1)),
        new UserId(Statements.bytes(row, 2)),
        new ElementTime(row.getLong(3)),
        History.of(row.getInt(4)).orElseThrow());
  }
}
