// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RecoveryReport;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.TransientFileExpiredException;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.TransientView;
import dev.strongroom.file.share.WrongRecipientException;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a release left is found by every later one, and goes on in use. */
@Tag("jdk25")
class FormatCompatibilityTest {

  private static final String RELEASE = "v1";
  private static final VolumeOptions WRITING = VolumeOptions.defaults();
  private static final VolumeOptions READING = VolumeOptions.builder().readOnly().build();
  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();

  /** As {@code sha256sum *} says it in the folder of the fixtures. */
  private static final String DIGESTS =
      """
      d6d5ffb89c55df1c4a4ee812b6a1d34e1fef9d7ca670232f9e3ed931dc1141a7  crash.txt
      ab616f287b9b05f3cf665eab58ca3fca5360c1c5cc658d55c307d58da153db1a  crash.zip
      6e5196764e6eb5914675f503fca3e5aec8d7b971ce88499f6fd7e5de1d3b9550  files.txt
      53e8ad48a18f17143f11502e1ae698a5969b19284d5292846c6a8d86d617ac60  files.zip
      6d0d23ed7039a332f8978609a18209b7afb1985a39d1bee8e499e5c449ddf4b0  forced.txt
      2c905aac9d59d21de12a5638279194fa78a190670fc1aaa70cb43b6f62aa161c  forced.zip
      54e8739e2138045eee6540c3b8a0efb26d88cc0429bf9a75309462a79f56a6d0  frozen.txt
      1f31378b9b834ba4ec702e891499924c3e67f17b0b0c6f07d1eddfb1b5077856  frozen.zip
      105205af8ba11179e9828006b2bf57c6d667bf04f63fd663a9e5f2fab866cf39  managed.txt
      e136913bba4f779156a29f5576ba256d03a65f35d1efa97861e273299ea1bdcd  managed.zip
      f1e396ff523618813caa979cd5e6dadd109b17f1e4c1ab80d055f4c7750168fa  pages.txt
      0ce182e98d3e5e399aaf475315f3a9c222f602571ca2607e8d1a1784784d68a7  pages.zip
      7ff9d7b1bce2c90b9fed799903b0f878184fec5ce61bed3710577314d3da356f  recovery.txt
      40aed13f413a0d5cfb2c9836441c509f7ffd1937a27d7ed6217e4b06e77fb2dd  recovery.zip
      e792e11f5bf22c4e7c7acfdfd6a9b7808a35d72d78fa2642c8f345ab5343828d  sharing.txt
      5071bb7ffcaaca9e3618619528f067031930e0b7b927d3904f0452cf92e9d198  sharing.zip
      7a14c38f90647c2935ca85bbc1570b231a3bceb4692c504b2f09624823a32389  strict.txt
      3b9b0eebff8e86fd2d6faa796ee428a16eb844e9903a6f4ce9e07154b83b1017  strict.zip
      abc3a3600151d25d0fe6f42f17439d26045f1bb76fe94a6c39f4b36941d2f645  tree.txt
      0b0657ce2f07379493e969404d03086a16ac65c07051e52adfdd5684a8dba04b  tree.zip
      f7af02cd5a69daafa6121276c80c98ebbef66796dee17e3ef2c3c3123ae1c876  twin.txt
      eecc69b13b99cb25bc76502b4bb8d483cc0cf4ef86e6e7ea3d3dfd3cf9311247  twin.zip
      """;

  @TempDir Path folder;

  private Fixture fixture(String name) throws IOException {
    return Fixture.unpack(RELEASE, name, folder);
  }

