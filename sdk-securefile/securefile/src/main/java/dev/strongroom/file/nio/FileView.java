// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.file.SecureFileAttributes;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The views {@code basic}, {@code owner} and {@code posix} of one file.
 *
 * <p>Thread safety: thread-safe.
 */
final class FileView implements PosixFileAttributeView {

  private final String name;
  private final VolumePath path;
  private final LinkOption[] options;

  FileView(String name, VolumePath path, LinkOption... options) {
    this.name = name;
    this.path = path;
    this.options = options;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public FileAttributes readAttributes() throws IOException {
    return new FileAttributes(stat());
  }

  private SecureFileAttributes stat() throws IOException {
    return path.stat(options);
  }

  @Override
  public void setTimes(
      @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
      throws IOException {
    if (modified == null && accessed == null && created == null) {
      return;
    }
    path.change(
        (volume, name) ->
            volume.setTimes(name, instant(modified), instant(accessed), instant(created), options));
    path.getFileSystem().changes().modified(path, options);
  }

  private static @Nullable Instant instant(@Nullable FileTime time) {
    return time == null ? null : time.toInstant();
  }

  @Override
  public UserPrincipal getOwner() throws IOException {
    return readAttributes().owner();
  }

  @Override
  public void setOwner(UserPrincipal owner) throws IOException {
    java.util.Objects.requireNonNull(owner, "owner");
    if (!(owner instanceof VolumePrincipals.User user)) {
      throw new ProviderMismatchException("an owner of another file system");
    }
    own(user.id(), -1);
  }

  @Override
  public void setGroup(GroupPrincipal group) throws IOException {
    java.util.Objects.requireNonNull(group, "group");
    if (!(group instanceof VolumePrincipals.Group that)) {
      throw new ProviderMismatchException("a group of another file system");
    }
    own(-1, that.id());
  }

  private void own(int owner, int group) throws IOException {
    path.change((volume, name) -> volume.setOwner(name, owner, group, options));
    path.getFileSystem().changes().modified(path, options);
  }

  @Override
  public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    int mode = (stat().mode() & ~0777) | FileAttributes.mode(permissions);
    path.change((volume, name) -> volume.setMode(name, mode, options));
    path.getFileSystem().changes().modified(path, options);
  }
}
