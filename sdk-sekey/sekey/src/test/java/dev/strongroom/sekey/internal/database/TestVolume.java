// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;

/** An element in memory, and a volume of its on a disk in memory. */
final class TestVolume implements AutoCloseable {

  static final String PATH = "/sekey.db";

  private static final Bytes ADMINISTRATOR = Bytes.parse("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
  static final DatabaseOwner OWNER = DatabaseOwner.administrator(ADMINISTRATOR);
  static final DatabaseOwner USER =
      DatabaseOwner.user(ADMINISTRATOR, Bytes.parse("b0b1b2b3b4b5b6b7b8b9babbbcbdbebf"));

  private final SecureElement element;
  private final ElementSession session;
  private final MemoryStore disk = new MemoryStore();

  TestVolume() throws IOException {
    element = SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      session = element.login(user);
    }
    SecureFileSystem.create(session, disk, options()).close();
  }

  MemoryStore disk() {
    return disk;
  }

  SecureFileSystem open() throws IOException {
    return open(disk);
  }

  SecureFileSystem open(Store store) throws IOException {
    return SecureFileSystem.open(session, store, options());
  }

  private static VolumeOptions options() {
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder()
        .journalBytes(512 << 10)
        .cacheBytes(4 << 20)
        .executor(executor)
        .clock(executor)
        .build();
  }

  @Override
  public void close() {
    session.close();
    element.close();
  }
}
