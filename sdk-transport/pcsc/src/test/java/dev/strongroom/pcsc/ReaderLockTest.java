// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.transport.ElementInUseException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class ReaderLockTest {

  /** Two class loaders of one process, as web servers have them, share no set of what is held. */
  @Test
  void aReaderThatOtherClassesOfThisProcessHoldIsInUse() throws Exception {
    String reader = "lock-test-" + System.nanoTime();
    ReaderLock lock = new ReaderLock(reader, "pcsc:" + reader);
    lock.acquire();
    lock.release();
    String name =
        "strongroom-pcsc-" + HexFormat.of().formatHex(reader.getBytes(StandardCharsets.UTF_8));
    Path locks = Path.of("/run/lock");
    Path folder = Files.isWritable(locks) ? locks : Path.of(System.getProperty("java.io.tmpdir"));
    Path file;
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, name + "*")) {
      file = found.iterator().next();
    }
    try {
      try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
        other.lock();
        assertThatThrownBy(lock::acquire).isInstanceOf(ElementInUseException.class);
      }
      lock.acquire();
      lock.release();
    } finally {
      Files.delete(file);
    }
  }
}
