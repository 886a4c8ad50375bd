// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.database.SecureDatabase;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a database as SQL. */
@Command(
    name = "export",
    description =
        "Writes a database as SQL text, to a file or to standard output: in clear, readable by"
            + " everybody who gets it.")
final class DatabaseExport implements Callable<Integer> {

  private final Settings settings;

  @Option(names = "--force", description = "Replace a file that is there.")
  private boolean force;

  @Parameters(index = "0", paramLabel = "VOLUME", description = "The volume's directory.")
  private Path volume = Path.of("");

  @Parameters(index = "1", paramLabel = "PATH", description = "The database in the volume.")
  private String path = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file of the host; by default standard output.")
  private @Nullable Path target;

  DatabaseExport(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException, SQLException {
    VolumePath file = VolumePath.parse(path);
    Path named = target;
    if (named != null) {
      requireFree(named);
    }
    try (OpenDatabase open = OpenDatabase.forReading(settings, volume, file)) {
      if (named == null) {
        export(open.database(), new Printed(settings.console()));
      } else {
        long bytes =
            WholeFile.write(
                named,
                part -> {
                  Copies.createForOwner(part);
                  try (OutputStream out = new Copies.Target(new FileOutputStream(part.toFile()))) {
                    export(open.database(), out);
                  }
                  return Files.size(part);
                });
        settings.say(named + ": " + file + " as SQL, " + Sizes.text(bytes) + ", in clear");
      }
    }
    return ExitCode.OK.code();
  }

  /** Before a PIN is asked for. */
  private void requireFree(Path named) throws IOException {
    if (!force && Files.exists(named, LinkOption.NOFOLLOW_LINKS)) {
      throw Kinds.replaceable(named.toString());
    }
    Path folder = named.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new NoSuchFileException(String.valueOf(folder));
    }
    Get.requireOutside(named, folder, volume);
  }

  private static void export(SecureDatabase database, OutputStream out)
      throws IOException, SQLException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
    database.exportSql(writer);
    writer.flush();
  }

  /** Standard output, which is UTF-8 here whatever it is elsewhere. */
  private static final class Printed extends OutputStream {

    private final Console console;

    Printed(Console console) {
      this.console = console;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      console.out().write(bytes, offset, count);
      flush();
    }

    @Override
    public void flush() throws IOException {
      if (console.out().checkError()) {
        throw console.outputRefused();
      }
    }
  }
}
