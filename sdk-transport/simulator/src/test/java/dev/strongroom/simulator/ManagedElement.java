// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** An element with a key store, in process, logged in by the user's PIN. */
final class ManagedElement implements AutoCloseable {

  static final long NOW = 200_000_000;
  static final KeyUseHead HEAD = new KeyUseHead(new ElementTime(NOW), null);

  private final SimulatedElement element;
  private final ElementCommands channel;

  private ManagedElement(SimulatedElement element) {
    this.element = element;
    this.channel = element.openChannel();
  }

  static ManagedElement open(MemoryElementStore store) throws StrongroomException {
    ManagedElement managed = new ManagedElement(Stored.simulated(store));
    managed.login();
    return managed;
  }

  void login() throws StrongroomException {
    channel.verify(Role.USER, Stored.pin(Stored.USER_PIN));
  }

  SimulatedElement simulated() {
    return element;
  }

  ElementCommands commands() {
    return channel;
  }

  KeyStoreCommands keys() throws StrongroomException {
    return channel.keyStore();
  }

  static KeyId id(int number) {
    return new KeyId(Bytes.copyOf(ByteBuffer.allocate(16).putInt(0x40).putInt(12, number).array()));
  }

  /** An active AES-256 key without group that encrypts and wraps file keys. */
  static KeyAttributes cipherKey(int number, long limit) {
    return new KeyAttributes(
        id(number),
        KeyState.ACTIVE,
        KeyAlgorithm.AES_256,
        Set.of(KeyUsage.ENCRYPTION, KeyUsage.FILE_KEYS),
        EnumSet.complementOf(EnumSet.of(KeyFlag.IMPORTED)),
        Optional.empty(),
        limit,
        KeyPeriods.UNLIMITED,
        Bytes.parse("a1b2c3d4"));
  }

  static KeyAttributes inGroup(KeyAttributes key, GroupId group) {
    return new KeyAttributes(
        key.id(),
        key.state(),
        key.algorithm(),
        key.usages(),
        key.flags(),
        Optional.of(group),
        key.limit(),
        key.periods(),
        key.policyHash());
  }

  byte[] encrypt(KeyId key, byte[] text) throws StrongroomException {
    ByteBuffer target = ByteBuffer.allocate(text.length + 28);
    channel.keyUse().encrypt(HEAD, key, ByteBuffer.allocate(0), ByteBuffer.wrap(text), target);
    return target.array();
  }

  byte[] decrypt(KeyId key, byte[] sealed) throws StrongroomException {
    ByteBuffer target = ByteBuffer.allocate(sealed.length - 28);
    channel.keyUse().decrypt(HEAD, key, ByteBuffer.allocate(0), ByteBuffer.wrap(sealed), target);
    return target.array();
  }

  @Override
  public void close() {
    element.close();
  }
}
