// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.ElementTime;

/**
 * What time it is for an element's key store.
 *
 * <p>Thread safety: immutable.
 *
 * @param floor the signed time, which never goes back
 * @param now the greater one of the floor and what has been told since power was on
 */
public record KeyStoreTime(ElementTime floor, ElementTime now) {}
