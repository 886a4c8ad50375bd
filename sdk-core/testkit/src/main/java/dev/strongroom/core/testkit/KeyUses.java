// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static dev.strongroom.core.testkit.KeyFixture.CHALLENGE;
import static dev.strongroom.core.testkit.KeyFixture.HEAD;
import static dev.strongroom.core.testkit.KeyFixture.buffer;
import static dev.strongroom.core.testkit.KeyFixture.counting;
import static dev.strongroom.core.testkit.KeyFixture.countingSecret;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.AgreementSide;
import dev.strongroom.core.device.DataKey;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.KeyUseCommands;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyUsage;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Every operation on one key, with what it needs made before: so that whether it is permitted
 * depends on nothing else.
 *
 * <p>Thread safety: confined to one thread.
 */
final class KeyUses {

  /** One operation. */
  interface Use {
    void with(KeyUseHead head) throws Exception;
  }

  private static final byte[] TEXT = counting(1, 32);

  private final ElementSession session;
  private final KeyUseCommands commands;
  private final KeyAttributes key;
  private final Map<KeyOperation, Use> uses = new EnumMap<>(KeyOperation.class);

  private KeyUses(ElementSession session, KeyAttributes key) {
    this.session = session;
    this.commands = session.keys().use();
    this.key = key;
  }

  /**
   * The operations of a key's usages, but {@link KeyOperation#DISTRIBUTE}.
   *
   * @param session of the element
   * @param key active, with one usage
   * @param other active, of the same group with the same usage, for what is rewrapped
   */
  static Map<KeyOperation, Use> of(ElementSession session, KeyAttributes key, KeyId other)
      throws Exception {
    KeyUses uses = new KeyUses(session, key);
    for (KeyUsage usage : key.usages()) {
      uses.prepare(usage, key.id(), other);
    }
    uses.uses.put(KeyOperation.CONFIRM, head -> session.keys().use().confirm(key.id(), CHALLENGE));
    uses.uses.put(KeyOperation.READ, head -> session.keys().store().read(key.id()));
    return uses.uses;
  }

  private void prepare(KeyUsage usage, KeyId id, KeyId other) throws Exception {
    switch (usage) {
      case ENCRYPTION -> encryption(id, other);
      case MAC -> mac(id);
      case SIGNATURE -> uses.put(KeyOperation.SIGN, head -> commands.sign(head, id, buffer(TEXT)));
      case KEY_WRAPPING -> wrapping(id);
      case KEY_AGREEMENT -> agreement(id);
      case FILE_KEYS -> fileKeys(id, other);
      case DATA_KEYS -> dataKeys(id, other);
    }
  }

  private void encryption(KeyId id, KeyId other) throws Exception {
    byte[] sealed = KeyFixture.encrypted(session, HEAD, id, TEXT);
    uses.put(KeyOperation.ENCRYPT, head -> KeyFixture.encrypted(session, head, id, TEXT));
    uses.put(KeyOperation.DECRYPT, head -> KeyFixture.decrypted(session, head, id, sealed));
    uses.put(
        KeyOperation.REWRAP,
        head ->
            commands.rewrapText(
                head,
                id,
                other,
                buffer((byte) 1, (byte) 2),
                buffer(sealed),
                ByteBuffer.allocate(sealed.length)));
  }

  private void mac(KeyId id) throws Exception {
    ByteBuffer mac = ByteBuffer.allocate(64);
    commands.makeMac(HEAD, id, buffer(TEXT), mac);
    mac.flip();
    uses.put(
        KeyOperation.MAKE_MAC,
        head -> commands.makeMac(head, id, buffer(TEXT), ByteBuffer.allocate(64)));
    uses.put(
        KeyOperation.VERIFY_MAC,
        head -> commands.verifyMac(head, id, mac.duplicate(), buffer(TEXT)));
  }

  private void wrapping(KeyId id) throws Exception {
    Bytes wrapped = commands.wrap(HEAD, id, KeyWrapForm.RFC_3394, countingSecret(1, 16));
    uses.put(
        KeyOperation.WRAP,
        head -> commands.wrap(head, id, KeyWrapForm.RFC_3394, countingSecret(1, 16)));
    uses.put(
        KeyOperation.UNWRAP,
        head -> commands.unwrap(head, id, KeyWrapForm.RFC_3394, wrapped).close());
  }

  private void agreement(KeyId id) throws Exception {
    Bytes publicKey = session.keys().store().publicKey(id);
    for (AgreementSide side : AgreementSide.values()) {
      uses.put(side.operation(), head -> commands.agree(head, id, side, publicKey).close());
    }
  }

  private void fileKeys(KeyId id, KeyId other) throws Exception {
    Bytes wrapped;
    try (Grub made = grub(ManagedFileKey.create(id.bytes()))) {
      wrapped = made.wrapped();
    }
    if (wrapped == null) {
      throw new AssertionError("no wrapped file key");
    }
    uses.put(KeyOperation.WRITE_FILE, head -> grub(ManagedFileKey.create(id.bytes())).close());
    uses.put(
        KeyOperation.READ_FILE,
        head ->
            grub(new ManagedFileKey(
                    id.bytes(),
                    wrapped,
                    head.acknowledgement() == null
                        ? ManagedFileKey.Intent.READ
                        : ManagedFileKey.Intent.READ_ACKNOWLEDGED))
                .close());
    uses.put(KeyOperation.REWRAP, head -> commands.rewrapFileKey(head, id, other, wrapped));
  }

  private Grub grub(ManagedFileKey fileKey) throws Exception {
    return session
        .grub(
            ElementFixture.VOLUME,
            List.of(
                new GrubRequest(
                    ElementFixture.UID,
                    fileKey.wrapped() == null ? null : ElementFixture.RND,
                    0,
                    fileKey)))
        .get(0);
  }

  private void dataKeys(KeyId id, KeyId other) throws Exception {
    Bytes context = key.policyHash();
    Bytes wrapped;
    try (DataKey made = commands.newDataKey(HEAD, id, 32, context)) {
      wrapped = made.wrapped();
    }
    uses.put(
        KeyOperation.MAKE_DATA_KEY, head -> commands.newDataKey(head, id, 32, context).close());
    uses.put(
        KeyOperation.OPEN_DATA_KEY,
        head -> commands.openDataKey(head, id, wrapped, context).close());
    uses.put(
        KeyOperation.REWRAP, head -> commands.rewrapDataKey(head, id, other, wrapped, context));
  }
}
