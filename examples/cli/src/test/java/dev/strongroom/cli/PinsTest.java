// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where PINs come from, seen through {@code element change-pin}. */
@Tag("jdk25")
class PinsTest {

  @TempDir Path folder;

  private String uri = "";

  @BeforeEach
  void makeElement() throws IOException {
    uri = Cli.element(folder.resolve("e"));
  }

  @Test
  void withoutTerminalAMissingPinIsAnErrorThatNamesItsVariable() {
    new Cli()
        .run("element", "change-pin", uri)
        .failed(ExitCode.USAGE, "user PIN is missing", "STRONGROOM_PIN", "--pin-file");
    Cli.withPin()
        .run("element", "change-pin", uri)
        .failed(ExitCode.USAGE, "new user PIN is missing", "STRONGROOM_NEW_PIN");
    Cli.withPin()
        .run("element", "unblock", uri)
        .failed(ExitCode.USAGE, "administrator PIN is missing", "STRONGROOM_ADMIN_PIN");
  }

  @Test
  void anEmptyVariableCountsAsMissing() {
    new Cli()
        .set("STRONGROOM_PIN", "")
        .run("element", "change-pin", uri)
        .failed(ExitCode.USAGE, "STRONGROOM_PIN (it is set, but empty)");
  }

  @Test
  void theEnvironmentIsEnough() {
    Cli.withPin().set("STRONGROOM_NEW_PIN", "1357").run("element", "change-pin", uri).ok();
    Cli.withPin()
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "change-pin", uri)
        .failed(ExitCode.LOGIN, "wrong user PIN", "4 tries are left");
  }

  @Test
  void aPinFileHoldsOnePinALineInTheOrderOfNeed() throws IOException {
    Path pins = pinFile("2468\n1357\n");
    new Cli().run("element", "change-pin", uri, "--pin-file", pins).ok();
    new Cli()
        .set("STRONGROOM_NEW_PIN", "2468")
        .run("--pin-file", pinFile("1357"), "element", "change-pin", uri)
        .ok();
  }

  @Test
  void aPinFileMayHaveWindowsLineEndsAndNoLastOne() throws IOException {
    new Cli().run("element", "change-pin", uri, "--pin-file", pinFile("2468\r\n1357")).ok();
    new Cli().run("element", "change-pin", uri, "--pin-file", pinFile("1357\r\n2468\r\n")).ok();
  }

  @Test
  void aPinFileGoesBeforeTheEnvironment() throws IOException {
    new Cli()
        .set("STRONGROOM_PIN", "wrong")
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "change-pin", uri, "--pin-file", pinFile("2468\n"))
        .ok();
  }

  @Test
  void aBadPinFileIsRefusedBeforeAnyTry() throws IOException {
    change(pinFile("")).failed(ExitCode.USAGE, "is empty");
    change(pinFile("\n")).failed(ExitCode.USAGE, "line 1", "is empty");
    change(pinFile("2468\n\n")).failed(ExitCode.USAGE, "line 2", "is empty");
    change(pinFile("x".repeat(5000))).failed(ExitCode.USAGE, "too long");
    change(folder.resolve("none")).failed(ExitCode.USAGE, "no such file");
    change(folder).failed(ExitCode.USAGE, "is a directory");
    Path notText = folder.resolve("binary");
    Files.write(notText, new byte[] {(byte) 0xff, 'a'});
    protect(notText);
    change(notText).failed(ExitCode.USAGE, "is not UTF-8");
    assertThat(new Cli().run("element", "info", uri).ok().out()).contains("user tries left  5");
  }

  @Test
  void aPinFileThatOthersCanReadIsUsedWithAWarning() throws IOException {
    Path pins = pinFile("2468\n1357\n");
    Files.setPosixFilePermissions(pins, PosixFilePermissions.fromString("rw-r-----"));

    Cli.Result result = new Cli().run("element", "change-pin", uri, "--pin-file", pins);

    result.failed(ExitCode.OK, "warning", "can be read or written by others");
  }

  @Test
  void aPersonIsAskedForWhatIsMissingAndTwiceForWhatIsNew() {
    new Cli().typing("2468", "1357", "1357").run("element", "change-pin", uri).ok();
    new Cli()
        .typing("1357", "2468", "2469")
        .run("element", "change-pin", uri)
        .failed(ExitCode.USAGE, "differ", "nothing was done");
    new Cli()
        .typing("2468", "2468")
        .set("STRONGROOM_PIN", "1357")
        .run("element", "change-pin", uri)
        .ok();
  }

  @Test
  void aNewPinHasTheLengthOfItsRole() {
    Cli.withPin()
        .set("STRONGROOM_NEW_PIN", "123")
        .run("element", "change-pin", uri)
        .failed(ExitCode.USAGE, "has 3 characters", "4 to 32");
    Cli.withPin()
        .set("STRONGROOM_NEW_PIN", "1")
        .run("element", "change-pin", uri)
        .failed(ExitCode.USAGE, "has 1 character;");
    Cli.withPin()
        .set("STRONGROOM_NEW_PIN", "x".repeat(33))
        .run("element", "change-pin", uri)
        .failed(ExitCode.USAGE, "has 33 characters");
    new Cli()
        .set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN)
        .set("STRONGROOM_NEW_PIN", "1234567")
        .run("element", "change-pin", "--admin", uri)
        .failed(ExitCode.USAGE, "has 7 characters", "8 to 32");
    Cli.withPin().set("STRONGROOM_NEW_PIN", "🔑🔑🔑🔑").run("element", "change-pin", uri).ok();
  }

  @Test
  void aPinThatCannotBeRightUsesNoTry() {
    new Cli()
        .set("STRONGROOM_PIN", "abc")
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "change-pin", uri)
        .failed(ExitCode.LOGIN, "no try was used");
    assertThat(new Cli().run("element", "info", uri).ok().out()).contains("user tries left  5");
  }

  private Cli.Result change(Path pins) {
    return Cli.withPin()
        .set("STRONGROOM_NEW_PIN", "1357")
        .run("element", "change-pin", uri, "--pin-file", pins);
  }

  private Path pinFile(String content) throws IOException {
    Path file = folder.resolve("pins");
    Files.write(file, content.getBytes(UTF_8));
    protect(file);
    return file;
  }

  private static void protect(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
