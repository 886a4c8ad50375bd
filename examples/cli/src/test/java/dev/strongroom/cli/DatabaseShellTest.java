// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL at a prompt, from a script and in the command line. */
class DatabaseShellTest {

  @TempDir Path temporary;

  private VolumeFixture at;

  @BeforeEach
  void makeVolume() throws IOException {
    at = new VolumeFixture(temporary);
  }

  @Test
  @Tag("jdk25")
  void aScriptMakesADatabaseThatNobodyElseReads() throws IOException {
    Cli.Result made =
        script(
            """
            -- a comment; with a semicolon
            create table person (
              id integer primary key,
              name text not null
            );
            insert into person (name) values ('Anna; or not'), ('Ben');
            select * from person order by id\
            """);
    assertThat(made.ok().out())
        .isEqualTo("id  name\n--  ------------\n 1  Anna; or not\n 2  Ben\n2 rows changed\n");
    assertThat(new String(Files.readAllBytes(at.hostFile("people.db")), ISO_8859_1))
        .doesNotContain("Anna", "SQLite format", "person");
    assertThat(shell("--read-only", "-c", "select count(*) as n from person").ok().out())
        .isEqualTo("n\n-\n2\n");
    assertThat(script(".tables\n.schema PERSON\n").ok().out())
        .isEqualTo(
            "person\nCREATE TABLE person (\n  id integer primary key,\n  name text not null\n);\n");
  }

  @Test
  void aTableIsAligned() {
    String values =
        "select 'Zo\u00eb' as name, 7 as number, x'00ff' as bytes, null as rest"
            + " union all select 'Zoe\u0308', -12, zeroblob(20), 1.5"
            + " union all select '\u5f20\u4f1f', 3, x'', 'a' || char(10) || char(27) || 'b'";
    assertThat(shell("-c", values).ok().out().lines())
        .containsExactly(
            "name  number  bytes" + " ".repeat(46) + "rest",
            "----  ------  " + "-".repeat(49) + "  -----",
            "Zo\u00eb        7  x'00ff'" + " ".repeat(44) + "NULL",
            "Zoe\u0308      -12  x'" + "00".repeat(16) + "...' (20 bytes)  1.5",
            "\u5f20\u4f1f       3  x''" + " ".repeat(48) + "a\\n?b");
    assertThat(shell("-c", "select 1 as a where 0").ok().out()).isEqualTo("a\n-\n");
  }

  @Test
  void programsGetJsonAndCsv() {
    String query =
        "select 1 as a, 'x,\"y' as b, null as c, x'0a' as a, 1e300 * 1e300 as d, '' as e";
    assertThat(shell("--json", "-c", query + "; select 0.1 as f").ok().out())
        .isEqualTo(
            """
            {"a":1,"a:1":"0a","b":"x,\\"y","c":null,"d":9e999,"e":""}
            {"f":0.1}
            """);
    assertThat(shell("--csv", "-c", query).ok().out())
        .isEqualTo("a,b,c,a,d,e\r\n1,\"x,\"\"y\",,0a,Infinity,\"\"\r\n");
    shell("--csv", "--json").failed(ExitCode.USAGE, "--json", "--csv");
  }

  @Test
  void aScriptEndsAtTheFirstErrorAndSaysWhere() {
    script(
            """
            create table t (a unique);
            insert into t values (1);

              insert into t
            values (1); x;
            """)
        .failed(ExitCode.SQL, "line 4: UNIQUE constraint failed: t.a");
    assertThat(shell("--csv", "-c", "select * from t").ok().out()).isEqualTo("a\r\n1\r\n");
    shell("-c", "select 1; select * frm t; select 2")
        .failed(ExitCode.SQL, "strongroom: near \"frm\": syntax error\n");
    script("select (1").failed(ExitCode.SQL, "line 1: incomplete input");
    script("select 1;\n.nothing\n").failed(ExitCode.USAGE, ".nothing is no command", ".help");
    shell("-c", "attach 'plain.db' as p").failed(ExitCode.SQL, "ATTACH");
    shell("--read-only", "-c", "delete from t").failed(ExitCode.SQL, "--read-only");
  }

  @Test
  void aTransactionLastsOverStatementsAndAnUnfinishedOneIsUndone() {
    script("create table t (a); begin; insert into t values (1); commit;").ok();
    Cli.Result left = script("begin; insert into t values (2); select count(*) as n from t;");
    left.failed(ExitCode.PARTLY, "ended in a transaction", "rolled back");
    assertThat(left.out()).startsWith("n\n-\n2\n");
    script("begin; insert into t values (3); selec 1;")
        .failed(ExitCode.SQL, "\"selec\": syntax error", "was rolled back");
    assertThat(shell("--csv", "-c", "select count(*) from t").ok().out())
        .isEqualTo("count(*)\r\n1\r\n");
  }

