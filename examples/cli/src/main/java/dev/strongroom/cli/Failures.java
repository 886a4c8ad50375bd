// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.DeviceException;
import dev.strongroom.core.device.ElementAlreadyInitializedException;
import dev.strongroom.core.device.ElementChangedException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementEditedException;
import dev.strongroom.core.device.ElementFullException;
import dev.strongroom.core.device.ElementKeyChangedException;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.device.KeyExistsException;
import dev.strongroom.core.device.KeyGroupNotFoundException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.MasterKeysMissingException;
import dev.strongroom.core.device.MemberRefusedException;
import dev.strongroom.core.device.NoFreeVersionSlotException;
import dev.strongroom.core.device.OrderRefusedException;
import dev.strongroom.core.device.PinBlockedException;
import dev.strongroom.core.device.PinFormatException;
import dev.strongroom.core.device.ProtocolVersionException;
import dev.strongroom.core.device.ReceiveNotFoundException;
import dev.strongroom.core.device.RegisterFullException;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureChannelException;
import dev.strongroom.core.device.TrustAnchorRefusedException;
import dev.strongroom.core.device.UnsupportedCapabilityException;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.device.VersionMismatchException;
import dev.strongroom.core.device.VersionSlotNotFoundException;
import dev.strongroom.core.identity.CardFormatException;
import dev.strongroom.core.transport.ElementInUseException;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.InvalidElementUriException;
import dev.strongroom.core.transport.ReaderNotFoundException;
import dev.strongroom.core.transport.ResponseTooLongException;
import dev.strongroom.core.transport.ServiceUnavailableException;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportTimeoutException;
import dev.strongroom.core.transport.UnknownSchemeException;
import dev.strongroom.database.DatabaseBusyException;
import dev.strongroom.database.DatabaseInUseException;
import dev.strongroom.database.DatabaseNotEmptyException;
import dev.strongroom.database.DatabaseUnreadableException;
import dev.strongroom.database.ForeignKeysException;
import dev.strongroom.database.PlainDatabaseException;
import dev.strongroom.database.ScriptException;
import dev.strongroom.database.SqliteLibraryException;
import dev.strongroom.file.AttributeTooLargeException;
import dev.strongroom.file.CommitTooLargeException;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.ElementNotAddedException;
import dev.strongroom.file.ElementReinitializedException;
import dev.strongroom.file.FileGoneException;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.FolderInVolumeException;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.NoSuchAttributeException;
import dev.strongroom.file.NothingToRebuildException;
import dev.strongroom.file.PageKeysUnsupportedException;
import dev.strongroom.file.RecoveryElementException;
import dev.strongroom.file.RestoreUnfinishedException;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.StaleElementException;
import dev.strongroom.file.VolumeExistsException;
import dev.strongroom.file.VolumeFailedException;
import dev.strongroom.file.VolumeInUseException;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.VolumeNotWritableException;
import dev.strongroom.file.WrongElementException;
import dev.strongroom.file.WrongMakerException;
import dev.strongroom.file.share.ContactExistsException;
import dev.strongroom.file.share.ContactNotFoundException;
import dev.strongroom.file.share.ForeignSenderException;
import dev.strongroom.file.share.NotTheSenderException;
import dev.strongroom.file.share.OtherTransientFileException;
import dev.strongroom.file.share.SuiteMissingException;
import dev.strongroom.file.share.TooManyContactsException;
import dev.strongroom.file.share.TooManyReceiptsException;
import dev.strongroom.file.share.TooManyRecipientsException;
import dev.strongroom.file.share.TransientFileExpiredException;
import dev.strongroom.file.share.UnconfirmedCardException;
import dev.strongroom.file.share.WeakerSuiteException;
import dev.strongroom.file.share.WrongRecipientException;
import dev.strongroom.sekey.AlreadyTakenException;
import dev.strongroom.sekey.DatabaseOwnerException;
import dev.strongroom.sekey.EnvelopeDamagedException;
import dev.strongroom.sekey.EnvelopeFormatException;
import dev.strongroom.sekey.EnvelopeSignatureException;
import dev.strongroom.sekey.EnvelopeVersionException;
import dev.strongroom.sekey.ForeignDatabaseException;
import dev.strongroom.sekey.GroupRetiredException;
import dev.strongroom.sekey.KeyBeforeMembershipException;
import dev.strongroom.sekey.MoreReadersException;
import dev.strongroom.sekey.NewerDatabaseException;
import dev.strongroom.sekey.NoCommonGroupException;
import dev.strongroom.sekey.NoUsableKeyException;
import dev.strongroom.sekey.NotMemberException;
import dev.strongroom.sekey.PolicyDeniedException;
import dev.strongroom.sekey.ResourceRefusedException;
import dev.strongroom.sekey.SignedEnvelopeException;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.UnknownSenderException;
import dev.strongroom.sekey.UserBlockedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table from exceptions to exit codes and messages.
 *
 * <p>A message says where, what, and what can be done about it. The first row that fits counts.
 *
 * <p>Thread safety: immutable.
 */
