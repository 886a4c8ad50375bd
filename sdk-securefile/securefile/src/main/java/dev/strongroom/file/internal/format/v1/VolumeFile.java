// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The volume file: what a volume is and which element opens it. Clear, authenticated, two equal
 * copies of 4096 bytes.
 *
 * <p>Byte table: {@code docs/spec/secure-file-format.md}, section "Volume file".
 *
 * @param id the volume's id, 16 bytes
 * @param uid the UID under which the element derives the volume's keys, 16 bytes
 * @param rnd the RND under which it does
 * @param element serial number of the element that the volume was made with, 16 bytes
 * @param elementUri the element's URI, empty when none
 * @param root UID of the root directory
 * @param system the volume's own files, and what its ledger binds
 * @param created when the volume was made
 * @param elements all elements that open it
 * @param origin where the volume's own pair comes from
 * @param rebuilds when directories were rebuilt
 * @param ledgerRepairs when a ledger was made to count
 *     <p>Thread safety: immutable.
 */
public record VolumeFile(
    Bytes id,
    Bytes uid,
    Bytes rnd,
    Bytes element,
    String elementUri,
    Bytes root,
    VolumeSystem system,
    Instant created,
    VolumeElements elements,
    KeyOrigin origin,
    List<Rebuilt> rebuilds,
    List<LedgerRepaired> ledgerRepairs) {

  /** Type of a record about directories that were rebuilt. */
  public static final int REBUILT = 1;

  /** Type of a record about a ledger that was made to count. */
  public static final int LEDGER_REPAIRED = 3;

  /** Type of the record of an element. */
  public static final int ELEMENT = 2;

  /** Type of the record with the wrapped file key of a volume of key source 1. */
  public static final int WRAPPED_KEY = 4;

  private static final int REBUILT_LENGTH = 20;

  /**
   * An administrator has had directories rebuilt.
   *
   * @param time when
   * @param directories how many directories
   * @param files how many names of files came from their headers
   */
  public record Rebuilt(Instant time, int directories, int files) {}

  /** Length of a copy in bytes. */
  public static final int BYTES = 4096;

  /** Longest element URI in bytes of UTF-8. */
  public static final int MAX_URI = 1024;

  /**
   * Copies the list.
   *
   * @param id the volume's id
   * @param uid the UID of the volume's keys
   * @param rnd their RND
   * @param element the element's serial number
   * @param elementUri the element's URI
   * @param root UID of the root directory
   * @param system the volume's own files
   * @param created when the volume was made
   * @param elements all elements that open it
   * @param origin where the volume's own pair comes from
   * @param rebuilds when directories were rebuilt
   * @param ledgerRepairs when a ledger was made to count
   */
  public VolumeFile {
    rebuilds = List.copyOf(rebuilds);
    ledgerRepairs = List.copyOf(ledgerRepairs);
  }

  /**
   * A new volume, none of whose directories has been rebuilt.
   *
   * @param id the volume's id
   * @param uid the UID of the volume's keys
   * @param rnd their RND
   * @param element the element's serial number
   * @param elementUri the element's URI
   * @param root UID of the root directory
   * @param system the volume's own files
   * @param created when the volume was made
   * @param elements all elements that open it
   * @param origin where the volume's own pair comes from
   */
  public VolumeFile(
      Bytes id,
      Bytes uid,
      Bytes rnd,
      Bytes element,
      String elementUri,
      Bytes root,
      VolumeSystem system,
      Instant created,
      VolumeElements elements,
      KeyOrigin origin) {
    this(
        id,
        uid,
        rnd,
        element,
        elementUri,
        root,
        system,
        created,
        elements,
        origin,
        List.of(),
        List.of());
  }

  private static final byte[] MAGIC = {'S', 'R', 'V', 'O', 'L', 'U', '\r', '\n'};
  private static final byte[] STAGE =
      Arrays.copyOf(FileHeader.FORMAT.getBytes(StandardCharsets.US_ASCII), 8);
  private static final int COMMITTED = 88;
  private static final int COMMITMENT = 128;
  private static final int FRESHNESS = 18;
  private static final int LEDGER = COMMITMENT + MacKey.LENGTH;
  private static final int CONTACTS = LEDGER + 16;
  static final int REVISION = CONTACTS + 16;
  private static final int LEDGER_MADE = REVISION + Long.BYTES;
  private static final int AFTER_LEDGER_MADE = LEDGER_MADE + 1;
  private static final int URI = 256;
  private static final int EXTENSIONS = URI + MAX_URI;
  private static final int MAC = BYTES - MacKey.LENGTH;

  /**
   * Encodes one copy, as it is when the volume is made.
   *
   * @param keys the volume's keys
   * @return 4096 bytes
   */
  public byte[] encode(VolumeKeys keys) {
    byte[] copy = new byte[BYTES];
    ByteBuffer out = ByteBuffer.wrap(copy);
    byte[] uri = elementUri.getBytes(StandardCharsets.UTF_8);
    out.put(MAGIC).put(STAGE);
    out.put((byte) 1).put((byte) origin.source()); // suite 1
    out.put((byte) (system.freshness() == Freshness.STRICT ? 1 : 0)).put((byte) 0).putInt(0);
    out.put(id.toByteArray()).put(uid.toByteArray()).put(rnd.toByteArray());
    out.put(element.toByteArray());
    out.put(root.toByteArray());
    out.putLong(created.getEpochSecond()).putInt(created.getNano());
    byte[] commitment = keys.commitment().mac(copy, 0, COMMITTED);
    System.arraycopy(commitment, 0, copy, COMMITMENT, commitment.length);
    out.position(LEDGER);
    out.put(system.ledger().toByteArray()).put(system.contacts().toByteArray());
    out.putLong(1).put((byte) (system.ledgerMade() ? 1 : 0));
    out.position(URI - 4);
    out.putInt(uri.length).put(uri);
    out.position(EXTENSIONS);
    for (ElementRecord each : elements.all()) {
      out.put(record(ELEMENT, each.encode()));
    }
    if (origin instanceof KeyOrigin.Wrapped wrapped) {
      byte[] value =
          ByteBuffer.allocate(ManagedFileKey.KEY_ID_LENGTH + wrapped.wrapped().length())
              .put(wrapped.keyId().toByteArray())
              .put(wrapped.wrapped().toByteArray())
              .array();
      out.put(record(WRAPPED_KEY, value));
    }
    return signed(copy, keys);
  }

  /**
   * The same with an element more, or with another record of one.
   *
   * @param changed the element's record
   * @return what the volume file says from now on
   */
  public VolumeFile with(ElementRecord changed) {
    return new VolumeFile(
        id,
        uid,
        rnd,
        element,
        elementUri,
        root,
        system,
        created,
        elements.with(changed),
        origin,
        rebuilds,
        ledgerRepairs);
  }

  /**
   * Whether an element other than one may write to the volume.
   *
   * @param serialNumber of that one
   * @return whether another one derives its keys, or every element does that has a managed key
   */
  public boolean isWrittenBesides(Bytes serialNumber) {
    return origin instanceof KeyOrigin.Wrapped
        || elements.all().stream()
            .filter(each -> each.role() != ElementRole.RECOVERY)
            .anyMatch(each -> !each.serialNumber().equals(serialNumber));
  }

  /**
   * Reads a copy without authenticating it.
   *
   * @param volume the volume's place, for messages
   * @param copy 4096 bytes
   * @return what it says, or null if it is no volume file
   * @throws FormatVersionException if its format is not known
   */
  public static @Nullable VolumeFile parse(String volume, byte[] copy)
      throws FormatVersionException {
    if (copy.length < BYTES || !Arrays.equals(copy, 0, 8, MAGIC, 0, 8)) {
      return null;
    }
    if (!Arrays.equals(copy, 8, 16, STAGE, 0, 8)) {
      String found = new String(copy, 8, 8, StandardCharsets.ISO_8859_1);
      if (!found.matches("v[0-9][ -~\\x00]*")) {
        return null;
      }
      throw new FormatVersionException(volume, found.replace("\0", ""), FileHeader.FORMAT);
    }
    String problem =
        Extensions.problem(volume, FileHeader.FORMAT, Arrays.copyOf(copy, MAC), EXTENSIONS);
    if (problem != null) {
      return null;
    }
    if (copy[16] != 1 || (copy[17] != 0 && copy[17] != 1)) {
      throw new FormatVersionException(
          volume,
          FileHeader.FORMAT + " with suite " + copy[16] + ", key source " + copy[17],
          FileHeader.FORMAT + " with suite 1, key source 0 or 1");
    }
    if (copy[FRESHNESS] < 0 || copy[FRESHNESS] >= Freshness.values().length) {
      throw new FormatVersionException(
          volume,
          FileHeader.FORMAT + " with freshness " + copy[FRESHNESS],
          FileHeader.FORMAT + " with freshness 0 or 1");
    }
    ByteBuffer in = ByteBuffer.wrap(copy);
    int uriLength = in.getInt(URI - 4);
    long seconds = in.getLong(104);
    int nanos = in.getInt(112);
    if (uriLength < 0 || uriLength > MAX_URI || nanos < 0 || nanos > 999_999_999) {
      return null;
    }
    if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
      return null;
    }
    String uri = Names.decode(copy, URI, uriLength);
    KeyOrigin origin = copy[17] == 0 ? KeyOrigin.DERIVED : wrappedKey(copy);
    if (uri == null || origin == null) {
      return null;
    }
    return new VolumeFile(
        Bytes.copyOf(copy, 24, 16),
        Bytes.copyOf(copy, 40, 16),
        Bytes.copyOf(copy, 56, 16),
        Bytes.copyOf(copy, 72, 16),
        uri,
        Bytes.copyOf(copy, 88, 16),
        new VolumeSystem(
            copy[FRESHNESS] == 0 ? Freshness.NONE : Freshness.STRICT,
            Bytes.copyOf(copy, LEDGER, 16),
            Bytes.copyOf(copy, CONTACTS, 16),
            copy[LEDGER_MADE] != 0),
        Instant.ofEpochSecond(seconds, nanos),
        elements(copy),
        origin,
        rebuilds(copy),
        ledgerRepairs(copy));
  }

  private static VolumeElements elements(byte[] copy) {
    List<ElementRecord> elements = new ArrayList<>();
    for (byte[] value : values(copy, ELEMENT)) {
      ElementRecord element = ElementRecord.parse(value);
      if (element != null) {
        elements.add(element);
      }
    }
    return new VolumeElements(elements);
  }

  private static KeyOrigin.@Nullable Wrapped wrappedKey(byte[] copy) {
    List<byte[]> values = values(copy, WRAPPED_KEY);
    if (values.size() != 1) {
      return null;
    }
    byte[] value = values.get(0);
    int length = value.length - ManagedFileKey.KEY_ID_LENGTH;
    if (length < 1 || length > ManagedFileKey.MAX_WRAPPED) {
      return null;
    }
    return new KeyOrigin.Wrapped(
        Bytes.copyOf(value, 0, ManagedFileKey.KEY_ID_LENGTH),
        Bytes.copyOf(value, ManagedFileKey.KEY_ID_LENGTH, length));
  }

  /** The values of all records of a type. */
  private static List<byte[]> values(byte[] copy, int type) {
    List<byte[]> values = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(copy);
    for (int at : records(copy)) {
      if ((in.getShort(at) & 0xFFFF) == type) {
        int begin = at + Extensions.HEAD;
        values.add(Arrays.copyOfRange(copy, begin, begin + (in.getShort(at + 2) & 0xFFFF)));
      }
    }
    return values;
  }

  private static List<Rebuilt> rebuilds(byte[] copy) {
    List<Rebuilt> rebuilds = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(copy);
    for (int at : records(copy)) {
      Instant time = isRecord(copy, at, REBUILT, REBUILT_LENGTH) ? time(copy, at + 4) : null;
      if (time != null) {
        rebuilds.add(new Rebuilt(time, in.getInt(at + 16), in.getInt(at + 20)));
      }
    }
    return rebuilds;
  }

  private static List<LedgerRepaired> ledgerRepairs(byte[] copy) {
    List<LedgerRepaired> repairs = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(copy);
    for (int at : records(copy)) {
      boolean is = isRecord(copy, at, LEDGER_REPAIRED, LedgerRepaired.BYTES);
      Instant time = is ? time(copy, at + 4) : null;
      LedgerRepair repair = is ? repair(copy[at + 16]) : null;
      if (time != null && repair != null) {
        repairs.add(new LedgerRepaired(time, repair, in.getLong(at + 20), in.getLong(at + 28)));
      }
    }
    return repairs;
  }

  private static boolean isRecord(byte[] copy, int at, int type, int length) {
    ByteBuffer in = ByteBuffer.wrap(copy);
    return (in.getShort(at) & 0xFFFF) == type && (in.getShort(at + 2) & 0xFFFF) == length;
  }

  private static @Nullable Instant time(byte[] copy, int at) {
    ByteBuffer in = ByteBuffer.wrap(copy);
    long seconds = in.getLong(at);
    int nanos = in.getInt(at + 8);
    boolean isTime =
        seconds >= Instant.MIN.getEpochSecond()
            && seconds <= Instant.MAX.getEpochSecond()
            && nanos >= 0
            && nanos <= 999_999_999;
    return isTime ? Instant.ofEpochSecond(seconds, nanos) : null;
  }

  /** Where the records of a copy begin, and at last where they end. */
  private static List<Integer> records(byte[] copy) {
    List<Integer> offsets = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(copy);
    int at = EXTENSIONS;
    while (at + 4 <= MAC && in.getShort(at) != 0) {
      offsets.add(at);
      at += 4 + (in.getShort(at + 2) & 0xFFFF);
    }
    return offsets;
  }

  /**
   * Adds a record to an authentic copy; when there is no room, the oldest but one of all acts goes.
   *
   * @param copy 4096 bytes
   * @param act what is recorded
   * @param keys the volume's keys
   * @return the new copy, signed
   * @throws FormatVersionException if records of later releases leave no room
   */
  public static byte[] with(byte[] copy, Rebuilt act, VolumeKeys keys)
      throws FormatVersionException {
    Instant time = act.time();
    byte[] value =
        ByteBuffer.allocate(REBUILT_LENGTH)
            .putLong(time.getEpochSecond())
            .putInt(time.getNano())
            .putInt(act.directories())
            .putInt(act.files())
            .array();
    return with(copy, record(REBUILT, value), keys);
  }

  /**
   * Adds a record to an authentic copy; room as for the others.
   *
   * @param copy 4096 bytes
   * @param act what is recorded
   * @param keys the volume's keys
   * @return the new copy, signed
   * @throws FormatVersionException if records of later releases leave no room
   */
  public static byte[] with(byte[] copy, LedgerRepaired act, VolumeKeys keys)
      throws FormatVersionException {
    Instant time = act.time();
    byte[] value =
        ByteBuffer.allocate(LedgerRepaired.BYTES)
            .putLong(time.getEpochSecond())
            .putInt(time.getNano())
            .put((byte) code(act.repair()))
            .put(new byte[3])
            .putLong(act.from())
            .putLong(act.to())
            .array();
    return with(copy, record(LEDGER_REPAIRED, value), keys);
  }

  /**
   * Records an element in an authentic copy, in the place of its former record if there is one;
   * room as for the others.
   *
   * @param copy 4096 bytes
   * @param element the element's record
   * @param keys the volume's keys
   * @return the new copy, signed
   * @throws FormatVersionException if records of later releases leave no room
   */
  public static byte[] with(byte[] copy, ElementRecord element, VolumeKeys keys)
      throws FormatVersionException {
    byte[] added = record(ELEMENT, element.encode());
    for (int at : records(copy)) {
      boolean same =
          isRecord(copy, at, ELEMENT, added.length - Extensions.HEAD)
              && Bytes.copyOf(copy, at + Extensions.HEAD, 16).equals(element.serialNumber());
      if (same) {
        byte[] changed = copy.clone();
        System.arraycopy(added, 0, changed, at, added.length);
        return signed(raised(changed), keys);
      }
    }
    return with(copy, added, keys);
  }

  private static byte[] with(byte[] copy, byte[] added, VolumeKeys keys)
      throws FormatVersionException {
    ByteBuffer in = ByteBuffer.wrap(copy);
    List<byte[]> kept = new ArrayList<>();
    List<byte[]> acts = new ArrayList<>();
    int used = added.length;
    for (int at : records(copy)) {
      byte[] one = Arrays.copyOfRange(copy, at, at + 4 + (in.getShort(at + 2) & 0xFFFF));
      int type = in.getShort(at) & 0xFFFF;
      if (type == REBUILT || type == LEDGER_REPAIRED) {
        acts.add(one);
      }
      kept.add(one);
      used += one.length;
    }
    // Behind the last record there is nothing, or the head of type 0.
    while (used != MAC - EXTENSIONS
        && used > MAC - EXTENSIONS - Extensions.HEAD
        && acts.size() > 1) {
      byte[] oldestButOne = acts.remove(1);
      kept.removeIf(one -> one == oldestButOne);
      used -= oldestButOne.length;
    }
    if (used != MAC - EXTENSIONS && used > MAC - EXTENSIONS - Extensions.HEAD) {
      throw new FormatVersionException(
          Names.VOLUME,
          FileHeader.FORMAT + " with records of later releases that leave no room for another",
          FileHeader.FORMAT + " with at most 600 bytes of such records");
    }
    byte[] changed = copy.clone();
    Arrays.fill(changed, EXTENSIONS, MAC, (byte) 0);
    ByteBuffer out = ByteBuffer.wrap(changed, EXTENSIONS, MAC - EXTENSIONS);
    kept.forEach(out::put);
    out.put(added);
    return signed(raised(changed), keys);
  }

  /**
   * Says in an authentic copy that there is a ledger.
   *
   * @param copy 4096 bytes
   * @param keys the volume's keys
   * @return the new copy, signed
   */
  public static byte[] withLedger(byte[] copy, VolumeKeys keys) {
    byte[] changed = copy.clone();
    changed[LEDGER_MADE] = 1;
    return signed(raised(changed), keys);
  }

  /**
   * A copy that is to be changed, so that its new revision is above a certain one.
   *
   * @param copy 4096 bytes
   * @param revision the revision, unsigned
   * @return the same with this revision, if its own is below; not signed
   */
  public static byte[] above(byte[] copy, long revision) {
    ByteBuffer own = ByteBuffer.wrap(copy.clone());
    if (Long.compareUnsigned(own.getLong(REVISION), revision) < 0) {
      own.putLong(REVISION, revision);
    }
    return own.array();
  }

  private static byte[] raised(byte[] changed) {
    ByteBuffer in = ByteBuffer.wrap(changed);
    in.putLong(REVISION, in.getLong(REVISION) + 1);
    return changed;
  }

  private static byte[] signed(byte[] copy, VolumeKeys keys) {
    byte[] mac = keys.volumeFile().mac(copy, 0, MAC);
    System.arraycopy(mac, 0, copy, MAC, MacKey.LENGTH);
    return copy;
  }

  private static byte[] record(int type, byte[] value) {
    return ByteBuffer.allocate(4 + value.length)
        .putShort((short) type)
        .putShort((short) value.length)
        .put(value)
        .array();
  }

  /**
   * Refuses an authentic copy with fields of a later release.
   *
   * @param volume the volume's place, for messages
   * @param copy 4096 bytes
   * @throws FormatVersionException if a reserved byte is not zero, or a record of an element, or of
   *     what an administrator has done, cannot be read
   */
  public static void requireKnown(String volume, byte[] copy) throws FormatVersionException {
    int behindUri = URI + ByteBuffer.wrap(copy).getInt(URI - 4);
    int[][] reserved = {
      {19, 24}, {116, COMMITMENT}, {AFTER_LEDGER_MADE, URI - 4}, {behindUri, EXTENSIONS}
    };
    for (int[] range : reserved) {
      for (int i = range[0]; i < range[1]; i++) {
        if (copy[i] != 0) {
          throw new FormatVersionException(
              volume, FileHeader.FORMAT + " with unknown fields", FileHeader.FORMAT);
        }
      }
    }
    long revision = ByteBuffer.wrap(copy).getLong(REVISION);
    if (revision == 0 || (copy[LEDGER_MADE] & ~1) != 0) {
      throw new FormatVersionException(
          volume,
          FileHeader.FORMAT
              + " with revision "
              + Long.toUnsignedString(revision)
              + ", ledger "
              + copy[LEDGER_MADE],
          FileHeader.FORMAT + " with a revision from 1 on, ledger 0 or 1");
    }
    requireElements(volume, copy);
    requireActs(volume, copy);
  }

  /** What an administrator has done is never passed over. */
  private static void requireActs(String volume, byte[] copy) throws FormatVersionException {
    ByteBuffer in = ByteBuffer.wrap(copy);
    for (int at : records(copy)) {
      int type = in.getShort(at) & 0xFFFF;
      boolean known =
          switch (type) {
            case REBUILT -> isRecord(copy, at, type, REBUILT_LENGTH) && time(copy, at + 4) != null;
            case LEDGER_REPAIRED ->
                isRecord(copy, at, type, LedgerRepaired.BYTES)
                    && time(copy, at + 4) != null
                    && FileHeader.isZero(copy, at + 17, at + 20);
            default -> true;
          };
      if (!known) {
        throw new FormatVersionException(
            volume,
            FileHeader.FORMAT + " with an unknown record of what an administrator has done",
            FileHeader.FORMAT);
      }
    }
  }

  private static void requireElements(String volume, byte[] copy) throws FormatVersionException {
    Bytes first = Bytes.copyOf(copy, 72, 16);
    Set<Bytes> serials = new HashSet<>();
    int recovery = 0;
    for (byte[] value : values(copy, ELEMENT)) {
      ElementRecord element = ElementRecord.parse(value);
      if (element == null) {
        requireElement(volume, !ElementRecord.isKnown(value));
        continue;
      }
      boolean isFirst = element.role() == ElementRole.FIRST;
      recovery += element.role() == ElementRole.RECOVERY ? 1 : 0;
      requireElement(
          volume,
          isFirst == element.serialNumber().equals(first)
              && serials.add(element.serialNumber())
              && recovery <= 1);
    }
    requireElement(volume, serials.contains(first));
  }

  private static void requireElement(String volume, boolean known) throws FormatVersionException {
    if (!known) {
      throw new FormatVersionException(
          volume, FileHeader.FORMAT + " with unknown records of elements", FileHeader.FORMAT);
    }
  }

  /**
   * Checks a copy.
   *
   * @param copy 4096 bytes
   * @param keys the volume's keys
   * @return what is wrong, or null if it is authentic
   */
  public static @Nullable String problem(byte[] copy, VolumeKeys keys) {
    if (!fits(copy, keys)) {
      return "the key commitment does not match";
    }
    return keys.volumeFile().verify(copy, 0, MAC, copy, MAC)
        ? null
        : "the signature does not match";
  }

  /**
   * What the maker of a copy's volume has to have signed about the recovery element.
   *
   * @param copy 4096 bytes
   * @param recoveryElement SHA-256 of the recovery element's signing key | agreement key
   * @param pair the volume's pair, wrapped for it
   * @return the statement
   */
  public static RecoveryStatement recoveryStatement(
      byte[] copy, Bytes recoveryElement, RecoveryPair pair) {
    return new RecoveryStatement(
        Bytes.copyOf(copy, 24, 16),
        Bytes.copyOf(copy, 40, 16),
        Bytes.copyOf(copy, 56, 16),
        Bytes.copyOf(copy, COMMITMENT, MacKey.LENGTH),
        recoveryElement,
        pair);
  }

  /**
   * Whether a copy was made with certain keys, whatever has become of it.
   *
   * @param copy 4096 bytes
   * @param keys the keys
   * @return whether the key commitment is theirs
   */
  public static boolean fits(byte[] copy, VolumeKeys keys) {
    byte[] commitment = keys.commitment().mac(copy, 0, COMMITTED);
    return MessageDigest.isEqual(
        commitment, Arrays.copyOfRange(copy, COMMITMENT, COMMITMENT + MacKey.LENGTH));
  }

  private static @Nullable LedgerRepair repair(int code) {
    return switch (code) {
      case 1 -> LedgerRepair.ACCEPT;
      case 2 -> LedgerRepair.REBUILD;
      case 3 -> LedgerRepair.ADOPT;
      default -> null;
    };
  }

  private static int code(LedgerRepair repair) {
    return switch (repair) {
      case ACCEPT -> 1;
      case REBUILD -> 2;
      case ADOPT -> 3;
    };
  }
}
