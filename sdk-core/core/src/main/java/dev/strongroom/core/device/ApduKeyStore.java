// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyRecord;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.StoredKey;
import dev.strongroom.core.transport.FrameException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The records of the key store by APDUs, {@code docs/spec/key-store.md}, 9 and 9.1.
 *
 * <p>Thread safety: as the channel.
 */
final class ApduKeyStore implements KeyStoreCommands {

  private static final int MAX_PUBLIC_KEY = 97;
  private static final int GROUP_FROM = 16;
  private static final int GROUP_LENGTH = 48;
  private static final int MIN_HMAC_LENGTH = 16;

  private final KeyChannel channel;

  ApduKeyStore(KeyChannel channel) {
    this.channel = channel;
  }

  @Override
  public List<KeyId> keys(Optional<KeyId> after) throws StrongroomException {
    return list(KeyStoreProtocol.P2_KEYS, after.map(KeyId::bytes), KeyId::new);
  }

  @Override
  public List<GroupId> groups(Optional<GroupId> after) throws StrongroomException {
    return list(KeyStoreProtocol.P2_GROUPS, after.map(GroupId::bytes), GroupId::new);
  }

  private <I> List<I> list(int p2, Optional<Bytes> after, Function<Bytes, I> id)
      throws StrongroomException {
    byte[] answer =
        channel.send(
            KeyStoreProtocol.INS_QUERY,
            KeyStoreProtocol.P1_LIST,
            p2,
            after.map(Bytes::toByteArray).orElseGet(() -> new byte[0]),
            ElementProtocol.MAX_DATA);
    if (answer.length % KeyId.LENGTH != 0) {
      throw new FrameException(answer.length + " bytes are no ids");
    }
    List<I> ids = new ArrayList<>(answer.length / KeyId.LENGTH);
    for (int at = 0; at < answer.length; at += KeyId.LENGTH) {
      byte[] one = Arrays.copyOfRange(answer, at, at + KeyId.LENGTH);
      ids.add(ApduIdentity.parse(one, "an id is malformed", id));
    }
    return ids;
  }

  @Override
  public StoredKey read(KeyId key) throws StrongroomException {
    byte[] answer = query(KeyStoreProtocol.P1_READ_KEY, key, StoredKey.LENGTH);
    return ApduIdentity.parse(answer, "the key is malformed", StoredKey::parse);
  }

  @Override
  public KeyGroup read(GroupId group) throws StrongroomException {
    byte[] answer;
    try {
      answer =
          channel.send(
              KeyStoreProtocol.INS_QUERY,
              KeyStoreProtocol.P1_READ_GROUP,
              0,
              group.bytes().toByteArray(),
              GROUP_LENGTH);
    } catch (StatusWordException e) {
      throw missing(group, e);
    }
    if (answer.length != GROUP_LENGTH) {
      throw new FrameException(answer.length + " bytes are no group");
    }
    byte[] encoded = new byte[KeyRecord.LENGTH];
    group.bytes().copyTo(encoded, 0);
    System.arraycopy(answer, 0, encoded, GROUP_FROM, GROUP_LENGTH);
    return ApduIdentity.parse(encoded, "the group is malformed", KeyGroup::parse);
  }

  @Override
  public Bytes publicKey(KeyId key) throws StrongroomException {
    return Bytes.copyOf(query(KeyStoreProtocol.P1_READ_PUBLIC_KEY, key, MAX_PUBLIC_KEY));
  }

  @Override
  public KeyStoreStatus status() throws StrongroomException {
    byte[] answer =
        channel.send(
            KeyStoreProtocol.INS_QUERY,
            KeyStoreProtocol.P1_READ_STORE,
            0,
            new byte[0],
            KeyStoreStatus.LENGTH);
    return ApduIdentity.parse(answer, "the key store's status is malformed", KeyStoreStatus::parse);
  }

  @Override
  public KeyStoreTime tellTime(ElementTime time) throws StrongroomException {
    byte[] answer =
        channel.send(
            KeyStoreProtocol.INS_QUERY,
            KeyStoreProtocol.P1_TELL_TIME,
            0,
            seconds(time),
            KeyStoreTime.LENGTH);
    return ApduIdentity.parse(answer, "the time is malformed", KeyStoreTime::parse);
  }

