// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import java.io.IOException;

/**
 * SPI: a secret of this machine that a PIN is combined with, so that a copied file alone is not
 * enough to try PINs.
 *
 * <p>It enters Argon2id as the secret value K (RFC 9106, 3.1). The default is the file's own root:
 * 32 random bytes in the element's file itself, which protect against nothing but keep its place
 * for a TPM or a PUF.
 *
 * <p>Thread safety: implementations are thread-safe.
 */
public interface SecretRoot {

  /**
   * What kind of root this is; stands in the element's file, so that another root is refused by
   * name.
   *
   * @return 1 to 16 characters of ASCII, not {@code file}
   */
  String name();

  /**
   * The secret for one element, always the same.
   *
   * @param serialNumber the element's serial number, 16 bytes
   * @return 16 to 64 bytes, which the caller closes
   * @throws IOException if the root cannot be reached
   */
  SecretBytes secret(Bytes serialNumber) throws IOException;
}
