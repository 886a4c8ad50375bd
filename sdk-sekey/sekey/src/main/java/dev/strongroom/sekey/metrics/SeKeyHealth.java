// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.metrics;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.KeyStoreStatus;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.sekey.audit.SealedEntry;
import java.util.Optional;

/**
 * How a system is: for whoever watches it, and for health checks of applications.
 *
 * <p>Thread safety: immutable.
 *
 * @param element whether the element answers, and what it says
 * @param auditHead the last entry of the audit log, or empty if there is none yet
 * @param databaseVersion version of the database's tables, from 1
 */
public record SeKeyHealth(Element element, Optional<AuditHead> auditHead, int databaseVersion) {

  /** Whether the element answers. */
  public sealed interface Element {

    /**
     * It does.
     *
     * @param status its records, and its time
     */
    record Reachable(KeyStoreStatus status) implements Element {}

    /**
     * It does not.
     *
     * @param reason why, without secrets
     */
    record Unreachable(String reason) implements Element {}
  }

  /**
   * The end of the audit log.
   *
   * @param sequence number of the last entry, from 1
   * @param mac of the last entry, which stands for all before it, 32 bytes
   */
  public record AuditHead(long sequence, Bytes mac) {

    /**
     * The head of a log with this entry at its end.
     *
     * @param last the entry
     * @return its number and its MAC
     */
    public static AuditHead of(SealedEntry last) {
      return new AuditHead(last.sequence(), last.mac());
    }
  }

  /**
   * Asks the element; one command, which takes no use from any key.
   *
   * @param session of the element
   * @param auditHead the last entry of the audit log, or empty if there is none yet
   * @param databaseVersion version of the database's tables
   * @return how it is; an element that does not answer is no exception
   */
  public static SeKeyHealth of(
      ElementSession session, Optional<AuditHead> auditHead, int databaseVersion) {
    return new SeKeyHealth(element(session), auditHead, databaseVersion);
  }

  private static Element element(ElementSession session) {
    try {
      return new Element.Reachable(session.keys().store().status());
    } catch (StrongroomException | IllegalStateException e) {
      return new Element.Unreachable(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whether keys can be used.
   *
   * @return whether the element answers
   */
  public boolean isUp() {
    return element instanceof Element.Reachable;
  }

  /**
   * The signed time of the element.
   *
   * @return the floor, or empty if the element does not answer
   */
  public Optional<ElementTime> floor() {
    return element instanceof Element.Reachable reachable
        ? Optional.of(reachable.status().floor())
        : Optional.empty();
  }
}
