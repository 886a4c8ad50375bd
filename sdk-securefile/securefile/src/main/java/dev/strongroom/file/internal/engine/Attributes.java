// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.SecureCreateMode;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.engine.Walk.LastLink;
import dev.strongroom.file.internal.format.v1.FileHeader;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Times, mode, owner and group of files, directories and links. A change is published with changes
 * of names, whatever a transaction does with the content.
 *
 * <p>Thread safety: thread-safe; works under the volume's lock.
 */
public final class Attributes {

  private final Volume volume;

  /**
   * Works on a volume.
   *
   * @param volume the open volume
   */
  public Attributes(Volume volume) {
    this.volume = volume;
  }

  /**
   * Describes what a path leads to.
   *
   * @param path where it is
   * @param options whether a link that it ends at is followed
   * @return its attributes
   * @throws IOException if it is not there or damaged
   */
  public SecureFileAttributes stat(String path, LinkOption... options) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          FileNode node = Walk.find(volume, keys, path, LastLink.of(options)).node(volume, keys);
          SecureFileAttributes attributes = of(node);
          volume.disposeIfIdle(node);
          return attributes;
        });
  }

  /**
   * Describes all entries of a directory, with keys in batches.
   *
   * @param path the directory
   * @return their attributes, in no order
   * @throws IOException if it is not there or an entry is damaged
   */
  public List<SecureFileAttributes> list(String path) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          FileNode directory = Walk.directory(volume, keys, path);
          String prefix = directory.path.equals("/") ? "/" : directory.path + "/";
          List<Catalogue.Entry> entries = new Catalogue(directory).list();
          fetchKeys(entries, prefix, keys);
          List<SecureFileAttributes> all = new ArrayList<>(entries.size());
          for (Catalogue.Entry entry : entries) {
            FileNode node = volume.files.load(directory, entry, prefix + entry.name(), keys);
            all.add(of(node));
            if (!volume.files.isKnown(node)) {
              volume.disposeIfIdle(node);
            }
          }
          return all;
        });
  }

  private void fetchKeys(List<Catalogue.Entry> entries, String prefix, KeyRing keys)
      throws IOException, KeysNeeded {
    List<KeyRequest> missing = new ArrayList<>();
    for (Catalogue.Entry entry : entries) {
      if (!volume.nodes.containsKey(entry.uid()) && !keys.contains(entry.uid())) {
        missing.add(volume.files.request(entry, prefix + entry.name(), keys));
      }
    }
    if (!missing.isEmpty()) {
      throw new KeysNeeded(missing);
    }
  }

  /** Describes a file that is loaded. */
  static SecureFileAttributes of(FileNode node) {
    node.lock.lock();
    try {
      FileHeader header = node.header;
      Instant modified = node.modified;
      Instant changed = node.changed;
      return new SecureFileAttributes(
          header.name,
          header.type,
          node.isDirectory() ? 0 : node.length,
          header.created,
          modified == null ? header.modified : modified,
          header.accessed,
          changed == null ? header.changed : changed,
          header.mode,
          header.owner,
          header.group,
          header.uid,
          node.unlinked || header.name.isEmpty() ? null : header.parent,
          header.generation,
          node.from.isEmpty() ? node.host : node.from,
          header.scope);
    } finally {
      node.lock.unlock();
    }
  }

  // ---- changes

  /**
   * Sets times. A later change of content moves the time of modification again.
   *
   * @param path where it is
   * @param modified or null to keep it
   * @param accessed or null to keep it
   * @param created or null to keep it
   * @param options whether a link that the path ends at is followed
   * @throws IOException if it is not there or damaged
   */
  public void setTimes(
      String path,
      @Nullable Instant modified,
      @Nullable Instant accessed,
      @Nullable Instant created,
      LinkOption... options)
      throws IOException {
    change(
        path,
        options,
        node -> {
          FileHeader header = node.header;
          header.accessed = accessed == null ? header.accessed : accessed;
          header.created = created == null ? header.created : created;
          if (modified != null) {
            header.modified = modified;
            node.modified = node.modified == null ? null : modified;
          }
        });
  }

  /**
   * Sets the permission bits.
   *
   * @param path where it is
   * @param mode 0 to 07777
   * @param options whether a link that the path ends at is followed
   * @throws IOException if it is not there or damaged
   */
  public void setMode(String path, int mode, LinkOption... options) throws IOException {
    int bits = new SecureCreateMode(mode).mode();
    change(path, options, node -> node.header.mode = bits);
  }

  /**
   * Sets owner and group.
   *
   * @param path where it is
   * @param owner numeric id, or -1 to keep it
   * @param group numeric id, or -1 to keep it
   * @param options whether a link that the path ends at is followed
   * @throws IOException if it is not there or damaged
   */
  public void setOwner(String path, int owner, int group, LinkOption... options)
      throws IOException {
    change(
        path,
        options,
        node -> {
          node.header.owner = owner == -1 ? node.header.owner : owner;
          node.header.group = group == -1 ? node.header.group : group;
        });
  }

  /** A change of a header, under the file's lock. */
  private interface HeaderChange {
    void apply(FileNode node);
  }

  private void change(String path, LinkOption[] options, HeaderChange change) throws IOException {
    volume.requireWritable();
    KeyRing.change(
        volume,
        keys -> {
          FileNode node = Walk.find(volume, keys, path, LastLink.of(options)).node(volume, keys);
          node.lock.lock();
          try {
            change.apply(node);
            node.attributesChanged();
          } finally {
            node.lock.unlock();
          }
          volume.commits.namespaceChanged(node);
          volume.commits.commitNamesIfMany();
        });
  }
}
