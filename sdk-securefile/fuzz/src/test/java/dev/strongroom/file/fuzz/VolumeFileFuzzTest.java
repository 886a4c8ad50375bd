// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.VolumeElements;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.internal.format.v1.VolumeSystem;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** Volume files: arbitrary bytes, and arbitrary fields under the right keys. */
@Tag("fuzz")
class VolumeFileFuzzTest {

  private static final VolumeKeys KEYS = FixedKeys.OF_VOLUME;
  private static final int COMMITTED = 88;
  private static final int COMMITMENT = 128;
  private static final int MAC = VolumeFile.BYTES - MacKey.LENGTH;

  @FuzzTest(maxDuration = "10m")
  void volumeFile(byte[] input) {
    accepts(input);
  }

  /** Whether the volume file is read; anything but a refusal of its own type fails. */
  static boolean accepts(byte[] input) {
    Fields fields = new Fields(input);
    int mode = fields.u8();
    byte[] copy = mode % 2 == 0 ? fields.rest() : signed(fields.bytes(MAC));
    try {
      VolumeFile file = VolumeFile.parse("v", copy);
      if (file == null) {
        return false;
      }
      if (VolumeFile.problem(copy, KEYS) != null) {
        assertThat(mode % 2).as("signed, but refused").isZero();
        return false;
      }
      VolumeFile.requireKnown("v", copy);
      byte[] again = file.encode(KEYS);
      assertThat(VolumeFile.parse("v", again)).isEqualTo(file);
      assertThat(Arrays.copyOf(again, COMMITMENT)).isEqualTo(Arrays.copyOf(copy, COMMITMENT));
      return true;
    } catch (FormatVersionException e) {
      return false;
    }
  }

  private static byte[] signed(byte[] said) {
    byte[] copy = Arrays.copyOf(said, VolumeFile.BYTES);
    byte[] commitment = KEYS.commitment().mac(copy, 0, COMMITTED);
    System.arraycopy(commitment, 0, copy, COMMITMENT, commitment.length);
    System.arraycopy(KEYS.volumeFile().mac(copy, 0, MAC), 0, copy, MAC, MacKey.LENGTH);
    return copy;
  }

  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    for (String uri : new String[] {"", "sim:element.sim", "pcsc:Lesegerät 0"}) {
      byte[] copy =
          new VolumeFile(
                  FixedKeys.VOLUME,
                  FixedKeys.UID,
                  FixedKeys.RND,
                  FixedKeys.run(1, 16),
                  uri,
                  FixedKeys.run(2, 16),
                  VolumeSystem.create(
                      Freshness.STRICT, FixedKeys.run(0x60, 16), FixedKeys.run(0x68, 16)),
                  Instant.ofEpochSecond(1_700_000_000, 5),
                  VolumeElements.of(FixedKeys.run(1, 16), null),
                  KeyOrigin.DERIVED)
              .encode(KEYS);
      int used = 1280 + 4 + 114; // up to the end of the first element's record
      seeds.put("uri-" + uri.length(), tagged(1, Arrays.copyOf(copy, used)));
      if (uri.isEmpty()) {
        seeds.put("raw", tagged(0, copy));
      }
    }
    return seeds;
  }

  private static byte[] tagged(int tag, byte[] rest) {
    return ByteBuffer.allocate(1 + rest.length).put((byte) tag).put(rest).array();
  }
}
