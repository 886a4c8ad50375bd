// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AgreementSide;
import dev.strongroom.core.device.ElementKeys;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyUseCommands;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.simulator.MemoryElementStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Keys in a simulated element in the process, which is asked through a session, with the time of
 * each use.
 *
 * <p>Thread safety: thread-safe; each task is confined to one thread.
 */
final class ElementContender implements KeyContender {

  private static final long LIMIT = 0xFFFF_0000L;
  private static final int OVERHEAD = 28;
  private static final int MAC_LENGTH = 32;
  private static final Bytes CONTEXT = Bytes.parse("00000000");

  private final CountingElementStore store = new CountingElementStore(new MemoryElementStore());
  private final SecureElement element;
  private final ElementSession session;

  ElementContender() throws IOException {
    element = SecureElement.open(SimulatedElement.on(store, SimulatedElementOptions.cheap()));
    session = login(element);
    for (KeyUsage usage : KeyUsage.values()) {
      if (usage != KeyUsage.FILE_KEYS) {
        session.keys().store().generate(key(id(usage), algorithm(usage), usage));
      }
    }
    session.keys().store().generate(key(edwards(), KeyAlgorithm.ED25519, KeyUsage.SIGNATURE));
  }

  /** Gives a new element its PINs, and logs in. */
  static ElementSession login(SecureElement element) throws IOException {
    try (SecretBytes user = SecretBytes.encode("benchmark".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      return element.login(user);
    }
  }

  /** An active key without a group or an end. */
  static KeyAttributes key(KeyId id, KeyAlgorithm algorithm, KeyUsage usage) {
    return new KeyAttributes(
        id,
        KeyState.ACTIVE,
        algorithm,
        Set.of(usage),
        EnumSet.of(KeyFlag.HOST_KEYS),
        Optional.empty(),
        usage == KeyUsage.ENCRYPTION ? LIMIT : 0,
        KeyPeriods.UNLIMITED,
        CONTEXT);
  }

  private static KeyAlgorithm algorithm(KeyUsage usage) {
    return switch (usage) {
      case ENCRYPTION, KEY_WRAPPING, FILE_KEYS, DATA_KEYS -> KeyAlgorithm.AES_256;
      case MAC -> KeyAlgorithm.HMAC_SHA_256;
      case SIGNATURE, KEY_AGREEMENT -> KeyAlgorithm.EC_P256;
    };
  }

  static KeyId id(int number) {
    return new KeyId(Bytes.copyOf(ByteBuffer.allocate(16).putInt(1).putInt(12, number).array()));
  }

  private static KeyId id(KeyUsage usage) {
    return id(1 + usage.bit());
  }

  private static KeyId edwards() {
    return id(1 + KeyUsage.values().length);
  }

  @Override
  public KeyKind kind() {
    return KeyKind.STRONGROOM;
  }

  /** How often the element has waited for its medium. */
  long syncs() {
    return store.syncs();
  }

  @Override
  public KeyTask task(KeyWork work) throws IOException {
    ElementKeys keys = session.keys();
    KeyUseCommands use = keys.use();
    ByteBuffer text = ByteBuffer.allocate(work.length());
    return switch (work) {
      case ENCRYPT_16, ENCRYPT_1024, ENCRYPT_65536 -> encrypt(keys, text);
      case DECRYPT_16, DECRYPT_1024, DECRYPT_65536 -> decrypt(keys, work.length());
      case MAC -> {
        ByteBuffer target = ByteBuffer.allocate(MAC_LENGTH);
        yield () -> use.makeMac(keys.head(), id(KeyUsage.MAC), text.clear(), target.clear());
      }
      case ECDSA -> () -> use.sign(keys.head(), id(KeyUsage.SIGNATURE), text.clear());
      case ED25519 -> () -> use.sign(keys.head(), edwards(), text.clear());
      case ECDH -> {
        Bytes other = keys.store().publicKey(id(KeyUsage.SIGNATURE));
        yield () ->
            use.agree(keys.head(), id(KeyUsage.KEY_AGREEMENT), AgreementSide.ORIGINATOR, other)
                .close();
      }
      case WRAP -> {
        SecretBytes value = SecretBytes.adopt(new byte[work.length()]);
        yield () -> use.wrap(keys.head(), id(KeyUsage.KEY_WRAPPING), KeyWrapForm.RFC_3394, value);
      }
      case DATA_KEY ->
          () -> use.newDataKey(keys.head(), id(KeyUsage.DATA_KEYS), work.length(), CONTEXT).close();
    };
  }

  private static KeyTask encrypt(ElementKeys keys, ByteBuffer text) {
    ByteBuffer none = ByteBuffer.allocate(0);
    ByteBuffer target = ByteBuffer.allocate(text.capacity() + OVERHEAD);
    KeyId key = id(KeyUsage.ENCRYPTION);
    return () -> keys.use().encrypt(keys.head(), key, none, text.clear(), target.clear());
  }

  private static KeyTask decrypt(ElementKeys keys, int length) throws IOException {
    byte[] filled = new byte[length];
    Arrays.fill(filled, (byte) 1);
    ByteBuffer text = ByteBuffer.wrap(filled);
    ByteBuffer none = ByteBuffer.allocate(0);
    ByteBuffer sealed = ByteBuffer.allocate(length + OVERHEAD);
    ByteBuffer target = ByteBuffer.allocate(length);
    KeyId key = id(KeyUsage.ENCRYPTION);
    keys.use().encrypt(keys.head(), key, none, text.clear(), sealed.clear());
    KeyTask task = () -> keys.use().decrypt(keys.head(), key, none, sealed.clear(), target.clear());
    keys.use().decrypt(keys.head(), key, none, sealed.clear(), target.clear());
    if (!target.clear().equals(text.clear())) {
      throw new IOException("what is decrypted is not what was encrypted");
    }
    return task;
  }

  @Override
  public void close() {
    session.close();
    element.close();
  }
}
