// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import static dev.strongroom.sekey.Samples.group;
import static dev.strongroom.sekey.Samples.key;
import static dev.strongroom.sekey.Samples.later;
import static dev.strongroom.sekey.Samples.membership;
import static dev.strongroom.sekey.Samples.user;
import static dev.strongroom.sekey.Samples.userId;
import static dev.strongroom.sekey.internal.database.TestVolume.OWNER;
import static dev.strongroom.sekey.internal.database.TestVolume.PATH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SecureDatabase;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.sekey.audit.AuditOrigin;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserState;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Databases as earlier releases wrote them are opened for ever. */
class SchemaTest {

  /** What {@code database-v1.sql} says, written by the release that made version 1. */
  private static Directory content() throws Exception {
    DirectoryDraft draft = Directory.EMPTY.draft();
    draft.put(user(1)).put(user(2).withState(UserState.BLOCKED));
    draft.put(
        new User(
            userId(3),
            new Name("Zo\u00EB \"O'Neil\"; \uD83D\uDD10"),
            Optional.empty(),
            UserState.ACTIVE));
    draft.put(group(1)).put(group(2, GroupPolicy.builder().mostKeys(2).build()));
    draft.put(membership(1, 1)).put(membership(1, 2)).put(membership(2, 3));
    draft.put(key(1, group(1))).put(key(2, group(1)).changed(KeyState.COMPROMISED, later(9)));
    draft.put(key(3, group(2), KeyAlgorithm.EC_P256, KeyState.PRE_ACTIVE));
    return draft.publish();
  }

  private static void importVersion1(SecureFileSystem volume) throws Exception {
    try (SecureDatabase database = SecureDatabase.open(volume, PATH, DatabaseOptions.defaults());
        Reader script =
            new InputStreamReader(
                Objects.requireNonNull(SchemaTest.class.getResourceAsStream("database-v1.sql")),
                StandardCharsets.UTF_8)) {
      database.importSql(script);
    }
  }

  private static List<String> ask(SecureFileSystem volume, String path, String question)
      throws Exception {
    List<String> answers = new ArrayList<>();
    try (SecureDatabase database = SecureDatabase.open(volume, path, DatabaseOptions.defaults());
        Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      while (row.next()) {
        answers.add(row.getString(1));
      }
    }
    return answers;
  }

  @Test
  void theFirstVersionIsRead() throws Exception {
    try (TestVolume element = new TestVolume();
        SecureFileSystem volume = element.open()) {
      importVersion1(volume);
      try (SeKeyDatabase database = SeKeyDatabase.open(volume, PATH, OWNER)) {
        assertThat(database.directory()).isEqualTo(content());
        assertThat(database.auditOrigin())
            .contains(new AuditOrigin(userId(77).bytes(), OWNER.element()));
        assertThat(database.auditEntries(0, 9)).hasSize(1);
        assertThat(database.lastCheckpoint()).isPresent();
      }
    }
  }

  @Test
  void theFirstVersionNeverChanges() throws Exception {
    String schema = "select sql from sqlite_schema where sql is not null order by name";
    try (TestVolume element = new TestVolume();
        SecureFileSystem volume = element.open()) {
      importVersion1(volume);
      try (SecureDatabase database =
              SecureDatabase.open(volume, "/new.db", DatabaseOptions.defaults());
          Connection connection = database.getConnection()) {
        new Schema(Schema.VERSIONS.subList(0, 1)).create(connection, "/new.db", OWNER);
      }
      assertThat(ask(volume, "/new.db", schema)).isEqualTo(ask(volume, PATH, schema));
      assertThat(ask(volume, PATH, "pragma user_version")).containsExactly("1");
    }
  }

  private static Schema with(String... steps) {
    List<List<String>> versions = new ArrayList<>(Schema.VERSIONS);
    for (String step : steps) {
      versions.add(List.of("create table step" + versions.size() + " (x)", step));
    }
    return new Schema(versions);
  }

  @Test
  void eachStepIsOneTransaction() throws Exception {
    try (TestVolume element = new TestVolume();
        SecureFileSystem volume = element.open()) {
      importVersion1(volume);
      Schema failing =
          with("update users set name = name || '!'", "insert into nowhere values (1)");
      assertThatThrownBy(() -> SeKeyDatabase.open(volume, PATH, OWNER, failing))
          .isInstanceOf(IOException.class);
      assertThat(ask(volume, PATH, "pragma user_version")).containsExactly("3");
      assertThat(ask(volume, PATH, "select count(*) from step2")).containsExactly("0");
      assertThatThrownBy(() -> ask(volume, PATH, "select count(*) from step3"))
          .isInstanceOf(SQLException.class);
      Schema mended = with("update users set name = name || '!'", "select 1");
      try (SeKeyDatabase database = SeKeyDatabase.open(volume, PATH, OWNER, mended)) {
        assertThat(database.directory().userNamed(new Name("user 1!"))).isPresent();
        assertThat(database.directory().users()).hasSize(3);
      }
      assertThat(ask(volume, PATH, "pragma user_version")).containsExactly("4");
      SeKeyDatabase.open(volume, PATH, OWNER, mended).close();
      assertThat(ask(volume, PATH, "select name from users where name like '%!!'")).isEmpty();
    }
  }
}
