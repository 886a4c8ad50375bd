// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.RecoveryElement;
import dev.strongroom.file.RecoveryElementException;
import dev.strongroom.file.RecoveryElementException.Reason;
import dev.strongroom.file.RecoveryReport;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeExistsException;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import dev.strongroom.file.check.CheckListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume whose element is lost is read with its recovery element. */
@Tag("jdk25")
class RecoveryElementTest {

  private static final int SMALL_FILES = 1000;
  private static final byte[] LARGE = SampleBytes.of(1, 3_000_000);
  private static final byte[] ATTRIBUTE = SampleBytes.of(2, 30_000);
  private static final Instant TIME = Instant.ofEpochSecond(1_600_000_000, 7);

  @TempDir Path folder;

  private TestElement first;
  private TestElement second;
  private ElementSession session;
  private ElementSession recovery;

  @BeforeEach
  void login() throws IOException {
    first = TestElement.create();
    second = TestElement.create();
    session = first.login();
    recovery = second.login();
  }

  @AfterEach
  void logout() {
    session.close();
    recovery.close();
    first.close();
    second.close();
  }

  private Path volume() {
    return folder.resolve("volume");
  }

  private static RecoveryElement of(ElementSession session) throws IOException {
    return RecoveryElement.of(session.element().identity(), session.channelKey());
  }

