// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import java.util.Optional;

/**
 * What an element is asked to put into an order as one entry. The host names keys; states,
 * attributes and values come from the element's own records.
 *
 * <p>Layout: {@code docs/spec/key-store.md}, 9.1.
 *
 * <p>Thread safety: immutable.
 */
public sealed interface OrderRequest {

  /** Whether the value of a key goes with its record. */
  enum Value {
    /** The record alone. */
    LEFT_OUT,
    /** With the value, wrapped for the receiver. */
    INCLUDED
  }

  /**
   * The record of a key.
   *
   * @param key which
   * @param value whether the value goes with it
   * @param limit a lower one than the record's, or 0 for that
   */
  record Key(KeyId key, Value value, long limit) implements OrderRequest {

    /**
     * Checks the limit.
     *
     * @param key as above
     * @param value as above
     * @param limit as above
     */
    public Key {
      UsageLimit.requireLimit(limit);
    }
  }

  /**
   * An entry that needs no record of the sender's.
   *
   * @param entry a lease, or the removal of a key or a group
   */
  record Entry(OrderEntry entry) implements OrderRequest {

    /**
     * Checks the kind.
     *
     * @param entry as above
     */
    public Entry {
      if (entry instanceof OrderEntry.Key) {
        throw new IllegalArgumentException("the sender makes the entry of a key, by its id");
      }
    }
  }

  /**
   * The key that it names.
   *
   * @return the id, or empty if it is about a group
   */
  default Optional<KeyId> subject() {
    if (this instanceof Key request) {
      return Optional.of(request.key());
    }
    return this instanceof Entry other && other.entry() instanceof OrderEntry.RemoveKey removed
        ? Optional.of(removed.key())
        : Optional.empty();
  }
}
