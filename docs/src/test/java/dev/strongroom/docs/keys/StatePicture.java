// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.docs.keys;

import dev.strongroom.core.keys.KeyOperation.Kind;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyTransition;
import dev.strongroom.core.keys.KeyTrigger;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.stream.Collectors;

/** The states of a key, and what leads from one to another, out of {@link KeyTransition}. */
final class StatePicture {

  private static final int WIDTH = 1060;
  private static final int HEIGHT = 640;
  private static final double BOX_WIDTH = 190;
  private static final double BOX_HEIGHT = 48;

  /** Where badges are on their lines: not in the middle, where most lines cross. */
  private static final double BADGE = 0.25;

  /** Between a line and the one that leads back. */
  private static final double APART = 14;

  private StatePicture() {}

  /** Centre of a box. */
  private record Place(double x, double y) {}

  private static Place place(KeyState state) {
    return switch (state) {
      case PRE_ACTIVE -> new Place(150, 110);
      case ACTIVE -> new Place(500, 110);
      case SUSPENDED -> new Place(960, 110);
      case DEACTIVATED -> new Place(640, 310);
      case COMPROMISED -> new Place(150, 380);
      case DESTROYED -> new Place(500, 590);
      case DESTROYED_COMPROMISED -> new Place(150, 590);
    };
  }

  static String svg() {
    Svg svg = new Svg(WIDTH, HEIGHT, "The states of a key and the transitions between them");
    for (KeyTransition transition : KeyTransition.values()) {
      draw(svg, transition);
    }
    for (KeyState state : KeyState.values()) {
      Place place = place(state);
      svg.box(place.x - BOX_WIDTH / 2, place.y - BOX_HEIGHT / 2, BOX_WIDTH, BOX_HEIGHT, "box");
      svg.words(place.x, place.y, "", words(state));
    }
    return svg.done();
  }

  private static void draw(Svg svg, KeyTransition transition) {
    Place to = place(transition.to());
    Place from = transition.from().map(StatePicture::place).orElse(new Place(to.x, to.y - 100));
    double length = Math.hypot(to.x - from.x, to.y - from.y);
    double dx = (to.x - from.x) / length;
    double dy = (to.y - from.y) / length;
    boolean returns =
        transition
            .from()
            .filter(state -> KeyTransition.between(transition.to(), state).isPresent())
            .isPresent();
    double aside = returns ? APART : 0;
    double begin = transition.from().isPresent() ? border(dx, dy) : 0;
    double end = length - border(dx, dy);
    double startX = from.x + dx * begin - dy * aside;
    double startY = from.y + dy * begin + dx * aside;
    double endX = from.x + dx * end - dy * aside;
    double endY = from.y + dy * end + dx * aside;
    boolean itself =
        transition.triggers().stream().anyMatch(trigger -> trigger != KeyTrigger.ADMINISTRATOR);
    svg.arrow(startX, startY, endX, endY, itself ? "line itself" : "line");
    svg.badge(
        startX + (endX - startX) * BADGE, startY + (endY - startY) * BADGE, number(transition));
  }

  /** From the centre of a box to its border, in a direction. */
  private static double border(double dx, double dy) {
    return Math.min(
        dx == 0 ? Double.MAX_VALUE : BOX_WIDTH / 2 / Math.abs(dx),
        dy == 0 ? Double.MAX_VALUE : BOX_HEIGHT / 2 / Math.abs(dy));
  }

  /** NIST's number, or KMIP's. */
  private static String number(KeyTransition transition) {
    return transition.nist().isPresent()
        ? Integer.toString(transition.nist().getAsInt())
        : "K" + transition.kmip().orElseThrow();
  }

  /** The transitions as a table in Markdown. */
  static String transitions() {
    StringBuilder table =
        new StringBuilder("| number | transition | from | to | by |\n|---|---|---|---|---|\n");
    for (KeyTransition transition : KeyTransition.values()) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s |%n",
              number(transition),
              words(transition),
              transition.from().map(StatePicture::words).orElse(""),
              words(transition.to()),
              transition.triggers().stream()
                  .sorted()
                  .map(StatePicture::words)
                  .collect(Collectors.joining(", "))));
    }
    return table.toString();
  }

  /** States and kinds of operations as a table in Markdown. */
  static String standings() {
    StringBuilder table = new StringBuilder("| state |");
    EnumSet<Kind> kinds = EnumSet.allOf(Kind.class);
    kinds.forEach(kind -> table.append(' ').append(words(kind)).append(" |"));
    table.append("\n|---|").append("---|".repeat(kinds.size())).append('\n');
    for (KeyState state : KeyState.values()) {
      table.append("| ").append(words(state)).append(" |");
      for (Kind kind : kinds) {
        table
            .append(' ')
            .append(
                switch (KeyRules.standing(kind, state)) {
                  case PERMITTED -> "yes";
                  case EXCEPTIONAL -> "by flag, acknowledged";
                  case REFUSED -> "\u2013";
                })
            .append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  /** A constant's name as words. */
  static String words(Enum<?> constant) {
    return Arrays.stream(constant.name().split("_", -1))
        .map(word -> word.toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(constant == KeyState.PRE_ACTIVE ? "-" : " "));
  }
}
