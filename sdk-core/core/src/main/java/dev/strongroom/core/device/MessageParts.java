// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import java.nio.ByteBuffer;

/**
 * A message that an element authenticates part by part. It belongs to the channel on which it was
 * begun, and ends as {@link TextParts} do.
 *
 * <p>Thread safety: confined to one thread at a time.
 *
 * @param <R> what comes of it
 */
public interface MessageParts<R> extends AutoCloseable {

  /**
   * Takes another part.
   *
   * @param part any length; over APDUs it is sent in commands of the most that they take
   * @throws ConditionsNotSatisfiedException if the operation has ended
   * @throws StrongroomException if the link fails
   */
  void update(ByteBuffer part) throws StrongroomException;

  /**
   * Ends the message.
   *
   * @return what comes of it
   * @throws ConditionsNotSatisfiedException if the operation has ended
   * @throws StrongroomException if the link fails
   */
  R finish() throws StrongroomException;

  /** Gives it up unless it is finished. Idempotent. */
  @Override
  void close();
}
