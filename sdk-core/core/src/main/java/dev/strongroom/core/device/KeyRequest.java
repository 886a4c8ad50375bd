// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.transport.FrameException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One use of a managed key as a value, for {@link KeyUseCommands#batch}; each method that makes one
 * is named after the command that it stands for, whose limits and errors hold.
 *
 * <p>Layout on the wire: {@code docs/spec/key-store.md}, 9, what the data of the command have
 * behind the head.
 *
 * <p>Thread safety: thread-safe. A request keeps what it was made of; a secret in it stays the
 * caller's, who closes it after the batch.
 *
 * @param <R> what it answers
 */
public final class KeyRequest<R> {

  private interface Content {
    void put(ByteBuffer data);
  }

  private interface Reader<R> {
    R read(byte[] answer) throws FrameException;
  }

  private interface Call<R> {
    R call(KeyUseCommands commands, KeyUseHead head) throws StrongroomException;
  }

  private record Kind(int ins, int p1) {}

  private static final int MAX_AAD = 0xFFFF;
  private static final int U16 = 2;

  private final Kind kind;
  private final List<KeyId> keys;
  private final int length;
  private final Content content;
  private final int answerLength;
  private final Reader<R> reader;
  private final Call<R> call;
  private final Optional<R> mismatch;

  private KeyRequest(
      Kind kind,
      List<KeyId> keys,
      int length,
      Content content,
      int answerLength,
      Reader<R> reader,
      Call<R> call) {
    this(kind, keys, length, content, answerLength, reader, call, Optional.empty());
  }

  private KeyRequest(
      Kind kind,
      List<KeyId> keys,
      int length,
      Content content,
      int answerLength,
      Reader<R> reader,
      Call<R> call,
      Optional<R> mismatch) {
    this.kind = kind;
    this.keys = keys;
    this.mismatch = mismatch;
    this.length = keys.size() * KeyId.LENGTH + length;
    this.content = content;
    this.answerLength = answerLength;
    this.reader = reader;
    this.call = call;
  }

