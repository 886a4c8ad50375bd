// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.DataKey;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Keys that the host has: wrapped and unwrapped by keys with usage key wrapping (NIST SP 800-38F),
 * and data keys that the element draws, by keys with usage data keys. Groups whose policy keeps
 * work inside elements refuse all of it.
 *
 * <p>All methods throw the typed refusals of {@code docs/errors.md}, "Key management".
 *
 * <p>Thread safety: thread-safe.
 */
public final class KeyWrapping {

  private final KeyGate gate;

  KeyWrapping(KeyGate gate) {
    this.gate = gate;
  }

  /**
   * A wrapped key with the one that has wrapped it.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which has wrapped it
   * @param bytes the wrapped form
   */
  public record Wrapped(KeyId key, Bytes bytes) {}

  /**
   * A data key, in clear and wrapped.
   *
   * <p>Thread safety: thread-safe.
   *
   * @param value in clear
   * @param wrapped to be kept
   */
  public record Drawn(SecretBytes value, Wrapped wrapped) implements AutoCloseable {

    /** Zeroes the key. */
    @Override
    public void close() {
      value.close();
    }
  }

  /**
   * Wraps a key.
   *
   * @param choice by which key, or for whom
   * @param form RFC 3394 or RFC 5649
   * @param value for RFC 3394 a multiple of 8 bytes, at least 16; for RFC 5649 at least 1; it stays
   *     the caller's
   * @return the wrapped key
   * @throws IOException if it is refused, or the element fails
   */
  public Wrapped wrap(KeyChoice choice, KeyWrapForm form, SecretBytes value) throws IOException {
    return gate.protect(
        choice,
        List.of(KeyOperation.WRAP),
        (element, head, chosen) ->
            new Wrapped(chosen.key(), element.wrap(head, chosen.key(), form, value)));
  }

  /**
   * Unwraps a key.
   *
   * @param wrapped the wrapped key
   * @param form RFC 3394 or RFC 5649, as it was wrapped
   * @return the key, which the caller closes
   * @throws dev.strongroom.core.device.DecryptionFailedException if it does not unwrap
   * @throws IOException if it is refused, or the element fails
   */
  public SecretBytes unwrap(Wrapped wrapped, KeyWrapForm form) throws IOException {
    return unwrap(wrapped, form, Optional.empty());
  }

  /**
   * Unwraps a key by one that is suspended, compromised or past its period, if that permits it to
   * who says why.
   *
   * @param wrapped the wrapped key
   * @param form RFC 3394 or RFC 5649, as it was wrapped
   * @param reason why
   * @return the key, which the caller closes
   * @throws IOException as {@link #unwrap(Wrapped, KeyWrapForm)} does
   */
  public SecretBytes unwrap(Wrapped wrapped, KeyWrapForm form, UseReason reason)
      throws IOException {
    return unwrap(wrapped, form, Optional.of(reason));
  }

  private SecretBytes unwrap(Wrapped wrapped, KeyWrapForm form, Optional<UseReason> reason)
      throws IOException {
    return gate.use(
        wrapped.key(),
        KeyOperation.UNWRAP,
        reason,
        (element, head) -> element.unwrap(head, wrapped.key(), form, wrapped.bytes()));
  }

  /**
   * Draws a data key. It is not kept here.
   *
   * @param choice by which key, or for whom
   * @param length 16, 24, 32, 48 or 64 bytes
   * @param context what it is for, which has to be given again to open it
   * @return the data key, which the caller closes
   * @throws IOException if it is refused, or the element fails
   */
  public Drawn draw(KeyChoice choice, int length, Bytes context) throws IOException {
    return gate.protect(
        choice,
        List.of(KeyOperation.MAKE_DATA_KEY),
        (element, head, chosen) -> {
          DataKey drawn = element.newDataKey(head, chosen.key(), length, context);
          return new Drawn(drawn.key(), new Wrapped(chosen.key(), drawn.wrapped()));
        });
  }

  /**
   * Opens a data key.
   *
   * @param wrapped as it was drawn
   * @param context as it was drawn
   * @return the data key, which the caller closes
   * @throws dev.strongroom.core.device.DecryptionFailedException if it does not unwrap with this
   *     context
   * @throws IOException if it is refused, or the element fails
   */
  public SecretBytes open(Wrapped wrapped, Bytes context) throws IOException {
    return open(wrapped, context, Optional.empty());
  }

  /**
   * Opens a data key by a key that is suspended, compromised or past its period, if that permits it
   * to who says why.
   *
   * @param wrapped as it was drawn
   * @param context as it was drawn
   * @param reason why
   * @return the data key, which the caller closes
   * @throws IOException as {@link #open(Wrapped, Bytes)} does
   */
  public SecretBytes open(Wrapped wrapped, Bytes context, UseReason reason) throws IOException {
    return open(wrapped, context, Optional.of(reason));
  }

  private SecretBytes open(Wrapped wrapped, Bytes context, Optional<UseReason> reason)
      throws IOException {
    return gate.use(
        wrapped.key(),
        KeyOperation.OPEN_DATA_KEY,
        reason,
        (element, head) -> element.openDataKey(head, wrapped.key(), wrapped.bytes(), context));
  }

  /**
   * Brings a data key to another key of the same group, inside the element.
   *
   * @param wrapped as it was drawn
   * @param to the new key
   * @param context as it was drawn
   * @return the data key under the new key
   * @throws IOException if it is refused, or the element fails
   */
  public Wrapped rewrap(Wrapped wrapped, KeyId to, Bytes context) throws IOException {
    return gate.use(
        wrapped.key(),
        KeyOperation.REWRAP,
        (element, head) ->
            new Wrapped(
                to, element.rewrapDataKey(head, wrapped.key(), to, wrapped.bytes(), context)));
  }
}
