// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.JournalRecord;
import dev.strongroom.file.internal.format.v1.Names;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings back what the journal of a volume that was not closed holds: every file as its last whole
 * commit left it, as an overlay over its host file.
 *
 * <p>A volume opened for writing puts the overlays in place at once; one opened for reading keeps
 * them in memory and changes nothing.
 *
 * <p>Thread safety: confined to the opening thread.
 */
final class Recovery {

  /** Sectors of a run that are checked together: those of 64 crypto pages and some more. */
  private static final int SECTORS_AT_A_TIME = 64 * FileNode.PAGE_SECTORS;

  private static final long NO_GENERATION = -1;

  /** What the records say of one file. */
  private static final class State {
    final Overlay overlay = new Overlay();
    final Set<Bytes> chain = new HashSet<>(); // tags of the headers that the records lead over
    final Set<String> names = new LinkedHashSet<>();
    boolean created;
    int epoch;
    long generation = NO_GENERATION;
    boolean appendedInPlace;
  }

  private final Volume volume;
  private final List<JournalRecord> records;
  private final Map<Bytes, Grub> grubs = new HashMap<>();
  private final Map<Bytes, Set<String>> removed = new LinkedHashMap<>();
  private final Set<String> ignoredHosts = new HashSet<>();
  private Map<Bytes, State> states = new LinkedHashMap<>();

  Recovery(Volume volume, List<JournalRecord> records) {
    this.volume = volume;
    this.records = records;
  }

  /** Recovers; the volume's files that the journal names are known to it afterwards. */
  void run() throws IOException {
    try {
      fetchKeys();
      int whole = records.size();
      int failed = replay(whole);
      while (failed >= 0) {
        whole = failed;
        failed = replay(whole);
      }
      if (whole < records.size()) {
        Bytes chain = whole == 0 ? volume.journal.tailChain() : records.get(whole - 1).mac();
        volume.journal.endBefore(records.get(whole), chain, !volume.isReadOnly());
      }
      for (Map.Entry<Bytes, State> next : states.entrySet()) {
        install(next.getKey(), next.getValue());
      }
      findRemoved();
    } finally {
      grubs.values().forEach(Grub::close);
    }
  }

  /** One batch of element commands for all files in the journal. */
  private void fetchKeys() throws IOException {
    Map<Bytes, KeyRequest> requests = new LinkedHashMap<>();
    for (JournalRecord record : records) {
      for (JournalRecord.FileChange change : record.files()) {
        FileHeader.Clear clear = clear(change);
        requests.put(change.uid(), KeyRequest.of(clear));
      }
    }
    if (requests.isEmpty()) {
      return;
    }
    List<KeyRequest> all = new ArrayList<>(requests.values());
    List<Grub> answers = volume.pairs(all);
    for (int i = 0; i < answers.size(); i++) {
      grubs.put(all.get(i).uid(), answers.get(i));
    }
  }

  private FileHeader.Clear clear(JournalRecord.FileChange change) throws IOException {
    FileHeader.Clear clear;
    try {
      clear = FileHeader.clear(change.host(), change.header());
    } catch (FileHeader.Refused e) {
      throw corrupt("has a header that cannot be read");
    }
    if (!clear.uid().equals(change.uid()) || !clear.volume().equals(volume.file.id())) {
      throw corrupt("has the header of another file");
    }
    return clear;
  }

  private CorruptJournalException corrupt(String problem) {
    return new CorruptJournalException(volume.store.toString(), problem);
  }

  /**
   * Applies the first records.
   *
   * @return index of the first whose data in place is missing, or -1
   */
  private int replay(int count) throws IOException {
    states = new LinkedHashMap<>();
    removed.clear();
    for (int i = 0; i < count; i++) {
      JournalRecord record = records.get(i);
      boolean verify = record.unsynced() && record.sequence() > volume.journal.trustedThrough();
      for (JournalRecord.FileChange change : record.files()) {
        State state = apply(change);
        if (state != null && verify && !dataIsThere(change, state)) {
          return i;
        }
      }
      for (JournalRecord.Removal removal : record.removals()) {
        State state = states.remove(removal.uid());
        Set<String> names = state == null ? new LinkedHashSet<>() : state.names;
        names.add(removal.host());
        names.add(removal.from());
        names.add(Names.transit(removal.uid(), 0));
        names.remove("");
        removed.put(removal.uid(), names);
      }
    }
    return -1;
  }

