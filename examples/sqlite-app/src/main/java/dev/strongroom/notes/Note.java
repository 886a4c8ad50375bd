// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.notes;

import java.time.Instant;

/**
 * A note.
 *
 * @param id its number
 * @param title its title
 * @param text its text
 * @param changed when it was written
 *     <p>Thread safety: immutable.
 */
public record Note(long id, String title, String text, Instant changed) {}
