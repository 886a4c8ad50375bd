// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.ElementAddress;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The steps of the demonstration; each says what it does and fails with an exception when the
 * outcome is not the expected one.
 *
 * <p>Thread safety: confined to one thread.
 */
final class DemoSteps {

  private static final String USER_PIN = "demo-2468";
  private static final String ADMINISTRATOR_PIN = "demo-13579";
  private static final String WRONG_PIN = "demo-0000";
  private static final int NAMES_SHOWN = 4;

  /** Where a byte is changed, in 1/16 of the host file: most likely in the middle of a sector. */
  private static final int[] SIXTEENTHS = {8, 11, 5, 13, 15, 3};

  private final Settings settings;
  private final Path source;
  private final Path volume;
  private final Path emptyVolume;
  private final Path elementFile;
  private final Path otherElementFile;
  private final PlainCopy plain;
  private final SourceTree tree;
  private final Report left;
  private final Report done;
  private final PlaintextSearch search = new PlaintextSearch();
  private int step;

  DemoSteps(Settings settings, Path source, Set<String> skipped, Path folder) throws IOException {
    this.settings = settings;
    this.source = source;
    this.volume = folder.resolve("volume");
    this.emptyVolume = folder.resolve("empty volume");
    this.elementFile = folder.resolve("my.element");
    this.otherElementFile = folder.resolve("other.element");
    this.plain = new PlainCopy(folder.resolve("plain"));
    // A demonstration counts what it leaves out instead of naming each.
    Console console = settings.console();
    Console silent =
        new Console(
            console.in(),
            console.out(),
            new PrintStream(OutputStream.nullOutputStream()),
            console.environment(),
            null,
            false,
            false);
    this.left = new Report(silent);
    this.done = new Report(console);
    this.tree = new SourceTree(folder, skipped, SourceTree.Links.FOLLOWED, left);
  }

  void run() throws IOException {
    gather();
    try (SecureElement element = SecureElement.open("sim:" + elementFile)) {
      makeElement(element);
      try (ElementSession session = login(element)) {
        makeVolume(session);
        Timing write = put(session);
        showDisk(session);
        Timing read = compare(session);
        damage(session);
        wrongPin(element);
        wrongElement();
        throughput(write, read);
      }
    }
  }

  /** Nanoseconds for the volume and for plain files. */
  private record Timing(long volume, long plain) {}

  private void gather() throws IOException {
    Path name = source.getFileName();
    tree.add(source, VolumePath.ROOT.child(name == null ? "root" : name.toString()));
    if (tree.bytes() == 0) {
      throw CommandException.usage(
          source + ": there is no file with content in it; name another directory");
    }
    long files = 0;
    byte[] buffer = new byte[Copies.BUFFER_BYTES];
    for (SourceTree.Item item : tree.items()) {
      if (!item.directory()) {
        files++;
        search.learn(item.source());
        // Read once, so that neither side of the comparison finds a cold cache.
        try (var in = new FileInputStream(item.source().toFile())) {
          int count = 0;
          while (count >= 0) {
            count = in.read(buffer);
          }
        }
      }
    }
    say(
        "Demonstration on "
            + source
            + ": "
            + Sizes.files(files)
            + ", "
            + Sizes.text(tree.bytes())
            + (left.problems() == 0
                ? ""
                : " (" + left.problems() + " links and special files left out)"));
  }

  private void makeElement(SecureElement element) throws IOException {
    title("Make a simulated element, with a user PIN and an administrator PIN");
    long start = System.nanoTime();
    try (SecretBytes user = pin(USER_PIN);
        SecretBytes administrator = pin(ADMINISTRATOR_PIN)) {
      element.initialize(user, administrator);
    }
    say("   " + elementFile + ", serial number " + element.info().serialNumber());
    say("   " + element.info().description());
    say("   made in " + seconds(System.nanoTime() - start));
  }

  private void makeVolume(ElementSession session) throws IOException {
    title("Make a volume whose keys that element holds");
    try (SecureFileSystem files = create(session, volume)) {
      say("   " + volume + ", id " + files.info().id());
    }
  }

