// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.quickstart;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SecureDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Addresses in a database that nobody reads without the element. */
public final class Addresses {

  private Addresses() {}

  /** Adds an address, makes it durable, and returns how many there are. */
  public static int add(String name, String address, Path folder, ElementSession session)
      throws IOException, SQLException {
    try (SecureDatabase database =
            SecureDatabase.open(session, folder, "addresses.db", DatabaseOptions.defaults());
        Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists person (name text unique, address text)");
      try (PreparedStatement insert =
          connection.prepareStatement("insert into person values (?, ?)")) {
        insert.setString(1, name);
        insert.setString(2, address);
        insert.executeUpdate();
      }
      try (ResultSet count = statement.executeQuery("select count(*) from person")) {
        return count.getInt(1);
      }
    }
  }
}
