// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.internal.check.SalvageFolder;
import dev.strongroom.file.internal.engine.Volume;
import dev.strongroom.file.internal.engine.VolumeCopy;
import dev.strongroom.file.internal.engine.VolumeOpener;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Copies whole volumes: to a backup, and back.
 *
 * <p>A backup is a volume. Whoever copies keeps writers out of the source by its lock, and opens
 * the copy before it counts.
 *
 * <p>Thread safety: confined to one thread.
 */
final class VolumeBackup {

  private static final VolumeOptions READ_ONLY = VolumeOptions.builder().readOnly().build();

  private final ElementSession session;
  private final LongConsumer copied;

  VolumeBackup(ElementSession session, LongConsumer copied) {
    this.session = session;
    this.copied = copied;
  }

  /** Brings the volume up to date, where it can be written, and copies it. */
  void back(Store volume, Store target) throws IOException {
    VolumeOpener.requireFree(target, VolumeOpener.Neighbours.NONE);
    try {
      VolumeOpener.open(session, volume, VolumeOptions.defaults()).close();
    } catch (VolumeNotWritableException | NoSpaceException e) {
      // Its journal goes with the copy, as it is.
    }
    copy(volume, target);
  }

  void back(Path directory, Path target) throws IOException {
    requireOutside(target, directory);
    back(new PathStore(directory), new PathStore(target));
  }

  /** Opens what shall be copied, so that nobody writes it, and the copy, so that it is whole. */
  private VolumeCopy copy(Store from, Store to) throws IOException {
    VolumeCopy copy;
    try (Volume held = open(from)) {
      copy = VolumeCopy.begin(held.store(), to, copied);
      try (copy) {
        copy.run();
      }
    }
    try {
      open(to).close();
      return copy;
    } catch (IOException | RuntimeException e) {
      copy.withdraw(e);
      throw e;
    }
  }

  private Volume open(Store store) throws IOException {
    return VolumeOpener.open(session, store, READ_ONLY);
  }

  /**
   * Copies a backup to where a volume is to be. One that is there is put to one side.
   *
   * @return where that is now
   */
  Optional<Path> restore(Path backup, Path target) throws IOException {
    requireOutside(target, backup);
    if (!holdsVolume(target)) {
      copy(new PathStore(backup), new PathStore(target));
      return Optional.empty();
    }
    requireOutside(backup, target);
    return Optional.of(replace(backup, target));
  }

  /** Whether something has to be put to one side: also what is left of a damaged volume. */
  private static boolean holdsVolume(Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      return false;
    }
    try {
      VolumeOpener.requireFree(new PathStore(target), VolumeOpener.Neighbours.NONE);
      return false;
    } catch (IntegrityException e) {
      return true;
    } catch (VolumeExistsException e) {
      VolumeOpener.requireNothingElse(new PathStore(target));
      return true;
    }
  }

  /** The copy is a whole volume before it takes the place of the other one. */
  private Path replace(Path backup, Path target) throws IOException {
    Path real = target.toRealPath();
    Path site = free(real, "restoring");
    try (AutoCloseable alone = new PathStore(real).lock(Store.LockMode.EXCLUSIVE)) {
      VolumeCopy copy = copy(new PathStore(backup), new PathStore(site));
      try {
        return exchange(real, site);
      } catch (IOException | RuntimeException e) {
        copy.withdraw(e);
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static Path exchange(Path volume, Path site) throws IOException {
    Path aside = free(volume, "replaced");
    Files.move(volume, aside, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(site, volume, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      Files.move(aside, volume, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
    Path parent = volume.getParent();
    if (parent != null) {
      new PathStore(parent).syncDirectory("");
    }
    return aside;
  }

  /** A name beside a directory that nothing has; a building site there counts as nothing. */
  private static Path free(Path directory, String what) throws IOException {
    Path beside = directory.resolveSibling(directory.getFileName() + "." + what);
    for (int i = 2; taken(beside); i++) {
      beside = directory.resolveSibling(directory.getFileName() + "." + what + "-" + i);
    }
    return beside;
  }

  private static boolean taken(Path place) throws IOException {
    return Files.exists(place, LinkOption.NOFOLLOW_LINKS)
        && !VolumeOpener.isBuildingSite(new PathStore(place));
  }

  private static void requireOutside(Path folder, Path volume) throws IOException {
    if (Files.isDirectory(volume)) {
      SalvageFolder.requireOutside(folder, volume);
    }
  }
}
