// SPDX-License-Identifier: Apache-2.0

/**
 * The transport to elements in PC/SC readers, by {@code javax.smartcardio}.
 *
 * <p>Element URIs: {@code pcsc:} and the name of a reader as the operating system lists it, or its
 * number from 0. Parameters: {@code wait=SECONDS} until a card is in the reader (default 0), {@code
 * timeout=SECONDS} for an answer (default: as long as the driver waits), {@code apdu=short} where a
 * reader does not take the extended length fields that its card announces.
 *
 * <p>States of the link to a card:
 *
 * <pre>
 *   off ---- powerOn ----&gt; on ---- transmit ----&gt; on
 *    ^                     |
 *    +- powerOff, close ---+
 *    +- any error ---------+   the card is disconnected and reset, never used again
 * </pre>
 *
 * <p>While it is on, the link holds the card's transaction, so that no other program talks in
 * between. The driver binds a transaction to the thread that began it; hence each reader has a
 * thread. The driver cannot take back an APDU either: when the time is up the caller goes on, the
 * thread waits, and the card is disconnected as soon as the driver comes back.
 *
 * <p>Programs that shall outlive a restart of the PC/SC service, or that use several readers at
 * once, start Java with {@code --add-opens
 * java.smartcardio/sun.security.smartcardio=dev.strongroom.pcsc} ({@code =ALL-UNNAMED} on the class
 * path): only so can each reader have a connection to the service of its own, and a new one when
 * the old has died. Without it the readers of a process wait for each other, and after a restart of
 * the service there is a {@link dev.strongroom.core.transport.ServiceUnavailableException}.
 *
 * @serial exclude
 */
@NullMarked
package dev.strongroom.pcsc;

import org.jspecify.annotations.NullMarked;
