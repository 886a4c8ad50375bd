// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import java.io.IOException;

/**
 * Where uses of keys are noted that are exceptional or were refused: {@link AuditAct#KEY_USED} with
 * {@link AuditOutcome#ACKNOWLEDGED} or {@link AuditOutcome#REFUSED}. An exceptional use is noted
 * before it is made, and is not made if that fails.
 *
 * <p>Thread safety: thread-safe.
 */
@FunctionalInterface
public interface KeyUseLog {

  /**
   * Notes a use.
   *
   * @param event what was asked, by whom, and what came of it
   * @throws IOException if it cannot be noted
   */
  void note(AuditEvent event) throws IOException;
}
