// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.transport.FrameException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Uses of managed keys by APDUs, {@code docs/spec/key-store.md}, 9 and 9.2. A text that is longer
 * than one command takes goes in parts, with the channel kept from other threads.
 *
 * <p>Thread safety: as the channel.
 */
final class ApduKeyUse implements KeyUseCommands {

  private static final int CONFIRMATION_LENGTH = 32;
  private static final int AAD_LENGTH = 2;
  private static final int SEALED = KeyStoreProtocol.IV_LENGTH + KeyStoreProtocol.TAG_LENGTH;

  private final KeyChannel channel;
  private final ApduKeyStore store;
  private final ApduKeyBatch batch;

  ApduKeyUse(KeyChannel channel, ApduKeyStore store) {
    this.channel = channel;
    this.store = store;
    this.batch = new ApduKeyBatch(channel, store, this);
  }

  @Override
  public void encrypt(
      KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException {
    int sealed = text.remaining() + SEALED;
    requireRoom(target, sealed);
    byte[] begin = cipherBegin(head, key, aad, text.remaining());
    if (fits(begin.length, sealed)) {
      byte[] answer =
          cipher(key, KeyStoreProtocol.P1_ENCRYPT, KeyStoreProtocol.P2_WHOLE, begin, text, sealed);
      put(answer, sealed, target);
      return;
    }
    channel.alone(
        () -> {
          try (TextParts parts = beginEncrypt(head, key, aad, target)) {
            parts.finish(text, target);
          }
        });
  }

  @Override
  public void decrypt(
      KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException {
    int plain = KeyRequest.requireSealed(text.remaining());
    requireRoom(target, plain);
    byte[] begin = cipherBegin(head, key, aad, text.remaining());
    if (fits(begin.length, plain)) {
      byte[] answer =
          cipher(key, KeyStoreProtocol.P1_DECRYPT, KeyStoreProtocol.P2_WHOLE, begin, text, plain);
      put(answer, plain, target);
      return;
    }
    int from = target.position();
    channel.alone(
        () -> {
          try (TextParts parts = beginDecrypt(head, key, aad, text)) {
            parts.finish(text, target);
          } catch (StrongroomException | RuntimeException e) {
            clear(target, from, from + plain);
            throw e;
          }
        });
  }

  @Override
  public TextParts beginEncrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer iv)
      throws StrongroomException {
    requireRoom(iv, KeyStoreProtocol.IV_LENGTH);
    byte[] begin = requireFits(cipherBegin(head, key, aad, 0));
    byte[] answer =
        cipher(
            key,
            KeyStoreProtocol.P1_ENCRYPT,
            KeyStoreProtocol.P2_FIRST,
            begin,
            ByteBuffer.allocate(0),
            KeyStoreProtocol.IV_LENGTH);
    put(answer, KeyStoreProtocol.IV_LENGTH, iv);
    return new ApduTextParts(channel, KeyStoreProtocol.P1_ENCRYPT);
  }

  @Override
  public TextParts beginDecrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer iv)
      throws StrongroomException {
    if (iv.remaining() < KeyStoreProtocol.IV_LENGTH) {
      throw new IllegalArgumentException("an IV has 12 bytes, not " + iv.remaining());
    }
    byte[] begin = requireFits(cipherBegin(head, key, aad, KeyStoreProtocol.IV_LENGTH));
    ByteBuffer first = iv.slice().limit(KeyStoreProtocol.IV_LENGTH);
    iv.position(iv.position() + KeyStoreProtocol.IV_LENGTH);
    cipher(key, KeyStoreProtocol.P1_DECRYPT, KeyStoreProtocol.P2_FIRST, begin, first, 0);
    return new ApduTextParts(channel, KeyStoreProtocol.P1_DECRYPT);
  }

  /** Data of a command that begins a text, with room for as much of it. */
  private static byte[] cipherBegin(KeyUseHead head, KeyId key, ByteBuffer aad, int text) {
    KeyRequest.requireAad(aad.remaining());
    ByteBuffer data =
        ByteBuffer.allocate(head.length() + KeyId.LENGTH + AAD_LENGTH + aad.remaining() + text);
    head.put(data);
    data.put(key.bytes().toByteArray()).putShort((short) aad.remaining()).put(aad.duplicate());
    return data.array();
  }

