// SPDX-License-Identifier: Apache-2.0

/**
 * The storage service provider interface: where a volume's host files lie.
 *
 * <p>The engine names host files relative to the volume, with {@code /} between components, and
 * builds its crash safety on three facts only: a {@link dev.strongroom.file.store.StoreFile#sync}
 * that returned made all earlier writes of that file durable; a {@link
 * dev.strongroom.file.store.Store#syncDirectory} that returned made all earlier names in that
 * directory durable; a {@link dev.strongroom.file.store.Store#move} is atomic. Between them, writes
 * may be lost, torn and reordered.
 */
@NullMarked
package dev.strongroom.file.store;

import org.jspecify.annotations.NullMarked;
