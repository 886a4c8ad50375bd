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
      tell(e);
      return false;
    } catch (FileInvalidatedException e) {
      tell(e);
      return false;
    } catch (IntegrityException e) {
      findings.add(FindingKind.LEDGER, Severity.DAMAGE, path, e.check() + ": " + e.detail());
      return true;
    } finally {
      volume.lock.unlock();
    }
  }

  /** Tells of a file that is older than the ledger says, or ahead of it. */
  void tell(RollbackException e) {
    findings.add(FindingKind.ROLLBACK, Severity.DAMAGE, e.file(), String.valueOf(e.getMessage()));
  }

  /** Tells of a file that was invalidated. */
  void tell(FileInvalidatedException e) {
    findings.add(
        FindingKind.INVALIDATED, Severity.NOTICE, e.file(), String.valueOf(e.getMessage()));
  }
}
