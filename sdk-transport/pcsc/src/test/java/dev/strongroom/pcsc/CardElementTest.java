// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ApplicationNotFoundException;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.simulator.FaultPlan;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a program sees of an element in a reader, up to its secure files. */
@Tag("jdk25")
@ExtendWith(PcscStack.class)
class CardElementTest {

  private static final String USER_PIN = "correct horse";
  private static final String ADMINISTRATOR_PIN = "battery staple";
  private static final Bytes VOLUME = Bytes.parse("404142434445464748494a4b4c4d4e4f");
  private static final Bytes UID = Bytes.parse("505152535455565758595a5b5c5d5e5f");
  private static final Bytes RND = Bytes.parse("606162636465666768696a6b6c6d6e6f");

  private final SimulatedElement simulated = initialized();

  @Test
  void secureFilesAreWrittenReadAndReopened(@TempDir Path folder) throws Exception {
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    try (Reader reader = Reader.with(0, simulated.exposed())) {
      Path volume = folder.resolve("volume");
      try (SecureElement element = SecureElement.open(reader.uri());
          ElementSession session = element.login(pin(USER_PIN));
          SecureFile file = open(session, volume)) {
        file.write(content);
        file.sync();
        assertThat(read(file)).isEqualTo(content);
      }
      try (SecureElement element = SecureElement.open(reader.uri());
          ElementSession session = element.login(pin(USER_PIN));
          SecureFile file = open(session, volume)) {
        assertThat(read(file)).isEqualTo(content);
        file.pwrite(100_000, new byte[5], 0, 5);
      }
      Arrays.fill(content, 100_000, 100_005, (byte) 0);
      try (SecureElement element = SecureElement.open(reader.uri());
          ElementSession session = element.login(pin(USER_PIN));
          SecureFile file = open(session, volume)) {
        assertThat(read(file)).isEqualTo(content);
      }
    }
  }

  @Test
  void aPulledCardEndsItsFilesAndWhatWasDurableIsThereWhenItIsBack(@TempDir Path folder)
      throws Exception {
    Path volume = folder.resolve("volume");
    byte[] content = {1, 2, 3, 4};
    SecureElement element;
    ElementSession session;
    CountDownLatch removed = new CountDownLatch(1);
    SecureFile file;
    try (Reader reader = Reader.with(0, simulated.exposed())) {
      element = SecureElement.open(reader.uri());
      session = element.login(pin(USER_PIN));
      session.onRemoved(removed::countDown);
      file = open(session, volume);
      file.write(content);
      file.sync();
    }
    assertThat(removed.await(20, TimeUnit.SECONDS)).isTrue();
    Eventually.holds(() -> !session.isOpen());
    Eventually.holds(() -> !file.isOpen());
    assertThatThrownBy(() -> file.pread(0, new byte[4], 0, 4)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> element.login(pin(USER_PIN))).isInstanceOf(StrongroomException.class);
    closeQuietly(file);
    session.close();
    try (Reader reader = Reader.with(0, simulated.exposed());
        ElementSession again = loginAgain(element);
        SecureFile same = open(again, volume)) {
      assertThat(reader.name()).isEqualTo(PcscStack.READERS.get(0));
      assertThat(read(same)).isEqualTo(content);
    } finally {
      element.close();
    }
  }

  @Test
  void anotherElementWithinThePollOfTheReaderIsNotTalkedTo() throws Exception {
    SimulatedElement other = initialized();
    try (Reader reader = Reader.with(0, simulated.exposed());
        SecureElement element = SecureElement.open(reader.uri());
        ElementSession session = element.login(pin(USER_PIN))) {
      reader.exchange(other.exposed());
      long before = other.commandCount();
      assertThatThrownBy(() -> grub(session)).isInstanceOf(StrongroomException.class);
      assertThatThrownBy(() -> grub(session)).isInstanceOf(StrongroomException.class);
      // Nor is a PIN: the element of this open is another one.
      assertThatThrownBy(() -> element.login(pin(USER_PIN)))
          .isInstanceOf(StrongroomException.class);
      assertThat(other.commandCount() - before).isLessThanOrEqualTo(2);
      reader.exchange(simulated.exposed());
      try (ElementSession again = loginAgain(element)) {
        grub(again).close();
      }
    }
  }

