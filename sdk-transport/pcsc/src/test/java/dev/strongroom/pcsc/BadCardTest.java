// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.FrameException;
import dev.strongroom.core.transport.InvalidElementUriException;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.ReaderNotFoundException;
import dev.strongroom.core.transport.ResponseTooLongException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportLimits;
import dev.strongroom.core.transport.TransportTimeoutException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Cards that go away, answer wrongly or not at all; each APDU reaches a card once or never. */
@Tag("jdk25")
@ExtendWith(PcscStack.class)
class BadCardTest {

  private static final Bytes PING = Bytes.parse("80100000");
  private static final Bytes BAD = Bytes.parse("80180000");
  private static final Bytes OTHER = Bytes.parse("80110000");
  private static final byte[] SUCCESS = {(byte) 0x90, 0x00};

  @Test
  void aCardPulledUnderAnApduIsALostLinkWithUnknownOutcome() throws Exception {
    try (RawCard card = RawCard.inserted(0, RawCard.EXTENDED, bad(command -> null));
        Transport transport = open("")) {
      transport.powerOn();
      assertThat(send(transport, PING)).isEqualTo("9000");
      assertLost(transport, LinkLostException.Outcome.UNKNOWN);

      // At once, and when the card is back in: what was open is over either way.
      assertGone(transport);
      Eventually.holds(() -> SmartCardService.get().hasCard(PcscStack.READERS.get(0)));
      Thread.sleep(1_000);
      assertGone(transport);
      assertThat(card.commands()).containsExactly(PING, BAD);

      powerOnAgain(transport);
      assertThat(send(transport, OTHER)).isEqualTo("9000");
      assertThat(card.commands()).containsExactly(PING, BAD, OTHER);
    }
  }

  @Test
  void aCardPulledAtAnyTimeHasReceivedEveryAnsweredApduAndAtMostOneMore() throws Exception {
    Transport transport = null;
    try {
      for (int pulls = 0; pulls < 5; pulls++) {
        try (RawCard card = RawCard.inserted(0)) {
          transport = transport == null ? open("") : transport;
          powerOnAgain(transport);
          Thread hand = pullAfter(card, 20 + 13 * pulls);
          long answered = 0;
          try {
            while (true) {
              assertThat(send(transport, PING)).isEqualTo("9000");
              answered++;
            }
          } catch (LinkLostException | ElementRemovedException e) {
            assertThat(card.count()).isBetween(answered, answered + 1);
          }
          assertGone(transport);
          hand.join();
        }
      }
    } finally {
      if (transport != null) {
        transport.close();
      }
    }
  }

  private static Thread pullAfter(RawCard card, long millis) {
    Thread hand =
        new Thread(
            () -> {
              try {
                Thread.sleep(millis);
                card.pull();
              } catch (InterruptedException | IOException e) {
                throw new AssertionError(e);
              }
            });
    hand.start();
    return hand;
  }

  @Test
  void anotherCardIsNotTakenForTheFirst() throws Exception {
    BlockingQueue<TransportEvent> events = new LinkedBlockingQueue<>();
    Transport transport;
    try (RawCard first = RawCard.inserted(0)) {
      transport = open("");
      transport.listen(events::add);
      transport.powerOn();
      send(transport, PING);
      assertThat(first.commands()).containsExactly(PING);
    }
    assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(TransportEvent.LEFT);
    assertThat(transport.isPresent()).isFalse();
    try (RawCard second = RawCard.inserted(0, RawCard.PLAIN, command -> SUCCESS)) {
      assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(TransportEvent.ARRIVED);
      assertGone(transport);
      assertThatThrownBy(transport::powerOn).isInstanceOf(ElementRemovedException.class);
      assertThat(second.commands()).isEmpty();
    }
    try (RawCard first = RawCard.inserted(0)) {
      powerOnAgain(transport);
      assertThat(send(transport, OTHER)).isEqualTo("9000");
      assertThat(first.commands()).containsExactly(OTHER);
    } finally {
      transport.close();
    }
  }

