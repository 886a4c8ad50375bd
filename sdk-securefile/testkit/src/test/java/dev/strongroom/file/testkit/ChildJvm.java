// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.simulator.SimulatedElement;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A second Java process that runs a main class of these tests. */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    return startIn(Path.of(""), List.of(), main, arguments);
  }

  /** Starts in a folder, with options of the JVM. */
  static ChildJvm startIn(Path current, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-cp", String.join(File.pathSeparator, places(main))));
    return start(current, all, main, arguments);
  }

  /** Starts with the product on the module path, and nothing but the main class beside it. */
  static ChildJvm startOnModules(Class<?> main, String... arguments) throws IOException {
    Set<String> modules = places(SecureFileSystem.class);
    modules.remove(place(main));
    // Another provider of file systems, which the tests use and which lacks a library there.
    modules.removeIf(place -> place.contains(File.separator + "jimfs"));
    List<String> options =
        List.of(
            "--module-path",
            String.join(File.pathSeparator, modules),
            "--add-modules",
            "dev.strongroom.file,dev.strongroom.simulator",
            "-cp",
            place(main));
    return start(Path.of(""), options, main, arguments);
  }

  private static ChildJvm start(
      Path current, List<String> options, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ChildJvm(
        new ProcessBuilder(command)
            .directory(current.toAbsolutePath().toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Where this process has its classes from, whichever path they are on here. */
  private static Set<String> places(Class<?> main) {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> type :
        List.of(
            main,
            MemoryStore.class,
            SecureFileSystem.class,
            SecureElement.class,
            SimulatedElement.class)) {
      places.add(place(type));
    }
    for (String property :
        List.of("java.class.path", "jdk.module.path", "surefire.test.class.path")) {
      String path = System.getProperty(property, "");
      places.addAll(List.of(path.split(File.pathSeparator)));
    }
    places.remove("");
    return places;
  }

  private static String place(Class<?> type) {
    String file = "/" + type.getName().replace('.', '/') + ".class";
    java.net.URL url = type.getResource(file);
    if (url == null) {
      throw new IllegalStateException(type + " has no place");
    }
    String text = url.toString();
    String place = text.substring(0, text.length() - file.length());
    if (place.startsWith("jar:")) {
      place = place.substring("jar:".length(), place.length() - 1);
    }
    return Path.of(URI.create(place)).toString();
  }

  /** The next line that the process prints; an error when it ended. */
  String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new AssertionError("the process ended: " + process);
    }
    return line;
  }

  /** The next line, perhaps cut; null when the process has ended. */
  @Nullable String lineOrEnd() throws IOException {
    return output.readLine();
  }

  long pid() {
    return process.pid();
  }

  /** Lets the process read the end of its input, and waits for its end. */
  int finish() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the process does not end");
    }
    return process.exitValue();
  }

  /** Ends it as a crash would; what it had printed can still be read. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // the process itself would close its streams
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
