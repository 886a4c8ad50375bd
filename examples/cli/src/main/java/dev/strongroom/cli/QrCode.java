// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/**
 * A QR code (ISO/IEC 18004, error correction M) as lines of text, two modules in a character, with
 * its quiet zone of four modules.
 *
 * <p>A dark module is a filled block. In a terminal the colours are set to black on white, since
 * many readers do not take a code with the colours exchanged; without a terminal the text is plain,
 * and right where it is shown dark on light, as on paper.
 *
 * <p>Thread safety: immutable.
 */
final class QrCode {

  private static final int QUIET = 4;
  private static final String BLACK_ON_WHITE = "\u001b[38;5;16;48;5;231m";
  private static final String AS_BEFORE = "\u001b[0m";

  private final ByteMatrix modules;

  private QrCode(ByteMatrix modules) {
    this.modules = modules;
  }

  /** The code of a text of at most some hundred characters. */
  static QrCode of(String text) {
    try {
      return new QrCode(Encoder.encode(text, ErrorCorrectionLevel.M).getMatrix());
    } catch (WriterException e) {
      throw new IllegalArgumentException("no QR code holds " + text.length() + " characters", e);
    }
  }

  /** Lines for a terminal of any colours. */
  String coloured() {
    return plain()
        .lines()
        .map(line -> BLACK_ON_WHITE + line + AS_BEFORE + "\n")
        .reduce("", String::concat);
  }

  /** Lines without colours. */
  String plain() {
    int size = modules.getWidth();
    StringBuilder text = new StringBuilder();
    for (int y = -QUIET; y < size + QUIET; y += 2) {
      for (int x = -QUIET; x < size + QUIET; x++) {
        boolean upper = dark(x, y);
        boolean lower = dark(x, y + 1);
        text.append(upper ? lower ? '\u2588' : '\u2580' : lower ? '\u2584' : ' ');
      }
      text.append('\n');
    }
    return text.toString();
  }

  private boolean dark(int x, int y) {
    int size = modules.getWidth();
    return x >= 0 && y >= 0 && x < size && y < size && modules.get(x, y) == 1;
  }
}
