// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRecord;
import org.jspecify.annotations.Nullable;

/**
 * A key as its users find it: its record, what is left of its reserved uses, and algorithms under
 * its value that are ready for use. Whoever takes such an algorithm gives it back.
 *
 * <p>Thread safety: thread-safe, without a lock.
 */
public final class KeyEntry {

  /** That an operation was permitted; pure, so what held once holds again. */
  private record Permission(long table, long now, Acknowledgement acknowledgement) {}

  private final KeyRecord record;
  private final UseCounter uses;
  private final PreparedKeys prepared = new PreparedKeys();
  private final @Nullable Permission[] permissions =
      new Permission[KeyOperation.values().length + 1]; // races at worst decide once more

  KeyEntry(KeyRecord record, UseCounter uses) {
    this.record = record;
    this.uses = uses;
  }

  /**
   * What is stored of it besides its value.
   *
   * @return the record
   */
  public KeyRecord record() {
    return record;
  }

  /**
   * What is known about it.
   *
   * @return the attributes
   */
  public KeyAttributes attributes() {
    return record.attributes();
  }

  UseCounter uses() {
    return uses;
  }

  boolean wasPermitted(
      KeyOperation operation, long table, long now, Acknowledgement acknowledgement) {
    Permission known = permissions[operation.number()];
    return known != null
        && known.table == table
        && known.now == now
        && known.acknowledgement == acknowledgement;
  }

  void permitted(KeyOperation operation, long table, long now, Acknowledgement given) {
    permissions[operation.number()] = new Permission(table, now, given);
  }

  /**
   * Takes AES-GCM under its value.
   *
   * @param table where it was found
   * @param random where IVs come from
   * @return the algorithm, to be given back
   * @throws IllegalStateException if the records have changed since
   */
  public GcmKey takeGcm(KeyTable table, GcmKey.RandomSource random) {
    if (prepared.take() instanceof GcmKey known) {
      return known;
    }
    try (SecretBytes value = table.value(this)) {
      return new GcmKey(value, random);
    }
  }

  /**
   * Takes HMAC under its value.
   *
   * @param table where it was found
   * @return the algorithm, to be given back
   * @throws IllegalStateException if the records have changed since
   */
  public MacKey takeMac(KeyTable table) {
    if (prepared.take() instanceof MacKey known) {
      return known;
    }
    return newMac(table);
  }

  /**
   * HMAC under its value that is nobody else's.
   *
   * @param table where it was found
   * @return the algorithm, to be {@linkplain MacKey#forget forgotten}
   * @throws IllegalStateException if the records have changed since
   */
  public MacKey newMac(KeyTable table) {
    try (SecretBytes value = table.value(this)) {
      return new MacKey(attributes().algorithm(), value);
    }
  }

  /**
   * Gives an algorithm back.
   *
   * @param key what was taken
   */
  public void giveBack(GcmKey key) {
    prepared.giveBack(key);
  }

  /**
   * Gives an algorithm back.
   *
   * @param key what was taken, between two messages
   */
  public void giveBack(MacKey key) {
    prepared.giveBack(key);
  }

  /** Whether nothing is kept ready any more. */
  boolean isClosed() {
    return prepared.isClosed();
  }

  /** Overwrites what is ready, and what is given back later. */
  void close() {
    prepared.close();
  }
}
