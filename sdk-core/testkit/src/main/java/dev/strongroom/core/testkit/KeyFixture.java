// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.RefusalReason;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Managed keys for the parts of {@link ElementContract} that are about the key store.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class KeyFixture extends ElementFixture {

  static final long NOW = 200_000_000;
  static final GroupId GROUP = GroupId.parse("505152535455565758595a5b5c5d5e5f");
  static final GroupId OTHER_GROUP = GroupId.parse("505152535455565758595a5b5c5d5e60");
  static final Bytes POLICY = Bytes.parse("a1b2c3d4");
  static final Bytes REASON = Bytes.copyOf(new byte[32]);
  static final Bytes CHALLENGE = Bytes.parse("b0b1b2b3b4b5b6b7b8b9babbbcbdbebf");
  static final KeyUseHead HEAD = at(NOW);
  static final KeyUseHead ACKNOWLEDGED = new KeyUseHead(new ElementTime(NOW), REASON);
  static final Set<KeyFlag> ALL_FLAGS = EnumSet.complementOf(EnumSet.of(KeyFlag.IMPORTED));
  static final GroupTerms FREE =
      new GroupTerms(
          GroupTerms.Imports.PERMITTED,
          ElementClass.SOFTWARE,
          GroupTerms.UNLIMITED,
          GroupTerms.UNLIMITED,
          GroupTerms.UNLIMITED,
          GroupTerms.UNLIMITED,
          0xFFFF);

  KeyFixture() {}

  /** An initialised element with a key store and a session, whose clock stands. */
  ElementSession keySession() throws Exception {
    requireCapability(Capability.KEY_STORE);
    initialize();
    return keyLogin();
  }

  ElementSession keyLogin() throws Exception {
    Clock clock = Clock.fixed(new ElementTime(NOW).toInstant(), ZoneOffset.UTC);
    try (SecretBytes pin = pin(USER_PIN)) {
      return element().login(pin, clock);
    }
  }

  static KeyUseHead at(long seconds) {
    return new KeyUseHead(new ElementTime(seconds), null);
  }

  static KeyId id(int number) {
    return new KeyId(Bytes.copyOf(ByteBuffer.allocate(16).putInt(0x40).putInt(12, number).array()));
  }

  /** An active key with every flag, no group, no periods and a limit where there has to be one. */
  static KeyAttributes key(int number, KeyAlgorithm algorithm, KeyUsage... usages) {
    Set<KeyUsage> all = Set.of(usages);
    return new KeyAttributes(
        id(number),
        KeyState.ACTIVE,
        algorithm,
        all,
        ALL_FLAGS,
        Optional.empty(),
        all.contains(KeyUsage.ENCRYPTION) ? 100_000 : 0,
        KeyPeriods.UNLIMITED,
        POLICY);
  }

  /** An active key for one usage, by the algorithm that is most used for it. */
  static KeyAttributes keyFor(int number, KeyUsage usage) {
    return key(
        number,
        switch (usage) {
          case ENCRYPTION, KEY_WRAPPING, FILE_KEYS, DATA_KEYS -> KeyAlgorithm.AES_256;
          case MAC -> KeyAlgorithm.HMAC_SHA_256;
          case SIGNATURE, KEY_AGREEMENT -> KeyAlgorithm.EC_P256;
        },
        usage);
  }

  static KeyAttributes withFlags(KeyAttributes key, Set<KeyFlag> flags) {
    return new KeyAttributes(
        key.id(),
        key.state(),
        key.algorithm(),
        key.usages(),
        flags,
        key.group(),
        key.limit(),
        key.periods(),
        key.policyHash());
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

  static KeyAttributes imported(KeyAttributes key) {
    EnumSet<KeyFlag> flags = EnumSet.of(KeyFlag.IMPORTED);
    flags.addAll(key.flags());
    return withFlags(key, flags);
  }

  static KeyPeriods periods(long activation, long originatorEnd, long recipientEnd) {
    return new KeyPeriods(
        new ElementTime(activation),
        new ElementTime(originatorEnd),
        new ElementTime(recipientEnd),
        ElementTime.NONE);
  }

  /** Moves an active key to a state by transitions. */
  static void bring(ElementSession session, KeyId key, KeyState state) throws Exception {
    var store = session.keys().store();
    switch (state) {
      case PRE_ACTIVE -> throw new IllegalArgumentException("no active key becomes pre-active");
      case ACTIVE -> {}
      case SUSPENDED, DEACTIVATED, COMPROMISED -> store.setState(key, KeyState.ACTIVE, state);
      case DESTROYED, DESTROYED_COMPROMISED -> {
        KeyState before = state == KeyState.DESTROYED ? KeyState.DEACTIVATED : KeyState.COMPROMISED;
        store.setState(key, KeyState.ACTIVE, before);
        long due = store.status().floor().seconds() + 1;
        store.scheduleDestruction(key, new ElementTime(due));
        store.setFloor(new ElementTime(due));
      }
    }
  }

  static SecretBytes secret(String hex) {
    return SecretBytes.adopt(HexFormat.of().parseHex(hex));
  }

  /** Bytes that count up. */
  static byte[] counting(int from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }

  static SecretBytes countingSecret(int from, int length) {
    return SecretBytes.adopt(counting(from, length));
  }

  static ByteBuffer buffer(byte... bytes) {
    return ByteBuffer.wrap(bytes);
  }

  /** Encrypts with AAD of two bytes. */
  static byte[] encrypted(ElementSession session, KeyUseHead head, KeyId key, byte[] text)
      throws Exception {
    ByteBuffer target = ByteBuffer.allocate(text.length + 28);
    session.keys().use().encrypt(head, key, buffer((byte) 1, (byte) 2), buffer(text), target);
    return target.array();
  }

  static byte[] decrypted(ElementSession session, KeyUseHead head, KeyId key, byte[] sealed)
      throws Exception {
    ByteBuffer target = ByteBuffer.allocate(sealed.length - 28);
    session.keys().use().decrypt(head, key, buffer((byte) 1, (byte) 2), buffer(sealed), target);
    return target.array();
  }

  /** That the rules refuse, as the element itself says it. */
  static KeyRefusal refusal(ThrowingCallable command) {
    KeyRefusal[] refusal = new KeyRefusal[1];
    assertThatThrownBy(command)
        .isInstanceOfSatisfying(KeyRefusedException.class, e -> refusal[0] = e.refusal());
    return refusal[0];
  }

  /** That the rules refuse for a reason. */
  static KeyRefusal refused(RefusalReason reason, ThrowingCallable command) {
    KeyRefusal refusal = refusal(command);
    if (refusal.reason() != reason) {
      throw new AssertionError("refused for " + refusal + " and not for " + reason);
    }
    return refusal;
  }
}