  /** Sends data that end with a text. */
  private byte[] cipher(KeyId key, int p1, int p2, byte[] data, ByteBuffer text, int expected)
      throws StrongroomException {
    text.get(data, data.length - text.remaining(), text.remaining());
    try {
      return channel.send(KeyStoreProtocol.INS_CIPHER, p1, p2, data, expected);
    } catch (StatusWordException e) {
      throw store.missing(List.of(key), ApduTextParts.opening(p1, e));
    }
  }

  @Override
  public void makeMac(KeyUseHead head, KeyId key, ByteBuffer message, ByteBuffer target)
      throws StrongroomException {
    byte[] data = macBegin(head, key, ByteBuffer.allocate(0), message.remaining());
    if (data.length > ElementProtocol.MAX_DATA) {
      channel.alone(
          () -> {
            try (MessageParts<Bytes> parts = beginMac(head, key)) {
              parts.update(message);
              byte[] mac = parts.finish().toByteArray();
              put(mac, mac.length, target);
            }
          });
      return;
    }
    byte[] answer =
        mac(
            key,
            KeyStoreProtocol.P1_MAKE_MAC,
            KeyStoreProtocol.P2_WHOLE,
            data,
            message,
            KeyStoreProtocol.MAX_MAC_LENGTH);
    put(KeyRequest.mac(answer).toByteArray(), answer.length, target);
  }

  @Override
  public boolean verifyMac(KeyUseHead head, KeyId key, ByteBuffer mac, ByteBuffer message)
      throws StrongroomException {
    KeyRequest.requireMac(mac.remaining());
    byte[] data = macBegin(head, key, mac, message.remaining());
    if (data.length > ElementProtocol.MAX_DATA) {
      byte[] given = new byte[mac.remaining()];
      mac.get(given);
      boolean[] right = new boolean[1];
      channel.alone(
          () -> {
            try (MessageParts<Boolean> parts = beginVerifyMac(head, key, Bytes.copyOf(given))) {
              parts.update(message);
              right[0] = parts.finish();
            }
          });
      return right[0];
    }
    mac.position(mac.limit());
    try {
      mac(key, KeyStoreProtocol.P1_VERIFY_MAC, KeyStoreProtocol.P2_WHOLE, data, message, 0);
      return true;
    } catch (StatusWordException e) {
      ApduMessageParts.requireMismatch(e);
      return false;
    }
  }

  @Override
  public MessageParts<Bytes> beginMac(KeyUseHead head, KeyId key) throws StrongroomException {
    mac(
        key,
        KeyStoreProtocol.P1_MAKE_MAC,
        KeyStoreProtocol.P2_FIRST,
        macBegin(head, key, ByteBuffer.allocate(0), 0),
        ByteBuffer.allocate(0),
        0);
    return ApduMessageParts.making(channel);
  }

  @Override
  public MessageParts<Boolean> beginVerifyMac(KeyUseHead head, KeyId key, Bytes mac)
      throws StrongroomException {
    KeyRequest.requireMac(mac.length());
    mac(
        key,
        KeyStoreProtocol.P1_VERIFY_MAC,
        KeyStoreProtocol.P2_FIRST,
        macBegin(head, key, ByteBuffer.wrap(mac.toByteArray()), 0),
        ByteBuffer.allocate(0),
        0);
    return ApduMessageParts.verifying(channel);
  }

  private static byte[] macBegin(KeyUseHead head, KeyId key, ByteBuffer mac, int message) {
    ByteBuffer data =
        ByteBuffer.allocate(head.length() + KeyId.LENGTH + 1 + mac.remaining() + message);
    head.put(data);
    data.put(key.bytes().toByteArray()).put((byte) mac.remaining()).put(mac.duplicate());
    return data.array();
  }

  private byte[] mac(KeyId key, int p1, int p2, byte[] data, ByteBuffer message, int expected)
      throws StrongroomException {
    message.get(data, data.length - message.remaining(), message.remaining());
    try {
      return channel.send(KeyStoreProtocol.INS_MAC, p1, p2, data, expected);
    } catch (StatusWordException e) {
      throw store.missing(List.of(key), e);
    }
  }

  @Override
  public Bytes sign(KeyUseHead head, KeyId key, ByteBuffer message) throws StrongroomException {
    byte[] all = new byte[message.remaining()];
    message.get(all);
    return use(head, KeyRequest.sign(key, Bytes.copyOf(all)));
  }

  @Override
  public SecretBytes agree(KeyUseHead head, KeyId key, AgreementSide side, Bytes publicKey)
      throws StrongroomException {
    return use(head, KeyRequest.agree(key, side, publicKey));
  }

  @Override
  public Bytes wrap(KeyUseHead head, KeyId key, KeyWrapForm form, SecretBytes value)
      throws StrongroomException {
    return use(head, KeyRequest.wrap(key, form, value));
  }

