// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.store.StoreFile;

/**
 * A host file that is not there: empty, and never written.
 *
 * <p>Thread safety: immutable.
 */
final class AbsentFile implements StoreFile {

  static final AbsentFile INSTANCE = new AbsentFile();

  private AbsentFile() {}

  @Override
  public long size() {
    return 0;
  }

  @Override
  public int read(long position, byte[] target, int offset, int length) {
    return 0;
  }

  @Override
  public void write(long position, byte[] source, int offset, int length) {
    throw new UnsupportedOperationException("there is no host file");
  }

  @Override
  public void truncate(long size) {
    throw new UnsupportedOperationException("there is no host file");
  }

  @Override
  public void sync() {
    throw new UnsupportedOperationException("there is no host file");
  }

  @Override
  public void close() {
    // nothing to close
  }
}