  @Override
  public Optional<Bytes> generate(KeyAttributes attributes) throws StrongroomException {
    return make(
        KeyStoreProtocol.P1_GENERATE,
        attributes,
        attributes.algorithm().valueLength(),
        attributes.encode().toByteArray());
  }

  @Override
  public Optional<Bytes> importKey(KeyAttributes attributes, SecretBytes value)
      throws StrongroomException {
    int length = paddedLength(attributes.algorithm(), value.length());
    byte[] data = new byte[KeyAttributes.LENGTH + length];
    attributes.encode().copyTo(data, 0);
    value.copyTo(data, KeyAttributes.LENGTH);
    return make(KeyStoreProtocol.P1_IMPORT, attributes, length, data);
  }

  /** Zeros behind a key of HMAC make it no other key, FIPS 198-1, 4. */
  private static int paddedLength(KeyAlgorithm algorithm, int length) {
    if (!algorithm.hasValueLength(KeyAlgorithm.LONG_HMAC_LENGTH) || length < MIN_HMAC_LENGTH) {
      return length;
    }
    return length <= algorithm.valueLength()
        ? algorithm.valueLength()
        : Math.max(length, KeyAlgorithm.LONG_HMAC_LENGTH);
  }

  @Override
  public Optional<Bytes> importWrapped(KeyAttributes attributes, Bytes enc, Bytes wrapped)
      throws StrongroomException {
    byte[] data = new SecretData().bytes(attributes.encode()).bytes(enc).bytes(wrapped).take();
    try {
      return make(
          KeyStoreProtocol.P1_IMPORT_WRAPPED,
          attributes,
          attributes.algorithm().valueLength(),
          data);
    } catch (StatusWordException e) {
      throw e.status().equals(StatusWord.WRONG_DATA) ? new DecryptionFailedException() : e;
    }
  }

  private Optional<Bytes> make(int p1, KeyAttributes attributes, int length, byte[] data)
      throws StrongroomException {
    byte[] answer;
    try {
      answer = channel.send(KeyStoreProtocol.INS_MAKE_KEY, p1, 0, data, MAX_PUBLIC_KEY);
    } catch (StatusWordException e) {
      if (e.status().equals(StatusWord.ALREADY_EXISTS)) {
        throw new KeyExistsException(attributes.id());
      }
      if (e.status().equals(StatusWord.FUNCTION_NOT_SUPPORTED)) {
        throw new UnsupportedCapabilityException(attributes.algorithm());
      }
      if (e.status().equals(StatusWord.REFERENCE_NOT_FOUND) && attributes.group().isPresent()) {
        throw new KeyGroupNotFoundException(attributes.group().get());
      }
      throw full(e, length > KeyRecord.VALUE_LENGTH ? 2 : 1);
    }
    if ((answer.length == 0) == attributes.algorithm().isAsymmetric()) {
      throw new FrameException("a public key of " + answer.length + " bytes");
    }
    return answer.length == 0 ? Optional.empty() : Optional.of(Bytes.copyOf(answer));
  }

  @Override
  public void setState(KeyId key, KeyState present, KeyState target) throws StrongroomException {
    change(
        KeyStoreProtocol.P1_SET_STATE,
        key,
        new byte[] {(byte) present.number(), (byte) target.number()});
  }

  @Override
  public void scheduleDestruction(KeyId key, ElementTime at) throws StrongroomException {
    change(KeyStoreProtocol.P1_SCHEDULE_DESTRUCTION, key, seconds(at));
  }

  @Override
  public void cancelDestruction(KeyId key) throws StrongroomException {
    change(KeyStoreProtocol.P1_CANCEL_DESTRUCTION, key);
  }

  @Override
  public void shorten(KeyId key, KeyShortening shortening) throws StrongroomException {
    change(KeyStoreProtocol.P1_SHORTEN, key, shortening.encode().toByteArray());
  }

  @Override
  public void remove(KeyId key) throws StrongroomException {
    try {
      change(KeyStoreProtocol.P1_REMOVE_KEY, key);
    } catch (KeyNotFoundException e) {
      // It is removed: the answer to an earlier time was lost, or it never was there.
      return;
    }
  }

