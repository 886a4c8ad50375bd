// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.file.FileType;
import dev.strongroom.file.SecureCreateMode;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
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
  private final SecureFileSystem from;
  private final SecureFileSystem to;
  private final boolean replace;
  private final boolean atomic;
  private final boolean attributes;
  private final LinkOption[] links;

  private FileTransfer(
      VolumePath source, VolumePath target, Set<CopyOption> options, LinkOption... links) {
    this.source = source;
    this.target = target;
    from = source.getFileSystem().volume();
    to = target.getFileSystem().volume();
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
    SecureFileAttributes file = from.stat(source.inVolume(), links);
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
      case DIRECTORY -> to.createDirectory(target.inVolume(), file.mode());
      case SYMBOLIC_LINK ->
          to.createSymbolicLink(target.inVolume(), from.readSymbolicLink(source.inVolume()));
      case FILE -> copyContent(file);
    }
    if (attributes) {
      copyAttributes(file);
    }
  }

  private void copyContent(SecureFileAttributes file) throws IOException {
    byte[] chunk = new byte[(int) Math.max(1, Math.min(CHUNK, file.size()))];
    try (SecureFile in = from.openFile(source.inVolume(), StandardOpenOption.READ);
        SecureFile out =
            to.openFile(
                target.inVolume(),
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW,
                new SecureCreateMode(file.mode()))) {
      for (int read = in.read(chunk); read > 0; read = in.read(chunk)) {
        out.write(chunk, 0, read);
      }
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      dropPart(e);
      throw e;
    } finally {
      Arrays.fill(chunk, (byte) 0);
    }
  }

  /** Half a copy is of no use to anybody. */
  private void dropPart(Throwable cause) {
    try {
      to.delete(target.inVolume());
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void copyAttributes(SecureFileAttributes file) throws IOException {
    String path = target.inVolume();
    LinkOption[] self = meant();
    for (String name : from.userAttributes(source.inVolume(), links)) {
      byte[] value = from.userAttribute(source.inVolume(), name, links);
      to.setUserAttribute(path, name, value, self);
    }
    to.setMode(path, file.mode(), self);
    to.setOwner(path, file.owner(), file.group(), self);
    to.setTimes(path, file.modified(), file.accessed(), file.created(), self);
  }

  // ---- moving

  static void move(VolumePath source, VolumePath target, CopyOption... options) throws IOException {
    Set<CopyOption> known = known(options);
    known.remove(StandardCopyOption.COPY_ATTRIBUTES);
    new FileTransfer(source, target, known, meant()).move();
  }

  private void move() throws IOException {
    if (source.getFileSystem() != target.getFileSystem()) {
      moveBetweenVolumes();
      return;
    }
    SecureFileAttributes file = from.stat(source.inVolume(), links);
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
      to.rename(source.inVolume(), target.inVolume());
    }
    source.getFileSystem().changes().deleted(source, null);
    target.getFileSystem().changes().created(target);
  }

  /** A file's new spelling in another normal form is the same name. */
  private void renameNew(SecureFileAttributes file) throws IOException {
    SecureFileAttributes there = present(target);
    if (there != null && isSame(file, there)) {
      to.rename(source.inVolume(), target.inVolume());
    } else {
      to.renameNoReplace(source.inVolume(), target.inVolume());
    }
  }

  private void moveBetweenVolumes() throws IOException {
    SecureFileAttributes file = from.stat(source.inVolume(), links);
    if (atomic) {
      throw new AtomicMoveNotSupportedException(
          source.toString(), target.toString(), "the paths are in different volumes");
    }
    if (file.type() == FileType.DIRECTORY && !from.list(source.inVolume()).isEmpty()) {
      throw new DirectoryNotEmptyException(source.toString());
    }
    SecureFileAttributes there = present(target);
    if (there != null) {
      requireReplaceable();
      delete(there);
    }
    copyTo(file);
    copyAttributes(file);
    from.delete(source.inVolume());
    source.getFileSystem().changes().deleted(source, null);
    target.getFileSystem().changes().created(target);
  }

  // ---- both

  private static @Nullable SecureFileAttributes present(VolumePath path) throws IOException {
    try {
      return path.getFileSystem().volume().stat(path.inVolume(), LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private boolean isSame(SecureFileAttributes one, SecureFileAttributes other) {
    return from == to && one.uid().equals(other.uid());
  }

  private void delete(SecureFileAttributes there) throws IOException {
    to.delete(target.inVolume());
    target
        .getFileSystem()
        .changes()
        .deleted(target, there.type() == FileType.DIRECTORY ? there.uid() : null);
  }
}
