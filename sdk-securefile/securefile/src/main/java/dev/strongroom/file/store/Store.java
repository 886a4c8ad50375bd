// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.store;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * The host folder of one volume.
 *
 * <p>Names are relative, of ASCII letters, digits, dots and hyphens, with {@code /} between
 * components; the empty name is the folder itself. Missing files are {@link
 * java.nio.file.NoSuchFileException}, a full medium is {@link dev.strongroom.file.NoSpaceException}
 * or any other {@link IOException}.
 *
 * <p>Thread safety: thread-safe.
 */
public interface Store extends AutoCloseable {

  /** How a host file is opened. */
  enum Access {
    /** For reading; the file must exist. */
    READ,
    /** For reading and writing; the file must exist. */
    WRITE,
    /** For reading and writing; made when it does not exist, kept as it is when it does. */
    CREATE
  }

  /**
   * Opens a host file. A file may be open several times.
   *
   * @param name the file
   * @param access how
   * @return the open file
   * @throws IOException if it does not exist or cannot be opened
   */
  StoreFile open(String name, Access access) throws IOException;

  /**
   * Whether a file or folder of that name exists.
   *
   * @param name the name
   * @return whether it is there
   * @throws IOException if the store cannot tell
   */
  boolean exists(String name) throws IOException;

  /**
   * Makes a folder; does nothing when it is there. Its parent must exist.
   *
   * @param name the folder
   * @throws IOException if it cannot be made
   */
  void createDirectory(String name) throws IOException;

  /**
   * Moves a file, atomically replacing a file of the new name. Open files stay usable.
   *
   * @param from the file
   * @param to its new name
   * @throws IOException if it does not exist or cannot be moved
   */
  void move(String from, String to) throws IOException;

  /**
   * Removes a file, or an empty folder.
   *
   * @param name the file
   * @throws IOException if it does not exist or cannot be removed
   */
  void delete(String name) throws IOException;

  /**
   * The names in a folder, in no order.
   *
   * @param directory the folder
   * @return names without the folder's own
   * @throws IOException if the folder does not exist or cannot be read
   */
  List<String> list(String directory) throws IOException;

  /**
   * Makes the names in a folder durable.
   *
   * @param directory the folder
   * @throws IOException if that failed; then nothing is known about them
   */
  void syncDirectory(String directory) throws IOException;

  /**
   * Makes all earlier writes of several files durable. A store that gains from syncing them at the
   * same time, as journalling file systems do, overrides this.
   *
   * @param files open files of this store
   * @throws IOException if one of them failed
   */
  default void syncAll(Collection<StoreFile> files) throws IOException {
    for (StoreFile file : files) {
      file.sync();
    }
  }

  /**
   * How many bytes can still be written, as an estimate.
   *
   * @return the bytes, {@link Long#MAX_VALUE} when the store cannot tell
   * @throws IOException if the store fails
   */
  long usableSpace() throws IOException;

  /**
   * How many bytes the medium has, free or not.
   *
   * @return the bytes, {@link Long#MAX_VALUE} when the store cannot tell, as by default
   * @throws IOException if the store fails
   */
  default long totalSpace() throws IOException {
    return Long.MAX_VALUE;
  }

  /**
   * Keeps other processes and other opens out until closed.
   *
   * @param mode whether other readers are let in
   * @return the lock
   * @throws dev.strongroom.file.VolumeInUseException if somebody holds it
   * @throws IOException if the store cannot lock
   */
  AutoCloseable lock(LockMode mode) throws IOException;

  /** Who may hold a lock at the same time. */
  enum LockMode {
    /** Many readers. A medium that cannot be written gives it without a lock. */
    SHARED,
    /** One writer. */
    EXCLUSIVE
  }

  /**
   * Where the store is, for messages.
   *
   * @return a path or the like
   */
  @Override
  String toString();

  /**
   * Releases what the store holds; open files are closed by who opened them.
   *
   * @throws IOException if that failed
   */
  @Override
  void close() throws IOException;
}