  @Test
  void aWrongPinCostsOneTryAndALostAnswerIsNotAskedForTwice() throws Exception {
    try (Reader reader = Reader.with(0, simulated.exposed());
        SecureElement element = SecureElement.open(reader.uri())) {
      assertThatThrownBy(() -> element.login(pin("wrong")))
          .isInstanceOfSatisfying(
              AuthenticationFailedException.class,
              e -> assertThat(e.attemptsRemaining()).isEqualTo(4));
      try (ElementSession session = element.login(pin(USER_PIN))) {
        simulated.inject(FaultPlan.builder().loseResponse(1).build());
        long before = simulated.commandCount();
        assertThatThrownBy(() -> grub(session)).isInstanceOf(StrongroomException.class);
        assertThat(simulated.commandCount() - before).isEqualTo(1);
      }
      simulated.inject(FaultPlan.none());
      try (ElementSession again = loginAgain(element)) {
        grub(again).close();
        assertThat(element.status().userTriesLeft()).isEqualTo(5);
      }
    }
  }

  @Test
  void aForeignCardAndABlankElementSaySo() throws Exception {
    try (RawCard card =
            RawCard.inserted(0, RawCard.EXTENDED, command -> new byte[] {0x6A, (byte) 0x82});
        SecureElement element = SecureElement.open("pcsc:" + PcscStack.READERS.get(0))) {
      assertThatThrownBy(element::info).isInstanceOf(ApplicationNotFoundException.class);
      assertThat(card.commands()).isNotEmpty();
    }
    try (SecureElement element = SecureElement.open("pcsc:" + PcscStack.READERS.get(0))) {
      assertThatThrownBy(element::info).isInstanceOf(ElementNotFoundException.class);
    }
    SimulatedElement blank = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    try (Reader reader = Reader.with(0, blank.exposed());
        SecureElement element = SecureElement.open(reader.uri())) {
      assertThatThrownBy(() -> element.login(pin(USER_PIN)))
          .isInstanceOf(ElementNotInitializedException.class);
    }
  }

  @Test
  void afterARestartOfTheServiceTheElementIsThereAgain() throws Exception {
    try (Reader reader = Reader.with(0, simulated.exposed());
        SecureElement element = SecureElement.open(reader.uri())) {
      ElementSession session = element.login(pin(USER_PIN));
      grub(session).close();
      PcscStack.signal("KILL");
      assertThatThrownBy(() -> grub(session)).isInstanceOf(StrongroomException.class);
      PcscStack.restart();
      reader.awaitCard();
      try (ElementSession again = loginAgain(element)) {
        grub(again).close();
      }
      session.close();
    }
  }

  private static SimulatedElement initialized() {
    SimulatedElement made = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    // Not closed: that would close the simulated element.
    SecureElement element = SecureElement.open(made);
    try {
      element.initialize(pin(USER_PIN), pin(ADMINISTRATOR_PIN));
    } catch (StrongroomException e) {
      throw new AssertionError(e);
    }
    return made;
  }

  /** Logs in once the reader has seen the card again. */
  private static ElementSession loginAgain(SecureElement element) throws Exception {
    ElementSession[] session = new ElementSession[1];
    Eventually.holds(
        () -> {
          try {
            session[0] = element.login(pin(USER_PIN));
            return true;
          } catch (AuthenticationFailedException e) {
            throw e;
          } catch (StrongroomException e) {
            return false;
          }
        });
    return session[0];
  }

  private static Grub grub(ElementSession session) throws StrongroomException {
    return session.grub(VOLUME, List.of(GrubRequest.existing(UID, RND, 0))).get(0);
  }

  private static SecureFile open(ElementSession session, Path volume) throws IOException {
    return SecureFile.open(
        session,
        volume,
        "a file",
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private static byte[] read(SecureFile file) throws IOException {
    byte[] content = new byte[(int) file.size()];
    assertThat(file.pread(0, content, 0, content.length)).isEqualTo(content.length);
    return content;
  }

  private static void closeQuietly(SecureFile file) {
    try {
      file.close();
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }

  private static SecretBytes pin(String text) {
    return SecretBytes.encode(text.toCharArray());
  }
}
