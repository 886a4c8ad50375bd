// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.check;

/**
 * What a finding means for whoever uses the volume.
 *
 * <p>Thread safety: immutable.
 */
public enum Severity {
  /** Something cannot be read, or is not what was written: a fault of the medium, or tampering. */
  DAMAGE,
  /** One of two copies is damaged; nothing is lost, and an open for writing repairs it. */
  REPAIRABLE,
  /** It has been repaired, from the other copy or from the journal. */
  REPAIRED,
  /** Nothing is wrong, but somebody may want to know. */
  NOTICE
}
