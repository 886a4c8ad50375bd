// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Kdf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The element's answer to a {@link GrubRequest}: the keys of one file.
 *
 * <p>Thread safety: thread-safe, as its secrets are.
 *
 * @param rnd the file's RND: as asked, or drawn by the element for a new file
 * @param enc EncGrub, 32 bytes, from which the file's encryption keys come
 * @param sig SigGrub, 32 bytes, from which the file's authentication keys come
 * @param randomness 32 fresh bytes of the element's random generator
 * @param wrapped the wrapped file key that the element has made, or null if it was not asked for
 *     one
 */
public record Grub(
    Bytes rnd, SecretBytes enc, SecretBytes sig, SecretBytes randomness, @Nullable Bytes wrapped)
    implements AutoCloseable {

  /** Length of EncGrub, SigGrub and the randomness, in bytes. */
  public static final int SECRET_LENGTH = 32;

  /**
   * An answer without a new file key.
   *
   * @param rnd as above
   * @param enc as above
   * @param sig as above
   * @param randomness as above
   */
  public Grub(Bytes rnd, SecretBytes enc, SecretBytes sig, SecretBytes randomness) {
    this(rnd, enc, sig, randomness, null);
  }

  /**
   * The pair that a file key gives, where the keys of a file come from a key of its own and not
   * from the master keys of an element: both halves are derived from it by {@link Kdf}.
   *
   * @param fileKey {@value #SECRET_LENGTH} bytes
   * @param volume the id that stands in the file's header as its volume, 16 bytes
   * @param file the file, with its RND
   * @param randomness {@value #SECRET_LENGTH} bytes of an element's random generator, of which the
   *     answer holds a copy
   * @return the pair, which the caller closes
   * @throws IllegalArgumentException if the request has no RND
   */
  public static Grub of(
      SecretBytes fileKey, Bytes volume, GrubRequest file, SecretBytes randomness) {
    Bytes rnd = requireRnd(file);
    return under(
        fileKey,
        kdf ->
            new Grub(
                rnd,
                SecretBytes.adopt(kdf.file(Kdf.Half.ENC, volume, file.uid(), rnd, file.epoch())),
                SecretBytes.adopt(kdf.file(Kdf.Half.SIG, volume, file.uid(), rnd, file.epoch())),
                randomness.copy()));
  }

  /**
   * EncGrub of consecutive crypto pages of a file that has a file key, as {@link #of}.
   *
   * @param fileKey {@value #SECRET_LENGTH} bytes
   * @param volume the id that stands in the file's header as its volume, 16 bytes
   * @param file the file, with its RND
   * @param firstPage index of the first page
   * @param count how many pages
   * @return a key for each page, in order, which the caller closes
   * @throws IllegalArgumentException if the request has no RND
   */
  public static List<SecretBytes> pages(
      SecretBytes fileKey, Bytes volume, GrubRequest file, long firstPage, int count) {
    Bytes rnd = requireRnd(file);
    return under(
        fileKey,
        kdf -> {
          List<SecretBytes> keys = new ArrayList<>(count);
          for (int i = 0; i < count; i++) {
            keys.add(
                SecretBytes.adopt(kdf.page(volume, file.uid(), rnd, file.epoch(), firstPage + i)));
          }
          return keys;
        });
  }

  private static <R> R under(SecretBytes key, Function<Kdf, R> derivation) {
    Kdf kdf = Kdf.current();
    try {
      key.use(kdf::under);
      return derivation.apply(kdf);
    } finally {
      kdf.forget();
    }
  }

  private static Bytes requireRnd(GrubRequest file) {
    Bytes rnd = file.rnd();
    if (rnd == null) {
      throw new IllegalArgumentException("a file key derives for a file whose RND is known");
    }
    return rnd;
  }

  /** Zeroes the three secrets. */
  @Override
  public void close() {
    enc.close();
    sig.close();
    randomness.close();
  }
}