  private @Nullable State apply(JournalRecord.FileChange change) throws IOException {
    Grub grub = java.util.Objects.requireNonNull(grubs.get(change.uid()));
    FileHeader.Clear clear = clear(change);
    State state = states.get(change.uid());
    FileHeader header;
    try (FileKeys keys = FileKeys.of(grub)) {
      header = FileHeader.decode(change.host(), change.header(), keys);
    } catch (FileHeader.Refused e) {
      if (change.created() || isLastEpoch(change.uid(), clear.epoch())) {
        throw corrupt("has a header that is not authentic");
      }
      return null; // of an epoch that a later record ends
    }
    if (state == null || change.created()) {
      State fresh = new State();
      fresh.created = change.created();
      if (state != null) {
        fresh.names.addAll(state.names);
      }
      state = fresh;
      states.put(change.uid(), state);
      state.chain.add(change.base());
    }
    requireFits(change, state, header);
    state.generation = header.generation;
    state.chain.add(header.tag);
    state.names.add(change.from());
    state.names.add(change.host());
    state.names.add(Names.transit(change.uid(), clear.epoch()));
    state.names.remove("");
    state.epoch = header.epoch;
    state.overlay.replay(change, header.layout().sectors(header.length));
    state.appendedInPlace |= !change.inPlace().isEmpty();
    for (JournalRecord.SectorSource source : change.scratch()) {
      volume.scratch.reserveUpTo(source.address() + header.sectorBytes);
    }
    return state;
  }

  private void requireFits(JournalRecord.FileChange change, State state, FileHeader header)
      throws CorruptJournalException {
    if (header.sectorBytes != change.sectorBytes()) {
      throw corrupt(
          "has sectors of "
              + change.sectorBytes()
              + " bytes of file "
              + change.uid()
              + ", whose header says "
              + header.sectorBytes);
    }
    // Only a commit makes a generation, so every one of them has a record.
    if (state.generation != NO_GENERATION && header.generation != state.generation + 1) {
      throw corrupt(
          "has a commit of file "
              + change.uid()
              + " of generation "
              + header.generation
              + ", behind generation "
              + state.generation);
    }
  }

  private boolean isLastEpoch(Bytes uid, int epoch) throws IOException {
    int last = epoch;
    for (JournalRecord record : records) {
      for (JournalRecord.FileChange change : record.files()) {
        if (change.uid().equals(uid)) {
          last = clear(change).epoch();
        }
      }
    }
    return last == epoch;
  }

  private boolean dataIsThere(JournalRecord.FileChange change, State state) throws IOException {
    if (change.inPlace().isEmpty()) {
      return true;
    }
    String host = locate(change.uid(), state);
    if (host == null || host.isEmpty()) {
      return false;
    }
    FileNode node = node(change.uid(), state, host);
    try {
      for (JournalRecord.InPlace run : change.inPlace()) {
        long end = run.first() + run.count();
        for (long from = run.first(); from < end; from += SECTORS_AT_A_TIME) {
          long stop = Math.min(end, from + SECTORS_AT_A_TIME);
          if (!node.areThere(LongStream.range(from, stop).toArray())) {
            return false;
          }
        }
      }
      return true;
    } finally {
      state.overlay.discount(volume.cache);
      node.overlay = null;
      node.close();
    }
  }

  private FileNode node(Bytes uid, State state, String from) throws IOException {
    Grub grub = java.util.Objects.requireNonNull(grubs.get(uid));
    FileHeader header;
    FileKeys keys = FileKeys.of(grub);
    try {
      header = FileHeader.decode(state.overlay.host, state.overlay.header, keys);
    } catch (FileHeader.Refused e) {
      throw corrupt("has a header that is not authentic");
    }
    FileNode node =
        new FileNode(volume, header, keys, from, state.overlay.host, state.overlay.host);
    node.overlay = state.overlay;
    node.tree.attach(state.overlay);
    state.overlay.count(volume.cache);
    return node;
  }

