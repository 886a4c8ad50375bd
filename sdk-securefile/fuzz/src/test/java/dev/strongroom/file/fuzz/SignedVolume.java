// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.CommitTooLargeException;
import dev.strongroom.file.CorruptJournalException;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A volume in memory whose keys the test has, so that it can sign what no engine would write. */
public final class SignedVolume {

  /** The file that is made hostile: few sectors and many holes, two tag pages, one inner node. */
  public static final String FILE = "f";

  /** A file beside it, which must stay what it is. */
  public static final String NEIGHBOUR = "g";

  private static final byte[] CONTENT = content();

  static final String JOURNAL = "strongroom.journal";

  private final ElementSession session;
  private final MemoryStore closed;
  private final String host;
  private final Bytes id;
  private final VolumeKeys volumeKeys;
  private final FileKeys fileKeys;

  /** Makes the volume. */
  public SignedVolume() {
    try {
      session = login();
      closed = new MemoryStore();
      try (SecureFileSystem volume = SecureFileSystem.create(session, closed, options())) {
        put(volume, FILE, 0, 31 * 4096, 100 * 4096, 160 * 4096);
        put(volume, NEIGHBOUR, 0);
      }
      try (SecureFileSystem volume = SecureFileSystem.open(session, closed, options())) {
        host = volume.stat(FILE).hostName();
      }
      byte[] copy = Arrays.copyOf(closed.content("strongroom.volume"), VolumeFile.BYTES);
      VolumeFile description = Objects.requireNonNull(VolumeFile.parse("v", copy));
      id = description.id();
      try (Grub grub = grub(session, id, description.uid(), description.rnd())) {
        volumeKeys = VolumeKeys.of(grub);
      }
      FileHeader.Clear clear = FileHeader.clear(FILE, headerCopy(closed, host));
      try (Grub grub = grub(session, id, clear.uid(), clear.rnd())) {
        fileKeys = FileKeys.of(grub);
      }
    } catch (IOException | FileHeader.Refused e) {
      throw new IllegalStateException(e);
    }
  }

  private static ElementSession login() throws IOException {
    SecureElement element =
        SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      return element.login(user);
    }
  }

  private static Grub grub(ElementSession session, Bytes volume, Bytes uid, Bytes rnd)
      throws IOException {
    return session.grub(volume, List.of(GrubRequest.existing(uid, rnd, 0))).get(0);
  }

  private static void put(SecureFileSystem volume, String name, long... positions)
      throws IOException {
    try (SecureFile file =
        volume.openFile(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long position : positions) {
        file.pwrite(position, CONTENT, 0, CONTENT.length);
      }
      file.sync();
    }
  }

  static VolumeOptions options() {
    ManualExecutor executor = new ManualExecutor();
    return VolumeOptions.builder()
        .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
        .cacheBytes(4 << 20)
        .executor(executor)
        .clock(executor)
        .build();
  }

  /** What is in the file beside it. */
  static byte[] neighbour() {
    return CONTENT.clone();
  }

  private static byte[] content() {
    byte[] content = new byte[5000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i / 100);
    }
    return content;
  }

  /** The volume as it was closed, for one use. */
  MemoryStore store() {
    return closed.copy();
  }

  /** Opens a copy with changes. */
  SecureFileSystem open(MemoryStore store) throws IOException {
    return SecureFileSystem.open(session, store, options());
  }

  /** The session of the element that the volume was made with. */
  public ElementSession session() {
    return session;
  }

  /** Where the file lies. */
  String host() {
    return host;
  }

  Bytes id() {
    return id;
  }

  VolumeKeys volumeKeys() {
    return volumeKeys;
  }

  FileKeys fileKeys() {
    return fileKeys;
  }

  private static byte[] headerCopy(MemoryStore closed, String host) throws IOException {
    return Arrays.copyOf(closed.content(host), FileHeader.DEFAULT_BYTES);
  }

  /** The file's header, for changes; it has the tag of the one that is there. */
  FileHeader header() {
    try {
      return FileHeader.decode(FILE, headerCopy(closed, host), fileKeys);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (FileHeader.Refused e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether an error says that what is stored is not what an engine wrote; nothing else may be. */
  public static boolean isRefusal(Throwable error) {
    if (error instanceof dev.strongroom.file.VolumeFailedException) {
      return error.getCause() != null && isRefusal(error.getCause());
    }
    return error instanceof IntegrityException
        || error instanceof FormatVersionException
        || error instanceof CorruptJournalException
        || error instanceof CommitTooLargeException
        || error instanceof NoSpaceException;
  }
}
