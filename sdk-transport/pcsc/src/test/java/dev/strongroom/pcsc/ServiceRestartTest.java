// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.core.transport.ServiceUnavailableException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon ends under an APDU, and comes back. */
@Tag("jdk25")
@ExtendWith(PcscStack.class)
class ServiceRestartTest {

  private static final Bytes PING = Bytes.parse("80100000");
  private static final Bytes SLOW = Bytes.parse("80180000");
  private static final byte[] SUCCESS = {(byte) 0x90, 0x00};

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "TERM"})
  void aDaemonThatEndsUnderAnApduIsALostLinkAndANewOneIsFound(String signal) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    BlockingQueue<TransportEvent> events = new LinkedBlockingQueue<>();
    try (RawCard card =
            RawCard.inserted(
                0,
                RawCard.EXTENDED,
                command -> {
                  if (Bytes.copyOf(command).equals(SLOW)) {
                    arrived.countDown();
                    over.await();
                  }
                  return SUCCESS;
                });
        Transport transport =
            new PcscProvider().open(ElementUri.parse("pcsc:" + PcscStack.READERS.get(0)))) {
      transport.listen(events::add);
      transport.powerOn();
      assertThat(transport.transmit(PING.toByteArray())).isEqualTo(SUCCESS);
      CompletableFuture<byte[]> slow =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return transport.transmit(SLOW.toByteArray());
                } catch (TransportException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              },
              task -> new Thread(task).start());
      arrived.await();
      PcscStack.signal(signal);
      if (signal.equals("TERM")) {
        // It ends in order, once its reader has.
        over.countDown();
      }
      LinkLostException lost = lost(slow);
      over.countDown();
      if (lost != null) {
        assertThat(lost.outcome()).isEqualTo(LinkLostException.Outcome.UNKNOWN);
        assertThatThrownBy(() -> transport.transmit(PING.toByteArray()))
            .isInstanceOf(ElementRemovedException.class);
      }
      assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo(TransportEvent.LEFT);
      assertThatThrownBy(transport::powerOn)
          .isInstanceOfSatisfying(
              ServiceUnavailableException.class,
              e -> assertThat(e.service()).isEqualTo("PC/SC service"));

      PcscStack.restart();
      assertThat(events.poll(20, TimeUnit.SECONDS)).isEqualTo(TransportEvent.ARRIVED);
      transport.powerOn();
      assertThat(transport.transmit(PING.toByteArray())).isEqualTo(SUCCESS);
      assertThat(card.commands()).containsExactly(PING, SLOW, PING);
    }
  }

  @Test
  void aProgramToWhichTheDriverIsNotOpenedIsToldWhatToDo() throws Exception {
    try (RawCard card = RawCard.inserted(0);
        ChildJvm child = ChildJvm.start("steps", "pcsc:" + PcscStack.READERS.get(0))) {
      assertThat(child.line()).isEqualTo("9000");
      PcscStack.signal("KILL");
      PcscStack.restart();
      Eventually.holds(() -> SmartCardService.get().hasCard(PcscStack.READERS.get(0)));
      child.step();
      assertThat(child.line()).containsAnyOf("LinkLostException", "ElementRemovedException");
      child.step();
      assertThat(child.line())
          .startsWith("ServiceUnavailableException")
          .contains("start the program again")
          .contains("--add-opens java.smartcardio/sun.security.smartcardio=ALL-UNNAMED");
      assertThat(card.commands()).containsExactly(PING);
    }
  }

  private static @org.jspecify.annotations.Nullable LinkLostException lost(
      CompletableFuture<byte[]> slow) throws Exception {
    try {
      slow.get(20, TimeUnit.SECONDS);
      return null;
    } catch (java.util.concurrent.ExecutionException e) {
      Throwable cause = e.getCause();
      while (cause instanceof java.io.UncheckedIOException unchecked) {
        cause = unchecked.getCause();
      }
      assertThat(cause).isInstanceOf(LinkLostException.class);
      return (LinkLostException) cause;
    }
  }
}
