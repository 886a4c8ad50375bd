// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Crashes at every point of changes of attributes, links and names: they are published in their
 * order, so what is found is the state after one of them, and not one before the last sync. No
 * attribute stream is left without its owner, or missing.
 */
class AttributeCrashTest {

  private static final long SEED = Long.getLong("crash.seed", 20260202);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(4).withSamples(4).withTorn(6).withGarbage(3);

  private static TestElement element;
  private static ElementSession session;

  /** From now on the state of this number may be on the disk. */
  private record Published(int state) {}

  /** The state of this number is on the disk, or a later one. */
  private record Promised(int state) {}

  /** One change. */
  private interface Change {
    void run(SecureFileSystem volume) throws IOException;
  }

  /** A volume whose states are noted one after the other. */
  private static final class History {
    final RecordingStore disk;
    final SecureFileSystem volume;
    final List<Map<String, String>> states = new ArrayList<>();

    History(RecordingStore disk, SecureFileSystem volume) throws IOException {
      this.disk = disk;
      this.volume = volume;
      states.add(state(volume));
      disk.mark(new Published(0));
      disk.mark(new Promised(0));
    }

    void change(Change change) throws IOException {
      disk.mark(new Published(states.size()));
      change.run(volume);
      states.add(state(volume));
    }

    void sync() throws IOException {
      volume.sync();
      disk.mark(new Promised(states.size() - 1));
    }
  }

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