  @Override
  public ElementTime setFloor(ElementTime time) throws StrongroomException {
    byte[] answer =
        channel.send(
            KeyStoreProtocol.INS_CHANGE_KEY,
            KeyStoreProtocol.P1_SET_FLOOR,
            0,
            seconds(time),
            Integer.BYTES);
    if (answer.length != Integer.BYTES) {
      throw new FrameException("a time of " + answer.length + " bytes");
    }
    return KeyStoreTime.read(ByteBuffer.wrap(answer));
  }

  @Override
  public void putGroup(GroupId group, GroupTerms terms) throws StrongroomException {
    byte[] data =
        ByteBuffer.allocate(GroupId.LENGTH + GroupTerms.LENGTH)
            .put(group.bytes().toByteArray())
            .put(terms.encode().toByteArray())
            .array();
    try {
      channel.send(KeyStoreProtocol.INS_GROUP, KeyStoreProtocol.P1_PUT_GROUP, 0, data, 0);
    } catch (StatusWordException e) {
      throw e.status().equals(StatusWord.ALREADY_EXISTS)
          ? new KeyExistsException(new KeyId(group.bytes()))
          : full(e, 1);
    }
  }

  @Override
  public void remove(GroupId group) throws StrongroomException {
    try {
      channel.send(
          KeyStoreProtocol.INS_GROUP,
          KeyStoreProtocol.P1_REMOVE_GROUP,
          0,
          group.bytes().toByteArray(),
          0);
    } catch (StatusWordException e) {
      if (!e.status().equals(StatusWord.REFERENCE_NOT_FOUND)) {
        throw e;
      }
    }
  }

  /** Which of some keys is not there, when the element said that one is not. */
  DeviceException missing(List<KeyId> keys, DeviceException refusal) throws StrongroomException {
    if (!(refusal instanceof StatusWordException other)
        || !other.status().equals(StatusWord.REFERENCE_NOT_FOUND)) {
      return refusal;
    }
    return keys.size() == 1
        ? new KeyNotFoundException(keys.get(0))
        : missing(keys, List.of(), refusal);
  }

  /** Which of some keys and groups is not there, when the element said that one is not. */
  DeviceException missing(List<KeyId> keys, List<GroupId> groups, DeviceException refusal)
      throws StrongroomException {
    try {
      for (KeyId key : keys) {
        read(key);
      }
      for (GroupId group : groups) {
        read(group);
      }
      return refusal;
    } catch (KeyNotFoundException | KeyGroupNotFoundException e) {
      return e;
    }
  }

  /** How full it is, when the element said that there is no room. */
  StrongroomException full(StatusWordException refusal, int needed) throws StrongroomException {
    if (!refusal.status().equals(StatusWord.NOT_ENOUGH_MEMORY)) {
      return refusal;
    }
    KeyStoreStatus status = status();
    long free = status.capacity() - status.records();
    return new ElementFullException(
        free < needed ? ElementFullException.Limit.MEMORY : ElementFullException.Limit.CHANGE,
        needed,
        Math.min(free, needed - 1L),
        status.capacity());
  }

  private byte[] query(int p1, KeyId key, int expected) throws StrongroomException {
    try {
      return channel.send(KeyStoreProtocol.INS_QUERY, p1, 0, key.bytes().toByteArray(), expected);
    } catch (StatusWordException e) {
      throw missing(List.of(key), e);
    }
  }

  private void change(int p1, KeyId key, byte... behind) throws StrongroomException {
    byte[] data =
        ByteBuffer.allocate(KeyId.LENGTH + behind.length)
            .put(key.bytes().toByteArray())
            .put(behind)
            .array();
    try {
      channel.send(KeyStoreProtocol.INS_CHANGE_KEY, p1, 0, data, 0);
    } catch (StatusWordException e) {
      throw missing(List.of(key), e);
    }
  }

  private static StrongroomException missing(GroupId group, StatusWordException refusal) {
    return refusal.status().equals(StatusWord.REFERENCE_NOT_FOUND)
        ? new KeyGroupNotFoundException(group)
        : refusal;
  }

  private static byte[] seconds(ElementTime time) {
    return ByteBuffer.allocate(Integer.BYTES).putInt((int) time.seconds()).array();
  }
}
