// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.internal.format.v1.Stanza;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** Preludes of transient files: arbitrary bytes, before anything of them is authenticated. */
@Tag("fuzz")
class PreludeFuzzTest {

  private static final int TAIL = 96;

  @FuzzTest(maxDuration = "10m")
  void prelude(byte[] input) {
    accepts(input);
  }

  /** Whether the prelude is read; anything but a refusal of its own type fails. */
  static boolean accepts(byte[] input) {
    byte[] copy = input;
    if (input.length >= Prelude.START && Prelude.lengthOf(input) >= input.length) {
      copy = Arrays.copyOf(input, Prelude.lengthOf(input)); // the zeros need not be in the corpus
    }
    try {
      Prelude.Copy read = Prelude.parse("f", copy);
      Prelude prelude = read.prelude();
      assertThat(prelude.fits()).isTrue();
      assertThat(read.signed().length()).isEqualTo(prelude.usedLength() - 64);
      Prelude.requireKnown("f", read);
      byte[] again = prelude.encode();
      assertThat(again).isEqualTo(Arrays.copyOf(copy, again.length));
      assertThat(Prelude.parse("f", Arrays.copyOf(again, copy.length)).prelude())
          .isEqualTo(prelude);
      return true;
    } catch (FileHeader.Refused | FormatVersionException e) {
      return false;
    }
  }

  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    seeds.put("no-recipient", seed(0, null, 0));
    seeds.put("one-recipient", seed(1, null, 0));
    seeds.put("expires", seed(2, Instant.ofEpochSecond(1_800_000_000L, 5), 0));
    seeds.put("record", seed(1, null, 12));
    return seeds;
  }

  private static byte[] seed(
      int recipients, @org.jspecify.annotations.Nullable Instant expires, int records) {
    List<Stanza> stanzas = new ArrayList<>();
    stanzas.add(stanza(Stanza.Kind.SENDER, 1, 65));
    for (int i = 1; i <= recipients; i++) {
      stanzas.add(stanza(Stanza.Kind.RECIPIENT, i, i % 2 == 0 ? 32 : 65));
    }
    byte[] area = new byte[records];
    if (records > 0) {
      ByteBuffer.wrap(area).putShort((short) 0x1234).putShort((short) (records - 4));
    }
    Prelude prelude =
        new Prelude(
            8192,
            1,
            filled(16, 1),
            filled(16, 2),
            Instant.ofEpochSecond(1_700_000_000L),
            expires,
            12288,
            4096,
            filled(32, 3),
            filled(32, 4),
            filled(200, 5),
            stanzas,
            Bytes.copyOf(area));
    byte[] head = prelude.encode();
    return Arrays.copyOf(head, head.length + TAIL);
  }

  private static Stanza stanza(Stanza.Kind kind, int number, int enc) {
    boolean own = kind == Stanza.Kind.SENDER;
    return new Stanza(
        enc == 65 ? 1 : 2,
        kind,
        filled(8, number),
        own ? 0 : number,
        filled(enc, 6),
        filled(40, 7));
  }

  private static Bytes filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return Bytes.copyOf(bytes);
  }
}
