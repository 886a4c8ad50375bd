// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.util.Objects.requireNonNull;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.RecoveryElement;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.share.Contact;
import dev.strongroom.simulator.MemoryElementStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A volume, and what somebody has kept of it and of its element from before: as it was in the past,
 * as it was in the middle of its last changes, and what became of a copy that went its own way.
 */
final class VolumeWithPast implements AutoCloseable {

  /** How a volume was made, and which element opens it. */
  enum Kind {
    /** Nothing was ever frozen. */
    PLAIN,
    /** d/f is frozen at last, d/g before the past. */
    FROZEN_FILE,
    /** The same by a twin, which has adopted the ledger and opens the volume. */
    TWIN,
    /** The same, but the twin that opens it is only named, and has adopted nothing. */
    NEW_TWIN,
    /** The same, and the recovery element opens it. */
    RECOVERY,
    /** Everything is frozen at last. */
    FROZEN_TREE,
    STRICT,
    STRICT_WITH_LAG;

    boolean isStrict() {
      return this == STRICT || this == STRICT_WITH_LAG;
    }

    boolean mayWrite() {
      return this != NEW_TWIN && this != RECOVERY;
    }
  }

  private static final Duration LAG = Duration.ofSeconds(10);

  /** How many things are looked at. */
  private static final int THINGS = 8;

  final Kind kind;
  final MemoryStore now = new MemoryStore();
  final MemoryStore unfrozen;
  final MemoryStore past;
  final MemoryStore middle;

  /** Another volume of the same element, made and changed in the same way. */
  final MemoryStore other = new MemoryStore();

  /** Host files by path, as in the past and now. */
  final Map<String, String> hosts = new HashMap<>();

  private final ManualExecutor executor = new ManualExecutor();
  private final List<Runnable> held = new ArrayList<>();
  private final MemoryElementStore medium = new MemoryElementStore();
  private final TestElement first;
  private final TestElement second;
  private final TestElement third;
  private final ElementSession session;
  private final ElementSession its;
  private final ElementSession thirds;

  /** The opening element's medium in the past, and that of its copy which changed a copy. */
  private final byte[] pastElement;

  private final byte[] elementOfCopy;

  /** How much is recorded in the volume file now. */
  private final int acts;

  VolumeWithPast(Kind kind) throws IOException {
    this.kind = kind;
    first = hold(opensItself() ? TestElement.create(medium) : TestElement.create());
    second =
        hold(
            kind == Kind.RECOVERY
                ? TestElement.create(medium)
                : opensItself() ? TestElement.twinOf(first) : TestElement.twinOf(first, medium));
    third = hold(TestElement.twinOf(first));
    session = hold(first.login());
    its = hold(second.login());
    thirds = hold(third.login());
    begin(other);
    change(other, worker(), "other");
    unfrozen = begin(now);
    past = now.copy();
    pastElement = medium.content();
    elementOfCopy = changeCopy();
    middle = begunChange();
    change(now, worker(), "new");
    try (SecureFileSystem volume = open(now, opener(), true)) {
      hosts.put("d/fresh", volume.stat("d/fresh").hostName());
      acts = acts(volume);
    }
  }

  private boolean opensItself() {
    return kind != Kind.TWIN && kind != Kind.NEW_TWIN && kind != Kind.RECOVERY;
  }

  private TestElement hold(TestElement element) {
    held.add(0, element::close);
    return element;
  }

  private ElementSession hold(ElementSession session) {
    held.add(0, session::close);
    return session;
  }

  /** The session that changes the volume. */
  private ElementSession worker() {
    return kind == Kind.TWIN ? its : session;
  }

  /** The session that opens the volume in the end. */
  ElementSession opener() {
    return opensItself() ? session : its;
  }

  // ---- its past

  private VolumeOptions.Builder options() {
    return VolumeOptions.builder()
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .executor(executor)
        .clock(executor);
  }

  private VolumeOptions options(boolean readOnly) {
    VolumeOptions.Builder options = options();
    if (kind == Kind.STRICT_WITH_LAG && !readOnly) {
      options.freshnessLag(LAG);
    }
    return readOnly ? options.readOnly().build() : options.build();
  }

