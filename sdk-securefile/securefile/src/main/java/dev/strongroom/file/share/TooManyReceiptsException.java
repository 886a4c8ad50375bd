// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.SecureFileException;
import java.util.List;

/**
 * The volume has no room for one more receipt: elements have received files and did not take the
 * note that these are there. Nothing was received.
 *
 * <p>A receipt goes when its element takes the note, which is tried whenever that element receives
 * into the volume, or by {@link Contacts#forgetReceipts}.
 *
 * <p>Thread safety: immutable.
 */
public final class TooManyReceiptsException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final int limit;
  private final byte[][] elements;

  /**
   * Reports it.
   *
   * @param limit the most receipts of a volume
   * @param elements serial numbers of the elements that they are of
   */
  public TooManyReceiptsException(int limit, List<Bytes> elements) {
    super(
        "the volume keeps "
            + limit
            + " receipts that elements "
            + elements
            + " have not taken note of; receive something with each of these, or forget the"
            + " receipts of one that is lost",
        null);
    this.limit = limit;
    this.elements = elements.stream().map(Bytes::toByteArray).toArray(byte[][]::new);
  }

  /**
   * The most receipts.
   *
   * @return of a volume
   */
  public int limit() {
    return limit;
  }

  /**
   * Whose receipts they are.
   *
   * @return serial numbers, 16 bytes each, each once
   */
  public List<Bytes> elements() {
    return List.of(elements).stream().map(Bytes::copyOf).toList();
  }
}
