// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.file.internal.crypto.RecoveryWrap;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.RecoveryPair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pairs from an element of the volume, by GRUB; those of new files go to the recovery element, too,
 * if the volume has one.
 *
 * <p>Thread safety: thread-safe.
 */
final class ElementSupply implements KeySupply {

  private final ElementSession session;
  private final Bytes volume;
  private final ManagedFileKey.Intent intent;
  private final @Nullable Bytes managedKey;
  private final @Nullable RecoveryWrap recovery;

  /**
   * Takes pairs from an element.
   *
   * @param volume the volume's id
   * @param intent what the keys of files that have a file key are wanted for
   * @param managedKey the managed key that wraps the file keys of new files; null: they are derived
   * @param recovery wraps the pairs of new files, or null
   */
  ElementSupply(
      ElementSession session,
      Bytes volume,
      ManagedFileKey.Intent intent,
      @Nullable Bytes managedKey,
      @Nullable RecoveryWrap recovery) {
    this.session = session;
    this.volume = volume;
    this.intent = intent;
    this.managedKey = managedKey;
    this.recovery = recovery;
  }

  @Override
  public List<Grub> pairs(List<KeyRequest> requests) throws StrongroomException {
    List<GrubRequest> asked = new ArrayList<>(requests.size());
    for (KeyRequest request : requests) {
      asked.add(request(request));
    }
    return session.grub(volume, asked);
  }

  @Override
  public List<SecretBytes> pages(KeyRequest file, long first, int count)
      throws StrongroomException {
    return session.pageGrub(volume, request(file), first, count);
  }

  private GrubRequest request(KeyRequest request) {
    GrubRequest grub = request.grub();
    ManagedFileKey key = grub.fileKey();
    if (key == null) {
      return grub.rnd() != null || managedKey == null
          ? grub
          : new GrubRequest(grub.uid(), null, grub.epoch(), ManagedFileKey.create(managedKey));
    }
    if (key.wrapped() == null) {
      return managedKey == null
          ? grub
          : new GrubRequest(
              grub.uid(), grub.rnd(), grub.epoch(), ManagedFileKey.create(managedKey));
    }
    return new GrubRequest(
        grub.uid(),
        grub.rnd(),
        grub.epoch(),
        new ManagedFileKey(key.keyId(), key.wrapped(), intent));
  }

  @Override
  public KeyOrigin origin(KeyRequest request, Grub pair) {
    Bytes wrapped = pair.wrapped();
    ManagedFileKey key = request(request).fileKey();
    if (wrapped != null && key != null) {
      return new KeyOrigin.Wrapped(key.keyId(), wrapped);
    }
    return recovery == null
        ? KeyOrigin.DERIVED
        : new KeyOrigin.Derived(
            new RecoveryPair(recovery.enc(), recovery.wrap(request.uid(), request.epoch(), pair)));
  }

  @Override
  public void close() {
    if (recovery != null) {
      recovery.close();
    }
  }
}
