// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

/** What a file must read as: the model of {@link SecureFileModelTest}. */
final class SparseModel {

  private final FileContent content;

  SparseModel() {
    this(new FileContent());
  }

  private SparseModel(FileContent content) {
    this.content = content;
  }

  SparseModel copy() {
    return new SparseModel(content.copy());
  }

  long size() {
    return content.size();
  }

  /** As {@code SecureFile.pread}: -1 at the end, unless nothing is wanted. */
  int read(long position, byte[] target, int offset, int length) {
    int count = content.read(position, target, offset, length);
    return count == 0 && length > 0 ? -1 : count;
  }

  void write(long position, byte[] source, int offset, int length) {
    content.write(position, source, offset, length);
  }

  void truncate(long size) {
    content.truncate(size);
  }
}
