// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.device.AuthenticationFailedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ElementStatus;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.core.testkit.Exchange;
import dev.strongroom.core.testkit.FaultyTransport;
import dev.strongroom.core.testkit.FaultyTransport.Fault;
import dev.strongroom.core.testkit.RecordingTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The link fails in every way at every APDU of a scenario: each step does what it says or nothing,
 * no step does it twice, and afterwards a fresh session works.
 */
@Tag("jdk25")
class ChaosTest {

  private static final int USER_TRIES = SimulatedElementOptions.DEFAULT_USER_TRIES;
  private static final int ADMINISTRATOR_TRIES =
      SimulatedElementOptions.DEFAULT_ADMINISTRATOR_TRIES;

  /** What a user does; most of it counts or changes something. */
  private enum Step {
    STATUS,
    INITIALIZE,
    WRONG_PIN,
    WRONG_ADMINISTRATOR_PIN,
    LOGIN,
    GRUB,
    PAGES,
    RANDOM,
    SET_VERSION,
    CHANGE_PIN,
    UNBLOCK,
    LOGOUT
  }

  /** One run: an element, a link that fails at one place, and what came through it. */
  private static final class Run {

    private final SimulatedElement simulated =
        SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    private final RecordingTransport received;
    private final FaultyTransport link;
    private final List<String> log = new ArrayList<>();
    private final SecureElement element;
    private @Nullable ElementSession session;
    private boolean versionSet;

    Run(Reach way) {
      received = new RecordingTransport(way.to(simulated));
      link = FaultyTransport.narrow(received, way.limits());
      element = SecureElement.open(link);
    }

    /** Does a step, and checks by another way to the element what that did. */
    void step(Step step) throws StrongroomException {
      ElementStatus before = status();
      int from = received.exchanges().size();
      @Nullable StrongroomException failure = null;
      try {
        act(step);
      } catch (StrongroomException e) {
        failure = e;
      }
      log.add(step + (failure == null ? "" : ": " + failure.getClass().getSimpleName()));
      ElementStatus after = status();
      executedAtMostOnce(received.exchanges().subList(from, received.exchanges().size()));
      effect(step, failure, before, after);
    }

    private ElementStatus status() throws StrongroomException {
      // By method calls, which is another channel and no power cycle.
      return simulated.openChannel().status();
    }

    private void act(Step step) throws StrongroomException {
      switch (step) {
        case STATUS -> element.status();
        case INITIALIZE -> {
          try (SecretBytes user = Stored.pin(Stored.USER_PIN);
              SecretBytes administrator = Stored.pin(Stored.ADMINISTRATOR_PIN)) {
            element.initialize(user, administrator);
          }
        }
        case WRONG_PIN -> element.verify(Role.USER, Stored.pin("4321"));
        case WRONG_ADMINISTRATOR_PIN ->
            element.unblock(Stored.pin("87654321"), Stored.pin(Stored.USER_PIN));
        case LOGIN -> session = element.login(Stored.pin(Stored.USER_PIN));
        case CHANGE_PIN ->
            element.changePin(Role.USER, Stored.pin(Stored.USER_PIN), Stored.pin(Stored.USER_PIN));
        case UNBLOCK ->
            element.unblock(Stored.pin(Stored.ADMINISTRATOR_PIN), Stored.pin(Stored.USER_PIN));
        case GRUB, PAGES, RANDOM, SET_VERSION, LOGOUT -> {
          if (session != null) {
            act(step, session);
          }
        }
      }
    }

    private static void act(Step step, ElementSession session) throws StrongroomException {
      switch (step) {
        case GRUB -> {
          List<GrubRequest> requests = new ArrayList<>();
          for (int i = 0; i < 12; i++) {
            requests.add(GrubRequest.existing(Stored.UID, Stored.RND, i));
          }
          session.grub(Stored.VOLUME, requests).forEach(Grub::close);
        }
        case PAGES ->
            session
                .pageGrub(Stored.VOLUME, GrubRequest.existing(Stored.UID, Stored.RND, 0), 0, 3)
                .forEach(SecretBytes::close);
        case RANDOM -> session.random(700);
        case SET_VERSION ->
            session.compareAndSetVersion(
                VersionSlot.none(Stored.VOLUME), Bytes.copyOf(new byte[VersionSlot.ROOT_LENGTH]));
        default -> session.close();
      }
    }

