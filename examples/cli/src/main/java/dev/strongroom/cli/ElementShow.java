// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementStatus;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what an element says of itself to anybody. */
@Command(
    name = "info",
    description = "Shows who an element is, what it can do and how many PIN tries are left.")
final class ElementShow implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  ElementShow(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    ElementAccess.with(
        settings,
        uri,
        element -> {
          ElementInfo info = element.info();
          ElementStatus status = element.status();
          var out = settings.console().out();
          out.println("element          " + Text.printable(uri));
          out.println("serial number    " + info.serialNumber());
          out.println("kind             " + Text.printable(info.description()));
          out.println("protocol         " + info.protocolMajor() + "." + info.protocolMinor());
          out.println("capabilities     " + String.join(", ", CapabilityNames.of(info)));
          out.println(
              "limits           "
                  + info.maxBatch()
                  + " files in a command, "
                  + info.maxRandom()
                  + " random bytes in a command");
          out.println("initialised      " + (status.initialized() ? "yes" : "no"));
          out.println("user tries left  " + tries(status.userTriesLeft()));
          out.println("admin tries left " + tries(status.administratorTriesLeft()));
          if (info.capabilities().contains(Capability.SECURE_CHANNEL)) {
            out.println("channel key      " + element.channelKey().fingerprintText());
          }
          if (info.capabilities().contains(Capability.GENERATION)) {
            out.println("generation       " + status.generation());
          }
        });
    return ExitCode.OK.code();
  }

  private static String tries(int left) {
    return left == 0 ? "0 (blocked)" : Integer.toString(left);
  }
}
