// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

/** Names and messages as they may be shown: a control character could steer the terminal. */
final class Text {

  private Text() {}

  /** Replaces every control character by a question mark. */
  static String printable(String text) {
    StringBuilder shown = null;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        if (shown == null) {
          shown = new StringBuilder(text);
        }
        shown.setCharAt(i, '?');
      }
    }
    return shown == null ? text : shown.toString();
  }
}
