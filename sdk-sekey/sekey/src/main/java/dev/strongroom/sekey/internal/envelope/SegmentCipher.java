// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Seals and opens the segments of one envelope.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
public interface SegmentCipher extends AutoCloseable {

  /** Where a segment is in its text. */
  enum Place {
    /** Another one follows. */
    INNER(0),
    /** None follows. */
    LAST(1);

    private final byte flag;

    Place(int flag) {
      this.flag = (byte) flag;
    }

    /** The byte that is authenticated. */
    byte flag() {
      return flag;
    }
  }

  /**
   * How much longer a sealed segment is than its text.
   *
   * @return in bytes
   */
  int overhead();

  /**
   * Seals a segment.
   *
   * @param counter which it is, from 0
   * @param place whether it is the last one
   * @param text of it
   * @param target for {@link #overhead} bytes more
   * @throws IOException if the element refuses or the link fails
   */
  void seal(long counter, Place place, ByteBuffer text, ByteBuffer target) throws IOException;

  /**
   * Opens a segment.
   *
   * @param counter which it should be, from 0
   * @param place whether it should be the last one
   * @param sealed at least {@link #overhead} bytes
   * @param target for as many bytes less
   * @throws dev.strongroom.sekey.EnvelopeDamagedException if it is another one, or was changed
   * @throws IOException if the element refuses or the link fails
   */
  void open(long counter, Place place, ByteBuffer sealed, ByteBuffer target) throws IOException;

  /** Zeroes what is secret. */
  @Override
  void close();
}
