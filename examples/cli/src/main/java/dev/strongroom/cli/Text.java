// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

/**
 * Names and messages as they may be shown: a control character could steer the terminal, one that
 * formats could turn the order of what is read.
 */
final class Text {

  private Text() {}

  /** Replaces every character that is not seen by a question mark. */
  static String printable(String text) {
    StringBuilder shown = null;
    for (int i = 0; i < text.length(); i++) {
      if (isUnseen(text.charAt(i))) {
        if (shown == null) {
          shown = new StringBuilder(text);
        }
        shown.setCharAt(i, '?');
      }
    }
    return shown == null ? text : shown.toString();
  }

  /**
   * How many columns of a terminal a text takes: none for a character that stands on the one before
   * it, two for one that Unicode (UAX #11) has as wide.
   */
  static int columns(String text) {
    return text.codePoints().map(Text::columns).sum();
  }

  private static int columns(int character) {
    int type = Character.getType(character);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return isWide(character) ? 2 : 1;
  }

  private static boolean isWide(int character) {
    if (character < 0x1100) {
      return false;
    }
    return character <= 0x115f // Hangul Jamo that begin a syllable
        || within(character, 0x2e80, 0x303e) // radicals, CJK punctuation
        || within(character, 0x3041, 0xa4cf) // Kana to Yi
        || within(character, 0xa960, 0xa97f)
        || within(character, 0xac00, 0xd7a3) // Hangul
        || within(character, 0xf900, 0xfaff)
        || within(character, 0xfe30, 0xfe6f)
        || within(character, 0xff00, 0xff60) // full-width forms
        || within(character, 0xffe0, 0xffe6)
        || within(character, 0x1f300, 0x1f64f) // pictures
        || within(character, 0x1f680, 0x1f6ff)
        || within(character, 0x1f900, 0x1faff)
        || within(character, 0x20000, 0x3fffd);
  }

  private static boolean within(int character, int first, int last) {
    return character >= first && character <= last;
  }

  private static boolean isUnseen(char character) {
    int type = Character.getType(character);
    return Character.isISOControl(character)
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
