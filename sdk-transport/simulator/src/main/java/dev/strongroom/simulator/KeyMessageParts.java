// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.MessageParts;
import dev.strongroom.simulator.keystore.MacKey;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * A message in parts under HMAC.
 *
 * <p>Thread safety: confined to one thread at a time.
 *
 * @param <R> what comes of its MAC
 */
final class KeyMessageParts<R> implements MessageParts<R> {

  private static final int INS = KeyStoreProtocol.INS_MAC;

  private final KeyPartsGuard guard;
  private final MacKey mac;
  private final Function<byte[], R> result;
  private boolean closed;

  /** Takes the algorithm over. */
  KeyMessageParts(KeyPartsGuard guard, MacKey mac, Function<byte[], R> result) {
    this.guard = guard;
    this.mac = mac;
    this.result = result;
  }

  @Override
  public void update(ByteBuffer part) throws StrongroomException {
    requireOpen(part.remaining());
    mac.update(part);
  }

  @Override
  public R finish() throws StrongroomException {
    requireOpen(0);
    byte[] made = mac.finish();
    close();
    return result.apply(made);
  }

  private void requireOpen(int bytes) throws StrongroomException {
    if (closed) {
      throw KeyPartsGuard.ended(INS);
    }
    try {
      guard.require(INS, bytes);
    } catch (StrongroomException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      mac.forget();
    }
  }
}
