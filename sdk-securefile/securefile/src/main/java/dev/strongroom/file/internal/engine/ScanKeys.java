// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.internal.check.ContentKeys;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.SectorKey;
import dev.strongroom.file.internal.format.v1.FileHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The content keys for a scan of a whole file: the file's own, or those of its pages, a batch at a
 * time.
 *
 * <p>Thread safety: confined to the thread that scans; keys that are there can be used by others.
 */
final class ScanKeys implements ContentKeys {

  private static final int LARGEST_BATCH = 64;

  private final Volume volume;
  private final FileKeys keys;
  private final boolean perPage;
  private final GrubRequest file;
  private final int batch;
  private final long pages;
  private final List<SectorKey> held = new ArrayList<>();
  private long firstPage;

  ScanKeys(Volume volume, FileHeader header, FileKeys keys) {
    this.volume = volume;
    this.keys = keys;
    perPage = header.scope == KeyScope.PAGE;
    file = GrubRequest.existing(header.uid, header.rnd, header.epoch);
    batch = Math.min(LARGEST_BATCH, volume.session.info().maxBatch());
    pages = page(header.layout().sectors(header.length) + FileNode.PAGE_SECTORS - 1);
  }

  private static long page(long sector) {
    return sector / FileNode.PAGE_SECTORS;
  }

  @Override
  public void prepare(long first, int count) throws IOException {
    if (!perPage || (page(first) >= firstPage && isHeld(first + count - 1))) {
      return;
    }
    close();
    firstPage = page(first);
    while (!isHeld(first + count - 1)) {
      long next = firstPage + held.size();
      int wanted = (int) Math.min(batch, pages - next);
      List<SecretBytes> grubs = volume.session.pageGrub(volume.file.id(), file, next, wanted);
      try {
        for (SecretBytes grub : grubs) {
          held.add(SectorKey.of(grub));
        }
      } finally {
        grubs.forEach(SecretBytes::close);
      }
    }
  }

  private boolean isHeld(long sector) {
    return page(sector) < firstPage + held.size();
  }

  @Override
  public SectorKey of(long sector) {
    return perPage ? held.get((int) (page(sector) - firstPage)) : keys.content();
  }

  @Override
  public void close() {
    held.forEach(SectorKey::close);
    held.clear();
  }
}
