// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.h2.api.ErrorCode;
import org.h2.message.DbException;
import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A volume for the H2 database: {@code volume:/path}. H2 gets the provider's own channels, with
 * nothing between.
 */
final class VolumeFilePath extends FilePath {

  static final String SCHEME = "volume";

  private final Supplier<FileSystem> files;

  /** Answers for the scheme; each path is made from it. */
  VolumeFilePath(Supplier<FileSystem> files) {
    this.files = files;
  }

  private Path path() {
    return files.get().getPath("/" + name.substring(SCHEME.length() + 1));
  }

  private VolumeFilePath of(Path path) {
    VolumeFilePath made = new VolumeFilePath(files);
    made.name = SCHEME + ":" + path;
    return made;
  }

  @Override
  public FilePath getPath(String path) {
    VolumeFilePath made = new VolumeFilePath(files);
    made.name = path;
    return made;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public long size() {
    try {
      return Files.size(path());
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void moveTo(FilePath target, boolean atomicReplace) {
    Path to = ((VolumeFilePath) target).path();
    try {
      if (atomicReplace) {
        Files.move(path(), to, StandardCopyOption.ATOMIC_MOVE);
      } else {
        Files.move(path(), to);
      }
    } catch (IOException e) {
      throw DbException.get(ErrorCode.FILE_RENAME_FAILED_2, e, name, target.name);
    }
  }

  @Override
  public boolean createFile() {
    try {
      Files.createFile(path());
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean exists() {
    return Files.exists(path());
  }

  @Override
  public void delete() {
    try {
      Files.deleteIfExists(path());
    } catch (DirectoryNotEmptyException e) {
      throw DbException.get(ErrorCode.FILE_DELETE_FAILED_1, e, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<FilePath> newDirectoryStream() {
    try (Stream<Path> entries = Files.list(path())) {
      return entries.map(entry -> (FilePath) of(entry)).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw DbException.convertIOException(e, name);
    }
  }

  @Override
  public FilePath toRealPath() {
    return of(path().toAbsolutePath().normalize());
  }

  @Override
  public @Nullable FilePath getParent() {
    Path parent = path().getParent();
    return parent == null ? null : of(parent);
  }

  @Override
  public boolean isDirectory() {
    return Files.isDirectory(path());
  }

  @Override
  public boolean isRegularFile() {
    return Files.isRegularFile(path());
  }

  @Override
  public boolean isAbsolute() {
    return true;
  }

  @Override
  public long lastModified() {
    try {
      return Files.getLastModifiedTime(path()).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public boolean canWrite() {
    return Files.isWritable(path());
  }

  @Override
  public boolean setReadOnly() {
    return false;
  }

  @Override
  public void createDirectory() {
    try {
      Files.createDirectory(path());
    } catch (FileAlreadyExistsException e) {
      throw DbException.get(ErrorCode.FILE_CREATION_FAILED_1, e, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    OpenOption[] options =
        switch (mode) {
          case "r" -> new OpenOption[] {StandardOpenOption.READ};
          case "rw" ->
              new OpenOption[] {
                StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE
              };
          case "rws", "rwd" ->
              new OpenOption[] {
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.DSYNC
              };
          default -> throw new IllegalArgumentException(mode);
        };
    return FileChannel.open(path(), options);
  }

  @Override
  public FilePath createTempFile(String suffix, boolean inTempDir) throws IOException {
    Path here = path();
    return of(Files.createTempFile(here.getParent(), here.getFileName() + ".", suffix));
  }
}
