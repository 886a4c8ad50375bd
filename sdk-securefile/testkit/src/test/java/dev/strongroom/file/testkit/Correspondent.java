// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Somebody with an element of their own and a volume in memory. */
final class Correspondent implements AutoCloseable {

  static final VolumeOptions SMALL = VolumeOptions.builder().journalBytes(1 << 20).build();

  final TestElement element;
  final ElementSession session;
  final ElementCard card;
  final MemoryStore store = new MemoryStore();
  SecureFileSystem volume;

  private Correspondent(VolumeOptions options) throws IOException {
    element = TestElement.create();
    session = element.login();
    card = session.element().card();
    volume = SecureFileSystem.create(session, store, options);
  }

  static Correspondent create() throws IOException {
    return new Correspondent(SMALL);
  }

  static Correspondent create(VolumeOptions options) throws IOException {
    return new Correspondent(options);
  }

  /** Makes contacts of both. */
  void meets(Correspondent other, String nameOfOther, String ownName) throws IOException {
    volume.contacts().add(nameOfOther, other.card, other.card.fingerprint());
    other.volume.contacts().add(ownName, card, card.fingerprint());
  }

  void put(String path, byte[] content, OpenOption... options) throws IOException {
    List<OpenOption> all = new ArrayList<>(Arrays.asList(options));
    all.add(StandardOpenOption.CREATE);
    all.add(StandardOpenOption.TRUNCATE_EXISTING);
    all.add(StandardOpenOption.WRITE);
    try (SecureFile file = volume.openFile(path, all.toArray(OpenOption[]::new))) {
      file.write(content);
    }
  }

  byte[] get(String path) throws IOException {
    return get(volume, path);
  }

  static byte[] get(SecureFileSystem volume, String path) throws IOException {
    try (SecureFile file = volume.openFile(path, StandardOpenOption.READ)) {
      byte[] content = new byte[(int) file.size()];
      file.pread(0, content, 0, content.length);
      return content;
    }
  }

  void reopen() throws IOException {
    reopen(store);
  }

  /** Closes the volume and opens the one in a store. */
  void reopen(Store next) throws IOException {
    volume.close();
    volume = SecureFileSystem.open(session, next, SMALL);
  }

  @Override
  public void close() throws IOException {
    try {
      volume.close();
    } finally {
      session.close();
      element.close();
    }
  }
}
