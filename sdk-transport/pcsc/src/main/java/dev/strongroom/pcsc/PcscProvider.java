// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.InvalidElementUriException;
import dev.strongroom.core.transport.ReaderNotFoundException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaches elements in PC/SC readers by {@code pcsc:READER}, where READER is the name of a reader,
 * or its number from 0; see the package for parameters and Java options.
 *
 * <p>It sets, where they are not set yet, the system properties {@code
 * sun.security.smartcardio.t0GetResponse} and {@code t1GetResponse} to {@code false}, and {@code
 * library} to the place of pcsc-lite's library if that is found. The driver reads them for the
 * whole process when a card is first connected to.
 *
 * <p>Thread safety: thread-safe.
 */
public final class PcscProvider implements TransportProvider {

  private static final Logger LOG = LoggerFactory.getLogger(PcscProvider.class);

  private static final long LOOK_AGAIN_MILLIS = 100;

  /** The scheme of elements in PC/SC readers. */
  public static final String SCHEME = PcscAddress.SCHEME;

  private final SmartCardService service = SmartCardService.get();

  /** For {@link java.util.ServiceLoader}. */
  public PcscProvider() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  /** The name of the reader. */
  @Override
  public String identity(ElementUri uri) throws TransportException {
    PcscAddress address = PcscAddress.parse(uri);
    return isNumber(address.reader()) ? find(address.reader()) : address.reader();
  }

  @Override
  public Transport open(ElementUri uri) throws TransportException {
    PcscAddress address = PcscAddress.parse(uri);
    return new PcscTransport(awaited(address), address);
  }

  /** The readers with a card in them. */
  @Override
  public List<ElementUri> reachable() throws TransportException {
    List<ElementUri> reachable = new ArrayList<>();
    List<String> readers = service.readers();
    for (int number = 0; number < readers.size(); number++) {
      if (service.hasCard(readers.get(number))) {
        reachable.add(uri(readers.get(number), number));
      }
    }
    return reachable;
  }

  private static ElementUri uri(String reader, int number) throws InvalidElementUriException {
    if (reader.indexOf('?') < 0 && reader.equals(reader.strip())) {
      try {
        return ElementUri.parse(SCHEME + ":" + reader);
      } catch (InvalidElementUriException e) {
        LOG.debug("the reader {} is named by its number", reader, e);
      }
    }
    return ElementUri.parse(SCHEME + ":" + number);
  }

  /** The name of the reader, once it is there and, if it shall be waited for, a card in it. */
  private String awaited(PcscAddress address) throws TransportException {
    Duration patience = address.await();
    if (patience.isZero()) {
      return find(address.reader());
    }
    long start = System.nanoTime();
    while (true) {
      TransportException problem;
      try {
        String reader = find(address.reader());
        if (service.hasCard(reader)) {
          return reader;
        }
        problem = new ElementNotFoundException(SCHEME + ":" + reader);
      } catch (TransportException e) {
        problem = e;
      }
      if (System.nanoTime() - start >= patience.toNanos() || !pause()) {
        throw problem;
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(LOOK_AGAIN_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The name of a reader, by its name or number. */
  private String find(String reader) throws TransportException {
    List<String> readers = service.readers();
    if (readers.contains(reader)) {
      return reader;
    }
    if (isNumber(reader) && Integer.parseInt(reader) < readers.size()) {
      return readers.get(Integer.parseInt(reader));
    }
    throw new ReaderNotFoundException(reader, readers);
  }

  private static boolean isNumber(String reader) {
    return reader.length() <= 4 && reader.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
