// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a file, directory or symbolic link. Mode, owner and group are stored and shown,
 * but not enforced: who may use the volume is decided by element and PIN.
 *
 * @param name its name as it was given; empty for the root directory
 * @param type what it is
 * @param size length of the content in bytes; 0 for a directory, of the target for a link
 * @param created when it was made
 * @param modified when its content changed last
 * @param accessed when it was made, or what a caller has set; reading does not move it
 * @param changed when its content, name or attributes changed last
 * @param mode POSIX permission bits with set-user-id, set-group-id and sticky, 0 to 07777
 * @param owner numeric id of the owner, an unsigned number of 32 bits; 0 unless a caller has set it
 * @param group numeric id of the group, an unsigned number of 32 bits; 0 unless a caller has set it
 * @param uid its unique id, 16 bytes
 * @param directory the unique id of the directory that it is in, 16 bytes; null for the root
 *     directory, and for a file that has lost its name while it is open
 * @param generation how many commits it has had
 * @param hostName its host file, relative to the volume
 * @param keyScope for what the keys of its content are derived
 *     <p>Thread safety: immutable.
 */
public record SecureFileAttributes(
    String name,
    FileType type,
    long size,
    Instant created,
    Instant modified,
    Instant accessed,
    Instant changed,
    int mode,
    int owner,
    int group,
    Bytes uid,
    @Nullable Bytes directory,
    long generation,
    String hostName,
    KeyScope keyScope) {}
