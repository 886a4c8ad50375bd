// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The commands of the key store's records as a card takes them, {@code docs/spec/key-store.md}, 9,
 * instructions 40 to 46.
 *
 * <p>Thread safety: confined, as the dispatcher.
 */
final class KeyStoreApdus {

  private static final byte[] NOTHING = {};
  private static final int ALGORITHM_OFFSET = 17;
  private static final int GROUP_FROM = 16;
  private static final int GROUP_TO = 64;
  private static final int SHORTENING_LENGTH = 16;

  private final ElementChannel channel;
  private final ElementKeyStore store;

  KeyStoreApdus(ElementChannel channel) {
    this.channel = channel;
    this.store = channel.keyStore();
  }

  byte[] query(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    CommandData in = new CommandData(data);
    if (command.p1() == KeyStoreProtocol.P1_LIST) {
      return list(command.p2(), data);
    }
    requireP2(command);
    switch (command.p1()) {
      case KeyStoreProtocol.P1_READ_KEY -> {
        return store.read(last(in)).encode().toByteArray();
      }
      case KeyStoreProtocol.P1_READ_GROUP -> {
        byte[] record = store.read(groupId(last(in).bytes())).encode().toByteArray();
        return Arrays.copyOfRange(record, GROUP_FROM, GROUP_TO);
      }
      case KeyStoreProtocol.P1_READ_PUBLIC_KEY -> {
        return store.publicKey(last(in)).toByteArray();
      }
      case KeyStoreProtocol.P1_READ_STORE -> {
        in.end();
        return store.status().encode().toByteArray();
      }
      case KeyStoreProtocol.P1_READ_REFUSAL -> {
        in.end();
        return channel.refusal().toByteArray();
      }
      case KeyStoreProtocol.P1_TELL_TIME -> {
        ElementTime time = new ElementTime(in.u32());
        in.end();
        return store.tellTime(time).encode().toByteArray();
      }
      case KeyStoreProtocol.P1_CONFIRM -> {
        KeyId key = keyId(in);
        Bytes challenge = in.rest();
        Refusal.unless(
            challenge.length() >= KeyStoreProtocol.MIN_CHALLENGE
                && challenge.length() <= KeyStoreProtocol.MAX_CHALLENGE,
            StatusWord.WRONG_LENGTH);
        return channel.keyUse().confirm(key, challenge).toByteArray();
      }
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    }
  }

  private byte[] list(int p2, byte[] data) throws Refusal, StrongroomException {
    Refusal.unless(data.length == 0 || data.length == KeyId.LENGTH, StatusWord.WRONG_LENGTH);
    Bytes after = Bytes.copyOf(data);
    return switch (p2) {
      case KeyStoreProtocol.P2_KEYS ->
          joined(
              store.keys(data.length == 0 ? Optional.empty() : Optional.of(keyId(after))).stream()
                  .map(KeyId::bytes)
                  .toList());
      case KeyStoreProtocol.P2_GROUPS ->
          joined(
              store
                  .groups(data.length == 0 ? Optional.empty() : Optional.of(groupId(after)))
                  .stream()
                  .map(GroupId::bytes)
                  .toList());
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    };
  }

  private static byte[] joined(List<Bytes> ids) {
    ByteBuffer out = ByteBuffer.allocate(ids.size() * KeyId.LENGTH);
    ids.forEach(id -> out.put(id.toByteArray()));
    return out.array();
  }

  byte[] make(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    requireP2(command);
    CommandData in = new CommandData(data);
    Bytes encoded = in.bytes(KeyAttributes.LENGTH);
    Refusal.unless(
        KeyAlgorithm.of(encoded.at(ALGORITHM_OFFSET) & 0xFF).isPresent(),
        StatusWord.FUNCTION_NOT_SUPPORTED);
    KeyAttributes attributes = CommandData.structure(encoded, KeyAttributes::parse);
    Optional<Bytes> publicKey =
        switch (command.p1()) {
          case KeyStoreProtocol.P1_GENERATE -> {
            in.end();
            yield store.generate(attributes);
          }
          case KeyStoreProtocol.P1_IMPORT -> {
            try (SecretBytes value = in.secret()) {
              yield store.importKey(attributes, value);
            }
          }
          case KeyStoreProtocol.P1_IMPORT_WRAPPED -> {
            Bytes enc = in.bytes(HpkeSuite.P256.encLength());
            yield store.importWrapped(attributes, enc, in.rest());
          }
          default -> throw new Refusal(StatusWord.WRONG_P1_P2);
        };
    return publicKey.map(Bytes::toByteArray).orElse(NOTHING);
  }

  byte[] change(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    requireP2(command);
    CommandData in = new CommandData(data);
    if (command.p1() == KeyStoreProtocol.P1_SET_FLOOR) {
      ElementTime time = new ElementTime(in.u32());
      in.end();
      return u32(store.setFloor(time).seconds());
    }
    KeyId key = keyId(in);
    switch (command.p1()) {
      case KeyStoreProtocol.P1_SET_STATE -> {
        KeyState present = state(in.u8());
        KeyState target = state(in.u8());
        in.end();
        store.setState(key, present, target);
      }
      case KeyStoreProtocol.P1_SCHEDULE_DESTRUCTION -> {
        ElementTime time = new ElementTime(in.u32());
        in.end();
        store.scheduleDestruction(key, time);
      }
      case KeyStoreProtocol.P1_CANCEL_DESTRUCTION -> {
        in.end();
        store.cancelDestruction(key);
      }
      case KeyStoreProtocol.P1_SHORTEN -> {
        Bytes shortening = in.bytes(SHORTENING_LENGTH);
        in.end();
        store.shorten(key, CommandData.structure(shortening, KeyShortening::parse));
      }
      case KeyStoreProtocol.P1_REMOVE_KEY -> {
        in.end();
        store.remove(key);
      }
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    }
    return NOTHING;
  }

  byte[] group(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    requireP2(command);
    CommandData in = new CommandData(data);
    GroupId group = groupId(in.bytes(GroupId.LENGTH));
    switch (command.p1()) {
      case KeyStoreProtocol.P1_PUT_GROUP -> {
        Bytes terms = in.bytes(GroupTerms.LENGTH);
        in.end();
        store.putGroup(group, CommandData.structure(terms, GroupTerms::parse));
      }
      case KeyStoreProtocol.P1_REMOVE_GROUP -> {
        in.end();
        store.remove(group);
      }
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    }
    return NOTHING;
  }

  static KeyId keyId(CommandData in) throws Refusal {
    return keyId(in.bytes(KeyId.LENGTH));
  }

  private static KeyId keyId(Bytes id) throws Refusal {
    return CommandData.structure(id, KeyId::new);
  }

  /** A key id with nothing behind it. */
  private static KeyId last(CommandData in) throws Refusal {
    KeyId key = keyId(in);
    in.end();
    return key;
  }

  private static GroupId groupId(Bytes id) throws Refusal {
    return CommandData.structure(id, GroupId::new);
  }

  private static KeyState state(int number) throws Refusal {
    return KeyState.of(number).orElseThrow(() -> new Refusal(StatusWord.WRONG_DATA));
  }

  private static byte[] u32(long value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt((int) value).array();
  }

  private static void requireP2(CommandApdu command) throws Refusal {
    Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
  }
}
