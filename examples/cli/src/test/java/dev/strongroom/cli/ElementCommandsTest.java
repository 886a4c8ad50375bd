// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        .failed(ExitCode.NAME, "is there already", "use another name");
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
    new Cli().run("element", "init", "pcsc:0").failed(ExitCode.USAGE, "installed are sim");
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
}
