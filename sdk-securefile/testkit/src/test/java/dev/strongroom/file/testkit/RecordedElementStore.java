// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.simulator.ElementStore;
import dev.strongroom.simulator.MemoryElementStore;
import java.util.List;
import java.util.function.Consumer;

/** An element's medium that puts each of its states into the log of a disk beside it. */
final class RecordedElementStore implements ElementStore {

  /** What a loss of power at this moment leaves of the element. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Written(byte[] content) {}

  private final MemoryElementStore store = new MemoryElementStore();
  private Consumer<Object> mark = written -> {};

  /** From now on writes go into a log, after what is there. */
  synchronized void markIn(RecordingStore disk) {
    disk.mark(new Written(store.content()));
    mark = disk::mark;
  }

  /** The element's medium as it was when the last of these marks was made. */
  static MemoryElementStore at(List<Object> marks) {
    for (int i = marks.size() - 1; i >= 0; i--) {
      if (marks.get(i) instanceof Written written) {
        return MemoryElementStore.of(written.content());
      }
    }
    throw new IllegalStateException("the element has left no mark");
  }

  @Override
  public long size() {
    return store.size();
  }

  @Override
  public int read(long position, byte[] target) {
    return store.read(position, target);
  }

  @Override
  public synchronized void write(long position, byte[] content) {
    store.write(position, content);
    mark.accept(new Written(store.content()));
  }

  @Override
  public void sync() {
    store.sync();
  }

  @Override
  public void close() {
    store.close();
  }
}
