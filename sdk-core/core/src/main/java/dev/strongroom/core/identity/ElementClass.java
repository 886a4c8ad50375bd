// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

/**
 * How well an element keeps its secrets, u16; a higher number is better.
 *
 * <p>Thread safety: immutable.
 *
 * @param number 0 to 65535; 0 if the element does not say
 */
public record ElementClass(int number) implements Comparable<ElementClass> {

  /** The element does not say. */
  public static final ElementClass UNKNOWN = new ElementClass(0);

  /** A program, whose file can be copied. */
  public static final ElementClass SOFTWARE = new ElementClass(1);

  /** A smart card or another chip made for secrets. */
  public static final ElementClass SMART_CARD = new ElementClass(2);

  /**
   * Checks the range.
   *
   * @param number as above
   */
  public ElementClass {
    if (number < 0 || number > 0xFFFF) {
      throw new IllegalArgumentException("an element class has 16 bits, not " + number);
    }
  }

  @Override
  public int compareTo(ElementClass other) {
    return Integer.compare(number, other.number);
  }

  /**
   * The class in words.
   *
   * @return such as {@code software}
   */
  @Override
  public String toString() {
    return switch (number) {
      case 0 -> "unknown";
      case 1 -> "software";
      case 2 -> "smart card";
      default -> "class " + number;
    };
  }
}
