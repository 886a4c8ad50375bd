// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.notes;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SecureDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Notes in a secure database.
 *
 * <p>Thread safety: thread-safe; each call has a connection of its own.
 */
public final class Notes implements AutoCloseable {

  private static final String FILE = "notes.db";

  private final SecureDatabase database;
  private final Clock clock;

  private Notes(SecureDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Opens the notes in a folder; they are made when they are not there.
   *
   * @param session of the element that holds the keys
   * @param folder the folder on the host
   * @param clock for the times of notes
   * @return the open notes
   * @throws IOException if the database cannot be opened
   * @throws SQLException if its tables cannot be made
   */
  public static Notes open(ElementSession session, Path folder, Clock clock)
      throws IOException, SQLException {
    SecureDatabase database =
        SecureDatabase.open(session, folder, FILE, DatabaseOptions.defaults());
    try (Connection connection = database.getConnection()) {
      Schema.migrate(connection);
    } catch (SQLException e) {
      database.close();
      throw e;
    }
    return new Notes(database, clock);
  }

  /**
   * Adds a note.
   *
   * @param title its title
   * @param text its text
   * @return its number
   * @throws SQLException if it is not added, such as for an empty title
   */
  public long add(String title, String text) throws SQLException {
    return addAll(Map.of(title, text)).get(0);
  }

  /**
   * Adds notes, all or none.
   *
   * @param notes titles with their texts
   * @return their numbers
   * @throws SQLException if none is added, such as for one with an empty title
   */
  public List<Long> addAll(Map<String, String> notes) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into note (title, text, changed) values (?, ?, ?) returning id")) {
        List<Long> ids = new ArrayList<>();
        for (Map.Entry<String, String> note : notes.entrySet()) {
          insert.setString(1, note.getKey());
          insert.setString(2, note.getValue());
          insert.setLong(3, clock.millis());
          try (ResultSet added = insert.executeQuery()) {
            ids.add(added.getLong(1));
          }
        }
        connection.commit(); // durable when it returns
        return ids;
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /**
   * All notes.
   *
   * @return the newest first
   * @throws SQLException if they cannot be read
   */
  public List<Note> all() throws SQLException {
    return query("select id, title, text, changed from note order by id desc");
  }

  /**
   * A note.
   *
   * @param id its number
   * @return the note, if there is one
   * @throws SQLException if it cannot be read
   */
  public Optional<Note> get(long id) throws SQLException {
    return query("select id, title, text, changed from note where id = ?", id).stream().findFirst();
  }

  /**
   * Searches titles and texts.
   *
   * @param words words, or the beginnings of words, which all must be there
   * @return the best first
   * @throws SQLException if they cannot be read
   */
  public List<Note> find(String words) throws SQLException {
    String all =
        Arrays.stream(words.strip().split("\\s+"))
            .map(word -> '"' + word.replace("\"", "\"\"") + "\"*")
            .collect(Collectors.joining(" "));
    return query(
        "select id, note.title, note.text, changed from word join note on note.id = word.rowid"
            + " where word match ? order by rank, id",
        all);
  }

  /**
   * Removes a note.
   *
   * @param id its number
   * @return whether it was there
   * @throws SQLException if it cannot be removed
   */
  public boolean remove(long id) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement delete = connection.prepareStatement("delete from note where id = ?")) {
      delete.setLong(1, id);
      return delete.executeUpdate() > 0;
    }
  }

  /**
   * Copies the notes, encrypted, to another folder, while they can be used.
   *
   * @param session of the element that shall open the copy
   * @param folder the folder on the host; a copy in it is replaced as a whole
   * @throws IOException if they cannot be copied
   */
  public void backup(ElementSession session, Path folder) throws IOException {
    database.backup(session, folder, FILE);
  }

  @Override
  public void close() throws IOException {
    database.close();
  }

  private List<Note> query(String sql, Object... parameters) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      List<Note> notes = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          notes.add(
              new Note(
                  row.getLong("id"),
                  row.getString("title"),
                  row.getString("text"),
                  Instant.ofEpochMilli(row.getLong("changed"))));
        }
      }
      return notes;
    }
  }
}