final class Failures {

  /** What a message says besides the exception's own. */
  private enum Advice {
    /** The library's advice stands, and one more thing follows. */
    FURTHER,
    /** The library's advice is for programs; another one takes its place. */
    INSTEAD
  }

  private record Row(
      Class<? extends Throwable> type, ExitCode code, String what, Advice advice, String todo) {}

  /** Begins the advice in the message of an exception of the libraries. */
  private static final String ADVISING = "; ";

  /** Helps against all damage but that of the volume file. */
  static final String SALVAGE = "\"strongroom check --salvage DIR\" copies out what can be read";

  /** Helps against all damage of a transient file. */
  static final String SEND_AGAIN = "have the file sent again";

  /** Helps against damage of directories. */
  static final String REBUILD = "\"strongroom check --rebuild\" makes damaged directories anew";

  private static final List<Row> TABLE =
      List.of(
          // Login
          row(AuthenticationFailedException.class, ExitCode.LOGIN, "try again with the right PIN"),
          row(PinBlockedException.class, ExitCode.LOGIN, ""),
          row(PinFormatException.class, ExitCode.LOGIN, "no try was used"),

          // The element
          row(
              ElementNotFoundException.class,
              ExitCode.NAME,
              "give its place by --element URI, or make one by \"strongroom element init\""),
          row(ReaderNotFoundException.class, ExitCode.NAME, "check its name or its connection"),
          row(
              ElementNotInitializedException.class,
              ExitCode.NAME,
              "\"strongroom element init\" does it"),
          row(ElementAlreadyInitializedException.class, ExitCode.NAME, "use another name"),
          row(
              ElementInUseException.class,
              ExitCode.BUSY,
              "wait until the other program has ended, or end it"),
          row(
              ElementDamagedException.class,
              ExitCode.INTEGRITY,
              "put back a copy of it; without one its volumes cannot be opened"),
          row(
              ElementEditedException.class,
              ExitCode.INTEGRITY,
              "put back a copy of it, and find out who changed it"),
          row(
              ProtocolVersionException.class,
              ExitCode.INTEGRITY,
              "use the release of strongroom that fits it"),
          row(ElementStorageException.class, ExitCode.IO, ""),
          instead(
              ElementChangedException.class,
              ExitCode.WRONG_ELEMENT,
              "put the first one back, or run the command again to use the other"),
          instead(
              ElementKeyChangedException.class,
              ExitCode.WRONG_ELEMENT,
              "if it was replaced on purpose, take its line out of the file of --known, or name a"
                  + " new file there"),
          row(
              SecureChannelException.class,
              ExitCode.IO,
              "try again; if it stays so, find out what is between this program and the element"),
          row(MasterKeysMissingException.class, ExitCode.NAME, "use another element"),
          row(
              VersionMismatchException.class,
              ExitCode.INTEGRITY,
              "find out whether another program uses the volume, or an old copy of it was put"
                  + " back"),
          row(NoFreeVersionSlotException.class, ExitCode.IO, ""),
          row(VersionSlotNotFoundException.class, ExitCode.NAME, ""),
          row(AlreadyReceivedException.class, ExitCode.INTEGRITY, ""),
          instead(RegisterFullException.class, ExitCode.IO, ""),
          row(ElementFullException.class, ExitCode.IO, ""),
          row(
              ReceiveNotFoundException.class,
              ExitCode.NAME,
              "\"strongroom element register\" lists what it has"),
          row(
              CardFormatException.class,
              ExitCode.INTEGRITY,
              "get the card again from the owner of the element"),
          row(TrustAnchorRefusedException.class, ExitCode.IO, "have it signed by enough of them"),
          row(
              UntrustedPeerException.class,
              ExitCode.WRONG_ELEMENT,
              "find out who made what it was told"),
          row(DecryptionFailedException.class, ExitCode.INTEGRITY, "have it encrypted anew"),
          row(ConditionsNotSatisfiedException.class, ExitCode.IO, ""),
          row(KeyNotFoundException.class, ExitCode.NAME, ""),
          row(KeyGroupNotFoundException.class, ExitCode.NAME, ""),
          row(KeyExistsException.class, ExitCode.NAME, ""),
          row(MemberRefusedException.class, ExitCode.WRONG_ELEMENT, ""),
          row(OrderRefusedException.class, ExitCode.INTEGRITY, ""),
          row(KeyRefusedException.class, ExitCode.IO, ""),
          row(InvalidElementUriException.class, ExitCode.USAGE, ""),
          row(UnknownSchemeException.class, ExitCode.USAGE, ""),

          // The volume
          row(WrongElementException.class, ExitCode.WRONG_ELEMENT, ""),
          row(WrongMakerException.class, ExitCode.WRONG_ELEMENT, ""),
          row(ElementReinitializedException.class, ExitCode.WRONG_ELEMENT, ""),
          row(ElementNotAddedException.class, ExitCode.WRONG_ELEMENT, ""),
          row(RecoveryElementException.class, ExitCode.WRONG_ELEMENT, ""),
          instead(
              PageKeysUnsupportedException.class,
              ExitCode.IO,
              "use an element that has the capability \""
                  + CapabilityNames.of(Capability.GRUB_PAGES)
                  + "\""),
          row(VolumeInUseException.class, ExitCode.BUSY, "wait for the other one, or end it"),
          row(
              VolumeNotFoundException.class,
              ExitCode.NAME,
              "check the path, or make a volume by \"strongroom volume init\""),
          row(
              VolumeExistsException.class,
              ExitCode.NAME,
              "name a directory that is absent or empty"),
          row(FolderInVolumeException.class, ExitCode.USAGE, ""),
          row(
              RestoreUnfinishedException.class,
              ExitCode.IO,
              "to go on, \"strongroom volume accept\", then \"strongroom contacts renew\""),
          row(IntegrityException.class, ExitCode.INTEGRITY, ""),
          row(CorruptJournalException.class, ExitCode.INTEGRITY, SALVAGE),
          row(NothingToRebuildException.class, ExitCode.INTEGRITY, ""),
          row(FormatVersionException.class, ExitCode.INTEGRITY, "use a release that reads it"),
          row(StaleElementException.class, ExitCode.INTEGRITY, ""),
          row(LedgerException.class, ExitCode.INTEGRITY, ""),
          row(RollbackException.class, ExitCode.INTEGRITY, ""),
          row(FileInvalidatedException.class, ExitCode.INTEGRITY, ""),
          instead(CommitTooLargeException.class, ExitCode.IO, "do it in smaller parts"),
          row(InvalidNameException.class, ExitCode.USAGE, "use another name"),
          row(AttributeTooLargeException.class, ExitCode.IO, ""),
          row(NoSuchAttributeException.class, ExitCode.NAME, ""),
          row(NoSpaceException.class, ExitCode.IO, ""),
          instead(
              VolumeFailedException.class,
              ExitCode.IO,
              "check the medium and try again; what had been committed is there"),
          instead(
              VolumeNotWritableException.class,
              ExitCode.IO,
              "change its permissions, or work as a user who may"),
          instead(FileGoneException.class, ExitCode.IO, "try again"),

          // Sharing
          instead(
              ContactNotFoundException.class,
              ExitCode.NAME,
              "\"strongroom contacts list\" shows all, \"strongroom contacts add\" makes one"),
          instead(
              ContactExistsException.class,
              ExitCode.NAME,
              "if its element was replaced, compare the new card and remove the old contact first,"
                  + " by \"strongroom contacts remove\""),
          row(UnconfirmedCardException.class, ExitCode.WRONG_ELEMENT, ""),
          instead(
              ForeignSenderException.class,
              ExitCode.WRONG_ELEMENT,
              "compare the fingerprint with its owner; then \"strongroom contacts add\" with the"
                  + " card, or \"receive --fingerprint\" for this file alone"),
          row(WrongRecipientException.class, ExitCode.WRONG_ELEMENT, ""),
          row(NotTheSenderException.class, ExitCode.WRONG_ELEMENT, ""),
          instead(
              TransientFileExpiredException.class,
              ExitCode.INTEGRITY,
              "ask for a new one, or \"receive --expired\" takes it all the same"),
          instead(
              SuiteMissingException.class,
              ExitCode.IO,
              "leave --suite away, or ask for a newer card"),
          instead(
              WeakerSuiteException.class,
              ExitCode.IO,
              "the file would be as weak as its weakest copy of the key: --weaker takes that, or"
                  + " send to this recipient separately"),
          instead(
              OtherTransientFileException.class,
              ExitCode.WRONG_ELEMENT,
              "\"strongroom inspect\" shows what it is; find the right one"),
          row(TooManyRecipientsException.class, ExitCode.IO, ""),
          instead(
              TooManyReceiptsException.class,
              ExitCode.IO,
              "receive something with each of these, or \"strongroom contacts forget-receipts\" for"
                  + " one that is lost"),
          row(TooManyContactsException.class, ExitCode.IO, ""),

          // Databases
          row(SqliteLibraryException.class, ExitCode.IO, ""),
          instead(DatabaseInUseException.class, ExitCode.BUSY, "name another file"),
          row(DatabaseUnreadableException.class, ExitCode.INTEGRITY, ""),
          row(DatabaseBusyException.class, ExitCode.BUSY, ""),
          instead(DatabaseNotEmptyException.class, ExitCode.NAME, "name a new database"),
          row(PlainDatabaseException.class, ExitCode.INTEGRITY, ""),
          row(ScriptException.class, ExitCode.SQL, ""),
          row(ForeignKeysException.class, ExitCode.SQL, ""),

          // Key management
          row(NewerDatabaseException.class, ExitCode.INTEGRITY, ""),
          row(ForeignDatabaseException.class, ExitCode.INTEGRITY, ""),
          row(DatabaseOwnerException.class, ExitCode.WRONG_ELEMENT, ""),
          row(AlreadyTakenException.class, ExitCode.NAME, ""),
          row(SubjectNotFoundException.class, ExitCode.NAME, ""),
          row(UserBlockedException.class, ExitCode.NAME, ""),
          row(GroupRetiredException.class, ExitCode.NAME, ""),
          row(NotMemberException.class, ExitCode.NAME, ""),
          row(KeyBeforeMembershipException.class, ExitCode.NAME, ""),
          row(ResourceRefusedException.class, ExitCode.NAME, ""),
          row(NoCommonGroupException.class, ExitCode.NAME, ""),
          row(NoUsableKeyException.class, ExitCode.NAME, ""),
          row(MoreReadersException.class, ExitCode.NAME, ""),
          row(EnvelopeFormatException.class, ExitCode.INTEGRITY, ""),
          row(EnvelopeVersionException.class, ExitCode.INTEGRITY, ""),
          row(EnvelopeDamagedException.class, ExitCode.INTEGRITY, ""),
          row(EnvelopeSignatureException.class, ExitCode.INTEGRITY, ""),
          row(UnknownSenderException.class, ExitCode.NAME, ""),
          row(SignedEnvelopeException.class, ExitCode.NAME, ""),
          row(PolicyDeniedException.class, ExitCode.NAME, ""),

          // Names, in the volume and on the host
          row(NoSuchFileException.class, ExitCode.NAME, "not found", "check the path"),
          row(
              FileAlreadyExistsException.class,
              ExitCode.NAME,
              "is there already",
              "use another name, or remove it first"),
          row(
              DirectoryNotEmptyException.class,
              ExitCode.NAME,
              "the directory is not empty",
              "remove its content first, or use \"rm -r\""),
          row(NotDirectoryException.class, ExitCode.NAME, "is not a directory", "check the path"),
          row(InvalidPathException.class, ExitCode.USAGE, "check the path"),

          // The host
          row(
              AccessDeniedException.class,
              ExitCode.IO,
              "permission denied",
              "change its permissions, or work as a user who may"),
          row(
              ReadOnlyFileSystemException.class,
              ExitCode.IO,
              "the medium is read-only",
              "mount it for writing, or use another one"),
          row(
              ClosedByInterruptException.class,
              ExitCode.IO,
              "interrupted",
              "what had been committed is there; try again"),
          row(
              InterruptedIOException.class,
              ExitCode.IO,
              "interrupted",
              "what had been committed is there; try again"),
          row(FileSystemException.class, ExitCode.IO, "check the medium and its permissions"),
          row(ResponseTooLongException.class, ExitCode.IO, ""),
          row(ServiceUnavailableException.class, ExitCode.IO, ""),
          row(
              TransportTimeoutException.class,
              ExitCode.IO,
              "try again; an element's URI that ends in ?timeout=SECONDS waits longer"),
          row(DeviceException.class, ExitCode.IO, "try again, or look at \"element info\""),
          row(TransportException.class, ExitCode.IO, "check the connection and try again"),
          row(IOException.class, ExitCode.IO, ""));