  /**
   * {@link KeyUseCommands#encrypt}.
   *
   * @param key with usage encryption
   * @param aad authenticated with the text
   * @param text the plaintext
   * @return answers IV 12 | ciphertext | tag 16
   */
  public static KeyRequest<Bytes> encrypt(KeyId key, Bytes aad, SecretBytes text) {
    int sealed = text.length() + KeyStoreProtocol.IV_LENGTH + KeyStoreProtocol.TAG_LENGTH;
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_CIPHER, KeyStoreProtocol.P1_ENCRYPT),
        List.of(key),
        counted(aad) + text.length(),
        data -> {
          putCounted(data, aad);
          put(data, text);
        },
        sealed,
        answer -> exactly(answer, sealed),
        (commands, head) -> {
          ByteBuffer target = ByteBuffer.allocate(sealed);
          text.use(
              plain -> {
                commands.encrypt(head, key, buffer(aad), ByteBuffer.wrap(plain), target);
                return plain.length;
              });
          return Bytes.copyOf(target.array());
        });
  }

  /**
   * {@link KeyUseCommands#decrypt}.
   *
   * @param key with usage encryption
   * @param aad as when it was encrypted
   * @param text IV 12 | ciphertext | tag 16
   * @return answers the plaintext
   */
  public static KeyRequest<SecretBytes> decrypt(KeyId key, Bytes aad, Bytes text) {
    int plain = requireSealed(text.length());
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_CIPHER, KeyStoreProtocol.P1_DECRYPT),
        List.of(key),
        counted(aad) + text.length(),
        data -> {
          putCounted(data, aad);
          put(data, text);
        },
        plain,
        answer -> exactlySecret(answer, plain),
        (commands, head) -> {
          ByteBuffer target = ByteBuffer.allocate(plain);
          try {
            commands.decrypt(head, key, buffer(aad), buffer(text), target);
            return SecretBytes.copyOf(target.array());
          } finally {
            Arrays.fill(target.array(), (byte) 0);
          }
        });
  }

  /**
   * {@link KeyUseCommands#makeMac}.
   *
   * @param key with usage MAC
   * @param message what is authenticated
   * @return answers 32, 48 or 64 bytes
   */
  public static KeyRequest<Bytes> makeMac(KeyId key, Bytes message) {
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_MAC, KeyStoreProtocol.P1_MAKE_MAC),
        List.of(key),
        1 + message.length(),
        data -> {
          data.put((byte) 0);
          put(data, message);
        },
        KeyStoreProtocol.MAX_MAC_LENGTH,
        KeyRequest::mac,
        (commands, head) -> {
          ByteBuffer target = ByteBuffer.allocate(KeyStoreProtocol.MAX_MAC_LENGTH);
          commands.makeMac(head, key, buffer(message), target);
          return Bytes.copyOf(target.array(), 0, target.position());
        });
  }

  /**
   * {@link KeyUseCommands#verifyMac}.
   *
   * @param key with usage MAC
   * @param mac from the left {@value KeyStoreProtocol#MIN_MAC_LENGTH} bytes to the whole length
   * @param message what is authenticated
   * @return answers whether it is right
   */
  public static KeyRequest<Boolean> verifyMac(KeyId key, Bytes mac, Bytes message) {
    requireMac(mac.length());
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_MAC, KeyStoreProtocol.P1_VERIFY_MAC),
        List.of(key),
        1 + mac.length() + message.length(),
        data -> {
          data.put((byte) mac.length());
          put(data, mac);
          put(data, message);
        },
        0,
        answer -> exactly(answer, 0).length() == 0,
        (commands, head) -> commands.verifyMac(head, key, buffer(mac), buffer(message)),
        Optional.of(false));
  }

  /**
   * {@link KeyUseCommands#sign}.
   *
   * @param key with usage signature
   * @param message the digest, or for Ed25519 the message
   * @return answers the signature
   */
  public static KeyRequest<Bytes> sign(KeyId key, Bytes message) {
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_PRIVATE_KEY, KeyStoreProtocol.P1_SIGN),
        List.of(key),
        message.length(),
        data -> put(data, message),
        KeyStoreProtocol.MAX_SIGNATURE_LENGTH,
        KeyRequest::signature,
        (commands, head) -> commands.sign(head, key, buffer(message)));
  }

  /**
   * {@link KeyUseCommands#agree}.
   *
   * @param key with usage key agreement
   * @param side whether something is protected now, or was by somebody else
   * @param publicKey of the other party
   * @return answers the shared secret
   */
  public static KeyRequest<SecretBytes> agree(KeyId key, AgreementSide side, Bytes publicKey) {
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_PRIVATE_KEY, KeyStoreProtocol.P1_AGREE),
        List.of(key),
        1 + publicKey.length(),
        data -> {
          data.put((byte) side.operation().number());
          put(data, publicKey);
        },
        KeyStoreProtocol.MAX_AGREED_LENGTH,
        answer -> exactlySecret(answer, agreedLength(publicKey.length())),
        (commands, head) -> commands.agree(head, key, side, publicKey));
  }

  /**
   * {@link KeyUseCommands#wrap}.
   *
   * @param key with usage key wrapping
   * @param form RFC 3394 or 5649
   * @param value what is wrapped
   * @return answers the wrapped key
   */
  public static KeyRequest<Bytes> wrap(KeyId key, KeyWrapForm form, SecretBytes value) {
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_WRAPPING, KeyStoreProtocol.P1_WRAP),
        List.of(key),
        1 + value.length(),
        data -> {
          data.put((byte) form.number());
          put(data, value);
        },
        form.wrappedLength(value.length()),
        answer -> exactly(answer, form.wrappedLength(value.length())),
        (commands, head) -> commands.wrap(head, key, form, value));
  }

  /**
   * {@link KeyUseCommands#unwrap}.
   *
   * @param key with usage key wrapping
   * @param form RFC 3394 or 5649
   * @param wrapped the wrapped key
   * @return answers the key
   */
  public static KeyRequest<SecretBytes> unwrap(KeyId key, KeyWrapForm form, Bytes wrapped) {
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_WRAPPING, KeyStoreProtocol.P1_UNWRAP),
        List.of(key),
        1 + wrapped.length(),
        data -> {
          data.put((byte) form.number());
          put(data, wrapped);
        },
        wrapped.length(),
        answer -> unwrapped(answer, form, wrapped.length()),
        (commands, head) -> commands.unwrap(head, key, form, wrapped));
  }

  /**
   * {@link KeyUseCommands#newDataKey}.
   *
   * @param key with usage data keys
   * @param length 16, 24, 32, 48 or 64
   * @param context what it is for
   * @return answers the data key
   */
  public static KeyRequest<DataKey> newDataKey(KeyId key, int length, Bytes context) {
    DataKey.requireLength(length);
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_WRAPPING, KeyStoreProtocol.P1_NEW_DATA_KEY),
        List.of(key),
        1 + context.length(),
        data -> {
          data.put((byte) length);
          put(data, context);
        },
        DataKey.answerLength(length),
        answer -> DataKey.read(answer, length),
        (commands, head) -> commands.newDataKey(head, key, length, context));
  }

  /**
   * {@link KeyUseCommands#openDataKey}.
   *
   * @param key with usage data keys
   * @param wrapped as it was made, at most 255 bytes
   * @param context as it was made
   * @return answers the data key
   */
  public static KeyRequest<SecretBytes> openDataKey(KeyId key, Bytes wrapped, Bytes context) {
    DataKey.requireWrapped(wrapped);
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_WRAPPING, KeyStoreProtocol.P1_OPEN_DATA_KEY),
        List.of(key),
        1 + wrapped.length() + context.length(),
        data -> {
          data.put((byte) wrapped.length());
          put(data, wrapped);
          put(data, context);
        },
        wrapped.length(),
        answer -> exactlySecret(answer, wrapped.length() - AesKeyWrap.OVERHEAD),
        (commands, head) -> commands.openDataKey(head, key, wrapped, context));
  }

  /**
   * {@link KeyUseCommands#rewrapText}.
   *
   * @param from the key that has encrypted it
   * @param to the key that shall
   * @param aad as when it was encrypted
   * @param text IV 12 | ciphertext | tag 16
   * @return answers as many bytes
   */
  public static KeyRequest<Bytes> rewrapText(KeyId from, KeyId to, Bytes aad, Bytes text) {
    requireSealed(text.length());
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_REWRAP, KeyStoreProtocol.P1_REWRAP_TEXT),
        List.of(from, to),
        counted(aad) + text.length(),
        data -> {
          putCounted(data, aad);
          put(data, text);
        },
        text.length(),
        answer -> exactly(answer, text.length()),
        (commands, head) -> {
          ByteBuffer target = ByteBuffer.allocate(text.length());
          commands.rewrapText(head, from, to, buffer(aad), buffer(text), target);
          return Bytes.copyOf(target.array());
        });
  }

  /**
   * {@link KeyUseCommands#rewrapDataKey}.
   *
   * @param from the key that has wrapped it
   * @param to the key that shall
   * @param wrapped as it was made, at most 255 bytes
   * @param context as it was made
   * @return answers the data key, wrapped by the other key
   */
  public static KeyRequest<Bytes> rewrapDataKey(
      KeyId from, KeyId to, Bytes wrapped, Bytes context) {
    DataKey.requireWrapped(wrapped);
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_REWRAP, KeyStoreProtocol.P1_REWRAP_DATA_KEY),
        List.of(from, to),
        1 + wrapped.length() + context.length(),
        data -> {
          data.put((byte) wrapped.length());
          put(data, wrapped);
          put(data, context);
        },
        wrapped.length(),
        answer -> exactly(answer, wrapped.length()),
        (commands, head) -> commands.rewrapDataKey(head, from, to, wrapped, context));
  }

  /**
   * {@link KeyUseCommands#rewrapFileKey}.
   *
   * @param from the key that has wrapped it
   * @param to the key that shall
   * @param wrapped 40 bytes
   * @return answers the file key, wrapped by the other key
   */
  public static KeyRequest<Bytes> rewrapFileKey(KeyId from, KeyId to, Bytes wrapped) {
    return new KeyRequest<>(
        new Kind(KeyStoreProtocol.INS_REWRAP, KeyStoreProtocol.P1_REWRAP_FILE_KEY),
        List.of(from, to),
        wrapped.length(),
        data -> {
          put(data, wrapped);
        },
        wrapped.length(),
        answer -> exactly(answer, wrapped.length()),
        (commands, head) -> commands.rewrapFileKey(head, from, to, wrapped));
  }

  /**
   * The key that it uses.
   *
   * @return for a rewrap, the key rewrapped from
   */
  public KeyId key() {
    return keys.get(0);
  }

  /** Instruction of the command. */
  int ins() {
    return kind.ins();
  }

  /** P1 of the command. */
  int p1() {
    return kind.p1();
  }

  /** Length of what {@link #put} puts, in bytes. */
  int length() {
    return length;
  }

  /** Most bytes of the answer. */
  int answerLength() {
    return answerLength;
  }

  /** Puts what the data of the command have behind the head; it has an array. */
  void put(ByteBuffer data) {
    keys.forEach(key -> put(data, key.bytes()));
    content.put(data);
  }

  /** Takes the answer, which the caller zeroes. */
  R read(byte[] answer) throws FrameException {
    return reader.read(answer);
  }

  /** The error of a status word to this request alone. */
  DeviceException error(StatusWordException refusal, ApduKeyStore store)
      throws StrongroomException {
    return isOpening() && refusal.status().equals(StatusWord.WRONG_DATA)
        ? new DecryptionFailedException()
        : store.missing(keys, refusal);
  }

  /** The answer that a status word is for this request, if it is one. */
  Optional<R> mismatch(StatusWordException refusal) {
    return refusal.status().equals(StatusWord.WRONG_DATA) ? mismatch : Optional.empty();
  }

  /** Whether it takes what another use has made, and so finds whether that is right. */
  private boolean isOpening() {
    return kind.equals(new Kind(KeyStoreProtocol.INS_CIPHER, KeyStoreProtocol.P1_DECRYPT))
        || kind.equals(new Kind(KeyStoreProtocol.INS_PRIVATE_KEY, KeyStoreProtocol.P1_AGREE))
        || kind.equals(new Kind(KeyStoreProtocol.INS_WRAPPING, KeyStoreProtocol.P1_UNWRAP))
        || kind.equals(new Kind(KeyStoreProtocol.INS_WRAPPING, KeyStoreProtocol.P1_OPEN_DATA_KEY))
        || kind.ins() == KeyStoreProtocol.INS_REWRAP;
  }

  /** Executes it alone. */
  R call(KeyUseCommands commands, KeyUseHead head) throws StrongroomException {
    return call.call(commands, head);
  }

  /** Executes it as an item of a batch. */
  KeyAnswer<R> answer(KeyUseCommands commands, KeyUseHead head, int item)
      throws StrongroomException {
    try {
      return new KeyAnswer.Done<>(call(commands, head));
    } catch (KeyRefusedException e) {
      return new KeyAnswer.Refused<>(KeyRefusedException.of(e.refusal().at(item)));
    } catch (DeviceException e) {
      if (endsBatch(e)) {
        throw e;
      }
      return new KeyAnswer.Refused<>(e);
    }
  }

  private static boolean endsBatch(DeviceException error) {
    return error instanceof SecurityStatusException
        || error instanceof SecureChannelException
        || error instanceof ElementStateException
        || error instanceof ElementStorageException;
  }

  /** What a batch may consist of. */
  static <R> List<KeyRequest<R>> requireOneKind(List<KeyRequest<R>> requests) {
    for (KeyRequest<R> request : requests) {
      if (!request.kind.equals(requests.get(0).kind)) {
        throw new IllegalArgumentException("a batch has requests of one kind");
      }
    }
    return requests;
  }

  static int requireSealed(int length) {
    int plain = length - KeyStoreProtocol.IV_LENGTH - KeyStoreProtocol.TAG_LENGTH;
    if (plain < 0) {
      throw new IllegalArgumentException(
          "IV, ciphertext and tag have at least 28 bytes, not " + length);
    }
    return plain;
  }

  static int requireMac(int length) {
    if (length < KeyStoreProtocol.MIN_MAC_LENGTH || length > KeyStoreProtocol.MAX_MAC_LENGTH) {
      throw new IllegalArgumentException("a MAC to verify has 16 to 64 bytes, not " + length);
    }
    return length;
  }

  static int requireAad(int length) {
    if (length > MAX_AAD) {
      throw new IllegalArgumentException("at most 65,535 bytes of AAD, not " + length);
    }
    return length;
  }

  static Bytes mac(byte[] answer) throws FrameException {
    if (answer.length != 32 && answer.length != 48 && answer.length != 64) {
      throw new FrameException(answer.length + " bytes are no MAC");
    }
    return Bytes.copyOf(answer);
  }

  private static Bytes signature(byte[] answer) throws FrameException {
    if (answer.length != 64 && answer.length != KeyStoreProtocol.MAX_SIGNATURE_LENGTH) {
      throw new FrameException(answer.length + " bytes are no signature");
    }
    return Bytes.copyOf(answer);
  }

  private static Bytes exactly(byte[] answer, int length) throws FrameException {
    if (answer.length != length) {
      throw new FrameException(answer.length + " bytes instead of " + length);
    }
    return Bytes.copyOf(answer);
  }

  private static SecretBytes exactlySecret(byte[] answer, int length) throws FrameException {
    if (answer.length != length) {
      throw new FrameException(answer.length + " bytes instead of " + length);
    }
    return SecretBytes.copyOf(answer);
  }

  /** Half of a point behind its first byte, and for X25519 as long as the public key. */
  private static int agreedLength(int publicKey) {
    return publicKey % 2 == 0 ? publicKey : publicKey / 2;
  }

  private static SecretBytes unwrapped(byte[] answer, KeyWrapForm form, int wrapped)
      throws FrameException {
    if (answer.length == 0 || form.wrappedLength(answer.length) != wrapped) {
      throw new FrameException(answer.length + " bytes out of a wrapped key of " + wrapped);
    }
    return SecretBytes.copyOf(answer);
  }

  private static int counted(Bytes aad) {
    return U16 + requireAad(aad.length());
  }

  private static void putCounted(ByteBuffer data, Bytes bytes) {
    data.putShort((short) bytes.length());
    put(data, bytes);
  }

  private static void put(ByteBuffer data, Bytes bytes) {
    bytes.copyTo(data.array(), data.arrayOffset() + data.position());
    data.position(data.position() + bytes.length());
  }

  private static void put(ByteBuffer data, SecretBytes bytes) {
    bytes.copyTo(data.array(), data.arrayOffset() + data.position());
    data.position(data.position() + bytes.length());
  }

  private static ByteBuffer buffer(Bytes bytes) {
    return ByteBuffer.wrap(bytes.toByteArray());
  }
}
