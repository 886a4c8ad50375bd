// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureCreateMode;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies and moves between paths of this provider.
 *
 * <p>Thread safety: confined to one call.
 */
final class FileTransfer {

  private static final int CHUNK = 256 << 10;

  private final VolumePath source;
  private final VolumePath target;
  private final boolean replace;
  private final boolean atomic;
  private final boolean attributes;
  private final LinkOption[] links;

  private FileTransfer(
      VolumePath source, VolumePath target, Set<CopyOption> options, LinkOption... links) {
    this.source = source;
    this.target = target;
    replace = options.contains(StandardCopyOption.REPLACE_EXISTING);
    atomic = options.contains(StandardCopyOption.ATOMIC_MOVE);
    attributes = options.contains(StandardCopyOption.COPY_ATTRIBUTES);
    this.links = links;
  }

  private static Set<CopyOption> known(CopyOption... options) {
    Set<CopyOption> known = new HashSet<>();
    for (CopyOption option : options) {
      java.util.Objects.requireNonNull(option, "option");
      if (!(option instanceof StandardCopyOption) && option != LinkOption.NOFOLLOW_LINKS) {
        throw new UnsupportedOperationException("copy option " + option);
      }
      known.add(option);
    }
    return known;
  }

  // ---- copying

  static void copy(VolumePath source, VolumePath target, CopyOption... options) throws IOException {
    Set<CopyOption> known = known(options);
    if (known.contains(StandardCopyOption.ATOMIC_MOVE)) {
      throw new UnsupportedOperationException("a copy cannot be an ATOMIC_MOVE");
    }
    boolean meant = known.contains(LinkOption.NOFOLLOW_LINKS);
    new FileTransfer(source, target, known, meant ? meant() : new LinkOption[0]).copy();
  }

  private static LinkOption[] meant() {
    return new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
  }

  private void copy() throws IOException {
    SecureFileAttributes file = source.stat(links);
    SecureFileAttributes there = present(target);
    if (there != null) {
      if (isSame(file, there)) {
        return;
      }
      requireReplaceable();
      delete(there);
    }
    copyTo(file);
    target.getFileSystem().changes().created(target);
  }

  private void requireReplaceable() throws FileAlreadyExistsException {
    if (!replace) {
      throw new FileAlreadyExistsException(target.toString());
    }
  }

  private void copyTo(SecureFileAttributes file) throws IOException {
    switch (file.type()) {
      case DIRECTORY -> target.change((to, path) -> to.createDirectory(path, file.mode()));
      case SYMBOLIC_LINK -> {
        String leads = source.call((from, path) -> from.readSymbolicLink(path));
        target.change((to, path) -> to.createSymbolicLink(path, leads));
      }
      case FILE -> copyContent(file);
    }
    if (attributes) {
      copyAttributes(file);
    }
  }

  private void copyContent(SecureFileAttributes file) throws IOException {
    byte[] chunk = new byte[(int) Math.max(1, Math.min(CHUNK, file.size()))];
    OpenOption[] making = {
      StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, new SecureCreateMode(file.mode())
    };
    try (SecureFile in = source.call((from, path) -> from.openFile(path))) {
      fill(target.call((to, path) -> to.openFile(path, making)), in, chunk);
    } finally {
      Arrays.fill(chunk, (byte) 0);
    }
  }

