// SPDX-License-Identifier: Apache-2.0

/**
 * Files on their way between elements: contacts, what sending and receiving take and answer, and
 * what a transient file shows. The work itself is done by {@link
 * dev.strongroom.file.SecureFileSystem}.
 *
 * <p>The format is {@code docs/spec/transient-file.md}.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.file.share;

import org.jspecify.annotations.NullMarked;
