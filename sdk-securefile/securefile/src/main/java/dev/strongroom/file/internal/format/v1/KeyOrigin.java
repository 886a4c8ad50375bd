// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ManagedFileKey;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the pair of a file comes from: the key source of its header, and what the clear part keeps
 * for it in {@value #BYTES} bytes.
 *
 * <p>Byte tables: {@code docs/spec/secure-file-format.md}, section "Header", clear part.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface KeyOrigin {

  /** Length of what the clear part keeps, in bytes. */
  int BYTES = 168;

  /** Derived by the element, and nothing beside it. */
  Derived DERIVED = new Derived(null);

  /**
   * Key source 0: derived by the element from its master keys.
   *
   * <p>Thread safety: immutable.
   *
   * @param recovery the same pair for the recovery element, or null if there is none
   */
  record Derived(@Nullable RecoveryPair recovery) implements KeyOrigin {

    @Override
    public int source() {
      return 0;
    }

    @Override
    public byte[] encode() {
      ByteBuffer out = ByteBuffer.allocate(BYTES);
      if (recovery != null) {
        out.put((byte) KIND_RECOVERY).position(RECOVERY_HEAD);
        out.put(recovery.enc().toByteArray()).put(recovery.wrapped().toByteArray());
      }
      return out.array();
    }
  }

  /**
   * Key source 1: derived from a file key, which the element unwraps under a managed key.
   *
   * <p>Thread safety: immutable.
   *
   * @param keyId id of the managed key, 16 bytes
   * @param wrapped the wrapped file key, 1 to 150 bytes
   */
  record Wrapped(Bytes keyId, Bytes wrapped) implements KeyOrigin {

    @Override
    public int source() {
      return 1;
    }

    @Override
    public byte[] encode() {
      return ByteBuffer.allocate(BYTES)
          .put(keyId.toByteArray())
          .putShort((short) wrapped.length())
          .put(wrapped.toByteArray())
          .array();
    }
  }

  /**
   * Key source 2: derived from a file key that travels with the file, {@code
   * docs/spec/transient-file.md}; in no volume.
   *
   * <p>Thread safety: immutable.
   */
  record Transient() implements KeyOrigin {

    @Override
    public int source() {
      return 2;
    }

    @Override
    public byte[] encode() {
      return new byte[BYTES];
    }
  }

  /** Wrapped for its recipients, outside the header. */
  Transient TRANSIENT = new Transient();

  /** Kind of a clear part with a pair for the recovery element. */
  int KIND_RECOVERY = 1;

  /** Length of what stands before such a pair, in bytes. */
  int RECOVERY_HEAD = 4;

  /**
   * The number of the key source.
   *
   * @return 0 to 2
   */
  int source();

  /**
   * What the clear part keeps.
   *
   * @return {@value #BYTES} bytes
   */
  byte[] encode();

  /**
   * Reads what a clear part keeps, which nobody has authenticated yet. Of a derived pair, what is
   * not known reads as if there were nothing; {@link #encode} tells the difference.
   *
   * @param source the key source
   * @param area {@value #BYTES} bytes
   * @return the origin, or null if it cannot be one
   */
  static @Nullable KeyOrigin parse(int source, byte[] area) {
    if (source == 0) {
      return area[0] == KIND_RECOVERY
          ? new Derived(
              new RecoveryPair(
                  Bytes.copyOf(area, RECOVERY_HEAD, RecoveryPair.ENC),
                  Bytes.copyOf(area, RECOVERY_HEAD + RecoveryPair.ENC, RecoveryPair.WRAPPED)))
          : DERIVED;
    }
    if (source == TRANSIENT.source()) {
      return TRANSIENT;
    }
    int length = ByteBuffer.wrap(area).getShort(ManagedFileKey.KEY_ID_LENGTH) & 0xFFFF;
    if (source != 1 || length < 1 || length > ManagedFileKey.MAX_WRAPPED) {
      return null;
    }
    return new Wrapped(
        Bytes.copyOf(area, 0, ManagedFileKey.KEY_ID_LENGTH),
        Bytes.copyOf(area, ManagedFileKey.KEY_ID_LENGTH + Short.BYTES, length));
  }
}
