// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import dev.strongroom.core.device.ElementSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Random;

/** A process that commits and says so until it is killed. */
final class KilledDatabase {

  private KilledDatabase() {}

  /** Arguments: the element's file, the folder of the database, a seed, one in how many spills. */
  public static void main(String[] arguments) throws Exception {
    Random random = new Random(Long.parseLong(arguments[2]));
    int oneInSoManySpills = Integer.parseInt(arguments[3]);
    try (TestElement element = TestElement.inFile(Path.of(arguments[0]));
        ElementSession session = element.login();
        SecureDatabase database =
            SecureDatabase.open(
                session,
                Path.of(arguments[1]),
                "app.db",
                DatabaseOptions.builder().cacheBytes(64 << 10).build());
        Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      long n = Sql.number(connection, "select n from state");
      while (true) {
        n++;
        Sql.run(
            connection,
            "update state set n = " + n,
            "insert or replace into item values (abs(random()) % 400, " + n + ", randomblob(600))");
        if (random.nextInt(oneInSoManySpills) == 0) { // more than the cache holds
          Sql.run(connection, "update item set n = " + n + ", content = randomblob(600)");
        }
        Sql.run(connection, "update state set total = (select count(*) from item)");
        connection.commit();
        System.out.println(n + " committed");
      }
    }
  }
}
