// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.envelope;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.EnvelopeFormatException;
import dev.strongroom.sekey.EnvelopeFormatException.Reason;
import dev.strongroom.sekey.EnvelopeVersionException;
import dev.strongroom.sekey.SeKeyException;
import dev.strongroom.sekey.model.UserId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The beginning of an envelope: which key opens it, how, and who says to have sent it. It is not
 * secret, and nothing of it is proved before the envelope is opened.
 *
 * <p>Layout: {@code docs/spec/envelope.md}, 1: magic 4 | version u8 | kind u8 | flags u8 | segment
 * u8 | key id 16 | sender 16 | salt 16 | wrapped data key 40, the last three where the kind has
 * them.
 *
 * <p>Thread safety: immutable.
 *
 * @param kind how the text is protected
 * @param segmentExponent the binary logarithm of the bytes of text in a segment, {@value
 *     #MIN_EXPONENT} to {@value #MAX_EXPONENT}; 0 for {@link EnvelopeKind#TEXT}
 * @param key which key opens it
 * @param sender who says to have signed it, or empty if it is not signed
 * @param salt drawn for this envelope, 16 bytes; none for {@link EnvelopeKind#TEXT}
 * @param wrapped the data key, wrapped, 40 bytes; none but for {@link EnvelopeKind#DATA_KEY}
 */
public record EnvelopeHeader(
    EnvelopeKind kind,
    int segmentExponent,
    KeyId key,
    Optional<UserId> sender,
    Bytes salt,
    Bytes wrapped) {

  /** The version that this release writes, and the newest that it reads. */
  public static final int VERSION = 1;

  /** Most bytes of a header. */
  public static final int MAX_LENGTH = 24 + 16 + 16 + 40;

  /** Least binary logarithm of a segment's length. */
  public static final int MIN_EXPONENT = 10;

  /** Greatest binary logarithm of a segment's length. */
  public static final int MAX_EXPONENT = 20;

  /** Length of a salt in bytes. */
  public static final int SALT_LENGTH = 16;

  /** Length of a wrapped data key in bytes. */
  public static final int WRAPPED_LENGTH = 40;

  /** Bytes of what every header has. */
  private static final int FIXED_LENGTH = 24;

  /** Bytes in front of the key id, which stay when it is rewrapped. */
  private static final int PREFIX_LENGTH = 8;

  private static final byte[] MAGIC = {'S', 'R', 'E', 'V'};
  private static final int SIGNED = 1;
  private static final Bytes NONE = Bytes.copyOf(new byte[0]);

  /**
   * Checks the lengths.
   *
   * @param kind as above
   * @param segmentExponent as above
   * @param key as above
   * @param sender as above
   * @param salt as above
   * @param wrapped as above
   */
  public EnvelopeHeader {
    boolean text = kind == EnvelopeKind.TEXT;
    if (text
        ? segmentExponent != 0
        : segmentExponent < MIN_EXPONENT || segmentExponent > MAX_EXPONENT) {
      throw new IllegalArgumentException(
          "segments of 2^" + segmentExponent + " bytes do not go with kind " + kind);
    }
    if (salt.length() != (text ? 0 : SALT_LENGTH)
        || wrapped.length() != (kind == EnvelopeKind.DATA_KEY ? WRAPPED_LENGTH : 0)) {
      throw new IllegalArgumentException("salt or wrapped key do not go with kind " + kind);
    }
  }

  /**
   * Of a text as a whole.
   *
   * @param key which protects it
   * @param sender who signs, or empty
   * @return the header
   */
  public static EnvelopeHeader text(KeyId key, Optional<UserId> sender) {
    return new EnvelopeHeader(EnvelopeKind.TEXT, 0, key, sender, NONE, NONE);
  }

  /**
   * Of segments that a data key protects.
   *
   * @param segmentExponent as above
   * @param key which has wrapped the data key
   * @param sender who signs, or empty
   * @param salt drawn at random
   * @param wrapped the data key
   * @return the header
   */
  public static EnvelopeHeader dataKey(
      int segmentExponent, KeyId key, Optional<UserId> sender, Bytes salt, Bytes wrapped) {
    return new EnvelopeHeader(EnvelopeKind.DATA_KEY, segmentExponent, key, sender, salt, wrapped);
  }

  /**
   * Of segments that the key itself protects.
   *
   * @param segmentExponent as above
   * @param key which protects them
   * @param sender who signs, or empty
   * @param salt drawn at random
   * @return the header
   */
  public static EnvelopeHeader segments(
      int segmentExponent, KeyId key, Optional<UserId> sender, Bytes salt) {
    return new EnvelopeHeader(EnvelopeKind.SEGMENTS, segmentExponent, key, sender, salt, NONE);
  }

  /**
   * The same envelope under another key.
   *
   * @param other the key
   * @param rewrapped the data key under it; none where there is no data key
   * @return the header
   */
  public EnvelopeHeader rewrapped(KeyId other, Bytes rewrapped) {
    return new EnvelopeHeader(kind, segmentExponent, other, sender, salt, rewrapped);
  }

  /**
   * How many bytes of text a segment has, but the last.
   *
   * @return a power of two; 1 for {@link EnvelopeKind#TEXT}
   */
  public int segmentLength() {
    return 1 << segmentExponent;
  }

  /**
   * Length of the header.
   *
   * @return in bytes
   */
  public int length() {
    return FIXED_LENGTH
        + (sender.isPresent() ? UserId.LENGTH : 0)
        + salt.length()
        + wrapped.length();
  }

  /**
   * Writes the header.
   *
   * @return the one encoding that it has
   */
  public byte[] encode() {
    byte[] header = new byte[length()];
    encodeTo(header);
    return header;
  }

  /**
   * Writes the header to the beginning of an array.
   *
   * @param target with room for it
   */
  public void encodeTo(byte[] target) {
    putPrefix(target);
    int at = PREFIX_LENGTH;
    key.bytes().copyTo(target, at);
    putRest(target, at + KeyId.LENGTH, true);
  }

  /**
   * What is bound to each text: the header without what rewrapping changes, and the digest of the
   * associated data.
   *
   * @param aad SHA-256 of the associated data, 32 bytes
   * @return what is authenticated; {@code docs/spec/envelope.md}, 2
   */
  public byte[] binding(byte[] aad) {
    int length = length() - KeyId.LENGTH - wrapped.length();
    byte[] binding = new byte[length + aad.length];
    putPrefix(binding);
    putRest(binding, PREFIX_LENGTH, false);
    System.arraycopy(aad, 0, binding, length, aad.length);
    return binding;
  }

  private void putPrefix(byte[] target) {
    System.arraycopy(MAGIC, 0, target, 0, MAGIC.length);
    target[4] = VERSION;
    target[5] = (byte) kind.number();
    target[6] = (byte) (sender.isPresent() ? SIGNED : 0);
    target[7] = (byte) segmentExponent;
  }

  private void putRest(byte[] target, int from, boolean withKey) {
    int at = from;
    if (sender.isPresent()) {
      sender.get().bytes().copyTo(target, at);
      at += UserId.LENGTH;
    }
    salt.copyTo(target, at);
    if (withKey) {
      wrapped.copyTo(target, at + salt.length());
    }
  }

  /**
   * Reads the header of an envelope.
   *
   * @param envelope from its first byte on; the position moves behind the header
   * @return the header
   * @throws EnvelopeFormatException if it is none, or malformed, or cut short
   * @throws EnvelopeVersionException if a later release made it
   */
  public static EnvelopeHeader read(ByteBuffer envelope) throws SeKeyException {
    byte[] magic = new byte[Math.min(MAGIC.length, envelope.remaining())];
    envelope.get(magic);
    if (!Arrays.equals(magic, 0, magic.length, MAGIC, 0, magic.length) || magic.length == 0) {
      throw new EnvelopeFormatException(Reason.FOREIGN);
    }
    require(envelope, 1);
    int version = envelope.get() & 0xFF;
    if (version != VERSION) {
      throw new EnvelopeVersionException(version, VERSION);
    }
    require(envelope, FIXED_LENGTH - MAGIC.length - 1);
    Optional<EnvelopeKind> kind = EnvelopeKind.of(envelope.get() & 0xFF);
    int flags = envelope.get() & 0xFF;
    int exponent = envelope.get() & 0xFF;
    if (kind.isEmpty() || flags > SIGNED) {
      throw new EnvelopeFormatException(Reason.HEADER);
    }
    Bytes key = take(envelope, KeyId.LENGTH);
    Bytes sender = take(envelope, flags == SIGNED ? UserId.LENGTH : 0);
    Bytes salt = take(envelope, kind.get() == EnvelopeKind.TEXT ? 0 : SALT_LENGTH);
    Bytes wrapped = take(envelope, kind.get() == EnvelopeKind.DATA_KEY ? WRAPPED_LENGTH : 0);
    try {
      return new EnvelopeHeader(
          kind.get(),
          exponent,
          new KeyId(key),
          flags == SIGNED ? Optional.of(new UserId(sender)) : Optional.empty(),
          salt,
          wrapped);
    } catch (IllegalArgumentException e) {
      throw new EnvelopeFormatException(Reason.HEADER);
    }
  }

  private static Bytes take(ByteBuffer envelope, int length) throws EnvelopeFormatException {
    require(envelope, length);
    byte[] taken = new byte[length];
    envelope.get(taken);
    return Bytes.copyOf(taken);
  }

  private static void require(ByteBuffer envelope, int length) throws EnvelopeFormatException {
    if (envelope.remaining() < length) {
      throw new EnvelopeFormatException(Reason.CUT_SHORT);
    }
  }
}