  private void install(Bytes uid, State state) throws IOException {
    if (state.overlay.unlinked) {
      removed.put(uid, state.names);
      return;
    }
    String host = locate(uid, state);
    if (host == null) {
      ignoredHosts.addAll(state.names);
      volume.log(
          "the journal names file "
              + uid
              + ", whose host file is missing or is not of a state that the journal continues;"
              + " its records are ignored",
          null);
      return;
    }
    FileNode node = node(uid, state, host);
    try {
      byte[] root = node.tree.recompute();
      if (!Arrays.equals(root, node.header.root)) {
        throw corrupt("does not lead to the state that its last commit of file " + uid + " names");
      }
      requireScratch(node, state);
    } catch (IOException e) {
      node.close();
      throw e;
    }
    node.place.unsynced = state.appendedInPlace;
    volume.commits.recovered(node);
    if (!volume.isReadOnly()) {
      volume.repaired(
          FindingKind.COVERED_BY_JOURNAL,
          node.host,
          "brought to its last commit from the journal, after a crash");
    }
  }

  /** Refuses scratch content that is not what was committed, before it could go in place. */
  private void requireScratch(FileNode node, State state) throws IOException {
    LongStream.Builder inScratch = LongStream.builder();
    state.overlay.sources.forEachInScratch((sector, address) -> inScratch.add(sector));
    if (!node.areThere(inScratch.build().toArray())) {
      throw corrupt("counts on the file " + Names.SCRATCH + ", which is missing, cut or damaged");
    }
  }

  /** Host files that the journal names and that were left as they are. */
  Set<String> ignoredHosts() {
    return ignoredHosts;
  }

  /**
   * Finds the host file that the records of a file continue.
   *
   * @return its name, empty if the file is yet to be made, null if the records do not apply
   */
  private @Nullable String locate(Bytes uid, State state) throws IOException {
    String unreadable = null;
    boolean outside = false;
    try (FileKeys keys = FileKeys.of(java.util.Objects.requireNonNull(grubs.get(uid)))) {
      for (String name : state.names) {
        List<byte[]> copies = headerCopies(name);
        if (copies == null) {
          continue;
        }
        boolean readable = false;
        for (byte[] copy : copies) {
          try {
            FileHeader header = FileHeader.decode(name, copy, keys);
            readable = true;
            if (header.uid.equals(uid) && state.chain.contains(header.tag)) {
              return name;
            }
            outside |= header.uid.equals(uid);
          } catch (FileHeader.Refused | FormatVersionException e) {
            readable |= isOfAnother(copy, uid, state.epoch);
          }
        }
        // Headers are torn only where a checkpoint writes them: after the moves. A file on its way
        // has none yet, but is known by its name.
        boolean onItsWay = name.startsWith(Names.TRANSIT);
        if (!readable && (onItsWay || (unreadable == null && name.equals(state.overlay.host)))) {
          unreadable = name;
        }
      }
    }
    if (outside) {
      return null;
    }
    if (unreadable != null) {
      return unreadable;
    }
    return state.created && !state.appendedInPlace ? "" : null;
  }

  private static boolean isOfAnother(byte[] copy, Bytes uid, int epoch) {
    try {
      FileHeader.Clear clear = FileHeader.clear("", copy);
      return !clear.uid().equals(uid) || clear.epoch() != epoch;
    } catch (FileHeader.Refused | FormatVersionException e) {
      return false;
    }
  }

  private @Nullable List<byte[]> headerCopies(String name) throws IOException {
    try {
      return HeaderReader.copies(volume.store, name);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Finds host files of files that have ended, for the checkpoint to remove. */
  private void findRemoved() throws IOException {
    for (Map.Entry<Bytes, Set<String>> next : removed.entrySet()) {
      for (String name : next.getValue()) {
        List<byte[]> copies = headerCopies(name);
        if (copies == null) {
          continue;
        }
        boolean its = name.startsWith(Names.TRANSIT);
        for (byte[] copy : copies) {
          try {
            its |= FileHeader.clear(name, copy).uid().equals(next.getKey());
          } catch (FileHeader.Refused | FormatVersionException e) {
            // not readable, so not known to be this file's
          }
        }
        if (its) {
          volume.commits.committedRemovals.add(
              new JournalRecord.Removal(next.getKey(), name, name));
        }
      }
    }
  }
}
