// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.RecoveryElementException;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.RecoveryWrap;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.RecoveryPair;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pairs from the volume's recovery element, one HPKE EXPORT each, to read files with.
 *
 * <p>Thread safety: thread-safe.
 */
final class RecoverySupply implements KeySupply {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final ElementSession session;
  private final Bytes volume;
  private final MacKey secret;
  private final String place;

  /**
   * Takes pairs from a recovery element.
   *
   * @param volume the volume's id
   * @param secret the volume's key that enters into those that wrap pairs; stays the caller's
   * @param place for messages
   */
  RecoverySupply(ElementSession session, Bytes volume, MacKey secret, String place) {
    this.session = session;
    this.volume = volume;
    this.secret = secret;
    this.place = place;
  }

  /** The volume's own pair, or null if what is wrapped does not fit this element. */
  static @Nullable Grub volumePair(ElementSession session, VolumeFile copy, RecoveryPair wrapped)
      throws StrongroomException {
    try (SecretBytes exported = export(session, copy.id(), copy.uid(), copy.rnd(), 0, wrapped)) {
      return RecoveryWrap.unwrap(exported, wrapped.wrapped(), copy.rnd()).orElse(null);
    } catch (DecryptionFailedException e) {
      return null; // enc is no point of the curve
    }
  }

  /** The pair of a file, or null if what is wrapped does not fit this element, or this volume. */
  private @Nullable Grub pair(Bytes uid, Bytes rnd, int epoch, RecoveryPair wrapped)
      throws StrongroomException {
    try (SecretBytes exported = export(session, volume, uid, rnd, epoch, wrapped);
        SecretBytes kek = RecoveryWrap.kek(exported, secret)) {
      return RecoveryWrap.unwrap(kek, wrapped.wrapped(), rnd).orElse(null);
    } catch (DecryptionFailedException e) {
      return null; // enc is no point of the curve
    }
  }

  private static SecretBytes export(
      ElementSession session, Bytes volume, Bytes uid, Bytes rnd, int epoch, RecoveryPair wrapped)
      throws StrongroomException {
    return session.hpkeExport(
        HpkeSuite.P256,
        wrapped.enc(),
        RecoveryWrap.info(volume),
        RecoveryWrap.context(uid, rnd, epoch),
        RecoveryWrap.KEK);
  }

  @Override
  public List<Grub> pairs(List<KeyRequest> requests) throws StrongroomException {
    List<Grub> pairs = new ArrayList<>(requests.size());
    try {
      for (KeyRequest request : requests) {
        Bytes rnd = request.grub().rnd();
        RecoveryPair wrapped = request.recovery();
        Grub pair =
            rnd == null || wrapped == null
                ? null
                : pair(request.uid(), rnd, request.epoch(), wrapped);
        // One file must not keep the others of its batch from being read; a pair that fits
        // nothing has it refused by its own key commitment.
        pairs.add(pair != null ? pair : unfitting(request));
      }
      return pairs;
    } catch (StrongroomException | RuntimeException e) {
      pairs.forEach(Grub::close);
      throw e;
    }
  }

  private static Grub unfitting(KeyRequest request) {
    byte[] random = new byte[3 * Grub.SECRET_LENGTH];
    RANDOM.nextBytes(random);
    Bytes rnd = request.grub().rnd();
    return new Grub(
        rnd != null ? rnd : request.uid(),
        SecretBytes.copyOf(random, 0, Grub.SECRET_LENGTH),
        SecretBytes.copyOf(random, Grub.SECRET_LENGTH, Grub.SECRET_LENGTH),
        SecretBytes.copyOf(random, 2 * Grub.SECRET_LENGTH, Grub.SECRET_LENGTH));
  }

  @Override
  public List<SecretBytes> pages(KeyRequest file, long first, int count)
      throws StrongroomException {
    throw new RecoveryElementException(place, RecoveryElementException.Reason.NOT_RECOVERABLE);
  }

  @Override
  public KeyOrigin origin(KeyRequest request, Grub pair) {
    throw new IllegalStateException("the recovery element makes no files in this volume");
  }

  @Override
  public void close() {}
}
