// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.InvalidElementUriException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an element URI of the scheme {@code pcsc} says.
 *
 * <p>Thread safety: immutable.
 *
 * @param reader name or number of the reader, as written
 * @param await how long to wait for a card when the element is opened
 * @param timeout how long to wait for an answer, or null for as long as the driver does
 * @param apdus which length fields are used
 */
record PcscAddress(String reader, Duration await, @Nullable Duration timeout, Apdus apdus) {

  static final String SCHEME = "pcsc";

  private static final int MAX_SECONDS = 86_400;

  /** Which length fields go through the reader. */
  enum Apdus {
    /** Those that the card announces in its Answer to Reset. */
    AS_ANNOUNCED,
    /** Short ones only. */
    SHORT
  }

  static PcscAddress parse(ElementUri uri) throws InvalidElementUriException {
    Duration await = Duration.ZERO;
    @Nullable Duration timeout = null;
    Apdus apdus = Apdus.AS_ANNOUNCED;
    for (Map.Entry<String, String> parameter : uri.parameters().entrySet()) {
      String value = parameter.getValue();
      switch (parameter.getKey()) {
        case "wait" -> await = seconds("wait", value, 0);
        case "timeout" -> timeout = seconds("timeout", value, 1);
        case "apdu" -> {
          if (!value.equals("short")) {
            throw new InvalidElementUriException("the only value of apdu is short");
          }
          apdus = Apdus.SHORT;
        }
        default ->
            throw new InvalidElementUriException(
                "the parameters of pcsc: are wait, timeout and apdu, not " + parameter.getKey());
      }
    }
    String reader = uri.target().strip();
    if (reader.isEmpty()) {
      throw new InvalidElementUriException("pcsc: is followed by the name or number of a reader");
    }
    return new PcscAddress(reader, await, timeout, apdus);
  }

  private static Duration seconds(String name, String text, int least)
      throws InvalidElementUriException {
    try {
      int seconds = Integer.parseInt(text);
      if (seconds >= least && seconds <= MAX_SECONDS) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // Said below, with the range.
    }
    throw new InvalidElementUriException(
        name + " is a number of seconds from " + least + " to " + MAX_SECONDS);
  }
}
