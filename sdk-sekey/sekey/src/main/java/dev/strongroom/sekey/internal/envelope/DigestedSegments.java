// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.envelope;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Segments whose sealed form is digested on the way, for a signature.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
public final class DigestedSegments implements SegmentCipher {

  private final SegmentCipher cipher;
  private final MessageDigest digest;

  /**
   * Adds a digest.
   *
   * @param cipher which is closed with this one
   * @param digest gets the sealed segments in the order in which they are worked on
   */
  public DigestedSegments(SegmentCipher cipher, MessageDigest digest) {
    this.cipher = cipher;
    this.digest = digest;
  }

  @Override
  public int overhead() {
    return cipher.overhead();
  }

  @Override
  public void seal(long counter, Place place, ByteBuffer text, ByteBuffer target)
      throws IOException {
    ByteBuffer sealed = target.duplicate();
    cipher.seal(counter, place, text, target);
    digest.update(sealed.limit(target.position()));
  }

  @Override
  public void open(long counter, Place place, ByteBuffer sealed, ByteBuffer target)
      throws IOException {
    digest.update(sealed.duplicate());
    cipher.open(counter, place, sealed, target);
  }

  @Override
  public void close() {
    cipher.close();
  }
}
