// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.share.Recipient;
import dev.strongroom.file.share.TransientContent;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.TransientView;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at a transient file. */
@Command(
    name = "inspect",
    description =
        "Shows what everybody sees of a transient file; with a volume also what its element can"
            + " see.")
final class Inspect implements Callable<Integer> {

  private final Settings settings;

  @Parameters(index = "0", paramLabel = "FILE", description = "The transient file, on the host.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VOLUME",
      description = "The directory of a volume with contacts; without it no PIN is needed.")
  private @Nullable Path volume;

  Inspect(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    PrintStream out = settings.console().out();
    if (volume == null) {
      TransientInfo info = SentFile.reading(file, () -> TransientInfo.read(file));
      boolean expired = info.isExpired(Instant.now());
      if (json) {
        out.println(Json.text(object(info, expired)));
      } else {
        show(info, expired, out);
      }
      return ExitCode.OK.code();
    }
    try (OpenVolume open = OpenVolume.forWriting(settings, volume)) {
      TransientView view = SentFile.reading(file, () -> open.files().inspect(file));
      if (json) {
        out.println(Json.text(object(view)));
        return ExitCode.OK.code();
      }
      show(view.info(), view.isExpired(), out);
      out.println("for this element " + standing(view));
      view.senderName().ifPresent(name -> out.println("contact          " + Text.printable(name)));
      view.content().ifPresent(content -> show(content, out));
    }
    return ExitCode.OK.code();
  }

  private Map<String, @Nullable Object> object(TransientInfo info, boolean expired) {
    List<Object> recipients = new ArrayList<>();
    for (Recipient recipient : info.recipients()) {
      recipients.add(Map.of("keyId", recipient.keyId().toString(), "suite", suite(recipient)));
    }
    Map<String, @Nullable Object> members = new HashMap<>();
    members.put("file", file.toString());
    members.put("length", info.length());
    members.put("id", info.transientId().toString());
    members.put("sender", info.sender().serialNumber().toString());
    members.put("fingerprint", info.sender().fingerprint());
    members.put("sent", info.created().toString());
    members.put("expires", info.expires().map(Instant::toString).orElse(null));
    members.put("expired", expired);
    members.put("revision", Integer.toUnsignedLong(info.revision()));
    members.put("recipients", recipients);
    return members;
  }

  private Map<String, @Nullable Object> object(TransientView view) {
    Map<String, @Nullable Object> members = object(view.info(), view.isExpired());
    members.put("standing", view.standing().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    members.put("contact", view.contact());
    TransientContent content = view.seen();
    if (content != null) {
      members.put("name", content.name());
      members.put("size", content.size());
      members.put("created", content.created().toString());
      members.put("modified", content.modified().toString());
      members.put("mode", KeptAttributes.modeText(content.mode()));
      members.put("attributes", content.userAttributes());
    }
    return members;
  }

  private static String suite(Recipient recipient) {
    return recipient.suite().map(Enum::name).orElse("suite " + recipient.suiteCode());
  }

  private void show(TransientInfo info, boolean expired, PrintStream out) {
    out.println("file             " + Text.printable(file.toString()));
    out.println("length           " + info.length());
    out.println("id               " + info.transientId());
    out.println("sender           " + info.sender().serialNumber());
    out.println("fingerprint      " + info.sender().fingerprint());
    out.println("sent             " + info.created());
    info.expires()
        .ifPresent(
            time -> out.println((expired ? "expired          " : "expires          ") + time));
    out.println("revision         " + Integer.toUnsignedString(info.revision()));
    for (Recipient recipient : info.recipients()) {
      out.println("recipient        " + recipient.keyId() + ", " + suite(recipient));
    }
  }

  private static void show(TransientContent content, PrintStream out) {
    out.println("name             " + Text.printable(content.name()));
    out.println("size             " + content.size());
    out.println("created          " + content.created());
    out.println("modified         " + content.modified());
    out.println("mode             " + KeptAttributes.modeText(content.mode()));
    for (String attribute : content.userAttributes()) {
      out.println("attribute        " + Text.printable(attribute));
    }
  }

  private static String standing(TransientView view) {
    return switch (view.standing()) {
      case SENT -> "it has sent it, and can change the recipients";
      case RECEIVABLE -> "it can receive it" + (view.isExpired() ? " with --expired" : "");
      case RECEIVED -> "it has received it before";
      case SENDER_UNKNOWN -> "it could receive it, but the sender is no contact";
      case FOR_OTHERS -> "it is for others";
    };
  }
}
