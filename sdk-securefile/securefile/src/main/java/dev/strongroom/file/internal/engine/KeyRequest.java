// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.RecoveryPair;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the pair of one file, as its header says where it comes from.
 *
 * <p>Thread safety: immutable.
 *
 * @param grub what the volume's own element is asked for
 * @param recovery what the recovery element is asked for, or null if the header has nothing for it
 */
record KeyRequest(GrubRequest grub, @Nullable RecoveryPair recovery) {

  /** The pair of a new file; the volume says where it comes from. */
  static KeyRequest create(Bytes uid) {
    return new KeyRequest(GrubRequest.create(uid), null);
  }

  /** The pair of a file whose header has been read, to read it. */
  static KeyRequest of(FileHeader.Clear clear) {
    return of(clear.uid(), clear.rnd(), clear.epoch(), clear.origin());
  }

  /** The pair of a file whose header is known. */
  static KeyRequest of(FileHeader header) {
    return of(header.uid, header.rnd, header.epoch, header.origin);
  }

  private static KeyRequest of(Bytes uid, Bytes rnd, int epoch, KeyOrigin origin) {
    if (origin instanceof KeyOrigin.Wrapped wrapped) {
      ManagedFileKey key =
          new ManagedFileKey(wrapped.keyId(), wrapped.wrapped(), ManagedFileKey.Intent.READ);
      return new KeyRequest(new GrubRequest(uid, rnd, epoch, key), null);
    }
    return new KeyRequest(
        GrubRequest.existing(uid, rnd, epoch), ((KeyOrigin.Derived) origin).recovery());
  }

  /** The pair of a file at its next epoch: derived again, or from a new file key. */
  static KeyRequest next(FileHeader header) {
    ManagedFileKey key =
        header.origin instanceof KeyOrigin.Wrapped wrapped
            ? ManagedFileKey.create(wrapped.keyId())
            : null;
    return new KeyRequest(new GrubRequest(header.uid, header.rnd, header.epoch + 1, key), null);
  }

  Bytes uid() {
    return grub.uid();
  }

  int epoch() {
    return grub.epoch();
  }
}
