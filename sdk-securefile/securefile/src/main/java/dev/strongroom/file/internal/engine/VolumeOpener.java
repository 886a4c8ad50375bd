// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementKeyChangedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFileException;
import dev.strongroom.file.StaleElementException;
import dev.strongroom.file.VolumeExistsException;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.VolumeNotWritableException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import dev.strongroom.file.internal.format.v1.ElementRecord;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.SystemFile;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.internal.format.v1.VolumeFileState;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes and opens volumes.
 *
 * <p>Thread safety: stateless.
 */
public final class VolumeOpener {

  /** What else may lie in the directory of a new volume. */
  public enum Neighbours {
    /** Nothing. */
    NONE,
    /** Files that are not ours; they are left alone. */
    ALLOWED
  }

  static final String FRESH = Names.VOLUME + ".new";

  /** What the names of a volume's host files begin with. */
  private static final String OURS = "strongroom.";

  private static final SecureRandom RANDOM = new SecureRandom();

  private VolumeOpener() {}

  /**
   * Makes a volume and opens it. The volume file appears last, so that a crash before leaves none.
   *
   * @param session the element's session
   * @param store an absent or empty folder
   * @param options how
   * @param neighbours what else may lie there
   * @return the open volume
   * @throws VolumeExistsException if there is a volume or something else in the way
   * @throws IntegrityException if there is a volume whose volume file is missing
   * @throws IOException if the element or the store fails
   */
  public static Volume create(
      ElementSession session, Store store, VolumeOptions options, Neighbours neighbours)
      throws IOException {
    int uriBytes = options.elementUri().getBytes(StandardCharsets.UTF_8).length;
    if (uriBytes > VolumeFile.MAX_URI) {
      throw new IllegalArgumentException(
          "the element URI has " + uriBytes + " bytes, at most " + VolumeFile.MAX_URI + " fit");
    }
    NewVolume.requireAnother(session, store.toString(), options.recoveryElement());
    requireFree(store, neighbours);
    boolean made = !store.exists("");
    AutoCloseable lock = lock(store, Store.LockMode.EXCLUSIVE);
    try {
      requireFree(store, neighbours);
    } catch (IOException e) {
      closeAfter(e, lock);
      throw e;
    }
    try {
      return build(session, store, options, lock);
    } catch (IOException | RuntimeException e) {
      if (!store.exists(Names.VOLUME)) {
        closeAfter(e, () -> removeUnfinished(store, made));
      }
      closeAfter(e, lock);
      throw e;
    }
  }

  private static Volume build(
      ElementSession session, Store store, VolumeOptions options, AutoCloseable lock)
      throws IOException {
    markUnfinished(store);
    try (NewVolume made = NewVolume.draw(session, options)) {
      byte[] copy = made.file().encode(made.keys());
      Volume volume = volume(session, store, options, made, copy, lock);
      volume.lock.lock();
      try {
        if (options.freshness() == Freshness.STRICT) {
          volume.ledger.make(made.ledger());
        }
        FileTable.createRoot(volume, made.root());
        volume.commits.commit(List.of(), true);
        volume.commits.checkpoint();
        volume.ledger.settle();
        publish(store, copy, copy);
      } catch (IOException | RuntimeException e) {
        closeAfter(e, volume::abandon);
        throw e;
      } finally {
        volume.lock.unlock();
      }
      return volume;
    }
  }

  /** A volume with an empty journal, and nothing else yet. */
  private static Volume volume(
      ElementSession session,
      Store store,
      VolumeOptions options,
      NewVolume made,
      byte[] copy,
      AutoCloseable lock)
      throws IOException {
    try {
      VolumeFile file = made.file();
      VolumeKeys keys = made.keys();
      if (store.exists(Names.SCRATCH)) {
        store.delete(Names.SCRATCH);
      }
      Journal.create(
          store,
          file.id(),
          keys.journal(),
          options.journalBytes(),
          random(32),
          session.info().serialNumber(),
          generation(session));
      Journal journal = Journal.open(store, file.id(), keys.journal(), Store.Access.WRITE);
      VolumeFileState state = VolumeFileState.of(copy);
      return new Volume(session, store, options, file, state, keys, journal, made.supply(), lock);
    } catch (IOException | RuntimeException e) {
      made.abandon();
      throw e;
    }
  }

