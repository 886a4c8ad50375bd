// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

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
import org.jspecify.annotations.Nullable;

/** Another Java process that runs a main class of these tests. */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a process with so much heap, in MiB. */
  static ChildJvm start(int heap, Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap + "m");
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath()), main.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next line that the process prints, perhaps cut; null when it has ended. */
  @Nullable String lineOrEnd() throws IOException {
    return output.readLine();
  }

  /** The next line that the process prints; an error when it has ended. */
  String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new AssertionError("the process has ended by itself");
    }
    return line;
  }

  long pid() {
    return process.pid();
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

  /** Where this process has its classes from, whichever path they are on here. */
  private static Set<String> classPath() {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> type : List.of(ChildJvm.class, SecureDatabase.class)) {
      String file = "/" + type.getName().replace('.', '/') + ".class";
      String text = String.valueOf(type.getResource(file));
      String place = text.substring(0, text.length() - file.length());
      places.add(
          place.startsWith("jar:")
              ? Path.of(URI.create(place.substring(4, place.length() - 1))).toString()
              : Path.of(URI.create(place)).toString());
    }
    for (String property :
        List.of("java.class.path", "jdk.module.path", "surefire.test.class.path")) {
      places.addAll(List.of(System.getProperty(property, "").split(File.pathSeparator)));
    }
    places.remove("");
    return places;
  }
}
