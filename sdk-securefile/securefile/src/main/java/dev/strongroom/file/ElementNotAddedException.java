// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;

/**
 * An element cannot become one that opens the volume.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementNotAddedException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Reason {
    /** It derives other keys. */
    OTHER_KEYS(
        "it derives other keys; only a twin of the volume's element, with the same master keys, can"
            + " open the volume"),

    /** The volume has strict freshness, which one element vouches for. */
    STRICT(
        "the volume has strict freshness, which one element alone vouches for; copy everything into"
            + " a volume of this element with recover"),

    /** The volume names as many elements as it can. */
    TOO_MANY("the volume names 8 elements already, and has no room for more"),

    /** It is the volume's recovery element. */
    RECOVERY("it is the volume's recovery element, which reads; use recover"),

    /** The keys of the volume come from a managed key. */
    MANAGED_KEY(
        "the volume's keys come from a managed key; every element that has that key opens it");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  private final String volume;
  private final transient Bytes element;
  private final Reason reason;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param element the element's serial number
   * @param reason why not
   */
  public ElementNotAddedException(String volume, Bytes element, Reason reason) {
    super(volume + ": element " + element + " was not added: " + reason.text, null);
    this.volume = volume;
    this.element = element;
    this.reason = reason;
  }

  /**
   * The volume's place.
   *
   * @return the value
   */
  public String volume() {
    return volume;
  }

  /**
   * The element's serial number.
   *
   * @return 16 bytes
   */
  public Bytes element() {
    return element;
  }

  /**
   * Why not.
   *
   * @return the value
   */
  public Reason reason() {
    return reason;
  }
}