  /** Takes the lock, for a writer in a directory that is made when it is missing. */
  static AutoCloseable lock(Store store, Store.LockMode mode) throws IOException {
    try {
      if (mode == Store.LockMode.EXCLUSIVE) {
        store.createDirectory("");
      }
      return store.lock(mode);
    } catch (AccessDeniedException e) {
      throw new VolumeNotWritableException(store.toString(), e);
    } catch (FileSystemException e) {
      if (e.getClass() == FileSystemException.class) {
        throw new VolumeNotWritableException(store.toString(), e);
      }
      throw e;
    }
  }

  /** Removes what an attempt to make a volume has made; its marker last. */
  private static void removeUnfinished(Store store, boolean made) throws IOException {
    List<String> hosts =
        List.of(
            FileTable.ROOT_HOST,
            SystemFile.LEDGER.host(),
            Names.TRANSIT,
            Names.FILES,
            Names.SCRATCH,
            Names.JOURNAL,
            FRESH,
            PathStore.LOCK);
    for (String host : hosts) {
      if (store.exists(host)) {
        store.delete(host);
      }
    }
    if (made) {
      store.delete("");
    }
  }

  /** From now on, and until the volume file is there, this is our building site. */
  static void markUnfinished(Store store) throws IOException {
    try (StoreFile marker = store.open(FRESH, Store.Access.CREATE)) {
      marker.sync();
    }
    store.syncDirectory("");
  }

  /** Makes a building site a volume, whose volume file consists of these parts. */
  static void publish(Store store, byte[]... parts) throws IOException {
    try (StoreFile file = store.open(FRESH, Store.Access.CREATE)) {
      file.truncate(0);
      int at = 0;
      for (byte[] part : parts) {
        file.write(at, part, 0, part.length);
        at += part.length;
      }
      file.sync();
    }
    store.syncDirectory("");
    store.move(FRESH, Names.VOLUME);
    store.syncDirectory("");
  }

  /**
   * Whether a folder holds a volume that is not finished, and nothing else.
   *
   * @param store the folder
   * @return whether a new volume may be made there
   * @throws IOException if it cannot be read
   */
  public static boolean isBuildingSite(Store store) throws IOException {
    List<String> names = names(store);
    return names.contains(FRESH)
        && !names.contains(Names.VOLUME)
        && names.stream().allMatch(name -> name.startsWith(OURS));
  }

  /**
   * Refuses a folder in which there is anything but a volume.
   *
   * @param store the folder
   * @throws VolumeExistsException naming what else is there
   * @throws IOException if it cannot be read
   */
  public static void requireNothingElse(Store store) throws IOException {
    for (String name : names(store)) {
      if (!name.startsWith(OURS)) {
        throw new VolumeExistsException(
            store.toString(), "the directory is not empty, it holds " + name);
      }
    }
  }

  /**
   * Refuses a folder in which no volume can be made.
   *
   * @param store the folder
   * @param neighbours what else may lie there
   * @throws VolumeExistsException if there is a volume, or what may not be there
   * @throws IntegrityException if there is a volume whose volume file is missing
   * @throws IOException if it cannot be read
   */
  public static void requireFree(Store store, Neighbours neighbours) throws IOException {
    List<String> names;
    try {
      if (!store.exists("")) {
        return;
      }
      names = store.list("");
    } catch (NoSuchFileException e) {
      return;
    } catch (NotDirectoryException e) {
      throw new VolumeExistsException(store.toString(), "it is a file");
    }
    if (names.contains(Names.VOLUME)) {
      throw new VolumeExistsException(store.toString(), "there is a volume already");
    }
    requireVolumeFile(names);
    if (neighbours == Neighbours.NONE) {
      requireNothingElse(store);
    }
  }

