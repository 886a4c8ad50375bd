// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import java.nio.ByteBuffer;

/**
 * A text that an element encrypts or decrypts part by part. It belongs to the channel on which it
 * was begun: the login's end, a change of the key's record and, over APDUs, any other command of
 * the key store on the channel end it too, after which {@link ConditionsNotSatisfiedException} is
 * thrown; the text is then begun again.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
public interface TextParts extends AutoCloseable {

  /**
   * Takes another part.
   *
   * @param part any length; over APDUs it is sent in commands of the most that they take
   * @param target for what comes out, at most 16 bytes more than the part has; some may come only
   *     with the next part
   * @throws IllegalArgumentException if the target is too small
   * @throws ConditionsNotSatisfiedException if the operation has ended
   * @throws StrongroomException if the link fails
   */
  void update(ByteBuffer part, ByteBuffer target) throws StrongroomException;

  /**
   * Takes the last part; the operation is over.
   *
   * @param last any length; for decryption at least the whole tag, 16 bytes, at its end
   * @param target for the rest of what comes out, at most 32 bytes more than the part has
   * @throws IllegalArgumentException if the target is too small, or the tag is not whole
   * @throws DecryptionFailedException if the tag is not right; all that came out before is void
   * @throws ConditionsNotSatisfiedException if the operation has ended
   * @throws StrongroomException if the link fails
   */
  void finish(ByteBuffer last, ByteBuffer target) throws StrongroomException;

  /** Gives it up unless it is finished. Idempotent. */
  @Override
  void close();
}