  private SecureFileSystem create(ElementSession session, Path directory) throws IOException {
    VolumeOptions options =
        VolumeOptions.builder()
            .elementUri(ElementAddress.remembered("sim:" + elementFile, directory))
            .build();
    return SecureFileSystem.create(session, directory, options);
  }

  private Timing put(ElementSession session) throws IOException {
    title("Put the files into it");
    long start = System.nanoTime();
    plain.write(tree.items());
    long plainNanos = System.nanoTime() - start;
    start = System.nanoTime();
    try (SecureFileSystem files = SecureFileSystem.open(session, volume, VolumeOptions.defaults());
        Progress progress = settings.progress("put", tree.bytes())) {
      new Upload(files, Upload.Replace.NEVER, done).all(tree, progress);
    }
    long volumeNanos = System.nanoTime() - start;
    if (done.problems() > 0) {
      throw unexpected(done.problems() + " files could not be put, see above");
    }
    say("   " + done.summary("put") + " in " + seconds(volumeNanos));
    return new Timing(volumeNanos, plainNanos);
  }

  private void showDisk(ElementSession session) throws IOException {
    title("Look at what the disk holds: coded names and no plaintext");
    List<Path> files = Trees.files(volume);
    files.sort(Comparator.naturalOrder());
    files.stream()
        .map(file -> volume.relativize(file).toString())
        .filter(name -> name.length() > 20)
        .limit(NAMES_SHOWN)
        .forEach(name -> say("   " + name));
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
      search.ignore(volume.relativize(file).toString());
    }
    ignoreTheFormat(session);
    List<PlaintextSearch.Find> found = search.found(files);
    if (!found.isEmpty()) {
      throw unexpected(
          "clear data of " + found.get(0).source() + " was found in " + found.get(0).host());
    }
    say(
        "   "
            + Sizes.files(files.size())
            + ", "
            + Sizes.text(bytes)
            + "; none holds any of "
            + search.pieces()
            + " pieces of the contents and names");
  }

  /** What also stands in a volume without files is the format's own, such as its marks. */
  private void ignoreTheFormat(ElementSession session) throws IOException {
    create(session, emptyVolume).close();
    for (Path file : Trees.files(emptyVolume)) {
      search.ignore(file);
    }
  }

  private Timing compare(ElementSession session) throws IOException {
    title("Read everything back and compare it with the originals");
    long start = System.nanoTime();
    plain.read(tree.items());
    long plainNanos = System.nanoTime() - start;
    long volumeNanos;
    try (SecureFileSystem files = reading(session)) {
      start = System.nanoTime();
      long read = 0;
      for (SourceTree.Item item : tree.items()) {
        read += item.directory() ? 0 : read(files, item.target());
      }
      volumeNanos = System.nanoTime() - start;
      for (SourceTree.Item item : tree.items()) {
        if (!item.directory()) {
          requireEqual(files, item);
        }
      }
      say("   " + Sizes.files(done.files()) + ", " + Sizes.text(read) + ": all equal");
    }
    return new Timing(volumeNanos, plainNanos);
  }

  private void damage(ElementSession session) throws IOException {
    title("Change one byte on the disk");
    SourceTree.Item victim =
        tree.items().stream()
            .filter(item -> !item.directory() && item.size() > 0)
            .max(Comparator.comparingLong(SourceTree.Item::size))
            .orElseThrow();
    Path host;
    try (SecureFileSystem files = reading(session)) {
      host = volume.resolve(files.stat(victim.target().text()).hostName());
    }
    for (int sixteenth : SIXTEENTHS) {
      long offset = Files.size(host) / 16 * sixteenth;
      Optional<IntegrityException> refusal = readDamaged(session, victim.target(), host, offset);
      // What hits another structure is refused as well, but a sector shows more.
      if (refusal.isPresent() && refusal.get().sector() >= 0) {
        IntegrityException e = refusal.get();
        say("   byte " + offset + " of " + volume.relativize(host));
        say("   refused: " + Failures.message(e));
        say(
            String.format(
                Locale.ROOT,
                "   file %s, sector %d, bytes %d to %d; nothing of that sector was returned",
                e.file(),
                e.sector(),
                e.from(),
                e.to()));
        return;
      }
    }
    throw unexpected("no changed byte of " + host + " was refused with its sector");
  }

  private Optional<IntegrityException> readDamaged(
      ElementSession session, VolumePath path, Path host, long offset) throws IOException {
    Damage damage = Damage.at(host, offset);
    try (SecureFileSystem files = reading(session)) {
      read(files, path);
      return Optional.empty();
    } catch (IntegrityException e) {
      return Optional.of(e);
    } finally {
      damage.undo();
    }
  }

  private void wrongPin(SecureElement element) throws IOException {
    title("Try a wrong PIN");
    try (SecretBytes wrong = pin(WRONG_PIN);
        ElementSession session = element.login(wrong)) {
      throw unexpected("the wrong PIN was accepted by " + session.info().serialNumber());
    } catch (AuthenticationFailedException e) {
      say("   refused: " + e.getMessage());
    }
  }

  private void wrongElement() throws IOException {
    title("Try another element, with its right PIN");
    try (SecureElement other = SecureElement.open("sim:" + otherElementFile);
        SecretBytes user = pin(USER_PIN);
        SecretBytes administrator = pin(ADMINISTRATOR_PIN)) {
      other.initialize(user, administrator);
      try (ElementSession session = login(other);
          SecureFileSystem files = reading(session)) {
        throw unexpected("the other element opened volume " + files.info().id());
      } catch (WrongElementException e) {
        say("   refused: " + e.getMessage());
      }
    }
  }

  private void throughput(Timing write, Timing read) {
    title("Throughput beside plain files, durable on both sides");
    say("                      volume              plain files");
    say("   write        " + row(write.volume()) + row(write.plain()));
    say("   read         " + row(read.volume()) + row(read.plain()));
    say("   One cold run on " + Sizes.files(done.files()) + "; docs/performance.md has figures.");
  }

  private String row(long nanos) {
    double files = done.files() / Math.max(nanos / 1e9, 1e-6);
    return String.format(
        Locale.ROOT, "%,9.0f files/s %11s  ", files, Sizes.rate(done.bytes(), nanos));
  }

  private SecureFileSystem reading(ElementSession session) throws IOException {
    return SecureFileSystem.open(session, volume, VolumeOptions.builder().readOnly().build());
  }

  private static long read(SecureFileSystem files, VolumePath path) throws IOException {
    byte[] buffer = new byte[Copies.BUFFER_BYTES];
    long total = 0;
    try (SecureFile file = files.openFile(path.text(), StandardOpenOption.READ)) {
      for (int count = file.read(buffer); count >= 0; count = file.read(buffer)) {
        total += count;
      }
    }
    return total;
  }

  private static void requireEqual(SecureFileSystem files, SourceTree.Item item)
      throws IOException {
    byte[] ours = new byte[Copies.BUFFER_BYTES];
    byte[] theirs = new byte[Copies.BUFFER_BYTES];
    try (SecureFile file = files.openFile(item.target().text(), StandardOpenOption.READ);
        var original = new FileInputStream(item.source().toFile())) {
      long position = 0;
      while (true) {
        int expected = original.readNBytes(theirs, 0, theirs.length);
        int found = 0;
        while (found < ours.length) {
          int count = file.read(ours, found, ours.length - found);
          if (count < 0) {
            break;
          }
          found += count;
        }
        int difference = Arrays.mismatch(ours, 0, found, theirs, 0, expected);
        if (difference >= 0) {
          throw unexpected(item.target() + ": differs at byte " + (position + difference));
        }
        if (expected < theirs.length) {
          return;
        }
        position += expected;
      }
    }
  }

  private static ElementSession login(SecureElement element) throws IOException {
    try (SecretBytes user = pin(USER_PIN)) {
      return element.login(user);
    }
  }

  private static SecretBytes pin(String text) {
    return SecretBytes.encode(text.toCharArray());
  }

  private static CommandException unexpected(String what) {
    return new CommandException(ExitCode.INTEGRITY, "demo: " + what);
  }

  private void title(String text) {
    step++;
    say("");
    say(step + ". " + text);
  }

  private void say(String text) {
    settings.say(Text.printable(text));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }
}
