// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.device.AgreementSide;
import dev.strongroom.core.device.DataKey;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.KeyUseCommands;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.device.MessageParts;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.device.TextParts;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.simulator.keystore.GcmKey;
import dev.strongroom.simulator.keystore.GcmParts;
import dev.strongroom.simulator.keystore.KeyEntry;
import dev.strongroom.simulator.keystore.KeyTable;
import dev.strongroom.simulator.keystore.KeyValues;
import dev.strongroom.simulator.keystore.KeyValues.Derivation;
import dev.strongroom.simulator.keystore.MacKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The use of managed keys on one channel, {@code docs/spec/key-store.md}, 9.2.
 *
 * <p>Thread safety: thread-safe; takes no lock, unless a block of uses has to be reserved.
 */
final class ElementKeyUse implements KeyUseCommands {

  private static final int SMALL = 64;
  private static final int MAX_AAD = 0xFFFF;
  private static final Set<Integer> DATA_KEY_LENGTHS = Set.of(16, 24, 32, 48, 64);

  private final ElementChannel channel;
  private final ElementApplication application;
  private final KeyGate gate;
  private final KeyRewrapping rewrapping;
  private final GcmKey.RandomSource random;

  ElementKeyUse(ElementChannel channel, ElementApplication application) {
    this.channel = channel;
    this.application = application;
    this.gate = new KeyGate(application);
    this.random = application::random;
    this.rewrapping = new KeyRewrapping(gate, random);
  }

  @Override
  public void encrypt(
      KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException {
    requireAad(aad);
    requireRoom(target, text.remaining() + GcmKey.OVERHEAD);
    use(
        KeyStoreProtocol.INS_CIPHER,
        2 * text.remaining(),
        head,
        key,
        KeyOperation.ENCRYPT,
        (table, entry) -> {
          GcmKey gcm = entry.takeGcm(table, random);
          try {
            gcm.encrypt(aad, text, target);
            return true;
          } finally {
            entry.giveBack(gcm);
          }
        });
  }

  @Override
  public void decrypt(
      KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException {
    requireAad(aad);
    requireRoom(target, requireSealed(text));
    use(
        KeyStoreProtocol.INS_CIPHER,
        2 * text.remaining(),
        head,
        key,
        KeyOperation.DECRYPT,
        (table, entry) -> {
          GcmKey gcm = entry.takeGcm(table, random);
          try {
            if (!gcm.decrypt(aad, text, target)) {
              throw new DecryptionFailedException();
            }
            return true;
          } finally {
            entry.giveBack(gcm);
          }
        });
  }

  @Override
  public TextParts beginEncrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer iv)
      throws StrongroomException {
    requireAad(aad);
    requireRoom(iv, GcmKey.IV_LENGTH);
    byte[] associated = bytes(aad);
    byte[] drawn = new byte[GcmKey.IV_LENGTH];
    application.random().nextBytes(drawn);
    return use(
        KeyStoreProtocol.INS_CIPHER,
        SMALL,
        head,
        key,
        KeyOperation.ENCRYPT,
        (table, entry) -> {
          TextParts parts;
          try (SecretBytes value = table.value(entry)) {
            parts =
                new KeyTextParts(
                    guard(entry),
                    GcmParts.encrypting(value, drawn, associated),
                    KeyTextParts.Direction.ENCRYPT);
          }
          iv.put(drawn);
          return parts;
        });
  }

  @Override
  public TextParts beginDecrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer iv)
      throws StrongroomException {
    requireAad(aad);
    byte[] associated = bytes(aad);
    if (iv.remaining() < GcmKey.IV_LENGTH) {
      throw new IllegalArgumentException("an IV has 12 bytes, not " + iv.remaining());
    }
    byte[] given = new byte[GcmKey.IV_LENGTH];
    iv.get(given);
    return use(
        KeyStoreProtocol.INS_CIPHER,
        SMALL,
        head,
        key,
        KeyOperation.DECRYPT,
        (table, entry) -> {
          try (SecretBytes value = table.value(entry)) {
            return new KeyTextParts(
                guard(entry),
                GcmParts.decrypting(value, given, associated),
                KeyTextParts.Direction.DECRYPT);
          }
        });
  }

  @Override
  public void makeMac(KeyUseHead head, KeyId key, ByteBuffer message, ByteBuffer target)
      throws StrongroomException {
    use(
        KeyStoreProtocol.INS_MAC,
        SMALL + message.remaining(),
        head,
        key,
        KeyOperation.MAKE_MAC,
        (table, entry) -> {
          byte[] made = mac(table, entry, message);
          requireRoom(target, made.length);
          target.put(made);
          return true;
        });
  }

  @Override
  public boolean verifyMac(KeyUseHead head, KeyId key, ByteBuffer mac, ByteBuffer message)
      throws StrongroomException {
    byte[] expected = requireMac(bytes(mac));
    return use(
        KeyStoreProtocol.INS_MAC,
        SMALL + message.remaining(),
        head,
        key,
        KeyOperation.VERIFY_MAC,
        (table, entry) -> isMac(expected, mac(table, entry, message)));
  }

