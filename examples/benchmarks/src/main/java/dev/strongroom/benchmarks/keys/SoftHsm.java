// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Optional;

/**
 * A token of SoftHSM2, in a folder of its own, through SunPKCS11. SoftHSM2 takes the place of its
 * configuration from the environment, so the process must have been started with {@value
 * #VARIABLE}.
 *
 * <p>Thread safety: thread-safe.
 */
final class SoftHsm {

  /** What the environment has to tell. */
  static final String VARIABLE = "SOFTHSM2_CONF";

  private static final String PIN = "1234";
  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/softhsm/libsofthsm2.so"),
          Path.of("/usr/local/lib/softhsm/libsofthsm2.so"));

  private SoftHsm() {}

  private static Optional<Path> library() {
    return LIBRARIES.stream().filter(Files::isReadable).findFirst();
  }

  /** Why it cannot take part, or empty. */
  static Optional<String> obstacle() {
    return library().isPresent() ? Optional.empty() : Optional.of("softhsm2 is not installed");
  }

  /** Where the configuration is to be, in a folder. */
  static Path configuration(Path folder) {
    return folder.resolve("softhsm2.conf").toAbsolutePath();
  }

  /** Makes a token. */
  static Provider provider(Path folder) throws IOException {
    Path tokens = Files.createDirectories(folder.resolve("tokens")).toAbsolutePath();
    Files.writeString(
        configuration(folder),
        "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    Process made =
        new ProcessBuilder(
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "benchmark",
                "--pin",
                PIN,
                "--so-pin",
                PIN)
            .redirectErrorStream(true)
            .start();
    String said = new String(made.getInputStream().readAllBytes(), UTF_8);
    try {
      if (made.waitFor() != 0) {
        throw new IOException("softhsm2-util: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    Path file = folder.resolve("pkcs11.cfg");
    Files.writeString(
        file,
        """
        name = SoftHSM2
        library = %s
        slotListIndex = 0
        attributes(*, CKO_SECRET_KEY, *) = {
          CKA_SENSITIVE = false
          CKA_EXTRACTABLE = true
          CKA_ENCRYPT = true
          CKA_DECRYPT = true
          CKA_SIGN = true
          CKA_WRAP = true
          CKA_UNWRAP = true
        }
        attributes(generate, CKO_PRIVATE_KEY, *) = {
          CKA_SIGN = true
          CKA_DERIVE = true
        }
        """
            .formatted(library().orElseThrow()));
    Provider provider = Security.getProvider("SunPKCS11").configure(file.toString());
    login(provider);
    return provider;
  }

  private static void login(Provider provider) throws IOException {
    try {
      KeyStore.getInstance("PKCS11", provider).load(null, PIN.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IOException("the token cannot be opened", e);
    }
  }
}
