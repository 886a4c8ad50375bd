// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Role;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures round trips to an element, one after the other. */
@Command(
    name = "bench",
    description = {
      "Measures an element: round trips a second and how long one takes, by kind of command.",
      "Changes nothing on it. PIN: --pin-file, STRONGROOM_PIN, or typed."
    })
final class ElementBench implements Callable<Integer> {

  private static final int MOST_COMMANDS = 100_000;
  private static final double LONGEST = 3600;
  private static final double MICROS_PER_MILLI = 1000;

  /** Not shown: the code is still being compiled. */
  private static final double WARM_UP = 0.2;

  private final Settings settings;

  @Parameters(paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "2",
      description = "How long each kind of command is repeated; by default ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  ElementBench(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    if (!(seconds > 0) || seconds > LONGEST) {
      throw CommandException.usage(
          "element bench: --seconds is more than 0 and at most 3600, not " + seconds);
    }
    ElementAccess.with(
        settings,
        uri,
        element -> {
          element.info(); // before a PIN is asked for
          try (Pins pins = Pins.of(settings, uri);
              SecretBytes pin = pins.current(Role.USER);
              ElementSession session = element.login(pin)) {
            ElementSpeed.measure(session, MOST_COMMANDS, seconds * WARM_UP);
            ElementSpeed speed = ElementSpeed.measure(session, MOST_COMMANDS, seconds);
            if (json) {
              settings.console().out().println(json(session.info(), speed));
            } else {
              print(session.info(), speed);
            }
          }
        });
    return ExitCode.OK.code();
  }

  private void print(ElementInfo info, ElementSpeed speed) {
    PrintStream out = settings.console().out();
    out.println("element        " + Text.printable(uri));
    out.println("serial number  " + info.serialNumber());
    out.println("kind           " + Text.printable(info.description()));
    out.println();
    out.printf(Locale.ROOT, "%-28s %12s %12s %12s%n", "", "a second", "median", "99 of 100");
    for (ElementSpeed.Kind kind : ElementSpeed.Kind.values()) {
      ElementSpeed.Times times = speed.times(kind);
      out.printf(
          Locale.ROOT,
          "%-28s %,12.0f %9.3f ms %9.3f ms%n",
          title(kind, speed),
          times.perSecond(),
          times.median(),
          times.slow());
    }
  }

  private static String title(ElementSpeed.Kind kind, ElementSpeed speed) {
    return switch (kind) {
      case STATUS -> "status";
      case RANDOM -> "32 random bytes";
      case LARGE_RANDOM -> String.format(Locale.ROOT, "%,d random bytes", speed.largeRandom());
      case KEYS -> "keys of a file";
      case BATCH -> "keys of " + speed.batchSize() + " files";
    };
  }

  private String json(ElementInfo info, ElementSpeed speed) {
    Map<String, Object> commands = new LinkedHashMap<>();
    for (ElementSpeed.Kind kind : ElementSpeed.Kind.values()) {
      ElementSpeed.Times times = speed.times(kind);
      commands.put(
          kind.name().toLowerCase(Locale.ROOT),
          Map.of(
              "perSecond", Math.round(times.perSecond()),
              "medianMicros", Math.round(times.median() * MICROS_PER_MILLI),
              "slowMicros", Math.round(times.slow() * MICROS_PER_MILLI)));
    }
    return Json.text(
        Map.of(
            "element", uri,
            "serialNumber", info.serialNumber().toString(),
            "batchSize", speed.batchSize(),
            "largeRandom", speed.largeRandom(),
            "commands", commands));
  }
}
