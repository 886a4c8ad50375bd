// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.docs.keys;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyDecision;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyTrigger;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.LeaseGate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The life of a key with both periods, as {@link KeyRules} decide at each time: states change when
 * the rules permit it, and each operation is asked for.
 */
final class PeriodPicture {

  private static final int LEFT = 120;
  private static final int STEP = 125;
  private static final int ROW = 44;
  private static final int TOP = 90;

  private static final ElementTime ACTIVATION = new ElementTime(1_000);
  private static final ElementTime ORIGINATOR_END = new ElementTime(2_000);
  private static final ElementTime RECIPIENT_END = new ElementTime(3_000);
  private static final ElementTime DESTRUCTION = new ElementTime(5_000);
  private static final KeyPeriods PERIODS =
      new KeyPeriods(ACTIVATION, ORIGINATOR_END, RECIPIENT_END, ElementTime.NONE);

  private static final List<KeyOperation> OPERATIONS =
      List.of(
          KeyOperation.ENCRYPT,
          KeyOperation.DECRYPT,
          KeyOperation.REWRAP,
          KeyOperation.DISTRIBUTE,
          KeyOperation.CONFIRM,
          KeyOperation.READ);

  private PeriodPicture() {}

  /** A part of the key's life: what begins it, when it is looked at, and what the key is then. */
  private record Phase(String begin, ElementTime at, KeyAttributes key) {}

  private static KeyAttributes key(KeyState state, KeyPeriods periods) {
    return new KeyAttributes(
        new KeyId(Bytes.parse("00000000000000000000000000000001")),
        state,
        KeyAlgorithm.AES_256,
        Set.of(KeyUsage.ENCRYPTION),
        EnumSet.of(KeyFlag.DISTRIBUTION, KeyFlag.REWRAP, KeyFlag.LATE_PROCESSING),
        Optional.empty(),
        1000,
        periods,
        Bytes.parse("00000000"));
  }

  private static KeyCircumstances at(ElementTime time, Acknowledgement acknowledgement) {
    return new KeyCircumstances(time, time, 1, new LeaseGate.NotNeeded(), acknowledgement);
  }

  /** A state follows if the rules say so. */
  private static KeyAttributes follow(KeyAttributes key, KeyState state, KeyTrigger by, long at) {
    KeyCircumstances then = at(new ElementTime(at), Acknowledgement.NONE);
    if (!(KeyRules.change(key, state, by, then) instanceof KeyDecision.Permitted)) {
      throw new IllegalStateException("no key becomes " + state + " by " + by + " then");
    }
    return key(state, key.periods());
  }

  private static List<Phase> life() {
    KeyAttributes made = key(KeyState.PRE_ACTIVE, PERIODS);
    KeyAttributes active = follow(made, KeyState.ACTIVE, KeyTrigger.CLOCK, ACTIVATION.seconds());
    KeyAttributes over =
        follow(active, KeyState.DEACTIVATED, KeyTrigger.CLOCK, ORIGINATOR_END.seconds());
    KeyAttributes scheduled = key(over.state(), over.periods().withDestruction(DESTRUCTION));
    KeyAttributes destroyed =
        follow(scheduled, KeyState.DESTROYED, KeyTrigger.SCHEDULE, DESTRUCTION.seconds());
    List<Phase> life = new ArrayList<>();
    life.add(new Phase("made", new ElementTime(500), made));
    life.add(new Phase("activation", ACTIVATION, active));
    life.add(
        new Phase(
            KeyRules.MARGIN_SECONDS + " s before the end",
            new ElementTime(ORIGINATOR_END.seconds() - KeyRules.MARGIN_SECONDS),
            active));
    life.add(new Phase("end, originator", ORIGINATOR_END, over));
    life.add(new Phase("end, recipient", RECIPIENT_END, over));
    life.add(new Phase("destruction ordered", new ElementTime(4_000), scheduled));
    life.add(new Phase("destruction", DESTRUCTION, destroyed));
    return life;
  }

  private static String standing(Phase phase, KeyOperation operation) {
    for (Acknowledgement acknowledgement : Acknowledgement.values()) {
      if (KeyRules.decide(phase.key, operation, at(phase.at, acknowledgement))
          instanceof KeyDecision.Permitted) {
        return acknowledgement == Acknowledgement.NONE ? "permitted" : "exceptional";
      }
    }
    return "refused";
  }

  static String svg() {
    List<Phase> life = life();
    int width = LEFT + STEP * life.size() + 20;
    int bottom = TOP + ROW * OPERATIONS.size();
    Svg svg = new Svg(width, bottom + 60, "What a key may do in each part of its life");
    for (int i = 0; i < life.size(); i++) {
      Phase phase = life.get(i);
      double x = LEFT + i * STEP;
      svg.words(x + STEP / 2.0, 24, "", StatePicture.words(phase.key.state()));
      svg.words(x + 2, 58, "left small", phase.begin);
      svg.line(x, 70, x, bottom, "line");
      for (int row = 0; row < OPERATIONS.size(); row++) {
        svg.box(x + 2, TOP + row * ROW, STEP - 4, ROW - 16, standing(phase, OPERATIONS.get(row)));
      }
    }
    for (int row = 0; row < OPERATIONS.size(); row++) {
      svg.words(
          10, TOP + row * ROW + (ROW - 16) / 2.0, "left", StatePicture.words(OPERATIONS.get(row)));
    }
    double x = LEFT;
    for (String kind : List.of("permitted", "exceptional", "refused")) {
      svg.box(x, bottom + 14, 24, 16, kind);
      svg.words(
          x + 32,
          bottom + 22,
          "left small",
          kind.equals("exceptional") ? "by flag, acknowledged" : kind);
      x += 220;
    }
    return svg.done();
  }
}
