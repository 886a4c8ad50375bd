// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.database;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The databases that secure ones are compared with.
 *
 * <p>SQLCipher's format is that of {@code io.github.willena:sqlite-jdbc}, whose classes have the
 * names of the other driver's; so it has a class loader of its own, and its jar is not on the class
 * path but in the folder {@code peers} beside the program.
 *
 * <p>Thread safety: thread-safe.
 */
final class Peers {

  private static final String JAR = "sqlite-jdbc-3.40.1.0.jar";
  private static final String FORMAT = "SQLite format 3";

  /** A raw key, from which the format derives nothing: 32 bytes in hexadecimal digits. */
  private static final String KEY = "x'" + "5a".repeat(32) + "'";

  private static @Nullable Driver multipleCiphers; // guarded by the class

  private Peers() {}

  /** A plain database, by the driver that secure ones use. */
  static DriverSource plain(Path file, String journalMode) {
    return new DriverSource(
        new org.sqlite.JDBC(), "jdbc:sqlite:" + file, new Properties(), journalMode);
  }

  /** Why the peer with SQLCipher's format cannot take part, if it cannot. */
  static Optional<String> obstacle() {
    return Files.isReadable(jar()) ? Optional.empty() : Optional.of(jar() + " is missing");
  }

  /** A database in SQLCipher's format, version 4. */
  static DriverSource sqlCipher(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("cipher", "sqlcipher");
    properties.setProperty("legacy", "4");
    properties.setProperty("key", KEY);
    return new DriverSource(multipleCiphers(), "jdbc:sqlite:" + file, properties, "TRUNCATE");
  }

  /** Makes sure that a database is not a plain one. */
  static void requireEncrypted(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] first = in.readNBytes(FORMAT.length());
      if (first.length == 0 || Arrays.equals(first, FORMAT.getBytes(US_ASCII))) {
        throw new IOException(file + " is not encrypted");
      }
    }
  }

  private static Path jar() {
    try {
      Path program =
          Path.of(Peers.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return program.resolveSibling("peers").resolve(JAR);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static synchronized Driver multipleCiphers() throws IOException {
    Driver known = multipleCiphers;
    if (known == null) {
      // Stays open: the driver loads classes as long as it lives.
      URLClassLoader loader =
          new URLClassLoader(
              new URL[] {jar().toUri().toURL()}, ClassLoader.getPlatformClassLoader());
      try {
        known = (Driver) loader.loadClass("org.sqlite.JDBC").getDeclaredConstructor().newInstance();
      } catch (ReflectiveOperationException e) {
        loader.close();
        throw new IOException(jar() + " has no driver", e);
      }
      multipleCiphers = known;
    }
    return known;
  }
}
