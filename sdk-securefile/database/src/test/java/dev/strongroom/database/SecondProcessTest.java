// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.VolumeInUseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that another process has open. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecondProcessTest {

  @TempDir Path folder;

  @Test
  void itIsRefusedWithTheFirstOnesNumberUntilThatDies() throws Exception {
    Path file = folder.resolve("element");
    Path volume = folder.resolve("volume");
    try (TestElement element = TestElement.inFile(file);
        ElementSession session = element.login();
        SecureDatabase database = open(session, volume);
        Connection connection = database.getConnection()) {
      Sql.run(
          connection,
          "create table state (n integer not null, total integer not null)",
          "insert into state values (0, 0)",
          "create table item (id integer primary key, n integer not null, content blob)");
    }
    // The other process holds the element's file, so this one uses a copy of it.
    Path copy = Files.copy(file, folder.resolve("copy of the element"));
    try (TestElement element = TestElement.inFile(copy);
        ElementSession session = element.login()) {
      String last;
      try (ChildJvm child = ChildJvm.start(256, KilledDatabase.class, file, volume, 1, 20)) {
        child.line();
        VolumeInUseException refused =
            catchThrowableOfType(VolumeInUseException.class, () -> open(session, volume));
        assertThat(refused).hasMessageContaining("is in use by process " + child.pid());
        assertThat(refused.pid()).isEqualTo(child.pid());
        last = child.line(); // it was not disturbed
        child.kill();
      }
      try (SecureDatabase database = open(session, volume);
          Connection connection = database.getConnection()) {
        assertThat(Sql.number(connection, "select n from state"))
            .isGreaterThanOrEqualTo(Long.parseLong(last.split(" ", -1)[0]));
        Sql.run(connection, "update state set n = 0");
      }
    }
  }

  private static SecureDatabase open(ElementSession session, Path volume) throws Exception {
    return SecureDatabase.open(session, volume, "app.db", DatabaseOptions.defaults());
  }
}
