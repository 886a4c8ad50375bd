// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The element's key memory has no room for what was to be put there; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementFullException extends DeviceException {

  /** What there is too little of. */
  public enum Limit {
    /** Memory: records have to be removed first. */
    MEMORY,
    /** Room for one change: the same can be done in several. */
    CHANGE
  }

  private static final long serialVersionUID = 1L;

  private final Limit limit;
  private final long needed;
  private final long free;
  private final long capacity;

  /**
   * Reports a full element.
   *
   * @param limit what there is too little of
   * @param needed records that need room
   * @param free records for which there is room
   * @param capacity records that it can have
   */
  public ElementFullException(Limit limit, long needed, long free, long capacity) {
    super(
        limit == Limit.MEMORY
            ? "the secure element's key memory holds "
                + capacity
                + " records and has room for "
                + free
                + ", not for "
                + needed
                + "; remove keys, or use an element with more memory"
            : "the secure element's key memory is nearly full and takes changes of "
                + free
                + " records at once, not of "
                + needed
                + "; make them one after the other",
        null);
    this.limit = limit;
    this.needed = needed;
    this.free = free;
    this.capacity = capacity;
  }

  /**
   * What there is too little of.
   *
   * @return memory, or room for one change
   */
  public Limit limit() {
    return limit;
  }

  /**
   * How many records need room.
   *
   * @return at least 1
   */
  public long needed() {
    return needed;
  }

  /**
   * For how many records there is room.
   *
   * @return less than {@link #needed()}
   */
  public long free() {
    return free;
  }

  /**
   * How many records it can have.
   *
   * @return those that it has included
   */
  public long capacity() {
    return capacity;
  }
}
