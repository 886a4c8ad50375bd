// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.testkit.VolumeWithPast.Kind;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is put back from before, deleted, or taken from elsewhere, in every kind of volume: the
 * table says what a reader finds then, and nothing else is ever found. After the right files are
 * back the volume opens, and everything is there.
 */
@Tag("jdk25")
class OldCopiesTest {

  /**
   * What is found. "new": all is as it is now. Otherwise the things that are not, by what is found
   * in their place: "old", "middle" or "gone", or the exception that refuses them. One word alone:
   * the volume does not open, because its ledger is in that state, or because of that exception.
   * "=": as in the column before. d/f, d/g and d/i are files, the last one invalidated in all but
   * the first column; "fresh" is d/fresh, which is new; "acts" are what the volume file records of
   * elements and repairs.
   */
  private static final String TABLE =
      """
      put back, or deleted               | plain                        | frozen file                 | twin | new twin                              | recovery | frozen tree       | strict             | with lag
      nothing                            | new                          | =                           | =    | =                                     | =        | =                 | =                  | =
      old file                           | f old                        | f Rollback                  | =    | =                                     | =        | =                 | =                  | =
      old frozen before                  | g old                        | =                           | =    | =                                     | =        | g Rollback        | =                  | =
      old invalidated                    | i old                        | new                         | =    | =                                     | =        | =                 | =                  | =
      old directory                      | d fresh old                  | d f g i fresh Rollback      | =    | =                                     | =        | =                 | =                  | =
      old directory and files            | d f g fresh old              | d f g i fresh Rollback      | =    | =                                     | =        | =                 | =                  | =
      old root                           | root old                     | root d f g i fresh Rollback | =    | =                                     | =        | =                 | =                  | =
      old volume                         | all old                      | OLDER                       | =    | all old                               | =        | OLDER             | =                  | =
      unfrozen volume                      | all old          | LOST                      | = | all old, fresh                     | =                 | LOST                      | OLDER               | =
      old ledger                         | new                          | OLDER                       | =    | root d f g i fresh Rollback           | =        | OLDER             | =                  | =
      no ledger                          | new                          | LOST                        | =    | =                                     | new      | LOST              | =                  | =
      others ledger                      | new                          | DAMAGED                     | =    | =                                     | new      | DAMAGED           | =                  | =
      old journal                        | new                          | =                           | =    | =                                     | =        | =                 | =                  | =
      journal of the middle              | new                          | =                           | =    | =                                     | =        | =                 | =                  | =
      journal of the middle and its file | f middle                     | f Rollback                  | =    | =                                     | =        | =                 | =                  | =
      others journal                     | CorruptJournal               | =                           | =    | =                                     | =        | =                 | =                  | =
      no journal                         | CorruptJournal               | =                           | =    | =                                     | =        | =                 | =                  | =
      old volume file                    | acts old                     | VOLUME_FILE_OLDER           | =    | acts old                              | =        | VOLUME_FILE_OLDER | =                  | =
      old volume file and ledger         | acts old                     | OLDER                       | =    | root d f g i fresh Rollback; acts old | =        | OLDER             | =                  | =
      old volume file and no ledger      | acts old                     | LOST                        | =    | =                                     | acts old | LOST              | =                  | =
      others volume file                 | CorruptJournal               | =                           | =    | =                                     | =        | =                 | =                  | =
      old contacts                       | contacts old                 | =                           | =    | =                                     | =        | =                 | contacts Rollback  | =
      others contacts                    | contacts Integrity           | =                           | =    | =                                     | =        | =                 | =                  | =
      no contacts                        | contacts gone                | =                           | =    | =                                     | =        | =                 | contacts Integrity | =
      swapped files                      | f g Integrity                | =                           | =    | =                                     | =        | =                 | =                  | =
      old file by another name           | fresh Integrity              | =                           | =    | =                                     | =        | =                 | =                  | =
      others root                        | root d f g i fresh Integrity | =                           | =    | =                                     | =        | =                 | =                  | =
      no file                            | f Integrity                  | =                           | =    | =                                     | =        | =                 | =                  | =
      no directory                       | d f g i fresh Integrity      | =                           | =    | =                                     | =        | =                 | =                  | =
      no root                            | root d f g i fresh Integrity | =                           | =    | =                                     | =        | =                 | =                  | =
      old element                        | new                          | AHEAD                       | =    | new                                   | =        | AHEAD             | StaleElement       | =
      old element logged in              | new                          | AHEAD                       | =    | new                                   | =        | AHEAD             | =                  | =
      element of a copy                  | new                          | FOREIGN                     | =    | new                                   | =        | FOREIGN           | =                  | =
      old element and volume             | all old                      | =                           | =    | =                                     | =        | =                 | =                  | =
      """;

  private static final Map<Kind, VolumeWithPast> VOLUMES = new EnumMap<>(Kind.class);

