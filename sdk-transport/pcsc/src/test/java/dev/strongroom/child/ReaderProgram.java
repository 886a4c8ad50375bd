// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.child;

import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportProviders;
import java.io.IOException;
import java.util.HexFormat;
import javax.smartcardio.Card;
import javax.smartcardio.TerminalFactory;

/** A program of its own that uses a reader, run by tests in a child JVM. */
public final class ReaderProgram {

  private static final byte[] PING = {(byte) 0x80, 0x10, 0x00, 0x00};

  private ReaderProgram() {}

  /** What to do, {@code hold}, {@code steps} or {@code transaction}, and an element URI. */
  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "hold" -> hold(arguments[1]);
      case "steps" -> steps(arguments[1]);
      case "transaction" -> transaction(arguments[1]);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static Transport open(String text) throws IOException {
    ElementUri uri = ElementUri.parse(text);
    return TransportProviders.forScheme(uri.scheme()).open(uri);
  }

  /** Has the card until its input ends. */
  private static void hold(String uri) throws IOException {
    try (Transport transport = open(uri)) {
      transport.powerOn();
      print("held");
      while (System.in.read() >= 0) {
        // Until the parent closes the pipe.
      }
    }
  }

  /** One exchange, on a fresh power on if need be, for each line of input. */
  private static void steps(String uri) throws IOException {
    try (Transport transport = open(uri)) {
      boolean on = false;
      do {
        try {
          if (!on) {
            transport.powerOn();
            on = true;
          }
          print(HexFormat.of().formatHex(transport.transmit(PING)));
        } catch (TransportException e) {
          on = false;
          print(e.getClass().getSimpleName() + " " + e.getMessage());
        }
      } while (System.in.read() >= 0);
    }
  }

  /** A program that knows nothing of us has the card's transaction until its input ends. */
  private static void transaction(String reader) throws Exception {
    Card card =
        TerminalFactory.getInstance("PC/SC", null).terminals().getTerminal(reader).connect("*");
    card.beginExclusive();
    print("held");
    while (System.in.read() >= 0) {
      // Until the parent closes the pipe.
    }
    card.endExclusive();
    card.disconnect(false);
  }

  private static void print(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
