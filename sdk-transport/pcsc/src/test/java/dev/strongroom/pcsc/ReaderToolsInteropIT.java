// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Programs that others wrote see the element as a card and exchange APDUs with it. */
@ExtendWith(PcscStack.class)
class ReaderToolsInteropIT {

  private static @Nullable Reader reader;
  private static @Nullable Atr atr;

  @BeforeAll
  static void insert() throws Exception {
    SimulatedElement element = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    atr = element.powerOn();
    reader = Reader.with(0, element.exposed());
  }

  @AfterAll
  static void pull() {
    if (reader != null) {
      reader.close();
    }
  }

  @Test
  void openscToolListsTheReaderAndReadsTheAnswerToReset() throws Exception {
    assertThat(run("opensc-tool", "-l"))
        .containsPattern("\n0 +Yes +" + PcscStack.READERS.get(0))
        .containsPattern("\n1 +No +" + PcscStack.READERS.get(1));
    assertThat(run("opensc-tool", "-r", "0", "-a").strip().replace(":", ""))
        .isEqualTo(String.valueOf(atr));
  }

  @Test
  void openscToolSelectsTheApplicationAndReadsItsDescription() throws Exception {
    String select =
        "00A404000C" + HexFormat.of().formatHex(ElementProtocol.AID.bytes().toByteArray()) + "00";
    List<String> answers =
        answers(
            run(
                "opensc-tool",
                "-r",
                "0",
                "-s",
                select,
                "-s",
                "00CA010000",
                "-s",
                "00CA010100",
                "-s",
                "0084000010",
                "-s",
                "0020008104" + "31323334"));
    assertThat(answers).hasSize(5);
    byte[] description = data(answers.get(0), "9000");
    assertThat(ElementProtocol.parseInfo(description).protocolMajor())
        .isEqualTo(ElementProtocol.MAJOR_VERSION);
    assertThat(data(answers.get(1), "9000")).isEqualTo(description);
    assertThat(ElementProtocol.parseStatus(data(answers.get(2), "9000")).initialized()).isFalse();
    assertThat(data(answers.get(3), "9000")).hasSize(16);
    // A PIN in clear never goes to an element that others can be in front of.
    assertThat(data(answers.get(4), "6982")).isEmpty();
  }

  @Test
  void pcscScanSeesTheCard() throws Exception {
    assertThat(run("pcsc_scan", "-n", "-c"))
        .contains(PcscStack.READERS.get(0))
        .contains("Card inserted")
        .contains(
            "ATR: "
                + HexFormat.ofDelimiter(" ")
                    .withUpperCase()
                    .formatHex(java.util.Objects.requireNonNull(atr).bytes().toByteArray()));
  }

  /** What a program prints; the test is skipped, by the program's name, where there is none. */
  private static String run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, command[0] + " is not installed");
      throw e;
    }
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return printed;
  }

  /** Data and status word of each answer, in hexadecimal. */
  private static List<String> answers(String printed) {
    Matcher matcher =
        Pattern.compile(
                "Received \\(SW1=0x(..), SW2=0x(..)\\)(?::\\n((?:(?:[0-9A-F]{2} )+.*\\n?)+))?")
            .matcher(printed);
    return matcher
        .results()
        .map(
            found -> {
              StringBuilder data = new StringBuilder();
              String lines = found.group(3) == null ? "" : found.group(3);
              for (String line : lines.split("\n", -1)) {
                Matcher bytes = Pattern.compile("^((?:[0-9A-F]{2} ){1,16})").matcher(line);
                if (bytes.find()) {
                  data.append(bytes.group(1).replace(" ", ""));
                }
              }
              return data + found.group(1) + found.group(2);
            })
        .toList();
  }

  private static byte[] data(String answer, String status) {
    assertThat(answer.toLowerCase(Locale.ROOT)).endsWith(status);
    return HexFormat.of().parseHex(answer.substring(0, answer.length() - 4));
  }
}
