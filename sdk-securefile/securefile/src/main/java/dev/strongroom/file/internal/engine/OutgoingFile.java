// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.internal.engine.Walk.LastLink;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;

/**
 * A file that is read from its beginning to its end, in one committed state, holes left out.
 *
 * <p>Thread safety: confined to one thread; others may use the file meanwhile, but not change it.
 */
public final class OutgoingFile implements AutoCloseable {

  private final Volume volume;
  private final FileNode node;
  private final SecureFileAttributes attributes;

  private OutgoingFile(Volume volume, FileNode node) {
    this.volume = volume;
    this.node = node;
    this.attributes = Attributes.of(node);
  }

  /**
   * Opens a file.
   *
   * @param volume the volume
   * @param namespace its names
   * @param path the file
   * @return the file, whose changes so far are committed
   * @throws FileSystemException if it is a directory, or open in transaction mode
   * @throws IOException if it is not there or damaged
   */
  public static OutgoingFile open(Volume volume, Namespace namespace, String path)
      throws IOException {
    FileNode node =
        namespace.open(
            path,
            new Namespace.OpenMode(
                false,
                false,
                false,
                false,
                false,
                LastLink.FOLLOWED,
                Namespace.FILE_MODE,
                volume.options.keyScope()));
    try {
      settle(volume, node, path);
      return new OutgoingFile(volume, node);
    } catch (IOException | RuntimeException e) {
      volume.release(node);
      throw e;
    }
  }

  private static void settle(Volume volume, FileNode node, String path) throws IOException {
    volume.lock.lock();
    try {
      if (node.transactional) {
        throw new FileSystemException(
            path, null, "is open in transaction mode; close it there first");
      }
      if (!volume.isReadOnly()) {
        volume.commits.commit(List.of(node), false);
      }
    } finally {
      volume.lock.unlock();
    }
  }

  /**
   * What is known of the file.
   *
   * @return as it was when it was opened
   */
  public SecureFileAttributes attributes() {
    return attributes;
  }

  /**
   * The file's user attributes.
   *
   * @return a copy, which the caller erases
   * @throws IOException if they are damaged
   */
  public UserAttributeSet userAttributes() throws IOException {
    return KeyRing.run(volume, keys -> new UserAttributes(volume).load(node, keys));
  }

  /**
   * Length of its sectors.
   *
   * @return bytes
   */
  public int sectorBytes() {
    return node.layout.sectorBytes();
  }

  /**
   * Finds what is to be read next.
   *
   * @param sector where to begin
   * @return the first sector from there on that is no hole, or the number of sectors
   * @throws IOException if a page of the tree is damaged
   */
  public long nextPresent(long sector) throws IOException {
    node.lock.lock();
    try {
      return node.reader.nextPresent(sector);
    } finally {
      node.lock.unlock();
    }
  }

  /**
   * Reads sectors.
   *
   * @param first the first one
   * @param target takes them
   * @param count how many at most
   * @return how many are there until the next hole or the end; the last one may be short
   * @throws IOException if one is damaged
   */
  public int read(long first, byte[] target, int count) throws IOException {
    int size = sectorBytes();
    int run = 1;
    while (run < count && nextPresent(first + run) == first + run && !isEnd(first + run)) {
      run++;
    }
    node.read(first * size, target, 0, run * size);
    return run;
  }

  private boolean isEnd(long sector) {
    return sector * sectorBytes() >= attributes.size();
  }

  /**
   * The state of a sector that is no hole.
   *
   * @param sector the sector
   * @return the flags of its entry
   * @throws IOException if its page of the tree is damaged
   */
  public int flags(long sector) throws IOException {
    return node.isPurifiedInPart(sector)
        ? TagPage.PRESENT | TagPage.PURIFIED_IN_PART
        : TagPage.PRESENT;
  }

  /**
   * Makes sure that all that was read is of one state.
   *
   * @throws FileSystemException if the file was changed meanwhile
   */
  public void requireUnchanged() throws FileSystemException {
    node.lock.lock();
    try {
      if (node.isDirty() || node.header.generation != attributes.generation()) {
        throw new FileSystemException(
            node.path, null, "was changed while it was sent; send it again");
      }
    } finally {
      node.lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    volume.release(node);
  }
}
