// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import dev.strongroom.simulator.ElementStore;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A store of an element that counts how often it is synced.
 *
 * <p>Thread safety: as that of the store below; the count may be read by any thread.
 */
final class CountingElementStore implements ElementStore {

  private final ElementStore below;
  private final AtomicLong syncs = new AtomicLong();

  CountingElementStore(ElementStore below) {
    this.below = below;
  }

  long syncs() {
    return syncs.get();
  }

  @Override
  public long size() throws IOException {
    return below.size();
  }

  @Override
  public int read(long position, byte[] target) throws IOException {
    return below.read(position, target);
  }

  @Override
  public void write(long position, byte[] content) throws IOException {
    below.write(position, content);
  }

  @Override
  public void sync() throws IOException {
    syncs.incrementAndGet();
    below.sync();
  }

  @Override
  public void close() throws IOException {
    below.close();
  }
}