  @BeforeAll
  static void make() throws IOException {
    for (Kind kind : Kind.values()) {
      VOLUMES.put(kind, new VolumeWithPast(kind));
    }
  }

  @AfterAll
  static void close() {
    VOLUMES.values().forEach(VolumeWithPast::close);
  }

  /** What somebody does to a volume who can write its disk, or who has an old element. */
  enum Deed {
    NOTHING,
    OLD_FILE,
    OLD_FROZEN_BEFORE,
    OLD_INVALIDATED,
    OLD_DIRECTORY,
    OLD_DIRECTORY_AND_FILES,
    OLD_ROOT,
    OLD_VOLUME,
    UNFROZEN_VOLUME,
    OLD_LEDGER,
    NO_LEDGER,
    OTHERS_LEDGER,
    OLD_JOURNAL,
    JOURNAL_OF_THE_MIDDLE,
    JOURNAL_OF_THE_MIDDLE_AND_ITS_FILE,
    OTHERS_JOURNAL,
    NO_JOURNAL,
    OLD_VOLUME_FILE,
    OLD_VOLUME_FILE_AND_LEDGER,
    OLD_VOLUME_FILE_AND_NO_LEDGER,
    OTHERS_VOLUME_FILE,
    OLD_CONTACTS,
    OTHERS_CONTACTS,
    NO_CONTACTS,
    SWAPPED_FILES,
    OLD_FILE_BY_ANOTHER_NAME,
    OTHERS_ROOT,
    NO_FILE,
    NO_DIRECTORY,
    NO_ROOT,
    OLD_ELEMENT,
    OLD_ELEMENT_LOGGED_IN,
    ELEMENT_OF_A_COPY,
    OLD_ELEMENT_AND_VOLUME;

    boolean isOfElement() {
      return this == OLD_ELEMENT
          || this == OLD_ELEMENT_LOGGED_IN
          || this == ELEMENT_OF_A_COPY
          || this == OLD_ELEMENT_AND_VOLUME;
    }
  }

  private static final String LEDGER = "strongroom.files/ledger";
  private static final String CONTACTS = "strongroom.files/contacts";
  private static final String JOURNAL = "strongroom.journal";
  private static final String VOLUME_FILE = "strongroom.volume";
  private static final String ROOT = "strongroom.files/root";

  /** A disk that somebody changes, and what has been touched. */
  private static final class Disk {
    final MemoryStore store;
    final Set<String> touched = new LinkedHashSet<>();

    Disk(MemoryStore store) {
      this.store = store.copy();
    }

    void exchange(MemoryStore from, String source, String target) throws IOException {
      touched.add(target);
      if (from.exists(source)) {
        store.createDirectory(folder(target));
        store.replaceContent(target, from.content(source));
      } else if (store.exists(target)) {
        store.delete(target);
      }
    }

    void put(MemoryStore from, String... names) throws IOException {
      for (String name : names) {
        exchange(from, name, name);
      }
    }

    void putAll(MemoryStore from) throws IOException {
      Set<String> all = new LinkedHashSet<>(store.files());
      all.addAll(from.files());
      put(from, all.toArray(String[]::new));
    }

    void delete(String name) throws IOException {
      touched.add(name);
      if (store.exists(name)) {
        store.delete(name);
      }
    }

    private static String folder(String name) {
      return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }
  }

  private static Disk disk(VolumeWithPast volume, Deed deed) throws IOException {
    Disk disk = new Disk(volume.now);
    MemoryStore past = volume.past;
    MemoryStore other = volume.other;
    String file = volume.host("d/f");
    String second = volume.host("d/g");
    switch (deed) {
      case OLD_FILE -> disk.put(past, file);
      case OLD_FROZEN_BEFORE -> disk.put(past, second);
      case OLD_INVALIDATED -> disk.put(past, volume.host("d/i"));
      case OLD_DIRECTORY -> disk.put(past, volume.host("d"));
      case OLD_DIRECTORY_AND_FILES -> disk.put(past, volume.host("d"), file, second);
      case OLD_ROOT -> disk.put(past, ROOT);
      case OLD_VOLUME, OLD_ELEMENT_AND_VOLUME -> disk.putAll(past);
      case UNFROZEN_VOLUME -> disk.putAll(volume.unfrozen);
      case OLD_LEDGER -> disk.put(past, LEDGER);
      case NO_LEDGER -> disk.delete(LEDGER);
      case OTHERS_LEDGER -> disk.put(other, LEDGER);
      case OLD_JOURNAL -> disk.put(past, JOURNAL);
      case JOURNAL_OF_THE_MIDDLE -> disk.put(volume.middle, JOURNAL);
      case JOURNAL_OF_THE_MIDDLE_AND_ITS_FILE -> disk.put(volume.middle, JOURNAL, file);
      case OTHERS_JOURNAL -> disk.put(other, JOURNAL);
      case NO_JOURNAL -> disk.delete(JOURNAL);
      case OLD_VOLUME_FILE -> disk.put(past, VOLUME_FILE);
      case OLD_VOLUME_FILE_AND_LEDGER -> disk.put(past, VOLUME_FILE, LEDGER);
      case OLD_VOLUME_FILE_AND_NO_LEDGER -> {
        disk.put(past, VOLUME_FILE);
        disk.delete(LEDGER);
      }
      case OTHERS_VOLUME_FILE -> disk.put(other, VOLUME_FILE);
      case OLD_CONTACTS -> disk.put(past, CONTACTS);
      case OTHERS_CONTACTS -> disk.put(other, CONTACTS);
      case NO_CONTACTS -> disk.delete(CONTACTS);
      case SWAPPED_FILES -> {
        disk.exchange(volume.now, file, second);
        disk.exchange(volume.now, second, file);
      }
      case OLD_FILE_BY_ANOTHER_NAME -> disk.exchange(past, file, volume.host("d/fresh"));
      case OTHERS_ROOT -> disk.put(other, ROOT);
      case NO_FILE -> disk.delete(file);
      case NO_DIRECTORY -> disk.delete(volume.host("d"));
      case NO_ROOT -> disk.delete(ROOT);
      default -> {}
    }
    return disk;
  }

