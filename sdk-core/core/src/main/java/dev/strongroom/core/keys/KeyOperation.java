// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a managed key.
 *
 * <p>Thread safety: immutable.
 */
public enum KeyOperation {
  /** Encrypt data. */
  ENCRYPT(1, Kind.PROTECT, KeyUsage.ENCRYPTION),
  /** Decrypt data. */
  DECRYPT(2, Kind.PROCESS, KeyUsage.ENCRYPTION),
  /** Make a message authentication code. */
  MAKE_MAC(3, Kind.PROTECT, KeyUsage.MAC),
  /** Verify a message authentication code. */
  VERIFY_MAC(4, Kind.PROCESS, KeyUsage.MAC),
  /** Sign. */
  SIGN(5, Kind.PROTECT, KeyUsage.SIGNATURE),
  /** Wrap a key that the host has. */
  WRAP(6, Kind.PROTECT, KeyUsage.KEY_WRAPPING),
  /** Unwrap a key for the host. */
  UNWRAP(7, Kind.PROCESS, KeyUsage.KEY_WRAPPING),
  /** Agree on a secret for something that is protected now. */
  AGREE_AS_ORIGINATOR(8, Kind.PROTECT, KeyUsage.KEY_AGREEMENT),
  /** Agree on the secret of something that somebody has protected. */
  AGREE_AS_RECIPIENT(9, Kind.PROCESS, KeyUsage.KEY_AGREEMENT),
  /** Keys of a secure file, to write. */
  WRITE_FILE(10, Kind.PROTECT, KeyUsage.FILE_KEYS),
  /** Keys of a secure file, to read. */
  READ_FILE(11, Kind.PROCESS, KeyUsage.FILE_KEYS),
  /** Draw a key for the host. */
  MAKE_DATA_KEY(12, Kind.PROTECT, KeyUsage.DATA_KEYS),
  /** Open a key that was drawn for the host. */
  OPEN_DATA_KEY(13, Kind.PROCESS, KeyUsage.DATA_KEYS),
  /** Take what this key has protected over to another one, inside the element. */
  REWRAP(14, Kind.REWRAP, KeyUsage.ENCRYPTION, KeyUsage.FILE_KEYS, KeyUsage.DATA_KEYS),
  /** Prove that the key is there, NIST SP 800-57 Part 1 Rev. 5, 7.1. */
  CONFIRM(15, Kind.CONFIRM, KeyUsage.values()),
  /** Send the value to a member of the group. */
  DISTRIBUTE(16, Kind.DISTRIBUTE, KeyUsage.values()),
  /** Read what is known about it. */
  READ(17, Kind.READ, KeyUsage.values());

  /** What operations have in common as far as states are concerned. */
  public enum Kind {
    /** Applies protection: NIST's originator usage. */
    PROTECT,
    /** Processes what is protected: NIST's recipient usage. */
    PROCESS,
    /** Processes without anything in clear. */
    REWRAP,
    /** Shows possession. */
    CONFIRM,
    /** Takes the value to another element. */
    DISTRIBUTE,
    /** Does not touch the value. */
    READ
  }

  private final int number;
  private final Kind kind;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
  private final Set<KeyUsage> usages;

  KeyOperation(int number, Kind kind, KeyUsage... usages) {
    this.number = number;
    this.kind = kind;
    EnumSet<KeyUsage> all = EnumSet.noneOf(KeyUsage.class);
    Collections.addAll(all, usages);
    this.usages = Collections.unmodifiableSet(all);
  }

  /**
   * Its number in refusals.
   *
   * @return 1 to 17
   */
  public int number() {
    return number;
  }

  /**
   * What it is as far as states are concerned.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The usages that include it.
   *
   * @return one of them is enough
   */
  public Set<KeyUsage> usages() {
    return usages;
  }

  /**
   * The flag without which no key is used for it, whatever its state.
   *
   * @return the flag, or empty if none is needed
   */
  public Optional<KeyFlag> neededFlag() {
    return switch (this) {
      case DISTRIBUTE -> Optional.of(KeyFlag.DISTRIBUTION);
      case REWRAP -> Optional.of(KeyFlag.REWRAP);
      case UNWRAP, AGREE_AS_ORIGINATOR, AGREE_AS_RECIPIENT, MAKE_DATA_KEY, OPEN_DATA_KEY ->
          Optional.of(KeyFlag.HOST_KEYS);
      case ENCRYPT,
          DECRYPT,
          MAKE_MAC,
          VERIFY_MAC,
          SIGN,
          WRAP,
          WRITE_FILE,
          READ_FILE,
          CONFIRM,
          READ ->
          Optional.empty();
    };
  }

  /**
   * The operation of a number.
   *
   * @param number as in refusals
   * @return the operation, or empty if there is none of that number
   */
  public static Optional<KeyOperation> of(int number) {
    for (KeyOperation operation : values()) {
      if (operation.number == number) {
        return Optional.of(operation);
      }
    }
    return Optional.empty();
  }
}
