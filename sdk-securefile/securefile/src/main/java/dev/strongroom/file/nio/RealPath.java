// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureFileAttributes;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.LinkOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds the one path without links, {@code .} and {@code ..} that leads where another one does,
 * with its names as they are stored.
 *
 * <p>Thread safety: confined to one call.
 */
final class RealPath {

  private static final int MAX_LINKS = 40;

  private final VolumeFileSystem fileSystem;
  private final List<String> way = new ArrayList<>();
  private final Deque<String> left = new ArrayDeque<>();
  private int links;

  RealPath(VolumeFileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  VolumePath find(VolumePath path, LinkOption... options) throws IOException {
    boolean follow = !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
    String text = path.inVolume();
    fileSystem.volume().stat(text, options); // reports what is missing, as every other call does
    push(text);
    while (!left.isEmpty()) {
      String name = left.pop();
      if (name.equals("..")) {
        if (!way.isEmpty()) {
          way.remove(way.size() - 1);
        }
        continue;
      }
      String at = "/" + String.join("/", way) + "/" + name;
      SecureFileAttributes found = fileSystem.volume().stat(at, LinkOption.NOFOLLOW_LINKS);
      if (found.type() == FileType.SYMBOLIC_LINK && (follow || !left.isEmpty())) {
        if (++links > MAX_LINKS) {
          throw new FileSystemLoopException(text);
        }
        String target = fileSystem.volume().readSymbolicLink(at);
        if (target.startsWith("/")) {
          way.clear();
        }
        push(target);
      } else {
        way.add(found.name());
      }
    }
    return VolumePath.parse(fileSystem, "/" + String.join("/", way));
  }

  private void push(String path) {
    String[] names = path.split("/", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      if (!names[i].isEmpty() && !names[i].equals(".")) {
        left.push(names[i]);
      }
    }
  }
}
