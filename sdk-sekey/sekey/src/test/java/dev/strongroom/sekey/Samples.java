// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.LeaseGate;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserElement;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.model.UserState;
import dev.strongroom.sekey.policy.KeyProposal;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/** Users, groups and keys by numbers. */
public final class Samples {

  /** A day in 2026. */
  public static final ElementTime NOW = new ElementTime(210_000_000);

  public static final long DAY = 24 * 60 * 60;

  private Samples() {}

  private static Bytes bytes(int kind, int number, int length) {
    return Bytes.copyOf(ByteBuffer.allocate(length).put((byte) kind).putInt(3, number).array());
  }

  public static UserId userId(int number) {
    return new UserId(bytes(1, number, 16));
  }

  public static GroupId groupId(int number) {
    return new GroupId(bytes(2, number, 16));
  }

  public static KeyId keyId(int number) {
    return new KeyId(bytes(3, number, 16));
  }

  public static UserElement element(int number) {
    return new UserElement(bytes(4, number, 16), bytes(5, number, 65), bytes(6, number, 65));
  }

  public static User user(int number) {
    return new User(
        userId(number), new Name("user " + number), Optional.of(element(number)), UserState.ACTIVE);
  }

  public static Group group(int number) {
    return group(number, GroupPolicy.builder().build());
  }

  public static Group group(int number, GroupPolicy policy) {
    return new Group(groupId(number), new Name("group " + number), policy, GroupState.OPEN);
  }

  public static Membership membership(int group, int user) {
    return new Membership(groupId(group), userId(user), NOW, History.ALL);
  }

  /** A key for data, active from now on. */
  public static KeyEntry key(int number, Group group) {
    return key(number, group, KeyAlgorithm.AES_256, KeyState.ACTIVE);
  }

  public static KeyEntry key(int number, Group group, KeyAlgorithm algorithm, KeyState state) {
    return key(
        number,
        group,
        state,
        KeyProposal.of(algorithm, Set.of(usage(algorithm)), group.policy(), NOW));
  }

  public static KeyEntry key(int number, Group group, KeyState state, KeyProposal proposal) {
    KeyEntry made =
        KeyEntry.made(proposal.attributes(keyId(number), group, KeyState.PRE_ACTIVE), NOW);
    return state == KeyState.PRE_ACTIVE ? made : made.changed(state, NOW);
  }

  private static KeyUsage usage(KeyAlgorithm algorithm) {
    return switch (algorithm) {
      case AES_128, AES_192, AES_256 -> KeyUsage.ENCRYPTION;
      case HMAC_SHA_256, HMAC_SHA_384, HMAC_SHA_512 -> KeyUsage.MAC;
      case EC_P256, EC_P384, ED25519 -> KeyUsage.SIGNATURE;
      case X25519 -> KeyUsage.KEY_AGREEMENT;
    };
  }

  /** At a time that floor and host agree on, without limits. */
  public static KeyCircumstances at(ElementTime time) {
    return new KeyCircumstances(
        time, time, Long.MAX_VALUE, new LeaseGate.NotNeeded(), Acknowledgement.NONE);
  }

  public static ElementTime later(long seconds) {
    return new ElementTime(NOW.seconds() + seconds);
  }
}
