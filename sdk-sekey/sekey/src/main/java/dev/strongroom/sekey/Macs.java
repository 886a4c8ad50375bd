// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Message authentication codes by keys with usage MAC: HMAC (FIPS 198-1), made and verified inside
 * the element. Who can verify one can make one.
 *
 * <p>All methods throw the typed refusals of {@code docs/errors.md}, "Key management".
 *
 * <p>Thread safety: thread-safe.
 */
public final class Macs {

  private static final int MAX_LENGTH = 64;

  private final KeyGate gate;

  Macs(KeyGate gate) {
    this.gate = gate;
  }

  /**
   * A code with its key.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which made it
   * @param bytes 32, 48 or 64 bytes
   */
  public record Code(KeyId key, Bytes bytes) {}

  /**
   * Makes a code.
   *
   * @param choice by which key, or for whom
   * @param message what is authenticated
   * @return the code in its whole length
   * @throws IOException if it is refused, or the element fails
   */
  public Code make(KeyChoice choice, byte[] message) throws IOException {
    return gate.protect(
        choice,
        List.of(KeyOperation.MAKE_MAC),
        (element, head, chosen) -> {
          ByteBuffer target = ByteBuffer.allocate(MAX_LENGTH);
          element.makeMac(head, chosen.key(), ByteBuffer.wrap(message), target);
          return new Code(chosen.key(), Bytes.copyOf(target.array(), 0, target.position()));
        });
  }

  /**
   * Verifies a code.
   *
   * @param code the code, or at least 16 bytes of it from the left
   * @param message what is authenticated
   * @return whether it is right
   * @throws IOException if it is refused, or the element fails
   */
  public boolean verify(Code code, byte[] message) throws IOException {
    return verify(code, message, Optional.empty());
  }

  /**
   * Verifies a code though its key be suspended, compromised or past its period, if the key permits
   * that to who says why.
   *
   * @param code the code, or at least 16 bytes of it from the left
   * @param message what is authenticated
   * @param reason why
   * @return whether it is right
   * @throws IOException if it is refused, or the element fails
   */
  public boolean verify(Code code, byte[] message, UseReason reason) throws IOException {
    return verify(code, message, Optional.of(reason));
  }

  private boolean verify(Code code, byte[] message, Optional<UseReason> reason) throws IOException {
    return gate.use(
        code.key(),
        KeyOperation.VERIFY_MAC,
        reason,
        (element, head) ->
            element.verifyMac(
                head,
                code.key(),
                ByteBuffer.wrap(code.bytes().toByteArray()),
                ByteBuffer.wrap(message)));
  }
}
