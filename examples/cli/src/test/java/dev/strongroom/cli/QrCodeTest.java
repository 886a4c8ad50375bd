// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.ReaderException;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.Fingerprint;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QrCodeTest {

  @Test
  void whatIsPrintedIsReadByAScanner() throws ReaderException {
    Random random = new Random(18004);
    for (int i = 0; i < 20; i++) {
      byte[] bytes = new byte[32];
      random.nextBytes(bytes);
      CardCode card =
          new CardCode(Bytes.copyOf(bytes, 0, 16), new Fingerprint(Bytes.copyOf(bytes, 16, 16)));
      QrCode code = QrCode.of(card.text());
      assertThat(Scanner.read(code.plain())).isEqualTo(card.text());
      assertThat(Scanner.read(code.coloured())).isEqualTo(card.text());
      assertThat(CardCode.parse(" " + card.text() + "\n")).contains(card);
    }
  }

  @Test
  void itFitsOnATerminal() {
    CardCode card =
        new CardCode(
            Bytes.copyOf(new byte[16]),
            new Fingerprint(Bytes.copyOf(new byte[Fingerprint.LENGTH])));
    String text = QrCode.of(card.text()).plain();
    assertThat(text.lines()).hasSizeLessThanOrEqualTo(24);
    assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void itHasAQuietZoneOnAllSides() {
    List<String> lines = QrCode.of("STRONGROOM").plain().lines().toList();
    assertThat(lines.get(0) + lines.get(1) + lines.get(lines.size() - 1)).isBlank();
    for (String line : lines) {
      assertThat(line.substring(0, 4) + line.substring(line.length() - 4)).isBlank();
    }
  }

  @Test
  void itSetsBothColoursSoThatADarkTerminalDoesNotTurnItRound() {
    assertThat(QrCode.of("STRONGROOM").coloured().lines())
        .allSatisfy(
            line -> assertThat(line).startsWith("\u001b[38;5;16;48;5;231m").endsWith("\u001b[0m"));
  }

  @Test
  void otherCodesAreNoCards() {
    assertThat(CardCode.parse("https://example.org")).isEmpty();
    assertThat(CardCode.parse("STRONGROOM-CARD:2:" + "0".repeat(32) + ":" + "0".repeat(32)))
        .isEmpty();
    assertThatThrownBy(() -> Scanner.read("                \n".repeat(8)))
        .isInstanceOf(ReaderException.class);
  }
}