  /** From here on the target is one that this copy has made. */
  private void fill(SecureFile made, SecureFile in, byte[] chunk) throws IOException {
    try (made) {
      for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
        made.write(chunk, 0, read);
      }
    } catch (IOException | RuntimeException e) {
      dropPart(e);
      throw e;
    }
  }

  /** Half a copy is of no use to anybody. */
  private void dropPart(Throwable cause) {
    try {
      target.change((to, path) -> to.delete(path));
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void copyAttributes(SecureFileAttributes file) throws IOException {
    LinkOption[] self = meant();
    for (String name : source.call((from, path) -> from.userAttributes(path, links))) {
      byte[] value = source.call((from, path) -> from.userAttribute(path, name, links));
      target.change((to, path) -> to.setUserAttribute(path, name, value, self));
    }
    target.change(
        (to, path) -> {
          to.setMode(path, file.mode(), self);
          to.setOwner(path, file.owner(), file.group(), self);
          to.setTimes(path, file.modified(), file.accessed(), file.created(), self);
        });
  }

  // ---- moving

  static void move(VolumePath source, VolumePath target, CopyOption... options) throws IOException {
    Set<CopyOption> known = known(options);
    if (known.contains(StandardCopyOption.COPY_ATTRIBUTES)) {
      throw new UnsupportedOperationException("a move keeps attributes without being asked to");
    }
    new FileTransfer(source, target, known, meant()).move();
  }

  private void move() throws IOException {
    if (source.toAbsolutePath().getNameCount() == 0) {
      throw new FileSystemException(source.toString(), target.toString(), "the root directory");
    }
    if (source.getFileSystem() != target.getFileSystem()) {
      moveBetweenVolumes();
      return;
    }
    SecureFileAttributes file = source.stat(links);
    SecureFileAttributes there = present(target);
    if (there != null && isSame(file, there) && !file.name().equals(there.name())) {
      there = null;
    }
    if (there != null && isSame(file, there) && !atomic) {
      return;
    }
    if (there != null && !atomic) {
      requireReplaceable();
      boolean directories = file.type() == FileType.DIRECTORY;
      if (directories != (there.type() == FileType.DIRECTORY)) {
        delete(there);
      }
    }
    if (there == null && !replace && !atomic) {
      renameNew(file);
    } else {
      rename();
    }
    Changes changes = source.getFileSystem().changes();
    changes.deleted(source, null);
    if (there != null && there.type() == FileType.DIRECTORY) {
      changes.gone(there.uid());
    }
    changes.created(target);
  }

  /** A file's new spelling in another normal form is the same name. */
  private void renameNew(SecureFileAttributes file) throws IOException {
    SecureFileAttributes there = present(target);
    if (there != null && isSame(file, there)) {
      rename();
    } else {
      target.change((volume, path) -> volume.renameNoReplace(source.inVolume(), path));
    }
  }

  /** What an atomic move refuses has no kind of its own, as on Linux. */
  private void rename() throws IOException {
    try {
      target.change((volume, path) -> volume.rename(source.inVolume(), path));
    } catch (DirectoryNotEmptyException e) {
      if (!atomic) {
        throw e;
      }
      throw new FileSystemException(
          source.toString(), target.toString(), "the target is a directory that is not empty");
    }
  }

  private void moveBetweenVolumes() throws IOException {
    SecureFileAttributes file = source.stat(links);
    if (atomic) {
      throw new AtomicMoveNotSupportedException(
          source.toString(), target.toString(), "the paths are in different volumes");
    }
    if (file.type() == FileType.DIRECTORY
        && !source.call((from, path) -> from.list(path)).isEmpty()) {
      throw new DirectoryNotEmptyException(source.toString());
    }
    SecureFileAttributes there = present(target);
    if (there != null) {
      requireReplaceable();
      delete(there);
    }
    copyTo(file);
    copyAttributes(file);
    target.change((to, path) -> to.sync()); // or a crash could leave it in neither volume
    source.change((from, path) -> from.delete(path));
    source.getFileSystem().changes().deleted(source, null);
    target.getFileSystem().changes().created(target);
  }

  // ---- both

  private static @Nullable SecureFileAttributes present(VolumePath path) throws IOException {
    try {
      return path.stat(LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private boolean isSame(SecureFileAttributes one, SecureFileAttributes other) {
    return source.getFileSystem() == target.getFileSystem() && one.uid().equals(other.uid());
  }

  private void delete(SecureFileAttributes there) throws IOException {
    target.change((to, path) -> to.delete(path));
    target
        .getFileSystem()
        .changes()
        .deleted(target, there.type() == FileType.DIRECTORY ? there.uid() : null);
  }
}
