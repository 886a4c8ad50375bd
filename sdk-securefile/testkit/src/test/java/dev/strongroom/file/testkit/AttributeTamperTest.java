// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckProgress;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Attribute streams and links that somebody has changed, cut, moved, put back or removed: they are
 * refused by the name of their file, and all else can be read.
 */
class AttributeTamperTest {

  private static final byte[] OLD = SampleBytes.of(1, 9000);
  private static final byte[] NEW = SampleBytes.of(2, 9000);
  private static final byte[] OTHER = SampleBytes.of(3, 9000);

  private static TestElement element;
  private static ElementSession session;
  private static MemoryStore early;
  private static MemoryStore late;
  private static String ownerHost = "";
  private static String oldStream = "";
  private static String newStream = "";
  private static String otherStream = "";
  private static String linkHost = "";

  @BeforeAll
  static void makeVolumes() throws IOException {
    element = TestElement.create();
    session = element.login();
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, ModelledVolume.SMALL)) {
      for (String path : List.of("f", "other")) {
        try (SecureFile file = volume.openFile(path, WRITE, CREATE)) {
          file.write(SampleBytes.of(4, 5000));
        }
      }
      volume.createSymbolicLink("link", "f");
    }
    Set<String> before = new TreeSet<>(store.files());
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      volume.setUserAttribute("other", "o", OTHER);
    }
    otherStream = added(store, before);
    before.add(otherStream);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      volume.setUserAttribute("f", "a", OLD);
      ownerHost = volume.stat("f").hostName();
      linkHost = volume.stat("link", java.nio.file.LinkOption.NOFOLLOW_LINKS).hostName();
    }
    oldStream = added(store, before);
    early = store.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      volume.setUserAttribute("f", "a", NEW);
    }
    newStream = added(store, before);
    assertThat(newStream).isNotEqualTo(oldStream);
    late = store.copy();
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  private static String added(MemoryStore store, Set<String> before) {
    List<String> files = new ArrayList<>(store.files());
    files.removeAll(before);
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  /** Somebody's work on the host. */
  private interface Change {
    void apply(MemoryStore store) throws IOException;
  }

  /** The stream of f is refused by name; its content, and all others, are what they were. */
  private static void assertStreamRefused(Change change) throws IOException {
    MemoryStore store = late.copy();
    change.apply(store);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      assertThatThrownBy(() -> volume.userAttribute("f", "a"))
          .isInstanceOfSatisfying(
              IntegrityException.class,
              e -> {
                assertThat(e.file()).isEqualTo("/f");
                assertThat(e.check()).isEqualTo("attribute stream");
              });
      assertThatThrownBy(() -> volume.userAttributes("f")).isInstanceOf(IntegrityException.class);
      assertThatThrownBy(() -> volume.setUserAttribute("f", "b", new byte[1]))
          .isInstanceOf(IntegrityException.class);
      assertThat(volume.userAttribute("other", "o")).isEqualTo(OTHER);
      assertThat(ModelledVolume.content(volume, "f")).isEqualTo(SampleBytes.of(4, 5000));
      volume.setMode("f", 0644);
      volume.rename("f", "moved");
      volume.delete("moved");
      assertThat(volume.exists("moved")).isFalse();
    }
    store.assertAllClosed();
  }

  @Test
  void untouchedItIsWhatWasWritten() throws IOException {
    try (SecureFileSystem volume =
        SecureFileSystem.open(session, late.copy(), ModelledVolume.SMALL)) {
      assertThat(volume.userAttribute("f", "a")).isEqualTo(NEW);
      assertThat(volume.userAttribute("link", "a")).isEqualTo(NEW);
      CheckReport report = volume.check(CheckListener.SILENT);
      assertThat(report.findings()).isEmpty();
    }
  }

  private static Finding only(MemoryStore store) throws IOException {
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      List<Finding> findings = volume.check(CheckListener.SILENT).findings();
      assertThat(findings).hasSize(1);
      return findings.get(0);
    }
  }

  @Test
  void aCheckNamesDamagedAndMissingStreamsAndThoseOfNobody() throws IOException {
    MemoryStore flipped = late.copy();
    flip(flipped, newStream, 8192 + 10);
    Finding sector = only(flipped);
    assertThat(sector.kind()).isEqualTo(FindingKind.SECTOR);
    assertThat(sector.file()).isEqualTo("/f (user attributes)");
    MemoryStore missing = late.copy();
    missing.delete(newStream);
    assertThat(only(missing).kind()).isEqualTo(FindingKind.MISSING_HOST_FILE);
    MemoryStore swapped = late.copy();
    swapped.replaceContent(newStream, swapped.content(otherStream));
    assertThat(only(swapped).kind()).isEqualTo(FindingKind.FOREIGN_HEADER);
    MemoryStore orphan = late.copy();
    orphan.replaceContent(oldStream, early.content(oldStream));
    Finding nobodys = only(orphan);
    assertThat(nobodys.kind()).isEqualTo(FindingKind.ORPHAN);
    assertThat(nobodys.file()).isEqualTo(oldStream);
  }

  @Test
  void aStreamThatIsReplacedUnderACheckEndsWithIt() throws IOException {
    MemoryStore store = late.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      List<String> met = new ArrayList<>();
      CheckReport report =
          volume.check(
              new CheckListener() {
                @Override
                public void progress(CheckProgress progress) {
                  if (progress.file().equals("/f (user attributes)") && met.isEmpty()) {
                    met.add(progress.file());
                    try {
                      volume.setUserAttribute("f", "a", OLD);
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  }
                }
              });
      assertThat(met).hasSize(1);
      assertThat(report.isHealthy()).isTrue();
      assertThat(volume.userAttribute("f", "a")).isEqualTo(OLD);
    }
    assertThat(store.files()).hasSameSizeAs(late.files()).doesNotContain(newStream);
  }

  @Test
  void aStreamThatWasChangedIsRefused() throws IOException {
    int length = late.content(newStream).length;
    for (int at = 8192; at < length; at += 997) {
      int offset = at;
      assertStreamRefused(store -> flip(store, newStream, offset));
    }
    for (int at = 0; at < 1300; at += 101) {
      int offset = at;
      assertStreamRefused(
          store -> {
            flip(store, newStream, offset);
            flip(store, newStream, 4096 + offset);
          });
    }
  }

  @Test
  void aStreamThatWasCutIsRefused() throws IOException {
    int length = late.content(newStream).length;
    for (int cut : new int[] {0, 100, 4095, 8192, 8193, 12288, length - 4096, length - 1}) {
      assertStreamRefused(
          store -> store.replaceContent(newStream, Arrays.copyOf(store.content(newStream), cut)));
    }
  }

  @Test
  void aStreamThatIsMissingIsRefused() throws IOException {
    assertStreamRefused(store -> store.delete(newStream));
  }

  @Test
  void anotherFilesOrAnOlderStreamIsRefused() throws IOException {
    assertStreamRefused(store -> store.replaceContent(newStream, store.content(otherStream)));
    assertStreamRefused(store -> store.replaceContent(newStream, early.content(oldStream)));
    assertStreamRefused(store -> store.replaceContent(newStream, store.content(ownerHost)));
  }

  @Test
  void aStreamIsNoFile() throws IOException {
    MemoryStore store = late.copy();
    store.replaceContent(ownerHost, store.content(newStream));
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      assertThatThrownBy(() -> volume.openFile("f", READ)).isInstanceOf(IntegrityException.class);
    }
  }

  @Test
  void anOlderOwnerIsRefusedOrNamesAStreamThatIsGone() throws IOException {
    MemoryStore store = late.copy();
    store.replaceContent(ownerHost, early.content(ownerHost));
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      assertThatThrownBy(() -> volume.userAttribute("f", "a"))
          .isInstanceOf(IntegrityException.class);
    }
  }

  @Test
  void aDamagedOwnerCanBeRemoved() throws IOException {
    MemoryStore store = late.copy();
    store.replaceContent(ownerHost, new byte[20_000]);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      volume.delete("f");
      assertThat(volume.exists("f")).isFalse();
    }
  }

  @Test
  void aLinkThatWasChangedIsRefused() throws IOException {
    for (Change change :
        List.<Change>of(
            store -> flip(store, linkHost, 8192 + 100),
            store -> store.delete(linkHost),
            store -> store.replaceContent(linkHost, store.content(ownerHost)),
            store ->
                store.replaceContent(linkHost, Arrays.copyOf(store.content(linkHost), 8192)))) {
      MemoryStore store = late.copy();
      change.apply(store);
      try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
        assertThatThrownBy(() -> volume.openFile("link", READ))
            .isInstanceOfSatisfying(
                IntegrityException.class, e -> assertThat(e.file()).isEqualTo("/link"));
        assertThatThrownBy(() -> volume.readSymbolicLink("link"))
            .isInstanceOf(IntegrityException.class);
        volume.delete("link");
        assertThat(ModelledVolume.content(volume, "f")).isEqualTo(SampleBytes.of(4, 5000));
      }
      store.assertAllClosed();
    }
  }

  private static void flip(MemoryStore store, String host, int offset) throws IOException {
    byte[] content = store.content(host);
    content[offset] ^= 0x10;
    store.replaceContent(host, content);
  }
}
