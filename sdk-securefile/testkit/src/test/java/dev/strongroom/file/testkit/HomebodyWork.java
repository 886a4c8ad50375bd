// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A process that does with a volume whatever one does; its files are to be in one folder only. */
final class HomebodyWork {

  private HomebodyWork() {}

  public static void main(String[] arguments) throws Exception {
    Path place = Files.createDirectory(Path.of(arguments[0]));
    Path directory = place.resolve("volume");
    try (SecureElement element = TestElement.inFile(place.resolve("element"))) {
      TestElement.initialize(element);
      try (ElementSession session = TestElement.login(element)) {
        SecureFileSystem volume =
            SecureFileSystem.create(
                session,
                directory,
                VolumeOptions.builder().cacheBytes(VolumeOptions.MINIMUM_CACHE_BYTES).build());
        volume.close();
        URI uri = URI.create("strongroom:" + directory.toUri().getRawPath());
        try (FileSystem files = FileSystems.newFileSystem(uri, Map.of("session", session))) {
          NioProgram.prepare(files);
          // More than the cache holds, uncommitted.
          Files.write(files.getPath("/large"), SampleBytes.of(1, 9_000_000));
          Files.copy(files.getPath("/large"), files.getPath("/copy"));
          Files.move(files.getPath("/copy"), files.getPath("/d/copy"));
          Files.delete(files.getPath("/large"));
        }
        try (SecureFileSystem open =
            SecureFileSystem.open(session, directory, VolumeOptions.defaults())) {
          open.rekey("d/copy");
        }
        Path archive = place.resolve("volume.zip");
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"));
            Stream<Path> walk = Files.walk(directory)) {
          for (Path path : (Iterable<Path>) walk::iterator) {
            Path target = zip.getPath("/v", directory.relativize(path).toString());
            if (Files.isDirectory(path)) {
              Files.createDirectories(target);
            } else {
              Files.copy(path, target);
            }
          }
        }
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("accessMode", "readOnly"));
            SecureFileSystem open =
                SecureFileSystem.open(
                    session, zip.getPath("/v"), VolumeOptions.builder().readOnly().build())) {
          ModelledVolume.read(open);
        }
      }
    }
    System.out.println("done");
  }
}
