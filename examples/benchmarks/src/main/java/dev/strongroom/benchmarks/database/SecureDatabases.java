// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import dev.strongroom.benchmarks.Explanations;
import dev.strongroom.benchmarks.Section;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import dev.strongroom.workloads.Scale;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Secure databases beside plain ones and those in SQLCipher's format.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class SecureDatabases implements Section {

  @Override
  public String option() {
    return "databases";
  }

  @Override
  public String title() {
    return "Secure database";
  }

  @Override
  public String measure(Path folder, Scale scale, PrintStream progress) throws IOException {
    DatabaseSize size = DatabaseSize.of(scale);
    Files.createDirectories(folder);
    try (SecureElement element =
            SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
        SecretBytes user = SecretBytes.encode("benchmark".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      try (ElementSession session = element.login(user)) {
        String machine = machine(size);
        DatabaseTable table = rounds(session, folder, size, progress);
        List<Opens> opens = Opens.measure(folder, size.launches());
        CommitCost cost = CommitCost.count(session, folder.resolve("counted"));
        return String.join(
            "\n\n",
            machine,
            table.markdown().strip(),
            Opens.markdown(opens).strip(),
            cost.markdown(),
            misses(table));
      }
    } catch (SQLException e) {
      throw new IOException("a database fails", e);
    }
  }

  private static String machine(DatabaseSize size) {
    return String.format(
            Locale.ROOT,
            "Measured on %s: Java %s, load average before the run %.2f; %,d rows of about 250"
                + " bytes, %,d in the larger database;%nrounds: %d. %s",
            LocalDate.now(Clock.systemUTC()),
            Runtime.version(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            size.rows(),
            size.largeRows(),
            size.rounds(),
            Peers.obstacle()
                .map(obstacle -> "Not measured: SQLCipher, " + obstacle + ".")
                .orElse(""))
        .strip();
  }

  /** Keys by which the work is explained where it misses its goal. */
  public static List<String> explained() {
    return Arrays.stream(DatabaseWork.values()).map(SecureDatabases::key).toList();
  }

  private static String key(DatabaseWork work) {
    return "DATABASE_" + work.name();
  }

  private static String misses(DatabaseTable table) throws IOException {
    Explanations explanations = Explanations.load();
    int release = Runtime.version().feature();
    return table.missed().stream()
        .map(work -> "* **" + work.title() + "**. " + explanations.of(key(work), release).strip())
        .collect(Collectors.joining("\n"));
  }

  private static DatabaseTable rounds(
      ElementSession session, Path folder, DatabaseSize size, PrintStream progress)
      throws IOException, SQLException {
    DatabaseTable table = new DatabaseTable();
    List<DatabaseContender> contenders = new ArrayList<>();
    try {
      for (DatabaseKind kind : DatabaseKind.values()) {
        if (kind != DatabaseKind.SQLCIPHER || Peers.obstacle().isEmpty()) {
          contenders.add(contender(kind, session, folder.resolve(kind.name()), size));
        }
      }
      for (int round = 0; round <= size.rounds(); round++) {
        for (DatabaseWork work : DatabaseWork.values()) {
          for (DatabaseContender contender : contenders) {
            double speed = work.run(contender, size);
            if (round > 0) {
              table.add(work, contender.kind(), speed);
            }
            progress.printf(
                Locale.ROOT,
                "round %d  %-40s %-16s %,12.0f %s%n",
                round,
                work.title(),
                contender.kind().title(),
                speed,
                work.unit());
          }
        }
        Collections.rotate(contenders, 1);
      }
      for (DatabaseContender contender : contenders) {
        contender.verify();
      }
    } finally {
      for (DatabaseContender contender : contenders) {
        contender.close();
      }
    }
    if (Peers.obstacle().isEmpty()) {
      Peers.requireEncrypted(folder.resolve(DatabaseKind.SQLCIPHER.name()).resolve("app.db"));
    }
    return table;
  }

  private static DatabaseContender contender(
      DatabaseKind kind, ElementSession session, Path folder, DatabaseSize size)
      throws IOException, SQLException {
    Files.createDirectories(folder.resolve("large"));
    long usual = VolumeOptions.defaults().cacheBytes();
    return new DatabaseContender(
        kind,
        size,
        home(kind, session, folder, usual),
        home(kind, session, folder.resolve("large"), CacheCase.SMALL_VOLUME_CACHE));
  }

  private static DatabaseHome home(
      DatabaseKind kind, ElementSession session, Path folder, long cacheBytes) throws IOException {
    Path file = folder.resolve("app.db");
    return switch (kind) {
      case STRONGROOM ->
          SecureHome.create(session, new PathStore(folder.resolve("volume")), cacheBytes);
      case TRUNCATE -> Peers.plain(file, "TRUNCATE");
      case WAL -> Peers.plain(file, "WAL");
      case SQLCIPHER -> Peers.sqlCipher(file);
    };
  }
}
