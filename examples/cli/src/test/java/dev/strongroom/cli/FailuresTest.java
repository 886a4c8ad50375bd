// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.Aid;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.AcknowledgementNeededException;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.ApplicationNotFoundException;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.DestructionScheduledException;
import dev.strongroom.core.device.ElementAdministeredException;
import dev.strongroom.core.device.ElementAlreadyInitializedException;
import dev.strongroom.core.device.ElementChangedException;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementEditedException;
import dev.strongroom.core.device.ElementFullException;
import dev.strongroom.core.device.ElementKeyChangedException;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementStorageException;
import dev.strongroom.core.device.KeyAttributeRefusedException;
import dev.strongroom.core.device.KeyExistsException;
import dev.strongroom.core.device.KeyExpiredException;
import dev.strongroom.core.device.KeyFlagMissingException;
import dev.strongroom.core.device.KeyGroupNotFoundException;
import dev.strongroom.core.device.KeyLimitReachedException;
import dev.strongroom.core.device.KeyNotFoundException;
import dev.strongroom.core.device.KeyNotYetActiveException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyStateRefusedException;
import dev.strongroom.core.device.KeyTransitionRefusedException;
import dev.strongroom.core.device.KeyUsageRefusedException;
import dev.strongroom.core.device.LeaseOverException;
import dev.strongroom.core.device.MasterKeysMissingException;
import dev.strongroom.core.device.MemberRefusedException;
import dev.strongroom.core.device.NoFreeVersionSlotException;
import dev.strongroom.core.device.OrderRefusedException;
import dev.strongroom.core.device.PinBlockedException;
import dev.strongroom.core.device.PinFormatException;
import dev.strongroom.core.device.ProtocolVersionException;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveNotFoundException;
import dev.strongroom.core.device.RegisterFullException;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureChannelException;
import dev.strongroom.core.device.SecureChannelException.Reason;
import dev.strongroom.core.device.SecurityStatusException;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.device.TrustAnchorRefusedException;
import dev.strongroom.core.device.UnsupportedCapabilityException;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.device.VersionMismatchException;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.device.VersionSlotNotFoundException;
import dev.strongroom.core.identity.CardFormatException;
import dev.strongroom.core.identity.Fingerprint;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.core.transport.ElementInUseException;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.InvalidElementUriException;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.ReaderNotFoundException;
import dev.strongroom.core.transport.ResponseTooLongException;
import dev.strongroom.core.transport.ServiceUnavailableException;
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
import dev.strongroom.file.LedgerState;
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
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.policy.Denial;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {

  private static final UserId USER = UserId.parse("00112233445566778899aabbccddeeff");
  private static final GroupId GROUP = GroupId.parse("00112233445566778899aabbccddeeff");
  private static final KeyId KEY_ID = KeyId.parse("00112233445566778899aabbccddeeff");
  private static final Bytes SERIAL = Bytes.parse("00112233445566778899aabbccddeeff");

  /** G of P-256 (NIST SP 800-186, 3.2.1.3), a point like any other. */
  private static final ChannelKey KEY =
      new ChannelKey(
          Bytes.parse(
              "04"
                  + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                  + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));

  private static KeyRefusal refusal(RefusalReason reason) {
    return KeyRefusal.of(reason, SERIAL, 1, 2).at(3);
  }

  static Stream<Arguments> table() {
    return Stream.of(
        Arguments.of(new AuthenticationFailedException(Role.USER, 2), 3),
        Arguments.of(new PinBlockedException(Role.USER), 3),
        Arguments.of(new PinFormatException(Role.USER), 3),
        Arguments.of(new ElementNotFoundException("sim:x"), 4),
        Arguments.of(new MasterKeysMissingException(), 4),
        Arguments.of(new VersionMismatchException(VersionSlot.none(SERIAL), null), 5),
        Arguments.of(new NoFreeVersionSlotException(), 8),
        Arguments.of(new VersionSlotNotFoundException(SERIAL), 4),
        Arguments.of(new AlreadyReceivedException(new ReceiveId(SERIAL, 1, SERIAL)), 5),
        Arguments.of(new RegisterFullException(RegisterFullException.Part.PENDING), 8),
        Arguments.of(new ElementFullException(ElementFullException.Limit.MEMORY, 2, 1, 1500), 8),
        Arguments.of(new ReceiveNotFoundException(SERIAL), 4),
        Arguments.of(new CardFormatException("cut short", null), 5),
        Arguments.of(new TrustAnchorRefusedException(), 8),
        Arguments.of(new UntrustedPeerException("its chain"), 6),
        Arguments.of(new DecryptionFailedException(), 5),
        Arguments.of(new ConditionsNotSatisfiedException(4, "no PIN"), 8),
        Arguments.of(new KeyNotFoundException(new KeyId(SERIAL)), 4),
        Arguments.of(new KeyGroupNotFoundException(new GroupId(SERIAL)), 4),
        Arguments.of(new KeyExistsException(new KeyId(SERIAL)), 4),
        Arguments.of(new KeyUsageRefusedException(refusal(RefusalReason.USAGE)), 8),
        Arguments.of(new KeyStateRefusedException(refusal(RefusalReason.STATE)), 8),
        Arguments.of(
            new DestructionScheduledException(refusal(RefusalReason.DESTRUCTION_SCHEDULED)), 8),
        Arguments.of(new KeyNotYetActiveException(refusal(RefusalReason.NOT_YET_ACTIVE)), 8),
        Arguments.of(new KeyExpiredException(refusal(RefusalReason.ORIGINATOR_PERIOD)), 8),
        Arguments.of(new KeyLimitReachedException(refusal(RefusalReason.LIMIT)), 8),
        Arguments.of(new LeaseOverException(refusal(RefusalReason.LEASE_TIME)), 8),
        Arguments.of(new AcknowledgementNeededException(refusal(RefusalReason.ACKNOWLEDGEMENT)), 8),
        Arguments.of(new KeyFlagMissingException(refusal(RefusalReason.FLAG)), 8),
        Arguments.of(new KeyTransitionRefusedException(refusal(RefusalReason.TRANSITION)), 8),
        Arguments.of(new KeyAttributeRefusedException(refusal(RefusalReason.ATTRIBUTE)), 8),
        Arguments.of(new ElementAdministeredException(refusal(RefusalReason.ADMINISTERED)), 8),
        Arguments.of(new MemberRefusedException(refusal(RefusalReason.MEMBER)), 6),
        Arguments.of(new OrderRefusedException(refusal(RefusalReason.ORDER_VALUE)), 5),
        Arguments.of(new ReaderNotFoundException("x"), 4),
        Arguments.of(new ElementNotInitializedException(), 4),
        Arguments.of(new ElementAlreadyInitializedException(), 4),
        Arguments.of(new VolumeNotFoundException("v", "no volume file"), 4),
        Arguments.of(new VolumeExistsException("v", "not empty"), 4),
        Arguments.of(new FolderInVolumeException("v/x"), 2),
        Arguments.of(
            new RestoreUnfinishedException(
                Path.of("v"), Path.of("v.replaced"), new IOException("EIO")),
            8),
        Arguments.of(new NoSuchFileException("/a"), 4),
        Arguments.of(new FileAlreadyExistsException("/a"), 4),
        Arguments.of(new DirectoryNotEmptyException("/a"), 4),
        Arguments.of(new NotDirectoryException("/a"), 4),
        Arguments.of(new IntegrityException("/a", "sector", 3, 12288, 16384, "tag"), 5),
        Arguments.of(new CorruptJournalException("v", "is cut"), 5),
        Arguments.of(new NothingToRebuildException("v"), 5),
        Arguments.of(new FormatVersionException("v", "v9", "v1"), 5),
        Arguments.of(new ElementDamagedException("checksum", null), 5),
        Arguments.of(new ElementEditedException("tries"), 5),
        Arguments.of(new ProtocolVersionException(9), 5),
        Arguments.of(new WrongElementException("v", SERIAL, SERIAL), 6),
        Arguments.of(new WrongMakerException("v", new Fingerprint(SERIAL), null), 6),
        Arguments.of(new ElementReinitializedException("v", SERIAL, SERIAL, SERIAL), 6),
        Arguments.of(
            new ElementNotAddedException("v", SERIAL, ElementNotAddedException.Reason.OTHER_KEYS),
            6),
        Arguments.of(
            new RecoveryElementException("v", RecoveryElementException.Reason.READS_ONLY), 6),
        Arguments.of(new ElementChangedException("pcsc:x", SERIAL, SERIAL), 6),
        Arguments.of(new ElementKeyChangedException("pcsc:x", KEY, KEY), 6),
        Arguments.of(new SecureChannelException("pcsc:x", Reason.RECEIPT, null), 8),
        Arguments.of(new VolumeInUseException("v", 17), 7),
        Arguments.of(new ElementInUseException("sim:x", 17), 7),
        Arguments.of(new InvalidNameException("a/b", "a slash"), 2),
        Arguments.of(new InvalidElementUriException("no scheme"), 2),
        Arguments.of(new UnknownSchemeException("x", List.of("sim")), 2),
        Arguments.of(new InvalidPathException("a\0b", "NUL"), 2),
        Arguments.of(CommandException.usage("no"), 2),
        Arguments.of(new NoSpaceException("v", 10, 1, null), 8),
        Arguments.of(new AttributeTooLargeException("/f", "a", 70_000, 65_536), 8),
        Arguments.of(new NoSuchAttributeException("/f", "a"), 4),
        Arguments.of(new VolumeFailedException("v", new IOException("EIO")), 8),
        Arguments.of(new ElementStorageException("EIO", null), 8),
        Arguments.of(new ElementRemovedException("sim:x"), 8),
        Arguments.of(new SecurityStatusException(0x20), 8),
        Arguments.of(new StaleElementException("v", SERIAL, 3, 2), 5),
        Arguments.of(new LedgerException("v", LedgerState.OLDER, 3, 4, null), 5),
        Arguments.of(new RollbackException("f", 3, 4), 5),
        Arguments.of(new FileInvalidatedException("f", 3), 5),
        Arguments.of(new CommitTooLargeException("v", 9, 8), 8),
        Arguments.of(new VolumeNotWritableException("v", new AccessDeniedException("v")), 8),
        Arguments.of(new ApplicationNotFoundException(Aid.parse("A000000001")), 8),
        Arguments.of(new UnsupportedCapabilityException(Capability.GRUB_BATCH), 8),
        Arguments.of(new StatusWordException(0x20, new StatusWord(0x6F00)), 8),
        Arguments.of(new LinkLostException("sim:x", LinkLostException.Outcome.UNKNOWN, null), 8),
        Arguments.of(new FrameException("too short"), 8),
        Arguments.of(new ResponseTooLongException("pcsc:0", 8192), 8),
        Arguments.of(new ServiceUnavailableException("PC/SC service", "start it", null), 8),
        Arguments.of(new TransportTimeoutException(Duration.ofSeconds(1)), 8),
        Arguments.of(new PageKeysUnsupportedException("/a", SERIAL), 8),
        Arguments.of(new FileGoneException("/a", null), 8),
        Arguments.of(new ContactNotFoundException("ben"), 4),
        Arguments.of(new ContactExistsException("ben", "ben", "name"), 4),
        Arguments.of(new UnconfirmedCardException("ben", "0000", "ffff"), 6),
        Arguments.of(new ForeignSenderException("f", SERIAL, "0000"), 6),
        Arguments.of(new WrongRecipientException("f", SERIAL, 2), 6),
        Arguments.of(new NotTheSenderException("f", "another volume"), 6),
        Arguments.of(
            new TransientFileExpiredException("f", Instant.EPOCH, Instant.EPOCH.plusSeconds(1)), 5),
        Arguments.of(new SuiteMissingException("ben", "X25519"), 8),
        Arguments.of(new WeakerSuiteException("ben", HpkeSuite.P256, HpkeSuite.X25519), 8),
        Arguments.of(new OtherTransientFileException("f", SERIAL, SERIAL), 6),
        Arguments.of(new TooManyRecipientsException(1001, 1000), 8),
        Arguments.of(new TooManyReceiptsException(64, List.of(SERIAL)), 8),
        Arguments.of(new TooManyContactsException(10_000), 8),
        Arguments.of(new SqliteLibraryException("version", null), 8),
        Arguments.of(new DatabaseInUseException("/a.db"), 7),
        Arguments.of(
            new DatabaseUnreadableException(
                "/a.db",
                "[SQLITE_NOTADB]  File opened that is not a database file (file is not a database)",
                null),
            5),
        Arguments.of(new DatabaseBusyException("/a.db", Duration.ofSeconds(5)), 7),
        Arguments.of(new DatabaseNotEmptyException("/a.db"), 4),
        Arguments.of(new PlainDatabaseException(Path.of("a.db"), "it is damaged", null), 5),
        Arguments.of(new ScriptException(2, 3, "SQLITE_ERROR", "no such table: t", null), 9),
        Arguments.of(new ForeignKeysException("/a.db", "t"), 9),
        Arguments.of(new NewerDatabaseException("/kms.db", 3, 1), 5),
        Arguments.of(new ForeignDatabaseException("/kms.db", 0x1234), 5),
        Arguments.of(
            new DatabaseOwnerException(
                "/kms.db", DatabaseOwnerException.Part.ELEMENT, "" + SERIAL, "" + SERIAL),
            6),
        Arguments.of(new AlreadyTakenException(AlreadyTakenException.Part.USER_NAME, "Ann"), 4),
        Arguments.of(new SubjectNotFoundException(SubjectNotFoundException.Kind.GROUP, SERIAL), 4),
        Arguments.of(new UserBlockedException(USER), 4),
        Arguments.of(new GroupRetiredException(GROUP), 4),
        Arguments.of(new NotMemberException(USER, GROUP), 4),
        Arguments.of(new KeyBeforeMembershipException(KEY_ID, USER), 4),
        Arguments.of(new ResourceRefusedException(GROUP, KeyOperation.MAKE_DATA_KEY), 4),
        Arguments.of(new NoCommonGroupException(Set.of(USER)), 4),
        Arguments.of(new NoUsableKeyException(Set.of(GROUP)), 4),
        Arguments.of(new MoreReadersException(GROUP, Set.of(USER)), 4),
        Arguments.of(new EnvelopeFormatException(EnvelopeFormatException.Reason.FOREIGN), 5),
        Arguments.of(new EnvelopeVersionException(2, 1), 5),
        Arguments.of(new EnvelopeDamagedException(KEY_ID, 0, null), 5),
        Arguments.of(new EnvelopeSignatureException(USER), 5),
        Arguments.of(new UnknownSenderException(USER), 4),
        Arguments.of(new SignedEnvelopeException(USER), 4),
        Arguments.of(
            new PolicyDeniedException(new Denial.TooManyKeys(new GroupId(SERIAL), 8, 8)), 4),
        Arguments.of(sql("SQLITE_ERROR] SQL error or missing database (no such table: t)", 1), 9),
        Arguments.of(sql("SQLITE_BUSY] The database file is locked (database is locked)", 5), 7),
        Arguments.of(
            sql("SQLITE_INTERRUPT] Operation terminated by sqlite3_interrupt() (interrupted)", 9),
            8),
        Arguments.of(
            sql("SQLITE_CORRUPT] The database disk image is malformed (malformed)", 11), 5),
        Arguments.of(sql("SQLITE_NOTADB] File opened is none (file is not a database)", 26), 5),
        Arguments.of(
            new SQLException(
                "disk I/O error",
                "",
                10,
                new IntegrityException("/a", "sector", 3, 12288, 16384, "tag")),
            5),
        Arguments.of(
            new SQLException("disk I/O error", "", 10, new CommitTooLargeException("v", 9, 8)), 8),
        Arguments.of(new AccessDeniedException("/a"), 8),
        Arguments.of(new ReadOnlyFileSystemException(), 8),
        Arguments.of(new ClosedByInterruptException(), 8),
        Arguments.of(new InterruptedIOException(), 8),
        Arguments.of(new FileNotFoundException("/a (Permission denied)"), 8),
        Arguments.of(new IOException("something"), 8),
        Arguments.of(new IllegalStateException("a bug"), 8));
  }

  private static SQLException sql(String message, int code) {
    return new SQLException("[" + message, "", code);
  }

  @Test
  void sqliteSpeaksForItself() {
    assertThat(Failures.message(sql("SQLITE_ERROR] SQL error (no such function: f (a))", 1)))
        .isEqualTo("no such function: f (a)");
    assertThat(Failures.message(sql("SQLITE_INTERRUPT] By sqlite3_interrupt() (interrupted)", 9)))
        .startsWith("interrupted; the statement was undone");
    assertThat(Failures.message(new SQLException("the database is closed")))
        .isEqualTo("the database is closed");
  }

  @ParameterizedTest
  @MethodSource("table")
  void everyErrorHasItsExitCodeAndAMessage(Throwable error, int code) {
    assertThat(Failures.exitCode(error).code()).isEqualTo(code);
    assertThat(Failures.message(error)).isNotBlank().doesNotContain("null");
  }

  /** What nobody types at a command line: names of methods, constants and types. */
  private static final Pattern FOR_PROGRAMS =
      Pattern.compile(
          "\\(\\)|\\b[a-z]+[A-Z]\\w*|\\b[A-Z]+_[A-Z_]+\\b|read-only,|open it again|with recover|use"
              + " recover");

  @ParameterizedTest
  @MethodSource({"table", "reasons"})
  void messagesNameNothingThatOnlyAProgramCanUse(Throwable error, int code) {
    if (!(error instanceof IllegalStateException)) { // a bug names what its reporter needs
      assertThat(Failures.message(error)).doesNotContainPattern(FOR_PROGRAMS);
    }
  }

  /** Every text that depends on a value of an enumeration. */
  static Stream<Arguments> reasons() {
    Stream<Throwable> recovery =
        Stream.of(RecoveryElementException.Reason.values())
            .map(reason -> new RecoveryElementException("v", reason));
    Stream<Throwable> added =
        Stream.of(ElementNotAddedException.Reason.values())
            .map(reason -> new ElementNotAddedException("v", SERIAL, reason));
    Stream<Throwable> capabilities =
        Stream.of(Capability.values()).map(UnsupportedCapabilityException::new);
    Stream<Throwable> full =
        Stream.of(RegisterFullException.Part.values()).map(RegisterFullException::new);
    Stream<Throwable> keys =
        Stream.of(ElementFullException.Limit.values())
            .map(limit -> new ElementFullException(limit, 60, 50, 1500));
    Stream<Throwable> ledger =
        Stream.of(LedgerState.values()).map(state -> new LedgerException("v", state, 1, 2, null));
    Stream<Throwable> owners =
        Stream.of(DatabaseOwnerException.Part.values())
            .map(part -> new DatabaseOwnerException("/kms.db", part, "" + SERIAL, "" + SERIAL));
    Stream<Throwable> taken =
        Stream.of(AlreadyTakenException.Part.values())
            .map(part -> new AlreadyTakenException(part, "Ann"));
    Stream<Throwable> missing =
        Stream.of(SubjectNotFoundException.Kind.values())
            .map(kind -> new SubjectNotFoundException(kind, SERIAL));
    Stream<Throwable> envelopes =
        Stream.of(EnvelopeFormatException.Reason.values()).map(EnvelopeFormatException::new);
    Stream<Throwable> refusals =
        Stream.of(RefusalReason.values()).map(reason -> KeyRefusedException.of(refusal(reason)));
    return Stream.of(
            recovery,
            added,
            capabilities,
            full,
            keys,
            ledger,
            owners,
            taken,
            missing,
            envelopes,
            refusals)
        .flatMap(each -> each)
        .map(error -> Arguments.of(error, Failures.exitCode(error).code()));
  }

  @Test
  void theLibrarysAdviceGivesWayToACommand() {
    assertThat(Failures.message(new ElementKeyChangedException("pcsc:x", KEY, KEY)))
        .contains("no PIN is sent to it", "--known")
        .doesNotContain("open with the new key");
    assertThat(Failures.message(new RegisterFullException(RegisterFullException.Part.PENDING)))
        .contains("16 receives", "\"strongroom element register\"", "\"strongroom decline\"");
    assertThat(Failures.message(new RegisterFullException(RegisterFullException.Part.SENDERS)))
        .contains("128 senders", "\"strongroom element forget-sender\"");
    assertThat(Failures.message(new UnsupportedCapabilityException(Capability.GRUB_PAGES)))
        .contains("capability \"grub pages\"");
  }

  @Test
  void theTableNamesEveryExceptionOfTheLibraries() throws IOException {
    Set<String> known =
        table().map(row -> row.get()[0].getClass().getName()).collect(Collectors.toSet());
    assertThat(known).containsAll(exceptions("sdk-core/core"));
    assertThat(known).containsAll(exceptions("sdk-securefile/securefile"));
    assertThat(known).containsAll(exceptions("sdk-securefile/database"));
    assertThat(known).containsAll(exceptions("sdk-sekey/sekey"));
  }

  /** The exception classes of a module that can be made, by its sources. */
  private static List<String> exceptions(String module) throws IOException {
    Path sources = Path.of("../..", module, "src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      List<String> names = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith("Exception.java")).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        if (!file.toString().contains("internal")
            && Files.readString(file).contains("public final class " + name + " ")) {
          String path =
              sources.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
          names.add(path.substring(0, path.length() - ".java".length()));
        }
      }
      assertThat(names).isNotEmpty();
      return names;
    }
  }

  @Test
  void anElementsOwnErrorsGetTheirPlace() {
    LocatedException located =
        new LocatedException("sim:my.element", new PinBlockedException(Role.USER));
    assertThat(Failures.exitCode(located)).isEqualTo(ExitCode.LOGIN);
    assertThat(Failures.message(located)).startsWith("sim:my.element: the user PIN is blocked");
  }

  @Test
  void theLastWrongPinSaysThatItIsBlockedAndWhatEndsThat() {
    assertThat(
            Failures.message(
                new LocatedException("sim:e", new AuthenticationFailedException(Role.USER, 0))))
        .isEqualTo(
            "sim:e: wrong user PIN; it is blocked now; the administrator can set a new one:"
                + " \"strongroom element unblock sim:e\"");
    assertThat(Failures.message(new PinBlockedException(Role.USER)))
        .isEqualTo(
            "the user PIN is blocked; the administrator can set a new one:"
                + " \"strongroom element unblock URI\"");
    assertThat(Failures.message(new AuthenticationFailedException(Role.ADMINISTRATOR, 0)))
        .isEqualTo("wrong administrator PIN; it is blocked now for good");
  }

  @Test
  void aCommandThatIsAdvisedCanBeTypedAsItIs() {
    assertThat(
            Failures.message(
                new LocatedException("pcsc:Jo's Reader 00", new PinBlockedException(Role.USER))))
        .endsWith("\"strongroom element unblock 'pcsc:Jo'\\''s Reader 00'\"");
  }

  @Test
  void anAbsentCardIsPutInAndNotMade() {
    assertThat(Failures.message(new ElementNotFoundException("pcsc:Reader 00")))
        .contains("no secure element at pcsc:Reader 00; put the card into the reader")
        .doesNotContain("element init");
    assertThat(Failures.message(new ElementNotFoundException("sim:x"))).contains("element init");
  }

  @Test
  void aMessageCannotSteerTheTerminal() {
    assertThat(Failures.message(new NoSuchFileException("/a\u001b[2J")))
        .isEqualTo("/a?[2J: not found; check the path");
  }

  @Test
  void theNumbersAreTheOnesThatWerePublished() {
    assertThat(Stream.of(ExitCode.values()).map(code -> code.code() + " " + code.name()))
        .containsExactly(
            "0 OK",
            "1 PARTLY",
            "2 USAGE",
            "3 LOGIN",
            "4 NAME",
            "5 INTEGRITY",
            "6 WRONG_ELEMENT",
            "7 BUSY",
            "8 IO",
            "9 SQL",
            "141 READER_GONE");
  }

  @Test
  void aLedgerThatIsNotVouchedForNamesTheCommandThatHelps() {
    for (LedgerState state : LedgerState.values()) {
      String command =
          switch (state) {
            case OLDER, FOREIGN, AHEAD, VOLUME_FILE_OLDER, VOLUME_FILE_FOREIGN ->
                "\"strongroom volume accept\"";
            case LOST, DAMAGED -> "\"strongroom volume rebuild-ledger\"";
            case UNKNOWN_ELEMENT -> "\"strongroom volume adopt\"";
          };
      assertThat(Failures.message(new LedgerException("v", state, 1, 2, null))).contains(command);
    }
  }
}
