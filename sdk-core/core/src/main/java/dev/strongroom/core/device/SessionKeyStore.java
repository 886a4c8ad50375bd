// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.StoredKey;
import java.util.List;
import java.util.Optional;

/**
 * The records of the key store of a session: each command waits for who holds the element, and ends
 * with the session.
 *
 * <p>Thread safety: thread-safe.
 */
final class SessionKeyStore implements KeyStoreCommands {

  private final ElementSession session;
  private final ElementCommands commands;

  SessionKeyStore(ElementSession session, ElementCommands commands) {
    this.session = session;
    this.commands = commands;
  }

  @Override
  public List<KeyId> keys(Optional<KeyId> after) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyStore().keys(after));
  }

  @Override
  public List<GroupId> groups(Optional<GroupId> after) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyStore().groups(after));
  }

  @Override
  public StoredKey read(KeyId key) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyStore().read(key));
  }

  @Override
  public KeyGroup read(GroupId group) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyStore().read(group));
  }

  @Override
  public Bytes publicKey(KeyId key) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyStore().publicKey(key));
  }

  @Override
  public KeyStoreStatus status() throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyStore().status());
  }

  @Override
  public KeyStoreTime tellTime(ElementTime time) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyStore().tellTime(time));
  }

  @Override
  public Optional<Bytes> generate(KeyAttributes attributes) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyStore().generate(attributes));
  }

  @Override
  public Optional<Bytes> importKey(KeyAttributes attributes, SecretBytes value)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE, () -> commands.keyStore().importKey(attributes, value));
  }

  @Override
  public Optional<Bytes> importWrapped(KeyAttributes attributes, Bytes enc, Bytes wrapped)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE, () -> commands.keyStore().importWrapped(attributes, enc, wrapped));
  }

  @Override
  public void setState(KeyId key, KeyState present, KeyState target) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyStore().setState(key, present, target);
          return true;
        });
  }

  @Override
  public void scheduleDestruction(KeyId key, ElementTime at) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyStore().scheduleDestruction(key, at);
          return true;
        });
  }

  @Override
  public void cancelDestruction(KeyId key) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyStore().cancelDestruction(key);
          return true;
        });
  }

  @Override
  public void shorten(KeyId key, KeyShortening shortening) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyStore().shorten(key, shortening);
          return true;
        });
  }

  @Override
  public void remove(KeyId key) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyStore().remove(key);
          return true;
        });
  }

  @Override
  public ElementTime setFloor(ElementTime time) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyStore().setFloor(time));
  }

  @Override
  public void putGroup(GroupId group, GroupTerms terms) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyStore().putGroup(group, terms);
          return true;
        });
  }

  @Override
  public void remove(GroupId group) throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyStore().remove(group);
          return true;
        });
  }
}
