// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.internal.check.ContentTarget;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no writer writes is refused, even if it was written with all the keys. */
class ForgedVolumeTest {

  private static final int PAGE = Catalogue.PAGE;

  private static @Nullable SecureElement element;
  private static @Nullable ElementSession session;
  private static int nonces;

  @TempDir private Path folder;

  /** What is done with an open volume, under its lock. */
  private interface Work {
    void on(Volume volume, FileNode root) throws IOException;
  }

  @BeforeAll
  static void login() throws IOException {
    SecureElement made =
        SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      made.initialize(user, administrator);
      session = made.login(user);
    }
    element = made;
  }

  @AfterAll
  static void logout() {
    Objects.requireNonNull(session).close();
    Objects.requireNonNull(element).close();
  }

  private static Volume open(Path folder) throws IOException {
    ElementSession open = Objects.requireNonNull(session);
    VolumeOptions options = VolumeOptions.builder().cacheBytes(1 << 20).build();
    return Files.exists(folder.resolve("strongroom.volume"))
        ? VolumeOpener.open(open, new PathStore(folder), options)
        : VolumeOpener.create(open, new PathStore(folder), options, VolumeOpener.Neighbours.NONE);
  }

  /** Opens the volume, or makes it, and closes it again. */
  private void with(Work work) throws IOException {
    try (Volume volume = open(folder)) {
      assertThat(new Namespace(volume).list("/")).isNotNull(); // has the root directory loaded
      volume.lock.lock();
      try {
        work.on(volume, Objects.requireNonNull(volume.nodes.get(volume.description().root())));
      } finally {
        volume.lock.unlock();
      }
    }
  }

  // ---- catalogues

  private static Catalogue.Entry entry(int number) {
    byte[] coded = new byte[32];
    ByteBuffer.wrap(coded).putInt(number);
    return new Catalogue.Entry(
        Bytes.copyOf(coded), Bytes.copyOf(new byte[16]), FileType.FILE, "n".repeat(200));
  }

  /** A change of a catalogue's pages. */
  private interface Forgery {
    void on(ByteBuffer pages);
  }

  /** Pages of a kind, ascending. */
  private static List<Integer> pages(byte[] all, int kind) {
    List<Integer> found = new ArrayList<>();
    for (int page = 1; page < all.length / PAGE; page++) {
      if (all[page * PAGE] == kind) {
        found.add(page);
      }
    }
    return found;
  }

  private static void write(FileNode root, byte[] all) throws IOException {
    root.truncate(all.length);
    for (int at = 0; at < all.length; at += PAGE) {
      root.write(at, all, at, PAGE);
    }
  }

  @Test
  void aCatalogueHasNothingButWhatItsWriterPutsThere() throws IOException {
    with(
        (volume, root) -> {
          Catalogue catalogue = new Catalogue(root);
          for (int i = 0; i < 400; i++) {
            catalogue.insert(entry(i));
          }
          for (int i = 100; i < 300; i++) {
            catalogue.remove(entry(i).coded());
          }
          assertThat(catalogue.verified()).hasSize(200);
          byte[] whole = new byte[(int) root.length];
          root.read(0, whole, 0, whole.length);
          int leaf = pages(whole, 1).get(0) * PAGE;
          int inner = pages(whole, 2).get(0) * PAGE;
          List<Integer> free = pages(whole, 3);
          assertThat(free).hasSizeGreaterThan(2);
          int first = ByteBuffer.wrap(whole).getInt(16);
          int next = ByteBuffer.wrap(whole).getInt(first * PAGE + 4);
          assertThat(free).contains(first, next);
          int tree = ByteBuffer.wrap(whole).getInt(8);
          List<Forgery> onTheWay = new ArrayList<>();
          for (int at : new int[] {20, 23, 32, 4095, leaf + 1, leaf + 4, leaf + 7, inner + 1}) {
            onTheWay.add(pages -> pages.put(at, (byte) 1));
          }
          List<Forgery> inTheList = new ArrayList<>();
          for (int kind : new int[] {0, 1, 2, 4}) {
            inTheList.add(pages -> pages.put(first * PAGE, (byte) kind));
          }
          for (int at = 1; at < 4; at++) {
            int zero = first * PAGE + at;
            inTheList.add(pages -> pages.put(zero, (byte) 1));
          }
          for (int to : new int[] {first, whole.length / PAGE, -1, Integer.MIN_VALUE}) {
            inTheList.add(pages -> pages.putInt(first * PAGE + 4, to));
          }
          for (int to : new int[] {tree, leaf / PAGE, whole.length / PAGE, -1}) {
            inTheList.add(pages -> pages.putInt(16, to));
          }
          List<Forgery> asAWhole = new ArrayList<>(onTheWay);
          asAWhole.addAll(inTheList);
          asAWhole.add(pages -> pages.putInt(next * PAGE + 4, first));
          asAWhole.add(pages -> pages.putInt(16, 0));
          asAWhole.add(pages -> pages.putInt(16, next));
          asAWhole.add(pages -> pages.putLong(24, 199));
          for (Forgery forgery : asAWhole) {
            forge(root, whole, forgery);
            assertRefused(catalogue::verified);
          }
          for (Forgery forgery : onTheWay) {
            forge(root, whole, forgery);
            assertRefused(
                () -> {
                  for (int i = 0; i < 400; i++) {
                    catalogue.find(entry(i).coded());
                  }
                });
          }
          for (Forgery forgery : inTheList) {
            forge(root, whole, forgery);
            assertRefused(
                () -> {
                  for (int i = 400; i < 500; i++) {
                    catalogue.insert(entry(i)); // splits leaves
                  }
                });
          }
          write(root, whole);
          assertThat(catalogue.verified()).hasSize(200);
        });
  }

  private static void forge(FileNode root, byte[] whole, Forgery forgery) throws IOException {
    byte[] forged = whole.clone();
    forgery.on(ByteBuffer.wrap(forged));
    write(root, forged);
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            IntegrityException.class, e -> assertThat(e.check()).startsWith("catalogue page"));
  }

  @Test
  void directoryAndHeaderAgreeOnAnAttributeStream() throws IOException {
    try (Volume volume = open(folder)) {
      new Namespace(volume).createDirectory("/d", 0700);
      new Namespace(volume).createDirectory("/e", 0700);
      new UserAttributes(volume).set("/e", "a", new byte[9000]);
    }
    assertThat(findings()).isEmpty();
    with(
        (volume, root) -> {
          Catalogue catalogue = new Catalogue(root);
          for (Catalogue.Entry each : catalogue.list()) {
            catalogue.replace(
                new Catalogue.Entry(
                    each.coded(), each.uid(), each.type(), each.name(), !each.streamed()));
          }
          volume.files.changed(root);
        });
    try (Volume volume = open(folder)) {
      for (String path : List.of("/d", "/e")) {
        assertThatThrownBy(() -> new Namespace(volume).list(path))
            .isInstanceOfSatisfying(
                IntegrityException.class,
                e -> {
                  assertThat(e.file()).isEqualTo(path);
                  assertThat(e.check()).isEqualTo("catalogue page");
                });
      }
    }
    assertThat(findings())
        .hasSize(2)
        .allMatch(each -> each.kind() == FindingKind.CATALOGUE)
        .extracting(Finding::file)
        .containsExactlyInAnyOrder("/d", "/e");
  }

  private List<Finding> findings() throws IOException {
    try (Volume volume = open(folder)) {
      return new VolumeCheck(
              volume, new Namespace(volume), CheckListener.SILENT, ContentTarget.NONE)
          .all()
          .findings();
    }
  }

  // ---- sectors

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 4097, 65536})
  void aValidLengthEndsWithinTheSector(int valid) throws IOException {
    try (Volume volume = open(folder)) {
      new Namespace(volume).createDirectory("/d", 0700);
    }
    with(
        (volume, root) -> {
          byte[] clear = new byte[PAGE];
          root.read(0, clear, 0, PAGE);
          byte[] entry = new byte[TagPage.ENTRY];
          ByteBuffer.wrap(entry).putInt(++nonces).putInt(valid);
          TagPage.setState(entry, 0, TagPage.PRESENT, valid);
          byte[] context = TagPage.sectorContext(root.uid(), root.header.epoch, 0, entry, 0);
          byte[] cipher = new byte[PAGE + 16];
          root.keyOf(0).encryptSector(entry, 0, context, clear, 0, PAGE, cipher, 0);
          try (FileChannel host =
              FileChannel.open(folder.resolve(root.from), StandardOpenOption.WRITE)) {
            host.write(ByteBuffer.wrap(cipher, 0, PAGE), root.layout.sectorPosition(0));
          }
          System.arraycopy(entry, 0, root.header.inline, 0, entry.length);
          volume.commits.namespaceChanged(root);
        });
    try (Volume volume = open(folder)) {
      Namespace namespace = new Namespace(volume);
      if (valid <= PAGE) {
        assertThat(namespace.list("/")).hasSize(1);
      } else {
        assertThatThrownBy(() -> namespace.list("/"))
            .isInstanceOf(IntegrityException.class)
            .hasMessageContaining("valid length");
      }
    }
    assertThat(findings().stream().anyMatch(each -> each.kind() == FindingKind.SECTOR))
        .isEqualTo(valid > PAGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 5, 0x8001})
  void aSectorWithOtherFlagsIsOfALaterRelease(int flags) throws IOException {
    with(
        (volume, root) -> {
          ByteBuffer.wrap(root.header.inline).putShort(28, (short) flags);
          volume.commits.namespaceChanged(root);
        });
    try (Volume volume = open(folder)) {
      assertThatThrownBy(() -> new Namespace(volume).list("/"))
          .isInstanceOf(FormatVersionException.class)
          .hasMessageContaining("sector");
    }
  }

  // ---- links

  @Test
  void aLinkHasATargetThatCanBeOne() throws IOException {
    byte[][] targets = {
      {}, new byte[4096], {'a', 0, 'b'}, {'a', (byte) 0xFF}, {(byte) 0xC3}, "a".getBytes(UTF_8)
    };
    try (Volume volume = open(folder)) {
      Namespace namespace = new Namespace(volume);
      for (int i = 0; i < targets.length; i++) {
        namespace.createSymbolicLink("/" + i, "target");
      }
      for (int i = 0; i < targets.length; i++) {
        Bytes uid = new Attributes(volume).stat("/" + i, NOFOLLOW_LINKS).uid();
        volume.lock.lock();
        try {
          FileNode link = Objects.requireNonNull(volume.nodes.get(uid));
          link.truncate(0);
          link.write(0, targets[i], 0, targets[i].length);
          volume.commits.namespaceChanged(link);
        } finally {
          volume.lock.unlock();
        }
      }
    }
    try (Volume volume = open(folder)) {
      Namespace namespace = new Namespace(volume);
      for (int i = 0; i < targets.length - 1; i++) {
        String path = "/" + i;
        assertThatThrownBy(() -> namespace.readSymbolicLink(path))
            .isInstanceOfSatisfying(
                IntegrityException.class, e -> assertThat(e.check()).startsWith("symbolic link"));
      }
      assertThat(namespace.readSymbolicLink("/5")).isEqualTo("a");
    }
  }

  // ---- headers

  @ParameterizedTest
  @ValueSource(ints = {4096, 8192, 12288, 65536})
  void theSecondCopyOfAHeaderIsFoundWithoutTheFirst(int length) throws Exception {
    Bytes id = Bytes.copyOf(new byte[16]);
    byte[] copy;
    try (Grub grub = new Grub(id, secret(1), secret(2), secret(3));
        FileKeys keys = FileKeys.of(grub)) {
      FileHeader header = new FileHeader(id, id, id, 0, 4096);
      header.headerBytes = length;
      byte[] nonce = ByteBuffer.allocate(12).putInt(length).array();
      copy = Arrays.copyOf(header.encode(keys, nonce), length);
    }
    byte[] both = Arrays.copyOf(copy, 2 * length);
    System.arraycopy(copy, 0, both, length, length);
    PathStore store = new PathStore(folder);
    Path host = folder.resolve("f");
    for (int at : new int[] {0, 8, 18, 20, 23, 256, 400}) {
      byte[] damaged = both.clone();
      damaged[at] ^= 0x55;
      Files.write(host, damaged);
      List<byte[]> copies = HeaderReader.copies(store, "f");
      assertThat(copies).as("byte %d", at).hasSize(2);
      assertThat(copies.get(1)).as("byte %d", at).isEqualTo(copy);
    }
    Files.write(host, both);
    assertThat(HeaderReader.areEqual(HeaderReader.copies(store, "f"))).isTrue();
  }

  private static SecretBytes secret(int content) {
    byte[] secret = new byte[Grub.SECRET_LENGTH];
    Arrays.fill(secret, (byte) content);
    return SecretBytes.copyOf(secret);
  }

  // ---- records

  @ParameterizedTest
  @ValueSource(ints = {1, 0, 2, -1})
  void generationsFollowOneAnother(int step) throws IOException {
    Path crashed = crashed(step, PAGE);
    if (step == 1) {
      open(crashed).close();
    } else {
      assertThatThrownBy(() -> open(crashed))
          .isInstanceOf(CorruptJournalException.class)
          .hasMessageContaining("generation");
    }
  }

  @Test
  void aRecordHasSectorsOfTheLengthThatTheHeaderSays() throws IOException {
    Path crashed = crashed(1, 2 * PAGE);
    assertThatThrownBy(() -> open(crashed))
        .isInstanceOf(CorruptJournalException.class)
        .hasMessageContaining("8192");
  }

  /** A copy of a volume whose last record is forged. */
  private Path crashed(int step, int sectorBytes) throws IOException {
    Path volumes = Files.createDirectory(folder.resolve("volumes"));
    Path copy = folder.resolve("copy");
    try (Volume volume = open(volumes)) {
      new Namespace(volume).createDirectory("/d", 0700);
      volume.sync();
      volume.lock.lock();
      try {
        FileNode root = Objects.requireNonNull(volume.nodes.get(volume.description().root()));
        JournalRecord.Writer out = new JournalRecord.Writer();
        volume.journal.begin(out);
        Bytes base = root.header.tag;
        out.beginFile(root.uid(), false, false, base, root.from, root.host);
        out.putInt(sectorBytes);
        for (int list = 0; list < 3; list++) {
          out.putInt(0);
        }
        out.putLong(JournalRecord.NO_CUT);
        out.putInt(0);
        out.putInt(0);
        root.header.generation += step;
        byte[] nonce = ByteBuffer.allocate(12).putInt(++nonces).array();
        byte[] header = root.header.encode(root.keys, nonce);
        out.putInt(header.length);
        out.put(header, 0, header.length);
        volume.journal.append(out, false, true);
        copy(volumes, copy);
      } finally {
        volume.lock.unlock();
      }
    }
    return copy;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }
}
