// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.TextParts;
import dev.strongroom.simulator.keystore.GcmKey;
import dev.strongroom.simulator.keystore.GcmParts;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A text in parts under AES-GCM.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
final class KeyTextParts implements TextParts {

  private static final int INS = KeyStoreProtocol.INS_CIPHER;

  /** Which way the text goes. */
  enum Direction {
    /** Out comes ciphertext, and the tag at the end. */
    ENCRYPT,
    /** In comes ciphertext, and the tag at the end. */
    DECRYPT
  }

  private final KeyPartsGuard guard;
  private final GcmParts parts;
  private final Direction direction;
  private boolean closed;

  /** Takes the algorithm over. */
  KeyTextParts(KeyPartsGuard guard, GcmParts parts, Direction direction) {
    this.guard = guard;
    this.parts = parts;
    this.direction = direction;
  }

  @Override
  public void update(ByteBuffer part, ByteBuffer target) throws StrongroomException {
    requireOpen(part);
    take(part, target);
  }

  @Override
  public void finish(ByteBuffer last, ByteBuffer target) throws StrongroomException {
    if (direction == Direction.DECRYPT && last.remaining() < GcmKey.TAG_LENGTH) {
      throw new IllegalArgumentException(
          "the last part has the tag, 16 bytes, not " + last.remaining());
    }
    requireOpen(last);
    take(last, target);
    byte[] rest = parts.finish();
    close();
    if (rest == null) {
      throw new DecryptionFailedException();
    }
    put(rest, target);
  }

  private void requireOpen(ByteBuffer part) throws StrongroomException {
    if (closed) {
      throw KeyPartsGuard.ended(INS);
    }
    try {
      guard.require(INS, 2 * part.remaining());
    } catch (StrongroomException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void take(ByteBuffer part, ByteBuffer target) {
    byte[] content = ElementKeyUse.bytes(part);
    try {
      put(parts.update(content), target);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static void put(byte[] out, ByteBuffer target) {
    try {
      ElementKeyUse.requireRoom(target, out.length);
      target.put(out);
    } finally {
      Arrays.fill(out, (byte) 0);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      parts.close();
    }
  }
}
