// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.LinkOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;

/**
 * The view {@code user} of one file: named values, stored encrypted with it.
 *
 * <p>Thread safety: thread-safe.
 */
final class UserAttributes implements UserDefinedFileAttributeView {

  private final VolumePath path;
  private final LinkOption[] options;

  UserAttributes(VolumePath path, LinkOption... options) {
    this.path = path;
    this.options = options;
  }

  @Override
  public String name() {
    return "user";
  }

  @Override
  public List<String> list() throws IOException {
    return path.call((volume, file) -> volume.userAttributes(file, options));
  }

  byte[] get(String name) throws IOException {
    return path.call((volume, file) -> volume.userAttribute(file, name, options));
  }

  @Override
  public int size(String name) throws IOException {
    return get(name).length;
  }

  @Override
  public int read(String name, ByteBuffer target) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("the buffer is read-only");
    }
    byte[] value = get(name);
    if (value.length > target.remaining()) {
      throw new java.nio.file.FileSystemException(
          path.toString(),
          null,
          "the value of "
              + name
              + " has "
              + value.length
              + " bytes, more than the buffer has room");
    }
    target.put(value);
    return value.length;
  }

  @Override
  public int write(String name, ByteBuffer source) throws IOException {
    byte[] value = new byte[source.remaining()];
    source.get(value);
    path.change((volume, file) -> volume.setUserAttribute(file, name, value, options));
    path.getFileSystem().changes().modified(path, options);
    return value.length;
  }

  @Override
  public void delete(String name) throws IOException {
    path.change((volume, file) -> volume.removeUserAttribute(file, name, options));
    path.getFileSystem().changes().modified(path, options);
  }
}
