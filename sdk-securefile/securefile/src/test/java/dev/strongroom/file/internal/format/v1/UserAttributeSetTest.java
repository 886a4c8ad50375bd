// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UserAttributeSetTest {

  private static UserAttributeSet sample() {
    UserAttributeSet set = new UserAttributeSet();
    set.put("b", new byte[] {1, 2, 3});
    set.put("\u00fc", new byte[0]);
    return set;
  }

  private static void assertRefused(byte[] content) {
    assertThatThrownBy(() -> UserAttributeSet.ofStream(content))
        .isInstanceOf(FileHeader.Refused.class);
  }

  @Test
  void aStreamStandsAsTheSpecificationSays() {
    byte[] expected =
        ByteBuffer.allocate(32)
            .put("SRATTRS1".getBytes(StandardCharsets.US_ASCII))
            .putInt(2)
            .putInt(0)
            .put((byte) 1)
            .putInt(3)
            .put(new byte[] {'b', 1, 2, 3})
            .put((byte) 2)
            .putInt(0)
            .put(new byte[] {(byte) 0xC3, (byte) 0xBC})
            .array();
    assertThat(sample().toStream()).isEqualTo(expected);
    assertThat(sample().streamBytes()).isEqualTo(32);
  }

  @Test
  void streamsComeBack() throws Exception {
    Random random = new Random(1);
    UserAttributeSet set = new UserAttributeSet();
    for (int i = 0; i <= 40; i++) {
      UserAttributeSet found = UserAttributeSet.ofStream(set.toStream());
      assertThat(found.names()).isEqualTo(set.names());
      for (String name : set.names()) {
        assertThat(Arrays.equals(found.get(name), set.get(name))).as(name).isTrue();
      }
      byte[] value = new byte[i == 0 ? UserAttributeSet.MAX_VALUE : random.nextInt(3000)];
      random.nextBytes(value);
      set.put((i + " \ud83d\udd12").repeat(1 + i % 5), value);
    }
  }

  @Test
  void whatIsNotWellFormedIsRefused() {
    byte[] whole = sample().toStream();
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length));
    }
    assertRefused(Arrays.copyOf(whole, whole.length + 1));
    for (int at = 0; at < 16; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) 0x80;
      assertRefused(changed);
    }
    for (int length : new int[] {4, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 65537}) {
      byte[] changed = whole.clone();
      ByteBuffer.wrap(changed).putInt(17, length);
      assertRefused(changed);
    }
    Random random = new Random(2);
    for (int i = 0; i < 5000; i++) {
      byte[] garbage = Garbage.of(random, whole, 16);
      try {
        UserAttributeSet.ofStream(garbage);
      } catch (FileHeader.Refused e) {
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void valuesAreCopiesAndErasedOnes() {
    UserAttributeSet set = new UserAttributeSet();
    byte[] value = {1, 2};
    set.put("a", value);
    value[0] = 9;
    assertThat(set.get("a")).containsExactly(1, 2);
    UserAttributeSet copy = set.copy();
    set.erase();
    assertThat(set.names()).isEmpty();
    assertThat(copy.get("a")).containsExactly(1, 2);
    assertThat(copy.remove("a")).isTrue();
    assertThat(copy.remove("a")).isFalse();
    assertThat(copy.get("a")).isNull();
  }
}