  /**
   * Opens a volume, after a crash with what the journal holds.
   *
   * @param session the session of the element that it was made with
   * @param store its folder
   * @param options how
   * @return the open volume
   * @throws VolumeNotFoundException if there is none
   * @throws IntegrityException if its volume file is missing or damaged
   * @throws WrongElementException if it belongs to another element
   * @throws dev.strongroom.file.WrongMakerException if it was made with another element than the
   *     options say
   * @throws ElementKeyChangedException if the element has another channel key than was recorded
   * @throws StaleElementException if the element is an old copy of itself
   * @throws IOException if it is damaged, in use, or cannot be read
   */
  public static Volume open(ElementSession session, Store store, VolumeOptions options)
      throws IOException {
    return open(session, store, options, ElementAdmission.Guests.NAMED, null);
  }

  /**
   * Opens a volume for reading with its recovery element, or any element that derives its keys,
   * whether the volume names it or not.
   *
   * @param session a session of that element
   * @param store its folder
   * @param options how, for reading only
   * @return the open volume
   * @throws WrongElementException if the element derives other keys
   * @throws IOException as {@link #open(ElementSession, Store, VolumeOptions)}
   */
  public static Volume openToRecover(ElementSession session, Store store, VolumeOptions options)
      throws IOException {
    return open(session, store, options, ElementAdmission.Guests.ANY, null);
  }

  /**
   * Opens a volume for writing with an element that derives its keys, whether the volume names it
   * or not, and makes it one that vouches for the ledger; it is named from then on.
   *
   * @param session a session of that element
   * @param store the volume's folder
   * @param options how, for writing
   * @return the open volume
   * @throws WrongElementException if the element derives other keys
   * @throws LedgerException if something else would have to be done about the ledger
   * @throws IOException as {@link #open(ElementSession, Store, VolumeOptions)}
   */
  static Volume openToAdopt(ElementSession session, Store store, VolumeOptions options)
      throws IOException {
    return open(session, store, options, ElementAdmission.Guests.ADOPTED, LedgerRepair.ADOPT);
  }

  /**
   * Opens a volume, and does what an administrator has asked for if the element does not vouch for
   * its ledger.
   *
   * @param session the session of the element that it was made with
   * @param store its folder
   * @param options how
   * @param repair what the administrator wants, or null
   * @return the open volume
   * @throws LedgerException if the element does not vouch for its ledger, and that is not what was
   *     asked for
   * @throws IOException as without it
   */
  public static Volume open(
      ElementSession session, Store store, VolumeOptions options, @Nullable LedgerRepair repair)
      throws IOException {
    return open(session, store, options, ElementAdmission.Guests.NAMED, repair);
  }

