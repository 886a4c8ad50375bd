// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.apdu.CardCapabilities;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.smartcardio.Card;
import javax.smartcardio.CardChannel;
import javax.smartcardio.CardException;
import javax.smartcardio.CardTerminal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A card that was reset, is connected to and belongs to this process until it is discarded.
 *
 * <p>The driver opens and closes logical channels by its own methods and refuses MANAGE CHANNEL
 * (ISO/IEC 7816-4:2020, 11.1.2) as an APDU. It also puts a channel's number into class bytes, so
 * each APDU goes out by the channel that its class byte says and arrives unchanged.
 *
 * <p>Thread safety: confined to the thread that connected to it, unless it was unbound; then one
 * thread at a time.
 */
final class ConnectedCard {

  /** What becomes of a card that is let go of. */
  enum Afterwards {
    /** It forgets everything. */
    RESET,
    /**
     * It is not touched. If it is not there any more, resetting it would make the service take the
     * reader for empty, and see no card that is put in before it looks next.
     */
    LEFT_AS_IT_IS
  }

  private static final Logger LOG = LoggerFactory.getLogger(ConnectedCard.class);

  /** Most bytes of an answer that the driver has room for, SW1 and SW2 included. */
  static final int MAX_RESPONSE = 8_192;

  /** Most bytes of a frame of the drivers that count them in 16 bits. */
  private static final int MAX_COMMAND = 65_535;

  private static final int FIRST_FURTHER = 4;
  private static final int INS_MANAGE_CHANNEL = 0x70;
  private static final int P1_OPEN = 0x00;
  private static final int P1_CLOSE = 0x80;
  private static final int BASIC = 0;
  private static final String REFUSED = "card response: ";

  private final Card card;
  private final Atr atr;
  private final Map<Integer, CardChannel> channels = new HashMap<>();
  private final ByteBuffer response = ByteBuffer.allocate(65_538);

  private ConnectedCard(Card card) {
    this.card = card;
    this.atr = Atr.of(Bytes.copyOf(card.getATR().getBytes()));
    channels.put(BASIC, card.getBasicChannel());
  }

  /**
   * Resets the card, so that nothing is left of what others did with it, and begins its
   * transaction. Waits while another program has one.
   *
   * @throws IllegalArgumentException if its Answer to Reset is malformed
   */
  static ConnectedCard connect(CardTerminal terminal) throws CardException {
    terminal.connect("*").disconnect(true);
    Card card = terminal.connect("*");
    try {
      card.beginExclusive();
      return new ConnectedCard(card);
    } catch (CardException | RuntimeException e) {
      disconnect(card, Afterwards.LEFT_AS_IT_IS);
      throw e;
    }
  }

  /** Lets all threads use it, one at a time. */
  void unbind(DriverConnections connections) {
    connections.unbind(card);
  }

  Atr atr() {
    return atr;
  }

  /** Extended length fields need T=1 and a card that says so. */
  TransportLimits limits() {
    return card.getProtocol().equals("T=1") && CardCapabilities.of(atr).extendedLength()
        ? new TransportLimits(MAX_COMMAND, MAX_RESPONSE)
        : TransportLimits.SHORT;
  }

  /**
   * Exchanges one APDU.
   *
   * @param command at least a header; not changed
   * @return what the driver gave, which after a fault may have fewer than two bytes
   */
  byte[] transmit(byte[] command) throws CardException {
    int cla = command[0] & 0xFF;
    if ((command[1] & 0xFF) == INS_MANAGE_CHANNEL && cla < 0x80) {
      return manageChannel(cla, command[2] & 0xFF, command[3] & 0xFF);
    }
    CardChannel channel = channels.get(channelOf(cla));
    if (channel == null) {
      // The driver would send it on another channel.
      return answer(StatusWord.CHANNEL_NOT_SUPPORTED);
    }
    response.clear();
    int length = channel.transmit(ByteBuffer.wrap(command).asReadOnlyBuffer(), response);
    byte[] answer = Arrays.copyOf(response.array(), length);
    Arrays.fill(response.array(), 0, length, (byte) 0);
    return answer;
  }

  /** Lets others have the card. It is not used again, whatever comes. */
  void discard(Afterwards afterwards) {
    channels.clear();
    disconnect(card, afterwards);
  }

  private byte[] manageChannel(int cla, int p1, int p2) throws CardException {
    if (cla != 0) {
      return answer(StatusWord.CLA_NOT_SUPPORTED);
    }
    if (p1 == P1_OPEN && p2 == 0) {
      return open();
    }
    if (p1 == P1_CLOSE && p2 != BASIC) {
      return close(p2);
    }
    return answer(StatusWord.WRONG_P1_P2);
  }

  private byte[] open() throws CardException {
    try {
      CardChannel opened = card.openLogicalChannel();
      channels.put(opened.getChannelNumber(), opened);
      return new byte[] {(byte) opened.getChannelNumber(), (byte) 0x90, 0x00};
    } catch (CardException e) {
      return refusal(e);
    }
  }

  private byte[] close(int number) throws CardException {
    CardChannel channel = channels.remove(number);
    if (channel == null) {
      return answer(StatusWord.CHANNEL_NOT_SUPPORTED);
    }
    try {
      channel.close();
      return answer(StatusWord.SUCCESS);
    } catch (CardException e) {
      return refusal(e);
    }
  }

  /** The status word with which the card refused, which the driver says in its message only. */
  private static byte[] refusal(CardException e) throws CardException {
    if (e.getCause() != null) {
      throw e;
    }
    String message = String.valueOf(e.getMessage());
    int from = message.indexOf(REFUSED);
    try {
      byte[] said =
          HexFormat.ofDelimiter(":")
              .parseHex(from < 0 ? "" : message.substring(from + REFUSED.length()).strip());
      if (said.length == 2 && said[0] != (byte) 0x90) {
        return said;
      }
    } catch (IllegalArgumentException malformed) {
      LOG.debug("the driver says: {}", message, malformed);
    }
    return answer(StatusWord.CHANNEL_NOT_SUPPORTED);
  }

  /** The logical channel of a class byte (ISO/IEC 7816-4:2020, 5.4.1), as the driver takes it. */
  private static int channelOf(int cla) {
    if (cla >= 0x80 || (cla & 0xE0) == 0x20) {
      return BASIC;
    }
    return (cla & 0x40) == 0 ? cla & 0x03 : FIRST_FURTHER + (cla & 0x0F);
  }

  private static byte[] answer(StatusWord status) {
    try (ResponseApdu response = ResponseApdu.of(status)) {
      return response.encode();
    }
  }

  private static void disconnect(Card card, Afterwards afterwards) {
    try {
      card.disconnect(afterwards == Afterwards.RESET);
    } catch (CardException | RuntimeException e) {
      LOG.debug("disconnecting a card that may have gone", e);
    }
  }
}
