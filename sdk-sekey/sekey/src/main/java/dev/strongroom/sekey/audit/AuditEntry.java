// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.sekey.model.UserId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * An event at its place in a log; {@code docs/spec/audit.md}, section 1.
 *
 * <p>Layout, big-endian: version u8 = 1 | log id 16 | sequence u64 | previous 32 | time u32 | floor
 * u32 | act u8 | outcome u8 | operation u8 | reason u8 | actor 16 | subject 16 | object 16 | length
 * of the text u16 | text in UTF-8.
 *
 * <p>Thread safety: immutable.
 *
 * @param logId which log, 16 bytes
 * @param sequence its number in the log, from 1
 * @param previous the MAC of the entry before, or what stands for it, 32 bytes
 * @param event what happened
 */
public record AuditEntry(Bytes logId, long sequence, Bytes previous, AuditEvent event) {

  /** Length of a MAC in bytes. */
  public static final int MAC_LENGTH = 32;

  private static final int VERSION = 1;
  private static final int FIXED_LENGTH = 119;
  private static final Bytes NO_ID = Bytes.copyOf(new byte[UserId.LENGTH]);

  /**
   * Checks lengths and number.
   *
   * @param logId as above
   * @param sequence as above
   * @param previous as above
   * @param event as above
   */
  public AuditEntry {
    if (logId.length() != AuditOrigin.ID_LENGTH || previous.length() != MAC_LENGTH) {
      throw new IllegalArgumentException("a log's id has 16 bytes, a MAC 32");
    }
    if (sequence < 1) {
      throw new IllegalArgumentException("entries count from 1, not from " + sequence);
    }
  }

  /**
   * Adds an event to a log.
   *
   * @param origin which log
   * @param last the last entry; empty for the first one
   * @param event what happened
   * @param key the log's key
   * @return the entry with its MAC
   * @throws StrongroomException if the element fails or refuses
   */
  public static SealedEntry seal(
      AuditOrigin origin, Optional<SealedEntry> last, AuditEvent event, ChainKey key)
      throws StrongroomException {
    AuditEntry entry =
        new AuditEntry(
            origin.logId(),
            last.map(SealedEntry::sequence).orElse(0L) + 1,
            last.map(SealedEntry::mac).orElseGet(origin::beforeFirst),
            event);
    Bytes encoded = entry.encode();
    return new SealedEntry(entry.sequence, encoded, key.authenticate(encoded));
  }

  /**
   * Writes the entry.
   *
   * @return its bytes
   */
  public Bytes encode() {
    byte[] text = event.text().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(FIXED_LENGTH + text.length);
    out.put((byte) VERSION).put(logId.toByteArray()).putLong(sequence);
    out.put(previous.toByteArray());
    out.putInt((int) event.time().seconds()).putInt((int) event.floor().seconds());
    out.put((byte) event.act().number()).put((byte) event.outcome().number());
    out.put((byte) (int) event.operation().map(KeyOperation::number).orElse(0));
    out.put((byte) (int) event.reason().map(RefusalReason::number).orElse(0));
    out.put(event.actor().map(UserId::bytes).orElse(NO_ID).toByteArray());
    out.put(event.subject().orElse(NO_ID).toByteArray());
    out.put(event.object().orElse(NO_ID).toByteArray());
    out.putShort((short) text.length).put(text);
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads an entry.
   *
   * @param encoded what {@link #encode()} wrote
   * @return the entry
   * @throws IllegalArgumentException if it is something else
   */
  public static AuditEntry parse(Bytes encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    try {
      if (in.get() != VERSION) {
        throw new IllegalArgumentException("an audit entry of another version");
      }
      AuditEntry entry =
          new AuditEntry(
              bytes(in, AuditOrigin.ID_LENGTH), in.getLong(), bytes(in, MAC_LENGTH), event(in));
      if (!entry.encode().equals(encoded)) {
        throw new IllegalArgumentException("an audit entry is not written in its one encoding");
      }
      return entry;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("an audit entry is cut short", e);
    }
  }

  private static AuditEvent event(ByteBuffer in) {
    return new AuditEvent(
        time(in),
        time(in),
        one("act", AuditAct::of, in).orElseThrow(AuditEntry::missing),
        one("outcome", AuditOutcome::of, in).orElseThrow(AuditEntry::missing),
        one("operation", KeyOperation::of, in),
        one("reason", RefusalReason::of, in),
        id(in).map(UserId::new),
        id(in),
        id(in),
        new String(bytes(in, in.getShort() & 0xFFFF).toByteArray(), StandardCharsets.UTF_8));
  }

  private static IllegalArgumentException missing() {
    return new IllegalArgumentException("an audit entry without act or outcome");
  }

  private static ElementTime time(ByteBuffer in) {
    return new ElementTime(Integer.toUnsignedLong(in.getInt()));
  }

  private static Optional<Bytes> id(ByteBuffer in) {
    Bytes id = bytes(in, UserId.LENGTH);
    return id.equals(NO_ID) ? Optional.empty() : Optional.of(id);
  }

  private static Bytes bytes(ByteBuffer in, int length) {
    byte[] part = new byte[length];
    in.get(part);
    return Bytes.copyOf(part);
  }

  private static <T> Optional<T> one(String what, IntFunction<Optional<T>> of, ByteBuffer in) {
    int number = in.get() & 0xFF;
    Optional<T> found = of.apply(number);
    if (number != 0 && found.isEmpty()) {
      throw new IllegalArgumentException("no " + what + " has number " + number);
    }
    return found;
  }
}
