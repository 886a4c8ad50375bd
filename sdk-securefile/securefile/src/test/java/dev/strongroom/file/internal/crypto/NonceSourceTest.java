// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Nonces: never twice, counted, drawn from the element where that is asked for. */
class NonceSourceTest {

  private static NonceSource source(long starts, long total) {
    return new NonceSource(() -> new byte[32], SecretBytes.copyOf(new byte[32]), starts, total);
  }

  private static Bytes next(NonceSource source) {
    byte[] nonce = new byte[SectorCipher.NONCE];
    source.next(nonce, 0);
    return Bytes.copyOf(nonce);
  }

  @Test
  void noNonceComesTwiceFromManySourcesOfOneKey() throws Exception {
    Set<Bytes> seen = new HashSet<>();
    int perSource = 500;
    for (int i = 0; i < 100; i++) {
      try (NonceSource source = source(0, 0)) {
        source.beginBatch(null);
        for (int n = 0; n < perSource; n++) {
          seen.add(next(source));
        }
      }
    }
    assertThat(seen).hasSize(100 * perSource);
  }

  @Test
  void nonceAndCounterAreAddedAsNumbersOf96Bits() throws Exception {
    BigInteger modulus = BigInteger.ONE.shiftLeft(96);
    try (NonceSource source = source(0, 0)) {
      source.beginBatch(null);
      BigInteger start = new BigInteger(1, next(source).toByteArray());
      for (int i = 1; i < 70_000; i++) {
        byte[] nonce = next(source).toByteArray();
        if (i % 1000 == 0 || i > 65_500) {
          assertThat(new BigInteger(1, nonce))
              .isEqualTo(start.add(BigInteger.valueOf(i)).mod(modulus));
        }
      }
    }
  }

  @Test
  void nothingBesideTheNonceIsWritten() throws Exception {
    try (NonceSource source = source(0, 0)) {
      source.beginBatch(null);
      byte[] target = new byte[32];
      Arrays.fill(target, (byte) 0x55);
      source.next(target, 10);
      assertThat(Arrays.copyOf(target, 10)).containsOnly(0x55);
      assertThat(Arrays.copyOfRange(target, 22, 32)).containsOnly(0x55);
    }
  }

  @Test
  void startsAndNoncesAreCountedOnFromTheHeader() throws Exception {
    try (NonceSource source = source(7, 100)) {
      assertThat(source.starts()).isEqualTo(7);
      assertThat(source.total()).isEqualTo(100);
      source.beginBatch(null);
      assertThat(source.starts()).isEqualTo(8);
      next(source);
      next(source);
      assertThat(source.total()).isEqualTo(102);
    }
  }

  @Test
  void aNonceBeforeAnyBatchIsAnError() {
    try (NonceSource source = source(0, 0)) {
      assertThatThrownBy(() -> next(source)).isInstanceOf(IllegalStateException.class);
      assertThat(source.total()).isZero();
    }
  }

  @Test
  void theElementIsAskedForEveryStart() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (NonceSource source = source(0, 0)) {
      for (int i = 0; i < 5; i++) {
        source.beginBatch(
            () -> {
              asked.incrementAndGet();
              return new byte[32];
            });
      }
      assertThat((long) asked.get()).isEqualTo(source.starts()).isPositive();
    }
  }

  @Test
  void anElementThatIsGoneLeavesNoStart() {
    try (NonceSource source = source(3, 0)) {
      assertThatThrownBy(
              () ->
                  source.beginBatch(
                      () -> {
                        throw new IOException("gone");
                      }))
          .hasMessage("gone");
      assertThat(source.starts()).isEqualTo(3);
      assertThatThrownBy(() -> next(source)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aKeyIsExhaustedWhenStartsTimesNoncesExceedTheLimit() {
    assertThat(isExhausted(0, 0, 64)).isFalse();
    assertThat(isExhausted(1L << 20, (1L << 44) - 1, 64)).isFalse();
    assertThat(isExhausted(1L << 20, 1L << 44, 64)).isTrue();
    assertThat(isExhausted(1L << 32, 1L << 40, 64)).isTrue();
    assertThat(isExhausted(1, Long.MAX_VALUE, 64)).isFalse();
    assertThat(isExhausted(2, 1L << 39, 40)).isFalse();
    assertThat(isExhausted(2, (1L << 39) + 1, 40)).isTrue();
  }

  private static boolean isExhausted(long starts, long total, int limitLog2) {
    try (NonceSource source = source(starts, total)) {
      return source.exhausted(limitLog2);
    }
  }
}