  SecureFileSystem open(MemoryStore store, ElementSession whose, boolean readOnly)
      throws IOException {
    return SecureFileSystem.open(whose, store, options(readOnly));
  }

  /** Answers how it was before anything was frozen. */
  private MemoryStore begin(MemoryStore store) throws IOException {
    VolumeOptions.Builder options = options();
    if (kind.isStrict()) {
      options.freshness(Freshness.STRICT);
    }
    if (kind == Kind.RECOVERY) {
      options.recoveryElement(RecoveryElement.of(its.element().identity(), its.channelKey()));
    }
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options.build())) {
      volume.createDirectory("d");
      for (String path : List.of("d/f", "d/g", "d/i", "d/gone")) {
        write(volume, path, "old");
      }
      addContact(volume, "old", thirds);
      if (kind == Kind.TWIN || kind == Kind.NEW_TWIN) {
        volume.addElement(its);
      }
      for (String path : List.of("d", "d/f", "d/g", "d/i")) {
        hosts.put(path, volume.stat(path).hostName());
      }
    }
    MemoryStore unfrozen = store.copy();
    if (kind != Kind.PLAIN && !kind.isStrict()) {
      try (SecureFileSystem volume = open(store, session, false)) {
        volume.freeze(List.of("d/g"));
      }
    }
    if (kind == Kind.TWIN) {
      repair(store, its, LedgerRepair.ADOPT);
    }
    return unfrozen;
  }

  private void repair(MemoryStore store, ElementSession whose, LedgerRepair repair)
      throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      SecureFileSystem.open(whose, store, options(false), repair, pin).close();
    }
  }

  private static void addContact(SecureFileSystem volume, String name, ElementSession whose)
      throws IOException {
    ElementCard card = whose.element().card();
    volume.contacts().add(name, card, card.fingerprint());
  }

  private void change(MemoryStore store, ElementSession whose, String text) throws IOException {
    if (kind.isStrict()) {
      // The volume file is to be another one: something is recorded in it.
      Bytes id = id(store);
      VersionSlot slot = whose.readVersion(id).orElseThrow();
      whose.compareAndSetVersion(slot, Bytes.copyOf(SampleBytes.of(1, 32)));
      repair(store, whose, LedgerRepair.ACCEPT);
    }
    try (SecureFileSystem volume = open(store, whose, false)) {
      if (!kind.isStrict()) {
        volume.addElement(thirds);
      }
      for (String path : List.of("d/f", "d/g", "d/i", "d/fresh")) {
        write(volume, path, text);
        volume.sync();
      }
      volume.delete("d/gone");
      volume.createDirectory("top");
      volume.contacts().remove("old");
      addContact(volume, "new", its);
      if (kind == Kind.FROZEN_TREE) {
        volume.freezeTree("/");
      } else if (kind != Kind.PLAIN) {
        volume.freeze(List.of("d/f"));
      }
      if (kind != Kind.PLAIN) {
        volume.invalidate(List.of("d/i"));
        volume.freeze(List.of("d/f"));
      }
    }
  }

  /** A copy of the volume, and of the element, that was changed in another way. */
  private byte[] changeCopy() throws IOException {
    if (kind == Kind.RECOVERY || kind == Kind.NEW_TWIN) {
      return medium.content();
    }
    MemoryElementStore copied = MemoryElementStore.of(medium.content());
    try (TestElement element = TestElement.on(copied)) {
      for (int i = 0; i < 3; i++) {
        // Newer than the one that it is a copy of, by its count of logins.
        element.login().close();
      }
      try (ElementSession login = element.login()) {
        change(past.copy(), login, "of the copy");
      }
    }
    return copied.content();
  }

  /** What is there in the middle of a change: commits that only the journal has. */
  private MemoryStore begunChange() throws IOException {
    if (!kind.isStrict()) {
      return begunChange(worker());
    }
    try (TestElement element = TestElement.on(MemoryElementStore.of(medium.content()));
        ElementSession login = element.login()) {
      return begunChange(login);
    }
  }

  private MemoryStore begunChange(ElementSession whose) throws IOException {
    MemoryStore begun = past.copy();
    SecureFileSystem volume = open(begun, whose, false);
    write(volume, "d/f", "middle");
    volume.sync();
    MemoryStore found = begun.copy();
    volume.close();
    return found;
  }

  /** What crashes may leave that come before the element's step; each has one change more. */
  List<MemoryStore> statesWithinLag() throws IOException {
    List<MemoryStore> states = new ArrayList<>();
    try (TestElement element = TestElement.on(MemoryElementStore.of(medium.content()));
        ElementSession login = element.login()) {
      MemoryStore store = now.copy();
      SecureFileSystem volume = open(store, login, false);
      for (int i = 0; i < 3; i++) {
        write(volume, "d/f", "lag " + i);
        volume.sync();
        states.add(store.copy());
      }
      volume.close();
    }
    first.login().close();
    first.login().close();
    return states;
  }

  private static void write(SecureFileSystem volume, String path, String text) throws IOException {
    try (SecureFile file =
        volume.openFile(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      file.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Bytes id(MemoryStore store) throws IOException {
    return Bytes.copyOf(store.content("strongroom.volume"), 24, 16);
  }

  // ---- elements of before

  /** The opening element as it was in the past, logged in to so often that this does not tell. */
  TestElement pastElement(int logins) throws IOException {
    return element(pastElement, logins);
  }

  TestElement elementOfCopy() throws IOException {
    return element(elementOfCopy, 0);
  }

  private static TestElement element(byte[] content, int logins) throws IOException {
    TestElement element = TestElement.on(MemoryElementStore.of(content));
    for (int i = 0; i < logins; i++) {
      element.login().close();
    }
    return element;
  }

  // ---- what a reader finds

  /**
   * Reads everything, and says what is not as it is now: "new", or things by what was found in
   * their place, "d g old; f Rollback".
   */
  String look(SecureFileSystem volume) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    int things = note(found, "root", () -> names(volume, "", "[d]", "[d, top]"));
    things += note(found, "d", () -> names(volume, "d", "[f, g, gone, i]", "[f, fresh, g, i]"));
    for (String name : List.of("f", "g", "i", "fresh")) {
      things += note(found, name, () -> content(volume, "d/" + name));
    }
    things += note(found, "contacts", () -> contacts(volume));
    things += note(found, "acts", () -> acts(volume) == acts ? "new" : "old");
    if (found.values().stream().anyMatch(each -> each.size() == THINGS)) {
      return "all " + found.keySet().iterator().next();
    }
    List<String> parts = new ArrayList<>();
    found.forEach((state, which) -> parts.add(String.join(" ", which) + " " + state));
    return things == THINGS ? "new" : String.join("; ", parts);
  }

  private interface Look {
    String run() throws IOException;
  }

  /** Answers 1 if it is as it is now. */
  private static int note(Map<String, List<String>> found, String thing, Look look) {
    String state;
    try {
      state = look.run();
    } catch (IOException e) {
      state = name(e);
    }
    if (state.equals("new")) {
      return 1;
    }
    found.computeIfAbsent(state, any -> new ArrayList<>()).add(thing);
    return 0;
  }

  static String name(Throwable problem) {
    return problem.getClass().getSimpleName().replace("Exception", "");
  }

  private static String names(SecureFileSystem volume, String path, String old, String now)
      throws IOException {
    String names = volume.list(path).stream().map(each -> each.name()).sorted().toList().toString();
    return names.equals(now) ? "new" : names.equals(old) ? "old" : names;
  }

  /** The state "new" of a file that has been invalidated is that it cannot be read. */
  private static String content(SecureFileSystem volume, String path) throws IOException {
    try {
      return new String(ModelledVolume.content(volume, path), StandardCharsets.UTF_8);
    } catch (FileInvalidatedException e) {
      return "new";
    } catch (NoSuchFileException e) {
      return "old";
    }
  }

  private static String contacts(SecureFileSystem volume) throws IOException {
    List<String> names = volume.contacts().list().stream().map(Contact::name).toList();
    return names.isEmpty() ? "gone" : String.join(",", names);
  }

  private static int acts(SecureFileSystem volume) {
    VolumeInfo info = volume.info();
    return info.elements().size() + info.ledgerRepairs().size();
  }

  String host(String path) {
    return requireNonNull(hosts.get(path), path);
  }

  @Override
  public void close() {
    held.forEach(Runnable::run);
  }
}
