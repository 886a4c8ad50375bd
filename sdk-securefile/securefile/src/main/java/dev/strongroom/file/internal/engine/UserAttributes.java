// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.AttributeTooLargeException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.NoSuchAttributeException;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.engine.Walk.LastLink;
import dev.strongroom.file.internal.engine.Walk.Place;
import dev.strongroom.file.internal.format.v1.AttributeStreamName;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * User attributes of files, directories and links: in the header while all of them fit there,
 * otherwise all of them in an attribute stream. A change makes a new stream and ends the old one,
 * in one record with the header that names it.
 *
 * <p>Thread safety: thread-safe; works under the volume's lock.
 */
public final class UserAttributes {

  private final Volume volume;

  /**
   * Works on a volume.
   *
   * @param volume the open volume
   */
  public UserAttributes(Volume volume) {
    this.volume = volume;
  }

  /** What is asked of a file's attributes. */
  private interface Question<R> {
    R ask(UserAttributeSet attributes, String path) throws IOException;
  }

  /**
   * Lists the attributes of a file.
   *
   * @param path where it is
   * @param options whether a link that the path ends at is followed
   * @return their names, in ascending order
   * @throws IOException if it is not there or damaged
   */
  public List<String> list(String path, LinkOption... options) throws IOException {
    return read(path, options, (attributes, file) -> attributes.names());
  }

  /**
   * Reads an attribute.
   *
   * @param path where the file is
   * @param name the attribute
   * @param options whether a link that the path ends at is followed
   * @return its value
   * @throws NoSuchAttributeException if there is none of that name
   * @throws IOException if the file is not there or damaged
   */
  public byte[] get(String path, String name, LinkOption... options) throws IOException {
    return read(
        path,
        options,
        (attributes, file) -> {
          byte[] value = attributes.get(name);
          if (value == null) {
            throw new NoSuchAttributeException(file, shown(name));
          }
          return value;
        });
  }

