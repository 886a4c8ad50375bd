// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.workloads.FolderPeer;
import dev.strongroom.workloads.FolderPeer.Mounted;
import dev.strongroom.workloads.Peer;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * gocryptfs, as installed, through FUSE, in its own defaults (AES-GCM, 4 KiB blocks), but with a
 * cheap password.
 *
 * <p>Thread safety: immutable.
 */
final class Gocryptfs {

  private static final Path FUSE = Path.of("/dev/fuse");
  private static final long PATIENCE_SECONDS = 60;

  private final Path folder;
  private final Path unmount;

  private Gocryptfs(Path folder, Path unmount) {
    this.folder = folder;
    this.unmount = unmount;
  }

  /** Why it cannot take part on this machine; empty when it can. */
  static Optional<String> obstacle() {
    if (onPath("gocryptfs") == null) {
      return Optional.of("gocryptfs is not installed");
    }
    if (unmounter() == null) {
      return Optional.of("fusermount is not installed");
    }
    return Files.isReadable(FUSE) && Files.isWritable(FUSE)
        ? Optional.empty()
        : Optional.of(FUSE + " is not there, or not for this user");
  }

  /** Makes and mounts one in a folder that will hold nothing else. */
  static Peer in(Path folder) throws IOException {
    Path program = onPath("gocryptfs");
    Path unmount = unmounter();
    if (program == null || unmount == null) {
      throw new IOException(obstacle().orElse("gocryptfs has gone"));
    }
    Gocryptfs made = new Gocryptfs(folder, unmount);
    Path host = made.hostFiles();
    Files.createDirectories(host);
    Files.createDirectories(made.mountPoint());
    Path password = Files.writeString(folder.resolve("password"), "benchmark\n");
    String version =
        made.run(program.toString(), "-version").replaceAll("(?s)^\\S+ v?([^;]*).*", "$1");
    made.run(
        program.toString(),
        "-init",
        "-q",
        "-scryptn",
        "10",
        "-passfile",
        password.toString(),
        host.toString());
    return FolderPeer.mounted(
        "gocryptfs " + version,
        host,
        () -> {
          made.run(
              program.toString(),
              "-q",
              "-nosyslog",
              "-passfile",
              password.toString(),
              host.toString(),
              made.mountPoint().toString());
          return made.new Mount();
        });
  }

  private Path hostFiles() {
    return folder.resolve("host");
  }

  private Path mountPoint() {
    return folder.resolve("mounted");
  }

  /** Runs a program; its output. A daemon that it leaves may keep the output open. */
  private String run(String... command) throws IOException {
    Path log = Files.createTempFile(folder, "log", "");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(Redirect.from(new File("/dev/null")))
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(List.of(command) + " does not end");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(List.of(command) + " was interrupted", e);
    }
    String said = Files.readString(log, UTF_8);
    if (process.exitValue() != 0) {
      throw new IOException(List.of(command) + " failed: " + said.strip());
    }
    return said;
  }

  private static @Nullable Path unmounter() {
    Path newer = onPath("fusermount3");
    return newer != null ? newer : onPath("fusermount");
  }

  private static @Nullable Path onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file) && Files.isRegularFile(file)) {
        return file;
      }
    }
    return null;
  }

  /** Unmounted when it is closed, and when the process ends without that. */
  private final class Mount implements Mounted {

    private final Thread end = new Thread(this::giveUp);

    Mount() {
      Runtime.getRuntime().addShutdownHook(end);
    }

    @Override
    public Path root() {
      return mountPoint();
    }

    @Override
    public void close() throws IOException {
      try {
        run(unmount.toString(), "-u", mountPoint().toString());
      } catch (IOException e) {
        // Somebody looks at it: it goes from the name space now, and ends when they are done.
        run(unmount.toString(), "-uz", mountPoint().toString());
      }
      Runtime.getRuntime().removeShutdownHook(end);
    }

    private void giveUp() {
      try {
        run(unmount.toString(), "-uz", mountPoint().toString());
      } catch (IOException e) {
        System.err.println(mountPoint() + " may still be mounted: " + e.getMessage());
      }
    }
  }
}