  private static History prepared() throws IOException {
    MemoryStore store = new MemoryStore();
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, store, ModelledVolume.options(new ManualExecutor()))) {
      volume.createDirectory("d");
      for (String path : List.of("a", "b", "d/c")) {
        try (SecureFile file = volume.openFile(path, WRITE, CREATE)) {
          file.write(SampleBytes.of(path.length(), 3000));
        }
      }
      volume.createSymbolicLink("link", "a");
      volume.setUserAttribute("b", "large", SampleBytes.of(1, 6000));
    }
    RecordingStore disk = RecordingStore.over(store);
    SecureFileSystem volume =
        SecureFileSystem.open(session, disk, ModelledVolume.options(new ManualExecutor()));
    return new History(disk, volume);
  }

  private static Map<String, String> state(SecureFileSystem volume) throws IOException {
    Map<String, String> state = new TreeMap<>();
    describe(volume, "", state);
    return state;
  }

  private static void describe(SecureFileSystem volume, String path, Map<String, String> state)
      throws IOException {
    SecureFileAttributes found = volume.stat(path, NOFOLLOW_LINKS);
    StringBuilder text = new StringBuilder();
    text.append(found.type()).append(' ').append(found.size()).append(' ');
    text.append(Integer.toOctalString(found.mode())).append(' ').append(found.owner()).append(' ');
    text.append(List.of(found.created(), found.modified(), found.accessed(), found.changed()));
    for (String name : volume.userAttributes(path, NOFOLLOW_LINKS)) {
      byte[] value = volume.userAttribute(path, name, NOFOLLOW_LINKS);
      text.append(' ').append(name).append('=').append(value.length).append(':');
      text.append(Arrays.hashCode(value));
    }
    if (found.type() == FileType.SYMBOLIC_LINK) {
      text.append(" -> ").append(volume.readSymbolicLink(path));
    }
    state.put(path, text.toString());
    if (found.type() == FileType.DIRECTORY) {
      for (DirectoryEntry entry : volume.list(path)) {
        describe(volume, path.isEmpty() ? entry.name() : path + "/" + entry.name(), state);
      }
    }
  }

  private static void check(String name, History history) throws IOException {
    history.volume.close();
    history.disk.mark(new Promised(history.states.size() - 1));
    long count =
        CrashStates.of(history.disk.log(), MODEL, SEED)
            .forEach(image -> check(image, history.states));
    System.out.println("AttributeCrashTest: " + name + ": " + count + " states");
    assertThat(count).isGreaterThan(50);
  }

  private static void check(CrashImage image, List<Map<String, String>> states) throws IOException {
    int promised = 0;
    int published = 0;
    for (Object mark : image.marks()) {
      promised = mark instanceof Promised promise ? promise.state() : promised;
      published = mark instanceof Published state ? state.state() : published;
    }
    MemoryStore store = image.store();
    Map<String, String> found;
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      found = state(volume);
    }
    List<Map<String, String>> legal = states.subList(promised, published + 1);
    assertThat(legal).as("%s, states %d to %d", image, promised, published).contains(found);
    long streams = found.values().stream().filter(text -> isLarge(text)).count();
    assertThat(store.files().stream().filter(host -> host.startsWith("strongroom.files/")))
        .as("%s: host files for %s", image, found.keySet())
        .hasSize(found.size() + (int) streams);
    store.assertAllClosed();
  }

  private static boolean isLarge(String text) {
    return text.contains("large=");
  }

  @Test
  void timesModesAndOwners() throws IOException {
    History history = prepared();
    Instant time = Instant.ofEpochSecond(1_000_000_000, 123_456_789);
    history.change(volume -> volume.setTimes("a", time, null, null));
    history.change(volume -> volume.setMode("d", 0755));
    history.sync();
    history.change(volume -> volume.setTimes("d/c", null, time, time));
    history.change(volume -> volume.setOwner("", 5, 6));
    history.change(volume -> volume.setMode("link", 0444, NOFOLLOW_LINKS));
    history.change(volume -> volume.rename("a", "d/a"));
    history.sync();
    history.change(volume -> volume.setTimes("d/a", time.plusNanos(1), time, null));
    history.change(volume -> volume.setMode("d/a", 0));
    check("times, modes and owners", history);
  }

  @Test
  void links() throws IOException {
    History history = prepared();
    history.change(volume -> volume.createSymbolicLink("new", "d"));
    history.change(volume -> volume.createSymbolicLink("d/long", "x/".repeat(2000)));
    history.sync();
    history.change(volume -> volume.rename("link", "d/link"));
    history.change(volume -> volume.rename("d/link", "a"));
    history.change(volume -> volume.delete("new"));
    history.sync();
    history.change(volume -> volume.createSymbolicLink("new", "d/c"));
    history.change(volume -> volume.rename("d/c", "a"));
    check("links", history);
  }

  @Test
  void attributesInHeadersAndStreams() throws IOException {
    History history = prepared();
    history.change(volume -> volume.setUserAttribute("a", "small", new byte[] {1, 2}));
    history.change(volume -> volume.setUserAttribute("a", "large", SampleBytes.of(2, 5000)));
    history.sync();
    history.change(volume -> volume.setUserAttribute("a", "large", SampleBytes.of(3, 60_000)));
    history.change(volume -> volume.setUserAttribute("d", "large", SampleBytes.of(4, 2000)));
    history.change(volume -> volume.setMode("a", 0640));
    history.sync();
    history.change(volume -> volume.setUserAttribute("d", "small", new byte[100]));
    history.change(volume -> volume.removeUserAttribute("a", "large"));
    history.change(
        volume -> volume.setUserAttribute("link", "large", new byte[2500], NOFOLLOW_LINKS));
    check("attributes in headers and streams", history);
  }

  @Test
  void streamsGoWithTheirOwners() throws IOException {
    History history = prepared();
    history.change(volume -> volume.rename("b", "d/b"));
    history.change(volume -> volume.setUserAttribute("a", "large", SampleBytes.of(2, 50_000)));
    history.sync();
    history.change(volume -> volume.rekey("a"));
    history.change(volume -> volume.rename("a", "d/b"));
    history.sync();
    history.change(volume -> volume.delete("d/b"));
    history.change(volume -> volume.delete("d/c"));
    history.change(volume -> volume.delete("d"));
    check("streams go with their owners", history);
  }
}
