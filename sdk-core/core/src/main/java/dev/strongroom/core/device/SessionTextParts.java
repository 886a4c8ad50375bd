// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import java.nio.ByteBuffer;

/**
 * A text in parts of a session, which ends with it.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
final class SessionTextParts implements TextParts {

  private final ElementSession session;
  private final TextParts parts;

  SessionTextParts(ElementSession session, TextParts parts) {
    this.session = session;
    this.parts = parts;
  }

  @Override
  public void update(ByteBuffer part, ByteBuffer target) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          parts.update(part, target);
          return part;
        });
  }

  @Override
  public void finish(ByteBuffer last, ByteBuffer target) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          parts.finish(last, target);
          return last;
        });
  }

  @Override
  public void close() {
    parts.close();
  }
}
