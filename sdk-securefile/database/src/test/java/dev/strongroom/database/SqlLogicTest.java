// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.MemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SQLite's own sqllogictest, whose results were compared with those of other databases, on a secure
 * database and on a plain one of the same driver.
 */
class SqlLogicTest {

  private static final String FIRST = "test/select1.test";

  /** Of these, so many records each are executed in every build. */
  private static final List<String> SAMPLE =
      List.of(
          FIRST,
          "test/select2.test",
          "test/select3.test",
          "test/select4.test",
          "test/select5.test",
          "test/evidence/in1.test",
          "test/evidence/in2.test",
          "test/evidence/slt_lang_aggfunc.test",
          "test/evidence/slt_lang_createtrigger.test",
          "test/evidence/slt_lang_createview.test",
          "test/evidence/slt_lang_dropindex.test",
          "test/evidence/slt_lang_droptable.test",
          "test/evidence/slt_lang_droptrigger.test",
          "test/evidence/slt_lang_dropview.test",
          "test/evidence/slt_lang_reindex.test",
          "test/evidence/slt_lang_replace.test",
          "test/evidence/slt_lang_update.test",
          "test/index/between/10/slt_good_0.test",
          "test/index/commute/100/slt_good_0.test",
          "test/index/delete/100/slt_good_0.test",
          "test/index/in/100/slt_good_0.test",
          "test/index/orderby/100/slt_good_0.test",
          "test/index/orderby_nosort/100/slt_good_0.test",
          "test/index/random/100/slt_good_0.test",
          "test/index/view/100/slt_good_0.test",
          "test/random/aggregates/slt_good_0.test",
          "test/random/expr/slt_good_0.test",
          "test/random/groupby/slt_good_0.test",
          "test/random/select/slt_good_0.test");

  private static final int RECORDS = 1500;

  /** Has four queries whose results the suite leaves open: sums that overflow. */
  private static final String LEFT_OPEN = "test/evidence/slt_lang_aggfunc.test";

  @TempDir Path folder;

  private final List<String> differences = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private long records;
  private long plainFailures;
  private long plainNanos;
  private long secureNanos;

  @Test
  void aSampleHasTheResultsOfTheSuite() throws Exception {
    for (String name : SAMPLE) {
      run(name, RECORDS);
    }
    report(SAMPLE.size());
    assertThat(differences).isEmpty();
    assertThat(wrong).hasSize(4).allMatch(each -> each.startsWith(LEFT_OPEN));
    assertThat(records).isGreaterThan(20_000);
  }

  /** {@code -Dsqllogic.part=1/2} takes every second file only. */
  @Test
  @Tag("conformance")
  void allOfTheSuiteDoesWhatItDoesOnAPlainDatabase() throws Exception {
    String[] part = System.getProperty("sqllogic.part", "1/1").split("/", -1);
    List<String> names = names();
    int files = 0;
    for (int i = Integer.parseInt(part[0]) - 1; i < names.size(); i += Integer.parseInt(part[1])) {
      run(names.get(i), Integer.MAX_VALUE);
      files++;
      report(files);
    }
    assertThat(differences).isEmpty();
  }

  private void report(int files) {
    System.out.printf(
        "SqlLogicTest: %d files, %d records, plain failed %d in %.1f s, secure failed %d in %.1f s,"
            + " %d differences%n",
        files,
        records,
        plainFailures,
        plainNanos / 1e9,
        wrong.size(),
        secureNanos / 1e9,
        differences.size());
  }

  private void run(String name, int most) throws Exception {
    VolumeOptions options = VolumeOptions.defaults();
    Path plainFile = folder.resolve("plain.db");
    try (TestElement element = TestElement.create();
        ElementSession session = element.login();
        SecureFileSystem volume = SecureFileSystem.create(session, new MemoryStore(), options);
        SecureDatabase database =
            SecureDatabase.open(volume, "/app.db", DatabaseOptions.defaults());
        Connection connection = database.getConnection();
        Connection plainConnection = DriverManager.getConnection("jdbc:sqlite:" + plainFile);
        BufferedReader text = open(name)) {
      Sql.run(plainConnection, "pragma journal_mode = truncate", "pragma synchronous = off");
      run(
          name,
          new SqlLogicScript(text),
          new SqlLogicRun(plainConnection),
          new SqlLogicRun(connection),
          most);
      assertThat(Sql.value(connection, "pragma integrity_check")).as(name).isEqualTo("ok");
    }
    Files.delete(plainFile);
  }

  private void run(
      String name, SqlLogicScript script, SqlLogicRun plain, SqlLogicRun secure, int most)
      throws IOException {
    while (secure.records() < most) {
      SqlLogicScript.Entry entry = script.next();
      if (entry == null) {
        break;
      }
      String where = name + ":" + entry.line() + ": ";
      String plainly = plain.execute(entry);
      String found = secure.execute(entry);
      if (!plainly.isEmpty()) {
        plainFailures++;
      }
      if (!found.isEmpty()) {
        wrong.add(where + found);
      }
      if (!plainly.equals(found)) {
        differences.add(where + plainly + " | " + found);
        System.out.println("SqlLogicTest: " + differences.get(differences.size() - 1));
      } else if (!found.isEmpty()) {
        System.out.println("SqlLogicTest: in both " + where + found);
      }
    }
    records += secure.records();
    plainNanos += plain.nanos();
    secureNanos += secure.nanos();
  }

  private static BufferedReader open(String name) {
    return new BufferedReader(
        new InputStreamReader(
            Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(name), name),
            StandardCharsets.UTF_8));
  }

  /** All scripts of the jar. */
  private static List<String> names() throws IOException {
    JarURLConnection jar =
        (JarURLConnection)
            Objects.requireNonNull(ClassLoader.getSystemResource(FIRST)).openConnection();
    try (JarFile file = jar.getJarFile()) {
      return file.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".test"))
          .sorted()
          .toList();
    }
  }
}
