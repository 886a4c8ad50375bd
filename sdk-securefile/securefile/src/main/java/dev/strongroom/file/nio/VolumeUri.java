// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URIs of this provider: {@code strongroom:/abs/path/to/volume} names a volume, {@code
 * strongroom:/abs/path/to/volume!/a/path} a path in it. A volume that lies in another provider's
 * file system is named by its URI there: {@code strongroom:jimfs://host/volume!/a/path}. The first
 * {@code !/} ends the volume's own path or URI; a {@code !} in that is written {@code %21}, and in
 * a URI {@code %21} is written {@code %2521}, {@code %2521} is written {@code %252521}, and so on:
 * {@code strongroom:jar:file:///an.zip%21/volume!/a/path}.
 *
 * @param directory the volume's directory
 * @param path the absolute path in the volume, or null when the URI names the volume
 *     <p>Thread safety: immutable.
 */
record VolumeUri(Path directory, @Nullable String path) {

  static final String SCHEME = "strongroom";

  private static final String SEPARATOR = "!/";

  /** The percent signs of a URI that wrapping must not mix up with those that it puts there. */
  private static final Pattern ESCAPES = Pattern.compile("%(?=(25)*21)");

  private static final Pattern WRAPPED_ESCAPES = Pattern.compile("%25(?=(25)*21)");

  /** Reads a URI. */
  static VolumeUri parse(URI uri) {
    if (!SCHEME.equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException("a URI of the scheme " + SCHEME + " is expected");
    }
    String rest = uri.getRawSchemeSpecificPart();
    if (uri.getRawFragment() != null || rest.contains("?")) {
      throw new IllegalArgumentException("a " + SCHEME + " URI has no query and no fragment");
    }
    int end = rest.indexOf(SEPARATOR);
    String outer = end < 0 ? rest : rest.substring(0, end);
    String inner = end < 0 ? null : decode(rest.substring(end + 1));
    return new VolumeUri(directory(outer), inner);
  }

  private static Path directory(String outer) {
    if (outer.startsWith("/")) {
      String text = outer.startsWith("//") ? authorityFree(outer) : outer;
      return FileSystems.getDefault().getPath(decode(text));
    }
    URI nested = URI.create(bare(outer));
    if (nested.getScheme() == null) {
      throw new IllegalArgumentException(
          "a " + SCHEME + " URI has the absolute path of a volume: strongroom:/path/to/volume");
    }
    return Path.of(nested);
  }

  private static String authorityFree(String outer) {
    if (!outer.startsWith("///")) {
      throw new IllegalArgumentException(
          "a " + SCHEME + " URI has no authority: strongroom:/path/to/volume");
    }
    return outer.substring(2);
  }

  private static String decode(String raw) {
    String path = URI.create("x:" + raw).getPath();
    if (path == null || path.isEmpty()) {
      throw new IllegalArgumentException("the path is missing");
    }
    return path;
  }

  /** Writes the URI of a path. */
  static URI of(Path directory, String path) {
    boolean plain = directory.getFileSystem() == FileSystems.getDefault();
    String outer =
        plain
            ? encode(directory.toAbsolutePath().toString()).replace("!", "%21")
            : wrapped(nested(directory));
    return URI.create(SCHEME + ":" + outer + "!" + encode(path));
  }

  /** The URI of a directory; some providers end it with a slash, if they find the directory. */
  private static String nested(Path directory) {
    String uri = directory.toUri().toString();
    boolean closed = directory.getNameCount() > 0 && uri.endsWith("/");
    return closed ? uri.substring(0, uri.length() - 1) : uri;
  }

  private static String wrapped(String nested) {
    return ESCAPES.matcher(nested).replaceAll("%25").replace("!", "%21");
  }

  private static String bare(String wrapped) {
    return WRAPPED_ESCAPES.matcher(wrapped.replace("%21", "!")).replaceAll("%");
  }

  private static String encode(String path) {
    try {
      return new URI("x", null, path, null).toASCIIString().substring(2);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("the path cannot be written as a URI", e);
    }
  }
}
