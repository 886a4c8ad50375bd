// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.sekey.audit.AuditOrigin;
import dev.strongroom.sekey.audit.Checkpoint;
import dev.strongroom.sekey.audit.SealedEntry;
import dev.strongroom.sekey.audit.SignedCheckpoint;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The audit log: its name, its entries, and the checkpoints that were made of it. Nothing is ever
 * changed or taken out.
 *
 * <p>Thread safety: as the connection.
 */
final class AuditTable {

  private final Statements statements;

  AuditTable(Statements statements) {
    this.statements = statements;
  }

  void begin(AuditOrigin origin) throws SQLException {
    statements.run(
        "insert into audit_logs (one, log_id, serial_number) values (1, ?, ?)",
        origin.logId(),
        origin.serialNumber());
  }

  Optional<AuditOrigin> origin() throws SQLException {
    List<AuditOrigin> found = new ArrayList<>();
    statements.query(
        "select log_id, serial_number from audit_logs",
        row -> found.add(new AuditOrigin(Statements.bytes(row, 1), Statements.bytes(row, 2))));
    return found.stream().findFirst();
  }

  void append(SealedEntry entry) throws SQLException {
    statements.run(
        "insert into audit_entries (sequence, entry, mac) values (?, ?, ?)",
        entry.sequence(),
        entry.entry(),
        entry.mac());
  }

  Optional<SealedEntry> last() throws SQLException {
    return read("select sequence, entry, mac from audit_entries order by sequence desc limit ?", 1)
        .stream()
        .findFirst();
  }

  /** Entries behind a sequence, ascending, so many at most. */
  List<SealedEntry> after(long sequence, int most) throws SQLException {
    return read(
        "select sequence, entry, mac from audit_entries where sequence > ? order by sequence"
            + " limit ?",
        sequence,
        most);
  }

  private List<SealedEntry> read(String sql, Object... parameters) throws SQLException {
    List<SealedEntry> entries = new ArrayList<>();
    statements.query(
        sql,
        row ->
            entries.add(
                new SealedEntry(
                    row.getLong(1), Statements.bytes(row, 2), Statements.bytes(row, 3))),
        parameters);
    return entries;
  }

  void put(SignedCheckpoint checkpoint) throws SQLException {
    statements.run(
        "insert into audit_checkpoints (sequence, checkpoint, signature) values (?, ?, ?)"
            + " on conflict do nothing",
        checkpoint.checkpoint().sequence(),
        checkpoint.checkpoint().encode(),
        checkpoint.signature());
  }

  Optional<SignedCheckpoint> lastCheckpoint() throws SQLException {
    List<SignedCheckpoint> found = new ArrayList<>();
    statements.query(
        "select checkpoint, signature from audit_checkpoints order by sequence desc limit 1",
        row ->
            found.add(
                new SignedCheckpoint(
                    Checkpoint.parse(Statements.bytes(row, 1)), Statements.bytes(row, 2))));
    return found.stream().findFirst();
  }
}
