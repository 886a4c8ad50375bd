// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.identity.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume whose element is lost: by a twin, by a recovery element. */
class ElementsOfVolumeTest {

  @TempDir Path folder;
  private VolumeFixture at;

  @BeforeEach
  void fill() throws IOException {
    at = new VolumeFixture(folder);
    at.run("put", at.volume, at.file("a", "first")).ok();
  }

  private Cli administrator() {
    return Cli.withPin().set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN);
  }

  @Test
  void aTwinReadsAndWritesAfterItWasAdopted() throws IOException {
    at.run("freeze", at.volume, "a").ok();
    String twin = Cli.twin(at.element, at.folder.resolve("twin.element"));
    Object[] list = {"ls", at.volume, "--element", twin};
    at.run(list).failed(ExitCode.WRONG_ELEMENT);
    Cli.withPin()
        .set("STRONGROOM_TWIN_PIN", Cli.USER_PIN)
        .run("volume", "add-element", at.volume, twin)
        .ok();
    assertThat(at.run("volume", "info", at.volume).ok().out()).contains("\ntwin  ");

    Files.delete(at.element);
    Cli.Result seen = at.run(list);
    assertThat(seen.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(seen.out()).isEqualTo("a\n");
    assertThat(seen.err()).contains("does not vouch", "volume adopt");
    at.run("put", at.volume, at.file("b", "second"), "--element", twin)
        .failed(ExitCode.INTEGRITY, "volume adopt");

    administrator().run("volume", "adopt", at.volume, "--element", twin).ok();
    at.run("put", at.volume, at.file("b", "second"), "--element", twin).ok();
    assertThat(at.run(list).ok().out()).isEqualTo("a\nb\n");
    assertThat(at.run("volume", "info", at.volume).ok().out()).contains("\nadopted ");
  }

  @Test
  void aTwinThatTheVolumeDoesNotNameIsAdoptedToo() throws IOException {
    String twin = Cli.twin(at.element, at.folder.resolve("twin.element"));
    Files.delete(at.element);
    at.run("volume", "adopt", at.volume).failed(ExitCode.USAGE, "--element URI");
    at.run("volume", "adopt", at.volume, "--element", twin)
        .failed(ExitCode.USAGE, "administrator PIN");
    administrator().run("volume", "adopt", at.volume, "--element", twin).ok();
    assertThat(at.run("cat", at.volume, "a", "--element", twin).ok().out()).isEqualTo("first");
  }

  @Test
  void aStrangerIsNotAdded() throws IOException {
    String stranger = Cli.element(at.folder.resolve("stranger.element"));
    Cli.withPin()
        .set("STRONGROOM_TWIN_PIN", Cli.USER_PIN)
        .run("volume", "add-element", at.volume, stranger)
        .failed(ExitCode.WRONG_ELEMENT, "other keys");
    Cli.Result absent =
        Cli.withPin()
            .set("STRONGROOM_TWIN_PIN", Cli.USER_PIN)
            .run("volume", "add-element", at.volume, "sim:" + at.folder.resolve("none"));
    absent.failed(ExitCode.NAME, "name a twin");
    assertThat(absent.err()).doesNotContain("element init");
    administrator()
        .run("volume", "adopt", at.volume, "--element", stranger)
        .failed(ExitCode.WRONG_ELEMENT, "other keys");
    at.run("volume", "recover", at.volume, at.folder.resolve("x"), "--element", stranger)
        .failed(ExitCode.WRONG_ELEMENT);
    assertThat(at.folder.resolve("x")).doesNotExist();
  }

  @Test
  void aRecoveryElementBringsEverythingIntoAVolumeOfItsOwn() throws IOException {
    String recovery = Cli.element(at.folder.resolve("recovery.element"));
    Path card = at.folder.resolve("recovery.card");
    new Cli().run("element", "card", recovery, "--out", card).ok();
    Path volume = at.folder.resolve("recoverable");
    Object[] init = {
      "volume", "init", volume, "--element", "sim:" + at.element, "--recovery", card
    };
    at.run(init).failed(ExitCode.USAGE, "--fingerprint");
    assertThat(volume).doesNotExist();
    String words = String.join("-", CardFile.fingerprint(CardFile.read(card)).words());
    at.run(
            "volume",
            "init",
            volume,
            "--element",
            "sim:" + at.element,
            "--recovery",
            card,
            "--fingerprint",
            words)
        .ok();
    assertThat(at.run("volume", "info", volume).ok().out())
        .contains("for recovery   " + CardFile.read(card).serialNumber());
    at.run("mkdir", volume, "dir").ok();
    at.run("put", volume, at.file("b", "second"), "--to", "dir").ok();
    at.run("put", volume, at.large("large", 300_000)).ok();

    Path own = at.folder.resolve("own.card");
    new Cli().run("element", "card", "sim:" + at.element, "--out", own).ok();
    Fingerprint mine = CardFile.fingerprint(CardFile.read(own));
    assertThat(at.run("volume", "info", volume).ok().out())
        .contains("fingerprint    " + mine, mine.words().get(0));
    Files.delete(at.element);
    Path target = at.folder.resolve("recovered");
    at.run("volume", "recover", volume, target).failed(ExitCode.USAGE, "--element URI");
    Object[] recover = {"volume", "recover", volume, target, "--element", recovery};
    at.run(recover).failed(ExitCode.USAGE, mine.toString(), "--made-by");
    Cli.Result refused = Cli.withPin().typing("no").run(recover);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .contains(mine.words().get(0), mine.words().get(11), "nothing was read");
    at.run("volume", "recover", volume, target, "--element", recovery, "--made-by", card)
        .failed(ExitCode.WRONG_ELEMENT, mine.toString());
    assertThat(target).doesNotExist();
    Path confirmed = at.folder.resolve("confirmed");
    recover[3] = confirmed;
    assertThat(Cli.withPin().typing("yes").run(recover).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(at.run("cat", confirmed, "dir/b").ok().out()).isEqualTo("second");
    String told = String.join(" ", mine.words());
    assertThat(
            at.run("volume", "recover", volume, target, "--element", recovery, "--made-by", told)
                .ok()
                .out())
        .startsWith(target + ": 2 files, ");
    assertThat(at.run("cat", target, "dir/b").ok().out()).isEqualTo("second");
    assertThat(at.run("cat", target, "large").ok().bytes().toByteArray())
        .isEqualTo(Files.readAllBytes(at.folder.resolve("large")));
  }
}