  private VolumeOptions.Builder named() throws IOException {
    return VolumeOptions.builder()
        .recoveryElement(of(recovery))
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES);
  }

  private static VolumeOptions readOnly() {
    return VolumeOptions.builder().readOnly().build();
  }

  private static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file = volume.openFile(path, CREATE, WRITE)) {
      file.write(content);
    }
  }

  /** What there is to lose: by path, a file's content, or what else is there. */
  private Map<String, Object> fill(SecureFileSystem volume) throws IOException {
    Map<String, Object> expected = new TreeMap<>();
    volume.createDirectory("/many");
    for (int i = 0; i < SMALL_FILES; i++) {
      byte[] content = SampleBytes.of(i, i % 50);
      put(volume, "/many/" + i, content);
      expected.put("/many/" + i, content);
    }
    volume.createDirectory("/a");
    volume.createDirectory("/a/b");
    put(volume, "/a/b/large", LARGE);
    expected.put("/a/b/large", LARGE);
    put(volume, "/a/rekeyed", SampleBytes.of(5, 300_000));
    volume.setUserAttribute("/a/rekeyed", "long", ATTRIBUTE);
    volume.rekey("/a/rekeyed");
    volume.rekey("/a/rekeyed");
    expected.put("/a/rekeyed", SampleBytes.of(5, 300_000));
    volume.createSymbolicLink("/a/link", "b/large");
    volume.setUserAttribute("/a/b/large", "short", new byte[] {1, 2});
    volume.setUserAttribute("/a/b", "of a directory", new byte[] {3});
    volume.setMode("/a/b/large", 0640);
    volume.setOwner("/a/b/large", 17, 18);
    volume.setTimes("/a/b", TIME, TIME, TIME);
    volume.setTimes("/a/b/large", TIME, TIME, TIME);
    volume.setTimes("/a/link", TIME, TIME, TIME, NOFOLLOW_LINKS);
    volume.sync();
    return expected;
  }

  private static void requireAll(SecureFileSystem volume, Map<String, Object> expected)
      throws IOException {
    for (Map.Entry<String, Object> each : expected.entrySet()) {
      byte[] content = (byte[]) each.getValue();
      try (SecureFile file = volume.openFile(each.getKey(), READ)) {
        byte[] found = new byte[content.length + 1];
        int length = Math.max(0, file.pread(0, found, 0, found.length));
        assertThat(length).as(each.getKey()).isEqualTo(content.length);
        assertThat(Arrays.equals(content, Arrays.copyOf(found, length))).as(each.getKey()).isTrue();
      }
    }
    assertThat(volume.list("/many")).hasSize(SMALL_FILES);
    assertThat(volume.userAttribute("/a/rekeyed", "long")).isEqualTo(ATTRIBUTE);
    assertThat(volume.userAttribute("/a/b/large", "short")).containsExactly(1, 2);
    assertThat(volume.userAttribute("/a/b", "of a directory")).containsExactly(3);
    assertThat(volume.readSymbolicLink("/a/link")).isEqualTo("b/large");
    SecureFileAttributes large = volume.stat("/a/b/large");
    assertThat(large.mode()).isEqualTo(0640);
    assertThat(large.owner()).isEqualTo(17);
    assertThat(large.group()).isEqualTo(18);
    for (String path : List.of("/a/b", "/a/b/large", "/a/link")) {
      SecureFileAttributes attributes = volume.stat(path, NOFOLLOW_LINKS);
      assertThat(attributes.modified()).as(path).isEqualTo(TIME);
      assertThat(attributes.accessed()).as(path).isEqualTo(TIME);
      assertThat(attributes.created()).as(path).isEqualTo(TIME);
    }
    assertThat(volume.stat("/a/link", NOFOLLOW_LINKS).type()).isEqualTo(FileType.SYMBOLIC_LINK);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each)));
      }
    }
  }

  @Test
  void everythingIsReadAndRecovered() throws IOException {
    Path crashed = folder.resolve("crashed");
    Map<String, Object> expected;
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), named().build())) {
      expected = fill(volume);
      put(volume, "/late", SampleBytes.of(9, 100_000));
      volume.sync();
      copy(volume(), crashed);
    }
    VolumeInfo info = VolumeInfo.read(volume());
    assertThat(info.elements()).hasSize(2);
    assertThat(info.element(recovery.info().serialNumber()).orElseThrow().role())
        .isEqualTo(ElementRole.RECOVERY);
    session.close();
    first.close();
    expected.put("/late", SampleBytes.of(9, 100_000));
    try (SecureFileSystem volume = SecureFileSystem.open(recovery, crashed, readOnly())) {
      requireAll(volume, expected);
      assertThatThrownBy(() -> volume.createDirectory("/no"))
          .isInstanceOf(ReadOnlyFileSystemException.class);
    }
    Path target = folder.resolve("target");
    RecoveryReport report =
        SecureFileSystem.recover(recovery, volume(), target, VolumeOptions.defaults());
    assertThat(report.problems()).isEmpty();
    assertThat(report.files()).isEqualTo(SMALL_FILES + 3);
    assertThat(report.directories()).isEqualTo(3);
    assertThat(report.links()).isEqualTo(1);
    try (SecureFileSystem volume =
        SecureFileSystem.open(recovery, target, VolumeOptions.defaults())) {
      requireAll(volume, expected);
      put(volume, "/new", new byte[1]);
    }
    assertThat(folder.resolve("target.recovering")).doesNotExist();
  }

  /** One command a file, no command for the writer beside those that it has anyway. */
  @Test
  void costs() throws IOException {
    long plain;
    long before = first.commands();
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, folder.resolve("plain"), VolumeOptions.defaults())) {
      tenFiles(volume);
    }
    plain = first.commands() - before;
    before = first.commands();
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), named().build())) {
      tenFiles(volume);
    }
    assertThat(first.commands() - before - plain)
        .isBetween(1L, 2L); // to sign, and whose element it is not
    try (SecureFileSystem volume = SecureFileSystem.open(recovery, volume(), readOnly())) {
      before = second.commands();
      for (int i = 0; i < 10; i++) {
        volume.openFile("/" + i, READ).close();
      }
      assertThat(second.commands() - before).isBetween(10L, 11L); // and the root directory
    }
    before = second.commands();
    try (SecureFileSystem volume = SecureFileSystem.open(recovery, volume(), readOnly())) {
      assertThat(second.commands() - before).isLessThanOrEqualTo(4);
      assertThat(volume.isReadOnly()).isTrue();
    }
  }

  private static void tenFiles(SecureFileSystem volume) throws IOException {
    for (int i = 0; i < 10; i++) {
      put(volume, "/" + i, new byte[i]);
    }
  }

  @Test
  void theRecoveryElementDoesNotWrite() throws IOException {
    SecureFileSystem.create(session, volume(), named().build()).close();
    refused(
        Reason.READS_ONLY,
        () -> SecureFileSystem.open(recovery, volume(), VolumeOptions.defaults()).close());
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void refused(Reason reason, Work work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            RecoveryElementException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void anotherElementIsRefusedByName() throws IOException {
    SecureFileSystem.create(session, volume(), named().build()).close();
    try (TestElement third = TestElement.create();
        ElementSession stranger = third.login()) {
      long before = third.commands();
      assertThatThrownBy(() -> SecureFileSystem.open(stranger, volume(), readOnly()))
          .isInstanceOf(WrongElementException.class);
      assertThat(third.commands()).isEqualTo(before);
      Path target = folder.resolve("target");
      assertThatThrownBy(
              () -> SecureFileSystem.recover(stranger, volume(), target, VolumeOptions.defaults()))
          .isInstanceOf(WrongElementException.class);
      assertThat(target).doesNotExist();
    }
  }

  @Test
  void keysThatTheRecoveryElementCouldNotHaveAreRefused() throws IOException {
    VolumeOptions.Builder paged = named().keyScope(KeyScope.PAGE);
    assertThatIllegalArgumentException().isThrownBy(paged::build);
    VolumeOptions.Builder managed = named().managedKey(KeyStoreElement.KEY_ID);
    assertThatIllegalArgumentException().isThrownBy(managed::build);
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), named().build())) {
      refused(
          Reason.NOT_RECOVERABLE,
          () -> volume.openFile("/paged", CREATE, WRITE, KeyScope.PAGE).close());
      assertThat(volume.list("/")).isEmpty();
    }
    VolumeOptions later = VolumeOptions.builder().managedKey(KeyStoreElement.KEY_ID).build();
    refused(Reason.NOT_RECOVERABLE, () -> SecureFileSystem.open(session, volume(), later).close());
    VolumeOptions same = VolumeOptions.builder().recoveryElement(of(session)).build();
    refused(
        Reason.SAME_ELEMENT,
        () -> SecureFileSystem.create(session, folder.resolve("same"), same).close());
    assertThat(folder.resolve("same")).doesNotExist();
  }

  @Test
  void whatCannotBeReadIsToldAndTheRestIsRecovered() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), named().build())) {
      put(volume, "/good", LARGE);
      put(volume, "/bad", LARGE);
      put(volume, "/torn", new byte[5]);
    }
    damage(host("/bad"), 2_000_000);
    Path torn = host("/torn");
    damage(torn, 88 + 100);
    damage(torn, 4096 + 88 + 100);
    Path target = folder.resolve("target");
    RecoveryReport report =
        SecureFileSystem.recover(recovery, volume(), target, VolumeOptions.defaults());
    assertThat(report.files()).isEqualTo(1);
    assertThat(report.problems())
        .extracting(RecoveryReport.Problem::path)
        .containsExactlyInAnyOrder("/bad", "/torn");
    try (SecureFileSystem volume =
        SecureFileSystem.open(recovery, target, VolumeOptions.defaults())) {
      assertThat(volume.list("/")).hasSize(1);
      assertThat(volume.stat("/good").size()).isEqualTo(LARGE.length);
    }
    // The volume's own element does not need what is wrapped, but the header is signed as a whole.
    try (SecureFileSystem volume = SecureFileSystem.open(session, volume(), readOnly())) {
      assertThatThrownBy(() -> volume.openFile("/torn", READ))
          .isInstanceOf(IntegrityException.class);
    }
  }

  private Path host(String path) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, volume(), readOnly())) {
      return volume().resolve(volume.stat(path).hostName());
    }
  }

  private static void damage(Path file, int at) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[at] ^= 1;
    Files.write(file, content);
  }

  @Test
  void aLedgerIsReadAndNotVouchedFor() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), named().build())) {
      put(volume, "/a", LARGE);
      put(volume, "/b", LARGE);
      volume.freeze(List.of("/a"));
    }
    try (SecureFileSystem volume = SecureFileSystem.open(recovery, volume(), readOnly())) {
      assertThat(volume.info().fresh()).isFalse(); // one step, which the first may have prepared
    }
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, volume(), VolumeOptions.defaults())) {
      volume.invalidate(List.of("/b"));
    }
    try (SecureFileSystem volume = SecureFileSystem.open(recovery, volume(), readOnly())) {
      assertThat(volume.info().fresh()).isFalse();
      volume.openFile("/a", READ).close();
      assertThatThrownBy(() -> volume.openFile("/b", READ))
          .isInstanceOf(FileInvalidatedException.class);
    }
    assertThat(recovery.versions()).isEmpty();
    Path ledger = volume().resolve("strongroom.files/ledger");
    damage(ledger, 1000);
    damage(ledger, 4096 + 1000);
    assertThatThrownBy(() -> SecureFileSystem.open(session, volume(), readOnly()))
        .isInstanceOf(LedgerException.class);
    Path target = folder.resolve("target");
    RecoveryReport report =
        SecureFileSystem.recover(recovery, volume(), target, VolumeOptions.defaults());
    assertThat(report.files()).isEqualTo(2);
    assertThat(report.problems()).isEmpty();
  }

  @Test
  void holesStayHoles() throws IOException {
    long size = 1L << 40;
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), named().build());
        SecureFile file = volume.openFile("/sparse", CREATE, WRITE)) {
      file.pwrite(5_000_000, LARGE, 0, 100_000);
      file.pwrite(size - 10, LARGE, 0, 10);
      file.truncate(size + 1_000_000);
    }
    Path target = folder.resolve("target");
    RecoveryReport report =
        SecureFileSystem.recover(recovery, volume(), target, VolumeOptions.defaults());
    assertThat(report.bytes()).isLessThan(120_000);
    byte[] found = new byte[100_000];
    try (SecureFileSystem volume = SecureFileSystem.open(recovery, volume(), readOnly())) {
      assertThat(volume.check(CheckListener.SILENT).findings()).isEmpty();
    }
    try (SecureFileSystem volume = SecureFileSystem.open(recovery, target, readOnly());
        SecureFile file = volume.openFile("/sparse", READ)) {
      assertThat(file.size()).isEqualTo(size + 1_000_000);
      file.pread(5_000_000, found, 0, found.length);
      assertThat(found).isEqualTo(Arrays.copyOf(LARGE, found.length));
      file.pread(size - 10, found, 0, 10);
      assertThat(Arrays.copyOf(found, 10)).isEqualTo(Arrays.copyOf(LARGE, 10));
    }
  }

  @Test
  void halfARecoveredVolumeIsNeverInItsPlace() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), named().build())) {
      put(volume, "/a", LARGE);
    }
    Path target = folder.resolve("target");
    Files.createDirectory(folder.resolve("target.recovering"));
    assertThatThrownBy(
            () -> SecureFileSystem.recover(recovery, volume(), target, VolumeOptions.defaults()))
        .isInstanceOf(VolumeExistsException.class)
        .hasMessageContaining("cut off");
    Files.delete(folder.resolve("target.recovering"));
    Files.createDirectory(target);
    Files.createFile(target.resolve("something"));
    assertThatThrownBy(
            () -> SecureFileSystem.recover(recovery, volume(), target, VolumeOptions.defaults()))
        .isInstanceOf(VolumeExistsException.class)
        .hasMessageContaining("something");
    Files.delete(target.resolve("something"));
    SecureFileSystem.recover(recovery, volume(), target, VolumeOptions.defaults());
    assertThat(target.resolve("strongroom.volume")).exists();
  }

  /** What is wrapped under one UID, RND and epoch opens no other file. */
  @Test
  void aWrappedPairBelongsToOneFile() throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.create(session, volume(), named().build())) {
      put(volume, "/one", LARGE);
      put(volume, "/other", LARGE);
    }
    byte[] from = Files.readAllBytes(host("/one"));
    Path other = host("/other");
    byte[] into = Files.readAllBytes(other);
    for (int copy : new int[] {0, 4096}) {
      System.arraycopy(from, copy + 88, into, copy + 88, 168);
    }
    Files.write(other, into);
    try (SecureFileSystem volume = SecureFileSystem.open(recovery, volume(), readOnly())) {
      volume.openFile("/one", READ).close();
      assertThatThrownBy(() -> volume.openFile("/other", READ))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("commitment");
    }
  }
}
