// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.child.ReaderProgram;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@link ReaderProgram} in a JVM of its own, in the same namespaces. */
final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  /** Starts it on the class path, where the driver is not opened to us. */
  static ChildJvm start(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(
        List.of(
                ReaderProgram.class.getName(),
                PcscProvider.class.getName(),
                "dev.strongroom.core.Bytes",
                "org.slf4j.Logger",
                "org.slf4j.nop.NOPServiceProvider")
            .stream()
            .map(ChildJvm::place)
            .distinct()
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(ReaderProgram.class.getName());
    command.addAll(List.of(arguments));
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next line that it prints. */
  String line() throws IOException {
    return String.valueOf(output.readLine());
  }

  /** Sends it a line. */
  void step() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Ends it without giving it a chance to let go of anything. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Lets it end. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    output.close();
  }

  private static String place(String name) {
    try {
      // Among the classes of tests and those of the module, which are patched into one.
      Class<?> found = Class.forName(name);
      String file = name.replace('.', '/') + ".class";
      String url = String.valueOf(found.getClassLoader().getResource(file));
      if (url.startsWith("jar:file:")) {
        return Path.of(java.net.URI.create(url.substring(4, url.indexOf('!')))).toString();
      }
      String path = Path.of(java.net.URI.create(url)).toString();
      return path.substring(0, path.length() - file.length() - 1);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
