// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** A folder of a store as a store of its own: two of them fail and crash as one medium. */
record FolderStore(Store medium, String folder) implements Store {

  /** A folder that is made. */
  static FolderStore create(Store medium, String folder) throws IOException {
    medium.createDirectory(folder);
    return new FolderStore(medium, folder);
  }

  private String inside(String name) {
    return name.isEmpty() ? folder : folder + "/" + name;
  }

  @Override
  public StoreFile open(String name, Access access) throws IOException {
    return medium.open(inside(name), access);
  }

  @Override
  public boolean exists(String name) throws IOException {
    return medium.exists(inside(name));
  }

  @Override
  public void createDirectory(String name) throws IOException {
    medium.createDirectory(inside(name));
  }

  @Override
  public void move(String from, String to) throws IOException {
    medium.move(inside(from), inside(to));
  }

  @Override
  public void delete(String name) throws IOException {
    medium.delete(inside(name));
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return medium.list(inside(directory));
  }

  @Override
  public void syncDirectory(String directory) throws IOException {
    medium.syncDirectory(inside(directory));
  }

  @Override
  public void syncAll(Collection<StoreFile> files) throws IOException {
    medium.syncAll(files);
  }

  @Override
  public long usableSpace() throws IOException {
    return medium.usableSpace();
  }

  @Override
  public AutoCloseable lock(LockMode mode) throws IOException {
    return medium.lock(mode);
  }

  @Override
  public void close() {}
}
