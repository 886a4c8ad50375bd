// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.database.SqlScript.Statement;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the statements of a script end. */
class SqlScriptTest {

  @Test
  void statementsHaveTheirNumberAndLine() throws IOException {
    assertThat(statements("Commit/* */To 'x' y z a").get(0).words())
        .containsExactly("COMMIT", "TO", "Y", "Z");
    assertThat(statements("-- first\n\nselect 1;\n;;\n/* a;\nb */ insert\n into t; select 2"))
        .containsExactly(
            statement("select 1;", 1, 3, "SELECT", "1"),
            statement("insert\n into t;", 2, 6, "INSERT", "INTO", "T"),
            statement("select 2", 3, 7, "SELECT", "2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select ';', ';''; ', \"a;\"\";\", `;`, [;], 'it''s' -- ; '\n, 2 /* ; ' */, 1 - 1, 4 / 2;",
        "create trigger a after insert on t begin select 1; update t set a = ';'; end;",
        "CREATE TEMP TRIGGER a after insert on t begin select 1; end ;",
        "create temporary trigger a after insert on t begin select 1; -- end;\n end;",
        "explain query plan create trigger a after insert on t begin select 1; end;",
        "create table trigger_log (endless);",
        "create trigger \"end;\" after insert on t begin select case 1 when 1 then 2 end; end;",
        "select '\u00fc\ud83d\ude00;' as \u00fc;",
        "/*/ ; */ select 1;",
      })
  void oneStatement(String text) throws IOException {
    String from = text.startsWith("/*") ? "select 1;" : text;
    assertThat(statements("\ufeff" + text + "\nselect 2;"))
        .extracting(Statement::text)
        .containsExactly(from, "select 2;");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", ";", "-- only\n;", "/* nothing", "--"})
  void none(String text) throws IOException {
    assertThat(statements(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"select 'a;", "select (1", "create trigger a begin select 1;", "x -"})
  void oneThatIsCut(String text) throws IOException {
    assertThat(statements(text + "\n")).extracting(Statement::text).containsExactly(text);
  }

  @Test
  void noMoreIsReadThanAStatementNeeds() throws IOException {
    List<String> lines = List.of("select 1; select\n", "2;\n", "/* a\n", "*/\n", "select 3;\n");
    List<String> asked = new ArrayList<>();
    SqlScript[] script = new SqlScript[1];
    Reader reader =
        new StringReader("") {
          @Override
          public int read(char[] buffer, int offset, int length) {
            if (asked.size() == lines.size()) {
              return -1;
            }
            String line = lines.get(asked.size());
            asked.add(script[0].isWithinStatement() ? "more" : "new");
            line.getChars(0, line.length(), buffer, offset);
            return line.length();
          }
        };
    script[0] = new SqlScript(reader);
    assertThat(script[0].next()).isEqualTo(statement("select 1;", 1, 1, "SELECT", "1"));
    assertThat(asked).containsExactly("new");
    assertThat(script[0].next()).isEqualTo(statement("select\n2;", 2, 1, "SELECT", "2"));
    assertThat(asked).containsExactly("new", "more");
    assertThat(script[0].next()).isEqualTo(statement("select 3;", 3, 5, "SELECT", "3"));
    assertThat(asked).containsExactly("new", "more", "new", "more", "new");
    assertThat(script[0].next()).isNull();
  }

  @Test
  void longStatementsAndPiecesOfAnyLengthMakeNoDifference() throws IOException {
    String value = "'" + "x;".repeat(20_000) + "'";
    assertThat(statements("select " + value + ";select 2;"))
        .extracting(Statement::text)
        .containsExactly("select " + value + ";", "select 2;");
  }

  private static Statement statement(String text, long number, long line, String... words) {
    return new Statement(text, List.of(words), number, line);
  }

  private static List<Statement> statements(String text) throws IOException {
    SqlScript script = new SqlScript(new StringReader(text));
    List<Statement> all = new ArrayList<>();
    for (Statement next = script.next(); next != null; next = script.next()) {
      all.add(next);
    }
    return all;
  }
}
