// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.envelope;

import dev.strongroom.sekey.internal.envelope.SegmentCipher.Place;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Copies a text of any length into segments. Memory is that of two segments.
 *
 * <p>Thread safety: stateless.
 */
public final class SealingStream {

  private SealingStream() {}

  /**
   * Copies all that a source has. When it fails, the last segment is missing from the target, so
   * that nobody takes the part for the whole.
   *
   * @param cipher of the envelope
   * @param segmentLength bytes of text in a segment
   * @param source the text, which is read to its end
   * @param target for the segments; neither is closed
   * @throws IOException if one of them or the element fails
   */
  public static void copy(
      SegmentCipher cipher, int segmentLength, InputStream source, OutputStream target)
      throws IOException {
    // A byte more than a segment tells whether another one follows.
    byte[] text = new byte[segmentLength + 1];
    byte[] sealed = new byte[segmentLength + cipher.overhead()];
    int kept = 0;
    try {
      for (long counter = 0; ; counter++) {
        int length = kept + source.readNBytes(text, kept, text.length - kept);
        Place place = length > segmentLength ? Place.INNER : Place.LAST;
        ByteBuffer out = ByteBuffer.wrap(sealed);
        cipher.seal(counter, place, ByteBuffer.wrap(text, 0, Math.min(length, segmentLength)), out);
        target.write(sealed, 0, out.position());
        if (place == Place.LAST) {
          return;
        }
        text[0] = text[segmentLength];
        kept = 1;
      }
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }
}
