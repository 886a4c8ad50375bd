// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.identity.Fingerprint;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.SalvageOption;
import dev.strongroom.file.internal.check.ContentTarget;
import dev.strongroom.file.internal.check.SalvageFolder;
import dev.strongroom.file.internal.engine.Attributes;
import dev.strongroom.file.internal.engine.ContactStore;
import dev.strongroom.file.internal.engine.ElementAddition;
import dev.strongroom.file.internal.engine.Freezing;
import dev.strongroom.file.internal.engine.Namespace;
import dev.strongroom.file.internal.engine.OpenFile;
import dev.strongroom.file.internal.engine.Rebuild;
import dev.strongroom.file.internal.engine.UserAttributes;
import dev.strongroom.file.internal.engine.Volume;
import dev.strongroom.file.internal.engine.VolumeCheck;
import dev.strongroom.file.internal.engine.VolumeOpener;
import dev.strongroom.file.internal.share.ContactBook;
import dev.strongroom.file.internal.share.TransientFiles;
import dev.strongroom.file.internal.share.TransientPlace;
import dev.strongroom.file.share.Contacts;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.ReceivedFile;
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.RegisteredSender;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.TransientView;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An open volume: secure files in directories, in a folder of the host.
 *
 * <pre>{@code
 * try (SecureFileSystem volume =
 *     SecureFileSystem.create(session, Path.of("vault"), VolumeOptions.defaults())) {
 *   volume.createDirectory("/letters");
 *   try (SecureFile file = volume.openFile("/letters/first", CREATE_NEW, WRITE)) {
 *     file.write(content);
 *   }
 * }
 * }</pre>
 *
 * <p>Paths have {@code /} between names; a leading one is optional, and the empty path is the root
 * directory. {@code .}, {@code ..} and symbolic links mean what they do in POSIX: links on the way
 * are followed, at most 40 of them, {@code ..} is resolved after them, and a link's target that
 * begins with {@code /} begins at the volume's root. A name has 1 to 255 bytes in UTF-8 and neither
 * {@code /} nor NUL; two names that are equal in Unicode's normal form C are the same name. Missing
 * and existing files are reported by the exceptions of {@code java.nio.file}, everything else by
 * {@link SecureFileException}s.
 *
 * <p>Times, mode, owner and user attributes are stored, encrypted and signed as the content is. The
 * mode is not enforced. A change of them, or of a name, is published as a whole within a second, or
 * by {@link #sync()}.
 *
 * <p>A volume is open in one process at a time. It is closed with its session at the latest; a
 * process that ends without closing counts as a crash, which loses at most the last second.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SecureFileSystem implements AutoCloseable {

  private final Volume volume;
  private final Namespace namespace;
  private final Attributes attributes;
  private final UserAttributes userAttributes;
  private final Freezing freezing;
  private final ContactBook contacts;
  private final TransientFiles transientFiles;

  private SecureFileSystem(Volume volume) {
    this.volume = volume;
    namespace = new Namespace(volume);
    attributes = new Attributes(volume);
    userAttributes = new UserAttributes(volume);
    freezing = new Freezing(volume);
    contacts = new ContactBook(new ContactStore(volume), volume.clock());
    transientFiles = new TransientFiles(volume, namespace, contacts);
  }

  /**
   * Makes a volume in an absent or empty directory and opens it.
   *
   * @param session a session of the element that will hold the keys
   * @param directory the directory; its parent must exist
   * @param options how
   * @return the open volume
   * @throws VolumeExistsException if there is a volume, or anything else
   * @throws IOException if the store or the element fails
   */
  public static SecureFileSystem create(
      ElementSession session, Path directory, VolumeOptions options) throws IOException {
    return SessionVolumes.of(session)
        .add(directory, make(session, directory, options, VolumeOpener.Neighbours.NONE));
  }

  /**
   * Makes a volume in an empty store and opens it.
   *
   * @param session a session of the element that will hold the keys
   * @param store the store, closed with the volume
   * @param options how
   * @return the open volume
   * @throws VolumeExistsException if there is a volume, or anything else
   * @throws IOException if the store or the element fails
   */
  public static SecureFileSystem create(ElementSession session, Store store, VolumeOptions options)
      throws IOException {
    return SessionVolumes.of(session)
        .add(
            new SecureFileSystem(
                VolumeOpener.create(session, store, options, VolumeOpener.Neighbours.NONE)));
  }

  /**
   * The volume of a directory in which {@link SecureFile#open} opens files: opened, or made, if the
   * session has not done so yet. The session keeps it open until it closes; who closes it before
   * closes the files that others have open in it.
   *
   * @param session a session of the element that holds the keys
   * @param directory the directory on the host, made if it is not there
   * @return the open volume
   * @throws WrongElementException if the volume belongs to another element
   * @throws VolumeInUseException if another process has it open
   * @throws IOException if the store or the element fails
   */
  public static SecureFileSystem ofDirectory(ElementSession session, Path directory)
      throws IOException {
    return SessionVolumes.of(session).open(directory, StandardOpenOption.CREATE);
  }

  /** Makes a small volume in a directory that may hold other files. */
  static SecureFileSystem createBeside(
      ElementSession session, Path directory, VolumeOptions options) throws IOException {
    return SessionVolumes.of(session)
        .add(directory, make(session, directory, options, VolumeOpener.Neighbours.ALLOWED));
  }

  private static SecureFileSystem make(
      ElementSession session,
      Path directory,
      VolumeOptions options,
      VolumeOpener.Neighbours neighbours)
      throws IOException {
    return new SecureFileSystem(
        VolumeOpener.create(session, new PathStore(directory), options, neighbours));
  }

  /**
   * Opens a volume. After a crash, the files are brought to their last whole commits first.
   *
   * @param session a session of the element that the volume was made with
   * @param directory its directory
   * @param options how
   * @return the open volume
   * @throws VolumeNotFoundException if there is none
   * @throws WrongElementException if it belongs to another element
   * @throws StaleElementException if the element is an old copy of itself
   * @throws VolumeInUseException if another process, or another open in this one, has it
   * @throws LedgerException if the element does not vouch for its ledger
   * @throws CorruptJournalException if its journal is missing, cut or damaged; see {@link
   *     VolumeOptions.Builder#ignoreDamagedJournal()}
   * @throws FormatVersionException if a later release wrote it
   * @throws IntegrityException if its volume file is damaged
   * @throws IOException if the store or the element fails
   */
  public static SecureFileSystem open(ElementSession session, Path directory, VolumeOptions options)
      throws IOException {
    return SessionVolumes.of(session)
        .add(
            directory,
            new SecureFileSystem(VolumeOpener.open(session, new PathStore(directory), options)));
  }

  /**
   * Opens the volume in a store.
   *
   * @param session a session of the element that the volume was made with
   * @param store the store, closed with the volume
   * @param options how
   * @return the open volume
   * @throws IOException as {@link #open(ElementSession, Path, VolumeOptions)}
   */
  public static SecureFileSystem open(ElementSession session, Store store, VolumeOptions options)
      throws IOException {
    return SessionVolumes.of(session)
        .add(new SecureFileSystem(VolumeOpener.open(session, store, options)));
  }

  /**
   * Opens a volume whose ledger the element does not vouch for, as an administrator wants it. If it
   * does vouch for it, and its pages are whole, the volume is opened as by {@link
   * #open(ElementSession, Path, VolumeOptions)}, and nothing is recorded. What is sent after an
   * older copy of the volume was made to count comes from a new outbox, see {@link
   * Contacts#renewOutbox()}; where that fails, the volume counts all the same.
   *
   * @param session a session of the element
   * @param directory the volume's directory
   * @param options how, for writing
   * @param repair what is to be done; recorded in the volume, see {@link
   *     VolumeInfo#ledgerRepairs()}
   * @param administratorPin the administrator's PIN, UTF-8
   * @return the open volume
   * @throws dev.strongroom.core.device.AuthenticationFailedException if the PIN is wrong
   * @throws LedgerException if something else would have to be done; see {@link
   *     LedgerState#repair()}
   * @throws java.nio.file.ReadOnlyFileSystemException if the options are for reading only
   * @throws IOException as {@link #open(ElementSession, Path, VolumeOptions)}
   */
  public static SecureFileSystem open(
      ElementSession session,
      Path directory,
      VolumeOptions options,
      LedgerRepair repair,
      SecretBytes administratorPin)
      throws IOException {
    return SessionVolumes.of(session)
        .add(
            directory,
            repaired(session, new PathStore(directory), options, repair, administratorPin));
  }

  /**
   * The same of the volume in a store.
   *
   * @param session a session of the element
   * @param store the store, closed with the volume
   * @param options how, for writing
   * @param repair what is to be done
   * @param administratorPin the administrator's PIN, UTF-8
   * @return the open volume
   * @throws IOException as {@link #open(ElementSession, Path, VolumeOptions, LedgerRepair,
   *     SecretBytes)}
   */
  public static SecureFileSystem open(
      ElementSession session,
      Store store,
      VolumeOptions options,
      LedgerRepair repair,
      SecretBytes administratorPin)
      throws IOException {
    return SessionVolumes.of(session)
        .add(repaired(session, store, options, repair, administratorPin));
  }

  private static SecureFileSystem repaired(
      ElementSession session,
      Store store,
      VolumeOptions options,
      LedgerRepair repair,
      SecretBytes administratorPin)
      throws IOException {
    if (options.readOnly()) {
      throw new ReadOnlyFileSystemException();
    }
    session.element().verify(Role.ADMINISTRATOR, administratorPin);
    Volume volume = VolumeOpener.open(session, store, options, repair);
    SecureFileSystem files = new SecureFileSystem(volume);
    // What an adopting twin sends has another sender's signature, and so numbers of its own.
    if (volume.ledgerRepair().filter(done -> done != LedgerRepair.ADOPT).isPresent()) {
      files.renewUsedOutbox();
    }
    return files;
  }

  private void renewUsedOutbox() throws IOException {
    try {
      contacts.renewUsedOutbox();
    } catch (IOException | RuntimeException e) {
      try {
        close();
      } catch (IOException | RuntimeException further) {
        e.addSuppressed(further);
      }
      throw e;
    }
  }

  // ---- elements

  /**
   * Makes a twin of the volume's element one that opens the volume, while that element is there. A
   * volume that names no twin does not open with one, since a PIN is not to go to a stranger; once
   * the element is lost, {@link #adopt} does what this does.
   *
   * @param twin a session of the other element
   * @throws ElementNotAddedException if it derives other keys, or the volume has strict freshness,
   *     keys from a managed key, or no room for more elements
   * @throws java.nio.file.ReadOnlyFileSystemException if the volume is open for reading only
   * @throws IOException if the store or an element fails
   */
  public void addElement(ElementSession twin) throws IOException {
    ElementAddition.add(volume, twin);
  }

  /**
   * Opens a volume with a twin of its element, which is lost, and makes the twin one that opens it,
   * and that vouches for its ledger, from now on. Only an administrator may do this, because what
   * the lost element vouched for is not known to the twin; it is recorded in the volume, see {@link
   * VolumeInfo#elements()} and {@link VolumeInfo#ledgerRepairs()}. Where the ledger is lost or
   * damaged and the volume does not name the twin yet, it is rebuilt, as by {@link
   * LedgerRepair#REBUILD}, and that is recorded.
   *
   * @param session a session of the twin
   * @param directory the volume's directory
   * @param options how to open it afterwards, for writing
   * @param administratorPin the PIN of the twin's administrator, UTF-8
   * @return the open volume
   * @throws ElementNotAddedException if the element derives other keys, or the volume takes no twin
   * @throws dev.strongroom.core.device.AuthenticationFailedException if the PIN is wrong
   * @throws LedgerException if something else would have to be done about the ledger
   * @throws VolumeInUseException if somebody has it open
   * @throws java.nio.file.ReadOnlyFileSystemException if the options are for reading only
   * @throws IOException as {@link #open(ElementSession, Path, VolumeOptions)}
   */
  public static SecureFileSystem adopt(
      ElementSession session, Path directory, VolumeOptions options, SecretBytes administratorPin)
      throws IOException {
    if (options.readOnly()) {
      throw new ReadOnlyFileSystemException();
    }
    session.element().verify(Role.ADMINISTRATOR, administratorPin);
    return SessionVolumes.of(session)
        .add(
            directory,
            new SecureFileSystem(
                ElementAddition.adopt(session, new PathStore(directory), options)));
  }

  /**
   * The same in a store.
   *
   * @param session a session of the twin
   * @param store the volume's directory
   * @param options how to open it afterwards, for writing
   * @param administratorPin the PIN of the twin's administrator, UTF-8
   * @return the open volume
   * @throws IOException as {@link #adopt(ElementSession, Path, VolumeOptions, SecretBytes)}
   */
  public static SecureFileSystem adopt(
      ElementSession session, Store store, VolumeOptions options, SecretBytes administratorPin)
      throws IOException {
    if (options.readOnly()) {
      throw new ReadOnlyFileSystemException();
    }
    session.element().verify(Role.ADMINISTRATOR, administratorPin);
    return new SecureFileSystem(ElementAddition.adopt(session, store, options));
  }

  /**
   * Copies everything that an element can read out of a volume whose own element is lost into a new
   * volume of that element: files with their holes, directories, links and attributes, in their
   * present state. The element is the volume's recovery element, or a twin, whether the volume
   * names it or not. The volume that is read stays as it is; whether its state is the newest one,
   * nothing vouches for.
   *
   * <p>The new volume is made beside its place, under its name and {@code .recovering}, and takes
   * its name when it is complete. What is left of an attempt that was cut off is to be deleted
   * first.
   *
   * @param session a session of the element that reads, and that will hold the keys
   * @param directory the volume's directory
   * @param target the new volume's directory, absent or empty; its parent must exist
   * @param options how to make the new volume
   * @return what was copied, and what could not be
   * @throws WrongElementException if the element derives other keys and is not the recovery element
   * @throws VolumeExistsException if there is something in the new volume's place
   * @throws VolumeInUseException if somebody has the volume open for writing
   * @throws IOException if the volume cannot be opened, or the store or the element fails
   */
  public static RecoveryReport recover(
      ElementSession session, Path directory, Path target, VolumeOptions options)
      throws IOException {
    return new RecoveryTarget(target).fill(session, directory, options, null);
  }

  /**
   * The same, if the volume was made with a certain element. Whoever can write the disk can put a
   * volume there that some element of his own has made for the recovery element; without the
   * fingerprint that is copied like any other.
   *
   * @param session a session of the element that reads, and that will hold the keys
   * @param directory the volume's directory
   * @param target the new volume's directory, absent or empty; its parent must exist
   * @param options how to make the new volume
   * @param madeBy fingerprint of the element that the volume must have been made with
   * @return what was copied, and what could not be
   * @throws WrongMakerException if it was made with another one; before anything is read
   * @throws RecoveryElementException if that element has not signed for the recovery element
   * @throws IOException as {@link #recover(ElementSession, Path, Path, VolumeOptions)}
   */
  public static RecoveryReport recover(
      ElementSession session,
      Path directory,
      Path target,
      VolumeOptions options,
      Fingerprint madeBy)
      throws IOException {
    return new RecoveryTarget(target).fill(session, directory, options, madeBy);
  }

  /** Opens a volume for reading with its recovery element or any twin of its element. */
  static SecureFileSystem openToRecover(
      ElementSession session, Path directory, VolumeOptions options) throws IOException {
    return SessionVolumes.of(session)
        .add(
            new SecureFileSystem(
                VolumeOpener.openToRecover(session, new PathStore(directory), options)));
  }

  // ---- backups

  /**
   * Copies a volume to an absent or empty directory. The copy is a volume: it opens with the same
   * element, and {@link #restore restore} brings it back. The volume is first brought up to date,
   * where it can be written; nobody else has it open meanwhile for writing. An interrupted backup
   * leaves a directory that is no volume, which the next attempt to the same place clears.
   *
   * <p>What is copied is as damaged as what was there: {@link #check} reads all of it.
   *
   * @param session a session of the volume's element
   * @param directory the volume
   * @param target where the copy shall be; its parent must exist
   * @param copied hears how many further bytes have been copied
   * @throws VolumeExistsException if something is in the target
   * @throws FolderInVolumeException if the target lies within the volume
   * @throws VolumeInUseException if another process, or another open in this one, has the volume
   * @throws IOException as {@link #open(ElementSession, Path, VolumeOptions)}, or if the target
   *     cannot be written; then what was made there is removed
   */
  public static void backup(
      ElementSession session, Path directory, Path target, LongConsumer copied) throws IOException {
    VolumeBackup.of(session, copied).back(directory, target);
  }

  /**
   * Copies the volume in a store to an absent or empty store.
   *
   * @param session a session of the volume's element
   * @param volume the volume
   * @param target where the copy shall be
   * @param copied hears how many further bytes have been copied
   * @throws IOException as {@link #backup(ElementSession, Path, Path, LongConsumer)}
   */
  public static void backup(ElementSession session, Store volume, Store target, LongConsumer copied)
      throws IOException {
    VolumeBackup.of(session, copied).back(volume, target);
  }

  /**
   * Copies a backup to where its volume shall be, and opens it to see that it is whole. A volume,
   * or what is left of one, that is in the target is not touched before, and then renamed: {@code
   * .replaced} is added to its name, and a number if that is taken. Interrupted in between, the
   * target is absent, and the new volume, whole, has {@code .restoring} added to its name. What is
   * sent from the new volume comes from a new outbox, see {@link Contacts#renewOutbox()}.
   *
   * @param session a session of the volume's element
   * @param backup a copy of the volume
   * @param target absent, empty, or a volume, and nothing else, that nobody has open
   * @param copied hears how many further bytes have been copied
   * @return where the volume is that was in the target, if there was one
   * @throws VolumeExistsException if there is something else in the target
   * @throws FolderInVolumeException if one of them lies within the other
   * @throws VolumeInUseException if one of them is open
   * @throws RestoreUnfinishedException if the backup is in the target, and the last step failed
   * @throws IOException as {@link #open(ElementSession, Path, VolumeOptions)} of the backup, or if
   *     the target cannot be written; then it is as it was
   */
  public static Optional<Path> restore(
      ElementSession session, Path backup, Path target, LongConsumer copied) throws IOException {
    return VolumeBackup.of(session, copied).restore(backup, target);
  }

  /**
   * The same for a backup that the element has left behind, because files were frozen since, or
   * because the volume is strict: as an administrator wants it, the backup counts from now on. It
   * is recorded, see {@link VolumeInfo#ledgerRepairs()}, and what was committed since the backup is
   * void. One that the element vouches for is restored without that.
   *
   * @param session a session of the volume's element
   * @param backup a copy of the volume
   * @param target absent, empty, or a volume, and nothing else, that nobody has open
   * @param administratorPin the administrator's PIN, UTF-8
   * @param copied hears how many further bytes have been copied
   * @return where the volume is that was in the target, if there was one
   * @throws dev.strongroom.core.device.AuthenticationFailedException if the PIN is wrong
   * @throws LedgerException if the backup's ledger is damaged
   * @throws IOException as {@link #restore(ElementSession, Path, Path, LongConsumer)}
   */
  public static Optional<Path> restore(
      ElementSession session,
      Path backup,
      Path target,
      SecretBytes administratorPin,
      LongConsumer copied)
      throws IOException {
    return VolumeBackup.accepting(session, administratorPin, copied).restore(backup, target);
  }

  /** Whether it can be used no more: an error of the medium, or the element's going, ended it. */
  boolean hasEnded() {
    return volume.hasFailed() || !volume.isOpen();
  }

  /** Closes it soon, because its session is lost. */
  void sessionLost() {
    volume.sessionLost();
  }

  /**
   * Whether the volume is open for reading only.
   *
   * @return whether nothing can be changed
   */
  public boolean isReadOnly() {
    return volume.isReadOnly();
  }

  /**
   * What the volume is.
   *
   * @return its id, element and format
   */
  public VolumeInfo info() {
    return VolumeInfo.of(volume.description(), volume.isFresh(), volume.ledgerState());
  }

  /**
   * How many bytes can still be written to the medium under the volume, as an estimate. Secure
   * files take up to a hundredth more than their content.
   *
   * @return the bytes, {@link Long#MAX_VALUE} when the store cannot tell
   * @throws IOException if the volume is closed, or the store fails
   */
  public long usableSpace() throws IOException {
    return volume.usableSpace();
  }

  /**
   * How many bytes the medium under the volume has, free or not.
   *
   * @return the bytes, {@link Long#MAX_VALUE} when the store cannot tell
   * @throws IOException if the volume is closed, or the store fails
   */
  public long totalSpace() throws IOException {
    return volume.totalSpace();
  }

  /**
   * Opens a file.
   *
   * @param path where it is
   * @param options {@link java.nio.file.StandardOpenOption}s and {@link LinkOption}, with the
   *     meaning they have for a {@link java.nio.channels.FileChannel} on Linux ({@code
   *     DELETE_ON_CLOSE} takes the name away at once), {@link SecureOpenOption}s, at most one
   *     {@link SecureCreateMode} and at most one {@link KeyScope}; none means reading; an option
   *     may be given twice
   * @return the open file, at position 0
   * @throws java.nio.file.NoSuchFileException if it, or a directory on the way, is not there
   * @throws java.nio.file.FileAlreadyExistsException if it is there and was to be made
   * @throws java.nio.file.FileSystemException if it is a directory, or a symbolic link with {@code
   *     NOFOLLOW_LINKS}, something on the way is no directory, or the file is open in transaction
   *     mode and not here, or the other way round
   * @throws IllegalArgumentException if options exclude each other, as two modes, two key scopes,
   *     or {@code APPEND} with {@code READ} or {@code TRUNCATE_EXISTING}; or need {@code WRITE} and
   *     have it not, as {@code TRANSACTION} and {@code FORCE_WRITE}
   * @throws UnsupportedOperationException if an option is of another kind
   * @throws PageKeysUnsupportedException if the file has, or would get, keys for its pages, and the
   *     element does not derive such keys
   * @throws java.nio.file.ReadOnlyFileSystemException if it was to be written and the volume is
   *     open for reading only
   * @throws IntegrityException if its header or its last sector is damaged
   * @throws RollbackException if it is not the state that was committed last
   * @throws FileInvalidatedException if it was invalidated
   * @throws IOException if the store or the element fails
   */
  public SecureFile openFile(String path, OpenOption... options) throws IOException {
    return new SecureFile(OpenFile.open(volume, namespace, path, Set.copyOf(List.of(options))));
  }

  /**
   * Makes a directory.
   *
   * @param path where; its parent must exist
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   * @throws IOException if the parent is not there, or the store or the element fails
   */
  public void createDirectory(String path) throws IOException {
    namespace.createDirectory(path, Namespace.DIRECTORY_MODE);
  }

  /**
   * Makes a directory with given permission bits; without them they are 0700.
   *
   * @param path where; its parent must exist
   * @param mode POSIX permission bits, 0 to 07777
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   * @throws IOException if the parent is not there, or the store or the element fails
   */
  public void createDirectory(String path, int mode) throws IOException {
    namespace.createDirectory(path, mode);
  }

  /**
   * Makes a symbolic link.
   *
   * @param path where; its parent must exist
   * @param target what it leads to, kept as given: 1 to 4095 bytes in UTF-8; it need not be there
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   * @throws InvalidNameException if the target is empty, too long, or has a NUL
   * @throws IOException if the parent is not there, or the store or the element fails
   */
  public void createSymbolicLink(String path, String target) throws IOException {
    namespace.createSymbolicLink(path, target);
  }

  /**
   * Reads a symbolic link.
   *
   * @param path the link
   * @return its target, as it was given
   * @throws java.nio.file.NotLinkException if it is no link
   * @throws IOException if it is not there or damaged
   */
  public String readSymbolicLink(String path) throws IOException {
    return namespace.readSymbolicLink(path);
  }

  /**
   * Removes a file, a symbolic link or an empty directory. A file that is open stays usable until
   * its last close.
   *
   * @param path where it is
   * @throws java.nio.file.NoSuchFileException if it is not there
   * @throws java.nio.file.DirectoryNotEmptyException if it is a directory with entries
   * @throws IOException if the store or the element fails
   */
  public void delete(String path) throws IOException {
    namespace.delete(path);
  }

  /**
   * Renames as POSIX does: a file or link replaces a file or link, a directory an empty directory,
   * atomically. Links that the paths end at are not followed.
   *
   * @param from where it is
   * @param to where it will be
   * @throws IOException if it is not there, something that cannot be replaced is in the way, or a
   *     directory would come to lie in itself
   */
  public void rename(String from, String to) throws IOException {
    namespace.rename(from, to, Namespace.Replace.YES);
  }

  /**
   * Renames only if nothing has the new name.
   *
   * @param from where it is
   * @param to where it will be
   * @throws java.nio.file.FileAlreadyExistsException if the new name is taken
   * @throws IOException as {@link #rename}
   */
  public void renameNoReplace(String from, String to) throws IOException {
    namespace.rename(from, to, Namespace.Replace.NO);
  }

  /**
   * Lists a directory.
   *
   * @param path the directory
   * @return its entries, in no particular order
   * @throws java.nio.file.NotDirectoryException if it is a file
   * @throws IOException if it is not there or damaged
   */
  public List<DirectoryEntry> list(String path) throws IOException {
    return namespace.list(path);
  }

  /**
   * Lists a directory with the attributes of its entries; the element is asked for keys in batches.
   *
   * @param path the directory
   * @return the attributes, in no particular order
   * @throws IOException as {@link #list}, or if an entry is damaged
   */
  public List<SecureFileAttributes> listAttributes(String path) throws IOException {
    return attributes.list(path);
  }

  /**
   * Describes a file, directory or link.
   *
   * @param path where it is
   * @param options {@link LinkOption#NOFOLLOW_LINKS} describes a link that the path ends at
   * @return its attributes
   * @throws IOException if it is not there or damaged
   */
  public SecureFileAttributes stat(String path, LinkOption... options) throws IOException {
    return attributes.stat(path, options);
  }

  /**
   * Whether a path leads to something. A link that leads nowhere does not, unless it is not to be
   * followed.
   *
   * @param path where it would be
   * @param options {@link LinkOption#NOFOLLOW_LINKS} asks for a link that the path ends at
   * @return whether it is there
   * @throws IOException if a directory on the way is damaged
   */
  public boolean exists(String path, LinkOption... options) throws IOException {
    return namespace.exists(path, options);
  }

  /**
   * Sets times, to the nanosecond. A change of content after that moves the time of modification
   * again; reading moves none.
   *
   * @param path where it is
   * @param modified the time of the last change of content, or null to keep it
   * @param accessed the time of the last access, or null to keep it
   * @param created the time of creation, or null to keep it
   * @param options {@link LinkOption#NOFOLLOW_LINKS} changes a link that the path ends at
   * @throws IOException if it is not there or damaged, or the store or the element fails
   */
  public void setTimes(
      String path,
      @Nullable Instant modified,
      @Nullable Instant accessed,
      @Nullable Instant created,
      LinkOption... options)
      throws IOException {
    attributes.setTimes(path, modified, accessed, created, options);
  }

  /**
   * Sets the permission bits, which are stored and not enforced.
   *
   * @param path where it is
   * @param mode POSIX permission bits with set-user-id, set-group-id and sticky, 0 to 07777
   * @param options {@link LinkOption#NOFOLLOW_LINKS} changes a link that the path ends at
   * @throws IllegalArgumentException if there are other bits
   * @throws IOException if it is not there or damaged, or the store or the element fails
   */
  public void setMode(String path, int mode, LinkOption... options) throws IOException {
    attributes.setMode(path, mode, options);
  }

  /**
   * Sets owner and group, which are stored and of no further meaning here.
   *
   * @param path where it is
   * @param owner numeric id, an unsigned number of 32 bits; -1 keeps it
   * @param group numeric id, an unsigned number of 32 bits; -1 keeps it
   * @param options {@link LinkOption#NOFOLLOW_LINKS} changes a link that the path ends at
   * @throws IOException if it is not there or damaged, or the store or the element fails
   */
  public void setOwner(String path, int owner, int group, LinkOption... options)
      throws IOException {
    attributes.setOwner(path, owner, group, options);
  }

  /**
   * Lists the user attributes of a file, directory or link.
   *
   * @param path where it is
   * @param options {@link LinkOption#NOFOLLOW_LINKS} means a link that the path ends at
   * @return their names, in ascending order
   * @throws IntegrityException if it, or where its attributes lie, is damaged
   * @throws IOException if it is not there, or the store or the element fails
   */
  public List<String> userAttributes(String path, LinkOption... options) throws IOException {
    return userAttributes.list(path, options);
  }

  /**
   * Reads a user attribute.
   *
   * @param path where the file, directory or link is
   * @param name the attribute
   * @param options {@link LinkOption#NOFOLLOW_LINKS} means a link that the path ends at
   * @return its value
   * @throws NoSuchAttributeException if there is none of that name
   * @throws IntegrityException if the file, or where its attributes lie, is damaged
   * @throws IOException if the file is not there, or the store or the element fails
   */
  public byte[] userAttribute(String path, String name, LinkOption... options) throws IOException {
    return userAttributes.get(path, name, options);
  }

  /**
   * Makes or replaces a user attribute. Names with values may take 1 MiB a file; what fits beside
   * the header costs nothing more, the rest a host file.
   *
   * @param path where the file, directory or link is
   * @param name the attribute, 1 to 255 bytes in UTF-8 without NUL, kept as given
   * @param value at most 65,536 bytes
   * @param options {@link LinkOption#NOFOLLOW_LINKS} means a link that the path ends at
   * @throws AttributeTooLargeException if it, or all of them, would be too large
   * @throws InvalidNameException if the name is empty, too long, or has a NUL
   * @throws IOException if the file is not there or damaged, or the store or the element fails
   */
  public void setUserAttribute(String path, String name, byte[] value, LinkOption... options)
      throws IOException {
    userAttributes.set(path, name, value, options);
  }

  /**
   * Removes a user attribute.
   *
   * @param path where the file, directory or link is
   * @param name the attribute
   * @param options {@link LinkOption#NOFOLLOW_LINKS} means a link that the path ends at
   * @throws NoSuchAttributeException if there is none of that name
   * @throws IOException if the file is not there or damaged, or the store or the element fails
   */
  public void removeUserAttribute(String path, String name, LinkOption... options)
      throws IOException {
    userAttributes.remove(path, name, options);
  }

  /**
   * Gives a file new keys: all of it is encrypted again, and takes the old one's place in one
   * commit. The engine does so by itself, at an open for writing, long before the number of
   * encryptions under a file's keys makes a repeated nonce likely.
   *
   * @param path a file that is not open
   * @throws java.nio.file.FileSystemException if it is open, or a directory
   * @throws IOException if it is not there or damaged, or the store or the element fails
   */
  public void rekey(String path) throws IOException {
    namespace.rekey(path);
  }

  /**
   * Ends all states of files but the present one: every copy that was made before is refused from
   * now on, with a {@link RollbackException}; copies that are made later open until the next
   * freeze. The element is asked once for any number of files. What of a file's content waits to be
   * published, but not a transaction's, is published with it, or after it if it is much.
   *
   * <p>With a file go the directories that lead to it, from its own to the root: their earlier
   * lists of names are refused as well, because one of them could bring back another file that had
   * the name before. Links that are followed, and what leads to them alone, are not frozen.
   *
   * <p>Files too many for one record of the journal are frozen by several. If that is interrupted,
   * some are frozen and others are not, each as a whole; to freeze them again completes it.
   *
   * @param paths files, directories, whose list of names is frozen, and links, which are followed
   * @throws java.nio.file.NoSuchFileException if one of them is not there
   * @throws dev.strongroom.core.device.UnsupportedCapabilityException if the element has no version
   *     slots
   * @throws dev.strongroom.core.device.NoFreeVersionSlotException if the volume needs its first
   *     one, and none is free
   * @throws IOException if one of them is damaged, or the store or the element fails
   */
  public void freeze(List<String> paths) throws IOException {
    freezing.freeze(paths);
  }

  /**
   * The same of a directory with all files, directories and links below; links are not followed.
   *
   * @param path the directory, or a single file
   * @throws IOException as {@link #freeze}
   */
  public void freezeTree(String path) throws IOException {
    freezing.freezeTree(path);
  }

  /**
   * Ends all states of files, the present one too: no copy, old or new, opens again, but with a
   * {@link FileInvalidatedException}. Their names stay until they are deleted. Who has one of them
   * open can use it until its last close. The directories that lead to them are frozen, as {@link
   * #freeze} does.
   *
   * @param paths files, or links, which are followed
   * @throws java.nio.file.FileSystemException if one of them is a directory
   * @throws IOException as {@link #freeze}
   */
  public void invalidate(List<String> paths) throws IOException {
    freezing.invalidate(paths);
  }

  /**
   * The same of all files and links below a directory; links are not followed. The directories stay
   * and are frozen, so that what is left in them can be deleted.
   *
   * @param path the directory, or a single file
   * @throws IOException as {@link #freeze}
   */
  public void invalidateTree(String path) throws IOException {
    freezing.invalidateTree(path);
  }

  /**
   * The version of a file: a number that each freeze gives, higher than all before.
   *
   * @param path a file, a directory, or a link, which is followed
   * @return the number of its last freeze, unsigned; 0 before the first
   * @throws IOException if it is not there, damaged, or not the current one
   */
  public long version(String path) throws IOException {
    return freezing.version(path);
  }

  /**
   * Checks the whole volume: every host file is read once, from its beginning to its end, and all
   * that the format binds is verified. Damage does not end it. On a volume that is open for writing
   * a damaged copy of a header or of the volume file is written again from the other one; nothing
   * else is changed. Files may be open and in use meanwhile; what is checked is what has been
   * published.
   *
   * @param listener hears of progress and findings, and may end the check
   * @return what was met
   * @throws IOException if the store as a whole or the element fails
   */
  public CheckReport check(CheckListener listener) throws IOException {
    return new VolumeCheck(volume, namespace, listener, ContentTarget.NONE).all();
  }

  /**
   * Checks one file, or a directory with all below.
   *
   * @param path where it is
   * @param listener hears of progress and findings, and may end the check
   * @return what was met
   * @throws java.nio.file.NoSuchFileException if it is not there
   * @throws IOException if a directory on the way is damaged, or as {@link #check(CheckListener)}
   */
  public CheckReport check(String path, CheckListener listener) throws IOException {
    return new VolumeCheck(volume, namespace, listener, ContentTarget.NONE).below(path);
  }

  /**
   * Copies all that can be read to a folder of the host, and checks it on the way, as {@link
   * #check(String, CheckListener)} does. Ranges that cannot be read stay holes, which read as
   * zeros; {@code strongroom-salvage.txt} in the folder lists them. Files whose directory is
   * damaged get the paths that their headers give them; those whose directory is lost go to {@code
   * lost+found}. Copies get the user attributes, times and permissions (but no owner) that can be
   * read; what the folder does not take of them stands in the report there, and so do the values of
   * such user attributes, in Base64.
   *
   * <p>Files that are not in the state that the ledger names, older copies of frozen ones and those
   * that were invalidated, are told apart ({@link dev.strongroom.file.check.FindingKind#ROLLBACK},
   * {@link dev.strongroom.file.check.FindingKind#INVALIDATED}) and not copied, unless an option
   * says so. A directory that is older than the ledger says counts as damaged. Where directories
   * are damaged, nothing tells which of two files that the ledger does not name had a name last.
   *
   * @param path what is to be copied; {@code /} is all there is
   * @param folder absent or empty; outside the directory of a volume in a {@link PathStore}
   * @param listener hears of progress and findings, and may end the work
   * @param options what is to be copied, too
   * @return what was met
   * @throws java.nio.file.NoSuchFileException if the path is not there
   * @throws java.nio.file.DirectoryNotEmptyException if there is something in the folder
   * @throws FolderInVolumeException if the folder lies within the volume's own directory
   * @throws IOException if the host, the store as a whole or the element fails
   */
  public CheckReport salvage(
      String path, Path folder, CheckListener listener, SalvageOption... options)
      throws IOException {
    if (volume.store() instanceof PathStore store) {
      SalvageFolder.requireOutside(folder, store.directory());
    }
    SalvageFolder target = SalvageFolder.in(folder, Set.of(options));
    VolumeCheck check = new VolumeCheck(volume, namespace, listener, target);
    CheckReport report = isRoot(path) ? check.all() : check.below(path);
    target.finish(report);
    return report;
  }

  private static boolean isRoot(String path) {
    return path.chars().allMatch(c -> c == '/');
  }

  /**
   * Rebuilds directories whose catalogue or header is damaged, lost or older than the ledger says,
   * from the headers of the files that name them, and checks the volume before and after. Files
   * whose directory has no header any more go to {@code /lost+found}. What is not damaged stays as
   * it is; a file that a whole directory does not name is not brought back. Only an administrator
   * may do this, because headers cannot tell which of two states of a directory is the newer one;
   * it is recorded in the volume, see {@link VolumeInfo#rebuilds()}.
   *
   * <p>Nobody else should use the volume meanwhile. What a crash leaves undone is done by the next
   * attempt.
   *
   * @param administratorPin the administrator's PIN, UTF-8
   * @param listener hears of the checks, and may end them
   * @return what the last check has met
   * @throws dev.strongroom.core.device.AuthenticationFailedException if the PIN is wrong
   * @throws java.nio.file.ReadOnlyFileSystemException if the volume is open for reading only
   * @throws NothingToRebuildException if there is neither a root directory nor any file of the
   *     volume
   * @throws IOException if the store or the element fails
   */
  public CheckReport rebuild(SecretBytes administratorPin, CheckListener listener)
      throws IOException {
    if (volume.isReadOnly()) {
      throw new ReadOnlyFileSystemException();
    }
    volume.session().element().verify(Role.ADMINISTRATOR, administratorPin);
    return new Rebuild(volume, namespace).run(listener);
  }

  // ---- sending and receiving

  /**
   * The elements that files can be sent to, and received from.
   *
   * @return the contacts, kept in this volume
   */
  public Contacts contacts() {
    return contacts;
  }

  /**
   * Sends a file: writes a transient file that only the elements of the recipients can receive,
   * once each. The content is read and written in one pass; holes stay holes. Name, times, mode and
   * user attributes go with it, owner and group do not.
   *
   * @param path the file; links are followed
   * @param target where the transient file will be; until it is whole and durable it lies beside
   *     that under its name and {@code .VOLUME-NUMBER.part}, of 16 hexadecimal digits each. What a
   *     process that ended in between left of this volume's goes with the next file that is sent
   *     into the same folder
   * @param options to whom and how
   * @return what the transient file shows
   * @throws dev.strongroom.file.share.ContactNotFoundException if a recipient is no contact
   * @throws dev.strongroom.file.share.TooManyRecipientsException if there are more than 1000
   * @throws dev.strongroom.file.share.SuiteMissingException if a card lacks the suite
   * @throws dev.strongroom.file.share.WeakerSuiteException if a card offers only a weaker one than
   *     the others; see {@link SendOptions#allowWeakerSuites()}
   * @throws AttributeTooLargeException if the user attributes do not fit; see {@link
   *     SendOptions#withoutUserAttributes()}
   * @throws java.nio.file.FileAlreadyExistsException if there is something at the target
   * @throws java.nio.file.FileSystemException if the path leads to a directory, or the file is
   *     changed meanwhile
   * @throws IntegrityException if the file is damaged
   * @throws java.nio.file.ReadOnlyFileSystemException if the volume is open for reading only: what
   *     is sent is counted in it
   * @throws dev.strongroom.core.device.UnsupportedCapabilityException if the element has no card
   * @throws IOException if a store or the element fails
   */
  public TransientInfo send(String path, Path target, SendOptions options) throws IOException {
    return transientFiles.send(path, TransientPlace.of(target), options);
  }

  /**
   * Sends a file into a store.
   *
   * @param path the file; links are followed
   * @param folder where the transient file will be, which stays the caller's
   * @param name its name there
   * @param options to whom and how
   * @return what the transient file shows
   * @throws IOException as {@link #send(String, Path, SendOptions)}
   */
  public TransientInfo send(String path, Store folder, String name, SendOptions options)
      throws IOException {
    return transientFiles.send(path, TransientPlace.in(folder, name), options);
  }

  /**
   * Receives a transient file. All of it is verified while it is encrypted again to keys of this
   * element; then its name appears, durably, in one commit. What is interrupted before has received
   * nothing and can be repeated. An element receives a file once.
   *
   * @param file the transient file, which stays as it is
   * @param path where it will be
   * @param options how
   * @return what was received
   * @throws dev.strongroom.file.share.ForeignSenderException if the sender is no contact
   * @throws dev.strongroom.file.share.WrongRecipientException if it was sent to others
   * @throws dev.strongroom.file.share.TransientFileExpiredException if it has expired
   * @throws dev.strongroom.core.device.AlreadyReceivedException if it was received before
   * @throws dev.strongroom.core.device.RegisterFullException if the element cannot remember it; see
   *     {@link #receiveRegister()} and {@link #decline(ReceiveId)}
   * @throws dev.strongroom.file.share.TooManyReceiptsException if elements have not taken note of
   *     64 files that they received into this volume
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   * @throws IntegrityException if it is no transient file, or was altered
   * @throws FormatVersionException if a later release wrote it
   * @throws java.nio.file.ReadOnlyFileSystemException if the volume is open for reading only
   * @throws dev.strongroom.core.device.UnsupportedCapabilityException if the element cannot receive
   * @throws IOException if a store or the element fails
   */
  public ReceivedFile receive(Path file, String path, ReceiveOptions options) throws IOException {
    return transientFiles.receive(TransientPlace.of(file), path, options);
  }

  /**
   * Receives a transient file out of a store.
   *
   * @param folder where it is, which stays the caller's
   * @param name its name there
   * @param path where it will be
   * @param options how
   * @return what was received
   * @throws IOException as {@link #receive(Path, String, ReceiveOptions)}
   */
  public ReceivedFile receive(Store folder, String name, String path, ReceiveOptions options)
      throws IOException {
    return transientFiles.receive(TransientPlace.in(folder, name), path, options);
  }

  /**
   * Looks at a transient file, and into it where the element can. To look into a file that was sent
   * to this element takes one of the 16 places that the element has for what is not finished, until
   * the file is received or declined. Only the description is verified, not the content.
   *
   * @param file the transient file
   * @return what this element sees of it
   * @throws dev.strongroom.core.device.RegisterFullException if the element has no place for it
   * @throws IntegrityException if it is no transient file, or was altered
   * @throws FormatVersionException if a later release wrote it
   * @throws IOException if it cannot be read, or the element fails
   */
  public TransientView inspect(Path file) throws IOException {
    return transientFiles.view(TransientPlace.of(file));
  }

  /**
   * Looks at a transient file in a store.
   *
   * @param folder where it is, which stays the caller's
   * @param name its name there
   * @return what this element sees of it
   * @throws IOException as {@link #inspect(Path)}
   */
  public TransientView inspect(Store folder, String name) throws IOException {
    return transientFiles.view(TransientPlace.in(folder, name));
  }

  /**
   * Gives up a transient file: the element counts it as received, and its place among what is not
   * finished is free. What the element has begun to receive is given up whoever sent it. A file
   * that was received or given up before stays as it is.
   *
   * @param file the transient file
   * @throws dev.strongroom.file.share.ForeignSenderException if the element has not begun to
   *     receive it, and the sender is no contact
   * @throws dev.strongroom.file.share.WrongRecipientException if it was sent to others
   * @throws IntegrityException if it is no transient file, or was altered; see {@link
   *     #decline(ReceiveId)}
   * @throws IOException if it cannot be read, or the element fails
   */
  public void decline(Path file) throws IOException {
    transientFiles.decline(TransientPlace.of(file));
  }

  /**
   * Gives up a transient file in a store.
   *
   * @param folder where it is, which stays the caller's
   * @param name its name there
   * @throws IOException as {@link #decline(Path)}
   */
  public void decline(Store folder, String name) throws IOException {
    transientFiles.decline(TransientPlace.in(folder, name));
  }

  /**
   * Gives up what the element has begun to receive, whoever sent it, also where the file is lost or
   * damaged: the element counts it as received, and its place is free.
   *
   * @param pending one of {@link RegisteredSender#pending()}
   * @throws dev.strongroom.core.device.ReceiveNotFoundException if the element has not begun it
   * @throws IOException if the element fails
   */
  public void decline(ReceiveId pending) throws IOException {
    transientFiles.decline(pending);
  }

  /**
   * The receive register of the element: from whom it has received something, in any volume, and
   * what it has begun and not finished.
   *
   * @return the senders, in the order in which they came
   * @throws dev.strongroom.core.device.UnsupportedCapabilityException if the element has none
   * @throws IOException if the contacts are damaged, or the element fails
   */
  public List<RegisteredSender> receiveRegister() throws IOException {
    return transientFiles.register();
  }

  /**
   * Adds recipients to whatever transient file lies there, as {@link #addRecipients(Path,
   * RecipientOptions)}.
   *
   * @param file the transient file
   * @param names contacts
   * @return what it shows afterwards
   * @throws IOException as {@link #addRecipients(Path, RecipientOptions)}
   */
  public TransientInfo addRecipients(Path file, List<String> names) throws IOException {
    return addRecipients(file, RecipientOptions.of(names));
  }

  /**
   * Adds recipients to a transient file that was sent from this volume. The content stays as it is;
   * those who are recipients already stay so, once. The file is signed anew: {@link #inspect} shows
   * its name, size and recipients, and {@link RecipientOptions#expect} makes sure that it is still
   * the one that was looked at.
   *
   * <p>A recipient who was removed and is added again gets a new number, and can receive the file
   * once more.
   *
   * @param file the transient file
   * @param options whom and how
   * @return what it shows afterwards
   * @throws dev.strongroom.file.share.OtherTransientFileException if another one is expected
   * @throws dev.strongroom.file.share.NotTheSenderException if it was not sent from this volume
   * @throws dev.strongroom.file.share.ContactNotFoundException if one is no contact
   * @throws dev.strongroom.file.share.TooManyRecipientsException if there would be more than 1000
   * @throws dev.strongroom.file.share.SuiteMissingException if a card lacks the suite
   * @throws dev.strongroom.file.share.WeakerSuiteException if a card offers only a weaker one than
   *     the present recipients have; see {@link RecipientOptions#allowWeakerSuites()}
   * @throws IntegrityException if it is no transient file, or was altered
   * @throws IOException if a store or the element fails
   */
  public TransientInfo addRecipients(Path file, RecipientOptions options) throws IOException {
    return transientFiles.addRecipients(TransientPlace.of(file), options);
  }

  /**
   * Adds recipients to a transient file in a store.
   *
   * @param folder where it is, which stays the caller's
   * @param name its name there
   * @param options whom and how
   * @return what it shows afterwards
   * @throws IOException as {@link #addRecipients(Path, RecipientOptions)}
   */
  public TransientInfo addRecipients(Store folder, String name, RecipientOptions options)
      throws IOException {
    return transientFiles.addRecipients(TransientPlace.in(folder, name), options);
  }

  /**
   * Removes recipients from whatever transient file lies there, as {@link #removeRecipients(Path,
   * RecipientOptions)}.
   *
   * @param file the transient file
   * @param names contacts
   * @return what it shows afterwards
   * @throws IOException as {@link #removeRecipients(Path, RecipientOptions)}
   */
  public TransientInfo removeRecipients(Path file, List<String> names) throws IOException {
    return removeRecipients(file, RecipientOptions.of(names));
  }

  /**
   * Removes recipients from a transient file that was sent from this volume. This stops those who
   * get the file from now on: whoever has a copy from before can receive that, as the file's key
   * stays the same.
   *
   * @param file the transient file
   * @param options whom
   * @return what it shows afterwards
   * @throws dev.strongroom.file.share.OtherTransientFileException if another one is expected
   * @throws dev.strongroom.file.share.NotTheSenderException if it was not sent from this volume
   * @throws dev.strongroom.file.share.ContactNotFoundException if one is no contact
   * @throws IntegrityException if it is no transient file, or was altered
   * @throws IOException if a store or the element fails
   */
  public TransientInfo removeRecipients(Path file, RecipientOptions options) throws IOException {
    return transientFiles.removeRecipients(TransientPlace.of(file), options);
  }

  /**
   * Removes recipients from a transient file in a store.
   *
   * @param folder where it is, which stays the caller's
   * @param name its name there
   * @param options whom
   * @return what it shows afterwards
   * @throws IOException as {@link #removeRecipients(Path, RecipientOptions)}
   */
  public TransientInfo removeRecipients(Store folder, String name, RecipientOptions options)
      throws IOException {
    return transientFiles.removeRecipients(TransientPlace.in(folder, name), options);
  }

  /**
   * Publishes the changes of all files but those in transaction mode, and of all names, as one, and
   * makes them durable. Changes too many for one record of the journal are published file by file.
   *
   * @throws IOException if the store fails
   */
  public void sync() throws IOException {
    volume.sync();
  }

  /**
   * Makes all changes of names and what has been committed before durable, as an fsync of a
   * directory does, with one fdatasync that concurrent callers share. Content that is not committed
   * yet stays so.
   *
   * @throws IOException if the store fails
   */
  public void syncNames() throws IOException {
    volume.syncNames();
  }

  /**
   * Publishes everything, brings every host file up to date, zeroes clear data and keys, and lets
   * the next one open the volume. Open files are closed; transactions that were not committed are
   * discarded. Idempotent.
   *
   * @throws NoSpaceException if the medium has no room to put in place what is committed; it stays
   *     in the journal until a later opening finds room, or makes it by removing files
   * @throws IOException if the store fails; what was synced before is not lost
   */
  @Override
  public void close() throws IOException {
    try {
      volume.close();
    } finally {
      SessionVolumes.forget(volume.session(), this);
    }
  }
}
