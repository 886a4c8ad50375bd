// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFile;
import java.io.IOException;
import java.nio.file.Path;

/** A diary that nobody reads without this element and its PIN. */
public final class Diary {

  private Diary() {}

  /** Adds a line, makes it durable, and returns all lines. */
  public static String add(String line, Path folder, String element, char[] pin)
      throws IOException {
    try (SecureElement card = SecureElement.open(element); // such as sim:my.element
        SecretBytes secret = SecretBytes.encode(pin); // zeroes pin
        ElementSession session = card.login(secret);
        SecureFile file = SecureFile.open(session, folder, "diary", CREATE, READ, WRITE)) {
      file.seek(file.size());
      file.write((line + "\n").getBytes(UTF_8));
      file.sync();
      byte[] text = new byte[(int) file.size()];
      file.pread(0, text, 0, text.length);
      return new String(text, UTF_8);
    }
  }
}
