// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.SecretBytes;

/**
 * Whom a PIN authenticates.
 *
 * <p>A PIN is text in UTF-8, compared byte by byte, so it is what is typed that counts, not how it
 * looks. Its length is counted in characters (Unicode code points).
 *
 * <p>Thread safety: immutable.
 */
public enum Role {
  /** Works with files and keys. PIN of 4 to 32 characters. */
  USER("user", 4),
  /** Unblocks the user's PIN and decides what cannot be undone. PIN of 8 to 32 characters. */
  ADMINISTRATOR("administrator", 8);

  private static final int MAX_PIN_LENGTH = 32;

  private final String word;
  private final int minPinLength;

  Role(String word, int minPinLength) {
    this.word = word;
    this.minPinLength = minPinLength;
  }

  /**
   * The shortest PIN.
   *
   * @return 4 for the user, 8 for the administrator
   */
  public int minPinLength() {
    return minPinLength;
  }

  /**
   * The longest PIN.
   *
   * @return 32 characters
   */
  public int maxPinLength() {
    return MAX_PIN_LENGTH;
  }

  /**
   * Checks a PIN's length.
   *
   * @param pin UTF-8
   * @throws PinFormatException if it is too short or too long
   * @throws IllegalStateException if the PIN has been destroyed
   */
  public void requirePinFormat(SecretBytes pin) throws PinFormatException {
    int characters =
        pin.use(
            content -> {
              int count = 0;
              for (byte b : content) {
                // All but continuation bytes begin a character, RFC 3629 section 3.
                if ((b & 0xC0) != 0x80) {
                  count++;
                }
              }
              return count;
            });
    if (characters < minPinLength
        || characters > MAX_PIN_LENGTH
        || pin.length() > ElementProtocol.MAX_PIN_BYTES) {
      throw new PinFormatException(this);
    }
  }

  /**
   * The role in a word, for messages.
   *
   * @return {@code user} or {@code administrator}
   */
  @Override
  public String toString() {
    return word;
  }
}
