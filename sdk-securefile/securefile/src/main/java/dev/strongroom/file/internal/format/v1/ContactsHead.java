// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FormatVersionException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The beginning of a contacts file.
 *
 * <p>Layout, big-endian: magic 8 | records u32 | receipts u32 | outbox id 16 | receipts 56 each;
 * byte tables in {@code docs/spec/secure-file-format.md}, section "Contacts".
 *
 * <p>Thread safety: immutable.
 *
 * @param records how many records follow
 * @param outboxId 16 bytes
 * @param receipts what was received and is perhaps not done in the element
 */
public record ContactsHead(int records, Bytes outboxId, List<Receipt> receipts) {

  /** How much of the file the head and each record take. */
  public static final int BLOCK = 8192;

  /** The most records. */
  public static final int MAX_RECORDS = 10_000;

  /** The most receipts. */
  public static final int MAX_RECEIPTS = 64;

  /** Length of what can be used of a head in bytes. */
  public static final int USED = 32 + MAX_RECEIPTS * Receipt.BYTES;

  private static final byte[] MAGIC = "SRCONTA1".getBytes(StandardCharsets.US_ASCII);

  /**
   * A transient file that was received.
   *
   * <p>Thread safety: immutable.
   *
   * @param element serial number of the element that received it, 16 bytes
   * @param sender sender id, 16 bytes
   * @param counter the sender's number
   * @param transientId the one-time id, 16 bytes
   */
  public record Receipt(Bytes element, Bytes sender, long counter, Bytes transientId) {
    static final int BYTES = 56;
  }

  /**
   * Writes the head.
   *
   * @return {@value #BLOCK} bytes
   */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(BLOCK);
    out.put(MAGIC).putInt(records).putInt(receipts.size()).put(outboxId.toByteArray());
    for (Receipt receipt : receipts) {
      out.put(receipt.element().toByteArray()).put(receipt.sender().toByteArray());
      out.putLong(receipt.counter()).put(receipt.transientId().toByteArray());
    }
    return out.array();
  }

  /**
   * Reads a head.
   *
   * @param file the file, for messages
   * @param bytes {@value #BLOCK} bytes
   * @return what it says
   * @throws FileHeader.Refused if it is none
   * @throws FormatVersionException if there is something behind it
   */
  public static ContactsHead parse(String file, byte[] bytes)
      throws FileHeader.Refused, FormatVersionException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length != BLOCK || !Arrays.equals(bytes, 0, 8, MAGIC, 0, 8)) {
      throw new FileHeader.Refused("there are no contacts");
    }
    int records = in.position(8).getInt();
    int count = in.getInt();
    if (records < 0 || records > MAX_RECORDS || count < 0 || count > MAX_RECEIPTS) {
      throw new FileHeader.Refused("a number is out of range");
    }
    Bytes outboxId = Stanza.bytes(in, 16);
    List<Receipt> receipts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      receipts.add(
          new Receipt(
              Stanza.bytes(in, 16), Stanza.bytes(in, 16), in.getLong(), Stanza.bytes(in, 16)));
    }
    requireZeroBehind(file, bytes, in.position());
    return new ContactsHead(records, outboxId, List.copyOf(receipts));
  }

  /** What is authentic and not zero was written by a later release. */
  static void requireZeroBehind(String file, byte[] bytes, int used) throws FormatVersionException {
    if (!FileHeader.isZero(bytes, used, bytes.length)) {
      throw new FormatVersionException(
          file, FileHeader.FORMAT + " with more in its contacts", FileHeader.FORMAT);
    }
  }
}
