// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.vpcd.VirtualCard;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows an element to other programs as a card in a virtual reader. */
@Command(
    name = "present",
    description = {
      "Shows an element as a card in a virtual PC/SC reader until the command is interrupted. Needs"
          + " pcscd and the driver of the package vsmartcard-vpcd.",
      "PINs and keys reach it through a secure channel only. Needs no PIN itself."
    })
final class ElementPresent implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int LAST_PORT = 0xFFFF;

  private final Settings settings;

  @Parameters(paramLabel = "URI", description = "The element, such as sim:my.element.")
  private String uri = "";

  @Option(
      names = "--reader",
      paramLabel = "HOST:PORT",
      description = "Where the virtual reader's driver waits; by default localhost:35963.")
  private @Nullable String reader;

  ElementPresent(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    InetSocketAddress address = address();
    try (Transport element = ElementAccess.wire(ElementUri.parse(uri))) {
      if (!element.isPresent()) {
        throw new ElementNotFoundException(element.name());
      }
      try (VirtualCard card = VirtualCard.insert(element, address)) {
        if (!card.awaitInserted(PATIENCE)) {
          settings
              .console()
              .warn(
                  "no virtual reader at "
                      + text(address)
                      + " has taken the card yet; waiting for one: install vsmartcard-vpcd, start"
                      + " pcscd, and remove a card that is in it");
        }
        settings.say(
            Text.printable(uri)
                + ": is the card for the virtual reader at "
                + text(address)
                + " until this is interrupted");
        new CountDownLatch(1).await();
      }
    } catch (StrongroomException e) {
      throw ElementAccess.located(uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException(e.getMessage()).initCause(e);
    }
    return ExitCode.OK.code();
  }

  private InetSocketAddress address() throws IOException {
    if (reader == null) {
      return VirtualCard.DEFAULT_READER;
    }
    int colon = reader.lastIndexOf(':');
    try {
      int port = Integer.parseInt(reader.substring(colon + 1));
      if (colon > 0 && port > 0 && port <= LAST_PORT) {
        return InetSocketAddress.createUnresolved(reader.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      // Reported below with all other texts that are no address.
    }
    throw CommandException.usage(
        "element present: --reader is HOST:PORT, such as localhost:35963, not " + reader);
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
