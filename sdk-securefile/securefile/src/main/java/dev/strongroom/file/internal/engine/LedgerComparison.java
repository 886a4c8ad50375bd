// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.check.Findings;
import dev.strongroom.file.internal.format.v1.FileHeader;
import java.io.IOException;

/**
 * Compares what a check reads with the ledger.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class LedgerComparison {

  private final Volume volume;
  private final Findings findings;

  LedgerComparison(Volume volume, Findings findings) {
    this.volume = volume;
    this.findings = findings;
  }

  /**
   * Whether a file is in the state that the ledger names, or the ledger does not say; tells of it
   * if not, and of a ledger that cannot be read.
   */
  boolean isCurrent(FileHeader header, String path) throws IOException {
    volume.lock.lock();
    try {
      volume.ledger.requireCurrent(header, path);
      return true;
    } catch (RollbackException e) {
      findings.add(FindingKind.ROLLBACK, Severity.DAMAGE, path, String.valueOf(e.getMessage()));
      return false;
    } catch (FileInvalidatedException e) {
      findings.add(FindingKind.INVALIDATED, Severity.NOTICE, path, String.valueOf(e.getMessage()));
      return false;
    } catch (IntegrityException e) {
      findings.add(FindingKind.LEDGER, Severity.DAMAGE, path, e.check() + ": " + e.detail());
      return true;
    } finally {
      volume.lock.unlock();
    }
  }
}
