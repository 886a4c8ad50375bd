// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.file.internal.format.v1.Names;
import org.jspecify.annotations.Nullable;

/**
 * The element does not vouch for the ledger of a volume, so that nobody can tell whether its files
 * are the newest ones; nothing was changed.
 *
 * <p>If that is as it should be, because a backup was restored or an element replaced, an
 * administrator opens the volume with {@link LedgerState#repair()}.
 *
 * <p>Thread safety: immutable.
 */
public final class LedgerException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final LedgerState state;
  private final long ledgerCounter;
  private final long elementCounter;

  /**
   * Reports it.
   *
   * @param volume the volume's place
   * @param state what is wrong
   * @param ledgerCounter counter of the ledger, unsigned; 0 if there is none, or none to be read
   * @param elementCounter counter of the element's slot, unsigned; 0 if it has none
   * @param cause what was underneath, or null
   */
  public LedgerException(
      String volume,
      LedgerState state,
      long ledgerCounter,
      long elementCounter,
      @Nullable Throwable cause) {
    super(
        volume
            + ": "
            + state.text()
            + " (ledger at change "
            + Long.toUnsignedString(ledgerCounter)
            + ", element at change "
            + Long.toUnsignedString(elementCounter)
            + "); put the newest copy of "
            + switch (state) {
              case VOLUME_FILE_OLDER, VOLUME_FILE_FOREIGN -> Names.VOLUME;
              default -> "the volume";
            }
            + " back, or let an administrator "
            + switch (state.repair()) {
              case ACCEPT -> "accept this one";
              case REBUILD -> "rebuild the ledger";
              case ADOPT -> "adopt it for this element";
            },
        cause);
    this.state = state;
    this.ledgerCounter = ledgerCounter;
    this.elementCounter = elementCounter;
  }

  /**
   * What is wrong.
   *
   * @return the state
   */
  public LedgerState state() {
    return state;
  }

  /**
   * How often the ledger that was found had changed.
   *
   * @return an unsigned number, 0 if there is no ledger, or none to be read
   */
  public long ledgerCounter() {
    return ledgerCounter;
  }

  /**
   * How often the element has seen it change.
   *
   * @return an unsigned number, 0 if it has no slot for the volume
   */
  public long elementCounter() {
    return elementCounter;
  }
}