  private static String find(VolumeWithPast volume, Deed deed, boolean readOnly, Disk disk)
      throws IOException {
    if (!deed.isOfElement()) {
      return find(volume, disk, volume.opener(), readOnly);
    }
    TestElement element =
        switch (deed) {
          case OLD_ELEMENT_LOGGED_IN -> volume.pastElement(60);
          case ELEMENT_OF_A_COPY -> volume.elementOfCopy();
          default -> volume.pastElement(0);
        };
    try (element;
        ElementSession login = element.login()) {
      return find(volume, disk, login, readOnly);
    }
  }

  private static String find(
      VolumeWithPast volume, Disk disk, ElementSession whose, boolean readOnly) {
    String found;
    try (SecureFileSystem open = volume.open(disk.store, whose, readOnly)) {
      found = volume.look(open);
      if (readOnly && !found.matches("new|[a-z ]+")) {
        assertThat(open.check(CheckListener.SILENT).findings()).as(found).isNotEmpty();
      }
      if (open.info().fresh() != volume.kind.mayWrite()) {
        found += open.info().fresh() ? ", fresh" : ", not fresh";
      }
    } catch (LedgerException e) {
      found = e.state().name();
    } catch (IOException e) {
      found = VolumeWithPast.name(e);
    }
    disk.store.assertAllClosed();
    return found;
  }

  /** Also what a writer has made of the rest while the wrong files were there does no harm. */
  private static void requireRightOnesOpen(VolumeWithPast volume, Disk disk) throws IOException {
    disk.put(volume.now, disk.touched.toArray(String[]::new));
    assertThat(find(volume, disk, volume.opener(), !volume.kind.mayWrite()))
        .as("with the right files again")
        .isEqualTo("new");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(textBlock = TABLE, delimiter = '|', useHeadersInDisplayName = true)
  void whateverIsPutBack(ArgumentsAccessor row) throws IOException {
    Deed deed = Deed.valueOf(row.getString(0).toUpperCase(Locale.ROOT).replace(' ', '_'));
    String expected = "";
    int column = 0;
    for (Kind kind : Kind.values()) {
      column++;
      String cell = row.getString(column);
      expected = cell.equals("=") ? expected : cell;
      VolumeWithPast volume = Objects.requireNonNull(VOLUMES.get(kind));
      Disk disk = disk(volume, deed);
      assertThat(find(volume, deed, true, disk)).as("%s, for reading", kind).isEqualTo(expected);
      if (kind.mayWrite()) {
        disk = disk(volume, deed);
        assertThat(find(volume, deed, false, disk)).as("%s, to write", kind).isEqualTo(expected);
      }
      requireRightOnesOpen(volume, disk);
    }
  }

  /** What a lag gives away: of states within it any one counts, and then no other one. */
  @Test
  void ofStatesWithinTheLagOfAStrictVolumeTheFirstThatIsOpenedCounts() throws IOException {
    try (VolumeWithPast volume = new VolumeWithPast(Kind.STRICT_WITH_LAG)) {
      List<MemoryStore> crashed = volume.statesWithinLag();
      for (MemoryStore each : crashed) {
        assertThat(find(volume, new Disk(each), volume.opener(), true)).startsWith("f lag");
      }
      Disk chosen = new Disk(crashed.get(0));
      assertThat(find(volume, chosen, volume.opener(), false)).isEqualTo("f lag 0");
      assertThat(find(volume, chosen, volume.opener(), true)).isEqualTo("f lag 0");
      assertThat(find(volume, new Disk(crashed.get(1)), volume.opener(), false))
          .isEqualTo("FOREIGN");
      assertThat(find(volume, new Disk(volume.now), volume.opener(), true)).isEqualTo("OLDER");
    }
  }
}
