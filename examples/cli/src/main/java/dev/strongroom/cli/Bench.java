// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.workloads.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures this machine, in a temporary folder that is removed at the end. */
@Command(
    name = "bench",
    description = {
      "Measures a volume beside plain files on this machine, and AES-GCM and the element.",
      "Works in a temporary folder in DIR, which it removes, whatever happens. With --element it"
          + " asks that element; without, a simulated one that it makes."
    })
final class Bench implements Callable<Integer> {

  private static final double PERCENT = 100;
  private static final int LARGEST_PERCENT = 1000;
  private static final String PIN = "bench-2468";

  private final Settings settings;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "A directory on the disk that is meant; by default that of temporary files.")
  private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--scale",
      paramLabel = "PERCENT",
      defaultValue = "25",
      description =
          "How much work: 100 for a file of 256 MiB, 1,000 small files and 10,000 names; by default"
              + " ${DEFAULT-VALUE}.")
  private int percent;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  Bench(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    if (percent < 1 || percent > LARGEST_PERCENT) {
      throw CommandException.usage(
          "bench: --scale is 1 to " + LARGEST_PERCENT + ", not " + percent);
    }
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(directory.toString());
    }
    Path folder = Files.createTempDirectory(directory, "strongroom-bench-");
    Thread interrupted = new Thread(() -> remove(folder));
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      BenchReport report = measure(folder, settings.elementUri());
      var out = settings.console().out();
      if (json) {
        out.println(report.json());
      } else {
        report.lines().forEach(out::println);
      }
    } finally {
      remove(folder);
      Runtime.getRuntime().removeShutdownHook(interrupted);
    }
    return ExitCode.OK.code();
  }

  private BenchReport measure(Path folder, @Nullable String uri) throws IOException {
    BenchSteps steps = new BenchSteps(settings, folder, percent / PERCENT);
    if (uri == null) {
      String simulated = "sim:" + folder.resolve("bench.element");
      try (SecureElement element = ElementAccess.open(simulated);
          SecretBytes user = SecretBytes.encode(PIN.toCharArray());
          SecretBytes administrator = SecretBytes.encode(PIN.toCharArray())) {
        element.initialize(user, administrator);
        try (ElementSession session = element.login(user)) {
          return steps.run(session, "simulated, made for this");
        }
      }
    }
    try (SecureElement element = ElementAccess.open(uri);
        ElementSession session = login(element, uri)) {
      return steps.run(session, uri);
    }
  }

  private ElementSession login(SecureElement element, String uri) throws IOException {
    try (Pins pins = Pins.of(settings, uri);
        SecretBytes pin = pins.current(Role.USER)) {
      ElementAccess.meet(settings, element);
      return element.login(pin);
    } catch (StrongroomException e) {
      throw ElementAccess.located(uri, e);
    }
  }

  private void remove(Path folder) {
    try {
      HostFiles.delete(folder);
    } catch (IOException e) {
      settings.console().warn(folder + ": could not be removed: " + Failures.message(e));
    }
  }
}
