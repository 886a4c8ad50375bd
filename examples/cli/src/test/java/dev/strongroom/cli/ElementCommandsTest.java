// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElementCommandsTest {

  @TempDir Path folder;

  @Test
  void initMakesAnElementThatInfoDescribes() {
    String uri = "sim:" + folder.resolve("my.element");
    Cli.Result made =
        Cli.withPin()
            .set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN)
            .run("element", "init", uri)
            .ok();
    assertThat(made.out()).contains(uri).containsPattern("[0-9a-f]{32}");

    assertThat(new Cli().run("element", "info", uri).ok().out())
        .contains("Argon2id", "64 MiB", "initialised      yes", "user tries left  5");

    Cli.withPin()
        .set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN)
        .run("element", "init", uri)
        .failed(ExitCode.NAME, "initialised already", "use another name");
  }

  @Test
  void initAsksForBothPinsTwice() {
    new Cli()
        .typing("2468", "2468", "administrator", "administrator")
        .run("element", "init", "sim:" + folder.resolve("my.element"), "--quiet")
        .ok();
  }

  @Test
  void initRefusesBadPlacesBeforeItAsks() {
    new Cli().run("element", "init", "nothing").failed(ExitCode.USAGE, "not an element URI");
    new Cli().run("element", "init", "sim:" + folder).failed(ExitCode.NAME);
    new Cli().run("element", "init", "x:0").failed(ExitCode.USAGE, "installed are", "pcsc, sim");
    new Cli()
        .run("element", "init", "sim:x?pin=2468")
        .failed(ExitCode.USAGE, "never stands in a URI");
    Cli.withPin()
        .set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN)
        .run("element", "init", "sim:" + folder.resolve("no/where"))
        .failed(ExitCode.NAME);
  }

  @Test
  void aPinInAUriIsNotRepeated() {
    Cli.Result result = new Cli().run("element", "info", "sim:x?pin=2468");
    assertThat(result.err()).doesNotContain("2468");
  }

  @Test
  void aBlockedPinIsUnblockedByTheAdministrator() throws IOException {
    String uri = Cli.element(folder.resolve("e"));
    for (int left = 4; left >= 1; left--) {
      new Cli()
          .set("STRONGROOM_PIN", "wrong")
          .set("STRONGROOM_NEW_PIN", "1357")
          .run("element", "change-pin", uri)
          .failed(ExitCode.LOGIN, "wrong user PIN", left + (left == 1 ? " try" : " tries"));
    }
    Cli wrong = new Cli().set("STRONGROOM_PIN", "wrong").set("STRONGROOM_NEW_PIN", "1357");
    wrong.run("element", "change-pin", uri).failed(ExitCode.LOGIN);
    Cli.withPin()
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "change-pin", uri)
        .failed(ExitCode.LOGIN, "blocked", "administrator");
    assertThat(new Cli().run("element", "info", uri).ok().out())
        .contains("user tries left  0 (blocked)");

    new Cli()
        .set("STRONGROOM_ADMIN_PIN", "not this one")
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "unblock", uri)
        .failed(ExitCode.LOGIN, "wrong administrator PIN");
    new Cli()
        .set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN)
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "unblock", uri)
        .ok();
    assertThat(new Cli().run("element", "info", uri).ok().out()).contains("user tries left  5");
  }

  @Test
  void theAdministratorPinCanBeChanged() throws IOException {
    String uri = Cli.element(folder.resolve("e"));
    new Cli()
        .set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN)
        .set("STRONGROOM_NEW_PIN", "another one")
        .run("element", "change-pin", "--admin", uri)
        .ok();
    new Cli()
        .set("STRONGROOM_ADMIN_PIN", "another one")
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "unblock", uri)
        .ok();
  }

  @Test
  void aMissingElementAndADamagedOneAreDifferentErrors() throws IOException {
    Path file = folder.resolve("e");
    String uri = Cli.element(file);
    new Cli()
        .run("element", "info", "sim:" + folder.resolve("none"))
        .failed(ExitCode.NAME, "no secure element at", "element init");
    byte[] content = Files.readAllBytes(file);
    Arrays.fill(content, (byte) 0x55);
    Files.write(file, content);
    new Cli().run("element", "info", uri).failed(ExitCode.INTEGRITY, uri, "damaged");
  }

  @Test
  void aTraceShowsTheSecureChannelAndNoSecret() throws IOException {
    String uri = Cli.element(folder.resolve("e"));
    String trace = Cli.withPin().run("element", "trace", "--login", uri).ok().out();
    assertThat(trace)
        .contains("power on, ATR 3B")
        .containsPattern("> 01 A4 04 00  F05374726F6E67726F6F6D01 .*SELECT")
        .containsPattern("> 81 88 01 13  A60D.*INTERNAL AUTHENTICATE")
        .containsPattern("> .* 20 00 81  \\[24 bytes, protected\\]  Ne 8  VERIFY")
        .containsPattern("> .* 10 00 00  \\[72 bytes, protected\\]  Ne 136  GRUB")
        .contains("< [136 bytes, not shown]")
        .doesNotContain("32343638"); // the PIN
    assertThat(new Cli().run("element", "trace", uri).ok().out())
        .contains("SELECT", "GET DATA")
        .doesNotContain("VERIFY");
    new Cli().run("element", "trace", "--login", uri).failed(ExitCode.USAGE, "user PIN is missing");
  }

  @Test
  void listPrintsAnObjectALineWithTheCapabilitiesThatInfoShows() throws IOException {
    Path file = Path.of("listed-" + ProcessHandle.current().pid() + ".element");
    try {
      String uri = Cli.element(file);
      String all = new Cli().run("element", "list", "--json", "--quiet").ok().out();
      Map<?, ?> listed =
          all.lines()
              .map(line -> (Map<?, ?>) JsonReader.parse(line))
              .filter(each -> uri.equals(each.get("uri")))
              .findFirst()
              .orElseThrow();
      String info = new Cli().run("element", "info", uri).ok().out();
      String capabilities = String.valueOf(listed.get("capabilities")).replaceAll("[\\[\\]]", "");
      assertThat(info)
          .contains("capabilities     " + capabilities + "\n")
          .contains("serial number    " + listed.get("serialNumber"));
      assertThat(capabilities).contains("secure channel");
      assertThat(listed.get("initialized")).isEqualTo(true);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Test
  void benchMeasuresEveryKindOfCommand() throws IOException {
    String uri = Cli.element(folder.resolve("e"));
    assertThat(Cli.withPin().run("element", "bench", "--seconds", "0.01", uri).ok().out())
        .contains("status", "32 random bytes", "7,168 random bytes", "keys of 64 files");
    String json =
        Cli.withPin().run("element", "bench", "--json", "--seconds", "0.01", uri).ok().out();
    assertThat(JsonReader.parse(json).toString()).contains("large_random", "perSecond", uri);
    Cli.withPin()
        .run("element", "bench", "--seconds", "0", uri)
        .failed(ExitCode.USAGE, "more than 0");
    new Cli()
        .set("STRONGROOM_PIN", "wrong")
        .run("element", "bench", uri)
        .failed(ExitCode.LOGIN, "4 tries");
  }

  @Test
  void theKnownFileRemembersElementsAndRefusesAnotherKey() throws IOException {
    String uri = Cli.element(folder.resolve("e"));
    Path known = folder.resolve("known");
    Cli.Result met = new Cli().run("element", "info", uri, "--known", known);
    assertThat(met.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(met.err()).contains("added element", "channel key");
    String first = Files.readString(known);
    new Cli().run("element", "info", uri, "--known", known).ok();
    Path vault = folder.resolve("vault");
    Cli.withPin().run("volume", "init", vault, "--element", uri, "--known", known).ok();
    Cli.withPin().run("ls", vault, "--known", known).ok();
    assertThat(Files.readString(known)).isEqualTo(first);

    String other = Cli.element(folder.resolve("other"));
    new Cli().run("element", "info", other, "--known", known, "--quiet").ok();
    String second = Files.readAllLines(known).get(2);
    String mine = Files.readAllLines(known).get(1);
    Files.writeString(known, mine.substring(0, 33) + second.substring(33) + "\n");
    Cli.withPin()
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "change-pin", uri, "--known", known)
        .failed(ExitCode.WRONG_ELEMENT, "channel key");
    Cli.Result trace = Cli.withPin().run("element", "trace", "--login", uri, "--known", known);
    trace.failed(ExitCode.WRONG_ELEMENT, "channel key");
    assertThat(trace.out()).doesNotContain("VERIFY");
    // Whatever the volume file says.
    Cli.withPin().run("ls", vault, "--known", known).failed(ExitCode.WRONG_ELEMENT, "channel key");
    Cli.withPin()
        .run("bench", folder, "--element", uri, "--known", known)
        .failed(ExitCode.WRONG_ELEMENT, "channel key");

    Path fresh = folder.resolve("fresh");
    Cli.withPin()
        .run("volume", "init", fresh, "--element", uri, "--known", known)
        .failed(ExitCode.WRONG_ELEMENT, "channel key", uri);
    assertThat(fresh).doesNotExist();
    new Cli()
        .set("STRONGROOM_PIN", "wrong")
        .run("element", "trace", "--login", uri, "--known", known)
        .failed(ExitCode.WRONG_ELEMENT, "channel key");
    assertThat(new Cli().run("element", "info", uri).ok().out()).contains("user tries left  5");

    Path nowhere = folder.resolve("no/known");
    new Cli()
        .run("element", "info", uri, "--known", nowhere)
        .failed(ExitCode.NAME, nowhere + ": not found");

    Files.writeString(known, "0011 this is no key\n");
    new Cli()
        .run("element", "info", uri, "--known", known)
        .failed(ExitCode.INTEGRITY, "line 1", known.toString());
  }

  @Test
  void anElementThatIsMadeIsKnownAtOnce() throws IOException {
    Path known = folder.resolve("known");
    String uri = "sim:" + folder.resolve("e");
    Cli.withPin()
        .set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN)
        .run("element", "init", uri, "--known", known, "--quiet")
        .ok();
    assertThat(Files.readAllLines(known)).hasSize(2);
  }

  @Test
  void presentRefusesWhatItCannotShow() throws IOException {
    new Cli()
        .run("element", "present", "sim:" + folder.resolve("none"))
        .failed(ExitCode.NAME, "no secure element at");
    String uri = Cli.element(folder.resolve("e"));
    for (String reader : new String[] {"nothing", ":35963", "localhost:0", "localhost:x"}) {
      new Cli()
          .run("element", "present", uri, "--reader", reader)
          .failed(ExitCode.USAGE, "HOST:PORT", reader);
    }
  }

  @Test
  void wipeMakesThatElementBlankSoThatItCanBeMadeAgain() throws IOException {
    String uri = Cli.element(folder.resolve("e"));
    String info = new Cli().run("element", "info", uri).ok().out();
    String serialNumber = info.lines().toList().get(1).replaceAll(".* ", "");
    Cli administrator = new Cli().set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN);
    administrator.run("element", "wipe", uri).failed(ExitCode.USAGE, "--serial");
    administrator
        .run("element", "wipe", uri, "--serial", "00112233445566778899aabbccddeeff")
        .failed(ExitCode.USAGE, serialNumber, "nothing was wiped");
    new Cli()
        .set("STRONGROOM_ADMIN_PIN", "not this one")
        .run("element", "wipe", uri, "--serial", serialNumber)
        .failed(ExitCode.LOGIN, "wrong administrator PIN", "9 tries");
    administrator.run("element", "wipe", uri, "--serial", serialNumber).ok();
    assertThat(new Cli().run("element", "info", uri).ok().out())
        .contains(serialNumber, "initialised      no");
    administrator.set("STRONGROOM_PIN", Cli.USER_PIN).run("element", "init", uri).ok();
    assertThat(new Cli().run("element", "info", uri).ok().out())
        .contains(serialNumber, "initialised      yes");
  }
}
