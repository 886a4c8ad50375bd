// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.KeyId;
import org.jspecify.annotations.Nullable;

/**
 * An envelope is not what was made: it, or what was given as associated data, has changed, or its
 * key has another value. Nothing was given out of the part that is not proved.
 *
 * <p>Thread safety: immutable.
 */
public final class EnvelopeDamagedException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Id of the key that the envelope names. */
  private final byte[] key;

  /** The segment, from 0. */
  private final long segment;

  /**
   * Reports an envelope.
   *
   * @param key that it names
   * @param segment which segment is not proved, from 0
   * @param cause what was underneath, or null
   */
  public EnvelopeDamagedException(KeyId key, long segment, @Nullable Throwable cause) {
    super(
        "segment "
            + segment
            + " of an envelope under key "
            + key
            + " was changed, or the associated data are others; get it again from where it came",
        cause);
    this.key = key.bytes().toByteArray();
    this.segment = segment;
  }

  /**
   * The key that the envelope names.
   *
   * @return its id
   */
  public KeyId key() {
    return new KeyId(Bytes.copyOf(key));
  }

  /**
   * Which segment is not proved.
   *
   * @return from 0
   */
  public long segment() {
    return segment;
  }
}
