// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class AesKeyWrapTest {

  private static final SecretBytes KEK =
      secret("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
  private static final String KEY =
      "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f";
  private static final String WRAPPED =
      "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21";

  /** RFC 3394, 4.6. */
  @Test
  void theVectorOfTheRfc() {
    assertThat(AesKeyWrap.wrap(KEK, secret(KEY))).hasToString(WRAPPED);
    SecretBytes key = AesKeyWrap.unwrap(KEK, Bytes.parse(WRAPPED)).orElseThrow();
    assertThat(Bytes.copyOf(key.use(byte[]::clone))).hasToString(KEY);
  }

  @Test
  void whatWasNotWrappedUnderTheKeyDoesNotUnwrap() {
    byte[] wrapped = Bytes.parse(WRAPPED).toByteArray();
    for (int i = 0; i < wrapped.length; i++) {
      wrapped[i] ^= 1;
      assertThat(AesKeyWrap.unwrap(KEK, Bytes.copyOf(wrapped))).as("byte %d", i).isEmpty();
      wrapped[i] ^= 1;
    }
    for (int length : new int[] {0, 8, 16, 32, 39}) {
      assertThat(AesKeyWrap.unwrap(KEK, Bytes.copyOf(wrapped, 0, length))).isEmpty();
    }
    assertThat(AesKeyWrap.unwrap(secret(KEY), Bytes.parse(WRAPPED))).isEmpty();
  }

  @Test
  void keysOfOtherLengthsAreRefused() {
    SecretBytes key = secret(KEY);
    SecretBytes odd = secret(KEY + "00");
    SecretBytes tooShort = secret("0011223344556677");
    assertThatIllegalArgumentException().isThrownBy(() -> AesKeyWrap.wrap(KEK, odd));
    assertThatIllegalArgumentException().isThrownBy(() -> AesKeyWrap.wrap(KEK, tooShort));
    assertThatIllegalArgumentException().isThrownBy(() -> AesKeyWrap.wrap(tooShort, key));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AesKeyWrap.unwrap(odd, Bytes.parse(WRAPPED)));
  }

  private static SecretBytes secret(String hex) {
    return SecretBytes.copyOf(Bytes.parse(hex).toByteArray());
  }
}
