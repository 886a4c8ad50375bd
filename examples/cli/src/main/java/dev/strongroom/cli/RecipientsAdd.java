// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.Recipient;
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.TransientView;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Adds recipients to a transient file. */
@Command(
    name = "add",
    description =
        "Adds recipients to a transient file; its content stays as it is, its list is signed"
            + " anew. Shows first which file that is, and asks; not where --id or --yes is given.")
final class RecipientsAdd implements Callable<Integer> {

  private final Settings settings;

  @Mixin private RecipientNames recipients = new RecipientNames();

  @Option(names = "--yes", description = "Do not ask: whatever file of this sender is there.")
  private boolean agreed;

  @Option(
      names = "--weaker",
      description =
          "Take recipients whose cards offer only a weaker suite than those of the present ones.")
  private boolean weaker;

  RecipientsAdd(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    Optional<Bytes> expected = recipients.expected();
    RecipientOptions named = RecipientOptions.of(recipients.names());
    RecipientOptions options = weaker ? named.allowWeakerSuites() : named;
    try (OpenVolume open = OpenVolume.forWriting(settings, recipients.volume())) {
      TransientInfo info = SentFile.reading(recipients.file(), () -> add(open, options, expected));
      settings.say(recipients.file() + ": " + Sizes.counted(info.recipients().size(), "recipient"));
    }
    return ExitCode.OK.code();
  }

  private TransientInfo add(OpenVolume open, RecipientOptions options, Optional<Bytes> expected)
      throws IOException {
    Bytes id = expected.isPresent() ? expected.get() : confirmed(open);
    return open.files().addRecipients(recipients.file(), options.expect(id));
  }

  /** The id of the file that is there, and no other, once it may be signed anew. */
  private Bytes confirmed(OpenVolume open) throws IOException {
    TransientInfo info = TransientInfo.read(recipients.file());
    boolean own = info.sender().fingerprint().equals(open.card().fingerprint());
    if (agreed || !own) { // another's is refused, and looking into it would take a place
      return info.transientId();
    }
    PinPrompt prompt = settings.console().prompt();
    if (prompt == null) {
      throw CommandException.usage(
          recipients.file()
              + ": would be signed for more recipients, and there is no terminal to ask; give --id"
              + " with the id that \"strongroom inspect\" shows, or --yes");
    }
    TransientView view = open.files().inspect(recipients.file());
    show(view, open.files());
    String question =
        "Shall " + Text.printable(String.join(", ", recipients.names())) + " receive it too?";
    if (!prompt.agrees(question)) {
      throw CommandException.usage(recipients.file() + ": not confirmed; nothing was done");
    }
    return view.info().transientId();
  }

  private void show(TransientView view, SecureFileSystem files) throws IOException {
    PrintStream err = settings.console().err();
    err.println("file             " + Text.printable(recipients.file().toString()));
    err.println("id               " + view.info().transientId());
    view.content()
        .ifPresent(
            content -> {
              err.println("name             " + Text.printable(content.name()));
              err.println("size             " + Sizes.text(content.size()));
            });
    err.println("sent             " + view.info().created());
    List<Contact> contacts = files.contacts().list();
    for (Recipient recipient : view.info().recipients()) {
      err.println("recipient        " + Text.printable(name(recipient, contacts)));
    }
  }

  /** The contact that a recipient is, or else the key id. */
  private static String name(Recipient recipient, List<Contact> contacts) {
    String keyId = recipient.keyId().toString();
    return contacts.stream()
        .filter(contact -> keyId(contact).equals(keyId))
        .map(Contact::name)
        .findFirst()
        .orElse(keyId + ", no contact any more");
  }

  private static String keyId(Contact contact) {
    String fingerprint = CardFile.fingerprint(contact.card()).value().toString();
    return fingerprint.substring(0, fingerprint.length() / 2); // 8 of its 16 bytes
  }
}