  private static Volume open(
      ElementSession session,
      Store store,
      VolumeOptions options,
      ElementAdmission.Guests guests,
      @Nullable LedgerRepair repair)
      throws IOException {
    List<byte[]> copies = copies(store);
    describe(store, copies);
    ElementAdmission admission =
        ElementAdmission.of(session, store.toString(), options, parsed(store, copies), guests);
    AutoCloseable lock =
        lock(store, options.readOnly() ? Store.LockMode.SHARED : Store.LockMode.EXCLUSIVE);
    VolumeKeys keys = null;
    try (EarlyKeys early = new EarlyKeys()) {
      VolumeFile file = null;
      byte[] good = null;
      String problem = "";
      boolean otherKeys = true;
      SecureFileException refused = null;
      for (byte[] copy : copies) {
        VolumeFile parsed = good != null ? null : parse(store, copy);
        if (parsed == null) {
          continue;
        }
        try {
          admission.requireMaker(parsed, copy);
        } catch (SecureFileException e) {
          refused = refused == null ? e : refused;
          continue;
        }
        try (Grub pair = admission.pair(parsed, store, early)) {
          if (pair == null) {
            problem = "the wrapped pair does not open";
            continue;
          }
          VolumeKeys candidate = VolumeKeys.of(pair);
          String wrong = VolumeFile.problem(copy, candidate);
          if (wrong == null) {
            keys = candidate;
            good = newest(store, copies, candidate, copy);
            file = Objects.requireNonNull(parse(store, good));
          } else {
            problem = wrong;
            otherKeys &= !VolumeFile.fits(copy, candidate);
            candidate.close();
          }
        }
      }
      if (file == null || good == null || keys == null) {
        if (refused != null) {
          throw refused;
        }
        if (otherKeys) {
          admission.explainRefusal();
        }
        throw volumeFileDamaged("both copies: " + problem);
      }
      VolumeFile.requireKnown(store.toString(), good);
      admission.requireRole(file);
      boolean damaged = copies.size() < 2 || !Arrays.equals(copies.get(0), copies.get(1));
      if (!options.readOnly() && damaged) {
        repair(store, good);
      }
      ElementRecord pinned = admission.pinned(file);
      ElementRecord adopted = admission.adopted(file);
      VolumeFileState state = VolumeFileState.of(good);
      Volume volume =
          open(session, store, options, repair, file, state, keys, admission, adopted, early, lock);
      if (pinned != null) {
        // After the ledger has been compared with the volume file that was found.
        record(volume, pinned);
      }
      if (!options.readOnly() && damaged) {
        volume.repaired(FindingKind.VOLUME_FILE, Names.VOLUME, "written again from the other copy");
      }
      return volume;
    } catch (IOException | RuntimeException e) {
      if (keys != null) {
        keys.close();
      }
      closeAfter(e, lock);
      throw e;
    }
  }

  /** Of several authentic copies the one that was written last. */
  private static byte[] newest(Store store, List<byte[]> copies, VolumeKeys keys, byte[] found) {
    byte[] newest = found;
    for (byte[] copy : copies) {
      boolean later =
          Long.compareUnsigned(
                  VolumeFileState.of(copy).revision(), VolumeFileState.of(newest).revision())
              > 0;
      if (later && parse(store, copy) != null && VolumeFile.problem(copy, keys) == null) {
        newest = copy;
      }
    }
    return newest;
  }

