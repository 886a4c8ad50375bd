// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.docs.keys;

import java.util.Locale;

/**
 * A picture under construction, in Scalable Vector Graphics 1.1, light or dark as the reader's
 * program is.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Svg {

  private static final String HEAD =
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" role="img" aria-label="%s">
      <style>
      text { font: 14px sans-serif; fill: #1f2328; text-anchor: middle; }
      .left { text-anchor: start; }
      .small { font-size: 12px; }
      .box { fill: #f6f8fa; stroke: #59636e; stroke-width: 1.5; }
      .badge { fill: #ffffff; stroke: #59636e; }
      .line { stroke: #59636e; stroke-width: 1.5; fill: none; }
      .itself { stroke-dasharray: 6 4; }
      .head { fill: #59636e; }
      .permitted { fill: #4ac26b; }
      .exceptional { fill: #d4a72c; }
      .refused { fill: #d1d9e0; }
      @media (prefers-color-scheme: dark) {
        text { fill: #f0f6fc; }
        .box { fill: #151b23; stroke: #9198a1; }
        .badge { fill: #0d1117; stroke: #9198a1; }
        .line { stroke: #9198a1; }
        .head { fill: #9198a1; }
        .permitted { fill: #238636; }
        .exceptional { fill: #9e6a03; }
        .refused { fill: #3d444d; }
      }
      </style>
      <defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" \
      orient="auto"><path class="head" d="M0 0L10 5L0 10z"/></marker></defs>
      """;

  private final StringBuilder text;

  /** A picture of so many units, with words for who does not see it. */
  Svg(int width, int height, String label) {
    text = new StringBuilder(HEAD.formatted(width, height, width, label));
  }

  Svg box(double x, double y, double width, double height, String kind) {
    return add(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"4\"/>",
        kind, x, y, width, height);
  }

  Svg words(double x, double y, String kind, String words) {
    return add(
        "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" dy=\".35em\">%s</text>", kind, x, y, words);
  }

  Svg line(double fromX, double fromY, double toX, double toY, String kind) {
    return add(
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        kind, fromX, fromY, toX, toY);
  }

  Svg arrow(double fromX, double fromY, double toX, double toY, String kind) {
    return add(
        "<line class=\"%s\" marker-end=\"url(#arrow)\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\""
            + " y2=\"%.1f\"/>",
        kind, fromX, fromY, toX, toY);
  }

  Svg badge(double x, double y, String words) {
    add("<circle class=\"badge\" cx=\"%.1f\" cy=\"%.1f\" r=\"12\"/>", x, y);
    return words(x, y, "small", words);
  }

  private Svg add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
    return this;
  }

  /** The whole picture. */
  String done() {
    return text + "</svg>\n";
  }
}
