// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

/**
 * Bytes are no envelope, or not a whole one; nothing was given out of them that was not proved.
 *
 * <p>Thread safety: immutable.
 */
public final class EnvelopeFormatException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Reason {
    /** It does not begin as an envelope does. */
    FOREIGN("these bytes do not begin as an envelope does; give the whole envelope from its start"),
    /** The header has values that this version does not have. */
    HEADER("the header of the envelope is malformed; get it again from where it came"),
    /** It ends too early. */
    CUT_SHORT("the envelope is cut short; get it again from where it came"),
    /** Its kind is not taken by this call. */
    KIND("a batch takes envelopes that are one text; open this one by itself, or as a stream");

    private final String words;

    Reason(String words) {
      this.words = words;
    }
  }

  /** What is wrong. */
  private final Reason reason;

  /**
   * Reports bytes.
   *
   * @param reason what is wrong
   */
  public EnvelopeFormatException(Reason reason) {
    super(reason.words, null);
    this.reason = reason;
  }

  /**
   * What is wrong.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }
}
