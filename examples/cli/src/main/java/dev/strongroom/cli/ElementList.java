// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.ServiceUnavailableException;
import dev.strongroom.core.transport.TransportProvider;
import dev.strongroom.core.transport.TransportProviders;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks for elements on all transports. */
@Command(
    name = "list",
    description = {
      "Lists the elements that can be reached now, on all transports: cards in readers, and"
          + " simulated elements in the current directory.",
      "Needs no PIN and changes nothing."
    })
final class ElementList implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  ElementList(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    Report report = settings.report();
    List<ElementUri> found = new ArrayList<>();
    for (String scheme : TransportProviders.schemes()) {
      TransportProvider provider = TransportProviders.forScheme(scheme);
      try {
        found.addAll(provider.reachable());
      } catch (ServiceUnavailableException e) {
        // Not everybody has readers: what can be reached is listed, and all is well.
        settings.remark(scheme + ": " + Failures.message(e));
      } catch (StrongroomException e) {
        report.problem(Failures.exitCode(e), scheme + ": " + Failures.message(e));
      }
    }
    for (ElementUri uri : found) {
      show(uri);
    }
    if (found.isEmpty() && report.problems() == 0 && !json) {
      settings.say(
          "no elements found; looked at " + String.join(", ", TransportProviders.schemes()));
    }
    return report.exitCode().code();
  }

  /** What cannot be asked is listed too: it is there. */
  private void show(ElementUri uri) {
    PrintStream out = settings.console().out();
    try (SecureElement element = SecureElement.open(ElementAccess.patient(uri))) {
      ElementInfo info = element.info();
      boolean initialized = element.status().initialized();
      out.println(json ? json(uri, info, initialized) : text(uri, info, initialized));
    } catch (StrongroomException e) {
      String problem = Failures.message(e);
      out.println(
          json
              ? Json.text(Map.of("uri", uri.toString(), "problem", problem))
              : Text.printable(uri.toString()) + "\n  " + problem);
    }
  }

  private static String text(ElementUri uri, ElementInfo info, boolean initialized) {
    return Text.printable(uri.toString())
        + "\n  "
        + Text.printable(info.description())
        + "\n  serial number "
        + info.serialNumber()
        + (initialized ? "" : ", not initialised")
        + "\n  "
        + String.join(", ", CapabilityNames.of(info));
  }

  private static String json(ElementUri uri, ElementInfo info, boolean initialized) {
    Map<String, Object> members = new HashMap<>();
    members.put("uri", uri.toString());
    members.put("kind", info.description());
    members.put("serialNumber", info.serialNumber().toString());
    members.put("initialized", initialized);
    members.put("capabilities", CapabilityNames.of(info));
    return Json.line(members);
  }
}
