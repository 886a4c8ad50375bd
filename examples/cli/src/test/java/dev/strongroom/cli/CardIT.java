// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cards by the command line: a simulated element, presented in a reader of the real pcscd, holds
 * the keys of real files. In namespaces of its own for mounts and network, so it needs root, {@code
 * unshare}, {@code nsenter}, {@code pcscd} and the driver of {@code vsmartcard-vpcd}.
 */
class CardIT {

  private static final String DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
  private static final String CARD = "pcsc:Virtual PCD 00 00";
  private static final int PATIENCE_SECONDS = 60;
  private static final Map<String, String> PINS =
      Map.of("STRONGROOM_PIN", Cli.USER_PIN, "STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN);

  @TempDir static Path configuration;
  @TempDir Path folder;

  private static Process namespace;
  private static Process daemon;
  private final List<Process> started = new ArrayList<>();

  /** What a process printed, and how it ended. */
  private record Result(int code, String out, String err) {

    Result ok() {
      assertThat(err).isEmpty();
      assertThat(code).isZero();
      return this;
    }

    void failed(ExitCode expected, String... parts) {
      for (String part : parts) {
        assertThat(err).contains(part);
      }
      assertThat(code).isEqualTo(expected.code());
    }
  }

  @BeforeAll
  static void startDaemon() throws Exception {
    assumeTrue(Files.exists(Path.of(DRIVER)), "vsmartcard-vpcd is not installed");
    assumeTrue(Files.exists(Path.of("/usr/sbin/pcscd")), "pcscd is not installed");
    Path settings = Files.createDirectory(configuration.resolve("readers"));
    Files.writeString(
        settings.resolve("vpcd"),
        "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x8C7B\nLIBPATH "
            + DRIVER
            + "\nCHANNELID 0x8C7B\n");
    namespace =
        new ProcessBuilder(
                "unshare",
                "-mn",
                "sh",
                "-c",
                "ip link set lo up && mkdir -p /run/pcscd && mount -t tmpfs none /run/pcscd"
                    + " && echo ready && exec sleep infinity")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String ready = namespace.inputReader(UTF_8).readLine();
    assumeTrue("ready".equals(ready), "this process may not make namespaces");
    daemon = inside(Map.of(), "pcscd", "-f", "-C", "-c", settings.toString());
    until(() -> finish(inside(Map.of(), "test", "-S", "/run/pcscd/pcscd.comm")).code() == 0);
  }

  @AfterAll
  static void stopDaemon() throws InterruptedException {
    for (Process process : new Process[] {daemon, namespace}) {
      if (process != null) {
        process.destroy();
        process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  @BeforeEach
  void presentAnElement() throws Exception {
    Cli.element(folder.resolve("my.element"));
    present("my.element");
  }

  @AfterEach
  void takeItAway() throws InterruptedException {
    for (Process process : started) {
      process.destroy();
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void realFilesGoInAndComeBack() throws Exception {
    Path sources = Path.of("src").toAbsolutePath();
    run("volume", "init", "vault", "--element", CARD).ok();
    run("put", "vault", sources).ok();
    run("get", "vault", "src", "--to", "back").ok();
    assertThat(content(folder.resolve("back/src"))).isEqualTo(content(sources));
    assertThat(run("ls", "vault").ok().out()).isEqualTo("src\n");
    run("check", "vault").ok();
  }

  @Test
  void listShowsTheCardAndTheSimulatedElementBehindIt() throws Exception {
    Result list = run("element", "list");
    assertThat(list.out()).contains(CARD, "simulated element", "secure channel");
    // Its file is held by the process that presents it.
    assertThat(list.out()).contains("sim:my.element", "in use");
    String serialNumber = line(run("element", "info", CARD).ok().out(), "serial number");
    assertThat(list.out()).contains(serialNumber);
  }

  @Test
  void listSaysThatTheServiceDoesNotRun() throws Exception {
    List<String> hidden =
        new ArrayList<>(
            List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs none /run/pcscd && exec \"$0\" \"$@\""));
    hidden.addAll(command("element", "list"));
    Result list = finish(inside(folder, Map.of(), hidden));
    assertThat(list.err()).contains("warning: pcsc: the PC/SC service cannot be reached");
    assertThat(list.out()).contains("sim:my.element");
    assertThat(list.code()).isZero();
  }

  @Test
  void wrongPinsAreCountedAndTheAdministratorSetsANewOne() throws Exception {
    run("volume", "init", "vault", "--element", CARD).ok();
    Map<String, String> wrong = Map.of("STRONGROOM_PIN", "0000");
    finish(strongroom(wrong, "ls", "vault")).failed(ExitCode.LOGIN, "wrong user PIN", "4 tries");
    assertThat(run("element", "info", CARD).ok().out()).contains("user tries left  4");
    finish(
            strongroom(
                Map.of("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN, "STRONGROOM_NEW_PIN", "1357"),
                "element",
                "unblock",
                CARD))
        .ok();
    finish(strongroom(Map.of("STRONGROOM_PIN", "1357"), "ls", "vault")).ok();
  }

  @Test
  void oneProgramAtATimeAndThenTheNext() throws Exception {
    Process busy = keepBusy();
    while (run("element", "info", CARD).code() != ExitCode.BUSY.code()) {
      // The two may have met while this one held the card: then the other one has given up.
      if (busy.waitFor(100, TimeUnit.MILLISECONDS)) {
        busy = keepBusy();
      }
    }
    busy.destroyForcibly().waitFor();
    until(() -> run("element", "info", CARD).code() == 0);
  }

  @Test
  void withoutACardAndWithoutAReader() throws Exception {
    run("volume", "init", "vault", "--element", CARD).ok();
    takeItAway();
    until(() -> run("element", "info", CARD).code() == ExitCode.NAME.code());
    run("ls", "vault").failed(ExitCode.NAME, CARD);
    run("element", "info", "pcsc:No Such Reader").failed(ExitCode.NAME, "No Such Reader");
  }

  @Test
  void anotherElementInTheReaderIsRefusedBeforeItGetsAPin() throws Exception {
    run("volume", "init", "vault", "--element", CARD).ok();
    takeItAway();
    Cli.element(folder.resolve("other.element"));
    present("other.element");
    run("ls", "vault").failed(ExitCode.WRONG_ELEMENT);
    assertThat(run("element", "info", CARD).ok().out()).contains("user tries left  5");
  }

  @Test
  void aKnownElementIsRememberedAndABorrowedKeyRefused() throws Exception {
    run("element", "info", CARD, "--known", "known", "--quiet").ok();
    String line = Files.readAllLines(folder.resolve("known")).get(1);
    assertThat(line).matches("[0-9a-f]{32} 04[0-9a-f]{128}");
    run("element", "info", CARD, "--known", "known").ok();
    // The serial number of this element with the key of another one.
    Cli.element(folder.resolve("other.element"));
    run("element", "info", "sim:other.element", "--known", "known", "--quiet").ok();
    String other = Files.readAllLines(folder.resolve("known")).get(2);
    Files.writeString(folder.resolve("known"), line.substring(0, 33) + other.substring(33) + "\n");
    run("element", "info", CARD, "--known", "known").failed(ExitCode.WRONG_ELEMENT, "channel key");
  }

  @Test
  void aTraceShowsNoPin() throws Exception {
    String trace = run("element", "trace", "--login", CARD).ok().out();
    assertThat(trace).contains("SELECT", "INTERNAL AUTHENTICATE", "VERIFY", "GRUB", "protected");
    assertThat(trace).doesNotContain("32343638"); // 2468
  }

  @Test
  void otherProgramsSeeTheCard() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/opensc-tool")), "opensc is not installed");
    Result answer =
        finish(
            inside(
                Map.of(), "opensc-tool", "-r", "0", "-s", "00A404000CF05374726F6E67726F6F6D0100"));
    assertThat(answer.out()).contains("SW1=0x90, SW2=0x00");
  }

  private Process keepBusy() throws Exception {
    return strongroom(PINS, "element", "bench", CARD, "--seconds", "600");
  }

  private void present(String file) throws Exception {
    started.add(strongroom(Map.of(), "element", "present", "sim:" + file));
    until(() -> run("element", "info", CARD).code() == 0);
  }

  private Result run(Object... arguments) throws Exception {
    return finish(strongroom(PINS, arguments));
  }

  /** The command, as another process within the namespaces. */
  private Process strongroom(Map<String, String> environment, Object... arguments)
      throws Exception {
    return inside(folder, environment, command(arguments));
  }

  private static List<String> command(Object... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", // these live for a second
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "dev.strongroom.cli.Main"));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return command;
  }

  private static String classPath() throws Exception {
    Path program = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> libraries = Files.list(program.resolveSibling("lib"))) {
      return Stream.concat(Stream.of(program), libraries)
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  private static Process inside(Map<String, String> environment, String... command)
      throws IOException {
    return inside(configuration, environment, List.of(command));
  }

  private static Process inside(Path directory, Map<String, String> environment, List<String> what)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of("nsenter", "-m", "-n", "-t", Long.toString(namespace.pid()), "--"));
    command.addAll(
        List.of("env", "-C", directory.toString(), "--")); // nsenter -m changes the directory
    command.addAll(what);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("STRONGROOM_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Result finish(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    var err = process.errorReader(UTF_8).lines();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String problems = String.join("\n", err.toList());
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, problems);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(100);
    }
  }

  private static String line(String text, String label) {
    return text.lines()
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> content(Path root) throws IOException {
    Map<String, String> content = new TreeMap<>();
    for (Path file : Trees.files(root)) {
      content.put(root.relativize(file).toString(), new String(Files.readAllBytes(file), UTF_8));
    }
    return content;
  }
}
