// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.StrongroomException;

/**
 * What came of one item of a batch.
 *
 * <p>Thread safety: as the array.
 */
public sealed interface EnvelopeAnswer {

  /**
   * It was done.
   *
   * @param bytes the envelope, or the text, which the caller zeroes after use
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
  record Done(byte[] bytes) implements EnvelopeAnswer {

    /** The length. */
    @Override
    public String toString() {
      return bytes.length + " bytes";
    }
  }

  /**
   * It was refused, or is damaged; the others are not concerned.
   *
   * @param error what the item alone would have thrown
   */
  record Failed(StrongroomException error) implements EnvelopeAnswer {}
}
