// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.identity.ElementCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Anna and Ben exchange cards and files; Carla would like to. */
class SharingCommandsTest {

  @TempDir Path folder;
  private Person anna;
  private Person ben;
  private Path sent;

  @BeforeEach
  void meet() throws IOException {
    anna = new Person(folder, "anna");
    ben = new Person(folder, "ben");
    anna.meets(ben);
    ben.meets(anna);
    anna.has("report", "for your eyes");
    sent = folder.toRealPath().resolve("report.sr");
  }

  private void send() {
    assertThat(anna.run("send", anna.volume, "report", "--to", "ben", "--out", sent).ok().out())
        .startsWith(sent + ": /report for 1 recipient, ");
  }

  @Test
  void aFileIsSentAndReceivedOnce() throws IOException {
    send();
    assertThat(ben.run("receive", ben.volume, sent).ok().out())
        .isEqualTo("/report: received from anna, 13 B\n");
    assertThat(ben.run("cat", ben.volume, "report").ok().out()).isEqualTo("for your eyes");
    assertThat(Files.exists(sent)).isTrue();
    ben.run("receive", ben.volume, sent, "/again").failed(ExitCode.INTEGRITY, "before");
    assertThat(ben.run("ls", ben.volume).ok().out()).isEqualTo("report\n");
  }

  @Test
  void whatWasAlteredIsNotReceivedAndTheOriginalIs() throws IOException {
    send();
    byte[] content = Files.readAllBytes(sent);
    int middle = content.length - 4096 + 5; // in the only sector
    Path altered = folder.resolve("altered.sr");
    byte[] other = content.clone();
    other[middle] ^= 1;
    Files.write(altered, other);
    Cli.Result refused = ben.run("receive", ben.volume, altered);
    refused.failed(ExitCode.INTEGRITY, "have the file sent again");
    assertThat(refused.err()).doesNotContain("salvage");
    assertThat(ben.run("ls", ben.volume).ok().out()).isEmpty();
    ben.run("receive", ben.volume, sent).ok();
    assertThat(ben.run("cat", ben.volume, "report").ok().out()).isEqualTo("for your eyes");
  }

  @Test
  void othersAndStrangersAreRefused() throws IOException {
    send();
    Person carla = new Person(folder, "carla");
    carla.meets(anna);
    carla.run("receive", carla.volume, sent).failed(ExitCode.WRONG_ELEMENT);
    ben.run("contacts", "remove", ben.volume, "anna").ok();
    ben.run("receive", ben.volume, sent).failed(ExitCode.WRONG_ELEMENT, "contact");
    String told = CardFile.read(anna.card).fingerprint();
    ben.run("receive", ben.volume, sent, "--fingerprint", told)
        .failed(ExitCode.USAGE, "name the file");
    String other = CardFile.read(carla.card).fingerprint();
    ben.run("receive", ben.volume, sent, "report", "--fingerprint", other)
        .failed(ExitCode.WRONG_ELEMENT);
    ben.run("receive", ben.volume, sent, "report", "--fingerprint", told).ok();
    assertThat(ben.run("cat", ben.volume, "report").ok().out()).isEqualTo("for your eyes");
  }

  @Test
  void aTimeThatHasPassedIsSaidAndCanBePassedOver() {
    anna.run("send", anna.volume, "report", "--to", "ben", "--out", sent, "--expires", "2020-01-01")
        .failed(ExitCode.USAGE, "has passed already");
    anna.run("send", anna.volume, "report", "--to", "ben", "--out", sent, "--expires", "soon")
        .failed(ExitCode.USAGE, "is no time");
    anna.run("send", anna.volume, "report", "--to", "ben", "--out", sent, "--expires", "7d").ok();
    assertThat(new Cli().run("inspect", sent).ok().out()).contains("\nexpires  ");
    ben.run("receive", ben.volume, sent, "--expired").ok();
  }

  @Test
  void everybodySeesTheOutsideAndTheRecipientTheInside() throws IOException {
    send();
    String outside = new Cli().run("inspect", sent).ok().out();
    ElementCard sender = CardFile.read(anna.card);
    assertThat(outside)
        .contains(sender.serialNumber().toString(), sender.fingerprint(), "recipient ")
        .doesNotContain("report\n", "name  ", "anna\n", "ben\n");
    String inside = ben.run("inspect", sent, ben.volume).ok().out();
    assertThat(inside)
        .startsWith(outside)
        .contains("it can receive it", "contact          anna", "name             report", "13\n");
    ben.run("receive", ben.volume, sent).ok();
    assertThat(ben.run("inspect", sent, ben.volume).ok().out())
        .contains("it has received it before");
    assertThat(anna.run("inspect", sent, anna.volume).ok().out())
        .contains("can change the recipients");
  }

