// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;
import java.time.Instant;

/**
 * What is known of a file or directory.
 *
 * @param name its name as it was given; empty for the root directory
 * @param type what it is
 * @param size length of the content in bytes; 0 for a directory
 * @param created when it was made
 * @param modified when its content changed last
 * @param uid its unique id, 16 bytes
 * @param generation how many commits it has had
 * @param hostName its host file, relative to the volume
 *     <p>Thread safety: immutable.
 */
public record SecureFileAttributes(
    String name,
    FileType type,
    long size,
    Instant created,
    Instant modified,
    Bytes uid,
    long generation,
    String hostName) {}
