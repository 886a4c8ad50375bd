// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.device.ElementSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The volumes that a session has open, all of which end with it; {@link SecureFile#open} finds the
 * volume of a directory here.
 *
 * <p>Thread safety: thread-safe.
 */
final class SessionVolumes {

  private static final Map<ElementSession, SessionVolumes> ALL = new HashMap<>();

  private final ElementSession session;
  private final Set<SecureFileSystem> open = ConcurrentHashMap.newKeySet();
  private final Map<Path, SecureFileSystem> byDirectory = new HashMap<>(); // guarded by this

  private SessionVolumes(ElementSession session) {
    this.session = session;
  }

  static SessionVolumes of(ElementSession session) {
    SessionVolumes volumes;
    synchronized (ALL) {
      volumes = ALL.get(session);
      if (volumes != null) {
        return volumes;
      }
      volumes = new SessionVolumes(session);
      ALL.put(session, volumes);
    }
    session.onClose(volumes::closeAll);
    session.onRemoved(volumes::lost);
    return volumes;
  }

  synchronized SecureFileSystem add(SecureFileSystem volume) {
    open.add(volume);
    if (session.loss().isPresent()) {
      volume.sessionLost();
    }
    return volume;
  }

  /** Takes no lock: on a thread of the transport, while a volume may be waiting for the element. */
  private void lost() {
    open.forEach(SecureFileSystem::sessionLost);
  }

  synchronized SecureFileSystem add(Path directory, SecureFileSystem volume) throws IOException {
    byDirectory.put(directory.toRealPath(), volume);
    return add(volume);
  }

  /** A volume has been closed, by its user or with its session. */
  static void forget(ElementSession session, SecureFileSystem volume) {
    SessionVolumes volumes;
    synchronized (ALL) {
      volumes = ALL.get(session);
    }
    if (volumes != null) {
      volumes.remove(volume);
    }
  }

  private synchronized void remove(SecureFileSystem volume) {
    open.remove(volume);
    byDirectory.values().remove(volume);
  }

  /** The volume of a directory, opened or made when the session has not done so yet. */
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
    SecureFileSystem volume = byDirectory.get(directory.toRealPath());
    if (volume != null && !volume.hasEnded()) {
      return volume;
    }
    if (volume != null) {
      volume.close();
    }
    VolumeOptions small =
        VolumeOptions.builder().journalBytes(VolumeOptions.SMALL_JOURNAL_BYTES).build();
    try {
      return SecureFileSystem.open(session, directory, small);
    } catch (VolumeNotFoundException e) {
      if (!create) {
        throw e;
      }
      return SecureFileSystem.createBeside(session, directory, small);
    }
  }

  private void closeAll() {
    synchronized (ALL) {
      ALL.remove(session);
    }
    List<SecureFileSystem> all;
    synchronized (this) {
      all = new ArrayList<>(open);
    }
    UncheckedIOException problem = null;
    for (SecureFileSystem volume : all) {
      problem = close(volume, problem);
    }
    if (problem != null) {
      throw problem;
    }
  }

  private static @Nullable UncheckedIOException close(
      SecureFileSystem volume, @Nullable UncheckedIOException before) {
    try {
      volume.close();
      return before;
    } catch (IOException e) {
      if (before == null) {
        return new UncheckedIOException(e);
      }
      before.addSuppressed(e);
      return before;
    }
  }
}
