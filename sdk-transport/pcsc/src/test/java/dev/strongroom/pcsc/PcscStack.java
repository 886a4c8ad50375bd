// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The real pcscd with two virtual readers, one for each JVM of tests, in namespaces of its own (see
 * {@code src/test/isolated}). As an extension it skips, by name, tests of a JVM that has none.
 */
final class PcscStack implements ExecutionCondition {

  static final List<String> READERS = List.of("Virtual PCD 00 00", "Virtual PCD 00 01");

  private static final int FIRST_PORT = 35_963;

  /** Kills the daemon when the JVM has gone, in whatever way: then its own input ends. */
  private static final String GUARD =
      "pcscd --foreground --error --config \"$1\" >\"$1/log\" 2>&1 & echo $!; read -r; kill -9 $!";

  private static @Nullable Path configuration;
  private static @Nullable Process guard;
  private static long daemon;

  /** For JUnit. */
  PcscStack() {}

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String missing = System.getenv("STRONGROOM_PCSC_MISSING");
    if (missing == null) {
      return ConditionEvaluationResult.disabled("not started by src/test/isolated/bin/java");
    }
    return missing.isEmpty()
        ? ConditionEvaluationResult.enabled("pcscd and vpcd are installed")
        : ConditionEvaluationResult.disabled("missing: " + missing);
  }

  /** Where the virtual reader of a number waits for its card. */
  static InetSocketAddress port(int reader) {
    return InetSocketAddress.createUnresolved("127.0.0.1", FIRST_PORT + reader);
  }

  /** Starts the daemon if it does not run. */
  static synchronized void start() throws Exception {
    if (guard != null && guard.isAlive()) {
      return;
    }
    if (configuration == null) {
      configuration = Files.createTempDirectory("pcscd");
      Files.writeString(
          configuration.resolve("vpcd"),
          """
          FRIENDLYNAME "Virtual PCD"
          DEVICENAME /dev/null:0x8C7B
          LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so
          CHANNELID 0x8C7B
          """);
      Path made = configuration;

      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
    }
    Process started =
        new ProcessBuilder("bash", "-c", GUARD, "pcscd", configuration.toString()).start();
    guard = started;
    byte[] line = new byte[16];
    int length = 0;
    for (int next = started.getInputStream().read();
        next >= 0 && next != '\n' && length < line.length;
        next = started.getInputStream().read()) {
      line[length++] = (byte) next;
    }
    daemon = Long.parseLong(new String(line, 0, length, StandardCharsets.US_ASCII));
    Eventually.holds(() -> Files.exists(Path.of("/run/pcscd/pcscd.comm")));
  }

  /** Ends the daemon by a signal. */
  static synchronized void signal(String signal) throws Exception {
    int code = new ProcessBuilder("kill", "-" + signal, Long.toString(daemon)).start().waitFor();
    if (code != 0) {
      throw new IOException("kill ended with " + code);
    }
  }

  /** Waits for the end of a daemon that was sent a signal, and starts another one. */
  static synchronized void restart() throws Exception {
    Eventually.holds(() -> ProcessHandle.of(daemon).isEmpty());
    Process old = guard;
    if (old != null) {
      old.destroyForcibly();
      old.waitFor(10, TimeUnit.SECONDS);
    }
    guard = null;
    Files.deleteIfExists(Path.of("/run/pcscd/pcscd.comm"));
    start();
  }

  private static void delete(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve("vpcd"));
      Files.deleteIfExists(folder.resolve("log"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
