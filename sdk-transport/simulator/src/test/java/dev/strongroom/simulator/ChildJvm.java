// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.child.ElementProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Starts {@link ElementProgram} in a JVM of its own. */
final class ChildJvm {

  private ChildJvm() {}

  /** All on the class path. */
  static Process onClassPath(String... arguments) throws Exception {
    List<String> paths = new ArrayList<>(modules());
    paths.add(place(ElementProgram.class));
    List<String> command = java();
    command.addAll(List.of("-cp", String.join(File.pathSeparator, paths)));
    return start(command, arguments);
  }

  /** All on the class path, in a folder. */
  static Process inFolder(Path folder, String... arguments) throws Exception {
    List<String> paths = new ArrayList<>(modules());
    paths.add(place(ElementProgram.class));
    List<String> command = java();
    command.addAll(
        List.of("-cp", String.join(File.pathSeparator, paths), ElementProgram.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  /** The program on the class path, all the rest on the module path; only the core is asked for. */
  static Process onModulePath(String... arguments) throws Exception {
    List<String> command = java();
    command.addAll(
        List.of(
            "--module-path",
            String.join(File.pathSeparator, modules()),
            "--add-modules",
            "dev.strongroom.core",
            "-cp",
            place(ElementProgram.class)));
    return start(command, arguments);
  }

  /** What it printed, once it has ended. */
  static List<String> lines(Process process) throws IOException, InterruptedException {
    try (var reader = process.inputReader()) {
      List<String> lines = reader.lines().collect(Collectors.toList());
      int code = process.waitFor();
      if (code != 0) {
        throw new AssertionError("exit code " + code + ": " + lines);
      }
      return lines;
    }
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    return command;
  }

  private static Process start(List<String> command, String... arguments) throws IOException {
    command.add(ElementProgram.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static List<String> modules() throws Exception {
    List<String> places = new ArrayList<>();
    for (String one :
        List.of(
            "dev.strongroom.core.device.SecureElement",
            "dev.strongroom.simulator.SimulatedElement",
            "org.bouncycastle.crypto.Digest",
            "org.bouncycastle.cert.X509CertificateHolder",
            "org.bouncycastle.oer.Element",
            "org.slf4j.Logger")) {
      // By name: a module that this one does not read is on the path all the same.
      places.add(place(Class.forName(one)));
    }
    return places;
  }

  private static String place(Class<?> one) throws Exception {
    return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
