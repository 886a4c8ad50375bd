// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.Bytes;

/**
 * One change that a {@link RecordingStore} logged. Files and folders have a number, which stays
 * when they are moved; the folder of the store itself is number 0.
 *
 * <p>Thread safety: immutable, as far as the objects of {@link Marked} are.
 */
public sealed interface StoreEvent {

  /**
   * A file was made.
   *
   * @param name its name
   * @param file its number
   * @param parent number of its folder
   */
  record FileCreated(String name, long file, long parent) implements StoreEvent {}

  /**
   * A folder was made.
   *
   * @param name its name
   * @param directory its number
   * @param parent number of the folder that it stands in
   */
  record DirectoryCreated(String name, long directory, long parent) implements StoreEvent {}

  /**
   * A file was moved.
   *
   * @param from its old name
   * @param to its new name
   * @param file its number
   * @param fromParent number of its old folder
   * @param toParent number of its new folder
   */
  record Moved(String from, String to, long file, long fromParent, long toParent)
      implements StoreEvent {}

  /**
   * A file or folder was removed.
   *
   * @param name its name
   * @param node its number
   * @param parent number of its folder
   */
  record Deleted(String name, long node, long parent) implements StoreEvent {}

  /**
   * Bytes were written.
   *
   * @param name the file's name when it was opened
   * @param file its number
   * @param position where
   * @param data what
   */
  record Written(String name, long file, long position, Bytes data) implements StoreEvent {
    @Override
    public String toString() {
      return "Written[" + name + ", " + position + " + " + data.length() + "]";
    }
  }

  /**
   * A file was cut or extended by zeros.
   *
   * @param name the file's name when it was opened
   * @param file its number
   * @param size its new length
   */
  record Truncated(String name, long file, long size) implements StoreEvent {}

  /**
   * A sync of a file returned.
   *
   * @param name the file's name when it was opened
   * @param file its number
   */
  record Synced(String name, long file) implements StoreEvent {}

  /**
   * A sync of a file failed.
   *
   * @param name the file's name when it was opened
   * @param file its number
   */
  record SyncFailed(String name, long file) implements StoreEvent {}

  /**
   * A sync of a folder returned.
   *
   * @param name the folder
   * @param directory its number
   */
  record DirectorySynced(String name, long directory) implements StoreEvent {}

  /**
   * The program under test left a mark.
   *
   * @param mark what it left
   */
  record Marked(Object mark) implements StoreEvent {}
}