  @Test
  void theSenderAddsAndRemovesRecipients() throws IOException {
    Person carla = new Person(folder, "carla");
    anna.meets(carla);
    carla.meets(anna);
    send();
    assertThat(anna.run("recipients", "add", anna.volume, sent, "carla", "--yes").ok().out())
        .isEqualTo(sent + ": 2 recipients\n");
    assertThat(anna.run("recipients", "remove", anna.volume, sent, "ben").ok().out())
        .isEqualTo(sent + ": 1 recipient\n");
    carla.run("receive", carla.volume, sent).ok();
    ben.run("receive", ben.volume, sent).failed(ExitCode.WRONG_ELEMENT);
    carla.run("recipients", "add", carla.volume, sent, "anna").failed(ExitCode.WRONG_ELEMENT);
  }

  @Test
  void theSenderSeesWhatIsSignedForOthers() throws IOException {
    Person carla = new Person(folder, "carla");
    anna.meets(carla);
    send();
    byte[] before = Files.readAllBytes(sent);
    Object[] add = {"recipients", "add", anna.volume, sent, "carla"};
    anna.run(add).failed(ExitCode.USAGE, "no terminal", "--id", "--yes");
    Cli.Result refused = Cli.withPin().typing("no").run(add);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .contains("name             report", "size             13 B", "recipient        ben")
        .contains("not confirmed; nothing was done");
    Cli.Result unanswered = Cli.withPin().typing("").run(add);
    assertThat(unanswered.err()).contains("not confirmed; nothing was done");
    Path other = folder.toRealPath().resolve("other.sr");
    anna.has("secret", "for ben alone");
    anna.run("send", anna.volume, "secret", "--to", "ben", "--out", other).ok();
    anna.run("recipients", "add", anna.volume, other, "carla", "--id", id(sent))
        .failed(ExitCode.WRONG_ELEMENT, id(sent), id(other), "strongroom inspect");
    anna.run("recipients", "add", anna.volume, sent, "carla", "--id", "12")
        .failed(ExitCode.USAGE, "32 hexadecimal digits");
    assertThat(sent).hasBinaryContent(before);
    anna.run("recipients", "add", anna.volume, sent, "carla", "--id", id(sent)).ok();
    anna.run("recipients", "remove", anna.volume, sent, "carla", "--id", id(other))
        .failed(ExitCode.WRONG_ELEMENT);
    anna.run("recipients", "remove", anna.volume, sent, "carla", "--id", id(sent)).ok();
    assertThat(Cli.withPin().typing("yes").run(add).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(Cli.withPin().typing("yes").run(add).err()).contains("recipient        carla");
  }

  private static String id(Path sent) {
    return new Cli()
        .run("inspect", sent)
        .ok()
        .out()
        .lines()
        .filter(line -> line.startsWith("id "))
        .map(line -> line.substring("id ".length()).strip())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatHasBegunIsListedAndGivenUp() throws IOException {
    send();
    Path lost = folder.resolve("lost.sr");
    anna.run("send", anna.volume, "report", "--to", "ben", "--out", lost).ok();
    assertThat(ben.run("element", "register", ben.element).ok().out()).isEmpty();
    ben.run("inspect", sent, ben.volume).ok();
    ben.run("inspect", lost, ben.volume).ok();
    String lostId = id(lost);
    Files.delete(lost);
    String register = ben.run("element", "register", ben.element).ok().out();
    assertThat(register)
        .containsPattern("sender [0-9a-f]{32}  received up to number 0\n")
        .contains("  begun " + id(sent) + "  number 1\n", "  begun " + lostId + "  number 2\n");
    ben.run("decline", ben.volume, "--id", lostId).ok();
    ben.run("decline", ben.volume, "--id", lostId).failed(ExitCode.NAME, "element register");
    ben.run("decline", ben.volume).failed(ExitCode.USAGE, "FILE or --id");
    ben.run("receive", ben.volume, sent).ok();

    String named = ben.run("element", "register", ben.element, ben.volume).ok().out();
    assertThat(named).containsPattern("sender [0-9a-f]{32}  received up to number 2  anna\n");
    String line = ben.run("element", "register", ben.element, ben.volume, "--json").ok().out();
    assertThat(line.lines()).hasSize(1);
    assertThat(JsonReader.parse(line).toString()).contains("contact=anna", "highest=2");

    send("again.sr");
    Path again = folder.resolve("again.sr");
    ben.run("decline", ben.volume, again).ok();
    ben.run("receive", ben.volume, again).failed(ExitCode.INTEGRITY, "\"anna\"", "before");
  }

  private void send(String name) {
    anna.run("send", anna.volume, "report", "--to", "ben", "--out", folder.resolve(name)).ok();
  }

  @Test
  void theAdministratorMakesRoomInTheRegister() {
    send();
    ben.run("receive", ben.volume, sent).ok();
    String sender = ben.run("element", "register", ben.element).ok().out().substring(7, 39);
    Object[] forget = {"element", "forget-sender", ben.element, sender};
    ben.run(forget).failed(ExitCode.USAGE, "administrator PIN");
    Cli administrator = new Cli().set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN);
    administrator
        .run("element", "forget-sender", ben.element, "ben")
        .failed(ExitCode.USAGE, "element register");
    administrator.run(forget).ok();
    administrator.run(forget).failed(ExitCode.NAME, "element register");
    assertThat(ben.run("element", "register", ben.element).ok().out()).isEmpty();
    ben.run("receive", ben.volume, sent, "again").ok();
  }

  @Test
  void programsReadContactsAndWhatAFileShows() throws IOException {
    send();
    String contacts = anna.run("contacts", "list", anna.volume, "--json").ok().out();
    String fingerprint = CardFile.read(ben.card).fingerprint();
    assertThat(JsonReader.parse(contacts).toString())
        .contains("name=ben", "fingerprint=" + fingerprint);
    String outside = new Cli().run("inspect", sent, "--json").ok().out();
    assertThat(JsonReader.parse(outside).toString())
        .contains("id=" + id(sent), "expired=false")
        .doesNotContain("standing");
    String inside = ben.run("inspect", sent, ben.volume, "--json").ok().out();
    assertThat(JsonReader.parse(inside).toString())
        .contains("standing=receivable", "contact=anna", "name=report", "size=13");
  }

  @Test
  void receiptsOfALostElementAreDropped() {
    anna.run("contacts", "forget-receipts", anna.volume, "12").failed(ExitCode.USAGE, "32");
    String lost = "00112233445566778899aabbccddeeff";
    anna.run("contacts", "forget-receipts", anna.volume, lost).ok();
  }

  @Test
  void contactsAreListedPinnedAndRemoved() throws IOException {
    String line = anna.run("contacts", "list", anna.volume).ok().out();
    ElementCard card = CardFile.read(ben.card);
    assertThat(line).startsWith("ben  " + card.serialNumber() + "  " + card.fingerprint() + "  20");
    Person carla = new Person(folder, "carla");
    anna.run("contacts", "add", anna.volume, "ben", carla.card, "--yes").failed(ExitCode.NAME);
    anna.run("contacts", "add", anna.volume, "benjamin", ben.card, "--yes").failed(ExitCode.NAME);
    assertThat(anna.run("contacts", "list", anna.volume).ok().out()).isEqualTo(line);
    anna.run("contacts", "remove", anna.volume, "ben").ok();
    anna.run("contacts", "remove", anna.volume, "ben").failed(ExitCode.NAME);
    anna.run("send", anna.volume, "report", "--to", "ben", "--out", sent).failed(ExitCode.NAME);
    assertThat(sent).doesNotExist();
  }

  @Test
  void aCardIsConfirmedByAPersonOrByWhatTheOwnerTold() throws IOException {
    Person carla = new Person(folder, "carla");
    Object[] add = {"contacts", "add", anna.volume, "carla", carla.card};
    anna.run(add).failed(ExitCode.USAGE, "--fingerprint", "--yes");
    Cli.withPin().typing("no").run(add); // asked before the PIN is
    Cli.Result refused = Cli.withPin().typing("maybe").run(add);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .contains(CardFile.read(carla.card).fingerprint(), "in words", "not confirmed");
    String wrong = CardFile.read(ben.card).fingerprint();
    anna.run("contacts", "add", anna.volume, "carla", carla.card, "--fingerprint", wrong)
        .failed(ExitCode.WRONG_ELEMENT, "not the one given");
    String code = CardFile.code(CardFile.read(ben.card)).text();
    anna.run("contacts", "add", anna.volume, "carla", carla.card, "--fingerprint", code)
        .failed(ExitCode.WRONG_ELEMENT);
    anna.run("contacts", "add", anna.volume, "carla", carla.card, "--fingerprint", "zoo zoo")
        .failed(ExitCode.USAGE, "12 words");
    assertThat(anna.run("contacts", "list", anna.volume).ok().out()).doesNotContain("carla");
    String scanned = CardFile.code(CardFile.read(carla.card)).text().toLowerCase(Locale.ROOT);
    anna.run("contacts", "add", anna.volume, "carla", carla.card, "--fingerprint", scanned).ok();
    anna.run("contacts", "remove", anna.volume, "carla").ok();
    assertThat(Cli.withPin().typing("yes").run(add).exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void aFileThatIsNoCardOrNoTransientFileIsNamed() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "something else");
    anna.run("contacts", "add", anna.volume, "x", other, "--yes")
        .failed(ExitCode.INTEGRITY, "other: this is not a card");
    new Cli().run("inspect", other).failed(ExitCode.INTEGRITY, "no file that send has made");
    ben.run("receive", ben.volume, other).failed(ExitCode.INTEGRITY, "have the file sent again");
    anna.run("send", anna.volume, "none", "--to", "ben", "--out", sent).failed(ExitCode.NAME);
    anna.run("send", anna.volume, "report", "--to", "ben", "--out", other)
        .failed(ExitCode.NAME, "is there already", "--force");
    assertThat(other).hasContent("something else");
    Path nowhere = folder.resolve("nowhere");
    anna.run("send", anna.volume, "report", "--to", "ben", "--out", nowhere.resolve("x"))
        .failed(ExitCode.NAME, nowhere + ": not found");
  }
}