  /** Besides letters and digits, what no shell changes. */
  private static final String PLAIN = ":./_-+,@%=";

  private Failures() {}

  /** How the process ends for an error. */
  static ExitCode exitCode(Throwable error) {
    if (error instanceof CommandException refusal) {
      return refusal.exitCode();
    }
    if (error instanceof LocatedException located) {
      return exitCode(located.problem());
    }
    if (error instanceof SQLException failed) {
      Throwable cause = underneath(failed);
      return cause != null ? exitCode(cause) : SqlFailures.exitCode(failed);
    }
    for (Row row : TABLE) {
      if (row.type().isInstance(error)) {
        return row.code();
      }
    }
    return ExitCode.IO;
  }

  /** What a person is told: where, what, what to do. */
  static String message(Throwable error) {
    return message(error, "URI");
  }

  private static String message(Throwable error, String element) {
    if (error instanceof CommandException) {
      return Text.printable(String.valueOf(error.getMessage()));
    }
    if (error instanceof LocatedException located) {
      return Text.printable(located.place()) + ": " + message(located.problem(), located.place());
    }
    if (error instanceof AuthenticationFailedException last && last.attemptsRemaining() == 0) {
      return Text.printable(last.getMessage() + unblocking(last.role(), element));
    }
    if (error instanceof PinBlockedException blocked) {
      return Text.printable(blocked.getMessage() + unblocking(blocked.role(), element));
    }
    if (error instanceof SQLException failed) {
      Throwable cause = underneath(failed);
      return cause != null ? message(cause, element) : SqlFailures.message(failed);
    }
    for (Row row : TABLE) {
      if (row.type().isInstance(error)) {
        String remedy = remedy(error, row);
        String todo = remedy.isEmpty() ? "" : "; " + remedy;
        return Text.printable(what(error, row) + todo);
      }
    }
    return "internal error: "
        + error
        + "; nothing that was committed is lost; set STRONGROOM_DEBUG=1 and report what it shows";
  }