  @Test
  void anEmptyReaderAndAMissingOneSaySo() throws Exception {
    PcscStack.start();
    Eventually.holds(() -> SmartCardService.get().readers().size() == 2);
    Eventually.holds(() -> !SmartCardService.get().hasCard(PcscStack.READERS.get(0)));
    try (Transport transport = open("")) {
      assertThat(transport.isPresent()).isFalse();
      assertThatThrownBy(transport::powerOn)
          .isInstanceOfSatisfying(
              ElementNotFoundException.class,
              e -> assertThat(e.element()).isEqualTo("pcsc:" + PcscStack.READERS.get(0)));
    }
    assertThatThrownBy(() -> open("?wait=1")).isInstanceOf(ElementNotFoundException.class);
    assertThatThrownBy(() -> open("pcsc:Nonesuch", ""))
        .isInstanceOf(ReaderNotFoundException.class)
        .hasMessageContaining("Nonesuch")
        .hasMessageContaining(PcscStack.READERS.get(1));
    assertThatThrownBy(() -> open("pcsc:7", "")).isInstanceOf(ReaderNotFoundException.class);
    for (String wrong : List.of("?wait=x", "?timeout=0", "?apdu=long", "?pause=1")) {
      assertThatThrownBy(() -> open(wrong)).isInstanceOf(InvalidElementUriException.class);
    }
  }

  @Test
  void aCardIsWaitedForAndFoundByNumberAndName() throws Exception {
    PcscStack.start();
    PcscProvider provider = new PcscProvider();
    Eventually.holds(() -> SmartCardService.get().readers().size() == 2);
    assertThat(provider.identity(ElementUri.parse("pcsc:1")))
        .isEqualTo(provider.identity(ElementUri.parse("pcsc:" + PcscStack.READERS.get(1))));
    Eventually.holds(() -> provider.reachable().isEmpty());
    try (RawCard card = RawCard.insert(1, RawCard.EXTENDED, command -> SUCCESS);
        Transport transport = open("pcsc:1", "?wait=20")) {
      transport.powerOn();
      send(transport, PING);
      assertThat(card.commands()).containsExactly(PING);
      assertThat(transport.name()).isEqualTo("pcsc:" + PcscStack.READERS.get(1));
      assertThat(provider.reachable())
          .containsExactly(ElementUri.parse("pcsc:" + PcscStack.READERS.get(1)));
    }
  }

  @Test
  void anEmptyAnswerIsALostLinkAndAnAnswerOfOneByteIsMalformed() throws Exception {
    AtomicBoolean empty = new AtomicBoolean();
    try (RawCard card =
            RawCard.inserted(0, RawCard.EXTENDED, bad(command -> new byte[empty.get() ? 0 : 1]));
        Transport transport = open("?timeout=1")) {
      transport.powerOn();
      assertThatThrownBy(() -> send(transport, BAD)).isInstanceOf(FrameException.class);
      powerOnAgain(transport);
      empty.set(true);
      // The reader waits for the rest of the empty answer, and pcscd with it, until it gets more.
      assertThatThrownBy(() -> send(transport, BAD)).isInstanceOf(TransportTimeoutException.class);
      assertThat(card.commands()).containsExactly(BAD, BAD);
      card.pull();
    }
    try (RawCard card = RawCard.inserted(0);
        Transport transport = open("")) {
      powerOnAgain(transport);
      assertThat(send(transport, PING)).isEqualTo("9000");
      assertThat(card.commands()).containsExactly(PING);
    }
  }

  @Test
  void anAnswerThatTheDriverHasNoRoomForIsSaidToBeLost() throws Exception {
    try (RawCard card = RawCard.inserted(0, RawCard.EXTENDED, bad(command -> answerOf(8_193)));
        Transport transport = open("")) {
      transport.powerOn();
      assertThat(transport.limits().maxResponse()).isEqualTo(8_192);
      assertThatThrownBy(() -> send(transport, BAD))
          .isInstanceOfSatisfying(
              ResponseTooLongException.class, e -> assertThat(e.limit()).isEqualTo(8_192));
      assertGone(transport);
      powerOnAgain(transport);
      assertThat(send(transport, PING)).isEqualTo("9000");
      assertThat(card.commands()).containsExactly(BAD, PING);
    }
  }

  @Test
  void theLongestAnswerAndTheLongestCommandComeWhole() throws Exception {
    try (RawCard card = RawCard.inserted(0, RawCard.EXTENDED, bad(command -> answerOf(8_192)));
        Transport transport = open("")) {
      transport.powerOn();
      assertThat(transport.transmit(BAD.toByteArray())).isEqualTo(answerOf(8_192));
      byte[] longest = new byte[transport.limits().maxCommand()];
      longest[0] = (byte) 0x80;
      longest[5] = (byte) ((longest.length - 7) >>> 8);
      longest[6] = (byte) (longest.length - 7);
      assertThat(transport.transmit(longest)).isEqualTo(SUCCESS);
      assertThat(card.commands().get(1)).isEqualTo(Bytes.copyOf(longest));
    }
  }

