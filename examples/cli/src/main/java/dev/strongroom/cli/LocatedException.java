// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;

/**
 * An error and the place where it happened, for errors that do not know it.
 *
 * <p>Thread safety: immutable.
 */
final class LocatedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String place;
  private final IOException problem;

  LocatedException(String place, IOException problem) {
    super(place + ": " + problem.getMessage(), problem);
    this.place = place;
    this.problem = problem;
  }

  String place() {
    return place;
  }

  IOException problem() {
    return problem;
  }
}