  /** What went wrong in the secure file, when that made a statement fail. */
  private static @Nullable Throwable underneath(SQLException failed) {
    for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return cause;
      }
    }
    return null;
  }

  private static String unblocking(Role role, String element) {
    return role == Role.USER ? ": \"strongroom element unblock " + word(element) + "\"" : "";
  }

  /** As a shell takes it for one word: names of readers have spaces. */
  private static String word(String text) {
    return text.chars().allMatch(c -> Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String remedy(Throwable error, Row row) {
    if (error instanceof IntegrityException damage) {
      return remedy(damage);
    }
    if (error instanceof LedgerException ledger) {
      return "\"strongroom volume "
          + VolumeLedger.name(ledger.state().repair())
          + "\" does so, by the administrator's PIN";
    }
    if (onlyRecoverHelps(error)) {
      return "\"strongroom volume recover\" copies everything into a volume of its own";
    }
    if (error instanceof RegisterFullException full) {
      return switch (full.part()) {
        case SENDERS ->
            "\"strongroom element register\" lists them, \"strongroom element forget-sender\" has"
                + " one forgotten, by the administrator's PIN";
        case PENDING ->
            "\"strongroom element register\" lists them: receive them, or \"strongroom decline\""
                + " gives one up";
      };
    }
    if (error instanceof ElementNotFoundException absent && absent.element().startsWith("pcsc:")) {
      return "put the card into the reader; a URI that ends in ?wait=SECONDS waits for it";
    }
    return row.todo();
  }

  /** Only of a catalogue it is known here that it is a directory's. */
  private static String remedy(IntegrityException damage) {
    return switch (damage.check()) {
      case "volume file" -> "restore that file from a backup; without it nothing can be opened";
      case "prelude", "image", "content digest" -> SEND_AGAIN;
      case "catalogue" -> REBUILD + ", " + SALVAGE;
      default -> "put back this file from a backup; " + SALVAGE + ", " + REBUILD;
    };
  }

  private static String what(Throwable error, Row row) {
    String said = error.getMessage();
    if (row.what().isEmpty()) {
      return said == null ? error.getClass().getSimpleName() : facts(said, error, row);
    }
    String file = error instanceof FileSystemException located ? located.getFile() : null;
    return file == null || file.isEmpty() ? row.what() : file + ": " + row.what();
  }

  /** What an exception says, in the words of the command line. */
  private static String facts(String said, Throwable error, Row row) {
    if (error instanceof UnsupportedCapabilityException missing) {
      Capability capability = missing.capability();
      return said.replace(capability.name(), '"' + CapabilityNames.of(capability) + '"');
    }
    if (error instanceof ScriptException failed) {
      return SqlFailures.said(said.replace(" (" + failed.code() + ")", ""));
    }
    if (error instanceof DatabaseUnreadableException || error instanceof PlainDatabaseException) {
      return SqlFailures.said(said);
    }
    int advice = said.lastIndexOf(ADVISING);
    return advice > 0 && (row.advice() == Advice.INSTEAD || onlyRecoverHelps(error))
        ? said.substring(0, advice)
        : said;
  }

  /** Whether an element cannot open a volume as was wanted, but can copy what is in it. */
  private static boolean onlyRecoverHelps(Throwable error) {
    if (error instanceof RecoveryElementException reads) {
      return reads.reason() == RecoveryElementException.Reason.READS_ONLY;
    }
    return error instanceof ElementNotAddedException refused
        && switch (refused.reason()) {
          case STRICT, RECOVERY -> true;
          case OTHER_KEYS, TOO_MANY, MANAGED_KEY -> false;
        };
  }

  private static Row row(Class<? extends Throwable> type, ExitCode code, String todo) {
    return new Row(type, code, "", Advice.FURTHER, todo);
  }

  private static Row row(Class<? extends Throwable> type, ExitCode code, String what, String todo) {
    return new Row(type, code, what, Advice.FURTHER, todo);
  }

  private static Row instead(Class<? extends Throwable> type, ExitCode code, String todo) {
    return new Row(type, code, "", Advice.INSTEAD, todo);
  }
}
