// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes between a secure file and buffers of all kinds. */
class SecureFileBufferTest {

  private static final int LENGTH = 700_001;

  /** A kind of buffer. */
  enum Kind {
    HEAP,
    DIRECT,
    SLICE;

    private ByteBuffer made(int capacity) {
      return switch (this) {
        case HEAP -> ByteBuffer.allocate(capacity);
        case DIRECT -> ByteBuffer.allocateDirect(capacity);
        case SLICE -> ByteBuffer.allocate(capacity + 7).position(7).slice();
      };
    }

    /** With 5 bytes before and 6 after, which are not touched. */
    ByteBuffer of(int length) {
      return made(length + 11).position(5).limit(5 + length);
    }

    ByteBuffer of(byte[] content) {
      ByteBuffer buffer = of(content.length);
      buffer.duplicate().put(content);
      return buffer;
    }
  }

  private TestElement element;
  private ElementSession session;
  private SecureFileSystem volume;

  @BeforeEach
  void open() throws IOException {
    element = TestElement.create();
    session = element.login();
    volume = SecureFileSystem.create(session, new MemoryStore(), ModelledVolume.SMALL);
  }

  @AfterEach
  void close() throws IOException {
    volume.close();
    session.close();
    element.close();
  }

  private SecureFile file(OpenOption... options) throws IOException {
    return volume.openFile("file", options);
  }

  private static byte[] content(ByteBuffer buffer) {
    byte[] content = new byte[LENGTH];
    buffer.duplicate().position(5).get(content);
    return content;
  }

  @ParameterizedTest
  @EnumSource
  void buffersAreWrittenAndFilledAtThePosition(Kind kind) throws IOException {
    byte[] content = SampleBytes.of(1, LENGTH);
    try (SecureFile file = file(CREATE, READ, WRITE)) {
      file.seek(3);
      ByteBuffer source = kind.of(content);
      assertThat(file.write(source)).isEqualTo(LENGTH);
      assertThat(source.position()).isEqualTo(source.limit());
      assertThat(file.position()).isEqualTo(LENGTH + 3L);
      file.seek(3);
      ByteBuffer target = kind.of(LENGTH);
      assertThat(file.read(target)).isEqualTo(LENGTH);
      assertThat(target.hasRemaining()).isFalse();
      assertThat(file.position()).isEqualTo(LENGTH + 3L);
      assertThat(content(target)).isEqualTo(content);
      assertThat(file.read(kind.of(1))).isEqualTo(-1);
      assertThat(file.read(kind.of(0))).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void buffersAreWrittenAndFilledElsewhere(Kind kind) throws IOException {
    byte[] content = SampleBytes.of(2, LENGTH);
    try (SecureFile file = file(CREATE, READ, WRITE)) {
      assertThat(file.pwrite(10, kind.of(content))).isEqualTo(LENGTH);
      assertThat(file.position()).isZero();
      ByteBuffer target = kind.of(LENGTH);
      assertThat(file.pread(10, target)).isEqualTo(LENGTH);
      assertThat(content(target)).isEqualTo(content);
      ByteBuffer rest = kind.of(LENGTH);
      assertThat(file.pread(LENGTH - 300_000L, rest)).isEqualTo(300_010);
      assertThat(rest.position()).isEqualTo(300_015);
      assertThat(Arrays.copyOf(content(rest), 300_010))
          .isEqualTo(Arrays.copyOfRange(content, LENGTH - 300_010, LENGTH));
      assertThat(file.pread(LENGTH + 10L, kind.of(1))).isEqualTo(-1);
      assertThat(file.position()).isZero();
      assertThatIllegalArgumentException().isThrownBy(() -> file.pread(-1, kind.of(1)));
      assertThatIllegalArgumentException().isThrownBy(() -> file.pwrite(-1, kind.of(1)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsAppendedGoesToTheEnd(Kind kind) throws IOException {
    byte[] content = SampleBytes.of(3, LENGTH);
    try (SecureFile file = file(CREATE, APPEND)) {
      file.write(new byte[5]);
      assertThat(file.write(kind.of(content))).isEqualTo(LENGTH);
      assertThat(file.pwrite(1, kind.of(new byte[4]))).isEqualTo(4);
      assertThat(file.position()).isEqualTo(LENGTH + 5L);
      assertThat(file.size()).isEqualTo(LENGTH + 9L);
    }
    try (SecureFile file = file(READ)) {
      ByteBuffer target = kind.of(LENGTH);
      assertThat(file.pread(5, target)).isEqualTo(LENGTH);
      assertThat(content(target)).isEqualTo(content);
    }
  }

  @Test
  void aBufferThatCannotBeFilledIsRefusedAndThePositionStays() throws IOException {
    try (SecureFile file = file(CREATE, READ, WRITE)) {
      file.write(new byte[10]);
      file.seek(2);
      for (Kind kind : Kind.values()) {
        ByteBuffer target = kind.of(4).asReadOnlyBuffer();
        assertThatIllegalArgumentException().isThrownBy(() -> file.read(target));
        assertThatIllegalArgumentException().isThrownBy(() -> file.pread(0, target));
        assertThat(target.remaining()).isEqualTo(4);
        assertThat(file.position()).isEqualTo(2);
      }
    }
  }
}
