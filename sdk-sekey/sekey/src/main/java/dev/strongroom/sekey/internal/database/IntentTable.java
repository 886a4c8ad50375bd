// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was begun with the element and not ended; one thing at most.
 *
 * <p>Thread safety: as the connection.
 */
final class IntentTable {

  private final Statements statements;

  IntentTable(Statements statements) {
    this.statements = statements;
  }

  void put(Bytes steps) throws SQLException {
    statements.run("insert into intents (one, steps) values (1, ?)", steps);
  }

  void remove() throws SQLException {
    statements.run("delete from intents");
  }

  Optional<Bytes> pending() throws SQLException {
    List<Bytes> found = new ArrayList<>();
    statements.query("select steps from intents", row -> found.add(Statements.bytes(row, 1)));
    return found.stream().findFirst();
  }
}
