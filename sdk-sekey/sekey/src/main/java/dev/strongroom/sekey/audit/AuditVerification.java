// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.Optional;

/**
 * What a look at a whole log gave: two verdicts that say nothing of each other; {@code
 * docs/spec/audit.md}, section 4.
 *
 * <p>Thread safety: immutable.
 *
 * @param entries how many there are
 * @param integrity whether what is there was written so
 * @param completeness whether all is there
 */
public record AuditVerification(long entries, Integrity integrity, Completeness completeness) {

  /**
   * Whether what is there was written so.
   *
   * <p>Thread safety: immutable.
   */
  public sealed interface Integrity {

    /**
     * Every entry is as the element has it.
     *
     * <p>Thread safety: immutable.
     */
    record Intact() implements Integrity {}

    /**
     * An entry is not, and there may be more.
     *
     * <p>Thread safety: immutable.
     *
     * @param sequence of the first one
     */
    record Damaged(long sequence) implements Integrity {}
  }

  /**
   * Whether all is there.
   *
   * <p>Thread safety: immutable.
   */
  public sealed interface Completeness {

    /**
     * From the first entry on, beyond the checkpoint.
     *
     * <p>Thread safety: immutable.
     *
     * @param checkpoint the sequence of the checkpoint
     */
    record Complete(long checkpoint) implements Completeness {}

    /**
     * An entry is missing, or follows another one than is there.
     *
     * <p>Thread safety: immutable.
     *
     * @param after the sequence behind which it is, 0 for the beginning
     */
    record Gap(long after) implements Completeness {}

    /**
     * The log ends too early.
     *
     * <p>Thread safety: immutable.
     *
     * @param last the sequence of its last entry, 0 if it has none
     * @param checkpoint the sequence that it had reached
     */
    record Cut(long last, long checkpoint) implements Completeness {}

    /**
     * It is not the log that the checkpoint is of, or has another entry there.
     *
     * <p>Thread safety: immutable.
     *
     * @param checkpoint the sequence of the checkpoint
     */
    record Replaced(long checkpoint) implements Completeness {}

    /**
     * Nothing is missing in between; where the log should end, nobody says.
     *
     * <p>Thread safety: immutable.
     *
     * @param last the sequence of its last entry, 0 if it has none
     */
    record Open(long last) implements Completeness {}
  }

  /**
   * Looks at a log.
   *
   * @param origin which log it should be
   * @param entries as they are kept, in ascending order
   * @param key the log's key
   * @param checkpoint the newest one that somebody else has kept, with a signature that is right;
   *     or empty
   * @return both verdicts
   * @throws StrongroomException if the element fails or refuses
   */
  public static AuditVerification verify(
      AuditOrigin origin,
      Iterator<SealedEntry> entries,
      ChainKey key,
      Optional<Checkpoint> checkpoint)
      throws StrongroomException {
    Look look = new Look(origin, checkpoint);
    while (entries.hasNext()) {
      look.at(entries.next(), key);
    }
    return look.verdicts();
  }

  /** What was seen up to an entry. */
  private static final class Look {

    private final AuditOrigin origin;
    private final Optional<Checkpoint> checkpoint;
    private long count;
    private long last;
    private Bytes previous;
    private Optional<Integrity> damaged = Optional.empty();
    private Optional<Completeness> gap = Optional.empty();
    private boolean reached;

    Look(AuditOrigin origin, Optional<Checkpoint> checkpoint) {
      this.origin = origin;
      this.checkpoint = checkpoint;
      previous = origin.beforeFirst();
    }

    void at(SealedEntry sealed, ChainKey key) throws StrongroomException {
      count++;
      Optional<AuditEntry> entry = parsed(sealed);
      if (damaged.isEmpty() && !isAsWritten(sealed, entry, key)) {
        damaged = Optional.of(new Integrity.Damaged(sealed.sequence()));
      }
      boolean follows =
          sealed.sequence() == last + 1
              && entry.filter(read -> !read.previous().equals(previous)).isEmpty();
      if (gap.isEmpty() && !follows) {
        gap = Optional.of(new Completeness.Gap(last));
      }
      reached |=
          checkpoint
              .filter(point -> point.origin().equals(origin))
              .filter(point -> point.sequence() == sealed.sequence())
              .filter(point -> point.mac().equals(sealed.mac()))
              .isPresent();
      last = sealed.sequence();
      previous = sealed.mac();
    }

    private static Optional<AuditEntry> parsed(SealedEntry sealed) {
      try {
        return Optional.of(AuditEntry.parse(sealed.entry()));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private boolean isAsWritten(SealedEntry sealed, Optional<AuditEntry> entry, ChainKey key)
        throws StrongroomException {
      return entry
              .filter(read -> read.logId().equals(origin.logId()))
              .filter(read -> read.sequence() == sealed.sequence())
              .isPresent()
          && MessageDigest.isEqual(
              key.authenticate(sealed.entry()).toByteArray(), sealed.mac().toByteArray());
    }

    AuditVerification verdicts() {
      return new AuditVerification(
          count, damaged.orElseGet(Integrity.Intact::new), gap.orElseGet(this::end));
    }

    private Completeness end() {
      if (checkpoint.isEmpty()) {
        return new Completeness.Open(last);
      }
      long expected = checkpoint.get().sequence();
      if (reached) {
        return new Completeness.Complete(expected);
      }
      return checkpoint.get().origin().equals(origin) && last < expected
          ? new Completeness.Cut(last, expected)
          : new Completeness.Replaced(expected);
    }
  }
}
