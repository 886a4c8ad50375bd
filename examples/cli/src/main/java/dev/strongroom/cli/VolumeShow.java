// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.identity.Fingerprint;
import dev.strongroom.file.ElementAddress;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.VolumeElement;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeInfo.LedgerRepaired;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what a volume says of itself to anybody. */
@Command(
    name = "info",
    description =
        "Shows a volume's format, id, elements, freshness, and what administrators have done. Needs"
            + " no PIN; nothing of it is verified before the volume is opened.")
final class VolumeShow implements Callable<Integer> {

  private final Settings settings;

  @Parameters(paramLabel = "DIR", description = "The volume.")
  private Path directory = Path.of("");

  VolumeShow(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    VolumeInfo info = OpenVolume.info(directory);
    var out = settings.console().out();
    out.println("volume         " + Text.printable(directory.toString()));
    out.println("format         " + Text.printable(info.format()));
    out.println("id             " + info.id());
    out.println("element        " + info.elementSerialNumber());
    info.madeBy().ifPresent(made -> print(made, out));
    for (VolumeElement element : info.elements()) {
      if (element.role() != ElementRole.FIRST) {
        out.println(role(element.role()) + element.serialNumber());
      }
    }
    info.elementChannelKey()
        .ifPresent(key -> out.println("element's key  " + key.fingerprintText()));
    for (Instant rebuilt : info.rebuilds()) {
      out.println("rebuilt        " + rebuilt + ", directories, by the administrator");
    }
    out.println("freshness      " + (info.freshness() == Freshness.STRICT ? "strict" : "none"));
    for (LedgerRepaired repaired : info.ledgerRepairs()) {
      out.println(done(repaired));
    }
    if (info.elementUri().isEmpty()) {
      out.println("element's URI  not remembered, give --element URI");
    } else {
      out.println("element's URI  " + Text.printable(info.elementUri()));
      out.println(
          "which is       "
              + Text.printable(ElementAddress.resolved(info.elementUri(), directory)));
    }
    return ExitCode.OK.code();
  }

  /** What is compared when the recovery element reads the volume. */
  private static void print(Fingerprint made, PrintStream out) {
    List<String> words = made.words();
    int half = words.size() / 2;
    out.println("fingerprint    " + made);
    out.println("in words       " + String.join(" ", words.subList(0, half)));
    out.println("               " + String.join(" ", words.subList(half, words.size())));
  }

  private static String role(ElementRole role) {
    return role == ElementRole.RECOVERY ? "for recovery   " : "twin           ";
  }

  private static String done(LedgerRepaired repaired) {
    String what =
        switch (repaired.repair()) {
          case ACCEPT -> "accepted       ";
          case REBUILD -> "rebuilt        ";
          case ADOPT -> "adopted        ";
        };
    return what
        + repaired.time()
        + ", ledger, by the administrator, from change "
        + Long.toUnsignedString(repaired.from())
        + " to "
        + Long.toUnsignedString(repaired.to());
  }
}
