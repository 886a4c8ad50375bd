// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Gives salvaged files and directories what they had beside their content. What the host does not
 * take goes to the report, so that no attribute is a reason to lose a file.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class SalvagedAttributes {

  /** Permissions of owner, group and others; a copy runs with nobody else's rights. */
  private static final int PERMISSIONS = 0777;

  /** What a file or directory gets after its content. */
  record Last(Path place, Instant modified, Instant accessed, int mode) {
    static Last of(Path place, FileHeader header) {
      return new Last(place, header.modified, header.accessed, header.mode & PERMISSIONS);
    }
  }

  private final Path folder;
  private final Path report;

  /**
   * Works in a folder.
   *
   * @param folder where the copies lie
   * @param report takes what the host does not
   */
  SalvagedAttributes(Path folder, Path report) {
    this.folder = folder;
    this.report = report;
  }

  /** Gives a copy its user attributes. */
  void user(Path place, UserAttributeSet attributes) throws IOException {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(place, UserDefinedFileAttributeView.class);
    for (String name : attributes.names()) {
      byte[] value = attributes.get(name);
      if (value == null) {
        continue;
      }
      try {
        if (!write(view, name, value)) {
          note(
              ("user attribute " + name + " of " + folder.relativize(place))
                  + (", in Base64: " + Base64.getEncoder().encodeToString(value)));
        }
      } finally {
        Arrays.fill(value, (byte) 0);
      }
    }
  }

  private static boolean write(
      @Nullable UserDefinedFileAttributeView view, String name, byte[] value) {
    try {
      if (view != null) {
        view.write(name, ByteBuffer.wrap(value));
        return true;
      }
      return false;
    } catch (IOException | RuntimeException e) {
      return false; // too long a name or value for the host, or none at all there
    }
  }

  /** Gives a copy its times and mode. */
  void last(Last wanted) throws IOException {
    Path place = wanted.place();
    try {
      Files.getFileAttributeView(place, BasicFileAttributeView.class)
          .setTimes(FileTime.from(wanted.modified()), FileTime.from(wanted.accessed()), null);
      if (place.getFileSystem().supportedFileAttributeViews().contains("unix")) {
        Files.setAttribute(place, "unix:mode", wanted.mode());
      }
    } catch (IOException | RuntimeException e) {
      note(
          folder.relativize(place)
              + (" has not got all of: modified " + wanted.modified())
              + (", accessed " + wanted.accessed())
              + (", mode " + Integer.toOctalString(wanted.mode()) + ": " + e));
    }
  }

  /** Adds a line to the report. */
  void note(String line) throws IOException {
    String shown = line.replaceAll("[\\x00-\\x1f\\x7f]", "_") + "\n";
    Files.write(report, shown.getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
  }
}