  private static byte[] mac(KeyTable table, KeyEntry entry, ByteBuffer message) {
    MacKey mac = entry.takeMac(table);
    try {
      mac.update(message);
      return mac.finish();
    } finally {
      entry.giveBack(mac);
    }
  }

  /** Whether it is the whole of a MAC, or what is left of it when it is cut. */
  private static boolean isMac(byte[] expected, byte[] made) {
    return expected.length <= made.length
        && MessageDigest.isEqual(expected, Arrays.copyOf(made, expected.length));
  }

  @Override
  public MessageParts<Bytes> beginMac(KeyUseHead head, KeyId key) throws StrongroomException {
    return use(
        KeyStoreProtocol.INS_MAC,
        SMALL,
        head,
        key,
        KeyOperation.MAKE_MAC,
        (table, entry) ->
            new KeyMessageParts<>(guard(entry), entry.newMac(table), made -> Bytes.copyOf(made)));
  }

  @Override
  public MessageParts<Boolean> beginVerifyMac(KeyUseHead head, KeyId key, Bytes mac)
      throws StrongroomException {
    byte[] expected = requireMac(mac.toByteArray());
    return use(
        KeyStoreProtocol.INS_MAC,
        SMALL,
        head,
        key,
        KeyOperation.VERIFY_MAC,
        (table, entry) ->
            new KeyMessageParts<>(
                guard(entry), entry.newMac(table), made -> isMac(expected, made)));
  }

  @Override
  public Bytes sign(KeyUseHead head, KeyId key, ByteBuffer message) throws StrongroomException {
    byte[] signed = bytes(message);
    return use(
        KeyStoreProtocol.INS_PRIVATE_KEY,
        2 * SMALL + signed.length,
        head,
        key,
        KeyOperation.SIGN,
        (table, entry) -> {
          try (SecretBytes value = table.value(entry)) {
            return KeyValues.sign(entry.attributes().algorithm(), value, signed)
                .orElseThrow(
                    () ->
                        new StatusWordException(
                            KeyStoreProtocol.INS_PRIVATE_KEY, StatusWord.WRONG_DATA));
          }
        });
  }

  @Override
  public SecretBytes agree(KeyUseHead head, KeyId key, AgreementSide side, Bytes publicKey)
      throws StrongroomException {
    return use(
        KeyStoreProtocol.INS_PRIVATE_KEY,
        3 * SMALL,
        head,
        key,
        side.operation(),
        (table, entry) -> {
          try (SecretBytes value = table.value(entry)) {
            return KeyValues.agree(entry.attributes().algorithm(), value, publicKey)
                .orElseThrow(DecryptionFailedException::new);
          }
        });
  }

  @Override
  public Bytes wrap(KeyUseHead head, KeyId key, KeyWrapForm form, SecretBytes value)
      throws StrongroomException {
    requireWrappable(form, value.length());
    return use(
        KeyStoreProtocol.INS_WRAPPING,
        SMALL + 2 * value.length(),
        head,
        key,
        KeyOperation.WRAP,
        (table, entry) -> {
          try (SecretBytes kek = table.value(entry)) {
            return form == KeyWrapForm.RFC_3394
                ? AesKeyWrap.wrap(kek, value)
                : AesKeyWrap.wrapPadded(kek, value);
          }
        });
  }

  private static void requireWrappable(KeyWrapForm form, int length) {
    boolean fits = form == KeyWrapForm.RFC_3394 ? length >= 16 && length % 8 == 0 : length > 0;
    if (!fits) {
      throw new IllegalArgumentException("a key of " + length + " bytes is not wrapped by " + form);
    }
  }

  @Override
  public SecretBytes unwrap(KeyUseHead head, KeyId key, KeyWrapForm form, Bytes wrapped)
      throws StrongroomException {
    return use(
        KeyStoreProtocol.INS_WRAPPING,
        SMALL + 2 * wrapped.length(),
        head,
        key,
        KeyOperation.UNWRAP,
        (table, entry) -> {
          try (SecretBytes kek = table.value(entry)) {
            Optional<SecretBytes> value =
                form == KeyWrapForm.RFC_3394
                    ? AesKeyWrap.unwrap(kek, wrapped)
                    : AesKeyWrap.unwrapPadded(kek, wrapped);
            return value.orElseThrow(DecryptionFailedException::new);
          }
        });
  }

  @Override
  public DataKey newDataKey(KeyUseHead head, KeyId key, int length, Bytes context)
      throws StrongroomException {
    if (!DATA_KEY_LENGTHS.contains(length)) {
      throw new IllegalArgumentException(
          "a data key has 16, 24, 32, 48 or 64 bytes, not " + length);
    }
    return use(
        KeyStoreProtocol.INS_WRAPPING,
        3 * SMALL + context.length(),
        head,
        key,
        KeyOperation.MAKE_DATA_KEY,
        (table, entry) -> {
          try (SecretBytes kek = KeyWrapping.dataKey(table, entry, context)) {
            byte[] drawn = new byte[length];
            application.random().nextBytes(drawn);
            SecretBytes made = SecretBytes.adopt(drawn);
            return new DataKey(made, AesKeyWrap.wrap(kek, made));
          }
        });
  }