  @Test
  @Tag("jdk25")
  void aPersonIsAskedForMoreAndGoesOnAfterAnError() {
    Cli.Result talked =
        typed(
            """
            create table t (a);
            insert into t
            values (5), (6);
            select *

            nonsense;
            selec;select a + 1 as b from t;
            .help
            .quit
            select 'not any more';
            """);
    assertThat(talked.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(talked.out()).isEqualTo("b\n-\n6\n7\n");
    assertThat(talked.err())
        .startsWith("SQLite 3.")
        .contains(
            "sql> ...> 2 rows changed\nsql> ...> ...> strongroom: near \"nonsense\"", ".tables")
        .contains("near \"selec\": syntax error")
        .doesNotContain("line ");
    assertThat(typed("begin;\ninsert into t values (7);\n").err())
        .contains("ended in a transaction");
  }

  @Test
  void whatIsNoDatabaseIsNotOpened() throws IOException {
    at.run("put", at.volume, at.large("picture", 10_000)).ok();
    at.run("db", "shell", at.volume, "picture", "-c", "select 1")
        .failed(ExitCode.INTEGRITY, "/picture cannot be used as a database", "not a database");
    at.run("mkdir", at.volume, "d").ok();
    at.run("db", "shell", at.volume, "d").failed(ExitCode.USAGE, "/d: is a directory");
    at.run("db", "shell", at.volume, "none/x.db", "-c", "select 1").failed(ExitCode.NAME, "none");
    at.run("db", "shell", at.volume, "none.db", "--read-only")
        .failed(ExitCode.NAME, "/none.db: not in the volume");
    at.run("db", "check", at.volume, "none.db").failed(ExitCode.NAME, "/none.db: not in the");
    at.run("db", "shell", at.folder.resolve("none"), "a.db").failed(ExitCode.NAME, "no volume");
    at.run("db", "shell", at.volume, "").failed(ExitCode.USAGE, "a path is empty");
    assertThat(at.run("ls", at.volume).ok().out()).isEqualTo("d\npicture\n");
    new Cli()
        .set("STRONGROOM_PIN", "0000")
        .run("db", "shell", at.volume, "a.db")
        .failed(ExitCode.LOGIN, "wrong user PIN");
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    Cli.withPin()
        .reading(new byte[] {'s', 'e', 'l', 'e', 'c', 't', ' ', (byte) 0xe4, ';', '\n'})
        .run("db", "shell", at.volume, "a.db")
        .failed(ExitCode.USAGE, "line 1 or a later one is not UTF-8");
  }

  @Test
  void onlyWhatChangesRowsIsCounted() {
    assertThat(
            shell("-c", "create table t (x); insert into t values (1), (2); begin; commit")
                .ok()
                .out())
        .isEqualTo("2 rows changed\n");
  }

  @Test
  void aCheckFindsDamageAndReferencesToNothing() throws IOException {
    script(
            """
            create table a (id integer primary key);
            create table b (id integer primary key, a references a, filling);
            with recursive n(i) as (select 1 union all select i + 1 from n where i < 20)
              insert into b select i, null, randomblob(3000) from n;
            """)
        .ok();
    assertThat(at.run("db", "check", at.volume, "people.db").ok().out())
        .isEqualTo("/people.db: whole\n");
    script("pragma foreign_keys = off; update b set a = 9 where id = 3;").ok();
    Cli.Result dangling = check();
    assertThat(dangling.exitCode()).isEqualTo(ExitCode.INTEGRITY);
    assertThat(dangling.out())
        .isEqualTo(
            """
            row 3 of b refers to a row of a that is not there
            /people.db: 1 problem, see above
            """);
    assertThat(at.run("db", "check", at.volume, "people.db", "--quick").ok().out())
        .isEqualTo("/people.db: whole\n");
    Path host = at.hostFile("people.db");
    byte[] content = Files.readAllBytes(host);
    content[content.length / 2] ^= 1;
    Files.write(host, content);
    check().failed(ExitCode.INTEGRITY, "/people.db", "sector");
  }

  private Cli.Result check() {
    return at.run("db", "check", at.volume, "people.db");
  }

  private Cli.Result script(String text) {
    return Cli.withPin().reading(text).run("db", "shell", at.volume, "people.db");
  }

  private Cli.Result typed(String text) {
    return Cli.withPin().typing().reading(text).run("db", "shell", at.volume, "people.db");
  }

  private Cli.Result shell(String... options) {
    Object[] line = new Object[options.length + 4];
    line[0] = "db";
    line[1] = "shell";
    line[2] = at.volume;
    line[3] = "people.db";
    System.arraycopy(options, 0, line, 4, options.length);
    return at.run(line);
  }
}
