// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a copy keeps beside content, as {@code cp -a} does: mode, owner and group (into a volume
 * only), times of modification and access, user attributes; each where the host's file system has
 * it.
 *
 * <p>Thread safety: confined to one thread.
 */
final class KeptAttributes {

  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  /** Directories of the host whose file system has user attributes, or not. */
  private final Map<Path, Boolean> userViews = new HashMap<>();

  /** Gives a file or directory of the volume what one of the host has. */
  void intoVolume(Path source, SecureFileSystem files, VolumePath target) throws IOException {
    UserDefinedFileAttributeView view = userView(source);
    if (view != null) {
      for (String name : view.list()) {
        ByteBuffer value = ByteBuffer.allocate(view.size(name));
        view.read(name, value);
        files.setUserAttribute(target.text(), name, value.array());
      }
    }
    if (hasUnixView(source)) {
      files.setMode(target.text(), unix(source, "mode") & 07777);
      files.setOwner(target.text(), unix(source, "uid"), unix(source, "gid"));
    }
    times(source, files, target);
  }

  /** Gives a link of the volume the times of one of the host. */
  void linkIntoVolume(Path source, SecureFileSystem files, VolumePath target) throws IOException {
    times(source, files, target, LinkOption.NOFOLLOW_LINKS);
  }

  private static void times(
      Path source, SecureFileSystem files, VolumePath target, LinkOption... options)
      throws IOException {
    BasicFileAttributes basic = Files.readAttributes(source, BasicFileAttributes.class, options);
    files.setTimes(
        target.text(),
        basic.lastModifiedTime().toInstant(),
        basic.lastAccessTime().toInstant(),
        null,
        options);
  }

  /** Gives a file or directory of the host what one of the volume has; the mode comes last. */
  void outOfVolume(SecureFileSystem files, VolumePath source, Path target) throws IOException {
    UserDefinedFileAttributeView view = userView(target);
    if (view != null) {
      for (String name : files.userAttributes(source.text())) {
        view.write(name, ByteBuffer.wrap(files.userAttribute(source.text(), name)));
      }
    }
    SecureFileAttributes attributes = files.stat(source.text());
    BasicFileAttributeView times = Files.getFileAttributeView(target, BasicFileAttributeView.class);
    try {
      times.setTimes(hostTime(attributes.modified()), hostTime(attributes.accessed()), null);
    } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
      throw new IOException(target + ": its times cannot be kept here", e);
    }
    PosixFileAttributeView posix = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    if (posix != null) {
      posix.setPermissions(permissions(attributes.mode()));
    }
  }

  /** Before 1970 without the fraction of the second: the JDK would set 1970 for one that has it. */
  private static FileTime hostTime(Instant time) {
    return FileTime.from(
        time.isBefore(Instant.EPOCH) ? time.truncatedTo(ChronoUnit.SECONDS) : time);
  }

  /** The permission bits as text, such as {@code rwxr-x--t}. */
  static String modeText(int mode) {
    StringBuilder text = new StringBuilder();
    for (int shift = 6; shift >= 0; shift -= 3) {
      int bits = mode >> shift;
      boolean special = (mode & (01000 << (shift / 3))) != 0;
      char executable = shift == 0 ? 't' : 's';
      text.append((bits & 4) != 0 ? 'r' : '-');
      text.append((bits & 2) != 0 ? 'w' : '-');
      if (special) {
        text.append((bits & 1) != 0 ? executable : Character.toUpperCase(executable));
      } else {
        text.append((bits & 1) != 0 ? 'x' : '-');
      }
    }
    return text.toString();
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.length; bit++) {
      if ((mode & (1 << bit)) != 0) {
        permissions.add(BITS[bit]);
      }
    }
    return permissions;
  }

  private static int unix(Path path, String attribute) throws IOException {
    Object value = Files.getAttribute(path, "unix:" + attribute);
    if (value instanceof Integer number) {
      return number;
    }
    throw new IOException(path + ": the attribute " + attribute + " is no number");
  }

  private static boolean hasUnixView(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /** The view of user attributes, or null where the host's file system has none. */
  private @Nullable UserDefinedFileAttributeView userView(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    Boolean there = userViews.get(directory);
    if (there == null) { // asked once a directory, since it reads the table of mounts
      there =
          Files.getFileStore(path).supportsFileAttributeView(UserDefinedFileAttributeView.class);
      userViews.put(directory, there);
    }
    return there ? Files.getFileAttributeView(path, UserDefinedFileAttributeView.class) : null;
  }
}
