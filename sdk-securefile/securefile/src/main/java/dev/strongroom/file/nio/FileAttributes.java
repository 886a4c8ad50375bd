// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the engine knows of a file, in the words of {@code java.nio.file}. The file key is the UID.
 *
 * <p>Thread safety: immutable.
 */
record FileAttributes(SecureFileAttributes file) implements PosixFileAttributes {

  /** The permission bits of a mode, from the owner's read bit down. */
  private static final List<PosixFilePermission> BITS =
      List.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  /** Permissions as the lowest nine bits of a mode. */
  static int mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {
      mode |= 0400 >> BITS.indexOf(permission);
    }
    return mode;
  }

  @Override
  public Set<PosixFilePermission> permissions() {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.size(); bit++) {
      if ((file.mode() & (0400 >> bit)) != 0) {
        permissions.add(BITS.get(bit));
      }
    }
    return permissions;
  }

  @Override
  public UserPrincipal owner() {
    return new VolumePrincipals.User(file.owner());
  }

  @Override
  public GroupPrincipal group() {
    return new VolumePrincipals.Group(file.group());
  }

  @Override
  public FileTime lastModifiedTime() {
    return FileTime.from(file.modified());
  }

  @Override
  public FileTime lastAccessTime() {
    return FileTime.from(file.accessed());
  }

  @Override
  public FileTime creationTime() {
    return FileTime.from(file.created());
  }

  @Override
  public boolean isRegularFile() {
    return file.type() == FileType.FILE;
  }

  @Override
  public boolean isDirectory() {
    return file.type() == FileType.DIRECTORY;
  }

  @Override
  public boolean isSymbolicLink() {
    return file.type() == FileType.SYMBOLIC_LINK;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public Bytes fileKey() {
    return file.uid();
  }
}
