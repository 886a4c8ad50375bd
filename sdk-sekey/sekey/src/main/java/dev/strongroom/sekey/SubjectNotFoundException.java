// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;

/**
 * Something is named that is not there, or that who asks may not see; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class SubjectNotFoundException extends SeKeyException {

  private static final long serialVersionUID = 1L;

  /** Kinds of subjects. */
  public enum Kind {
    /** A user. */
    USER("user"),
    /** A group. */
    GROUP("group"),
    /** A membership, by its group. */
    MEMBERSHIP("membership in the group"),
    /** A key. */
    KEY("key");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** What kind it is of. */
  private final Kind kind;

  /** The id. */
  private final byte[] id;

  /**
   * Reports what is missing.
   *
   * @param kind what kind it is of
   * @param id its id, 16 bytes
   */
  public SubjectNotFoundException(Kind kind, Bytes id) {
    super("there is no " + kind.words + " " + id + "; list what there is", null);
    this.kind = kind;
    this.id = id.toByteArray();
  }

  /**
   * What kind it is of.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The id.
   *
   * @return 16 bytes
   */
  public Bytes id() {
    return Bytes.copyOf(id);
  }
}