  @Override
  public SecretBytes unwrap(KeyUseHead head, KeyId key, KeyWrapForm form, Bytes wrapped)
      throws StrongroomException {
    return use(head, KeyRequest.unwrap(key, form, wrapped));
  }

  @Override
  public DataKey newDataKey(KeyUseHead head, KeyId key, int length, Bytes context)
      throws StrongroomException {
    return use(head, KeyRequest.newDataKey(key, length, context));
  }

  @Override
  public SecretBytes openDataKey(KeyUseHead head, KeyId key, Bytes wrapped, Bytes context)
      throws StrongroomException {
    return use(head, KeyRequest.openDataKey(key, wrapped, context));
  }

  @Override
  public void rewrapText(
      KeyUseHead head, KeyId from, KeyId to, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException {
    requireRoom(target, text.remaining());
    byte[] all = new byte[text.remaining()];
    text.get(all);
    byte[] given = new byte[aad.remaining()];
    aad.duplicate().get(given);
    Bytes answer =
        use(head, KeyRequest.rewrapText(from, to, Bytes.copyOf(given), Bytes.copyOf(all)));
    put(answer.toByteArray(), answer.length(), target);
  }

  @Override
  public Bytes rewrapDataKey(KeyUseHead head, KeyId from, KeyId to, Bytes wrapped, Bytes context)
      throws StrongroomException {
    return use(head, KeyRequest.rewrapDataKey(from, to, wrapped, context));
  }

  @Override
  public Bytes rewrapFileKey(KeyUseHead head, KeyId from, KeyId to, Bytes wrapped)
      throws StrongroomException {
    return use(head, KeyRequest.rewrapFileKey(from, to, wrapped));
  }

  private <R> R use(KeyUseHead head, KeyRequest<R> request) throws StrongroomException {
    ByteBuffer data = ByteBuffer.allocate(head.length() + request.length());
    head.put(data);
    request.put(data);
    requireFits(data.array());
    byte[] answer;
    try {
      answer = channel.send(request.ins(), request.p1(), 0, data.array(), request.answerLength());
    } catch (StatusWordException e) {
      throw request.error(e, store);
    }
    try {
      return request.read(answer);
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  @Override
  public Bytes confirm(KeyId key, Bytes challenge) throws StrongroomException {
    ApduKeyOrders.requireChallenge(challenge);
    byte[] data =
        ByteBuffer.allocate(KeyId.LENGTH + challenge.length())
            .put(key.bytes().toByteArray())
            .put(challenge.toByteArray())
            .array();
    byte[] answer;
    try {
      answer =
          channel.send(
              KeyStoreProtocol.INS_QUERY,
              KeyStoreProtocol.P1_CONFIRM,
              0,
              data,
              CONFIRMATION_LENGTH);
    } catch (StatusWordException e) {
      throw store.missing(List.of(key), e);
    }
    if (answer.length != CONFIRMATION_LENGTH) {
      throw new FrameException(answer.length + " bytes are no confirmation");
    }
    return Bytes.copyOf(answer);
  }

  @Override
  public <R> List<KeyAnswer<R>> batch(KeyUseHead head, List<KeyRequest<R>> requests)
      throws StrongroomException {
    return batch.execute(head, KeyRequest.requireOneKind(requests));
  }

  private static boolean fits(int data, int answer) {
    return data <= ElementProtocol.MAX_DATA && answer <= ElementProtocol.MAX_DATA;
  }

  private static byte[] requireFits(byte[] data) {
    if (data.length > ElementProtocol.MAX_DATA) {
      int length = data.length;
      Arrays.fill(data, (byte) 0);
      throw new IllegalArgumentException(
          "one command takes " + ElementProtocol.MAX_DATA + " bytes, not " + length);
    }
    return data;
  }

  static void requireRoom(ByteBuffer target, int length) {
    if (target.remaining() < length) {
      throw new IllegalArgumentException(
          "the target has room for " + target.remaining() + " bytes, not for " + length);
    }
  }

  /** Takes an answer, which is zeroed. */
  private static void put(byte[] answer, int length, ByteBuffer target) throws FrameException {
    try {
      if (answer.length != length) {
        throw new FrameException(answer.length + " bytes instead of " + length);
      }
      requireRoom(target, length);
      target.put(answer);
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  private static void clear(ByteBuffer target, int from, int to) {
    for (int i = from; i < to; i++) {
      target.put(i, (byte) 0);
    }
  }
}
