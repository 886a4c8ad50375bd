// SPDX-License-Identifier: Apache-2.0

/**
 * Secure files: encrypted and authenticated sector by sector under keys of a secure element.
 *
 * <p>{@link dev.strongroom.file.SecureFile} is one open file with a position; {@link
 * dev.strongroom.file.SecureFileSystem} is a volume with directories. Both stand on one engine and
 * give one promise: a read belongs to one whole committed state of the file, or it fails with an
 * error that says what was expected and what was found; and after a crash every file is some whole
 * commit that is not older than the last {@code sync}.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.file;

import org.jspecify.annotations.NullMarked;
