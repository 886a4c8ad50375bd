// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import java.nio.ByteBuffer;

/**
 * A message in parts of a session, which ends with it.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
final class SessionMessageParts<R> implements MessageParts<R> {

  private final ElementSession session;
  private final MessageParts<R> parts;

  SessionMessageParts(ElementSession session, MessageParts<R> parts) {
    this.session = session;
    this.parts = parts;
  }

  @Override
  public void update(ByteBuffer part) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          parts.update(part);
          return part;
        });
  }

  @Override
  public R finish() throws StrongroomException {
    return session.run(Capability.KEY_STORE, parts::finish);
  }

  @Override
  public void close() {
    parts.close();
  }
}
