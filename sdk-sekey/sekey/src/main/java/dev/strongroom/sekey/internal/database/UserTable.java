// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import dev.strongroom.sekey.AlreadyTakenException;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserElement;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.model.UserState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Users with their elements.
 *
 * <p>Thread safety: as the connection.
 */
final class UserTable {

  private final Statements statements;

  UserTable(Statements statements) {
    this.statements = statements;
  }

  void put(User user) throws SQLException {
    @Nullable UserElement element = user.element().orElse(null);
    statements.run(
        "insert into users (id, name, state, serial_number, signing_key, agreement_key)"
            + " values (?, ?, ?, ?, ?, ?) on conflict (id) do update set name = excluded.name,"
            + " state = excluded.state, serial_number = excluded.serial_number,"
            + " signing_key = excluded.signing_key, agreement_key = excluded.agreement_key",
        user.id().bytes(),
        user.name().text(),
        user.state().number(),
        element == null ? null : element.serialNumber(),
        element == null ? null : element.signingKey(),
        element == null ? null : element.agreementKey());
  }

  void remove(UserId id) throws SQLException {
    statements.run("delete from users where id = ?", id.bytes());
  }

  void load(DirectoryDraft draft) throws SQLException, AlreadyTakenException {
    List<User> users = new ArrayList<>();
    statements.query(
        "select id, name, state, serial_number, signing_key, agreement_key from users",
        row -> users.add(user(row)));
    for (User user : users) {
      draft.put(user);
    }
  }

  private static User user(ResultSet row) throws SQLException {
    byte @Nullable [] serialNumber = row.getBytes(4);
    return new User(
        new UserId(Statements.bytes(row, 1)),
        new Name(row.getString(2)),
        serialNumber == null
            ? Optional.empty()
            : Optional.of(
                new UserElement(
                    Bytes.copyOf(serialNumber),
                    Statements.bytes(row, 5),
                    Statements.bytes(row, 6))),
        UserState.of(row.getInt(3)).orElseThrow());
  }
}
