// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import java.nio.ByteBuffer;

/**
 * Parts of a message behind the first one by APDUs, {@code docs/spec/key-store.md}, 9.2.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
final class ApduMessageParts<R> implements MessageParts<R> {

  private interface End<R> {
    R end(KeyChannel channel) throws StrongroomException;
  }

  private final KeyChannel channel;
  private final int p1;
  private final End<R> end;
  private boolean over;

  private ApduMessageParts(KeyChannel channel, int p1, End<R> end) {
    this.channel = channel;
    this.p1 = p1;
    this.end = end;
  }

  static MessageParts<Bytes> making(KeyChannel channel) {
    return new ApduMessageParts<>(
        channel,
        KeyStoreProtocol.P1_MAKE_MAC,
        to -> KeyRequest.mac(last(to, KeyStoreProtocol.P1_MAKE_MAC)));
  }

  static MessageParts<Boolean> verifying(KeyChannel channel) {
    return new ApduMessageParts<>(
        channel,
        KeyStoreProtocol.P1_VERIFY_MAC,
        to -> {
          try {
            last(to, KeyStoreProtocol.P1_VERIFY_MAC);
            return true;
          } catch (StatusWordException e) {
            requireMismatch(e);
            return false;
          }
        });
  }

  private static byte[] last(KeyChannel channel, int p1) throws StrongroomException {
    return channel.send(
        KeyStoreProtocol.INS_MAC,
        p1,
        KeyStoreProtocol.P2_LAST,
        new byte[0],
        p1 == KeyStoreProtocol.P1_MAKE_MAC ? KeyStoreProtocol.MAX_MAC_LENGTH : 0);
  }

  /** That a MAC is not right is an answer, everything else an error. */
  static void requireMismatch(StatusWordException error) throws StatusWordException {
    if (!error.status().equals(StatusWord.WRONG_DATA)) {
      throw error;
    }
  }

  @Override
  public void update(ByteBuffer part) throws StrongroomException {
    requireOpen();
    while (part.hasRemaining()) {
      byte[] data = new byte[Math.min(ElementProtocol.MAX_DATA, part.remaining())];
      part.get(data);
      try {
        channel.send(KeyStoreProtocol.INS_MAC, p1, KeyStoreProtocol.P2_NEXT, data, 0);
      } catch (StrongroomException e) {
        over = true;
        throw e;
      }
    }
  }

  @Override
  public R finish() throws StrongroomException {
    requireOpen();
    over = true;
    return end.end(channel);
  }

  private void requireOpen() {
    if (over) {
      throw new IllegalStateException("the message is finished or was given up");
    }
  }

  /** The element forgets it with the next message, or the login. */
  @Override
  public void close() {
    over = true;
  }
}
