// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.file.ElementRole;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An element that opens a volume, as the volume file records it.
 *
 * <p>Byte table: {@code docs/spec/secure-file-format.md}, section "Volume file", record 0002.
 *
 * @param serialNumber the element's serial number, 16 bytes
 * @param role what it is to the volume
 * @param identity SHA-256 of its signing key | agreement key, or null if it is not known
 * @param channelKey its channel key, or null if none has been recorded
 * @param recovery for the recovery element, and only for that: what is wrapped for it, and how
 *     <p>Thread safety: immutable.
 */
public record ElementRecord(
    Bytes serialNumber,
    ElementRole role,
    @Nullable Bytes identity,
    @Nullable ChannelKey channelKey,
    @Nullable Recovery recovery) {

  /**
   * The recovery element's key, and the volume's own pair for it.
   *
   * @param agreementKey the key that pairs are wrapped to, 65 bytes
   * @param pair EncGrub and SigGrub of the volume
   * @param maker the keys of the element that the volume was made with
   * @param signature its {@linkplain RecoveryStatement word} for the pair, 64 bytes
   */
  public record Recovery(
      Bytes agreementKey, RecoveryPair pair, Peer.Pinned maker, Bytes signature) {}

  /** Most elements of a volume. */
  public static final int MOST = 8;

  /** Length of a record without what a recovery element has more, in bytes. */
  static final int BYTES = 16 + 1 + 32 + ChannelKey.LENGTH;

  /** Length of the record of a recovery element in bytes. */
  static final int RECOVERY_BYTES =
      BYTES
          + P256.PUBLIC_KEY_LENGTH
          + RecoveryPair.ENC
          + RecoveryPair.WRAPPED
          + 2 * P256.PUBLIC_KEY_LENGTH
          + P256.SIGNATURE_LENGTH;

  private static final int IDENTITY = 17;
  private static final int CHANNEL_KEY = IDENTITY + 32;

  /**
   * Checks the role.
   *
   * @param serialNumber as above
   * @param role as above
   * @param identity as above
   * @param channelKey as above
   * @param recovery as above
   */
  public ElementRecord {
    if ((role == ElementRole.RECOVERY) != (recovery != null)) {
      throw new IllegalArgumentException("the recovery element, and no other, has wrapped keys");
    }
  }

  /**
   * An element that derives the keys of the volume.
   *
   * @param serialNumber as above
   * @param role FIRST or TWIN
   * @param identity as above
   * @param channelKey as above
   * @return the record
   */
  public static ElementRecord deriving(
      Bytes serialNumber,
      ElementRole role,
      @Nullable Bytes identity,
      @Nullable ChannelKey channelKey) {
    return new ElementRecord(serialNumber, role, identity, channelKey, null);
  }

  /**
   * The same with a channel key.
   *
   * @param key the channel key
   * @return the record
   */
  public ElementRecord with(ChannelKey key) {
    return new ElementRecord(serialNumber, role, identity, key, recovery);
  }

  /** The record's value. */
  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(recovery == null ? BYTES : RECOVERY_BYTES);
    out.put(serialNumber.toByteArray()).put((byte) code(role));
    if (identity != null) {
      out.put(identity.toByteArray());
    }
    out.position(CHANNEL_KEY);
    if (channelKey != null) {
      out.put(channelKey.point().toByteArray());
    }
    out.position(BYTES);
    if (recovery != null) {
      out.put(recovery.agreementKey().toByteArray());
      out.put(recovery.pair().enc().toByteArray()).put(recovery.pair().wrapped().toByteArray());
      out.put(recovery.maker().signingKey().toByteArray());
      out.put(recovery.maker().agreementKey().toByteArray());
      out.put(recovery.signature().toByteArray());
    }
    return out.array();
  }

  /** Whether the role of a record's value is one that this release knows. */
  static boolean isKnown(byte[] value) {
    return value.length > 16 && role(value[16]) != null;
  }

  private static int code(ElementRole role) {
    return switch (role) {
      case FIRST -> 1;
      case TWIN -> 2;
      case RECOVERY -> 3;
    };
  }

  private static @Nullable ElementRole role(int code) {
    return switch (code) {
      case 1 -> ElementRole.FIRST;
      case 2 -> ElementRole.TWIN;
      case 3 -> ElementRole.RECOVERY;
      default -> null;
    };
  }

  /** Reads a record's value; null if it is none, or of a role that is not known. */
  static @Nullable ElementRecord parse(byte[] value) {
    ElementRole role = value.length > 16 ? role(value[16]) : null;
    if (role == null || value.length != (role == ElementRole.RECOVERY ? RECOVERY_BYTES : BYTES)) {
      return null;
    }
    Bytes identity = Bytes.copyOf(value, IDENTITY, 32);
    Bytes channelKey = Bytes.copyOf(value, CHANNEL_KEY, ChannelKey.LENGTH);
    try {
      Recovery recovery = null;
      if (role == ElementRole.RECOVERY) {
        recovery = recovery(value);
      }
      return new ElementRecord(
          Bytes.copyOf(value, 0, 16),
          role,
          isZero(identity) ? null : identity,
          isZero(channelKey) ? null : new ChannelKey(channelKey),
          recovery);
    } catch (IllegalArgumentException e) {
      return null; // a point that is not on the curve; nobody has authenticated it yet
    }
  }

  private static Recovery recovery(byte[] value) {
    int pair = BYTES + P256.PUBLIC_KEY_LENGTH;
    int maker = pair + RecoveryPair.ENC + RecoveryPair.WRAPPED;
    int agreement = maker + P256.PUBLIC_KEY_LENGTH;
    return new Recovery(
        P256.requirePublicKey(Bytes.copyOf(value, BYTES, P256.PUBLIC_KEY_LENGTH)),
        new RecoveryPair(
            Bytes.copyOf(value, pair, RecoveryPair.ENC),
            Bytes.copyOf(value, pair + RecoveryPair.ENC, RecoveryPair.WRAPPED)),
        new Peer.Pinned(
            Bytes.copyOf(value, maker, P256.PUBLIC_KEY_LENGTH),
            Bytes.copyOf(value, agreement, P256.PUBLIC_KEY_LENGTH)),
        Bytes.copyOf(value, agreement + P256.PUBLIC_KEY_LENGTH, P256.SIGNATURE_LENGTH));
  }

  private static boolean isZero(Bytes bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.at(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
