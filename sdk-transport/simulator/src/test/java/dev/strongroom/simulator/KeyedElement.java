// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.Role;
import dev.strongroom.simulator.records.RecordChange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An element whose records a test reads and changes, logged in by the user's PIN. */
final class KeyedElement implements AutoCloseable {

  private static final Bytes NOTHING = Bytes.copyOf(new byte[16]);

  private final ElementApplication application;
  private @Nullable Login login;

  private KeyedElement(ElementApplication application) {
    this.application = application;
  }

  /** Opened without a login. */
  static KeyedElement on(ElementStore store, int places) {
    return new KeyedElement(
        new ElementApplication(
            store,
            SimulatedElementOptions.builder()
                .pinCost(PinCost.CHEAP)
                .keyMemory(places * 4096)
                .build(),
            "simulated in memory"));
  }

  static KeyedElement open(ElementStore store, int places) throws StrongroomException {
    KeyedElement element = on(store, places);
    element.login(Stored.USER_PIN);
    return element;
  }

  void login(String pin) throws StrongroomException {
    login = application.verify(Role.USER, Stored.pin(pin));
  }

  void logout() {
    application.ended(login());
  }

  Login login() {
    Login known = login;
    if (known == null) {
      throw new AssertionError("nobody is logged in");
    }
    return known;
  }

  ElementApplication application() {
    return application;
  }

  void put(byte[]... records) throws StrongroomException {
    application.change(
        login(),
        state -> {
          for (byte[] record : records) {
            state.recordChange().put(record);
          }
          return records;
        });
  }

  void remove(Bytes id) throws StrongroomException {
    application.change(login(), state -> state.recordChange().remove(id));
  }

  Optional<Bytes> find(Bytes id) throws StrongroomException {
    Optional<SecretBytes> found = application.record(login(), id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (SecretBytes record = found.get()) {
      return Optional.of(record.use(Bytes::copyOf));
    }
  }

  List<Bytes> ids() throws StrongroomException {
    return application.recordIds(login(), NOTHING, Integer.MAX_VALUE);
  }

  int size() throws StrongroomException {
    return ids().size();
  }

  static Bytes id(int number) {
    return Bytes.copyOf(ByteBuffer.allocate(16).putInt(12, number + 1).array());
  }

  /** A record that differs by its version. */
  static byte[] record(int number, int version) {
    byte[] record = new byte[RecordChange.RECORD_LENGTH];
    id(number).copyTo(record, 0);
    Arrays.fill(record, 16, 48, (byte) (number + 1));
    ByteBuffer.wrap(record).putInt(48, number).putInt(52, version).put(79, (byte) 1);
    return record;
  }

  static byte[][] records(int from, int to) {
    byte[][] records = new byte[to - from][];
    for (int i = from; i < to; i++) {
      records[i - from] = record(i, 0);
    }
    return records;
  }

  @Override
  public void close() throws IOException {
    application.close();
  }
}
