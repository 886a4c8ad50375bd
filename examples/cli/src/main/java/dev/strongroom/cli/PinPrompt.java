// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;

/** Asks a person for a PIN, or whether something shall be done. */
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

  /**
   * Asks a question to which nothing but {@code yes} is a yes.
   *
   * @param question what is asked
   * @return whether the answer was yes; an empty one is a no
   * @throws IOException if nobody can be asked
   */
  default boolean agrees(String question) throws IOException {
    return new String(ask(question + " (yes or no): ")).strip().equals("yes");
  }
}