  @Override
  public SecretBytes openDataKey(KeyUseHead head, KeyId key, Bytes wrapped, Bytes context)
      throws StrongroomException {
    return use(
        KeyStoreProtocol.INS_WRAPPING,
        3 * SMALL + context.length(),
        head,
        key,
        KeyOperation.OPEN_DATA_KEY,
        (table, entry) -> {
          try (SecretBytes kek = KeyWrapping.dataKey(table, entry, context)) {
            return AesKeyWrap.unwrap(kek, wrapped).orElseThrow(DecryptionFailedException::new);
          }
        });
  }

  @Override
  public void rewrapText(
      KeyUseHead head, KeyId from, KeyId to, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException {
    requireAad(aad);
    requireSealed(text);
    requireRoom(target, text.remaining());
    channel.onLogin(
        KeyStoreProtocol.INS_REWRAP,
        2 * text.remaining(),
        login -> {
          application.managedKeys().tell(head.time());
          rewrapping.text(login, acknowledgement(head), from, to, aad, text, target);
          return true;
        });
  }

  @Override
  public Bytes rewrapDataKey(KeyUseHead head, KeyId from, KeyId to, Bytes wrapped, Bytes context)
      throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_REWRAP,
        4 * SMALL,
        login -> {
          application.managedKeys().tell(head.time());
          return rewrapping.dataKey(login, acknowledgement(head), from, to, wrapped, context);
        });
  }

  @Override
  public Bytes rewrapFileKey(KeyUseHead head, KeyId from, KeyId to, Bytes wrapped)
      throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_REWRAP,
        4 * SMALL,
        login -> {
          application.managedKeys().tell(head.time());
          return rewrapping.fileKey(login, acknowledgement(head), from, to, wrapped);
        });
  }

  @Override
  public Bytes confirm(KeyId key, Bytes challenge) throws StrongroomException {
    requireChallenge(challenge);
    return use(
        KeyStoreProtocol.INS_QUERY,
        2 * SMALL,
        KeyUseHead.NONE,
        key,
        KeyOperation.CONFIRM,
        (table, entry) -> {
          try (SecretBytes value = table.value(entry);
              SecretBytes proof = KeyValues.derive(value, Derivation.PROOF, key)) {
            return Bytes.copyOf(KeyValues.mac(proof, challenge.toByteArray()));
          }
        });
  }

  static void requireChallenge(Bytes challenge) {
    int length = challenge.length();
    if (length < KeyStoreProtocol.MIN_CHALLENGE || length > KeyStoreProtocol.MAX_CHALLENGE) {
      throw new IllegalArgumentException("a challenge has 16 to 64 bytes, not " + length);
    }
  }

  private <R> R use(
      int ins, int bytes, KeyUseHead head, KeyId key, KeyOperation operation, KeyUse<R> use)
      throws StrongroomException {
    return channel.onLogin(
        ins,
        bytes,
        login -> {
          application.managedKeys().tell(head.time());
          return gate.use(login, key, operation, acknowledgement(head), use);
        });
  }

  private static Acknowledgement acknowledgement(KeyUseHead head) {
    return head.acknowledgement() == null ? Acknowledgement.NONE : Acknowledgement.GIVEN;
  }

  private KeyPartsGuard guard(KeyEntry entry) {
    return new KeyPartsGuard(channel, application, entry.attributes());
  }

  private static void requireAad(ByteBuffer aad) {
    if (aad.remaining() > MAX_AAD) {
      throw new IllegalArgumentException("at most 65,535 bytes of AAD, not " + aad.remaining());
    }
  }

  /** How long the text is. */
  private static int requireSealed(ByteBuffer text) {
    int length = text.remaining() - GcmKey.OVERHEAD;
    if (length < 0) {
      throw new IllegalArgumentException(
          "IV, ciphertext and tag have at least 28 bytes, not " + text.remaining());
    }
    return length;
  }

  private static byte[] requireMac(byte[] mac) {
    if (mac.length < KeyStoreProtocol.MIN_MAC_LENGTH
        || mac.length > KeyStoreProtocol.MAX_MAC_LENGTH) {
      throw new IllegalArgumentException("a MAC to verify has 16 to 64 bytes, not " + mac.length);
    }
    return mac;
  }

  static void requireRoom(ByteBuffer target, int length) {
    if (target.remaining() < length) {
      throw new IllegalArgumentException(
          "room for " + target.remaining() + " bytes; " + length + " are needed");
    }
  }

  /** All that remains, as an array of its own. */
  static byte[] bytes(ByteBuffer in) {
    byte[] content = new byte[in.remaining()];
    in.get(content);
    return content;
  }
}
