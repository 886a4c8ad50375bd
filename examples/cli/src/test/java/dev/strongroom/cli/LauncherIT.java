// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher on a fresh copy of the sources, in a path with spaces: the build, the terminal, and
 * what a process ends with. Needs {@code mvn}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LauncherIT {

  private static final Path REPOSITORY = Path.of("..", "..");

  @TempDir static Path temporary;

  private static Path home = Path.of("");
  private static Path work = Path.of("");

  /** A process whose errors go to a file. */
  private record Running(Process process, Path err) {}

  /** What a process printed, and how it ended. */
  private record Result(int code, String out, String err) {}

  @BeforeAll
  static void copySources() throws IOException {
    assumeTrue(starts("mvn", "--version"), "mvn is not installed");
    home = temporary.resolve("a fresh clone");
    work = Files.createDirectory(temporary.resolve("work"));
    Files.walkFileTree(
        REPOSITORY,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            String name = directory.getFileName().toString();
            if (name.equals("target") || name.equals(".git")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(home.resolve(REPOSITORY.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file,
                home.resolve(REPOSITORY.relativize(file)),
                StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  @Order(1)
  void twoFirstStartsAtOnceBuildOnce() throws Exception {
    Running first = start(Map.of(), command("--version"));
    Running second = start(Map.of(), command("--version"));
    Result one = finish(first);
    Result two = finish(second);
    assertThat(one.err() + two.err()).containsOnlyOnce("strongroom: building, once");
    assertThat(one.out()).startsWith("strongroom ");
    assertThat(two.out()).isEqualTo(one.out());
  }

  @Test
  @Order(2)
  void theNextStartBuildsNothingAndWorksThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(work.resolve("sr"), home.resolve("strongroom"));
    Result result = finish(start(Map.of(), List.of(link.toString(), "--version")));
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("strongroom ");
  }

  @Test
  @Order(3)
  void theMainJobFromAnotherDirectoryByRelativePaths() throws Exception {
    Map<String, String> pins =
        Map.of("STRONGROOM_PIN", "2468", "STRONGROOM_ADMIN_PIN", "administrator");
    Files.writeString(work.resolve("ünïcödé name"), "content");
    assertThat(run(pins, "element", "init", "sim:e").code()).isZero();
    assertThat(run(pins, "volume", "init", "v", "--element", "sim:e").code()).isZero();
    assertThat(run(pins, "put", "v", "ünïcödé name").code()).isZero();
    Result database = run(pins, "db", "shell", "v", "a.db", "--csv", "-c", "select 'ü' as a");
    assertThat(database.out()).isEqualTo("a\r\nü\r\n");
    assertThat(database.err()).isEmpty(); // no release of Java warns of native access
    assertThat(run(pins, "rm", "v", "a.db").code()).isZero();
    Map<String, String> plain =
        Map.of(
            "STRONGROOM_PIN", "2468", "LC_ALL", "C", "LANG", "C"); // names are UTF-8 all the same
    assertThat(run(plain, "ls", "v").out()).isEqualTo("ünïcödé name\n");
    assertThat(run(plain, "cat", "v", "ünïcödé name").out()).isEqualTo("content");
    Result missing = run(Map.of(), "ls", "v");
    assertThat(missing.code()).isEqualTo(ExitCode.USAGE.code());
    assertThat(missing.err()).contains("user PIN is missing");
    assertThat(run(Map.of("STRONGROOM_PIN", "0000"), "ls", "v").code())
        .isEqualTo(ExitCode.LOGIN.code());
  }

  @Test
  @Order(4)
  void aPersonAtATerminalIsAskedAndThePinIsNotShown() throws Exception {
    assumeTrue(starts("script", "--version"), "script is not installed");
    String line = "'" + home.resolve("strongroom") + "' cat v 'ünïcödé name' > out";
    Running running = start(Map.of(), List.of("script", "-qec", line, "/dev/null"));
    StringBuilder shown = new StringBuilder();
    while (shown.indexOf(": ") < 0) {
      int next = running.process().getInputStream().read();
      assertThat(next).as("%s", shown).isNotNegative();
      shown.append((char) next);
    }
    running.process().getOutputStream().write("2468\n".getBytes(UTF_8));
    running.process().getOutputStream().flush();
    // Closing the terminal before the end would hang up on the command.
    String rest = new String(running.process().getInputStream().readAllBytes(), UTF_8);
    Result result = finish(running);
    assertThat(result.code()).isZero();
    assertThat(shown + rest).doesNotContain("2468");
    assertThat(work.resolve("out")).hasContent("content");
  }

  @Test
  @Order(5)
  void aCardsCodeHasItsOwnColoursOnATerminalOnly() throws Exception {
    assumeTrue(starts("script", "--version"), "script is not installed");
    String line = "'" + home.resolve("strongroom") + "' element card sim:e --qr";
    Result shown = finish(start(Map.of(), List.of("script", "-qec", line, "/dev/null")));
    assertThat(shown.out()).contains("\u001b[38;5;16;48;5;231m", "\u2580");
    Result piped = run(Map.of(), "element", "card", "sim:e", "--qr");
    assertThat(piped.out()).doesNotContain("\u001b").contains("\u2580");
    assertThat(Scanner.read(piped.out().lines().skip(6).collect(Collectors.joining("\n"))))
        .startsWith("STRONGROOM-CARD:1:");
  }

  @Test
  @Order(6)
  void anInterruptedBenchmarkLeavesNothing() throws Exception {
    Path disk = Files.createDirectory(work.resolve("disk"));
    Running running = start(Map.of(), command("bench", disk.toString(), "--scale=100"));
    while (running.process().isAlive() && !volumeIn(disk)) {
      Thread.sleep(20);
    }
    running.process().toHandle().destroy(); // SIGTERM: to the JVM as Ctrl-C
    assertThat(finish(running).code()).isNotZero();
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  @Order(7)
  void changedSourcesAreBuiltAgainAndABrokenBuildStartsNothing() throws Exception {
    Path source = home.resolve("examples/cli/src/main/java/dev/strongroom/cli/Text.java");
    String text = Files.readString(source);
    Files.writeString(source, text.replace("final class Text", "final klass Text"));
    Files.setLastModifiedTime(source, FileTime.fromMillis(System.currentTimeMillis() + 1000));
    Result broken = run(Map.of(), "--version");
    assertThat(broken.code()).isEqualTo(ExitCode.IO.code());
    assertThat(broken.out()).isEmpty();
    assertThat(broken.err()).contains("building again", "the build failed, see above");
    Files.writeString(source, text);
    Result repaired = run(Map.of(), "--version");
    assertThat(repaired.err()).contains("building again");
    assertThat(repaired.out()).startsWith("strongroom ");
  }

  @Test
  @Order(8)
  void whatIsMissingIsNamed() throws Exception {
    Result noJava = run(Map.of("JAVA_HOME", "/nowhere"), "--version");
    assertThat(noJava.code()).isEqualTo(ExitCode.IO.code());
    assertThat(noJava.err()).contains("JAVA_HOME is /nowhere", "version 17 or newer");
  }

  private static Result run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return finish(start(environment, command(arguments)));
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("strongroom").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static Running start(Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("STRONGROOM_"));
    // Options of the build that runs this test are not for the build that the launcher runs.
    builder.environment().keySet().removeAll(List.of("MAVEN_OPTS", "MAVEN_ARGS", "MAVEN_CONFIG"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Path err = Files.createTempFile(temporary, "err", "");
    return new Running(builder.redirectError(err.toFile()).start(), err);
  }

  private static Result finish(Running running) throws IOException, InterruptedException {
    Process process = running.process();
    try {
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      return new Result(process.exitValue(), out, Files.readString(running.err()));
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean volumeIn(Path disk) throws IOException {
    try (Stream<Path> all = Files.walk(disk)) {
      return all.anyMatch(path -> path.endsWith("strongroom.journal"));
    } catch (UncheckedIOException e) {
      return false; // what was listed has gone
    }
  }

  private static boolean starts(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
