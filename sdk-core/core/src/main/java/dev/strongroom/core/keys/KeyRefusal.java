// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * That the rules of the key store refuse something, why, and on what.
 *
 * <p>Layout, {@value #LENGTH} bytes: reason u8 | operation u8 | state u8 | state wanted u8 | entry
 * u16 | 00 00 | key or group id 16 | bound u64 | found u64. What bound and found are depends on the
 * reason: section 7 of {@code docs/spec/key-store.md}.
 *
 * <p>Thread safety: immutable.
 *
 * @param reason why
 * @param operation what was asked of the key, or empty
 * @param state of the key, or empty
 * @param target state that the key was to get, or empty
 * @param entry of an order or item of a batch, from 0 to 65534, or empty
 * @param subject id of the key or group, 16 bytes; zeros if it is about neither
 * @param bound what the rules compare with, by reason
 * @param found what there is, by reason
 */
public record KeyRefusal(
    RefusalReason reason,
    Optional<KeyOperation> operation,
    Optional<KeyState> state,
    Optional<KeyState> target,
    OptionalInt entry,
    Bytes subject,
    long bound,
    long found) {

  /** Length of the encoding in bytes. */
  public static final int LENGTH = 40;

  private static final int NO_ENTRY = 0xFFFF;
  private static final Bytes NO_SUBJECT = Bytes.copyOf(new byte[KeyId.LENGTH]);

  /**
   * Checks the ranges.
   *
   * @param reason as above
   * @param operation as above
   * @param state as above
   * @param target as above
   * @param entry as above
   * @param subject as above
   * @param bound as above
   * @param found as above
   */
  public KeyRefusal {
    if (subject.length() != KeyId.LENGTH) {
      throw new IllegalArgumentException("an id has 16 bytes, not " + subject.length());
    }
    if (entry.orElse(0) < 0 || entry.orElse(0) >= NO_ENTRY) {
      throw new IllegalArgumentException("an order has no entry " + entry);
    }
  }

  /** Of an operation on a key. */
  static KeyRefusal of(
      RefusalReason reason, KeyAttributes key, KeyOperation operation, long bound, long found) {
    return new KeyRefusal(
        reason,
        Optional.of(operation),
        Optional.of(key.state()),
        Optional.empty(),
        OptionalInt.empty(),
        key.id().bytes(),
        bound,
        found);
  }

  /** Of a change of a key's state. */
  static KeyRefusal of(
      RefusalReason reason, KeyAttributes key, KeyState target, long bound, long found) {
    return new KeyRefusal(
        reason,
        Optional.empty(),
        Optional.of(key.state()),
        Optional.of(target),
        OptionalInt.empty(),
        key.id().bytes(),
        bound,
        found);
  }

  /**
   * That an attribute of a key may not be so.
   *
   * @param attribute which one
   * @param key as it is
   * @return the refusal
   */
  public static KeyRefusal of(KeyAttribute attribute, KeyAttributes key) {
    return new KeyRefusal(
        RefusalReason.ATTRIBUTE,
        Optional.empty(),
        Optional.of(key.state()),
        Optional.empty(),
        OptionalInt.empty(),
        key.id().bytes(),
        attribute.number(),
        0);
  }

  /**
   * That the element changes by orders alone.
   *
   * @return the refusal
   */
  public static KeyRefusal administered() {
    return of(RefusalReason.ADMINISTERED, NO_SUBJECT, 0, 0);
  }

  /**
   * Of something that is not one operation on one key that is there.
   *
   * @param reason why
   * @param subject id of a key or group, 16 bytes; zeros if it is about neither
   * @param bound what the rules compare with
   * @param found what there is
   * @return the refusal
   */
  public static KeyRefusal of(RefusalReason reason, Bytes subject, long bound, long found) {
    return new KeyRefusal(
        reason,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        subject,
        bound,
        found);
  }

  /**
   * Of an order as a whole.
   *
   * @param reason why
   * @param bound what the rules compare with
   * @param found what there is
   * @return the refusal
   */
  public static KeyRefusal ofOrder(RefusalReason reason, long bound, long found) {
    return of(reason, NO_SUBJECT, bound, found);
  }

  /**
   * The same, of an entry of an order or an item of a batch.
   *
   * @param index from 0
   * @return the refusal
   */
  public KeyRefusal at(int index) {
    return new KeyRefusal(
        reason, operation, state, target, OptionalInt.of(index), subject, bound, found);
  }

  /**
   * The key that it is about.
   *
   * @return the key's id, or empty if it is about none, or about a group
   */
  public Optional<KeyId> key() {
    return subject.equals(NO_SUBJECT) ? Optional.empty() : Optional.of(new KeyId(subject));
  }

  /**
   * Writes the refusal.
   *
   * @return {@value #LENGTH} bytes
   */
  public Bytes encode() {
    ByteBuffer out = ByteBuffer.allocate(LENGTH);
    out.put((byte) reason.number());
    out.put((byte) (int) operation.map(KeyOperation::number).orElse(0));
    out.put((byte) (int) state.map(KeyState::number).orElse(0));
    out.put((byte) (int) target.map(KeyState::number).orElse(0));
    out.putShort((short) entry.orElse(NO_ENTRY)).putShort((short) 0);
    out.put(subject.toByteArray()).putLong(bound).putLong(found);
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads a refusal.
   *
   * @param encoded {@value #LENGTH} bytes
   * @return the refusal
   * @throws IllegalArgumentException if it is malformed, or has a reason that this release does not
   *     know
   */
  public static KeyRefusal parse(Bytes encoded) {
    if (encoded.length() != LENGTH) {
      throw new IllegalArgumentException("a refusal has 40 bytes, not " + encoded.length());
    }
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    int reason = in.get() & 0xFF;
    int operation = in.get() & 0xFF;
    int state = in.get() & 0xFF;
    int target = in.get() & 0xFF;
    int entry = in.getShort() & 0xFFFF;
    if (in.getShort() != 0) {
      throw new IllegalArgumentException("a refusal: bytes that are not zero");
    }
    return new KeyRefusal(
        RefusalReason.of(reason)
            .orElseThrow(() -> new IllegalArgumentException("no reason has number " + reason)),
        operation == 0
            ? Optional.empty()
            : Optional.of(
                KeyOperation.of(operation)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException("no operation has number " + operation))),
        state == 0 ? Optional.empty() : Optional.of(KeyAttributes.state(state)),
        target == 0 ? Optional.empty() : Optional.of(KeyAttributes.state(target)),
        entry == NO_ENTRY ? OptionalInt.empty() : OptionalInt.of(entry),
        KeyAttributes.bytes(in, KeyId.LENGTH),
        in.getLong(),
        in.getLong());
  }
}
