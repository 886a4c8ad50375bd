// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.notes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SecureDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("jdk25")
class NotesTest {

  private static final String PIN = "2468";
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void aPersonsFirstNotes() throws IOException {
    assertThat(run("add", "Berry pie", "400 g of berries, sugar")).isEqualTo("0 note 1\n");
    assertThat(run("add", "Bank", "the number is 1234")).isEqualTo("0 note 2\n");
    assertThat(run("list")).isEqualTo("0 2  Bank\n1  Berry pie\n");
    assertThat(run("find", "sug BERRIES")).isEqualTo("0 1  Berry pie\n");
    assertThat(run("show", "2")).startsWith("0 Bank\n").endsWith("\n\nthe number is 1234\n");
    assertThat(run("backup", folder.resolve("copy").toString())).isEqualTo("0 ");
    assertThat(run("remove", "1")).isEqualTo("0 ");
    assertThat(run("find", "pie")).isEqualTo("0 ");
    assertThat(in("copy", "find", "pie")).isEqualTo("0 1  Berry pie\n");
    assertNothingIsReadable();
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(run("add", "Bank")).startsWith("2 usage: add TITLE TEXT");
    assertThat(run()).startsWith("2 usage:");
    assertThat(run("add", "", "text")).startsWith("1 the notes were not changed").contains("title");
    assertThat(run("show", "7")).isEqualTo("1 there is no note 7\n");
    assertThat(run("show", "Bank")).startsWith("1 a note has a number");
    assertThat(run(Map.of("STRONGROOM_PIN", "0000"), "notes", "list"))
        .startsWith("1 wrong user PIN");
    assertThat(run(Map.of(), "notes", "list")).startsWith("1 a PIN is missing");
  }

  @Test
  void severalNotesAreAddedTogetherOrNotAtAll() throws Exception {
    try (SecureElement element = element();
        ElementSession session = login(element);
        Notes notes = Notes.open(session, folder.resolve("notes"), CLOCK)) {
      Map<String, String> some = new LinkedHashMap<>();
      some.put("one", "first");
      some.put("", "no title");
      assertThatThrownBy(() -> notes.addAll(some)).isInstanceOf(SQLException.class);
      assertThat(notes.all()).isEmpty();
      some.remove("");
      some.put("two", "second \" quoted");
      assertThat(notes.addAll(some)).containsExactly(1L, 2L);
      assertThat(notes.find("\"")).isEmpty();
      assertThat(notes.find("quot"))
          .containsExactly(new Note(2, "two", "second \" quoted", Instant.EPOCH));
    }
  }

  @Test
  void notesOfAnEarlierVersionAreKept() throws Exception {
    Path place = folder.resolve("notes");
    try (SecureElement element = element();
        ElementSession session = login(element)) {
      try (SecureDatabase database =
              SecureDatabase.open(session, place, "notes.db", DatabaseOptions.defaults());
          Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        Schema.migrate(connection, 1);
        statement.execute("insert into note (title, text) values ('old', 'from version one')");
      }
      try (Notes notes = Notes.open(session, place, CLOCK)) {
        assertThat(notes.find("version"))
            .containsExactly(new Note(1, "old", "from version one", Instant.EPOCH));
      }
      try (SecureDatabase database =
              SecureDatabase.open(session, place, "notes.db", DatabaseOptions.defaults());
          Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("pragma user_version = 9");
      }
      assertThatThrownBy(() -> Notes.open(session, place, CLOCK))
          .hasMessage("the notes are of version 9, this program knows 2; use a newer program");
    }
  }

  private String run(String... arguments) {
    return in("notes", arguments);
  }

  private String in(String place, String... arguments) {
    return run(
        Map.of("STRONGROOM_PIN", PIN, "STRONGROOM_ADMIN_PIN", "administrator"), place, arguments);
  }

  /** The exit code and what was printed; the copy is opened with the element of the notes. */
  private String run(Map<String, String> pins, String place, String... arguments) {
    Map<String, String> environment = new LinkedHashMap<>(pins);
    environment.put("NOTES_FOLDER", folder.resolve(place).toString());
    environment.put("NOTES_ELEMENT", "sim:" + folder.resolve("notes.element"));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(printed, true, UTF_8);
    int code = new Main(environment, stream, stream).run(List.of(arguments));
    return code + " " + printed.toString(UTF_8);
  }

  private SecureElement element() throws IOException {
    SecureElement element = SecureElement.open("sim:" + folder.resolve("notes.element"));
    try (SecretBytes user = SecretBytes.encode(PIN.toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
    }
    return element;
  }

  private static ElementSession login(SecureElement element) throws IOException {
    try (SecretBytes user = SecretBytes.encode(PIN.toCharArray())) {
      return element.login(user);
    }
  }

  private void assertNothingIsReadable() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as("%s", file)
            .doesNotContain("berries", "SQLite format", "create table");
      }
    }
  }
}
