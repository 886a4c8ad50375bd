// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import java.util.Locale;

/**
 * The return codes of a PC/SC service that mean something to a transport; the rest is {@link
 * #OTHER}.
 *
 * <p>Source: PC/SC specification part 5, 3.1.5, by the names of pcsc-lite's {@code pcsclite.h}, in
 * which the JDK's driver reports them.
 *
 * <p>Thread safety: immutable.
 */
enum ServiceFault {
  /** There is no service, or the one that was there has ended. */
  NO_SERVICE,
  SERVICE_STOPPED,
  /** The connection to the service died while it was used. */
  F_COMM_ERROR,
  INVALID_HANDLE,
  /** The service runs and has no reader. */
  NO_READERS_AVAILABLE,
  /** The reader was unplugged. */
  READER_UNAVAILABLE,
  UNKNOWN_READER,
  /** There is no card in the reader. */
  NO_SMARTCARD,
  /** The card was taken out, and perhaps put in again, since it was connected to. */
  REMOVED_CARD,
  /** Another program reset the card. */
  RESET_CARD,
  /** Another program uses the card exclusively. */
  SHARING_VIOLATION,
  /** The card gives no Answer to Reset. */
  UNRESPONSIVE_CARD,
  UNPOWERED_CARD,
  UNSUPPORTED_CARD,
  /** The answer is longer than the driver's buffer. */
  INSUFFICIENT_BUFFER,
  OTHER;

  /** Finds the code in what the driver threw, which says it in a message only. */
  static ServiceFault of(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      String message = String.valueOf(at.getMessage()).toUpperCase(Locale.ROOT);
      for (ServiceFault fault : values()) {
        if (fault != OTHER && message.endsWith("_" + fault.name())) {
          return fault;
        }
      }
    }
    return OTHER;
  }

  /** Whether the connection to the service is of no use any more. */
  boolean serviceIsGone() {
    return this == NO_SERVICE
        || this == SERVICE_STOPPED
        || this == F_COMM_ERROR
        || this == INVALID_HANDLE;
  }

  /** Whether the reader has gone. */
  boolean readerIsGone() {
    return this == NO_READERS_AVAILABLE || this == READER_UNAVAILABLE || this == UNKNOWN_READER;
  }

  /** Whether there is a card that says nothing, as one that is in upside down. */
  boolean cardIsMute() {
    return this == UNRESPONSIVE_CARD || this == UNPOWERED_CARD || this == UNSUPPORTED_CARD;
  }

  /** Whether the card is certainly not in the reader any more, or is another one. */
  boolean cardIsGone() {
    return this == NO_SMARTCARD || this == REMOVED_CARD || readerIsGone();
  }
}
