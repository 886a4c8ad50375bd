// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.KeyEntry;
import java.nio.ByteBuffer;
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

  /** Where the ids are in the encoding of attributes, and in a row are not. */
  private static final int BEHIND_ID = KeyId.LENGTH;

  private static final int GROUP = BEHIND_ID + 4;
  private static final int BEHIND_GROUP = GROUP + GroupId.LENGTH;

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
        packed(key.attributes()),
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
        "select id, group_id, attributes, made, ended, compromised from keys",
        row -> keys.add(key(row)));
    for (KeyEntry key : keys) {
      draft.put(key);
    }
  }

  private static Bytes packed(KeyAttributes attributes) {
    byte[] encoded = attributes.encode().toByteArray();
    return Bytes.copyOf(
        ByteBuffer.allocate(encoded.length - KeyId.LENGTH - GroupId.LENGTH)
            .put(encoded, BEHIND_ID, GROUP - BEHIND_ID)
            .put(encoded, BEHIND_GROUP, encoded.length - BEHIND_GROUP)
            .array());
  }

  private static KeyEntry key(ResultSet row) throws SQLException {
    byte[] packed = row.getBytes(3);
    byte[] encoded =
        ByteBuffer.allocate(KeyAttributes.LENGTH)
            .put(row.getBytes(1))
            .put(packed, 0, GROUP - BEHIND_ID)
            .put(row.getBytes(2))
            .put(packed, GROUP - BEHIND_ID, KeyAttributes.LENGTH - BEHIND_GROUP)
            .array();
    return new KeyEntry(
        KeyAttributes.parse(Bytes.copyOf(encoded)),
        new ElementTime(row.getLong(4)),
        new ElementTime(row.getLong(5)),
        new ElementTime(row.getLong(6)));
  }
}
