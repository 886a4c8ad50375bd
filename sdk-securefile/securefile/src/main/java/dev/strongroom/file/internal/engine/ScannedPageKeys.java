// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.internal.check.SectorKeys;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.SectorKey;
import dev.strongroom.file.internal.format.v1.FileHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of the crypto pages that a scan has come to, asked for in batches; those behind it are
 * zeroed.
 *
 * <p>Thread safety: confined to the thread that checks, but for {@link #key}.
 */
final class ScannedPageKeys implements SectorKeys {

  private static final int LARGEST_BATCH = 64;

  private final Volume volume;
  private final KeyRequest file;
  private final int batch;
  private final long pages;
  private List<SectorKey> keys = List.of();
  private long first;

  private ScannedPageKeys(Volume volume, FileHeader header) {
    this.volume = volume;
    file = KeyRequest.of(header);
    batch = Math.min(LARGEST_BATCH, volume.session.info().maxBatch());
    long sectors = header.layout().sectors(header.length);
    pages = (sectors + FileNode.PAGE_SECTORS - 1) / FileNode.PAGE_SECTORS;
  }

  /** The content keys of a file, whatever their scope. */
  static SectorKeys of(Volume volume, FileHeader header, FileKeys keys) {
    return header.scope == KeyScope.PAGE
        ? new ScannedPageKeys(volume, header)
        : SectorKeys.of(keys);
  }

  @Override
  public void require(long from, long end) throws IOException {
    long firstPage = from / FileNode.PAGE_SECTORS;
    long endPage = (end + FileNode.PAGE_SECTORS - 1) / FileNode.PAGE_SECTORS;
    if (firstPage >= first && endPage <= first + keys.size()) {
      return;
    }
    close();
    long stop = Math.max(endPage, Math.min(pages, firstPage + batch));
    List<SectorKey> fetched = new ArrayList<>();
    keys = fetched;
    first = firstPage;
    for (long page = firstPage; page < stop; page += batch) {
      int count = (int) Math.min(batch, stop - page);
      List<SecretBytes> answers = volume.pageKeys(file, page, count);
      for (SecretBytes answer : answers) {
        fetched.add(SectorKey.of(answer));
        answer.close();
      }
    }
  }

  @Override
  public SectorKey key(long sector) {
    return keys.get((int) (sector / FileNode.PAGE_SECTORS - first));
  }

  @Override
  public void close() {
    keys.forEach(SectorKey::close);
    keys = List.of();
  }
}
