// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The file key of a {@link GrubRequest} for a file whose keys come from a key of its own, which is
 * wrapped under a managed key of the element's key store and is unwrapped inside.
 *
 * <p>Layout on the wire: {@code docs/spec/element-protocol.md}, command GRUB, item types 2 and 3.
 *
 * <p>Thread safety: immutable.
 *
 * @param keyId id of the managed key, {@value #KEY_ID_LENGTH} bytes
 * @param wrapped the wrapped file key, 1 to {@value #MAX_WRAPPED} bytes as an element made it, or
 *     null to have the element make a new one
 * @param intent what the file's keys are wanted for; a new one is wanted for writing
 */
public record ManagedFileKey(Bytes keyId, @Nullable Bytes wrapped, Intent intent) {

  /** Length of the id of a managed key in bytes. */
  public static final int KEY_ID_LENGTH = 16;

  /** Most bytes of a wrapped file key. */
  public static final int MAX_WRAPPED = 150;

  /** What keys are wanted for; an element may allow the one and refuse the other. */
  public enum Intent {
    /** To read, 0. */
    READ(0),
    /** To write, 1. */
    WRITE(1),
    /** To read, with the acknowledgement that the use is exceptional, 2. */
    READ_ACKNOWLEDGED(2);

    private final int number;

    Intent(int number) {
      this.number = number;
    }

    /**
     * Its number on the wire.
     *
     * @return 0 to 2
     */
    public int number() {
      return number;
    }
  }

  /**
   * Checks the lengths.
   *
   * @param keyId as above
   * @param wrapped as above
   * @param intent as above
   */
  public ManagedFileKey {
    if (keyId.length() != KEY_ID_LENGTH) {
      throw new IllegalArgumentException("a key id has 16 bytes, not " + keyId.length());
    }
    if (wrapped != null && (wrapped.length() < 1 || wrapped.length() > MAX_WRAPPED)) {
      throw new IllegalArgumentException(
          "a wrapped file key has 1 to 150 bytes, not " + wrapped.length());
    }
    if (wrapped == null && intent != Intent.WRITE) {
      throw new IllegalArgumentException("a new file key is wanted for writing");
    }
  }

  /**
   * A file key that the element is to make.
   *
   * @param keyId id of the managed key that is to wrap it
   * @return for a request, whose answer has the wrapped file key
   */
  public static ManagedFileKey create(Bytes keyId) {
    return new ManagedFileKey(keyId, null, Intent.WRITE);
  }
}
