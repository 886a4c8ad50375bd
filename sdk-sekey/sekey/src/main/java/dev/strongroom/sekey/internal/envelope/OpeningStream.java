// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.envelope;

import dev.strongroom.sekey.EnvelopeFormatException;
import dev.strongroom.sekey.EnvelopeFormatException.Reason;
import dev.strongroom.sekey.internal.envelope.SegmentCipher.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The text of segments. A segment is given out when it is proved, the last one when what follows it
 * is proved, too. Memory is that of two segments.
 *
 * <p>Once it has failed it gives out nothing more.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
public final class OpeningStream extends InputStream {

  /** Looks at what stands behind the last segment. */
  @FunctionalInterface
  public interface Trailer {

    /**
     * Proves it.
     *
     * @param bytes as many as were announced
     * @throws IOException if it is not right
     */
    void prove(byte[] bytes) throws IOException;
  }

  private final SegmentCipher cipher;
  private final InputStream source;
  private final int trailerLength;
  private final Trailer trailer;

  private final byte[] sealed;
  private final int segment;
  private final byte[] text;

  private int kept; // bytes of sealed that were read ahead
  private int at;
  private int end;
  private long counter;
  private boolean last;
  private boolean closed;
  private @Nullable IOException failed;

  /**
   * Begins.
   *
   * @param cipher of the envelope, which is closed with this stream
   * @param segmentLength bytes of text in a segment
   * @param source from the first segment on, which is closed with this stream
   * @param trailerLength how many bytes stand behind the last segment
   * @param trailer proves them
   */
  public OpeningStream(
      SegmentCipher cipher,
      int segmentLength,
      InputStream source,
      int trailerLength,
      Trailer trailer) {
    this.cipher = cipher;
    this.source = source;
    this.trailerLength = trailerLength;
    this.trailer = trailer;
    this.segment = segmentLength + cipher.overhead();
    this.sealed = new byte[segment + trailerLength + 1];
    this.text = new byte[segmentLength];
  }

  /**
   * How much text there is in so many bytes of segments and trailer.
   *
   * @param length in bytes, with the trailer taken off
   * @return in bytes; 0 where there is not even one segment, which reading refuses
   */
  public int textLength(int length) {
    int count = Math.max(1, (int) (((long) length + segment - 1) / segment));
    return Math.max(0, length - count * cipher.overhead());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (closed) {
      throw new IOException("the stream of an envelope is closed");
    }
    if (length == 0) {
      return 0;
    }
    if (failed != null) {
      throw new IOException("the envelope failed before: " + failed.getMessage(), failed);
    }
    while (at == end) {
      if (last) {
        return -1;
      }
      try {
        next();
      } catch (IOException e) {
        failed = e;
        at = 0;
        end = 0;
        Arrays.fill(text, (byte) 0);
        throw e;
      }
    }
    int taken = Math.min(length, end - at);
    System.arraycopy(text, at, target, offset, taken);
    at += taken;
    return taken;
  }

  private void next() throws IOException {
    int length = kept + source.readNBytes(sealed, kept, sealed.length - kept);
    boolean more = length == sealed.length;
    int here = more ? segment : length - trailerLength;
    if (here < cipher.overhead()) {
      throw new EnvelopeFormatException(Reason.CUT_SHORT);
    }
    ByteBuffer out = ByteBuffer.wrap(text);
    cipher.open(counter, more ? Place.INNER : Place.LAST, ByteBuffer.wrap(sealed, 0, here), out);
    if (!more) {
      trailer.prove(Arrays.copyOfRange(sealed, here, length));
    }
    counter++;
    at = 0;
    end = out.position();
    last = !more;
    if (more) {
      System.arraycopy(sealed, segment, sealed, 0, trailerLength + 1);
      kept = trailerLength + 1;
    }
  }

  /** Zeroes the text and what opens it, and closes the source. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      Arrays.fill(text, (byte) 0);
      cipher.close();
      source.close();
    }
  }
}
