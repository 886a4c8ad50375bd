// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Measures secure files, plain files and cryptofs in one run on one disk.
 *
 * <p>Options: {@code --scale=PART} of the sizes (1), {@code --rounds=N} that count (5) after one
 * that warms up, {@code --only=WORKLOAD,...}, {@code --directory=DIR} on the disk that is meant
 * (the temporary directory), {@code --write=FILE} to also write a page with method and table.
 *
 * <p>Thread safety: confined to the main thread.
 */
public final class Benchmarks {

  private double part = 1;
  private int rounds = 5;
  private Path parent = Path.of(System.getProperty("java.io.tmpdir"));
  private final Set<Workload> only = new TreeSet<>(List.of(Workload.values()));
  private @Nullable Path page;

  private Benchmarks() {}

  /**
   * Runs the benchmarks.
   *
   * @param arguments the options
   * @throws IOException if a peer fails
   */
  public static void main(String[] arguments) throws IOException {
    run(arguments, System.out);
  }

  static Results run(String[] arguments, PrintStream out) throws IOException {
    Benchmarks benchmarks = new Benchmarks();
    for (String argument : arguments) {
      benchmarks.option(argument);
    }
    Results results = benchmarks.measure(out);
    out.println();
    out.print(results.table());
    if (benchmarks.page != null) {
      Files.writeString(benchmarks.page, benchmarks.page(results));
    }
    return results;
  }

  private void option(String argument) {
    int equals = argument.indexOf('=');
    String name = equals < 0 ? argument : argument.substring(0, equals);
    String value = argument.substring(equals + 1);
    switch (name) {
      case "--scale" -> part = Double.parseDouble(value);
      case "--rounds" -> rounds = Integer.parseInt(value);
      case "--directory" -> parent = Path.of(value);
      case "--write" -> page = Path.of(value);
      case "--only" -> {
        only.clear();
        for (String workload : value.split(",", -1)) {
          only.add(Workload.valueOf(workload.toUpperCase(Locale.ROOT)));
        }
      }
      default ->
          throw new IllegalArgumentException(
              argument + ": options are --scale, --rounds, --only, --directory and --write");
    }
  }

  private Results measure(PrintStream out) throws IOException {
    Scale scale = Scale.of(part);
    Path folder = Files.createTempDirectory(parent, "strongroom-benchmarks-");
    try (Peer strongroom = new StrongroomPeer(folder.resolve("strongroom"));
        Peer plain = NioPeer.plain(folder.resolve("plain"));
        Peer cryptofs = NioPeer.cryptofs(folder.resolve("cryptofs"))) {
      List<Peer> peers = new ArrayList<>(List.of(strongroom, plain, cryptofs));
      Results results = new Results(peers.stream().map(Peer::name).toList());
      for (Peer peer : peers) {
        Workload.prepareOnce(peer, scale);
      }
      for (int round = 0; round <= rounds; round++) {
        for (Workload workload : only) {
          for (Peer peer : peers) {
            double figure = workload.run(peer, scale);
            if (round > 0) {
              results.add(workload, peer.name(), figure);
            }
            out.printf(
                Locale.ROOT,
                "%s  %-48s %-16s %,12.0f %s%n",
                round == 0 ? "warm-up" : "round " + round,
                workload.title(),
                peer.name(),
                figure,
                workload.unit());
          }
        }
        Collections.rotate(peers, 1);
      }
      return results;
    } finally {
      delete(folder);
    }
  }

  private String page(Results results) throws IOException {
    return """
        # Performance

        Written by `examples/benchmarks`; do not edit. To measure again:

            mvn -B -ntp -q -Dchecks.skip -Dmaven.test.skip=true -pl examples/benchmarks -am package
            java -cp "examples/benchmarks/target/quick/*:examples/benchmarks/target/quick/lib/*" \\
              dev.strongroom.benchmarks.Benchmarks --write=docs/performance.md

        ## Method

        Every workload runs on every peer in one process on one disk; one round warms up, then come %d, and the
        order of the peers changes with each. A figure is the median of the rounds, a ratio the quotient of two
        medians, above 1 where secure files are faster. The last column shows the slowest and fastest round of
        secure files.

        * P, plain files: `FileChannel` with direct buffers. C, cryptofs in its defaults, with heap buffers.
          Strongroom: a volume with default options on a simulated element in memory.
        * Durability is the same on both sides: `force` where it says so, none elsewhere. A close of a secure file
          leaves its commit to a timer of a second; so that its changes outlive a killed process as those of a plain
          file do, they are committed before each close, but in the row that says otherwise. What is left after that to
          the operating system or to a checkpoint is not timed.
        * Cold means that the file system was opened anew and its caches are empty; the operating system's cache is
          warm for everybody.
        * Sizes: large file %d MiB, %,d random reads, %,d overwrites, %,d forces, %,d files, %,d names.
        * Rows with `force` depend on the disk and vary by a factor between runs; read the ratio.

        Measured on %s: Java %s, %s %s, %d processors, %s.

        ## Figures

        %s"""
        .formatted(
            rounds,
            Scale.of(part).largeBytes() >> 20,
            Scale.of(part).randomReads(),
            Scale.of(part).overwrites(),
            Scale.of(part).forces(),
            Scale.of(part).files(),
            Scale.of(part).names(),
            LocalDate.now(ZoneOffset.UTC),
            Runtime.version(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Files.getFileStore(parent).type(),
            results.table());
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