  @Test
  void aCardThatIsLateIsNotWaitedForAndComesBack() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    try (RawCard card =
            RawCard.inserted(
                0,
                RawCard.EXTENDED,
                bad(
                    command -> {
                      late.await();
                      return SUCCESS;
                    }));
        Transport transport = open("?timeout=1")) {
      transport.powerOn();
      assertThatThrownBy(() -> send(transport, BAD)).isInstanceOf(TransportTimeoutException.class);
      // The driver still waits for the answer; nothing goes past it.
      assertThatThrownBy(() -> send(transport, PING)).isInstanceOf(TransportTimeoutException.class);
      assertThatThrownBy(transport::powerOn).isInstanceOf(TransportTimeoutException.class);
      late.countDown();
      powerOnAgain(transport);
      assertThat(send(transport, OTHER)).isEqualTo("9000");
      assertThat(card.commands()).containsExactly(BAD, OTHER);
    }
  }

  @Test
  void moreDataAndACorrectedLengthAreLeftToTheLayersAbove() throws Exception {
    byte[][] raw = {{0x61, 0x05}, {0x6C, 0x10}};
    for (byte[] status : raw) {
      try (RawCard card = RawCard.inserted(0, RawCard.EXTENDED, bad(command -> status));
          Transport transport = open("")) {
        transport.powerOn();
        assertThat(transport.transmit(BAD.toByteArray())).isEqualTo(status);
        assertThat(card.commands()).containsExactly(BAD);
      }
    }
  }

  @Test
  void lengthsAreShortWhereTheCardOrTheUriSaysSo() throws Exception {
    for (Atr atr : List.of(RawCard.PLAIN, Atr.parse("3B00"), Atr.parse("3B04738000C0"))) {
      try (RawCard card = RawCard.inserted(0, atr, command -> SUCCESS);
          Transport transport = open("")) {
        assertThat(transport.powerOn()).isEqualTo(atr);
        assertThat(transport.limits()).as("%s", atr).isEqualTo(TransportLimits.SHORT);
        assertThat(send(transport, PING)).isEqualTo("9000");
        assertThat(card.commands()).containsExactly(PING);
      }
    }
    try (RawCard card = RawCard.inserted(0);
        Transport transport = open("?apdu=short")) {
      transport.powerOn();
      assertThat(transport.limits()).isEqualTo(TransportLimits.SHORT);
      assertThat(card.commands()).isEmpty();
    }
  }

  private static RawCard.Behaviour bad(RawCard.Behaviour behaviour) {
    return command ->
        Bytes.copyOf(command).equals(BAD) ? behaviour.answer(command) : SUCCESS.clone();
  }

  private static byte[] answerOf(int length) {
    byte[] answer = new byte[length];
    for (int i = 0; i < length; i++) {
      answer[i] = (byte) (i * 31);
    }
    answer[length - 2] = (byte) 0x90;
    answer[length - 1] = 0;
    return answer;
  }

  private static Transport open(String parameters) throws Exception {
    return open("pcsc:" + PcscStack.READERS.get(0), parameters);
  }

  private static Transport open(String uri, String parameters) throws Exception {
    return new PcscProvider().open(ElementUri.parse(uri + parameters));
  }

  private static String send(Transport transport, Bytes command) throws Exception {
    return HexFormat.of().formatHex(transport.transmit(command.toByteArray()));
  }

  private static void assertLost(Transport transport, LinkLostException.Outcome outcome) {
    assertThatThrownBy(() -> send(transport, BAD))
        .isInstanceOfSatisfying(
            LinkLostException.class, e -> assertThat(e.outcome()).isEqualTo(outcome));
  }

  private static void assertGone(Transport transport) {
    assertThatThrownBy(() -> send(transport, PING)).isInstanceOf(ElementRemovedException.class);
  }

  /** A reader takes a moment to see its card again. */
  private static void powerOnAgain(Transport transport) throws Exception {
    Eventually.holds(
        () -> {
          try {
            transport.powerOn();
            return true;
          } catch (ElementRemovedException
              | ElementNotFoundException
              | TransportTimeoutException e) {
            return false;
          }
        });
  }
}
