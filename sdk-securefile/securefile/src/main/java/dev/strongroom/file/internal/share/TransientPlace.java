// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a transient file lies, or will lie.
 *
 * <p>Thread safety: immutable.
 *
 * @param store the folder
 * @param name its name there
 * @param path its path, for messages
 */
public record TransientPlace(Store store, String name, String path) {

  /**
   * A place on the host.
   *
   * @param file the file
   * @return the place
   * @throws IllegalArgumentException if the path has no name
   */
  public static TransientPlace of(Path file) {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    Path name = absolute.getFileName();
    if (folder == null || name == null) {
      throw new IllegalArgumentException(file + " is no place for a file");
    }
    return new TransientPlace(new PathStore(folder), name.toString(), file.toString());
  }

  /**
   * A place in a store.
   *
   * @param store the folder, which stays the caller's
   * @param name its name there
   * @return the place
   */
  public static TransientPlace in(Store store, String name) {
    return new TransientPlace(store, name, store + "/" + name);
  }

  StoreFile open(Store.Access access) throws IOException {
    return store.open(name, access);
  }
}
