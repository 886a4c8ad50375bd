// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.engine.Walk.LastLink;
import dev.strongroom.file.internal.engine.Walk.Place;
import dev.strongroom.file.internal.format.v1.AttributeStreamName;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A new file that is written before it has a name, and gets it in one commit. Until then it is like
 * a file that was deleted while it is open: no name leads to it, and a crash or its close ends it.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class UnnamedFile implements AutoCloseable {

  /** Room for the catalogue and for what is changed along with the name. */
  private static final long ALONG_BYTES = 64 << 10;

  /**
   * What the file has beside its content.
   *
   * @param created when it was made
   * @param modified when its content changed last
   * @param accessed when it was read last
   * @param mode POSIX permission bits
   * @param attributes its user attributes, which stay the caller's
   */
  public record Attached(
      Instant created, Instant modified, Instant accessed, int mode, UserAttributeSet attributes) {}

  /** A change that belongs into the commit that gives the file its name. */
  @FunctionalInterface
  public interface Along {

    /**
     * Makes the change, under the volume's lock, without asking the element for anything.
     *
     * @throws IOException if it cannot be made
     */
    void change() throws IOException;
  }

  private final Volume volume;
  private final FileNode node;
  private final OpenFile file;

  private UnnamedFile(Volume volume, FileNode node) {
    this.volume = volume;
    this.node = node;
    this.file = new OpenFile(volume, node, Set.of(StandardOpenOption.WRITE), true);
  }

  /**
   * Makes a file.
   *
   * @param volume the volume
   * @param namespace its names
   * @param path where it will be, for messages
   * @return the file, empty
   * @throws IOException if the volume cannot be written, or the store or the element fails
   */
  public static UnnamedFile create(Volume volume, Namespace namespace, String path)
      throws IOException {
    volume.requireWritable();
    namespace.requirePageKeys(volume.options.keyScope(), path);
    Bytes uid = FileTable.newUid();
    return new UnnamedFile(
        volume, KeyRing.run(volume, keys -> volume.files.createUnnamed(uid, path, keys)));
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
   * Writes.
   *
   * @param position where in the file
   * @param source the array
   * @param length how many of its bytes
   * @throws IOException if the store fails, or is full
   */
  public void write(long position, byte[] source, int length) throws IOException {
    file.write(position, source, 0, length);
  }

  /**
   * Sets the length; what it grows by is a hole.
   *
   * @param size bytes
   * @throws IOException if the store fails
   */
  public void setLength(long size) throws IOException {
    file.truncate(size);
  }

  /**
   * Marks what was written just now as filled up with zeros in part.
   *
   * @param position where it begins
   * @param length how long it is
   * @throws IOException if the store fails
   */
  public void markPurifiedInPart(long position, int length) throws IOException {
    long size = sectorBytes();
    for (long sector = position / size; sector * size < position + length; sector++) {
      node.purification.mark(sector);
    }
  }

  /**
   * Makes the content durable, without a name.
   *
   * @throws IOException if the store fails
   */
  public void sync() throws IOException {
    file.sync();
  }

  /**
   * Gives the file its name, durably.
   *
   * @param path where it will be
   * @param replace whether it takes the place of a file or link there
   * @param attached what it has beside its content
   * @param along what belongs into the same commit
   * @throws FileAlreadyExistsException if the name is taken and is not to be replaced
   * @throws IOException if its directory is not there, a directory has the name, or the store or
   *     the element fails
   */
  public void publish(String path, Namespace.Replace replace, Attached attached, Along along)
      throws IOException {
    Bytes stream = FileTable.newUid();
    KeyRing.change(
        volume,
        keys -> {
          Place place = target(volume, keys, path, replace);
          Catalogue.Entry old = place.entry();
          if (old != null && old.streamed()) {
            load(place, keys);
          }
          boolean streamed = attach(attached, stream, keys);
          volume.reserveSpace(ALONG_BYTES); // a full medium is met before anything is changed
          if (old != null) {
            volume.files.remove(place.directory(), old, place.path(), keys);
          }
          name(place, streamed);
          volume.files.whole(along::change);
          volume.commits.commit(List.of(node), true);
        });
    volume.syncNames();
  }

  /**
   * Makes sure that a file can be published, as far as can be said before.
   *
   * @param volume the volume
   * @param path where it will be
   * @param replace whether it may take the place of a file or link there
   * @throws IOException as {@link #publish}
   */
  public static void requireTarget(Volume volume, String path, Namespace.Replace replace)
      throws IOException {
    volume.requireWritable();
    KeyRing.change(volume, keys -> target(volume, keys, path, replace));
  }

  private static Place target(Volume volume, KeyRing keys, String path, Namespace.Replace replace)
      throws IOException, KeysNeeded {
    Place place = Walk.find(volume, keys, path, LastLink.MEANT);
    place.requireName("replaced");
    if (place.entry() != null && replace == Namespace.Replace.NO) {
      throw new FileAlreadyExistsException(place.path());
    }
    if (place.isType(FileType.DIRECTORY)) {
      Namespace.requireFile(place);
    }
    return place;
  }

  /** What is replaced must be loaded before anything is changed; a damaged one need not be. */
  private void load(Place place, KeyRing keys) throws IOException, KeysNeeded {
    try {
      place.node(volume, keys);
    } catch (IntegrityException e) {
      volume.log(place.path() + " is damaged and is replaced", e);
    }
  }

  private boolean attach(Attached attached, Bytes uid, KeyRing keys)
      throws IOException, KeysNeeded {
    UserAttributeSet own = attached.attributes().copy();
    boolean fits = own.fitsIntoHeader(node.header.attributeRoom());
    FileNode stream = fits ? null : new UserAttributes(volume).writeStream(node, own, uid, keys);
    node.lock.lock();
    try {
      FileHeader header = node.header;
      header.attributes.erase();
      header.attributes = fits ? own : new UserAttributeSet();
      header.stream = streamName(stream);
      header.created = attached.created();
      header.accessed = attached.accessed();
      header.modified = attached.modified();
      node.modified = node.modified == null ? null : attached.modified();
      header.mode = attached.mode();
      node.attributesChanged();
    } finally {
      node.lock.unlock();
      if (!fits) {
        own.erase();
      }
    }
    return !fits;
  }

  private static @Nullable AttributeStreamName streamName(@Nullable FileNode stream) {
    return stream == null ? null : new AttributeStreamName(stream.uid(), stream.header.codedName);
  }

  private void name(Place place, boolean streamed) throws IOException {
    FileNode directory = place.directory();
    volume.files.changed(directory);
    Catalogue.Entry entry =
        new Catalogue.Entry(place.coded(), node.uid(), FileType.FILE, place.name(), streamed);
    volume.files.whole(() -> new Catalogue(directory).insert(entry));
    node.lock.lock();
    try {
      node.unlinked = false;
      node.header.parent = directory.uid();
      node.header.codedName = place.coded();
      node.header.name = place.name();
      node.host = Names.host(place.coded());
      node.path = place.path();
    } finally {
      node.lock.unlock();
    }
    volume.commits.namespaceChanged(node);
  }

  /** Gives the file back; if it has no name, that is its end. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
