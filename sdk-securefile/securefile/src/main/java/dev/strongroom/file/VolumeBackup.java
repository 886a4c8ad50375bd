// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Role;
import dev.strongroom.file.internal.check.SalvageFolder;
import dev.strongroom.file.internal.engine.ContactStore;
import dev.strongroom.file.internal.engine.HostFileCopy;
import dev.strongroom.file.internal.engine.Volume;
import dev.strongroom.file.internal.engine.VolumeOpener;
import dev.strongroom.file.internal.share.ContactBook;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

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

  /** What an administrator may let count by restoring it. */
  private static final Set<LedgerState> ACCEPTABLE =
      EnumSet.of(LedgerState.OLDER, LedgerState.LOST, LedgerState.FOREIGN, LedgerState.AHEAD);

  private final ElementSession session;
  private final LongConsumer copied;

  /** What the element may find wrong with the ledger of what is copied. */
  private final Set<LedgerState> accepted;

  private @Nullable LedgerRepair repair;

  private VolumeBackup(ElementSession session, LongConsumer copied, Set<LedgerState> accepted) {
    this.session = session;
    this.copied = copied;
    this.accepted = accepted;
  }

  static VolumeBackup of(ElementSession session, LongConsumer copied) {
    return new VolumeBackup(session, copied, EnumSet.noneOf(LedgerState.class));
  }

  /** One by which an administrator lets an older state of the volume count. */
  static VolumeBackup accepting(
      ElementSession session, SecretBytes administratorPin, LongConsumer copied)
      throws StrongroomException {
    session.element().verify(Role.ADMINISTRATOR, administratorPin);
    return new VolumeBackup(session, copied, ACCEPTABLE);
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

  /** Nobody writes what is copied, and the copy is whole. */
  private HostFileCopy copy(Store from, Store to) throws IOException {
    HostFileCopy copy;
    Closeable held = hold(from);
    try (held) {
      copy = HostFileCopy.begin(from, to, copied);
      try (copy) {
        copy.run();
      }
    }
    try {
      hold(to).close();
      return copy;
    } catch (IOException | RuntimeException e) {
      copy.withdraw(e);
      throw e;
    }
  }

  /** Opens a volume for reading; one with an old ledger that is accepted is only locked. */
  private Closeable hold(Store store) throws IOException {
    try {
      return VolumeOpener.open(session, store, READ_ONLY)::close;
    } catch (LedgerException e) {
      if (!accepted.contains(e.state())) {
        throw e;
      }
      repair = e.state().repair();
      AutoCloseable lock = store.lock(Store.LockMode.SHARED);
      return () -> close(lock);
    }
  }

  private static void close(AutoCloseable lock) throws IOException {
    try {
      lock.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /**
   * Copies a backup to where a volume is to be. One that is there is put to one side.
   *
   * @return where that is now
   */
  Optional<Path> restore(Path backup, Path target) throws IOException {
    requireOutside(target, backup);
    Optional<Path> replaced = Optional.empty();
    if (holdsVolume(target)) {
      requireOutside(backup, target);
      replaced = Optional.of(replace(backup, target));
    } else {
      copy(new PathStore(backup), new PathStore(target));
    }
    try {
      finish(target);
    } catch (IOException e) {
      throw new RestoreUnfinishedException(target, replaced.orElse(null), e);
    }
    return replaced;
  }

  /** Makes the copy the volume's state, whose files get numbers that were never given. */
  private void finish(Path target) throws IOException {
    Volume volume;
    try {
      volume = VolumeOpener.open(session, new PathStore(target), VolumeOptions.defaults(), repair);
    } catch (LedgerException | RecoveryElementException e) {
      if (repair != null) {
        throw e;
      }
      return; // it only reads with this element, a twin or the recovery element: nothing is sent
    }
    try (volume) {
      new ContactBook(new ContactStore(volume), volume.clock()).renewUsedOutbox();
    }
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
    AutoCloseable alone = new PathStore(real).lock(Store.LockMode.EXCLUSIVE);
    Closeable unlocking = () -> close(alone);
    try (unlocking) {
      HostFileCopy copy = copy(new PathStore(backup), new PathStore(site));
      try {
        return exchange(real, site);
      } catch (IOException | RuntimeException e) {
        copy.withdraw(e);
        throw e;
      }
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
