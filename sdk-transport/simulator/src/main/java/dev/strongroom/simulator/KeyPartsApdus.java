// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.MessageParts;
import dev.strongroom.core.device.TextParts;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.simulator.keystore.GcmKey;
import java.nio.ByteBuffer;

/**
 * A text or message that comes in commands of its own, {@code docs/spec/key-store.md}, 9.2.
 *
 * <p>Thread safety: confined, as the dispatcher.
 */
abstract sealed class KeyPartsApdus implements AutoCloseable {

  private static final byte[] NOTHING = {};

  private final int ins;
  private final int p1;

  private KeyPartsApdus(CommandApdu command) {
    this.ins = command.ins();
    this.p1 = command.p1();
  }

  /** Begins what the first command says, which may carry a part already. */
  static KeyPartsApdus begin(
      ElementKeyUse use, CommandApdu command, KeyUseHead head, CommandData in)
      throws Refusal, StrongroomException {
    Refusal.unless(command.p1() <= 1, StatusWord.WRONG_P1_P2);
    KeyId key = KeyStoreApdus.keyId(in);
    try {
      return command.ins() == KeyStoreProtocol.INS_CIPHER
          ? Text.begin(use, command, head, key, in)
          : Message.begin(use, command, head, key, in);
    } catch (IllegalArgumentException e) {
      throw new Refusal(StatusWord.WRONG_DATA);
    }
  }

  boolean isOf(CommandApdu command) {
    return command.ins() == ins && command.p1() == p1;
  }

  /** The answer to the first command. */
  abstract byte[] first();

  abstract byte[] next(ByteBuffer part) throws Refusal, StrongroomException;

  abstract byte[] last(ByteBuffer part) throws Refusal, StrongroomException;

  @Override
  public abstract void close();

  private static final class Text extends KeyPartsApdus {

    private final TextParts parts;
    private final byte[] answer;

    private Text(CommandApdu command, TextParts parts, byte[] answer) {
      super(command);
      this.parts = parts;
      this.answer = answer;
    }

    static Text begin(
        ElementKeyUse use, CommandApdu command, KeyUseHead head, KeyId key, CommandData in)
        throws Refusal, StrongroomException {
      ByteBuffer aad = in.part(in.u16());
      if (command.p1() == KeyStoreProtocol.P1_ENCRYPT) {
        ByteBuffer out = ByteBuffer.allocate(GcmKey.IV_LENGTH);
        TextParts begun = use.beginEncrypt(head, key, aad, out);
        return with(command, begun, out.array(), in.restPart());
      }
      ByteBuffer iv = in.part(GcmKey.IV_LENGTH);
      return with(command, use.beginDecrypt(head, key, aad, iv), NOTHING, in.restPart());
    }

    private static Text with(CommandApdu command, TextParts begun, byte[] iv, ByteBuffer part)
        throws StrongroomException {
      if (!part.hasRemaining()) {
        return new Text(command, begun, iv);
      }
      ByteBuffer out = ByteBuffer.allocate(iv.length + part.remaining() + GcmKey.TAG_LENGTH);
      out.put(iv);
      begun.update(part, out);
      return new Text(command, begun, taken(out));
    }

    @Override
    byte[] first() {
      return answer;
    }

    @Override
    byte[] next(ByteBuffer part) throws StrongroomException {
      ByteBuffer out = ByteBuffer.allocate(part.remaining() + GcmKey.TAG_LENGTH);
      parts.update(part, out);
      return taken(out);
    }

    @Override
    byte[] last(ByteBuffer part) throws Refusal, StrongroomException {
      ByteBuffer out = ByteBuffer.allocate(part.remaining() + 2 * GcmKey.TAG_LENGTH);
      try {
        parts.finish(part, out);
        return taken(out);
      } catch (IllegalArgumentException e) {
        throw new Refusal(StatusWord.WRONG_DATA);
      }
    }

    private static byte[] taken(ByteBuffer out) {
      byte[] answer = new byte[out.flip().remaining()];
      out.get(answer).clear();
      out.put(new byte[out.remaining()]);
      return answer;
    }

    @Override
    public void close() {
      parts.close();
    }
  }

  private static final class Message extends KeyPartsApdus {

    private final MessageParts<?> parts;

    private Message(CommandApdu command, MessageParts<?> parts) {
      super(command);
      this.parts = parts;
    }

    static Message begin(
        ElementKeyUse use, CommandApdu command, KeyUseHead head, KeyId key, CommandData in)
        throws Refusal, StrongroomException {
      Bytes mac = in.bytes(in.u8());
      boolean makes = command.p1() == KeyStoreProtocol.P1_MAKE_MAC;
      Refusal.unless(!makes || mac.length() == 0, StatusWord.WRONG_DATA);
      Message begun =
          new Message(
              command, makes ? use.beginMac(head, key) : use.beginVerifyMac(head, key, mac));
      begun.parts.update(in.restPart());
      return begun;
    }

    @Override
    byte[] first() {
      return NOTHING;
    }

    @Override
    byte[] next(ByteBuffer part) throws StrongroomException {
      parts.update(part);
      return NOTHING;
    }

    @Override
    byte[] last(ByteBuffer part) throws Refusal, StrongroomException {
      parts.update(part);
      Object result = parts.finish();
      if (result instanceof Bytes mac) {
        return mac.toByteArray();
      }
      Refusal.unless(Boolean.TRUE.equals(result), StatusWord.WRONG_DATA);
      return NOTHING;
    }

    @Override
    public void close() {
      parts.close();
    }
  }
}
