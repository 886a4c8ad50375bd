// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The view {@code strongroom} of one file, which has no class of its own: its {@code version} can
 * be read, and setting {@code frozen} or {@code invalidated} to true ends its earlier states, or
 * all of them.
 *
 * <p>Thread safety: confined to one call.
 */
final class VersionAttributes {

  /** The view's name. */
  static final String VIEW = "strongroom";

  private static final String VERSION = "version";

  private final VolumePath path;

  VersionAttributes(VolumePath path) {
    this.path = path;
  }

  Map<String, Object> read(List<String> names) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : names) {
      if (!name.equals(VERSION) && !name.equals("*")) {
        throw unknown(name);
      }
      values.put(VERSION, path.call((volume, file) -> volume.version(file)));
    }
    return values;
  }

  void set(String name, Object value) throws IOException {
    if (!name.equals("frozen") && !name.equals("invalidated")) {
      throw unknown(name);
    }
    if (!(Boolean) value) {
      throw new IllegalArgumentException(VIEW + ":" + name + " cannot be taken back");
    }
    path.change(
        (volume, file) -> {
          if (name.equals("frozen")) {
            volume.freeze(List.of(file));
          } else {
            volume.invalidate(List.of(file));
          }
        });
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException("attribute " + name + " of view " + VIEW);
  }
}
