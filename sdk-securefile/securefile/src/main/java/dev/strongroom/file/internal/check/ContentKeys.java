// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.SectorKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a file's content while it is scanned: one for all of it, or one for each crypto page,
 * asked for in batches and held for one batch at a time.
 *
 * <p>Thread safety: {@link #require} and {@link #close} are confined to the thread that checks;
 * {@link #of} may be called by its workers.
 */
public final class ContentKeys implements AutoCloseable {

  private static final int PAGE_SECTORS = 8;
  private static final int LARGEST_BATCH = 64;

  private final @Nullable FileKeys whole;
  private final @Nullable ElementSession session;
  private final Bytes volume;
  private final @Nullable GrubRequest file;
  private final long pages;
  private List<SectorKey> held = List.of();
  private long first;

  private ContentKeys(
      @Nullable FileKeys whole,
      @Nullable ElementSession session,
      Bytes volume,
      @Nullable GrubRequest file,
      long sectors) {
    this.whole = whole;
    this.session = session;
    this.volume = volume;
    this.file = file;
    pages = (sectors + PAGE_SECTORS - 1) / PAGE_SECTORS;
  }

  /**
   * One key for all content.
   *
   * @param keys the file's keys, which stay the caller's
   * @return the keys
   */
  public static ContentKeys ofFile(FileKeys keys) {
    return new ContentKeys(keys, null, Bytes.copyOf(new byte[0]), null, 0);
  }

  /**
   * A key for each crypto page.
   *
   * @param session asked for them
   * @param volume the volume's id
   * @param file the file
   * @param sectors how many it has
   * @return the keys
   */
  public static ContentKeys ofPages(
      ElementSession session, Bytes volume, GrubRequest file, long sectors) {
    return new ContentKeys(null, session, volume, file, sectors);
  }

  /** Fetches the keys of a run of sectors, with those that follow in the same batch. */
  void require(long firstSector, int count) throws IOException {
    if (session == null || file == null || count == 0) {
      return;
    }
    long from = firstSector / PAGE_SECTORS;
    long to = (firstSector + count - 1) / PAGE_SECTORS + 1;
    if (from >= first && to <= first + held.size()) {
      return;
    }
    close();
    List<SectorKey> fetched = new ArrayList<>();
    int batch = Math.min(LARGEST_BATCH, session.info().maxBatch());
    long end = Math.max(to, Math.min(pages, from + batch));
    try {
      for (long page = from; page < end; page += batch) {
        List<SecretBytes> answers =
            session.pageGrub(volume, file, page, (int) Math.min(batch, end - page));
        try {
          answers.forEach(answer -> fetched.add(SectorKey.of(answer)));
        } finally {
          answers.forEach(SecretBytes::close);
        }
      }
    } catch (IOException | RuntimeException e) {
      fetched.forEach(SectorKey::close);
      throw e;
    }
    first = from;
    held = fetched;
  }

  /** The key of a sector that was required. */
  SectorKey of(long sector) {
    return whole != null ? whole.content() : held.get((int) (sector / PAGE_SECTORS - first));
  }

  @Override
  public void close() {
    held.forEach(SectorKey::close);
    held = List.of();
  }
}