    /** What a step did is what it says, or less, never more. */
    private void effect(
        Step step,
        @Nullable StrongroomException failure,
        ElementStatus before,
        ElementStatus after) {
      long changes = after.generation() - before.generation();
      int user = before.userTriesLeft() - after.userTriesLeft();
      int administrator = before.administratorTriesLeft() - after.administratorTriesLeft();
      switch (step) {
        case INITIALIZE -> {
          assertThat(before.initialized()).isFalse();
          if (failure == null) {
            assertThat(after.initialized()).as(log.toString()).isTrue();
          }
        }
        case WRONG_PIN -> {
          if (failure instanceof AuthenticationFailedException) {
            assertThat(user).as(log.toString()).isEqualTo(1);
          }
          assertThat(user).as(log.toString()).isBetween(0, 1);
        }
        case WRONG_ADMINISTRATOR_PIN ->
            assertThat(administrator).as(log.toString()).isBetween(0, 1);
        case SET_VERSION -> {
          versionSet = failure == null && session != null;
          assertThat(changes).as(log.toString()).isBetween(versionSet ? 1L : 0L, 1L);
        }
        case LOGIN, CHANGE_PIN, UNBLOCK -> {
          if (failure == null) {
            assertThat(changes).as(log.toString()).isPositive();
          }
        }
        default -> assertThat(after).as(log.toString()).isEqualTo(before);
      }
    }

    /** Counted behind the fault, where the element answered it. */
    private void executedAtMostOnce(List<Exchange> exchanges) {
      Map<Integer, Integer> executed = new TreeMap<>();
      for (Exchange exchange : exchanges) {
        int cla = exchange.command().at(0) & 0xFF;
        int ins = exchange.command().at(1) & 0xFF;
        boolean own = (cla & ElementProtocol.CLA_PROPRIETARY) != 0;
        int p1 = exchange.command().at(2) & 0xFF;
        int sw1 = exchange.response().at(exchange.response().length() - 2) & 0xFF;
        boolean question =
            ins == ElementProtocol.INS_SELECT
                || ins == ElementProtocol.INS_GET_DATA
                || ins == ElementProtocol.INS_GET_RESPONSE
                || ins == ElementProtocol.INS_MANAGE_CHANNEL
                || ins == Scp11b.INS
                || (ins == ElementProtocol.INS_VERIFY && !own && p1 == ElementProtocol.P1_LOGOUT)
                || (ins == ElementProtocol.INS_READ_VERSION && own);
        boolean part = (cla & ElementProtocol.CLA_CHAINING) != 0;
        if (!question && !part && (sw1 == 0x90 || sw1 == 0x61 || sw1 == 0x63)) {
          executed.merge(ins, 1, Integer::sum);
        }
      }
      assertThat(executed.values()).as("%s %s", log, executed).allMatch(count -> count == 1);
      assertThat(executed).as(log.toString()).hasSizeLessThanOrEqualTo(1);
    }

    /** Whatever happened, the next session works, on the same element object. */
    void freshSession() throws StrongroomException {
      if (!status().initialized()) {
        act(Step.INITIALIZE);
      }
      try (ElementSession fresh = element.login(Stored.pin(Stored.USER_PIN))) {
        assertThat(fresh.isOpen()).isTrue();
        act(Step.GRUB, fresh);
        act(Step.RANDOM, fresh);
        long counter = fresh.readVersion(Stored.VOLUME).map(VersionSlot::counter).orElse(0L);
        assertThat(counter).as(log.toString()).isBetween(versionSet ? 1L : 0L, 1L);
      }
      assertThat(status().userTriesLeft()).isEqualTo(USER_TRIES);
      assertThat(status().administratorTriesLeft()).isBetween(1, ADMINISTRATOR_TRIES);
    }
  }

  static Stream<Arguments> everyFaultOnEveryWay() {
    return Stream.of(Reach.BY_APDU, Reach.EXPOSED, Reach.EXPOSED_SHORT)
        .flatMap(way -> Stream.of(Fault.values()).map(fault -> Arguments.of(way, fault)));
  }

  @ParameterizedTest
  @MethodSource
  void everyFaultOnEveryWay(Reach way, Fault fault) throws StrongroomException {
    for (int inARow : fault == Fault.COMMAND_LOST ? new int[] {1, 2, 3} : new int[] {1}) {
      int apdu = 1;
      boolean happened = true;
      while (happened) {
        Run run = new Run(way);
        run.log.add(way + ", " + fault + " x " + inARow + " at APDU " + apdu);
        run.link.failAt(apdu, fault, inARow);
        for (Step step : Step.values()) {
          run.step(step);
        }
        happened = !run.link.isPending();
        run.link.heal();
        run.freshSession();
        run.element.close();
        apdu++;
      }
      assertThat(apdu).as("APDUs of the scenario").isGreaterThan(20);
    }
  }
}
