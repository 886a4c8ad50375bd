// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.workloads.FolderPeer;
import dev.strongroom.workloads.FolderPeer.Mounted;
import dev.strongroom.workloads.Peer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.cryptomator.cryptofs.CryptoFileSystemProperties;
import org.cryptomator.cryptofs.CryptoFileSystemProvider;
import org.cryptomator.cryptolib.api.Masterkey;

/** cryptofs in its own defaults: AES-GCM, chunks of 32 KiB. */
final class Cryptofs {

  private static final int MASTER_KEY_BYTES = 64;

  private Cryptofs() {}

  /** Makes a vault. */
  static Peer in(Path directory) throws IOException {
    byte[] key = new byte[MASTER_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    CryptoFileSystemProperties properties =
        CryptoFileSystemProperties.cryptoFileSystemProperties()
            .withKeyLoader(id -> new Masterkey(key.clone()))
            .build();
    Files.createDirectories(directory);
    CryptoFileSystemProvider.initialize(directory, properties, URI.create("benchmark:key"));
    return FolderPeer.provider(
        "cryptofs " + version(),
        directory,
        () -> new Vault(CryptoFileSystemProvider.newFileSystem(directory, properties)));
  }

  private static String version() {
    String place =
        CryptoFileSystemProvider.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath();
    return place.replaceAll(".*cryptofs-([0-9.]+)\\.jar", "$1");
  }

  private record Vault(FileSystem files) implements Mounted {

    @Override
    public Path root() {
      return files.getPath("/");
    }

    @Override
    public void close() throws IOException {
      files.close();
    }
  }
}
