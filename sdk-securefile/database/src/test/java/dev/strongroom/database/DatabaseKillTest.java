// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed again and again: what it had committed is there, as a whole. */
@Timeout(value = 40, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseKillTest {

  private static final long SEED = Long.getLong("crash.seed", 20260101);
  private static final int FEWEST_COMMITS = 200;

  @TempDir Path folder;

  @Test
  void whatWasCommittedOutlivesAKill() throws Exception {
    kill(1);
  }

  @Test
  @Tag("crash")
  void whatWasCommittedOutlivesManyKills() throws Exception {
    kill(Integer.getInteger("crash.kills", 60));
  }

  private void kill(int lives) throws Exception {
    System.out.println("DatabaseKillTest: seed " + SEED);
    Random random = new Random(SEED);
    Path file = folder.resolve("element");
    Path volume = folder.resolve("volume");
    try (TestElement element = TestElement.inFile(file);
        ElementSession session = element.login();
        SecureDatabase database =
            SecureDatabase.open(session, volume, "app.db", DatabaseOptions.defaults());
        Connection connection = database.getConnection()) {
      Sql.run(
          connection,
          "create table state (n integer not null, total integer not null)",
          "insert into state values (0, 0)",
          "create table item (id integer primary key, n integer not null, content blob)",
          "create index by_n on item (n, content)");
    }
    for (int life = 0; life < lives; life++) {
      long acknowledged =
          live(file, volume, random.nextLong(), FEWEST_COMMITS + random.nextInt(100));
      try (TestElement element = TestElement.inFile(file);
          ElementSession session = element.login();
          SecureDatabase database =
              SecureDatabase.open(session, volume, "app.db", DatabaseOptions.defaults());
          Connection connection = database.getConnection()) {
        assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
        assertThat(Sql.number(connection, "select n from state"))
            .as("life " + life)
            .isBetween(acknowledged, acknowledged + 1);
        assertThat(Sql.number(connection, "select count(*) from item"))
            .isEqualTo(Sql.number(connection, "select total from state"));
      }
    }
  }

  /** Lets a process commit for a while and kills it; answers the last commit that it told of. */
  private static long live(Path element, Path volume, long seed, int commits) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                String.join(File.pathSeparator, classPath()),
                KilledDatabase.class.getName(),
                element.toString(),
                volume.toString(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long last = 0;
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < commits; i++) {
        last = number(output);
      }
      process.toHandle().destroyForcibly(); // the process itself would close its streams
      process.waitFor();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.endsWith(" committed")) { // the last line may be cut
          last = Long.parseLong(line.split(" ", -1)[0]);
        }
      }
    } finally {
      process.destroyForcibly();
    }
    return last;
  }

  private static long number(BufferedReader output) throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new AssertionError("the process has ended by itself");
    }
    return Long.parseLong(line.split(" ", -1)[0]);
  }

  /** Where this process has its classes from, whichever path they are on here. */
  private static Set<String> classPath() throws Exception {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> type : List.of(KilledDatabase.class, SecureDatabase.class)) {
      String file = "/" + type.getName().replace('.', '/') + ".class";
      String text = String.valueOf(type.getResource(file));
      String place = text.substring(0, text.length() - file.length());
      places.add(
          place.startsWith("jar:")
              ? Path.of(URI.create(place.substring(4, place.length() - 1))).toString()
              : Path.of(URI.create(place)).toString());
    }
    for (String property :
        List.of("java.class.path", "jdk.module.path", "surefire.test.class.path")) {
      places.addAll(List.of(System.getProperty(property, "").split(File.pathSeparator)));
    }
    places.remove("");
    return places;
  }
}
