// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long a database takes to open, in JVMs that have just been started.
 *
 * @param kind what is opened
 * @param first milliseconds of the first one in a JVM, the median of all JVMs
 * @param later milliseconds of later ones, the median of the medians
 *     <p>Thread safety: immutable.
 */
record Opens(DatabaseKind kind, double first, double later) {

  /** Measures each kind that can take part, in turns. */
  static List<Opens> measure(Path folder, int launches) throws IOException, SQLException {
    List<Opens> all = new ArrayList<>();
    for (DatabaseKind kind : DatabaseKind.values()) {
      if (kind == DatabaseKind.SQLCIPHER && Peers.obstacle().isPresent()) {
        continue;
      }
      Path place = Files.createDirectories(folder.resolve("open-" + kind.name()));
      FirstOpen.prepare(kind, place);
      List<Double> first = new ArrayList<>();
      List<Double> later = new ArrayList<>();
      for (int i = 0; i < launches; i++) {
        String[] figures = launch(kind, place).strip().split(" ", -1);
        first.add(Double.parseDouble(figures[0]));
        later.add(Double.parseDouble(figures[1]));
      }
      all.add(new Opens(kind, DatabaseTable.median(first), DatabaseTable.median(later)));
    }
    return all;
  }

  private static String launch(DatabaseKind kind, Path place) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FirstOpen.class.getName(),
                kind.name(),
                place.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(kind.title() + ": the JVM that opens it has failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return out;
  }

  /** The table in Markdown. */
  static String markdown(List<Opens> all) {
    StringBuilder table =
        new StringBuilder(
            """
            | open, connect, read, close | first in a JVM, ms | later, ms |
            | --- | ---: | ---: |
            """);
    for (Opens each : all) {
      table.append(
          String.format(
              Locale.ROOT, "| %s | %.0f | %.1f |%n", each.kind.title(), each.first, each.later));
    }
    return table.toString();
  }
}
