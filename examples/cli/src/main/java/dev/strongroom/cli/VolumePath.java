// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.file.InvalidNameException;
import java.io.IOException;

/**
 * A path in a volume in its one form: {@code /} for the root, {@code /a/b} for all others.
 *
 * @param text the path
 *     <p>Thread safety: immutable.
 */
record VolumePath(String text) {

  /** The root directory. */
  static final VolumePath ROOT = new VolumePath("/");

  /** What is said of a path without a letter, such as that of a variable which is not set. */
  static final String EMPTY = "a path is empty";

  /** Reads what a person typed: a leading slash is optional, repeated and last ones are dropped. */
  static VolumePath parse(String typed) throws IOException {
    if (typed.isEmpty()) {
      throw CommandException.usage(EMPTY);
    }
    StringBuilder path = new StringBuilder();
    for (String name : typed.split("/", -1)) {
      if (name.equals("..")) {
        throw new InvalidNameException(name, "a path in a volume is named from its root on");
      }
      if (!name.isEmpty() && !name.equals(".")) {
        path.append('/').append(name);
      }
    }
    return path.isEmpty() ? ROOT : new VolumePath(path.toString());
  }

  boolean isRoot() {
    return text.equals("/");
  }

  VolumePath child(String name) {
    return new VolumePath(isRoot() ? "/" + name : text + "/" + name);
  }

  VolumePath parent() {
    int slash = text.lastIndexOf('/');
    return slash <= 0 ? ROOT : new VolumePath(text.substring(0, slash));
  }

  /** The last name; empty for the root. */
  String name() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /** Whether this is the other path or lies below it. */
  boolean startsWith(VolumePath other) {
    return other.isRoot() || text.equals(other.text) || text.startsWith(other.text + "/");
  }

  @Override
  public String toString() {
    return text;
  }
}
