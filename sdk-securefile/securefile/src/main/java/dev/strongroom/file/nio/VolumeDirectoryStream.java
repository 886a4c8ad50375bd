// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.file.DirectoryEntry;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a directory had when the stream was opened.
 *
 * <p>Thread safety: thread-safe; its iterator is confined to one thread.
 */
final class VolumeDirectoryStream implements DirectoryStream<Path> {

  private final VolumePath directory;
  private final DirectoryStream.Filter<? super Path> filter;
  private final List<DirectoryEntry> entries;
  private boolean iterated; // guarded by this
  private volatile boolean open = true;

  VolumeDirectoryStream(
      VolumePath directory,
      List<DirectoryEntry> entries,
      DirectoryStream.Filter<? super Path> filter)
      throws IOException {
    this.directory = directory;
    this.entries = entries;
    this.filter = filter;
    directory.getFileSystem().opened(this);
  }

  @Override
  public synchronized Iterator<Path> iterator() {
    if (!open) {
      throw new IllegalStateException("the directory stream is closed");
    }
    if (iterated) {
      throw new IllegalStateException("a directory stream has one iterator");
    }
    iterated = true;
    return new Entries();
  }

  @Override
  public void close() {
    open = false;
    directory.getFileSystem().closed(this);
  }

  private final class Entries implements Iterator<Path> {
    private int at;
    private @Nullable Path next;

    @Override
    public boolean hasNext() {
      if (next == null && open) {
        next = advance();
      }
      return next != null;
    }

    @Override
    public Path next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Path result = java.util.Objects.requireNonNull(next);
      next = null;
      return result;
    }

    private @Nullable Path advance() {
      while (at < entries.size()) {
        VolumePath name = VolumePath.parse(directory.getFileSystem(), entries.get(at++).name());
        Path entry = directory.resolve(name);
        try {
          if (filter.accept(entry)) {
            return entry;
          }
        } catch (IOException e) {
          throw new DirectoryIteratorException(e);
        }
      }
      return null;
    }
  }
}
