// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.collect.LongMap;
import dev.strongroom.file.internal.crypto.SectorKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content keys of one file each of whose crypto pages has its own: which of them are in memory,
 * and how the others come from the element.
 *
 * <p>A key is held for as long as its page is in the cache, or in the {@link Span} of an operation
 * under way, or in the window ahead of a sequential reader or writer; then it is zeroed. So a page
 * in the cache can always be written out and committed without the element. An operation asks for
 * what it lacks before it changes anything, and gives the file's lock away while it waits.
 *
 * <p>The window: an operation that begins where the last one ended, and lacks keys, asks for a
 * whole batch; when half of it is used up, the next batch is asked for in the background.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class PageKeys {

  /** What a key takes in memory, about, with its place in the tables. */
  static final int KEY_BYTES = 128;

  private static final int LARGEST_BATCH = 64;

  /** A sequential writer is believed after so many pages, since most files are small. */
  private static final int BELIEVED_PAGES = 2;

  /** What an operation does with its pages. */
  enum Purpose {
    /** Reads sectors that are there; holes need no key. */
    READ,
    /** Writes them, maybe beyond the end. */
    WRITE
  }

  /** The pages of an operation under way; their keys stay until its end. */
  final class Span {
    final long first;
    final long end;

    private Span(long first, long end) {
      this.first = first;
      this.end = end;
    }

    private void close() {
      spans.remove(this);
      dropUnwanted(first, end);
    }
  }

  final FileNode node;
  private final int batch;
  private final long pageBytes;
  private final LongMap<SectorKey> held = new LongMap<>();
  private final List<Span> spans = new ArrayList<>();
  private final List<PageFetch> fetches = new ArrayList<>();

  /** The window. */
  private long aheadFrom;

  private long aheadTo;

  /** Where a sequential operation would begin, and where the run of them began, in bytes. */
  private long next = -1;

  private long runStart;

  PageKeys(FileNode node) {
    this.node = node;
    batch = Math.min(LARGEST_BATCH, node.volume.session.info().maxBatch());
    pageBytes = (long) FileNode.PAGE_SECTORS * node.layout.sectorBytes();
  }

  // ---- what is held

  /** The key of a page that an operation has asked for, or that is in the cache. */
  SectorKey key(long page) {
    SectorKey key = held.get(page);
    if (key == null) {
      throw new IllegalStateException("the key of page " + page + " was not asked for");
    }
    return key;
  }

  /** Whether a page can be loaded now; its key stays at least until the operation ends. */
  boolean isAtHand(long page) {
    return held.get(page) != null && isPinned(page);
  }

  /** How many keys there are. */
  int count() {
    return held.size();
  }

  private boolean isPinned(long page) {
    if (page >= aheadFrom && page < aheadTo) {
      return true;
    }
    for (Span span : spans) {
      if (page >= span.first && page < span.end) {
        return true;
      }
    }
    return false;
  }

  /** Notes that a page has left the cache. */
  void left(long page) {
    if (!isPinned(page)) {
      drop(page);
    }
  }

  private void dropUnwanted(long first, long end) {
    for (long page = first; page < end; page++) {
      if (node.pages.get(page) == null && !isPinned(page)) {
        drop(page);
      }
    }
  }

  private void drop(long page) {
    SectorKey key = held.remove(page);
    if (key != null) {
      key.close();
      node.volume.cache.charge(-KEY_BYTES);
    }
  }

  /** Takes the answer of the element, as far as it is still wanted. */
  void take(PageFetch fetch, List<SectorKey> answers) {
    node.lock.lock();
    try {
      fetches.remove(fetch);
      for (int i = 0; i < answers.size(); i++) {
        long page = fetch.first + i;
        if (!node.closed && isPinned(page) && held.get(page) == null) {
          held.put(page, answers.get(i));
          node.volume.cache.charge(KEY_BYTES);
        } else {
          answers.get(i).close();
        }
      }
    } finally {
      node.lock.unlock();
    }
  }

  /** Gives up what was asked for ahead. */
  void endRun() {
    moveWindow(0, 0);
    next = -1;
  }

  /** Zeroes all keys. */
  void close() {
    aheadFrom = 0;
    aheadTo = 0;
    for (long page : held.sortedKeys()) {
      drop(page);
    }
  }

  // ---- asking

  /** The end of what one command can answer for, from a byte on. */
  long batchEnd(long from) {
    return (from / pageBytes + batch) * pageBytes;
  }

  /** Ends an operation, if its file has keys for its pages. */
  static void end(@Nullable Span span) {
    if (span != null) {
      span.close();
    }
  }

  /**
   * Has the keys for an operation on some bytes at hand. May give the file's lock away for a while,
   * so that the caller has to look again at what it has seen before.
   *
   * @param from first byte
   * @param to byte behind the last one
   * @param purpose what the operation does
   * @return their pages, for {@link #end}
   * @throws IOException if the element does not answer, or the file was closed meanwhile
   */
  Span require(long from, long to, Purpose purpose) throws IOException {
    if (node.lock.getHoldCount() != 1) {
      throw new IllegalStateException("the element is asked without locks");
    }
    boolean first = from == 0 && purpose == Purpose.READ;
    boolean sequential = from == next || first;
    if (from != next) {
      runStart = from;
    }
    next = to;
    Span span = new Span(from / pageBytes, (to + pageBytes - 1) / pageBytes);
    spans.add(span);
    try {
      long lacking = firstLacking(from, to, purpose);
      while (lacking >= 0) {
        fetch(lacking, from, to, purpose, sequential);
        lacking = firstLacking(from, to, purpose);
      }
      if (sequential && to > from) {
        lookAhead(to, purpose);
      }
      return span;
    } catch (IOException | RuntimeException e) {
      span.close();
      throw e;
    }
  }

  private long firstLacking(long from, long to, Purpose purpose) throws IOException {
    for (long page = from / pageBytes; page * pageBytes < to; page++) {
      if (isLacking(page, from, to, purpose)) {
        return page;
      }
    }
    return -1;
  }

  private boolean isLacking(long page, long from, long to, Purpose purpose) throws IOException {
    if (held.get(page) != null) {
      return false;
    }
    if (purpose == Purpose.WRITE) {
      return true;
    }
    int size = node.layout.sectorBytes();
    long start = Math.max(from, page * pageBytes) / size;
    long stop = Math.min(Math.min(to, node.length), (page + 1) * pageBytes);
    try {
      for (long sector = start; sector * size < stop; sector++) {
        if (node.reader.isPresent(sector)) {
          return true;
        }
      }
      return false;
    } catch (IntegrityException e) {
      return true; // the operation reports it, or writes over it
    }
  }

  /** Asks for the keys from one page on that an operation lacks, or waits for who does. */
  private void fetch(long lacking, long from, long to, Purpose purpose, boolean sequential)
      throws IOException {
    for (PageFetch underway : List.copyOf(fetches)) {
      if (underway.covers(lacking)) {
        withoutLock(underway);
        if (held.get(lacking) != null) {
          return;
        }
      }
    }
    long end = Math.min(lacking + batch, (to + pageBytes - 1) / pageBytes);
    while (end - 1 > lacking && !isLacking(end - 1, from, to, purpose)) {
      end--;
    }
    if (sequential && isBelieved(to, purpose)) {
      end = Math.min(lacking + batch, limit(purpose));
      moveWindow(from / pageBytes, end);
    }
    long start = lacking;
    if (purpose == Purpose.READ && limit(purpose) <= batch) {
      start = 0; // a file of one batch is asked for as a whole
      end = limit(purpose);
      moveWindow(start, end);
    }
    PageFetch own = new PageFetch(this, start, (int) (end - start));
    fetches.add(own);
    withoutLock(own);
    own.check();
  }

  private void withoutLock(PageFetch fetch) throws IOException {
    node.lock.unlock();
    try {
      fetch.await();
    } finally {
      node.lock.lock();
    }
    if (node.closed) {
      throw node.volume.gone(node);
    }
    node.volume.requireUsable();
  }

  // ---- ahead

  /** Pages beyond which a sequential operation will not get. */
  private long limit(Purpose purpose) {
    long bytes = purpose == Purpose.READ ? node.length : Long.MAX_VALUE - pageBytes;
    return (bytes + pageBytes - 1) / pageBytes;
  }

  private boolean isBelieved(long to, Purpose purpose) {
    return purpose == Purpose.READ || to - runStart >= BELIEVED_PAGES * pageBytes;
  }

  private void moveWindow(long from, long to) {
    long oldFrom = aheadFrom;
    long oldTo = aheadTo;
    aheadFrom = from;
    aheadTo = to;
    dropUnwanted(oldFrom, Math.min(oldTo, from));
    dropUnwanted(Math.max(oldFrom, to), oldTo);
  }

  /** Asks for the next batch in the background when half of the present one is used up. */
  private void lookAhead(long to, Purpose purpose) {
    if (held.get((to - 1) / pageBytes) == null || !isBelieved(to, purpose)) {
      return; // it goes over holes, or has only just begun
    }
    long here = to / pageBytes;
    long behind = (to + pageBytes - 1) / pageBytes;
    if (behind < aheadFrom || behind > aheadTo) {
      moveWindow(here, behind);
    } else {
      moveWindow(here, aheadTo);
    }
    long asked = Math.max(aheadTo, behind);
    long end = Math.min(asked + batch, limit(purpose));
    boolean underway = fetches.stream().anyMatch(fetch -> fetch.covers(asked - 1));
    if (underway || asked - behind > batch / 2 || end <= asked) {
      return;
    }
    PageFetch ahead = new PageFetch(this, asked, (int) (end - asked));
    if (node.volume.commits.inBackground(ahead)) {
      aheadTo = end;
      fetches.add(ahead);
    }
  }
}
