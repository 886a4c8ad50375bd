// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.device.ElementSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The volumes that a session has open for {@link SecureFile#open}: one a directory, until the
 * session closes.
 *
 * <p>Thread safety: thread-safe.
 */
final class SessionVolumes {

  private static final Map<ElementSession, SessionVolumes> ALL = new WeakHashMap<>();

  private final ElementSession session;
  private final Map<Path, SecureFileSystem> volumes = new HashMap<>(); // guarded by this

  private SessionVolumes(ElementSession session) {
    this.session = session;
  }

  static SessionVolumes of(ElementSession session) {
    synchronized (ALL) {
      return ALL.computeIfAbsent(session, SessionVolumes::new);
    }
  }

  /** Makes a volume that was opened by its own known to {@link SecureFile#open}. */
  synchronized void add(Path directory, SecureFileSystem volume) throws IOException {
    volumes.put(directory.toRealPath(), volume);
  }

  synchronized void remove(SecureFileSystem volume) {
    volumes.values().remove(volume);
  }

  synchronized SecureFileSystem open(Path directory, OpenOption... options) throws IOException {
    List<OpenOption> wanted = Arrays.asList(options);
    boolean create =
        wanted.contains(StandardOpenOption.CREATE)
            || wanted.contains(StandardOpenOption.CREATE_NEW);
    if (!Files.isDirectory(directory)) {
      if (!create) {
        throw new VolumeNotFoundException(directory.toString(), "the directory is missing");
      }
      Files.createDirectories(directory);
    }
    Path real = directory.toRealPath();
    SecureFileSystem volume = volumes.get(real);
    if (volume == null) {
      volume = make(real, create);
      volumes.put(real, volume);
    }
    return volume;
  }

  private SecureFileSystem make(Path directory, boolean create) throws IOException {
    VolumeOptions options =
        VolumeOptions.builder().journalBytes(VolumeOptions.SMALL_JOURNAL_BYTES).build();
    try {
      return SecureFileSystem.open(session, directory, options);
    } catch (VolumeNotFoundException e) {
      if (!create) {
        throw e;
      }
      return SecureFileSystem.createBeside(session, directory, options);
    }
  }

  /** The session is over, and its volumes are closed. */
  static void forget(ElementSession session) {
    synchronized (ALL) {
      ALL.remove(session);
    }
  }

  /** Closes on behalf of a closing session, which cannot handle a checked exception. */
  static void closeFor(SecureFileSystem volume) {
    IOException problem = null;
    try {
      volume.close();
    } catch (IOException e) {
      problem = e;
    }
    rethrow(problem);
  }

  private static void rethrow(@Nullable IOException problem) {
    if (problem != null) {
      throw new UncheckedIOException(problem);
    }
  }
}
