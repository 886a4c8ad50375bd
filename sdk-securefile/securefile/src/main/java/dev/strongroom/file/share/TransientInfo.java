// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.internal.share.TransientFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a transient file shows to everybody, without any element. The signature is verified; whose
 * card it is, nobody can tell who has not confirmed its fingerprint.
 *
 * <p>Thread safety: immutable.
 *
 * @param transientId the file's one-time id, 16 bytes
 * @param outboxId the sender's outbox, 16 bytes
 * @param sender the card of the element that signed it
 * @param created when it was sent, by the sender's clock
 * @param expiry when it expires, or null
 * @param revision how often its recipients were set, from 1 on
 * @param length of the whole file in bytes
 * @param recipients those it was sent to
 */
public record TransientInfo(
    Bytes transientId,
    Bytes outboxId,
    ElementCard sender,
    Instant created,
    @Nullable Instant expiry,
    int revision,
    long length,
    List<Recipient> recipients) {

  /**
   * Reads a transient file's public part.
   *
   * @param file the file
   * @return what it shows
   * @throws dev.strongroom.file.IntegrityException if it is no transient file, or was altered
   * @throws dev.strongroom.file.FormatVersionException if a later release wrote it
   * @throws IOException if it cannot be read
   */
  public static TransientInfo read(Path file) throws IOException {
    return TransientFiles.inspect(file);
  }

  /**
   * When it expires, by the sender's wish.
   *
   * @return the time, or empty
   */
  public Optional<Instant> expires() {
    return Optional.ofNullable(expiry);
  }

  /**
   * Whether it has expired.
   *
   * @param now the time that its expiry is compared with
   * @return whether the sender's time for it has passed
   */
  public boolean isExpired(Instant now) {
    return expiry != null && !now.isBefore(expiry);
  }
}
