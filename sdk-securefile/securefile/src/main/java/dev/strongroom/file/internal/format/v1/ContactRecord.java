// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a contacts file: an element that is known, or was.
 *
 * <p>Layout, big-endian: kind u8 | name length u8 | card length u16 | added 12 | next counter u64 |
 * fingerprint 32 | outboxes 64 | card | name; byte table in {@code
 * docs/spec/secure-file-format.md}, section "Contacts".
 *
 * <p>Thread safety: immutable.
 *
 * @param kind whether it is known
 * @param name its name; empty but for a contact
 * @param added since when
 * @param nextCounter number of the next file sent to it, from 1 on
 * @param fingerprint SHA-256 of its signing key and agreement key
 * @param outboxes at most {@value #MAX_OUTBOXES} outboxes of it that something came from, 16 bytes
 *     each, the last one first; empty but for a contact
 * @param card its card, a statement with its signature; empty but for a contact
 */
public record ContactRecord(
    Kind kind,
    String name,
    Instant added,
    long nextCounter,
    Bytes fingerprint,
    List<Bytes> outboxes,
    Bytes card) {

  /** Longest card in bytes. */
  public static final int MAX_CARD = 4080;

  /** How many outboxes a record has room for. */
  public static final int MAX_OUTBOXES = 4;

  private static final int OUTBOX = 16;
  private static final int FIXED = 56 + MAX_OUTBOXES * OUTBOX;

  private static final Bytes NO_OUTBOX = Bytes.copyOf(new byte[OUTBOX]);
  private static final Bytes NO_CARD = Bytes.copyOf(new byte[0]);

  /** What a record is. */
  public enum Kind {
    /** Nothing. */
    FREE(0),
    /** An element that is known. */
    CONTACT(1),
    /** One that was removed, whose counter is kept. */
    RETIRED(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static @Nullable Kind of(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return null;
    }
  }

  /**
   * A record of an element that becomes known.
   *
   * @param name its name
   * @param added since when
   * @param nextCounter number of the next file sent to it
   * @param fingerprint SHA-256 of its keys
   * @param card its card
   * @return the record of a contact
   */
  public static ContactRecord contact(
      String name, Instant added, long nextCounter, Bytes fingerprint, Bytes card) {
    return new ContactRecord(Kind.CONTACT, name, added, nextCounter, fingerprint, List.of(), card);
  }

  /**
   * The record with another name.
   *
   * @param newName the name
   * @return the record of the same contact
   */
  public ContactRecord named(String newName) {
    return new ContactRecord(kind, newName, added, nextCounter, fingerprint, outboxes, card);
  }

  /**
   * The record after one more file was numbered.
   *
   * @return the record of the same contact
   */
  public ContactRecord counted() {
    long next = Math.addExact(nextCounter, 1);
    return new ContactRecord(kind, name, added, next, fingerprint, outboxes, card);
  }

  /**
   * The record after something came from an outbox; the oldest of too many is left out.
   *
   * @param outbox 16 bytes
   * @return the record of the same contact
   */
  public ContactRecord heardFrom(Bytes outbox) {
    List<Bytes> heard = new ArrayList<>(List.of(outbox));
    outboxes.stream().filter(each -> !each.equals(outbox)).forEach(heard::add);
    List<Bytes> kept = List.copyOf(heard.subList(0, Math.min(heard.size(), MAX_OUTBOXES)));
    return new ContactRecord(kind, name, added, nextCounter, fingerprint, kept, card);
  }

  /**
   * What is left when the contact is removed: its counter, if anything was sent to it.
   *
   * @return a record of another kind
   */
  public ContactRecord removed() {
    Kind left = nextCounter == 1 ? Kind.FREE : Kind.RETIRED;
    return new ContactRecord(left, "", added, nextCounter, fingerprint, List.of(), NO_CARD);
  }

  /**
   * Writes the record.
   *
   * @return {@value ContactsHead#BLOCK} bytes
   */
  public byte[] encode() {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(ContactsHead.BLOCK);
    out.put((byte) kind.code).put((byte) text.length).putShort((short) card.length());
    TimeField.put(out, added);
    out.putLong(nextCounter).put(fingerprint.toByteArray());
    outboxes.forEach(each -> out.put(each.toByteArray()));
    out.position(FIXED);
    out.put(card.toByteArray()).put(text);
    return out.array();
  }

  /**
   * Reads a record; the card is not looked into.
   *
   * @param file the file, for messages
   * @param bytes {@value ContactsHead#BLOCK} bytes
   * @return what it says
   * @throws FileHeader.Refused if it is none
   * @throws FormatVersionException if it is of a kind that is not known, or there is something
   *     behind it
   */
  public static ContactRecord parse(String file, byte[] bytes)
      throws FileHeader.Refused, FormatVersionException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int code = in.get() & 0xFF;
    Kind kind = Kind.of(code);
    if (kind == null) {
      throw new FormatVersionException(
          file, FileHeader.FORMAT + " with contacts of kind " + code, FileHeader.FORMAT);
    }
    int nameLength = in.get() & 0xFF;
    int cardLength = in.getShort() & 0xFFFF;
    Instant added = TimeField.get(in);
    long nextCounter = in.getLong();
    Bytes fingerprint = Stanza.bytes(in, 32);
    List<Bytes> outboxes = outboxes(in);
    boolean named = nameLength > 0 && cardLength > 0 && cardLength <= MAX_CARD;
    boolean bare = nameLength == 0 && cardLength == 0;
    if (!(kind == Kind.CONTACT ? named : bare && outboxes.isEmpty())
        || (kind != Kind.FREE && nextCounter < 1)) {
      throw new FileHeader.Refused("a field of a record is out of range");
    }
    Bytes card = Stanza.bytes(in, cardLength);
    String name = bare ? "" : Names.decodeName(bytes, in.position(), nameLength);
    if (name == null) {
      throw new FileHeader.Refused("a name is none");
    }
    if (kind != Kind.FREE) {
      ContactsHead.requireZeroBehind(file, bytes, FIXED + cardLength + nameLength);
    }
    return new ContactRecord(kind, name, added, nextCounter, fingerprint, outboxes, card);
  }

  private static List<Bytes> outboxes(ByteBuffer in) throws FileHeader.Refused {
    List<Bytes> all = new ArrayList<>(MAX_OUTBOXES);
    boolean ended = false;
    for (int i = 0; i < MAX_OUTBOXES; i++) {
      Bytes next = Stanza.bytes(in, OUTBOX);
      boolean none = next.equals(NO_OUTBOX);
      if (!none && (ended || all.contains(next))) {
        throw new FileHeader.Refused("the outboxes of a record are not in order");
      }
      ended |= none;
      if (!none) {
        all.add(next);
      }
    }
    return List.copyOf(all);
  }
}
