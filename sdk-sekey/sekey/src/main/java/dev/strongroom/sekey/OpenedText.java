// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

/**
 * What was in an envelope.
 *
 * <p>Thread safety: as the array, which is the caller's, who zeroes it after use.
 *
 * @param text the text
 * @param sender who has sent it
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not compared
public record OpenedText(byte[] text, Sender sender) {

  /** The length of the text and the sender. */
  @Override
  public String toString() {
    return text.length + " bytes, " + sender;
  }
}
