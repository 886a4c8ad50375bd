// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.simulator.keystore.KeyEntry;
import dev.strongroom.simulator.keystore.KeyTable;
import dev.strongroom.simulator.keystore.KeyValues;
import dev.strongroom.simulator.keystore.KeyValues.Derivation;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * The keys that wrap file keys and data keys, derived from managed keys, {@code
 * docs/spec/key-store.md}, 2.6 and 9.2.
 *
 * <p>Thread safety: stateless.
 */
final class KeyWrapping {

  private KeyWrapping() {}

  /** What wraps file keys, 32 bytes, which the caller closes. */
  static SecretBytes fileKey(KeyTable table, KeyEntry key) {
    try (SecretBytes value = table.value(key)) {
      return KeyValues.derive(value, Derivation.FILE_KEY, key.attributes().id());
    }
  }

  /** What wraps data keys of a context, 32 bytes, which the caller closes. */
  static SecretBytes dataKey(KeyTable table, KeyEntry key, Bytes context) {
    try (SecretBytes value = table.value(key);
        SecretBytes derived = KeyValues.derive(value, Derivation.DATA_KEY, key.attributes().id())) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(context.toByteArray());
      return SecretBytes.adopt(KeyValues.mac(derived, digest));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