  /** Records an element in an open volume; one that has no room for it stays open. */
  private static void record(Volume volume, ElementRecord element) throws IOException {
    try {
      volume.record(element);
    } catch (NoSpaceException e) {
      volume.log("the ledger does not name the volume file as it is yet", e);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, volume::abandon);
      throw e;
    }
  }

  private static List<VolumeFile> parsed(Store store, List<byte[]> copies) {
    return copies.stream().map(copy -> parse(store, copy)).filter(Objects::nonNull).toList();
  }

  private static Volume open(
      ElementSession session,
      Store store,
      VolumeOptions options,
      @Nullable LedgerRepair repair,
      VolumeFile file,
      VolumeFileState state,
      VolumeKeys keys,
      ElementAdmission admission,
      @Nullable ElementRecord adopted,
      EarlyKeys early,
      AutoCloseable lock)
      throws IOException {
    KeySupply supply = admission.supply(file, keys);
    CorruptJournalException passedOver = null;
    List<JournalRecord> records = List.of();
    Journal journal = null;
    try {
      journal =
          Journal.open(
              store,
              file.id(),
              keys.journal(),
              options.readOnly() ? Store.Access.READ : Store.Access.WRITE);
      requireCurrent(session, store, journal);
      records = journal.scan();
    } catch (CorruptJournalException e) {
      closeAfter(e, journal == null ? () -> {} : journal::close);
      if (!options.ignoreDamagedJournal()) {
        throw e;
      }
      passedOver = e;
      journal = Journal.none(store, file.id(), keys.journal());
    } catch (IOException | RuntimeException e) {
      closeAfter(e, journal == null ? () -> {} : journal::close);
      closeAfter(e, supply);
      throw e;
    }
    try {
      Volume volume = new Volume(session, store, options, file, state, keys, journal, supply, lock);
      volume.lock.lock();
      try {
        volume.early = early;
        Set<String> keep = Set.of();
        if (!records.isEmpty()) {
          Recovery recovery = new Recovery(volume, records);
          try {
            recovery.run();
          } catch (CorruptJournalException e) {
            if (!options.ignoreDamagedJournal()) {
              throw e;
            }
            passedOver = e;
            volume.forgetRecovered();
          }
          keep = recovery.ignoredHosts();
        }
        if (passedOver != null) {
          volume.found(FindingKind.JOURNAL, Severity.DAMAGE, Names.JOURNAL, passedOver.problem());
        }
        if (!options.readOnly()) {
          putInPlace(volume, keep);
        }
        if (passedOver == null) {
          new LedgerOpening(volume, repair, adopted).run();
          loadRoot(volume);
        } else {
          new LedgerOpening(volume, null, null).runWithoutJournal();
        }
      } catch (IOException | RuntimeException e) {
        closeAfter(e, volume::abandon);
        throw e;
      } finally {
        volume.lock.unlock();
      }
      return volume;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, journal::close);
      closeAfter(e, supply);
      throw e;
    }
  }

  /** Brings the root directory in if its keys are there; what is wrong shows when it is used. */
  private static void loadRoot(Volume volume) throws IOException {
    if (!volume.early.contains(volume.file.root())) {
      return;
    }
    try {
      KeyRing.change(
          volume,
          keys -> {
            try {
              volume.files.root(keys);
            } catch (KeyRing.KeysNeeded e) {
              volume.log("the root directory is read when it is needed", null);
            }
          });
    } catch (SecureFileException e) {
      volume.log("the root directory cannot be read", e);
    }
  }

  /**
   * Puts in place what the journal holds. On a medium that is too full it stays in the journal, so
   * that files can be read, and removed to make room.
   */
  private static void putInPlace(Volume volume, Set<String> ignored) throws IOException {
    NoSpaceException full = null;
    if (!volume.journal.isEmpty()) {
      try {
        volume.commits.checkpoint();
      } catch (NoSpaceException e) {
        full = e;
      }
    }
    Set<String> keep = new HashSet<>(ignored);
    volume.nodes.values().forEach(node -> keep.add(node.from));
    removeLeftOvers(volume.store, keep);
    if (full != null) {
      volume.keepInJournal(full);
    }
  }

  /** Host files on their way that no record knows were never committed. */
  private static void removeLeftOvers(Store store, Set<String> keep) throws IOException {
    if (store.exists(Names.TRANSIT)) {
      for (String name : store.list(Names.TRANSIT)) {
        String host = Names.TRANSIT + "/" + name;
        if (!keep.contains(host)) {
          store.delete(host);
        }
      }
    }
  }

  /**
   * Reads what a volume shows to anybody.
   *
   * @param store its folder
   * @return what the volume file says, not authenticated
   * @throws IOException if there is none or it cannot be read
   */
  public static VolumeFile describe(Store store) throws IOException {
    return describe(store, copies(store));
  }

  private static VolumeFile describe(Store store, List<byte[]> copies) throws IOException {
    for (byte[] copy : copies) {
      VolumeFile file = parse(store, copy);
      if (file != null) {
        return file;
      }
    }
    for (byte[] copy : copies) {
      VolumeFile.parse(store.toString(), copy); // names a format that is not known
    }
    throw volumeFileDamaged("neither copy can be read");
  }

  static @Nullable VolumeFile parse(Store store, byte[] copy) {
    try {
      return VolumeFile.parse(store.toString(), copy);
    } catch (FormatVersionException e) {
      return null;
    }
  }

  private static IntegrityException volumeFileDamaged(String detail) {
    return new IntegrityException(Names.VOLUME, "volume file", -1, -1, -1, detail);
  }

  /** A volume that has lost its volume file is damaged; one that is still being made is not. */
  private static void requireVolumeFile(List<String> names) throws IntegrityException {
    boolean absent = !names.contains(Names.VOLUME) && !names.contains(FRESH);
    if (absent && (names.contains(Names.JOURNAL) || names.contains(Names.FILES))) {
      throw volumeFileDamaged("there is a volume whose " + Names.VOLUME + " is missing");
    }
  }

  private static List<String> names(Store store) throws IOException {
    try {
      return store.list("");
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  static List<byte[]> copies(Store store) throws IOException {
    byte[] both = new byte[2 * VolumeFile.BYTES];
    int length;
    try (StoreFile file = store.open(Names.VOLUME, Store.Access.READ)) {
      length = file.read(0, both, 0, both.length);
    } catch (NoSuchFileException | NotDirectoryException e) {
      requireVolumeFile(names(store));
      throw new VolumeNotFoundException(store.toString(), Names.VOLUME + " is missing");
    }
    List<byte[]> copies = new ArrayList<>();
    for (int at = 0; at + VolumeFile.BYTES <= length; at += VolumeFile.BYTES) {
      copies.add(Arrays.copyOfRange(both, at, at + VolumeFile.BYTES));
    }
    return copies;
  }

  /** Makes a new copy of the volume file out of an authentic one. */
  interface Change {
    byte[] of(byte[] copy) throws IOException;
  }

  /**
   * Changes the volume file, first copy first, which counts from then on.
   *
   * @param known its state so far; a file in another one was put there by somebody else
   * @return the new copy
   */
  static byte[] rewrite(Store store, Change change, VolumeFileState known, VolumeKeys keys)
      throws IOException {
    for (byte[] copy : copies(store)) {
      boolean own = parse(store, copy) != null && VolumeFileState.of(copy).equals(known);
      if (own && VolumeFile.problem(copy, keys) == null) {
        byte[] changed = change.of(copy);
        try (StoreFile file = store.open(Names.VOLUME, Store.Access.WRITE)) {
          file.write(0, changed, 0, changed.length);
          file.sync();
          file.write(changed.length, changed, 0, changed.length);
          file.sync();
        }
        return changed;
      }
    }
    throw volumeFileDamaged("neither copy is the one that the volume was opened with");
  }

  static void repair(Store store, byte[] good) throws IOException {
    // The good copy stays as it is, so that a crash in the middle leaves at least that one.
    try (StoreFile file = store.open(Names.VOLUME, Store.Access.WRITE)) {
      byte[] first = new byte[VolumeFile.BYTES];
      int read = file.read(0, first, 0, first.length);
      boolean firstIsGood = read == first.length && Arrays.equals(first, good);
      file.write(firstIsGood ? VolumeFile.BYTES : 0, good, 0, good.length);
      file.sync();
    }
  }

  /** The element's state generation, 0 for elements that do not count it. */
  private static long generation(ElementSession session) throws IOException {
    boolean counted = session.info().capabilities().contains(Capability.GENERATION);
    return counted ? session.status().generation() : 0;
  }

  private static void requireCurrent(ElementSession session, Store store, Journal journal)
      throws IOException {
    Bytes serial = session.info().serialNumber();
    long found = generation(session);
    long recorded = journal.elementGeneration(serial);
    if (found < recorded) {
      throw new StaleElementException(store.toString(), serial, recorded, found);
    }
    journal.elementGeneration(serial, found);
  }

  private static Bytes random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  static void closeAfter(Throwable failure, @Nullable AutoCloseable resource) {
    try {
      if (resource != null) {
        resource.close();
      }
    } catch (Exception e) {
      failure.addSuppressed(e);
    }
  }
}
