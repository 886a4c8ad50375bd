// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.KeyGroupNotFoundException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyStoreCommands;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.KeyStoreStatus;
import dev.strongroom.core.device.KeyStoreTime;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.core.keys.StoredKey;
import dev.strongroom.simulator.keystore.KeyEntry;
import dev.strongroom.simulator.keystore.KeyTable;
import dev.strongroom.simulator.keystore.KeyValues;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The records of the key store on one channel: what is told of them, and how they are changed where
 * the element administers itself, {@code docs/spec/key-store.md}, 9.1.
 *
 * <p>Thread safety: thread-safe; queries take no lock, changes go one at a time in the application.
 */
final class ElementKeyStore implements KeyStoreCommands {

  private static final int SMALL = 64;

  /** Most ids of one answer. */
  private static final int MOST_IDS = 448;

  private static final Bytes BEGIN = Bytes.copyOf(new byte[KeyId.LENGTH]);

  private final ElementChannel channel;
  private final ElementApplication application;
  private final KeyAdministration administration;

  ElementKeyStore(ElementChannel channel, ElementApplication application) {
    this.channel = channel;
    this.application = application;
    this.administration = new KeyAdministration(application);
  }

  @Override
  public List<KeyId> keys(Optional<KeyId> after) throws StrongroomException {
    Bytes from = after.map(KeyId::bytes).orElse(BEGIN);
    return query(
        MOST_IDS * KeyId.LENGTH,
        table -> table.keyIds(from, MOST_IDS).stream().map(KeyId::new).toList());
  }

  @Override
  public List<GroupId> groups(Optional<GroupId> after) throws StrongroomException {
    Bytes from = after.map(GroupId::bytes).orElse(BEGIN);
    return query(
        MOST_IDS * GroupId.LENGTH,
        table -> table.groupIds(from, MOST_IDS).stream().map(GroupId::new).toList());
  }

  @Override
  public StoredKey read(KeyId key) throws StrongroomException {
    return query(
        2 * SMALL,
        table -> {
          KeyEntry entry = table.entry(key);
          return new StoredKey(entry.attributes(), entry.record().blocks());
        });
  }

  @Override
  public KeyGroup read(GroupId group) throws StrongroomException {
    return query(
        2 * SMALL,
        table -> table.group(group).orElseThrow(() -> new KeyGroupNotFoundException(group)));
  }

  @Override
  public Bytes publicKey(KeyId key) throws StrongroomException {
    return query(2 * SMALL, table -> publicKey(table, table.entry(key)));
  }

  private static Bytes publicKey(KeyTable table, KeyEntry key) throws StrongroomException {
    KeyAttributes attributes = key.attributes();
    if (attributes.state().isDestroyed()) {
      throw KeyRefusedException.of(
          new KeyRefusal(
              RefusalReason.STATE,
              Optional.of(KeyOperation.READ),
              Optional.of(attributes.state()),
              Optional.empty(),
              OptionalInt.empty(),
              attributes.id().bytes(),
              0,
              0));
    }
    try (SecretBytes value = table.value(key)) {
      return KeyValues.publicKey(attributes.algorithm(), value)
          .orElseThrow(
              () ->
                  new ConditionsNotSatisfiedException(
                      KeyStoreProtocol.INS_QUERY, "only a key pair has a public key"));
    }
  }

  @Override
  public KeyStoreStatus status() throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_QUERY,
        SMALL,
        login ->
            application.read(
                login,
                state -> {
                  KeyTable table = application.keyTable(state);
                  return new KeyStoreStatus(
                      application.recordCapacity(state),
                      table.index().size(),
                      table.floor(),
                      application.managedKeys().now(table),
                      table.administration() == KeyTable.Administration.BY_ITSELF
                          ? KeyStoreStatus.Administration.BY_ITSELF
                          : KeyStoreStatus.Administration.BY_ORDERS);
                }));
  }

  @Override
  public KeyStoreTime tellTime(ElementTime time) throws StrongroomException {
    return query(
        SMALL,
        table -> {
          application.managedKeys().tell(time);
          return new KeyStoreTime(table.floor(), application.managedKeys().now(table));
        });
  }

  @Override
  public Optional<Bytes> generate(KeyAttributes attributes) throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_MAKE_KEY,
        2 * SMALL,
        login -> administration.generate(login, attributes));
  }

  @Override
  public Optional<Bytes> importKey(KeyAttributes attributes, SecretBytes value)
      throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_MAKE_KEY,
        4 * SMALL,
        login -> administration.importKey(login, attributes, value));
  }

  @Override
  public Optional<Bytes> importWrapped(KeyAttributes attributes, Bytes enc, Bytes wrapped)
      throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_MAKE_KEY,
        4 * SMALL,
        login -> administration.importWrapped(login, attributes, enc, wrapped));
  }

  @Override
  public void setState(KeyId key, KeyState present, KeyState target) throws StrongroomException {
    change(
        KeyStoreProtocol.INS_CHANGE_KEY,
        login -> administration.setState(login, key, present, target));
  }

  @Override
  public void scheduleDestruction(KeyId key, ElementTime at) throws StrongroomException {
    change(
        KeyStoreProtocol.INS_CHANGE_KEY,
        login -> administration.scheduleDestruction(login, key, at));
  }

  @Override
  public void cancelDestruction(KeyId key) throws StrongroomException {
    change(KeyStoreProtocol.INS_CHANGE_KEY, login -> administration.cancelDestruction(login, key));
  }

  @Override
  public void shorten(KeyId key, KeyShortening shortening) throws StrongroomException {
    change(
        KeyStoreProtocol.INS_CHANGE_KEY, login -> administration.shorten(login, key, shortening));
  }

  @Override
  public void remove(KeyId key) throws StrongroomException {
    change(KeyStoreProtocol.INS_CHANGE_KEY, login -> administration.remove(login, key));
  }

  @Override
  public ElementTime setFloor(ElementTime time) throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_CHANGE_KEY, SMALL, login -> administration.setFloor(login, time));
  }

  @Override
  public void putGroup(GroupId group, GroupTerms terms) throws StrongroomException {
    change(KeyStoreProtocol.INS_GROUP, login -> administration.putGroup(login, group, terms));
  }

  @Override
  public void remove(GroupId group) throws StrongroomException {
    change(KeyStoreProtocol.INS_GROUP, login -> administration.remove(login, group));
  }

  private <R> R query(int bytes, KeyTableCommand<R> command) throws StrongroomException {
    return channel.onLogin(
        KeyStoreProtocol.INS_QUERY, bytes, login -> application.onKeys(login, command));
  }

  private interface Change {
    void by(Login login) throws StrongroomException;
  }

  private void change(int ins, Change change) throws StrongroomException {
    channel.onLogin(
        ins,
        2 * SMALL,
        login -> {
          change.by(login);
          return true;
        });
  }
}