  @Test
  void fixturesAreAsTheReleaseLeftThem() throws IOException {
    Path fixtures =
        Path.of("src/test/resources/dev/strongroom/file/testkit/compatibility").resolve(RELEASE);
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(fixtures)) {
      for (Path each : files.sorted().toList()) {
        String digest = VolumeDescription.sha256(Files.readAllBytes(each));
        found.add(digest + "  " + each.getFileName());
      }
    }
    assertThat(found).isEqualTo(DIGESTS.lines().toList());
  }

  /** An element of a fixture and a session with it. */
  private static final class Login implements AutoCloseable {
    private final SimulatedElement simulated;
    private final SecureElement element;
    final ElementSession session;

    Login(Fixture fixture, String name) throws IOException {
      Path file = fixture.path(name + ".element");
      assertThat(file).isRegularFile();
      simulated = SimulatedElement.open(file, SimulatedElementOptions.cheap());
      boolean managed = fixture.has("managed keys");
      element = SecureElement.open(managed ? new KeyStoreElement(simulated) : simulated);
      session = TestElement.login(element);
    }

    @Override
    public void close() {
      session.close();
      element.close();
      simulated.close();
    }
  }

  private static List<String> describe(ElementSession session, Path volume, VolumeOptions options)
      throws IOException {
    try (SecureFileSystem open = SecureFileSystem.open(session, volume, options)) {
      return VolumeDescription.of(open);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "files, volume, owner",
    "tree, volume, owner",
    "pages, volume, owner",
    "managed, volume, owner",
    "forced, volume, owner",
    "frozen, volume, owner",
    "strict, volume, owner",
    "strict, accepted, accepted",
    "twin, volume, owner",
    "twin, volume, twin",
    "twin, frozen, owner",
    "recovery, volume, owner",
    "recovery, volume, recovery",
    "crash, volume, owner",
    "sharing, alice, alice",
    "sharing, bob, bob",
    "sharing, unsettled, unsettled"
  })
  void everythingIsThere(String name, String directory, String element) throws IOException {
    Fixture fixture = fixture(name);
    List<String> expected = fixture.expected(directory);
    Path volume = fixture.path(directory);
    try (Login login = new Login(fixture, element)) {
      assertThat(describe(login.session, volume, READING)).isEqualTo(expected);
      try (SecureFileSystem open =
          SecureFileSystem.open(login.session, inMemory(volume), READING)) {
        assertThat(VolumeDescription.of(open)).isEqualTo(expected);
      }
      try (FileSystem files = Mounted.of(SecureFileSystem.open(login.session, volume, READING))) {
        assertThat(namesAndDigests(files.getPath("/"))).containsAll(namesAndDigests(expected));
      }
    }
  }

  private static MemoryStore inMemory(Path volume) throws IOException {
    MemoryStore store = new MemoryStore();
    try (Stream<Path> all = Files.walk(volume)) {
      for (Path each : all.sorted().toList()) {
        String name = volume.relativize(each).toString();
        if (Files.isRegularFile(each)) {
          store.replaceContent(name, Files.readAllBytes(each));
        } else if (!name.isEmpty()) {
          store.createDirectory(name);
        }
      }
    }
    return store;
  }

  /** Files that can be read from end to end. */
  private static List<String> namesAndDigests(List<String> description) {
    List<String> found = new ArrayList<>();
    for (String line : description) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("file") && !line.contains(" lost=")) {
        for (String word : words) {
          if (word.startsWith("sha256=")) {
            found.add(words[1] + " " + word.substring(7));
          }
        }
      }
    }
    assertThat(found).isNotEmpty();
    return found;
  }

  private static List<String> namesAndDigests(Path top) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(top)) {
      for (Path each : all.toList()) {
        if (Files.isDirectory(each, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          found.addAll(namesAndDigests(each));
        } else if (Files.isRegularFile(each, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          try {
            found.add(
                VolumeDescription.escape(each.toString())
                    + " "
                    + VolumeDescription.sha256(Files.readAllBytes(each)));
          } catch (dev.strongroom.file.IntegrityException e) {
            assertThat(e.check()).isEqualTo("sector"); // of the file with lost sectors
          }
        }
      }
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({
    "files, volume, owner",
    "tree, volume, owner",
    "pages, volume, owner",
    "managed, volume, owner",
    "forced, volume, owner",
    "frozen, volume, owner",
    "strict, volume, owner",
    "strict, accepted, accepted",
    "twin, volume, owner",
    "twin, volume, twin",
    "twin, frozen, owner",
    "recovery, volume, owner",
    "crash, volume, owner",
    "sharing, alice, alice",
    "sharing, bob, bob"
  })
  void itGoesOnInUse(String name, String directory, String element) throws IOException {
    Fixture fixture = fixture(name);
    Path volume = fixture.path(directory);
    List<String> expected = fixture.expected(directory);
    byte[] content = SampleBytes.of(1, 10_000);
    try (Login login = new Login(fixture, element)) {
      try (SecureFileSystem open = SecureFileSystem.open(login.session, volume, WRITING)) {
        assertThat(VolumeDescription.of(open)).isEqualTo(expected);
        open.createDirectory("/later");
        FixtureContent.put(open, "/later/new", content);
        open.createSymbolicLink("/later/link", "new");
        open.setUserAttribute("/later/new", "a", new byte[] {1});
        for (String line : expected) {
          if (line.startsWith("file ") && !line.contains(" lost=")) {
            append(open, line.split(" ", -1)[1]);
          }
        }
        open.freeze(List.of("/later/new"));
      }
    }
    try (Login login = new Login(fixture, element);
        SecureFileSystem open = SecureFileSystem.open(login.session, volume, READING)) {
      List<String> found = VolumeDescription.of(open);
      assertThat(ModelledVolume.content(open, "/later/link")).isEqualTo(content);
      assertThat(open.version("/later/new")).isPositive();
      assertThat(names(found))
          .containsAll(names(expected))
          .contains("/later", "/later/new", "/later/link");
      assertThat(findings(found)).isEqualTo(findings(expected));
    }
  }

  /** Writes the last bytes again, which changes no content but all that stands for it. */
  private static void append(SecureFileSystem volume, String escaped) throws IOException {
    if (escaped.contains("%")) {
      return;
    }
    byte[] added = {1, 2, 3};
    byte[] found = new byte[3];
    try (SecureFile file = volume.openFile(escaped, READ, WRITE)) {
      long end = file.size();
      file.pwrite(end, added, 0, 3);
      assertThat(file.pread(end, found, 0, 3)).isEqualTo(3);
      assertThat(found).isEqualTo(added);
      file.truncate(end);
    }
  }

  private static List<String> names(List<String> lines) {
    return lines.stream()
        .filter(line -> line.matches("(file|directory|symbolic_link|invalidated) .*"))
        .map(line -> line.split(" ", -1)[1] + content(line))
        .map(line -> line.startsWith("/later") ? line.split(" ", -1)[0] : line)
        .toList();
  }

  private static String content(String line) {
    return Stream.of(line.split(" ", -1))
        .filter(word -> word.startsWith("sha256=") || word.startsWith("attribute="))
        .reduce("", (all, word) -> all + " " + word);
  }

  private static List<String> findings(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("finding ")).toList();
  }

  @ParameterizedTest
  @CsvSource({"files, volume", "frozen, volume", "strict, volume", "recovery, volume"})
  void anotherElementIsRefused(String name, String directory) throws IOException {
    Fixture fixture = fixture(name);
    try (TestElement other = TestElement.create();
        ElementSession session = other.login()) {
      assertThatThrownBy(() -> SecureFileSystem.open(session, fixture.path(directory), WRITING))
          .isInstanceOf(WrongElementException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"files, volume, owner", "strict, volume, owner", "crash, volume, owner"})
  void itIsBackedUpAndRestored(String name, String directory, String element) throws IOException {
    Fixture fixture = fixture(name);
    Path backup = fixture.path("backup");
    try (Login login = new Login(fixture, element)) {
      SecureFileSystem.backup(login.session, fixture.path(directory), backup, count -> {});
      SecureFileSystem.restore(login.session, backup, fixture.path("restored"), count -> {});
      assertThat(describe(login.session, fixture.path("restored"), READING))
          .isEqualTo(fixture.expected(directory));
    }
  }

  @Test
  void anotherFormatIsRefusedByName() throws IOException {
    Fixture fixture = fixture("sharing");
    Path volume = fixture.path("bob");
    Path sent = fixture.path("sent").resolve("suite 1");
    try (Login login = new Login(fixture, "bob")) {
      List<Path> files =
          List.of(volume.resolve("strongroom.volume"), volume.resolve("strongroom.files/root"));
      for (Path file : files) {
        byte[] before = Files.readAllBytes(file);
        for (String text : List.of("v1-draft", "v2")) {
          Files.write(file, inFormat(before, 4096, text));
          assertThatThrownBy(() -> describe(login.session, volume, WRITING))
              .isInstanceOf(FormatVersionException.class)
              .hasMessageContaining("format " + text)
              .hasMessageEndingWith("reads v1");
        }
        Files.write(file, before);
      }
      Files.write(sent, inFormat(Files.readAllBytes(sent), 16_384, "v1-draft"));
      assertThatThrownBy(() -> TransientInfo.read(sent))
          .isInstanceOf(FormatVersionException.class)
          .hasMessageContaining("format v1-draft");
      assertThat(describe(login.session, volume, READING)).isEqualTo(fixture.expected("bob"));
    }
  }

  /** With another format text in both copies of what stands at the beginning. */
  private static byte[] inFormat(byte[] file, int copyBytes, String text) {
    byte[] changed = file.clone();
    for (int at : new int[] {8, copyBytes + 8}) {
      System.arraycopy(Arrays.copyOf(text.getBytes(US_ASCII), 8), 0, changed, at, 8);
    }
    return changed;
  }

  @Test
  void theRecoveryElementRecovers() throws IOException {
    Fixture fixture = fixture("recovery");
    Path target = fixture.path("recovered");
    try (Login login = new Login(fixture, "recovery")) {
      RecoveryReport report =
          SecureFileSystem.recover(login.session, fixture.path("volume"), target, WRITING);
      assertThat(report.problems()).isEmpty();
      List<String> found = describe(login.session, target, READING);
      assertThat(names(found))
          .containsExactlyInAnyOrderElementsOf(names(fixture.expected("volume")));
    }
  }

  @Test
  void aTwinAdoptsWhatTheFirstElementVouchedFor() throws IOException {
    Fixture fixture = fixture("twin");
    Path volume = fixture.path("frozen");
    List<String> expected = names(fixture.expected("frozen"));
    try (Login login = new Login(fixture, "twin");
        SecretBytes pin = TestElement.administratorPin()) {
      assertThat(names(describe(login.session, volume, READING))).isEqualTo(expected);
      assertThatThrownBy(() -> SecureFileSystem.open(login.session, volume, WRITING))
          .isInstanceOfSatisfying(
              LedgerException.class,
              e -> assertThat(e.state()).isEqualTo(LedgerState.UNKNOWN_ELEMENT));
      SecureFileSystem.adopt(login.session, volume, WRITING, pin).close();
      assertThat(names(describe(login.session, volume, WRITING))).isEqualTo(expected);
    }
  }

  @Test
  void oldCopiesAreRefused() throws IOException {
    Fixture frozen = fixture("frozen");
    Path old = frozen.path("old");
    try (Login login = new Login(frozen, "owner");
        Stream<Path> copies = Files.walk(old)) {
      for (Path each : copies.filter(Files::isRegularFile).toList()) {
        Files.copy(
            each,
            frozen.path("volume").resolve(old.relativize(each)),
            StandardCopyOption.REPLACE_EXISTING);
      }
      try (SecureFileSystem volume =
          SecureFileSystem.open(login.session, frozen.path("volume"), READING)) {
        for (String path : frozen.expected("old")) {
          assertThatThrownBy(() -> volume.openFile(path, READ))
              .isInstanceOf(RollbackException.class);
        }
      }
    }
  }

  @Test
  void anOldVolumeIsRefused() throws IOException {
    Fixture strict = fixture("strict");
    try (Login login = new Login(strict, "owner")) {
      assertThatThrownBy(
              () -> SecureFileSystem.open(login.session, strict.path("old volume"), READING))
          .isInstanceOfSatisfying(
              LedgerException.class, e -> assertThat(e.state()).isEqualTo(LedgerState.OLDER));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "suite 1, bob",
    "suite 2, bob",
    "suite 3, bob",
    "both, bob",
    "both, carol",
    "expired, bob",
    "changed, carol"
  })
  void aTransientFileIsReceived(String name, String receiver) throws IOException {
    Fixture fixture = fixture("sharing");
    Path file = fixture.path("sent").resolve(name);
    assertThat(TransientDescription.of(TransientInfo.read(file)))
        .isEqualTo(fixture.expected("sent/" + name));
    String sent = fixture.expected("content of sent/" + name).get(0);
    Path directory = fixture.path(receiver);
    try (Login login = new Login(fixture, receiver);
        SecureFileSystem volume =
            Files.exists(directory)
                ? SecureFileSystem.open(login.session, directory, WRITING)
                : SecureFileSystem.create(login.session, directory, WRITING)) {
      ReceiveOptions options = PLAIN.confirmSender(TransientInfo.read(file).sender().fingerprint());
      assertThat(volume.inspect(file).info()).isEqualTo(TransientInfo.read(file));
      if (name.equals("expired")) {
        assertThatThrownBy(() -> volume.receive(file, "/it", options))
            .isInstanceOf(TransientFileExpiredException.class);
      }
      volume.receive(file, "/it", options.evenIfExpired());
      assertThatThrownBy(() -> volume.receive(file, "/again", options.evenIfExpired()))
          .isInstanceOf(AlreadyReceivedException.class);
      String received =
          VolumeDescription.of(volume).stream()
              .filter(line -> line.startsWith("file /it "))
              .findFirst()
              .orElseThrow();
      String original =
          fixture.expected("alice").stream()
              .filter(line -> line.startsWith("file " + sent + " "))
              .findFirst()
              .orElseThrow();
      assertThat(content(received)).isEqualTo(content(original));
      assertThat(word(received, "modified")).isEqualTo(word(original, "modified"));
      assertThat(word(received, "mode")).isEqualTo(word(original, "mode"));
    }
  }

  private static String word(String line, String key) {
    return Stream.of(line.split(" ", -1))
        .filter(each -> each.startsWith(key + "="))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatWasReceivedOrIsForOthersIsNotReceived() throws IOException {
    Fixture fixture = fixture("sharing");
    try (Login login = new Login(fixture, "bob");
        SecureFileSystem volume =
            SecureFileSystem.open(login.session, fixture.path("bob"), WRITING)) {
      Path received = fixture.path("sent").resolve("received");
      assertThat(volume.inspect(received).standing()).isEqualTo(TransientView.Standing.RECEIVED);
      assertThatThrownBy(() -> volume.receive(received, "/again", PLAIN))
          .isInstanceOf(AlreadyReceivedException.class);
      assertThatThrownBy(
              () -> volume.receive(fixture.path("sent").resolve("changed"), "/it", PLAIN))
          .isInstanceOf(WrongRecipientException.class);
    }
  }

  @Test
  void aReceiptIsSettled() throws IOException {
    Fixture fixture = fixture("sharing");
    try (Login login = new Login(fixture, "unsettled");
        SecureFileSystem volume =
            SecureFileSystem.open(login.session, fixture.path("unsettled"), WRITING)) {
      assertThat(login.session.receiveRegister().pending()).hasSize(1);
      Path both = fixture.path("sent").resolve("both");
      assertThatThrownBy(() -> volume.receive(both, "/again", PLAIN))
          .isInstanceOf(AlreadyReceivedException.class);
      assertThat(login.session.receiveRegister().pending()).isEmpty();
      assertThat(ModelledVolume.content(volume, "/got too")).hasSize(4096 * 40 + 100);
    }
  }
}
