// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;

/** Asks a person for a PIN. */
@FunctionalInterface
interface PinPrompt {

  /**
   * Asks without showing what is typed.
   *
   * @param question what is asked
   * @return the answer, at least one character; the caller zeroes it
   * @throws IOException if nothing was typed
   */
  char[] ask(String question) throws IOException;
}
