// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.internal.crypto.FileKeys;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a header keeps of where its pair comes from, in bytes 21 and 88 to 255. */
class KeyOriginTest {

  private static final KeyOrigin RECOVERABLE =
      new KeyOrigin.Derived(new RecoveryPair(Sample.run(1, 65), Sample.run(2, 72)));
  private static final KeyOrigin WRAPPED =
      new KeyOrigin.Wrapped(Sample.run(3, 16), Sample.run(4, 40));
  private static final KeyOrigin LONGEST =
      new KeyOrigin.Wrapped(Sample.run(3, 16), Sample.run(4, 150));

  private final FileKeys keys = Sample.fileKeys(0);
  private long nonces;

  @AfterEach
  void closeKeys() {
    keys.close();
  }

  private byte[] encoded(KeyOrigin origin) {
    FileHeader header = new FileHeader(Sample.VOLUME, Sample.UID, Sample.RND, 0, 4096);
    header.origin = origin;
    return header.encode(keys, ByteBuffer.allocate(12).putLong(nonces++).array());
  }

  @Test
  void everyOriginComesBack() throws Exception {
    for (KeyOrigin origin : List.of(KeyOrigin.DERIVED, RECOVERABLE, WRAPPED, LONGEST)) {
      byte[] copy = encoded(origin);
      assertThat(FileHeader.clear("f", copy).origin()).isEqualTo(origin);
      assertThat(FileHeader.decode("f", copy, keys).origin).isEqualTo(origin);
    }
  }

  @Test
  void fieldsStandAsTheSpecificationSays() {
    byte[] recoverable = encoded(RECOVERABLE);
    assertThat(recoverable[21]).isZero();
    assertThat(Bytes.copyOf(recoverable, 88, 4)).hasToString("01000000");
    assertThat(Bytes.copyOf(recoverable, 92, 65)).isEqualTo(Sample.run(1, 65));
    assertThat(Bytes.copyOf(recoverable, 157, 72)).isEqualTo(Sample.run(2, 72));
    assertThat(Arrays.copyOfRange(recoverable, 229, 256)).containsOnly(0);
    byte[] wrapped = encoded(WRAPPED);
    assertThat(wrapped[21]).isEqualTo((byte) 1);
    assertThat(Bytes.copyOf(wrapped, 88, 16)).isEqualTo(Sample.run(3, 16));
    assertThat(Bytes.copyOf(wrapped, 104, 2)).hasToString("0028");
    assertThat(Bytes.copyOf(wrapped, 106, 40)).isEqualTo(Sample.run(4, 40));
    assertThat(Arrays.copyOfRange(wrapped, 146, 256)).containsOnly(0);
  }

  @Test
  void everyByteOfItIsSigned() throws Exception {
    for (KeyOrigin origin : List.of(RECOVERABLE, WRAPPED)) {
      byte[] copy = encoded(origin);
      for (int at = 88; at < 256; at++) {
        copy[at] ^= 1;
        assertThatThrownBy(() -> FileHeader.decode("f", copy, keys))
            .as("byte %d", at)
            .isInstanceOf(FileHeader.Refused.class);
        copy[at] ^= 1;
      }
      FileHeader.decode("f", copy, keys);
    }
  }

  @Test
  void lengthsThatCannotBeAreRefused() {
    for (int length : new int[] {0, 151, 0xFFFF}) {
      byte[] copy = encoded(WRAPPED);
      ByteBuffer.wrap(copy).putShort(104, (short) length);
      assertThatThrownBy(() -> FileHeader.clear("f", copy))
          .isInstanceOf(FileHeader.Refused.class)
          .hasMessageContaining("wrapped file key");
    }
  }
}
