// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The documents say what the program does. */
class DocumentsTest {

  private static final Path REPOSITORY = Path.of("..", "..");
  private static final Path DOCS = REPOSITORY.resolve("docs");

  @Test
  void theCommandReferenceHasEveryCommandOptionVariableAndExitCode() throws IOException {
    String text = Files.readString(DOCS.resolve("cli.md"));
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    Console console =
        new Console(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), null, false, false);
    CommandLine root = CommandLines.create(console);
    for (CommandLine command : leaves(root)) {
      String name = command.getCommandSpec().qualifiedName();
      assertThat(text).contains("`" + name + " ");
      for (OptionSpec option : command.getCommandSpec().options()) {
        assertThat(text).as("%s of %s", option.longestName(), name).contains(option.longestName());
      }
    }
    assertThat(root.getCommandSpec().usageMessage().exitCodeList())
        .hasSize(ExitCode.values().length + 2) // those of signals are not the command's own
        .allSatisfy((code, meaning) -> assertThat(text).contains("\n| " + code + " | "));
    assertThat(text)
        .contains(
            Pins.USER_VARIABLE, Pins.ADMINISTRATOR_VARIABLE, Pins.NEW_VARIABLE, "STRONGROOM_DEBUG");
  }

  @Test
  void theListOfErrorsHasEveryException() throws IOException {
    String text = Files.readString(DOCS.resolve("errors.md"));
    List<String> missing = new ArrayList<>();
    for (String root :
        List.of(
            "sdk-core/core",
            "sdk-securefile/securefile",
            "sdk-securefile/database",
            "sdk-sekey/sekey")) {
      for (Path source : Trees.files(REPOSITORY.resolve(root).resolve("src/main/java"))) {
        String name = source.getFileName().toString().replace(".java", "");
        if (name.endsWith("Exception")
            && !source.toString().contains("internal")
            && !text.contains("`" + name + "`")) {
          missing.add(name);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyLinkInTheDocumentsLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    try (Stream<Path> top = Files.list(REPOSITORY);
        Stream<Path> docs = Files.walk(DOCS)) {
      List<Path> pages =
          Stream.concat(top, docs).filter(page -> page.toString().endsWith(".md")).toList();
      for (Path page : pages) {
        Matcher link =
            Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)").matcher(Files.readString(page));
        while (link.find()) {
          if (!Files.exists(page.resolveSibling(link.group(1)))) {
            broken.add(page + ": " + link.group(1));
          }
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static List<CommandLine> leaves(CommandLine command) {
    if (command.getSubcommands().isEmpty()) {
      return List.of(command);
    }
    return command.getSubcommands().values().stream()
        .flatMap(below -> leaves(below).stream())
        .toList();
  }
}
