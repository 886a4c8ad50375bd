// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator.keystore;

import dev.strongroom.core.keys.KeyState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Single fields of records in a page, for those who look at all of them; {@code
 * docs/spec/key-store.md}, 2.
 *
 * <p>Thread safety: stateless.
 */
final class RecordFields {

  static final int KIND = 16;
  private static final int GROUP_INDEX = 20;
  private static final int LIMIT = 24;
  private static final int DESTRUCTION = 40;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private RecordFields() {}

  static boolean isKey(int kind) {
    return (kind & 0x70) == 0x10;
  }

  static boolean isGroup(int kind) {
    return kind == 0x20;
  }

  static int kind(byte[] page, int at) {
    return page[at + KIND] & 0xFF;
  }

  /** Of a key, 0 if it has none. */
  static int groupIndex(byte[] page, int at) {
    return (page[at + GROUP_INDEX] & 0xFF) << 8 | (page[at + GROUP_INDEX + 1] & 0xFF);
  }

  /** Of a key, 0 if it has none. */
  static long limit(byte[] page, int at) {
    return Integer.toUnsignedLong((int) INT.get(page, at + LIMIT));
  }

  /** Whether a record is a key whose time of destruction is there and has come. */
  static boolean isDue(byte[] page, int at, long floor) {
    long time = Integer.toUnsignedLong((int) INT.get(page, at + DESTRUCTION));
    return time != 0
        && time <= floor
        && isKey(kind(page, at))
        && KeyState.of(kind(page, at) & 0xF).filter(KeyState::isDestroyed).isEmpty();
  }
}
