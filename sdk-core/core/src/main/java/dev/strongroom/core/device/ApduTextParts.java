// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.transport.FrameException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Parts of a text behind the first one by APDUs, {@code docs/spec/key-store.md}, 9.2.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
final class ApduTextParts implements TextParts {

  /** A multiple of the block, with room in the answer for what is held back, and the tag. */
  static final int MOST = ElementProtocol.MAX_DATA - 2 * KeyStoreProtocol.TAG_LENGTH;

  private final KeyChannel channel;
  private final int p1;
  private boolean over;

  ApduTextParts(KeyChannel channel, int p1) {
    this.channel = channel;
    this.p1 = p1;
  }

  @Override
  public void update(ByteBuffer part, ByteBuffer target) throws StrongroomException {
    requireOpen();
    while (part.hasRemaining()) {
      send(KeyStoreProtocol.P2_NEXT, part, Math.min(MOST, part.remaining()), target);
    }
  }

  @Override
  public void finish(ByteBuffer last, ByteBuffer target) throws StrongroomException {
    requireOpen();
    if (p1 == KeyStoreProtocol.P1_DECRYPT && last.remaining() < KeyStoreProtocol.TAG_LENGTH) {
      throw new IllegalArgumentException(
          "the last part of a ciphertext has the whole tag, 16 bytes, not " + last.remaining());
    }
    while (last.remaining() > MOST) {
      // Never so much that a part of the tag alone is left.
      int tag = KeyStoreProtocol.TAG_LENGTH;
      send(KeyStoreProtocol.P2_NEXT, last, Math.min(MOST, last.remaining() - tag), target);
    }
    over = true;
    send(KeyStoreProtocol.P2_LAST, last, last.remaining(), target);
  }

  private void send(int p2, ByteBuffer part, int length, ByteBuffer target)
      throws StrongroomException {
    byte[] data = new byte[length];
    part.get(data);
    byte[] answer;
    try {
      answer = channel.send(KeyStoreProtocol.INS_CIPHER, p1, p2, data, ElementProtocol.MAX_DATA);
    } catch (StatusWordException e) {
      over = true;
      throw opening(p1, e);
    } catch (StrongroomException e) {
      over = true;
      throw e;
    }
    try {
      if (answer.length > length + 2 * KeyStoreProtocol.TAG_LENGTH) {
        over = true;
        throw new FrameException(answer.length + " bytes for a part of " + length);
      }
      ApduKeyUse.requireRoom(target, answer.length);
      target.put(answer);
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  /** Wrong data of DECRYPT are a tag that is not right. */
  static DeviceException opening(int p1, StatusWordException error) {
    return p1 == KeyStoreProtocol.P1_DECRYPT && error.status().equals(StatusWord.WRONG_DATA)
        ? new DecryptionFailedException()
        : error;
  }

  private void requireOpen() {
    if (over) {
      throw new IllegalStateException("the text is finished or was given up");
    }
  }

  /** The element forgets it with the next text, or the login. */
  @Override
  public void close() {
    over = true;
  }
}
