// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.file.ElementNotAddedException;
import dev.strongroom.file.ElementNotAddedException.Reason;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import dev.strongroom.file.internal.format.v1.ElementRecord;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.util.List;

/**
 * Makes a twin of a volume's element one that opens the volume, once it has shown that it derives
 * the same keys.
 *
 * <p>Thread safety: stateless.
 */
public final class ElementAddition {

  private ElementAddition() {}

  /**
   * Adds a twin to an open volume.
   *
   * @param volume open for writing
   * @param twin a session of the other element
   * @throws ElementNotAddedException if it is none, or the volume takes none
   * @throws IOException if the element or the store fails
   */
  public static void add(Volume volume, ElementSession twin) throws IOException {
    volume.requireWritable();
    String place = volume.store.toString();
    if (isNamed(volume.file, place, twin)) {
      return;
    }
    requireRoom(volume.file, place, twin);
    boolean fits = false;
    for (byte[] copy : VolumeOpener.copies(volume.store)) {
      fits |= fits(volume.file, copy, twin);
    }
    if (!fits) {
      throw refused(place, twin, Reason.OTHER_KEYS);
    }
    volume.record(record(twin));
  }

  /**
   * Opens a volume with a twin whose own element need not be there, and makes the twin one that
   * opens it and vouches for its ledger: both with one change of the volume file, or neither.
   *
   * @param twin a session of the other element
   * @param store the volume's folder
   * @param options how, for writing
   * @return the open volume
   * @throws ElementNotAddedException if it is none, or the volume takes none
   * @throws IOException if the volume is in use or damaged, or the element or the store fails
   */
  public static Volume adopt(ElementSession twin, Store store, VolumeOptions options)
      throws IOException {
    String place = store.toString();
    VolumeFile shown = VolumeOpener.describe(store);
    if (!isNamed(shown, place, twin)) {
      requireRoom(shown, place, twin);
    }
    try {
      return VolumeOpener.openToAdopt(twin, store, options);
    } catch (WrongElementException e) {
      throw refused(place, twin, Reason.OTHER_KEYS);
    }
  }

  private static boolean isNamed(VolumeFile file, String place, ElementSession twin)
      throws ElementNotAddedException {
    ElementRecord known = file.elements().find(twin.info().serialNumber());
    if (known != null && known.role() == ElementRole.RECOVERY) {
      throw refused(place, twin, Reason.RECOVERY);
    }
    return known != null;
  }

  static void requireRoom(VolumeFile file, String place, ElementSession twin)
      throws ElementNotAddedException {
    if (file.origin() instanceof KeyOrigin.Wrapped) {
      throw refused(place, twin, Reason.MANAGED_KEY);
    }
    if (file.system().freshness() == Freshness.STRICT) {
      throw refused(place, twin, Reason.STRICT);
    }
    if (file.elements().all().size() >= ElementRecord.MOST) {
      throw refused(place, twin, Reason.TOO_MANY);
    }
  }

  /** Whether a copy of the volume file is authentic under the keys that the element derives. */
  private static boolean fits(VolumeFile file, byte[] copy, ElementSession twin)
      throws IOException {
    try (VolumeKeys keys = keys(file, twin)) {
      return VolumeFile.problem(copy, keys) == null;
    }
  }

  private static VolumeKeys keys(VolumeFile file, ElementSession twin) throws IOException {
    GrubRequest own = GrubRequest.existing(file.uid(), file.rnd(), 0);
    try (Grub pair = twin.grub(file.id(), List.of(own)).get(0)) {
      return VolumeKeys.of(pair);
    }
  }

  static ElementRecord record(ElementSession twin) throws IOException {
    return ElementRecord.deriving(
        twin.info().serialNumber(),
        ElementRole.TWIN,
        ElementAdmission.identity(twin),
        twin.channelKey().orElse(null));
  }

  private static ElementNotAddedException refused(
      String place, ElementSession twin, Reason reason) {
    Bytes serial = twin.info().serialNumber();
    return new ElementNotAddedException(place, serial, reason);
  }
}