  private <R> R read(String path, LinkOption[] options, Question<R> question) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          Place place = Walk.find(volume, keys, path, LastLink.of(options));
          FileNode node = place.node(volume, keys);
          try {
            UserAttributeSet attributes = load(node, keys);
            try {
              return question.ask(attributes, place.path());
            } finally {
              attributes.erase();
            }
          } finally {
            volume.disposeIfIdle(node);
          }
        });
  }

  /**
   * Makes or replaces an attribute.
   *
   * @param path where the file is
   * @param name the attribute, 1 to 255 bytes in UTF-8
   * @param value at most 65536 bytes
   * @param options whether a link that the path ends at is followed
   * @throws AttributeTooLargeException if it, or all of them, would be too large
   * @throws InvalidNameException if the name is empty, too long, or has a NUL
   * @throws IOException if the file is not there or damaged
   */
  public void set(String path, String name, byte[] value, LinkOption... options)
      throws IOException {
    if (name.isEmpty()) {
      throw new InvalidNameException("", "a name has at least one character");
    }
    Names.utf8(name, UserAttributeSet.MAX_NAME);
    change(
        path,
        options,
        (attributes, file) -> {
          requireAtMost(file, name, value.length, UserAttributeSet.MAX_VALUE);
          attributes.put(name, value);
          requireAtMost(file, name, attributes.streamBytes(), UserAttributeSet.MAX_STREAM);
          return true;
        });
  }

  private static void requireAtMost(String file, String name, int bytes, int limit)
      throws AttributeTooLargeException {
    if (bytes > limit) {
      throw new AttributeTooLargeException(file, shown(name), bytes, limit);
    }
  }

  /**
   * Removes an attribute.
   *
   * @param path where the file is
   * @param name the attribute
   * @param options whether a link that the path ends at is followed
   * @throws NoSuchAttributeException if there is none of that name
   * @throws IOException if the file is not there or damaged
   */
  public void remove(String path, String name, LinkOption... options) throws IOException {
    change(
        path,
        options,
        (attributes, file) -> {
          if (!attributes.remove(name)) {
            throw new NoSuchAttributeException(file, shown(name));
          }
          return true;
        });
  }

  /** Moves the attributes of a file that gets new keys to a stream with new keys. */
  void renew(String path) throws IOException {
    change(path, new LinkOption[0], (attributes, file) -> false);
  }

  private static String shown(String name) {
    return name.length() > 40 ? name.substring(0, 40) + "..." : name;
  }

  /** Changes a file's attributes; the change answers whether the file has changed by it. */
  private void change(String path, LinkOption[] options, Question<Boolean> change)
      throws IOException {
    volume.requireWritable();
    Bytes fresh = FileTable.newUid();
    KeyRing.change(
        volume,
        keys -> {
          Place place = Walk.find(volume, keys, path, LastLink.of(options));
          FileNode node = place.node(volume, keys);
          try {
            UserAttributeSet attributes = load(node, keys);
            boolean kept = false;
            try {
              boolean changes = change.ask(attributes, place.path());
              if (changes || node.header.stream != null) {
                kept = store(place, node, attributes, fresh, keys);
              }
              if (changes) {
                node.attributesChanged();
              }
            } finally {
              if (!kept) {
                attributes.erase();
              }
            }
          } finally {
            volume.disposeIfIdle(node);
          }
          if (node.header.stream != null) {
            // At once, or many large streams would have to go into one record.
            volume.commits.commit(List.of(), false);
          } else {
            volume.commits.commitNamesIfMany();
          }
        });
  }

  // ---- where they lie

  /** A copy of a file's attributes, for the caller to erase. */
  UserAttributeSet load(FileNode owner, KeyRing keys) throws IOException, KeysNeeded {
    AttributeStreamName name = owner.header.stream;
    if (name == null) {
      return owner.header.attributes.copy();
    }
    try {
      FileNode stream = volume.files.loadStream(owner, name, keys);
      try {
        return parse(owner, stream);
      } finally {
        volume.disposeIfIdle(stream);
      }
    } catch (IntegrityException e) {
      IntegrityException named = damaged(owner, e.check() + ": " + e.detail());
      named.addSuppressed(e);
      throw named;
    }
  }

  private static UserAttributeSet parse(FileNode owner, FileNode stream) throws IOException {
    if (stream.length > UserAttributeSet.MAX_STREAM) {
      throw damaged(owner, "it has " + stream.length + " bytes");
    }
    byte[] content = new byte[(int) stream.length];
    try {
      stream.read(0, content, 0, content.length);
      return UserAttributeSet.ofStream(content);
    } catch (FileHeader.Refused e) {
      throw damaged(owner, String.valueOf(e.getMessage()));
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static IntegrityException damaged(FileNode owner, String detail) {
    return new IntegrityException(owner.path, "attribute stream", -1, -1, -1, detail);
  }

  /** Gives a file its attributes; answers whether the header has them now. */
  private boolean store(
      Place place, FileNode owner, UserAttributeSet attributes, Bytes fresh, KeyRing keys)
      throws IOException, KeysNeeded {
    boolean fits = attributes.fitsIntoHeader(owner.header.attributeRoom());
    FileNode stream = fits ? null : writeStream(owner, attributes, fresh, keys);
    volume.files.endStream(owner);
    owner.lock.lock();
    try {
      owner.header.attributes.erase();
      owner.header.attributes = fits ? attributes : new UserAttributeSet();
      owner.header.stream =
          stream == null ? null : new AttributeStreamName(stream.uid(), stream.header.codedName);
    } finally {
      owner.lock.unlock();
    }
    mark(place, stream);
    volume.commits.namespaceChanged(owner);
    return fits;
  }

  FileNode writeStream(FileNode owner, UserAttributeSet attributes, Bytes fresh, KeyRing keys)
      throws IOException, KeysNeeded {
    byte[] content = attributes.toStream();
    try {
      return volume.files.createStream(
          owner, fresh, keys, node -> node.write(0, content, 0, content.length));
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  /** Notes in the directory whether a file has a stream, for the file's removal. */
  private void mark(Place place, @Nullable FileNode stream) throws IOException {
    if (place.isRoot() || place.found().streamed() == (stream != null)) {
      return;
    }
    Catalogue.Entry entry = place.found();
    Catalogue.Entry marked =
        new Catalogue.Entry(entry.coded(), entry.uid(), entry.type(), entry.name(), stream != null);
    volume.files.changed(place.directory());
    volume.files.whole(() -> new Catalogue(place.directory()).replace(marked));
  }
}
