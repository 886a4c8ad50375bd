// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.List;

/** A camera that looks at a terminal. */
final class Scanner {

  private static final int PIXELS = 4;
  private static final int BLACK = 0xFF000000;
  private static final int WHITE = 0xFFFFFFFF;

  private Scanner() {}

  /** Reads the QR code in a text of half blocks, dark on light. */
  static String read(String text) throws ReaderException {
    List<String> lines = text.replaceAll("\u001b\\[[0-9;]*m", "").lines().toList();
    int width = lines.stream().mapToInt(String::length).max().orElseThrow();
    int height = 2 * lines.size();
    int[] pixels = new int[width * PIXELS * height * PIXELS];
    for (int y = 0; y < height * PIXELS; y++) {
      String line = lines.get(y / PIXELS / 2);
      boolean upper = y / PIXELS % 2 == 0;
      for (int x = 0; x < width * PIXELS; x++) {
        char c = x / PIXELS < line.length() ? line.charAt(x / PIXELS) : ' ';
        boolean dark = c == '\u2588' || c == (upper ? '\u2580' : '\u2584');
        pixels[y * width * PIXELS + x] = dark ? BLACK : WHITE;
      }
    }
    RGBLuminanceSource image = new RGBLuminanceSource(width * PIXELS, height * PIXELS, pixels);
    return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(image))).getText();
  }
}
