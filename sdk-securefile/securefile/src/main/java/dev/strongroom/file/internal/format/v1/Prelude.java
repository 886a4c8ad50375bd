// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.internal.crypto.MacKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the image in a transient file: who sent it, to whom, and what binds the image.
 *
 * <p>Byte table in {@code docs/spec/transient-file.md}, section "Prelude". The MAC and the
 * signature behind it are made and checked by who has the keys; see {@link #encode} and {@link
 * Copy}.
 *
 * <p>Thread safety: immutable.
 *
 * @param length length of one copy in bytes, a multiple of 4096
 * @param revision from 1 on, one more with each change of the recipients
 * @param transientId the file's one-time id, 16 bytes
 * @param outboxId the sender's outbox, 16 bytes
 * @param created when it was sent
 * @param expires when it expires, or null
 * @param imageLength length of the image in bytes
 * @param headerBytes length of a header copy in the image
 * @param headerSignature signature of the image's header, 32 bytes
 * @param contentDigest SHA-256 of the sectors' ciphertext, 32 bytes
 * @param card the sender's card, a statement with its signature
 * @param stanzas the sender's own, then the recipients'
 * @param records ignorable records of later releases
 */
public record Prelude(
    int length,
    int revision,
    Bytes transientId,
    Bytes outboxId,
    Instant created,
    @Nullable Instant expires,
    long imageLength,
    int headerBytes,
    Bytes headerSignature,
    Bytes contentDigest,
    Bytes card,
    List<Stanza> stanzas,
    Bytes records) {

  /** Lengths of copies are multiples of this. */
  public static final int BLOCK = 4096;

  /** The longest copy in bytes. */
  public static final int MAX_LENGTH = 2 << 20;

  /** The most recipients of one file. */
  public static final int MAX_RECIPIENTS = 1000;

  /** Length of a transient id or outbox id in bytes. */
  public static final int ID = 16;

  /** How much must be read to learn the length of a copy. */
  public static final int START = 20;

  private static final byte[] MAGIC = {'S', 'R', 'S', 'E', 'N', 'D', '\r', '\n'};
  private static final byte[] FORMAT =
      Arrays.copyOf(FileHeader.FORMAT.getBytes(StandardCharsets.US_ASCII), 8);
  private static final int SUITE = 1;
  private static final int FIXED = 176;
  private static final int SUITE_PLACES = 8;
  private static final int TAIL = MacKey.LENGTH + IdentitySignature.LENGTH;
  private static final int MAX_CARD = 4080;
  private static final int MAX_RECORDS = 65536;
  private static final int SPARE_STANZAS = 10;
  private static final int LARGEST_STANZA = 1200;

  /**
   * A copy whose structure is right, and what its MAC and signature are over.
   *
   * @param prelude what it says
   * @param signed the bytes that the signature is over: those that the MAC is over, and the MAC
   * @param signature 64 bytes, not verified yet
   */
  public record Copy(Prelude prelude, Bytes signed, Bytes signature) {

    /**
     * Checks the MAC.
     *
     * @param key the file's key for it
     * @return whether who signed it knew the file key
     */
    public boolean isAuthentic(MacKey key) {
      byte[] bytes = signed.toByteArray();
      int length = bytes.length - MacKey.LENGTH;
      return key.verify(bytes, 0, length, bytes, length);
    }
  }

  /**
   * The length of a copy that leaves room for some stanzas more.
   *
   * @param card length of the sender's card
   * @param stanzas the stanzas
   * @param records length of the records
   * @return bytes, a multiple of {@value #BLOCK}
   */
  public static int lengthFor(int card, List<Stanza> stanzas, int records) {
    int used = FIXED + card + stanzaBytes(stanzas) + records + TAIL;
    int wanted = used + SPARE_STANZAS * LARGEST_STANZA;
    return Math.min((wanted + BLOCK - 1) / BLOCK * BLOCK, MAX_LENGTH);
  }

  private static int stanzaBytes(List<Stanza> stanzas) {
    return stanzas.stream().mapToInt(Stanza::length).sum();
  }

  /**
   * Length of what is not zero in a copy.
   *
   * @return bytes
   */
  public int usedLength() {
    return FIXED + card.length() + stanzaBytes(stanzas) + records.length() + TAIL;
  }

  /**
   * Whether all fits into a copy.
   *
   * @return whether it can be written with this length
   */
  public boolean fits() {
    return usedLength() <= length;
  }

  /**
   * The same file for other recipients, one revision later.
   *
   * @param changed the stanzas
   * @param copyLength length of a copy
   * @return the next revision
   */
  public Prelude next(List<Stanza> changed, int copyLength) {
    return new Prelude(
        copyLength,
        revision + 1,
        transientId,
        outboxId,
        created,
        expires,
        imageLength,
        headerBytes,
        headerSignature,
        contentDigest,
        card,
        List.copyOf(changed),
        records);
  }

  /**
   * The stanzas of recipients.
   *
   * @return in the order in which they stand
   */
  public List<Stanza> recipients() {
    return stanzas.stream().filter(stanza -> stanza.kind() == Stanza.Kind.RECIPIENT).toList();
  }

  /**
   * Writes all but MAC and signature.
   *
   * @return the bytes that the MAC is over
   */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(usedLength() - TAIL);
    out.put(MAGIC).put(FORMAT).putInt(length).putInt(usedLength()).putInt(revision);
    out.put((byte) SUITE).put((byte) 0).putShort((short) stanzas.size());
    out.put(transientId.toByteArray()).put(outboxId.toByteArray());
    TimeField.put(out, created);
    TimeField.put(out, expires == null ? Instant.EPOCH : expires);
    out.putLong(imageLength).put(headerSignature.toByteArray()).put(contentDigest.toByteArray());
    out.put(suites(stanzas));
    out.putShort((short) card.length()).putShort((short) (headerBytes / BLOCK));
    out.putInt(records.length());
    out.put(card.toByteArray());
    stanzas.forEach(stanza -> stanza.writeTo(out));
    out.put(records.toByteArray());
    return out.array();
  }

  private static byte[] suites(List<Stanza> stanzas) {
    Set<Integer> codes = new TreeSet<>();
    stanzas.forEach(stanza -> codes.add(stanza.suite()));
    ByteBuffer field = ByteBuffer.allocate(SUITE_PLACES);
    codes.stream().limit(SUITE_PLACES).forEach(code -> field.put(code.byteValue()));
    return field.array();
  }

  /**
   * Reads the length of the copies out of the beginning of one.
   *
   * @param start at least {@value #START} bytes
   * @return bytes, or -1 if no copy begins so
   */
  public static int lengthOf(byte[] start) {
    if (!Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return -1;
    }
    int length = ByteBuffer.wrap(start).getInt(16);
    return length >= BLOCK && length <= MAX_LENGTH && length % BLOCK == 0 ? length : -1;
  }

  /**
   * Reads a copy; MAC and signature are not checked.
   *
   * @param file the file, for messages
   * @param copy all of it
   * @return what it says
   * @throws FileHeader.Refused if it is no prelude
   * @throws FormatVersionException if a later release wrote it
   */
  public static Copy parse(String file, byte[] copy)
      throws FileHeader.Refused, FormatVersionException {
    requireFormat(file, copy);
    ByteBuffer in = ByteBuffer.wrap(copy);
    int used = in.getInt(START);
    if (lengthOf(copy) != copy.length || used < FIXED + TAIL || used > copy.length) {
      throw new FileHeader.Refused("a length is out of range");
    }
    for (int i = used; i < copy.length; i++) {
      if (copy[i] != 0) {
        throw new FileHeader.Refused("the unused part is not zero");
      }
    }
    in.limit(used - TAIL).position(24);
    Prelude prelude = read(in, copy.length);
    return new Copy(
        prelude,
        Bytes.copyOf(copy, 0, used - IdentitySignature.LENGTH),
        Bytes.copyOf(copy, used - IdentitySignature.LENGTH, IdentitySignature.LENGTH));
  }

  /**
   * Looks for what an authentic copy has of later releases.
   *
   * @param file the file, for messages
   * @param copy an authentic copy
   * @return what is wrong with the records, or null
   * @throws FormatVersionException if there is anything that must not be passed over
   */
  public static @Nullable String requireKnown(String file, Copy copy)
      throws FormatVersionException {
    int suite = copy.signed().at(28);
    int flags = copy.signed().at(29);
    if (suite != SUITE || flags != 0) {
      throw new FormatVersionException(
          file,
          FileHeader.FORMAT + " with suite " + suite + ", flags " + flags,
          FileHeader.FORMAT + " with suite 1, flags 0");
    }
    return Extensions.problem(file, FileHeader.FORMAT, copy.prelude().records().toByteArray(), 0);
  }

  private static void requireFormat(String file, byte[] copy)
      throws FileHeader.Refused, FormatVersionException {
    if (copy.length < BLOCK || !Arrays.equals(copy, 0, 8, MAGIC, 0, 8)) {
      throw new FileHeader.Refused(
          "there is none; this is no file that send has made, or its beginning is lost");
    }
    if (!Arrays.equals(copy, 8, 16, FORMAT, 0, 8)) {
      String found = new String(copy, 8, 8, StandardCharsets.ISO_8859_1);
      if (!found.matches("v[0-9][ -~\\x00]*")) {
        throw new FileHeader.Refused("the format is not readable");
      }
      throw new FormatVersionException(file, found.replace("\0", ""), FileHeader.FORMAT);
    }
  }

  private static Prelude read(ByteBuffer in, int length)
      throws FileHeader.Refused, FormatVersionException {
    int revision = in.getInt();
    in.getShort(); // suite and zero: looked at when the copy is known to be authentic
    int count = in.getShort() & 0xFFFF;
    Bytes transientId = Stanza.bytes(in, ID);
    Bytes outboxId = Stanza.bytes(in, ID);
    Instant created = TimeField.get(in);
    Instant expires = TimeField.get(in);
    long imageLength = in.getLong();
    Bytes headerSignature = Stanza.bytes(in, MacKey.LENGTH);
    Bytes contentDigest = Stanza.bytes(in, MacKey.LENGTH);
    byte[] suites = Stanza.bytes(in, SUITE_PLACES).toByteArray();
    int cardLength = in.getShort() & 0xFFFF;
    int blocks = in.getShort() & 0xFFFF;
    int recordsLength = in.getInt();
    if (revision < 1
        || count < 1
        || count > MAX_RECIPIENTS + 1
        || cardLength > MAX_CARD
        || recordsLength < 0
        || recordsLength > MAX_RECORDS
        || blocks < 1
        || blocks > FileHeader.MAX_BYTES / BLOCK
        || imageLength < 2L * blocks * BLOCK
        || imageLength > Layout.MAX_LENGTH * 2
        || cardLength + recordsLength > in.remaining()) {
      throw new FileHeader.Refused("a field is out of range");
    }
    Bytes card = Stanza.bytes(in, cardLength);
    in.limit(in.limit() - recordsLength);
    List<Stanza> stanzas = stanzas(in, count);
    if (in.hasRemaining() || !Arrays.equals(suites, suites(stanzas))) {
      throw new FileHeader.Refused("the stanzas are not as many, or of the suites, as it says");
    }
    in.limit(in.limit() + recordsLength);
    Bytes records = Stanza.bytes(in, recordsLength);
    return new Prelude(
        length,
        revision,
        transientId,
        outboxId,
        created,
        expires.equals(Instant.EPOCH) ? null : expires,
        imageLength,
        blocks * BLOCK,
        headerSignature,
        contentDigest,
        card,
        stanzas,
        records);
  }

  private static List<Stanza> stanzas(ByteBuffer in, int count) throws FileHeader.Refused {
    List<Stanza> stanzas = new ArrayList<>(count);
    Set<Bytes> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Stanza next = Stanza.read(in);
      boolean own = next.kind() == Stanza.Kind.SENDER;
      if (own != (i == 0) || (!own && !seen.add(next.keyId()))) {
        throw new FileHeader.Refused("the stanzas are not in order");
      }
      stanzas.add(next);
    }
    return List.copyOf(stanzas);
  }
}
