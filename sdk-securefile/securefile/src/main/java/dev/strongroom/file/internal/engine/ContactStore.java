// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.format.v1.SystemFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The content of a volume's contacts file. Changes are made under the volume's lock and published
 * as one, durably.
 *
 * <p>Thread safety: thread-safe; works under the volume's lock.
 */
public final class ContactStore {

  /** Reads or changes the content, under the volume's lock. */
  @FunctionalInterface
  public interface Work<R> {

    /**
     * Does it.
     *
     * @param content the content
     * @return what was asked for
     * @throws IOException if it cannot be done
     */
    R run(Content content) throws IOException;
  }

  /**
   * The content, while the lock is held.
   *
   * <p>Thread safety: guarded by the volume's lock.
   */
  public static final class Content {

    private final FileNode node;

    private Content(FileNode node) {
      this.node = node;
    }

    /**
     * Reads; what lies behind the end is zero.
     *
     * @param position where
     * @param length how many bytes
     * @return the bytes
     * @throws IOException if it is damaged
     */
    public byte[] read(long position, int length) throws IOException {
      byte[] target = new byte[length];
      node.read(position, target, 0, length);
      return target;
    }

    /**
     * Writes, to be published with all else that the work changes.
     *
     * @param position where
     * @param bytes what
     * @throws IOException if there is no room
     */
    public void write(long position, byte[] bytes) throws IOException {
      node.write(position, bytes, 0, bytes.length);
      node.volume.commits.namespaceChanged(node);
    }

    /**
     * Where it lies, for messages.
     *
     * @return the host file
     */
    public String name() {
      return node.path;
    }
  }

  private final Volume volume;

  /**
   * Works on a volume.
   *
   * @param volume the open volume
   */
  public ContactStore(Volume volume) {
    this.volume = volume;
  }

  /**
   * Reads.
   *
   * @param work what reads, under the volume's lock
   * @return its answer, or empty if there is no contacts file yet
   * @throws IOException if the file is damaged, or the store or the element fails
   */
  public <R> Optional<R> read(Work<R> work) throws IOException {
    return KeyRing.run(
        volume,
        keys -> {
          FileNode node = volume.files.system(SystemFile.CONTACTS, keys);
          return node == null ? Optional.empty() : Optional.of(work.run(new Content(node)));
        });
  }

  /**
   * Makes sure that there is a contacts file.
   *
   * @param first its content if there is none
   * @throws IOException if the volume cannot be written, or the store or the element fails
   */
  public void require(byte[] first) throws IOException {
    volume.requireWritable();
    KeyRing.change(
        volume,
        keys -> {
          if (volume.files.system(SystemFile.CONTACTS, keys) == null) {
            volume.files.createSystem(
                SystemFile.CONTACTS, keys, node -> node.write(0, first, 0, first.length));
          }
        });
  }

  /**
   * Changes the content of the file, which is there, and publishes the change durably.
   *
   * @param work what changes it; if it fails, nothing is changed
   * @return its answer
   * @throws IOException if the volume cannot be written, or the store or the element fails
   */
  public <R> R change(Work<R> work) throws IOException {
    volume.requireWritable();
    R result =
        KeyRing.run(
            volume,
            keys -> {
              FileNode node = loaded(keys);
              try {
                R answer = work.run(new Content(node));
                volume.commits.commit(List.of(node), true);
                return answer;
              } catch (IOException | RuntimeException e) {
                if (!volume.hasFailed()) {
                  node.discard();
                }
                throw e;
              }
            });
    volume.syncNames();
    return result;
  }

  /**
   * Changes the content as a part of another change, which commits it; under the volume's lock.
   *
   * @param work what changes it
   * @throws IOException if it is damaged or there is no room
   */
  public void changeAlong(Work<?> work) throws IOException {
    FileNode node = volume.nodes.get(volume.file.system().uid(SystemFile.CONTACTS));
    if (node == null) {
      throw new IllegalStateException("the contacts file has not been loaded");
    }
    work.run(new Content(node));
  }

  private FileNode loaded(KeyRing keys) throws IOException, KeyRing.KeysNeeded {
    FileNode node = volume.files.system(SystemFile.CONTACTS, keys);
    if (node == null) {
      throw new IllegalStateException("there is no contacts file yet");
    }
    return node;
  }
}
