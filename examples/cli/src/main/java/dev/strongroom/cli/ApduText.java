// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * APDUs as text, a line each. Only of commands that are known to carry no secret the data are
 * shown; of all others, and of the parts of their answers, the length.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ApduText {

  private static final int SECURE_MESSAGING = 0x04;
  private static final int FURTHER_SECURE_MESSAGING = 0x20;
  private static final int FURTHER_CHANNELS = 0x40;
  private static final int CHAINING = 0x10;
  private static final int GET_RESPONSE = 0xC0;

  /** What is public in both directions: selection, descriptions, certificates, key agreement. */
  private static final Set<Integer> PUBLIC = Set.of(0xA4, 0x70, 0xCA, 0x88);

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(0x02, "INITIALIZE"),
          Map.entry(0x04, "WIPE"),
          Map.entry(0x10, "GRUB"),
          Map.entry(0x20, "VERIFY"),
          Map.entry(0x22, "COMPARE AND SET VERSION"),
          Map.entry(0x24, "CHANGE REFERENCE DATA"),
          Map.entry(0x2C, "RESET RETRY COUNTER"),
          Map.entry(0x30, "SIGN"),
          Map.entry(0x32, "ATTEST"),
          Map.entry(0x34, "HPKE"),
          Map.entry(0x36, "TRUST ANCHOR"),
          Map.entry(0x38, "EXPORT SECRET"),
          Map.entry(0x3A, "IMPORT SECRET"),
          Map.entry(0x3C, "RECEIVE"),
          Map.entry(0x3E, "FORGET SENDER"),
          Map.entry(0x70, "MANAGE CHANNEL"),
          Map.entry(0x84, "GET CHALLENGE"),
          Map.entry(0x88, "INTERNAL AUTHENTICATE"),
          Map.entry(0xA4, "SELECT"),
          Map.entry(GET_RESPONSE, "GET RESPONSE"),
          Map.entry(0xCA, "GET DATA"));

  /** Of our own class, where it differs from the interindustry command of the same number. */
  private static final Map<Integer, String> OWN_NAMES =
      Map.of(0x20, "READ VERSION", 0x24, "RELEASE VERSION");

  private boolean shown;

  /** A command as it goes to the element. */
  String command(byte[] wire) {
    CommandApdu command;
    try {
      command = CommandApdu.parse(wire);
    } catch (IllegalArgumentException e) {
      shown = false;
      return "> " + wire.length + " bytes, no command APDU";
    }
    try (command) {
      int cla = command.cla();
      boolean secured = isProtected(cla);
      if (command.ins() != GET_RESPONSE) {
        shown = !secured && PUBLIC.contains(command.ins());
      }
      StringBuilder line = new StringBuilder("> ");
      line.append(HexFormat.ofDelimiter(" ").withUpperCase().formatHex(header(command)));
      if (command.dataLength() > 0) {
        byte[] data = command.data();
        line.append("  ").append(content(data, shown, secured));
        Arrays.fill(data, (byte) 0);
      }
      if (command.expected() > 0) {
        line.append("  Ne ").append(command.expected());
      }
      line.append("  ").append(name(command));
      if ((cla & CHAINING) != 0) {
        line.append(", to be continued");
      }
      return line.toString();
    }
  }

  /** The answer to the last command. */
  String response(byte[] wire) {
    ResponseApdu response;
    try {
      response = ResponseApdu.parse(wire);
    } catch (IllegalArgumentException e) {
      return "< " + wire.length + " bytes, no response APDU";
    }
    try (response) {
      StringBuilder line = new StringBuilder("< ");
      if (response.dataLength() > 0) {
        byte[] data = response.data();
        line.append(content(data, shown, false)).append("  ");
        Arrays.fill(data, (byte) 0);
      }
      StatusWord status = response.status();
      return line.append(String.format(Locale.ROOT, "%04X", status.value())).toString();
    }
  }

  private static boolean isProtected(int cla) {
    int bit = (cla & FURTHER_CHANNELS) == 0 ? SECURE_MESSAGING : FURTHER_SECURE_MESSAGING;
    return (cla & bit) != 0;
  }

  private static byte[] header(CommandApdu command) {
    return new byte[] {
      (byte) command.cla(), (byte) command.ins(), (byte) command.p1(), (byte) command.p2()
    };
  }

  private static String content(byte[] data, boolean visible, boolean secured) {
    if (visible) {
      return Bytes.copyOf(data).toString().toUpperCase(Locale.ROOT);
    }
    return "[" + data.length + (secured ? " bytes, protected]" : " bytes, not shown]");
  }

  private static String name(CommandApdu command) {
    String known = NAMES.getOrDefault(command.ins(), "unknown");
    return (command.cla() & 0x80) == 0 ? known : OWN_NAMES.getOrDefault(command.ins(), known);
  }
}
