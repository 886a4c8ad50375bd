// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.ReaderException;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardCommandTest {

  @TempDir Path folder;

  @Test
  void theFileHasWhatIsShownAndNoPinIsNeeded() throws IOException {
    String uri = Cli.element(folder.resolve("e"));
    Path file = folder.resolve("peer.card");
    String shown = new Cli().run("element", "card", uri, "--out", file).ok().out();
    ElementCard card = CardFile.read(file);
    Fingerprint fingerprint = CardFile.fingerprint(card);
    assertThat(shown)
        .contains(card.serialNumber().toString(), "software", "P256", fingerprint.toString());
    assertThat(fingerprint.toString()).isEqualTo(card.fingerprint());
    String words =
        shown
            .lines()
            .dropWhile(line -> !line.startsWith("in words"))
            .map(line -> line.substring("in words         ".length()))
            .collect(Collectors.joining(" "));
    assertThat(Fingerprint.parse(words)).isEqualTo(fingerprint);
    assertThat(new Cli().run("element", "info", uri).ok().out())
        .contains(card.serialNumber().toString());
  }

  @Test
  void theQrCodeOnATerminalAndElsewhereSaysWhoseKeysTheyAre() throws IOException, ReaderException {
    String uri = Cli.element(folder.resolve("e"));
    String plain = new Cli().run("element", "card", uri, "--qr").ok().out();
    String coloured = new Cli().shown().run("element", "card", uri, "--qr").ok().out();
    assertThat(plain).doesNotContain("\u001b");
    assertThat(coloured).contains("\u001b[");
    String serial = line(plain, "serial number");
    Fingerprint fingerprint = Fingerprint.parse(line(plain, "fingerprint"));
    for (String out : new String[] {plain, coloured}) {
      String code = out.lines().skip(6).collect(Collectors.joining("\n"));
      assertThat(CardCode.parse(Scanner.read(code)))
          .hasValueSatisfying(
              read -> {
                assertThat(read.serialNumber()).hasToString(serial);
                assertThat(read.fingerprint()).isEqualTo(fingerprint);
              });
    }
  }

  @Test
  void aFileThatIsThereAndABlankElementAreRefused() throws IOException {
    String uri = Cli.element(folder.resolve("e"));
    Path file = Files.writeString(folder.resolve("peer.card"), "mine");
    new Cli()
        .run("element", "card", uri, "--out", file)
        .failed(ExitCode.NAME, "peer.card: is there already");
    assertThat(file).hasContent("mine");
    new Cli()
        .run("element", "card", "sim:" + folder.resolve("none"))
        .failed(ExitCode.NAME, "element init");
  }

  private static String line(String out, String name) {
    return out.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow();
  }
}
