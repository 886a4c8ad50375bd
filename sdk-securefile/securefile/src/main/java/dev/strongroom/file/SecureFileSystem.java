// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;

/** SIGNATURES ONLY, engine being written. Paths: "/a/b" or "a/b"; "" and "/" are the root. */
public final class SecureFileSystem implements AutoCloseable {

  /** Makes a volume in an absent or empty directory and opens it. */
  public static SecureFileSystem create(ElementSession session, Path directory, VolumeOptions options) throws IOException { throw new IOException(); }
  public static SecureFileSystem create(ElementSession session, Store store, VolumeOptions options) throws IOException { throw new IOException(); }

  /** Opens a volume. WrongElementException, VolumeNotFoundException, VolumeInUseException, ... */
  public static SecureFileSystem open(ElementSession session, Path directory, VolumeOptions options) throws IOException { throw new IOException(); }
  public static SecureFileSystem open(ElementSession session, Store store, VolumeOptions options) throws IOException { throw new IOException(); }

  public VolumeInfo info() { throw new IllegalStateException(); }

  /** READ, WRITE, CREATE, CREATE_NEW, TRUNCATE_EXISTING, APPEND, DSYNC/SYNC and SecureOpenOption. */
  public SecureFile openFile(String path, OpenOption... options) throws IOException { throw new IOException(); }

  /** FileAlreadyExistsException, NoSuchFileException (parent). */
  public void createDirectory(String path) throws IOException { throw new IOException(); }

  /** NoSuchFileException, DirectoryNotEmptyException. */
  public void delete(String path) throws IOException { throw new IOException(); }

  /** POSIX rename: replaces an existing file, or an empty directory by a directory. */
  public void rename(String from, String to) throws IOException { throw new IOException(); }

  /** Like rename, but FileAlreadyExistsException when the target is there. */
  public void renameNoReplace(String from, String to) throws IOException { throw new IOException(); }

  /** In no particular order. NotDirectoryException, NoSuchFileException. */
  public List<DirectoryEntry> list(String path) throws IOException { throw new IOException(); }

  /** Attributes of all entries, opened in batches of the element's limit. */
  public List<SecureFileAttributes> listAttributes(String path) throws IOException { throw new IOException(); }

  public SecureFileAttributes stat(String path) throws IOException { throw new IOException(); }

  public boolean exists(String path) throws IOException { throw new IOException(); }

  /** Commits everything (except files in transaction mode) durably. */
  public void sync() throws IOException { throw new IOException(); }

  /** Commits everything, checkpoints the journal, zeroises, releases the lock. Idempotent. */
  @Override
  public void close() throws IOException {}
}
