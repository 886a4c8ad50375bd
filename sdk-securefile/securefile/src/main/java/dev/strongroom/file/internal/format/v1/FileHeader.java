// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.SectorCipher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header of a secure file: what is clear, what is encrypted, and the signature over both.
 *
 * <p>Byte tables are in {@code docs/spec/secure-file-format.md}, section "Header". The clear part
 * has {@value #CLEAR} bytes; the encrypted body, its tag and the signature follow; the rest of the
 * copy is zero.
 *
 * <p>Thread safety: guarded by the owner's lock.
 */
public final class FileHeader {

  /** Length of the clear part in bytes. */
  public static final int CLEAR = 304;

  /** Length of a header copy unless attributes need more, in bytes. */
  public static final int DEFAULT_BYTES = 4096;

  /** Largest length of a header copy in bytes. */
  public static final int MAX_BYTES = 65536;

  /** The stage of the format that this release writes. */
  public static final String FORMAT = "v1";

  private static final byte[] MAGIC = {'S', 'R', 'F', 'I', 'L', 'E', '\r', '\n'};
  private static final byte[] STAGE = Arrays.copyOf(FORMAT.getBytes(StandardCharsets.US_ASCII), 8);
  private static final byte[] BODY_MAGIC = {'s', 'r', 'b', 'o', 'd', 'y', '0', '1'};
  private static final int COMMITTED = 80;
  private static final int GENERATION = 80;
  private static final int ORIGIN = 88;
  private static final int COMMITMENT = 256;
  private static final int NONCE = 288;

  /** Offset of the used length, u32, in the clear part. */
  public static final int USED = 300;

  private static final int SUITE_GCM_HMAC = 1;
  private static final List<Integer> OF_VOLUMES = List.of(0, 1);
  private static final List<Integer> OF_NO_VOLUME = List.of(KeyOrigin.TRANSIENT.source());
  private static final int SCOPE_PAGE = 1;
  private static final int FIXED_BODY = 768;
  private static final int STREAM = 236;
  private static final int AFTER_STREAM = STREAM + AttributeStreamName.BYTES;
  private static final int EARLIER_ROOTS = AFTER_STREAM + 8 + 2 * MacKey.LENGTH;

  /** Length of a header's tag in bytes. */
  public static final int TAG = 16;

  /** The tag of the header that a new file does not have yet. */
  public static final Bytes NO_TAG = Bytes.copyOf(new byte[TAG]);

  private static final int TYPE = 20;

  /** How many bits a mode can have. */
  private static final int MODE_BITS = 12;

  /** The parts of a header that anybody can read; not authenticated by reading them. */
  public record Clear(
      int headerBytes,
      int sectorBytes,
      KeyScope scope,
      Bytes volume,
      Bytes uid,
      Bytes rnd,
      int epoch,
      long generation,
      KeyOrigin origin) {}

  /** A header that was refused, with what was wrong; never leaves the engine. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Refuses it.
     *
     * @param message what is wrong
     */
    public Refused(String message) {
      super(message, null, false, false);
    }
  }

  /** Length of a header copy. */
  public int headerBytes = DEFAULT_BYTES;

  /** Length of a sector. */
  public int sectorBytes;

  /** For what the keys of the content are derived. */
  public KeyScope scope = KeyScope.FILE;

  /** The volume's id. */
  public final Bytes volume;

  /** The file's unique id. */
  public final Bytes uid;

  /** The file's random number, drawn by the element. */
  public final Bytes rnd;

  /** The file's key epoch. */
  public int epoch;

  /** Where the pair comes from. */
  public KeyOrigin origin = KeyOrigin.DERIVED;

  /** What tells this header, as it was last read or written, from all others. */
  public Bytes tag = NO_TAG;

  /** Commits that the file has had (UID_CNT). */
  public long generation;

  /** The version set by the last freeze (VER). */
  public long version;

  /** What the file is. */
  public FileType type = FileType.FILE;

  /** Length of the content in bytes. */
  public long length;

  /**
   * Digest of the root of the integrity tree; zero when all sectors beyond the inline ones are
   * holes.
   */
  public byte[] root = new byte[MacKey.LENGTH];

  /** Starts and number of the content nonces. */
  public long contentStarts;

  /** Number of the content nonces. */
  public long contentNonces;

  /** Starts of the header nonces. */
  public long headerStarts;

  /** Number of the header nonces. */
  public long headerNonces;

  /** When the file was made. */
  public Instant created = Instant.EPOCH;

  /** When the content changed last. */
  public Instant modified = Instant.EPOCH;

  /** When anything changed last. */
  public Instant changed = Instant.EPOCH;

  /** When the content was read last; kept, not yet moved by reads. */
  public Instant accessed = Instant.EPOCH;

  /** POSIX permission bits. */
  public int mode = 0600;

  /** POSIX owner. */
  public int owner;

  /** POSIX group. */
  public int group;

  /** UID of the directory that the file is bound to; zeros for the root directory. */
  public Bytes parent = Bytes.copyOf(new byte[16]);

  /** The coded name that the file is bound to. */
  public Bytes codedName = Bytes.copyOf(new byte[32]);

  /** The name as given. */
  public String name = "";

  /** For a directory, the key of its names; otherwise zeros. */
  public byte[] namesKey = new byte[32];

  /** Whether this file is the attribute stream of the one whose UID is its parent. */
  public boolean attributeStream;

  /** Which of the volume's own files this is, or null for all others. */
  public @Nullable SystemFile system;

  /** Tells the states apart that one version has had; 0 before the first freeze. */
  public long stamp;

  /** Of the ledger: roots that the element's slot may still have, the nearest first. */
  public List<Bytes> earlierRoots = List.of();

  /** The signature of this header, as it was last read or written; zeros before. */
  public Bytes signature = Bytes.copyOf(new byte[MacKey.LENGTH]);

  /** The user attributes, unless they are in a stream. */
  public UserAttributeSet attributes = new UserAttributeSet();

  /** Where the user attributes are when they do not fit into the header. */
  public @Nullable AttributeStreamName stream;

  /** Fields of later releases, kept as they are. */
  private byte[] reserved = new byte[RESERVED];

  /** Entries of the first {@link Layout#INLINE} sectors. */
  public final byte[] inline = new byte[Layout.INLINE * TagPage.ENTRY];

  /** Ignorable records of types that this release does not know, kept as they are. */
  private byte[] extensions = new byte[0];

  private static final int RESERVED = 23;
  private static final int STREAM_FLAG = 1;
  private static final int SYSTEM_FLAG = 2;

  /** How many steps the element's slot can be behind a ledger. */
  public static final int MOST_EARLIER_ROOTS = 2;

  /**
   * Starts a header.
   *
   * @param volume the volume's id
   * @param uid the file's UID
   * @param rnd the file's RND
   * @param epoch the file's key epoch
   * @param sectorBytes length of a sector
   */
  public FileHeader(Bytes volume, Bytes uid, Bytes rnd, int epoch, int sectorBytes) {
    this.volume = volume;
    this.uid = uid;
    this.rnd = rnd;
    this.epoch = epoch;
    this.sectorBytes = sectorBytes;
  }

  /**
   * Takes over what a re-key keeps.
   *
   * @param other the header at the former epoch
   */
  public void copyAttributes(FileHeader other) {
    headerBytes = other.headerBytes;
    scope = other.scope;
    generation = other.generation;
    version = other.version;
    stamp = other.stamp;
    system = other.system;
    type = other.type;
    created = other.created;
    modified = other.modified;
    changed = other.changed;
    accessed = other.accessed;
    mode = other.mode;
    owner = other.owner;
    group = other.group;
    parent = other.parent;
    codedName = other.codedName;
    name = other.name;
    namesKey = other.namesKey.clone();
    attributeStream = other.attributeStream;
    attributes = other.attributes.copy();
    stream = other.stream;
    reserved = other.reserved.clone();
    extensions = other.extensions.clone();
  }

  /**
   * The file's layout.
   *
   * @return the positions of its parts
   */
  public Layout layout() {
    return new Layout(headerBytes, sectorBytes);
  }

  /**
   * The longest that the used part of this header can become.
   *
   * @return bytes
   */
  public int maximalLength() {
    return headerBytes - attributeRoom() + attributes.recordBytes();
  }

  /**
   * How much room the header has for user attributes beside a full set of entries.
   *
   * @return bytes
   */
  public int attributeRoom() {
    int body = FIXED_BODY + inline.length + extensions.length;
    return headerBytes - CLEAR - body - SectorCipher.TAG - MacKey.LENGTH;
  }

  /**
   * Reads the clear part.
   *
   * @param file the file, for messages
   * @param copy at least {@link #CLEAR} bytes
   * @return the clear part
   * @throws Refused if it is no header
   * @throws FormatVersionException if it is one of a format that is not known
   */
  public static Clear clear(String file, byte[] copy) throws Refused, FormatVersionException {
    return clear(file, copy, OF_VOLUMES);
  }

  /**
   * Reads the clear part of a file that belongs to no volume.
   *
   * @param file the file, for messages
   * @param copy at least {@link #CLEAR} bytes
   * @return the clear part
   * @throws Refused if it is no header
   * @throws FormatVersionException if it is one of a format that is not known
   */
  public static Clear clearTransient(String file, byte[] copy)
      throws Refused, FormatVersionException {
    return clear(file, copy, OF_NO_VOLUME);
  }

  private static Clear clear(String file, byte[] copy, List<Integer> sources)
      throws Refused, FormatVersionException {
    if (copy.length < CLEAR || !Arrays.equals(copy, 0, 8, MAGIC, 0, 8)) {
      throw new Refused("there is no header");
    }
    if (!Arrays.equals(copy, 8, 16, STAGE, 0, 8)) {
      String found = new String(copy, 8, 8, StandardCharsets.ISO_8859_1);
      if (!found.matches("v[0-9][ -~\\x00]*")) {
        throw new Refused("the format is not readable");
      }
      throw new FormatVersionException(file, found.replace("\0", ""), FORMAT);
    }
    ByteBuffer in = ByteBuffer.wrap(copy);
    int headerBytes = in.getInt(16);
    int suite = copy[20];
    int source = copy[21];
    int scope = copy[22];
    int sectorLog2 = copy[23];
    if (headerBytes < DEFAULT_BYTES || headerBytes > MAX_BYTES || headerBytes % 4096 != 0) {
      throw new Refused("the header's length " + headerBytes + " is out of range");
    }
    if (suite != SUITE_GCM_HMAC
        || !sources.contains(source)
        || (scope != 0 && scope != SCOPE_PAGE)) {
      throw new FormatVersionException(
          file,
          FORMAT + " with suite " + suite + ", key source " + source + ", scope " + scope,
          FORMAT + " with suite 1, key source of " + sources + ", scope 0 or 1");
    }
    if (sectorLog2 >= 9 && sectorLog2 < 12) {
      throw new FormatVersionException(
          file, FORMAT + " with sectors of " + (1 << sectorLog2) + " bytes", FORMAT);
    }
    if (sectorLog2 < 12 || sectorLog2 > 16) {
      throw new Refused("the sector size 2^" + sectorLog2 + " is out of range");
    }
    KeyOrigin origin = KeyOrigin.parse(source, Arrays.copyOfRange(copy, ORIGIN, COMMITMENT));
    if (origin == null) {
      throw new Refused("the length of its wrapped file key is out of range");
    }
    return new Clear(
        headerBytes,
        1 << sectorLog2,
        scope == SCOPE_PAGE ? KeyScope.PAGE : KeyScope.FILE,
        Bytes.copyOf(copy, 24, 16),
        Bytes.copyOf(copy, 40, 16),
        Bytes.copyOf(copy, 56, 16),
        in.getInt(72),
        in.getLong(GENERATION),
        origin);
  }

  /**
   * Encrypts and signs.
   *
   * @param keys the file's keys
   * @param nonce 12 bytes that this key has not seen
   * @return the used part of the copy; the rest of {@link #headerBytes} is zero
   */
  public byte[] encode(FileKeys keys, byte[] nonce) {
    byte[] body = body();
    int used = CLEAR + body.length + SectorCipher.TAG + MacKey.LENGTH;
    if (used > headerBytes) {
      throw new IllegalStateException(
          "the header of " + used + " bytes does not fit into " + headerBytes);
    }
    byte[] copy = new byte[used];
    ByteBuffer out = ByteBuffer.wrap(copy);
    out.put(MAGIC).put(STAGE).putInt(headerBytes);
    out.put((byte) SUITE_GCM_HMAC).put((byte) origin.source());
    out.put((byte) (scope == KeyScope.PAGE ? SCOPE_PAGE : 0));
    out.put((byte) Integer.numberOfTrailingZeros(sectorBytes));
    put(out, volume);
    put(out, uid);
    put(out, rnd);
    out.putInt(epoch).putInt(0).putLong(generation).put(origin.encode());
    byte[] commitment = keys.commitment().mac(copy, 0, COMMITTED);
    System.arraycopy(commitment, 0, copy, COMMITMENT, commitment.length);
    System.arraycopy(nonce, 0, copy, NONCE, SectorCipher.NONCE);
    out.putInt(USED, used);
    keys.encryptHeader(nonce, Arrays.copyOf(copy, CLEAR), body, copy, CLEAR);
    Arrays.fill(body, (byte) 0);
    byte[] mac = keys.headerMac().mac(copy, 0, used - MacKey.LENGTH);
    System.arraycopy(mac, 0, copy, used - MacKey.LENGTH, MacKey.LENGTH);
    signature = Bytes.copyOf(mac);
    tag = Bytes.copyOf(mac, 0, TAG);
    return copy;
  }

  /**
   * Checks and decrypts a copy.
   *
   * @param file the file, for messages
   * @param copy at least the used part
   * @param keys the file's keys
   * @return the header
   * @throws Refused if it is not authentic
   * @throws FormatVersionException if it has a critical record of a type that is not known
   */
  public static FileHeader decode(String file, byte[] copy, FileKeys keys)
      throws Refused, FormatVersionException {
    return decode(file, copy, keys, OF_VOLUMES);
  }

  /**
   * Checks and decrypts a copy of a file that belongs to no volume.
   *
   * @param file the file, for messages
   * @param copy at least the used part
   * @param keys the file's keys
   * @return the header
   * @throws Refused if it is not authentic
   * @throws FormatVersionException as {@link #decode}, or if its keys come from elsewhere
   */
  public static FileHeader decodeTransient(String file, byte[] copy, FileKeys keys)
      throws Refused, FormatVersionException {
    return decode(file, copy, keys, OF_NO_VOLUME);
  }

  private static FileHeader decode(String file, byte[] copy, FileKeys keys, List<Integer> sources)
      throws Refused, FormatVersionException {
    Clear clear = clear(file, copy, sources);
    ByteBuffer in = ByteBuffer.wrap(copy);
    int used = in.getInt(USED);
    if (used < CLEAR + FIXED_BODY + SectorCipher.TAG + MacKey.LENGTH
        || used > clear.headerBytes()
        || used > copy.length) {
      throw new Refused("the used length " + used + " is out of range");
    }
    byte[] commitment = keys.commitment().mac(copy, 0, COMMITTED);
    if (!MessageDigest.isEqual(
        commitment, Arrays.copyOfRange(copy, COMMITMENT, COMMITMENT + MacKey.LENGTH))) {
      throw new Refused("the key commitment does not match");
    }
    if (!keys.headerMac().verify(copy, 0, used - MacKey.LENGTH, copy, used - MacKey.LENGTH)) {
      throw new Refused("the signature does not match");
    }
    if (!isZero(copy, used, Math.min(copy.length, clear.headerBytes()))) {
      throw new Refused("the unused part is not zero");
    }
    // Authentic, so what is not zero there was written by a later release.
    byte[] origin = clear.origin().encode();
    if (in.getInt(76) != 0 || !Arrays.equals(copy, ORIGIN, COMMITMENT, origin, 0, origin.length)) {
      throw new FormatVersionException(
          file, FORMAT + " with unknown fields in the clear part", FORMAT);
    }
    byte[] body = new byte[used - CLEAR - SectorCipher.TAG - MacKey.LENGTH];
    byte[] nonce = Arrays.copyOfRange(copy, NONCE, NONCE + SectorCipher.NONCE);
    byte[] aad = Arrays.copyOf(copy, CLEAR);
    if (!keys.decryptHeader(nonce, aad, copy, CLEAR, body)) {
      throw new Refused("the body does not decrypt");
    }
    try {
      FileHeader header = parse(file, clear, body);
      header.signature = Bytes.copyOf(copy, used - MacKey.LENGTH, MacKey.LENGTH);
      header.tag = Bytes.copyOf(copy, used - MacKey.LENGTH, TAG);
      return header;
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  private byte[] body() {
    int entries = Layout.INLINE;
    while (entries > 0 && TagPage.isNull(inline, (entries - 1) * TagPage.ENTRY)) {
      entries--;
    }
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    int records = extensions.length + attributes.recordBytes();
    byte[] body = new byte[FIXED_BODY + entries * TagPage.ENTRY + records];
    ByteBuffer out = ByteBuffer.wrap(body);
    int flags = (attributeStream ? STREAM_FLAG : 0) | (system != null ? SYSTEM_FLAG : 0);
    out.put(BODY_MAGIC).putLong(version).putInt(flags);
    out.put(TypeCode.of(type)).put((byte) entries).putShort((short) nameBytes.length);
    out.putLong(length).put(root);
    out.putLong(contentStarts).putLong(contentNonces);
    out.putLong(headerStarts).putLong(headerNonces);
    put(out, created);
    put(out, modified);
    put(out, changed);
    put(out, accessed);
    out.putInt(mode).putInt(owner).putInt(group);
    put(out, parent);
    put(out, codedName);
    out.put(namesKey);
    if (stream != null) {
      put(out, stream.uid());
      put(out, stream.coded());
    }
    out.position(AFTER_STREAM);
    out.putLong(stamp);
    earlierRoots.forEach(each -> put(out, each));
    out.position(EARLIER_ROOTS);
    out.put((byte) earlierRoots.size());
    out.put(reserved);
    out.put(nameBytes);
    out.position(FIXED_BODY);
    out.put(inline, 0, entries * TagPage.ENTRY);
    out.put(extensions);
    attributes.writeRecords(out);
    return body;
  }

  private static FileHeader parse(String file, Clear clear, byte[] body)
      throws Refused, FormatVersionException {
    FileHeader header =
        new FileHeader(
            clear.volume(), clear.uid(), clear.rnd(), clear.epoch(), clear.sectorBytes());
    header.headerBytes = clear.headerBytes();
    header.scope = clear.scope();
    header.generation = clear.generation();
    header.origin = clear.origin();
    ByteBuffer in = ByteBuffer.wrap(body);
    byte[] magic = new byte[8];
    in.get(magic);
    if (!Arrays.equals(magic, BODY_MAGIC)) {
      throw new Refused("the body has no magic number");
    }
    header.version = in.getLong();
    int flags = in.getInt();
    FileType type = TypeCode.parse(in.get());
    int entries = in.get() & 0xFF;
    int nameLength = in.getShort() & 0xFFFF;
    boolean known = flags == 0 || flags == STREAM_FLAG || flags == SYSTEM_FLAG;
    if (!known || type == null || (flags != 0 && type != FileType.FILE)) {
      throw new FormatVersionException(
          file, FORMAT + " with flags " + flags + ", type " + body[TYPE], FORMAT);
    }
    if (header.scope == KeyScope.PAGE && (type != FileType.FILE || flags != 0)) {
      throw new FormatVersionException(
          file, FORMAT + " with keys per page of what is no file", FORMAT);
    }
    header.type = type;
    header.attributeStream = flags == STREAM_FLAG;
    header.length = in.getLong();
    if (entries > Layout.INLINE
        || nameLength > Names.MAX_BYTES
        || header.length < 0
        || header.length > Layout.MAX_LENGTH
        || FIXED_BODY + entries * TagPage.ENTRY > body.length) {
      throw new Refused("a field of the body is out of range");
    }
    in.get(header.root);
    header.contentStarts = in.getLong();
    header.contentNonces = in.getLong();
    header.headerStarts = in.getLong();
    header.headerNonces = in.getLong();
    header.created = instant(in);
    header.modified = instant(in);
    header.changed = instant(in);
    header.accessed = instant(in);
    header.mode = in.getInt();
    if (header.mode >>> MODE_BITS != 0) {
      throw new Refused("its mode is out of range");
    }
    header.owner = in.getInt();
    header.group = in.getInt();
    header.parent = bytes(in, 16);
    header.codedName = bytes(in, 32);
    in.get(header.namesKey);
    AttributeStreamName stream = new AttributeStreamName(bytes(in, 16), bytes(in, 32));
    boolean noStreamUid = isZero(body, STREAM, STREAM + 16);
    if (noStreamUid != isZero(body, STREAM + 16, AFTER_STREAM)) {
      throw new Refused("it names half an attribute stream");
    }
    header.stream = noStreamUid ? null : stream;
    if (flags == SYSTEM_FLAG) {
      header.system = SystemFile.of(header.codedName);
      if (header.system == null) {
        throw new FormatVersionException(
            file, FORMAT + " with a system file of coded name " + header.codedName, FORMAT);
      }
    }
    header.stamp = in.getLong();
    List<Bytes> roots = List.of(bytes(in, MacKey.LENGTH), bytes(in, MacKey.LENGTH));
    int earlier = in.get() & 0xFF;
    int unused = EARLIER_ROOTS - (MOST_EARLIER_ROOTS - earlier) * MacKey.LENGTH;
    if (!isZero(body, Math.max(0, unused), EARLIER_ROOTS)
        || earlier > (header.system == SystemFile.LEDGER ? MOST_EARLIER_ROOTS : 0)) {
      throw new FormatVersionException(
          file, FORMAT + " with " + earlier + " earlier roots", FORMAT);
    }
    header.earlierRoots = roots.subList(0, earlier);
    in.get(header.reserved);
    String name = nameLength == 0 ? "" : Names.decodeName(body, in.position(), nameLength);
    if (name == null) {
      throw new Refused("its name is none that a file can have");
    }
    header.name = name;
    in.position(in.position() + nameLength);
    if (!isZero(body, in.position(), FIXED_BODY)) {
      throw new FormatVersionException(file, FORMAT + " with unknown fields in the body", FORMAT);
    }
    in.position(FIXED_BODY);
    in.get(header.inline, 0, entries * TagPage.ENTRY);
    if (entries > 0 && TagPage.isNull(header.inline, (entries - 1) * TagPage.ENTRY)) {
      throw new Refused("its last entry is a hole");
    }
    byte[] area = new byte[in.remaining()];
    in.get(area);
    String problem = Extensions.problem(file, FORMAT, area, 0);
    if (problem != null) {
      throw new Refused(problem);
    }
    header.extensions = Extensions.split(area, header.attributes);
    Arrays.fill(area, (byte) 0);
    if (header.maximalLength() > header.headerBytes) {
      throw new Refused("its records leave no room for entries");
    }
    header.requireConsistent();
    return header;
  }

  /** Refuses fields that each can be, but not together. */
  private void requireConsistent() throws Refused {
    if (type != FileType.DIRECTORY && !isZero(namesKey, 0, namesKey.length)) {
      throw new Refused("it has the names key of a directory, and is none");
    }
    if (layout().sectors(length) <= Layout.INLINE && !isZero(root, 0, root.length)) {
      throw new Refused("it has the digest of a tree, and no tree");
    }
    if (stream != null && !attributes.names().isEmpty()) {
      throw new Refused("it has user attributes beside its attribute stream");
    }
    if (attributeStream && (stream != null || !attributes.names().isEmpty())) {
      throw new Refused("it is an attribute stream with user attributes of its own");
    }
    boolean ofVolume = origin != KeyOrigin.TRANSIENT;
    boolean isUnbound = ofVolume && isZero(parent) && isZero(codedName);
    if (!name.isEmpty() && (attributeStream || system != null || isUnbound)) {
      throw new Refused("it has a name, and no place for one");
    }
  }

  private static boolean isZero(Bytes bytes) {
    byte[] all = bytes.toByteArray();
    return isZero(all, 0, all.length);
  }

  /** Whether all bytes of a range are zero. */
  static boolean isZero(byte[] bytes, int from, int to) {
    // Compared with itself, one byte further, which the JVM does in large steps.
    return from >= to
        || (bytes[from] == 0 && Arrays.equals(bytes, from, to - 1, bytes, from + 1, to));
  }

  private static void put(ByteBuffer out, Bytes bytes) {
    out.put(bytes.toByteArray());
  }

  private static void put(ByteBuffer out, Instant instant) {
    out.putLong(instant.getEpochSecond()).putInt(instant.getNano());
  }

  private static Bytes bytes(ByteBuffer in, int length) {
    byte[] content = new byte[length];
    in.get(content);
    return Bytes.copyOf(content);
  }

  private static Instant instant(ByteBuffer in) throws Refused {
    long seconds = in.getLong();
    int nanos = in.getInt();
    if (nanos < 0 || nanos > 999_999_999) {
      throw new Refused("a time is out of range");
    }
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException | ArithmeticException e) {
      throw new Refused("a time is out of range");
    }
  }
}
