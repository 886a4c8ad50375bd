// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

/**
 * An entry of a directory, known without opening the file.
 *
 * @param name the name as it was given
 * @param type what it is
 *     <p>Thread safety: immutable.
 */
public record DirectoryEntry(String name, FileType type) {}
