// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;

/**
 * The element's answer to a {@link GrubRequest}: the keys of one file.
 *
 * <p>Thread safety: thread-safe, as its secrets are.
 *
 * @param rnd the file's RND: as asked, or drawn by the element for a new file
 * @param enc EncGrub, 32 bytes, from which the file's encryption keys come
 * @param sig SigGrub, 32 bytes, from which the file's authentication keys come
 * @param randomness 32 fresh bytes of the element's random generator
 */
public record Grub(Bytes rnd, SecretBytes enc, SecretBytes sig, SecretBytes randomness)
    implements AutoCloseable {

  /** Length of EncGrub, SigGrub and the randomness, in bytes. */
  public static final int SECRET_LENGTH = 32;

  /** Zeroes the three secrets. */
  @Override
  public void close() {
    enc.close();
    sig.close();
    randomness.close();
  }
}
