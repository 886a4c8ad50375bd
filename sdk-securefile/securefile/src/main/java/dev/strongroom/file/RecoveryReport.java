// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import java.util.List;

/**
 * What {@link SecureFileSystem#recover} has copied, and what it could not.
 *
 * @param files how many files were copied whole
 * @param directories how many directories, without the root
 * @param links how many symbolic links
 * @param bytes bytes of content that were copied, without holes
 * @param problems what was not copied, or not as it was; the volume that was read still has it
 *     <p>Thread safety: immutable.
 */
public record RecoveryReport(
    long files, long directories, long links, long bytes, List<Problem> problems) {

  /**
   * Something that was not copied, or not as it was.
   *
   * @param path where it is
   * @param message what is wrong with it
   *     <p>Thread safety: immutable.
   */
  public record Problem(String path, String message) {}

  /**
   * Copies the list.
   *
   * @param files as above
   * @param directories as above
   * @param links as above
   * @param bytes as above
   * @param problems as above
   */
  public RecoveryReport {
    problems = List.copyOf(problems);
  }

  /**
   * Whether everything was copied.
   *
   * @return whether there are no problems
   */
  public boolean isComplete() {
    return problems.isEmpty();
  }
}
