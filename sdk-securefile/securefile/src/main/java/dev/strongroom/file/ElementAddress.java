// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.transport.ElementUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Turns element URIs that name a file between the form that a person types (relative to the current
 * directory) and the form that a volume remembers (relative to the volume, so that both can be
 * moved together).
 *
 * <p>Thread safety: no state.
 */
public final class ElementAddress {

  private static final String FILE_SCHEME = "sim";

  private ElementAddress() {}

  /**
   * What a new volume is to remember: relative where element and volume lie on one medium.
   *
   * @param typed the element's URI, a relative path being relative to the current directory
   * @param volume the volume's directory, which need not be there yet
   * @return the URI for {@link VolumeOptions.Builder#elementUri}
   * @throws IOException if the text is no element URI, or the paths cannot be resolved
   */
  public static String remembered(String typed, Path volume) throws IOException {
    ElementUri uri = ElementUri.parse(typed);
    if (!uri.scheme().equals(FILE_SCHEME)) {
      return uri.toString();
    }
    Path element = real(Path.of(uri.target()));
    Path from = real(volume);
    boolean together =
        Files.getFileStore(existing(element)).equals(Files.getFileStore(existing(from)));
    Path path = together ? from.relativize(element) : element;
    return FILE_SCHEME + ":" + path + parameters(uri);
  }

  /**
   * What a volume remembers, as a URI that can be opened from anywhere.
   *
   * @param remembered the URI of {@link VolumeInfo#elementUri}
   * @param volume the volume's directory
   * @return the absolute URI
   * @throws IOException if the text is no element URI, or the path cannot be resolved
   */
  public static String resolved(String remembered, Path volume) throws IOException {
    ElementUri uri = ElementUri.parse(remembered);
    if (!uri.scheme().equals(FILE_SCHEME)) {
      return uri.toString();
    }
    Path path = real(volume).resolve(uri.target()).normalize();
    return FILE_SCHEME + ":" + path + parameters(uri);
  }

  private static String parameters(ElementUri uri) {
    return uri.rest().substring(uri.target().length());
  }

  /** Resolves links as far as the path exists. */
  private static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path base = existing(absolute);
    Path rest = base.relativize(absolute);
    Path resolved = base.toRealPath();
    return rest.toString().isEmpty() ? resolved : resolved.resolve(rest);
  }

  private static Path existing(Path path) {
    @Nullable Path candidate = path.toAbsolutePath().normalize();
    while (candidate != null && !Files.exists(candidate)) {
      candidate = candidate.getParent();
    }
    return candidate == null ? path.toAbsolutePath().getRoot() : candidate;
  }
}
