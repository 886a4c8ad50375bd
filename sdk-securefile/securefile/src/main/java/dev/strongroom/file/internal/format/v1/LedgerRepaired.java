// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.file.LedgerRepair;
import java.time.Instant;

/**
 * An administrator has made a ledger count that the element did not vouch for.
 *
 * @param time when
 * @param repair what was done
 * @param from counter of the ledger that was found, 0 if there was none to be read
 * @param to counter that it goes on with
 *     <p>Thread safety: immutable.
 */
public record LedgerRepaired(Instant time, LedgerRepair repair, long from, long to) {

  /** Length of the record's value. */
  static final int BYTES = 12 + 1 + 3 + 8 + 8;
}
