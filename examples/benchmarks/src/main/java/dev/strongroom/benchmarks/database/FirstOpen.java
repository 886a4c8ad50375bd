// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SecureDatabase;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * A program that opens a database, reads a row and closes it, again and again, and prints the
 * milliseconds of the first time and the median of the others. What it opens must be there.
 *
 * <p>Thread safety: confined to the main thread.
 */
final class FirstOpen {

  private static final int LATER = 20;
  private static final String NAME = "app.db";

  /** One opening, with all that it needs. */
  private interface Opening {
    void run() throws IOException, SQLException;
  }

  private FirstOpen() {}

  /**
   * Measures one kind.
   *
   * @param arguments the kind, and the folder where {@link #prepare} has made it
   * @throws IOException if it fails
   * @throws SQLException if it fails
   */
  public static void main(String[] arguments) throws IOException, SQLException {
    Path folder = Path.of(arguments[1]);
    switch (DatabaseKind.valueOf(arguments[0])) {
      case STRONGROOM -> {
        try (SecureElement element = element(folder);
            SecretBytes user = SecretBytes.encode("benchmark".toCharArray());
            ElementSession session = element.login(user)) {
          measure(() -> open(session, folder));
        }
      }
      case TRUNCATE -> measure(() -> read(Peers.plain(folder.resolve(NAME), "TRUNCATE")));
      case WAL -> measure(() -> read(Peers.plain(folder.resolve(NAME), "WAL")));
      case SQLCIPHER -> measure(() -> read(Peers.sqlCipher(folder.resolve(NAME))));
    }
  }

  /** Makes what is opened later. */
  static void prepare(DatabaseKind kind, Path folder) throws IOException, SQLException {
    if (kind == DatabaseKind.STRONGROOM) {
      try (SecureElement element = element(folder);
          SecretBytes user = SecretBytes.encode("benchmark".toCharArray());
          SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
        element.initialize(user, administrator);
      }
    }
    main(new String[] {kind.name(), folder.toString()});
  }

  private static SecureElement element(Path folder) throws IOException {
    return SecureElement.open(
        SimulatedElement.open(folder.resolve("element"), SimulatedElementOptions.cheap()));
  }

  private static void open(ElementSession session, Path folder) throws IOException, SQLException {
    Path volume = folder.resolve("volume");
    try (SecureDatabase database =
        SecureDatabase.open(session, volume, NAME, DatabaseOptions.defaults())) {
      read(database);
    }
  }

  private static void read(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists t (id integer primary key, name text)");
      try (ResultSet result = statement.executeQuery("select count(*) from t")) {
        result.next();
      }
    }
  }

  private static void measure(Opening opening) throws IOException, SQLException {
    double first = milliseconds(opening);
    List<Double> later = new ArrayList<>();
    for (int i = 0; i < LATER; i++) {
      later.add(milliseconds(opening));
    }
    System.out.printf(Locale.ROOT, "%.3f %.3f%n", first, DatabaseTable.median(later));
  }

  private static double milliseconds(Opening opening) throws IOException, SQLException {
    long start = System.nanoTime();
    opening.run();
    return (System.nanoTime() - start) / 1e6;
  }
}
