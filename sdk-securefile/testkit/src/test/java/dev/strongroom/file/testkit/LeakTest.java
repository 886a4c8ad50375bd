// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing clear and no key reaches the disk or stays in memory, and nothing leaves the volume. */
@Tag("jdk25")
class LeakTest {

  private static final int WINDOW = 16;

  /** Keys that are derived for a file, and for a volume, beside EncGrub and SigGrub. */
  private static final int FILE_KEYS = 8;

  private static final int VOLUME_KEYS = 3;

  private static TestElement element;
  private static ElementSession session;

  @TempDir Path parent;
  @TempDir Path elements;

  @BeforeAll
  static void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  @Test
  void noContentNoNameAndNoKeyIsInAnyHostFileAndNothingOutsideTheVolumeChanges()
      throws IOException {
    Files.writeString(parent.resolve("beside"), "not ours");
    Files.createDirectory(parent.resolve("folder beside"));
    Path directory = parent.resolve("volume");
    Map<String, String> before = snapshot(directory);
    List<String> names =
        List.of(
            "a name that is not shown",
            "b\u00fccher und \u0442\u0430\u0439\u043d\u044b",
            "one more name to be kept");
    List<byte[]> contents = new ArrayList<>();
    Set<Bytes> secrets = new HashSet<>();
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, directory, VolumeOptions.defaults())) {
      volume.createDirectory("a folder not to be seen");
      for (int i = 0; i < 6; i++) {
        byte[] content = text(i, 1000 + 60_000 * i);
        contents.add(content);
        String path = names.get(i % 3) + (i < 3 ? "" : " again");
        path = i % 2 == 0 ? path : "a folder not to be seen/" + path;
        try (SecureFile file =
            volume.openFile(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE)) {
          file.write(content);
          file.sync();
          byte[] patch = text(100 + i, 5000);
          contents.add(patch);
          file.pwrite(700, patch, 0, patch.length);
          file.truncate(file.size() - 100);
        }
      }
      volume.rename(names.get(0), "a name given afterwards");
      volume.sync();
      search(directory, contents, names, secrets);
    }
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, directory, VolumeOptions.defaults())) {
      Bytes id = volume.info().id();
      List<SecureFileAttributes> files = new ArrayList<>(volume.listAttributes(""));
      files.addAll(volume.listAttributes("a folder not to be seen"));
      files.add(volume.stat(""));
      assertThat(files).as("six files, a folder and the root").hasSize(8);
      for (SecureFileAttributes file : files) {
        secrets.addAll(keys(id, directory, file));
      }
      assertThat(secrets).hasSize(8 * (2 + FILE_KEYS));
      secrets.addAll(volumeKeys(id, directory));
      assertThat(secrets).hasSize(8 * (2 + FILE_KEYS) + 2 + VOLUME_KEYS);
    }
    search(directory, contents, names, secrets);
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, directory, VolumeOptions.defaults())) {
      volume.delete("a name given afterwards");
    }
    search(directory, contents, names, secrets);
    assertThat(snapshot(directory)).isEqualTo(before);
  }

  @Test
  void aProcessWritesNothingOutsideTheVolumeNotEvenWhereTemporaryFilesGo() throws Exception {
    Path elementFile = elements.resolve("element");
    Path directory = parent.resolve("volume");
    Path temporary = Files.createDirectory(parent.resolve("temporary"));
    Path home = Files.createDirectory(parent.resolve("home"));
    Path current = Files.createDirectory(parent.resolve("current"));
    try (SecureElement made = TestElement.inFile(elementFile)) {
      TestElement.initialize(made);
      try (ElementSession first = TestElement.login(made)) {
        SecureFileSystem.create(first, directory, VolumeOptions.defaults()).close();
      }
    }
    Map<String, String> before = snapshot(directory);
    assertThat(before).hasSize(3);
    try (ChildJvm child =
        ChildJvm.startIn(
            current,
            List.of("-Djava.io.tmpdir=" + temporary, "-Duser.home=" + home),
            HoldVolume.class,
            elementFile.toString(),
            directory.toString())) {
      assertThat(child.line()).isEqualTo("held");
      assertThat(snapshot(directory)).isEqualTo(before);
      assertThat(child.finish()).isZero();
    }
    assertThat(snapshot(directory)).isEqualTo(before);
  }

  /** Readable text, no line of which is twice in it. */
  private static byte[] text(int seed, int length) {
    StringBuilder text = new StringBuilder();
    for (int line = 0; text.length() < length; line++) {
      text.append("secret line ").append(line).append(" of text ").append(seed).append('\n');
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  /** The keys that the element gives for a file, found by its UID and the RND in its header. */
  private static Set<Bytes> keys(Bytes volume, Path directory, SecureFileAttributes file)
      throws IOException {
    byte[] host = Files.readAllBytes(directory.resolve(file.hostName()));
    byte[] uid = file.uid().toByteArray();
    int at = indexOf(host, uid);
    assertThat(at).as("the UID is clear in the header").isBetween(0, 200);
    Bytes rnd = Bytes.copyOf(host, at + uid.length, GrubRequest.RND_LENGTH);
    Set<Bytes> keys = new HashSet<>();
    for (Grub grub : session.grub(volume, List.of(GrubRequest.existing(file.uid(), rnd, 0)))) {
      byte[] enc = grub.enc().use(byte[]::clone);
      byte[] sig = grub.sig().use(byte[]::clone);
      grub.close();
      keys.add(Bytes.copyOf(enc));
      keys.add(Bytes.copyOf(sig));
      for (String label : List.of("content", "header", "content nonce", "header nonce", "names")) {
        keys.add(derive(enc, label));
      }
      keys.add(derive(sig, "tree"));
      keys.add(derive(sig, "header mac"));
      keys.add(derive(both(enc, sig), "commitment"));
    }
    return keys;
  }

  /** The keys of the volume itself, by UID and RND in the volume file. */
  private static Set<Bytes> volumeKeys(Bytes volume, Path directory) throws IOException {
    byte[] host = Files.readAllBytes(directory.resolve("strongroom.volume"));
    Bytes uid = Bytes.copyOf(host, 40, 16);
    Bytes rnd = Bytes.copyOf(host, 56, GrubRequest.RND_LENGTH);
    Set<Bytes> keys = new HashSet<>();
    for (Grub grub : session.grub(volume, List.of(GrubRequest.existing(uid, rnd, 0)))) {
      byte[] enc = grub.enc().use(byte[]::clone);
      byte[] sig = grub.sig().use(byte[]::clone);
      grub.close();
      keys.add(Bytes.copyOf(enc));
      keys.add(Bytes.copyOf(sig));
      keys.add(derive(sig, "volume file"));
      keys.add(derive(sig, "journal"));
      keys.add(derive(both(enc, sig), "volume commitment"));
      assertThat(mac(keyOf(sig, "volume file"), Arrays.copyOf(host, 4096 - 32)))
          .as("the keys are derived as the engine does it")
          .isEqualTo(Arrays.copyOfRange(host, 4096 - 32, 4096));
    }
    return keys;
  }

  private static byte[] both(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static Bytes derive(byte[] secret, String label) {
    return Bytes.copyOf(keyOf(secret, label));
  }

  /** HKDF with SHA-256 by RFC 5869, no salt, one block; apart from what the engine uses. */
  private static byte[] keyOf(byte[] secret, String label) {
    byte[] info = ("strongroom v1 " + label).getBytes(StandardCharsets.US_ASCII);
    return mac(mac(new byte[32], secret), both(info, new byte[] {1}));
  }

  private static byte[] mac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void search(
      Path directory, List<byte[]> contents, List<String> names, Set<Bytes> secrets)
      throws IOException {
    Set<Bytes> windows = new HashSet<>();
    for (byte[] content : contents) {
      for (int at = 0; at + WINDOW <= content.length; at += WINDOW) {
        windows.add(Bytes.copyOf(content, at, WINDOW));
      }
    }
    for (String name : names) {
      for (Charset charset :
          List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
        windows.add(Bytes.copyOf(name.getBytes(charset), 0, WINDOW));
      }
    }
    for (Bytes secret : secrets) {
      windows.add(Bytes.copyOf(secret.toByteArray(), 0, WINDOW));
      windows.add(Bytes.copyOf(secret.toByteArray(), WINDOW, WINDOW));
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        for (String name : names) {
          assertThat(file.toString()).doesNotContain(name);
        }
        byte[] host = Files.readAllBytes(file);
        for (int at = 0; at + WINDOW <= host.length; at++) {
          // Zeros are most of a host file, and in no window.
          if (host[at] != 0 && windows.contains(Bytes.copyOf(host, at, WINDOW))) {
            throw new AssertionError(
                directory.relativize(file) + " has clear bytes at " + at + " of " + host.length);
          }
        }
      }
    }
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int at = 0; at + wanted.length <= bytes.length; at++) {
      if (Bytes.copyOf(bytes, at, wanted.length).equals(Bytes.copyOf(wanted))) {
        return at;
      }
    }
    return -1;
  }

  /** Names, lengths and times of everything that is not in the volume. */
  private Map<String, String> snapshot(Path directory) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(parent)) {
      for (Path file : files.toList()) {
        if (!file.startsWith(directory) && !file.equals(parent)) {
          found.put(
              parent.relativize(file).toString(),
              Files.size(file) + " " + Files.getLastModifiedTime(file));
        }
      }
    }
    return found;
  }

  // ---- the heap

  @Test
  void aSessionDoesNotKeepVolumesThatAreClosed() throws Exception {
    MemoryStore store = new MemoryStore();
    SecureFileSystem.create(session, store, ModelledVolume.SMALL).close();
    WeakReference<SecureFileSystem> closed =
        new WeakReference<>(SecureFileSystem.open(session, store, ModelledVolume.SMALL));
    SecureFileSystem volume = closed.get();
    if (volume != null) {
      volume.close();
    }
    volume = null;
    for (int i = 0; i < 100 && closed.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(closed.get()).isNull();
  }

  @ParameterizedTest(name = "closing the {0}")
  @ValueSource(strings = {"volume", "session", "file system"})
  void noClearPageIsInTheHeapAfterClosing(String what) throws Exception {
    Files.createDirectory(parent.resolve("volume"));
    try (ChildJvm child = ChildJvm.start(HeapProbe.class, parent.toString(), what)) {
      assertThat(child.line()).isEqualTo("read 200000");
      assertThat(child.line()).isEqualTo("read again 199995");
      assertThat(child.line()).startsWith("held");
      assertThat(child.finish()).isZero();
    }
    assertThat(patternsIn(parent.resolve("open.hprof")))
        .as("the search finds what is there while the file is open")
        .isPositive();
    assertThat(patternsIn(parent.resolve("closed.hprof"))).isZero();
  }

  /** How often 64 bytes of the pattern, at any turn of it, are in a file. */
  private static long patternsIn(Path file) throws IOException {
    byte[] twice = new byte[2 * HeapProbe.PATTERN];
    HeapProbe.pattern(twice);
    // Any 64 bytes of the repeated pattern contain its first 32 or its last 32.
    byte[] first = Arrays.copyOf(twice, 32);
    byte[] second = Arrays.copyOfRange(twice, 32, 64);
    long count = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
      byte[] window = new byte[1 << 20];
      int kept = 0;
      for (int read = in.read(window, kept, window.length - kept);
          read > 0;
          read = in.read(window, kept, window.length - kept)) {
        int filled = kept + read;
        for (int at = 0; at + 32 <= filled; at++) {
          if ((window[at] == first[0] && matches(window, at, first))
              || (window[at] == second[0] && matches(window, at, second))) {
            count++;
          }
        }
        kept = Math.min(31, filled);
        System.arraycopy(window, filled - kept, window, 0, kept);
      }
    }
    return count;
  }

  private static boolean matches(byte[] bytes, int at, byte[] wanted) {
    return Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }
}
