// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.transport.ElementInUseException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several readers in one program, and several programs at one reader. */
@Tag("jdk25")
@ExtendWith(PcscStack.class)
class SharedReadersTest {

  private static final Bytes PING = Bytes.parse("80100000");
  private static final Bytes SLOW = Bytes.parse("80180000");
  private static final byte[] SUCCESS = {(byte) 0x90, 0x00};

  /** The common pool may have one thread only. */
  private final Executor threads = task -> new Thread(task).start();

  @Test
  void aSlowCardDoesNotKeepAnotherReaderWaiting() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (RawCard slow =
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
        RawCard quick = RawCard.inserted(1);
        Transport first = open(0, "");
        Transport second = open(1, "")) {
      first.powerOn();
      second.powerOn();
      CompletableFuture<byte[]> answer =
          CompletableFuture.supplyAsync(() -> exchange(first, SLOW), threads);
      arrived.await();
      try {
        CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    assertThat(exchange(second, PING)).isEqualTo(SUCCESS);
                  }
                },
                threads)
            .get(20, TimeUnit.SECONDS);
        assertThat(answer).isNotDone();
      } finally {
        over.countDown();
      }
      assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(SUCCESS);
      assertThat(slow.commands()).containsExactly(SLOW);
      assertThat(quick.commands()).hasSize(100);
    }
  }

  @Test
  void aReaderBelongsToOneProgramUntilItEndsInWhateverWay() throws Exception {
    try (RawCard card = RawCard.inserted(0);
        Transport transport = open(0, "")) {
      try (ChildJvm other = ChildJvm.start("hold", "pcsc:" + PcscStack.READERS.get(0))) {
        assertThat(other.line()).isEqualTo("held");
        assertThatThrownBy(transport::powerOn)
            .isInstanceOfSatisfying(
                ElementInUseException.class,
                e -> assertThat(e.element()).isEqualTo("pcsc:" + PcscStack.READERS.get(0)));
        other.kill();
        Eventually.holds(
            () -> {
              try {
                transport.powerOn();
                return true;
              } catch (ElementInUseException e) {
                return false;
              }
            });
      }
      assertThat(exchange(transport, PING)).isEqualTo(SUCCESS);

      try (Transport same = open(0, "")) {
        assertThatThrownBy(same::powerOn).isInstanceOf(ElementInUseException.class);
      }
      transport.powerOff();
      try (Transport same = open(0, "")) {
        same.powerOn();
        assertThat(exchange(same, PING)).isEqualTo(SUCCESS);
      }
      assertThat(card.commands()).containsExactly(PING, PING);
    }
  }

  @Test
  void theTransactionOfAForeignProgramIsNotWaitedForForEver() throws Exception {
    try (RawCard card = RawCard.inserted(0);
        Transport transport = open(0, "?timeout=1")) {
      try (ChildJvm other = ChildJvm.start("transaction", PcscStack.READERS.get(0))) {
        assertThat(other.line()).isEqualTo("held");
        assertThatThrownBy(transport::powerOn).isInstanceOf(ElementInUseException.class);
      }
      Eventually.holds(
          () -> {
            try {
              transport.powerOn();
              return true;
            } catch (ElementInUseException e) {
              return false;
            }
          });
      assertThat(exchange(transport, PING)).isEqualTo(SUCCESS);
      assertThat(card.commands()).containsExactly(PING);
    }
  }

  @Test
  void aForeignProgramWaitsAndCannotResetTheCardInBetween() throws Exception {
    try (RawCard card = RawCard.inserted(0);
        Transport transport = open(0, "?timeout=5")) {
      transport.powerOn();
      try (ChildJvm other = ChildJvm.start("transaction", PcscStack.READERS.get(0))) {
        CompletableFuture<String> held =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return other.line();
                  } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                },
                threads);
        for (int i = 0; i < 10; i++) {
          assertThat(exchange(transport, PING)).isEqualTo(SUCCESS);
          Thread.sleep(100);
        }
        assertThat(held).isNotDone();
        transport.powerOff();
        assertThat(held.get(20, TimeUnit.SECONDS)).isEqualTo("held");
      }
      assertThat(card.commands()).hasSize(10);
    }
  }

  private static Transport open(int reader, String parameters) throws Exception {
    return new PcscProvider()
        .open(ElementUri.parse("pcsc:" + PcscStack.READERS.get(reader) + parameters));
  }

  private static byte[] exchange(Transport transport, Bytes command) {
    try {
      return transport.transmit(command.toByteArray());
    } catch (TransportException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
