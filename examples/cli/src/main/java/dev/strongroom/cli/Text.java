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

  private static boolean isUnseen(char character) {
    int type = Character.getType(character);
    return Character.isISOControl(character)
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
