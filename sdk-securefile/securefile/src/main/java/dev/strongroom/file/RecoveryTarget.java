// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.identity.Fingerprint;
import dev.strongroom.file.store.PathStore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The place of a volume into which another one is recovered. The volume takes it when everything is
 * in it, so that half a volume is never taken for the whole.
 *
 * <p>Thread safety: confined to one thread.
 */
final class RecoveryTarget {

  private static final String UNFINISHED = ".recovering";

  private final Path place;

  RecoveryTarget(Path place) {
    this.place = place.toAbsolutePath();
  }

  RecoveryReport fill(
      ElementSession session, Path directory, VolumeOptions options, @Nullable Fingerprint madeBy)
      throws IOException {
    requireFree();
    Path unfinished = place.resolveSibling(place.getFileName() + UNFINISHED);
    if (Files.exists(unfinished, LinkOption.NOFOLLOW_LINKS)) {
      throw new VolumeExistsException(
          unfinished.toString(), "it is of an attempt that was cut off; delete it first");
    }
    VolumeOptions.Builder reading =
        VolumeOptions.builder().cacheBytes(options.cacheBytes()).readOnly();
    if (madeBy != null) {
      reading.madeBy(madeBy);
    }
    RecoveryReport report;
    try (SecureFileSystem source =
        SecureFileSystem.openToRecover(session, directory, reading.build())) {
      try (SecureFileSystem target = SecureFileSystem.create(session, unfinished, options)) {
        report = new VolumeCopy(source, target).run();
      }
    }
    Files.deleteIfExists(place);
    Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
    Path parent = place.getParent();
    if (parent != null) {
      try (PathStore beside = new PathStore(parent)) {
        beside.syncDirectory("");
      }
    }
    return report;
  }

  private void requireFree() throws IOException {
    if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(place)) {
      throw new VolumeExistsException(place.toString(), "it is a file");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
      for (Path entry : entries) {
        throw new VolumeExistsException(
            place.toString(), "the directory is not empty, it holds " + entry.getFileName());
      }
    }
  }
}
