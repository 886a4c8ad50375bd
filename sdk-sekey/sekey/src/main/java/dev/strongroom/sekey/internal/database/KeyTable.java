// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.KeyEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys without their values.
 *
 * <p>Thread safety: as the connection.
 */
final class KeyTable {

  private final Statements statements;

  KeyTable(Statements statements) {
    this.statements = statements;
  }

  void put(KeyEntry key) throws SQLException {
    statements.run(
        "insert into keys (id, group_id, attributes, made, ended, compromised)"
            + " values (?, ?, ?, ?, ?, ?) on conflict (id) do update set"
            + " attributes = excluded.attributes, ended = excluded.ended,"
            + " compromised = excluded.compromised",
        key.id().bytes(),
        key.group().bytes(),
        key.attributes().encode(),
        key.made().seconds(),
        key.ended().seconds(),
        key.compromised().seconds());
  }

  void remove(KeyId id) throws SQLException {
    statements.run("delete from keys where id = ?", id.bytes());
  }

  void load(DirectoryDraft draft)
      throws SQLException, SubjectNotFoundException, KeyRefusedException {
    List<KeyEntry> keys = new ArrayList<>();
    statements.query(
        "select attributes, made, ended, compromised from keys", row -> keys.add(key(row)));
    for (KeyEntry key : keys) {
      draft.put(key);
    }
  }

  private static KeyEntry key(ResultSet row) throws SQLException {
    return new KeyEntry(
        KeyAttributes.parse(Statements.bytes(row, 1)),
        new ElementTime(row.getLong(2)),
        new ElementTime(row.getLong(3)),
        new ElementTime(row.getLong(4)));
  }
}
