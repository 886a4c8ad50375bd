// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which periods and limit of a key become shorter, or of a pre-active key others.
 *
 * <p>Layout, {@value #LENGTH} bytes: activation u32 | end of the originator-usage period u32 | end
 * of the recipient-usage period u32 | limit u32; FFFFFFFF leaves one as it is.
 *
 * <p>Thread safety: immutable.
 *
 * @param activation of a pre-active key, or empty to leave it
 * @param originatorEnd end of the originator-usage period, or empty to leave it
 * @param recipientEnd end of the recipient-usage period, or empty to leave it
 * @param limit most uses that protect, 1 to {@link UsageLimit#MAX}, or empty to leave it
 */
public record KeyShortening(
    Optional<ElementTime> activation,
    Optional<ElementTime> originatorEnd,
    Optional<ElementTime> recipientEnd,
    OptionalLong limit) {

  /** Length of the encoding in bytes. */
  public static final int LENGTH = 16;

  private static final int UNCHANGED = 0xFFFF_FFFF;

  /** Changes nothing. */
  public static final KeyShortening NONE =
      new KeyShortening(Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty());

  /**
   * Checks the limit.
   *
   * @param activation as above
   * @param originatorEnd as above
   * @param recipientEnd as above
   * @param limit as above
   */
  public KeyShortening {
    if (limit.isPresent()) {
      UsageLimit.requireLimit(limit.getAsLong());
    }
    // The last moment stands for leaving it as it is.
    if (activation.equals(Optional.of(ElementTime.MAX))
        || originatorEnd.equals(Optional.of(ElementTime.MAX))
        || recipientEnd.equals(Optional.of(ElementTime.MAX))) {
      throw new IllegalArgumentException("no period is shortened to end at " + ElementTime.MAX);
    }
  }

  /**
   * Other periods.
   *
   * @param periods activation and ends, none of which is left as it is
   * @return the change, which leaves the limit
   */
  public static KeyShortening to(KeyPeriods periods) {
    return new KeyShortening(
        Optional.of(periods.activation()),
        Optional.of(periods.originatorEnd()),
        Optional.of(periods.recipientEnd()),
        OptionalLong.empty());
  }

  /**
   * The periods of a key after the change.
   *
   * @param present its periods now
   * @return the others, with the same time of destruction
   * @throws IllegalArgumentException if they exclude each other
   */
  public KeyPeriods of(KeyPeriods present) {
    return new KeyPeriods(
        activation.orElse(present.activation()),
        originatorEnd.orElse(present.originatorEnd()),
        recipientEnd.orElse(present.recipientEnd()),
        present.destruction());
  }

  /**
   * Writes it.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    return Bytes.copyOf(
        ByteBuffer.allocate(LENGTH)
            .putInt(bits(activation))
            .putInt(bits(originatorEnd))
            .putInt(bits(recipientEnd))
            .putInt((int) limit.orElse(UNCHANGED))
            .array());
  }

  /**
   * Reads it.
   *
   * @param encoded {@value #LENGTH} bytes
   * @return the same
   * @throws IllegalArgumentException if it is malformed
   */
  public static KeyShortening parse(Bytes encoded) {
    if (encoded.length() != LENGTH) {
      throw new IllegalArgumentException("a shortening of " + encoded.length() + " bytes, not 16");
    }
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    Optional<ElementTime> activation = time(in.getInt());
    Optional<ElementTime> originatorEnd = time(in.getInt());
    Optional<ElementTime> recipientEnd = time(in.getInt());
    int limit = in.getInt();
    return new KeyShortening(
        activation,
        originatorEnd,
        recipientEnd,
        limit == UNCHANGED ? OptionalLong.empty() : OptionalLong.of(Integer.toUnsignedLong(limit)));
  }

  private static int bits(Optional<ElementTime> time) {
    return time.map(ElementTime::bits).orElse(UNCHANGED);
  }

  private static Optional<ElementTime> time(int bits) {
    return bits == UNCHANGED ? Optional.empty() : Optional.of(ElementTime.ofBits(bits));
  }
}
