// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that come, go and are copied. */
class DatabaseCommandsTest {

  private static final String SCRIPT =
      """
      create table person (id integer primary key, name text not null);
      insert into person values (1, 'Zo\u00eb'), (2, 'Ben');
      """;

  @TempDir Path temporary;

  private VolumeFixture at;

  @BeforeEach
  void makeVolume() throws IOException {
    at = new VolumeFixture(temporary);
  }

  @Test
  void aScriptComesInAndGoesOutAgain() throws IOException {
    Path script = at.file("people.sql", SCRIPT);
    assertThat(at.run("db", "import", at.volume, "a.db", script).ok().out())
        .startsWith("/a.db: filled from " + script);
    Path out = at.folder.resolve("out.sql");
    assertThat(at.run("db", "export", at.volume, "a.db", out).ok().out())
        .startsWith(out + ": /a.db as SQL, ")
        .endsWith(", in clear\n");
    assertThat(Files.getPosixFilePermissions(out))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.readString(out)).contains("CREATE TABLE person", "'Zo\u00eb'");
    at.run("db", "export", at.volume, "a.db", out).failed(ExitCode.NAME, "--force replaces it");
    at.run("db", "export", at.volume, "a.db", out, "--force").ok();
    Cli.Result printed = at.run("db", "export", at.volume, "a.db").ok();
    assertThat(printed.out()).isEqualTo(Files.readString(out));
    Cli.withPin().reading(printed.out()).run("db", "import", at.volume, "b.db", "-").ok();
    assertThat(at.run("db", "export", at.volume, "b.db").ok().out()).isEqualTo(printed.out());
    assertThat(names("b.db")).isEqualTo("Zo\u00eb\r\nBen\r\n");
  }

  @Test
  @Tag("jdk25")
  void aPlainDatabaseComesInAndStaysAsItIs() throws Exception {
    Path plain = plain();
    byte[] before = Files.readAllBytes(plain);
    at.run("db", "import", at.volume, "a.db", plain).ok();
    assertThat(names("a.db")).isEqualTo("Zo\u00eb\r\nBen\r\n");
    assertThat(plain).hasBinaryContent(before);
    at.run("db", "import", at.volume, "a.db", plain).failed(ExitCode.NAME, "/a.db: is not empty");
    at.run("db", "check", at.volume, "a.db").ok();
  }

  @Test
  void whatCannotBeImportedLeavesNothing() throws Exception {
    Path wrong = at.file("wrong.sql", SCRIPT + "\ninsert into person values (2, 'twice');");
    at.run("db", "import", at.volume, "a.db", wrong)
        .failed(ExitCode.SQL, "statement 3", "line 4", "UNIQUE constraint failed", "nothing");
    byte[] cut = Files.readAllBytes(plain());
    cut[4096] = 0x55; // no kind of page
    Files.write(at.folder.resolve("damaged.db"), cut);
    at.run("db", "import", at.volume, "a.db", at.folder.resolve("damaged.db"))
        .failed(ExitCode.INTEGRITY, "damaged.db");
    Files.write(at.folder.resolve("latin.sql"), new byte[] {'-', '-', (byte) 0xe4, '\n'});
    at.run("db", "import", at.volume, "a.db", at.folder.resolve("latin.sql"))
        .failed(ExitCode.USAGE, "latin.sql: is not UTF-8");
    at.run("db", "import", at.volume, "a.db", at.folder.resolve("none.sql"))
        .failed(ExitCode.NAME, "none.sql: not found");
    assertThat(at.run("ls", at.volume).ok().out()).isEmpty();
  }

  @Test
  @Tag("jdk25")
  void aBackupGoesToAnotherVolumeAndAnotherElement() throws IOException {
    at.run("db", "import", at.volume, "a.db", at.file("people.sql", SCRIPT)).ok();
    assertThat(at.run("db", "backup", at.volume, "a.db", at.volume, "copy.db").ok().out())
        .startsWith(at.volume + ": /copy.db, backup of /a.db, ");
    at.run("db", "backup", at.volume, "a.db", at.volume, "copy.db")
        .failed(ExitCode.NAME, "/copy.db: is there already", "--force");
    assertThat(names("copy.db")).isEqualTo("Zo\u00eb\r\nBen\r\n");

    Path second = at.folder.resolve("second");
    at.run("volume", "init", second, "--element", "sim:" + at.element).ok();
    at.run("db", "backup", at.volume, "a.db", second, "a.db").ok();
    shell(at.volume, "a.db", "delete from person where id = 1");
    at.run("db", "backup", at.volume, "a.db", second, "a.db", "--force").ok();
    assertThat(shell(second, "a.db", "select count(*) as n from person")).isEqualTo("n\r\n1\r\n");

    Path third = at.folder.resolve("third");
    String element = Cli.element(at.folder.resolve("other.element"));
    at.run("volume", "init", third, "--element", element).ok();
    Cli both = Cli.withPin().set("STRONGROOM_TWIN_PIN", Cli.USER_PIN);
    both.run("db", "backup", at.volume, "a.db", third, "a.db").ok();
    assertThat(shell(third, "a.db", "select name from person")).isEqualTo("name\r\nBen\r\n");
    at.run("db", "backup", at.volume, "a.db", third, "b.db")
        .failed(ExitCode.USAGE, "PIN of " + element + " is missing");
    at.run("db", "backup", at.volume, "a.db", at.volume, "a.db", "--force")
        .failed(ExitCode.BUSY, "/a.db: the database is open already", "name another file");
    at.run("db", "backup", at.volume, "none.db", second, "b.db")
        .failed(ExitCode.NAME, "/none.db: not in the volume");
  }

  @Test
  void newKeysEncryptAllOfIt() throws IOException {
    at.run("db", "import", at.volume, "a.db", at.file("people.sql", SCRIPT)).ok();
    byte[] before = Files.readAllBytes(at.hostFile("a.db"));
    assertThat(at.run("db", "rekey", at.volume, "a.db").ok().out())
        .isEqualTo("/a.db: has new keys\n");
    assertThat(Files.readAllBytes(at.hostFile("a.db"))).isNotEqualTo(before);
    assertThat(names("a.db")).isEqualTo("Zo\u00eb\r\nBen\r\n");
    at.run("db", "rekey", at.volume, "none.db").failed(ExitCode.NAME, "/none.db: not in the");
  }

  @Test
  void clearTextDoesNotGoIntoAVolumeOrOverAFile() throws IOException {
    at.run("db", "import", at.volume, "a.db", at.file("people.sql", SCRIPT)).ok();
    at.run("db", "export", at.volume, "a.db", at.volume.resolve("clear.sql"))
        .failed(ExitCode.USAGE, "lies within the volume");
    at.run("db", "export", at.volume, "a.db", at.folder.resolve("none/clear.sql"))
        .failed(ExitCode.NAME, "none: not found");
    at.run("db", "export", at.volume, "none.db", at.folder.resolve("clear.sql"))
        .failed(ExitCode.NAME, "/none.db: not in the volume");
    assertThat(at.folder.resolve("clear.sql")).doesNotExist();
  }

  private Path plain() throws SQLException {
    Path plain = at.folder.resolve("plain.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + plain);
        Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists person (id integer primary key, name text)");
      statement.execute("insert or ignore into person values (1, 'Zo\u00eb'), (2, 'Ben')");
    }
    return plain;
  }

  private String names(String path) {
    return shell(at.volume, path, "select name from person order by id")
        .replaceFirst("name\r\n", "");
  }

  private static String shell(Path volume, String path, String sql) {
    return Cli.withPin().run("db", "shell", volume, path, "--csv", "-c", sql).ok().out();
  }
}
