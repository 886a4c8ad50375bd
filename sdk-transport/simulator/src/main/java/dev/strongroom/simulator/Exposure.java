// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

/**
 * Whether anything outside the process sees what goes between host and element.
 *
 * <p>Thread safety: immutable.
 */
enum Exposure {
  /** Nobody else sees it; every command may come in clear. */
  IN_PROCESS,
  /** A driver, a bus or a network may; PINs and keys need the secure channel. */
  EXPOSED
}
