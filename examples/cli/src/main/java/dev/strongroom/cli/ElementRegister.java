// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.share.RegisteredSender;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists an element's receive register. */
@Command(
    name = "register",
    description = {
      "Lists whose files an element has received, up to which number, and which have begun and are"
          + " neither received nor given up; with a volume also the names of its contacts.",
      "PIN: the user's, by --pin-file, STRONGROOM_PIN, or typed."
    })
final class ElementRegister implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VOLUME",
      description = "A volume of that element, which knows its contacts.")
  private @Nullable Path volume;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  ElementRegister(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    for (RegisteredSender sender : volume == null ? ofElement() : ofVolume(volume)) {
      show(sender);
    }
    return ExitCode.OK.code();
  }

  private List<RegisteredSender> ofElement() throws IOException {
    try (Login login = Login.to(settings, uri)) {
      ReceiveRegister register = login.session().receiveRegister();
      return register.senders().stream()
          .map(
              window ->
                  new RegisteredSender(
                      window.sender(),
                      null,
                      window.highest(),
                      register.pending().stream()
                          .filter(id -> id.sender().equals(window.sender()))
                          .toList()))
          .toList();
    }
  }

  private List<RegisteredSender> ofVolume(Path directory) throws IOException {
    try (Login login = Login.forVolumeAt(settings, directory, uri);
        SecureFileSystem files =
            SecureFileSystem.open(
                login.session(), directory, VolumeOptions.builder().readOnly().build())) {
      return files.receiveRegister();
    }
  }

  private void show(RegisteredSender sender) {
    PrintStream out = settings.console().out();
    if (json) {
      out.println(json(sender));
      return;
    }
    out.println(
        "sender "
            + sender.sender()
            + "  received up to number "
            + sender.highest()
            + sender.contactName().map(name -> "  " + Text.printable(name)).orElse(""));
    for (ReceiveId id : sender.pending()) {
      out.println("  begun " + id.id() + "  number " + id.counter());
    }
  }

  private static String json(RegisteredSender sender) {
    List<Object> pending = new ArrayList<>();
    for (ReceiveId id : sender.pending()) {
      pending.add(Map.of("id", id.id().toString(), "number", id.counter()));
    }
    Map<String, @Nullable Object> members = new HashMap<>();
    members.put("sender", sender.sender().toString());
    members.put("contact", sender.contact());
    members.put("highest", sender.highest());
    members.put("pending", pending);
    return Json.line(members);
  }
}
