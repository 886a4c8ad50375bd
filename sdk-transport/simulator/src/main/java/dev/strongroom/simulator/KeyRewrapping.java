// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.keys.KeyAttribute;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.simulator.keystore.GcmKey;
import dev.strongroom.simulator.keystore.KeyEntry;
import dev.strongroom.simulator.keystore.KeyTable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * REWRAP: what one key has protected goes over to another, and nothing in clear leaves the element,
 * {@code docs/spec/key-store.md}, 9.3.
 *
 * <p>Thread safety: thread-safe.
 */
final class KeyRewrapping {

  private interface Unwrapping {
    SecretBytes kek(KeyTable table, KeyEntry key);
  }

  private final KeyGate gate;
  private final GcmKey.RandomSource random;

  KeyRewrapping(KeyGate gate, GcmKey.RandomSource random) {
    this.gate = gate;
    this.random = random;
  }

  void text(
      Login login,
      Acknowledgement acknowledgement,
      KeyId from,
      KeyId to,
      ByteBuffer aad,
      ByteBuffer text,
      ByteBuffer target)
      throws StrongroomException {
    ByteBuffer clear = ByteBuffer.allocate(text.remaining() - GcmKey.OVERHEAD);
    try {
      gate.use(
          login,
          from,
          KeyOperation.REWRAP,
          acknowledgement,
          (table, key) -> {
            requirePair(key.attributes(), table.entry(to).attributes(), KeyUsage.ENCRYPTION);
            GcmKey gcm = key.takeGcm(table, random);
            try {
              if (!gcm.decrypt(aad.duplicate(), text, clear)) {
                throw new DecryptionFailedException();
              }
              return true;
            } finally {
              key.giveBack(gcm);
            }
          });
      clear.flip();
      gate.use(
          login,
          to,
          KeyOperation.ENCRYPT,
          acknowledgement,
          (table, key) -> {
            GcmKey gcm = key.takeGcm(table, random);
            try {
              gcm.encrypt(aad, clear, target);
              return true;
            } finally {
              key.giveBack(gcm);
            }
          });
    } finally {
      Arrays.fill(clear.array(), (byte) 0);
    }
  }

  Bytes dataKey(
      Login login,
      Acknowledgement acknowledgement,
      KeyId from,
      KeyId to,
      Bytes wrapped,
      Bytes context)
      throws StrongroomException {
    return key(
        login,
        acknowledgement,
        from,
        to,
        KeyOperation.MAKE_DATA_KEY,
        KeyUsage.DATA_KEYS,
        wrapped,
        (table, key) -> KeyWrapping.dataKey(table, key, context));
  }

  Bytes fileKey(Login login, Acknowledgement acknowledgement, KeyId from, KeyId to, Bytes wrapped)
      throws StrongroomException {
    return key(
        login,
        acknowledgement,
        from,
        to,
        KeyOperation.WRITE_FILE,
        KeyUsage.FILE_KEYS,
        wrapped,
        KeyWrapping::fileKey);
  }

  private Bytes key(
      Login login,
      Acknowledgement acknowledgement,
      KeyId from,
      KeyId to,
      KeyOperation making,
      KeyUsage usage,
      Bytes wrapped,
      Unwrapping wrapping)
      throws StrongroomException {
    try (SecretBytes clear =
        gate.use(
            login,
            from,
            KeyOperation.REWRAP,
            acknowledgement,
            (table, key) -> {
              requirePair(key.attributes(), table.entry(to).attributes(), usage);
              try (SecretBytes kek = wrapping.kek(table, key)) {
                return AesKeyWrap.unwrap(kek, wrapped).orElseThrow(DecryptionFailedException::new);
              }
            })) {
      return gate.use(
          login,
          to,
          making,
          acknowledgement,
          (table, key) -> {
            try (SecretBytes kek = wrapping.kek(table, key)) {
              return AesKeyWrap.wrap(kek, clear);
            }
          });
    }
  }

  /** Of one group and for one use; a host gets by it no key that it could not have before. */
  private static void requirePair(KeyAttributes from, KeyAttributes to, KeyUsage usage)
      throws KeyRefusedException {
    if (!from.usages().contains(usage)) {
      throw refused(RefusalReason.USAGE, from, KeyUsage.bits(from.usages()), 0);
    }
    if (!from.group().equals(to.group())) {
      throw refused(RefusalReason.ATTRIBUTE, to, KeyAttribute.IMMUTABLE.number(), 0);
    }
    if (to.flags().contains(KeyFlag.HOST_KEYS) && !from.flags().contains(KeyFlag.HOST_KEYS)) {
      throw refused(
          RefusalReason.FLAG, from, 1L << KeyFlag.HOST_KEYS.bit(), KeyFlag.bits(from.flags()));
    }
  }

  private static KeyRefusedException refused(
      RefusalReason reason, KeyAttributes key, long bound, long found) {
    return KeyRefusedException.of(
        new KeyRefusal(
            reason,
            Optional.of(KeyOperation.REWRAP),
            Optional.of(key.state()),
            Optional.empty(),
            OptionalInt.empty(),
            key.id().bytes(),
            bound,
            found));
  }
}
