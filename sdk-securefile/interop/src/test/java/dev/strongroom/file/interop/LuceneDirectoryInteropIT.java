// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.interop;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakScope;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Objects;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.apache.lucene.tests.store.BaseDirectoryTestCase;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.jspecify.annotations.Nullable;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/** Lucene's own tests of a directory of index files, all of them, in a volume. */
@LuceneTestCase.SuppressFileSystems("*")
@ThreadLeakScope(ThreadLeakScope.Scope.NONE) // the session's timer outlives a test
public class LuceneDirectoryInteropIT extends BaseDirectoryTestCase {

  private static @Nullable TestVolume volume;

  @BeforeClass
  public static void makeVolume() throws IOException {
    volume = TestVolume.create(createTempDir("volume"));
  }

  @AfterClass
  public static void closeVolume() throws IOException {
    Objects.requireNonNull(volume).close();
    volume = null;
  }

  /** The folder of the volume that stands for a temporary folder of the test case. */
  private static Path inVolume(Path path) {
    Path folder = Objects.requireNonNull(volume).path(path.getFileName().toString());
    return path.getFileSystem().provider() instanceof FilterFileSystemProvider
        ? withVirusChecker(folder)
        : folder;
  }

  private static Path withVirusChecker(Path folder) {
    try {
      return addVirusChecker(Files.createDirectories(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Directory getDirectory(Path path) throws IOException {
    return new NIOFSDirectory(inVolume(path));
  }

  /** As in the class above, which looks into the folder by itself. */
  @Override
  public void testFsyncDoesntCreateNewFiles() throws Exception {
    Path path = inVolume(createTempDir("nocreate"));
    try (Directory directory = new NIOFSDirectory(path)) {
      try (IndexOutput out = directory.createOutput("afile", IOContext.DEFAULT)) {
        out.writeString("boo");
      }
      Files.delete(path.resolve("afile"));
      int files = directory.listAll().length;
      expectThrowsAnyOf(
          java.util.List.of(FileNotFoundException.class, NoSuchFileException.class),
          () -> directory.sync(Collections.singleton("afile")));
      assertEquals(files, directory.listAll().length);
    }
  }
}
