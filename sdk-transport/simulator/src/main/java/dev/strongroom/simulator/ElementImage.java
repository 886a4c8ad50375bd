// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.Kdf;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.Role;
import dev.strongroom.simulator.records.Capacity;
import dev.strongroom.simulator.records.KeyMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a simulated element's state, as in {@code docs/spec/simulated-element-file.md}.
 *
 * <p>A file has two copies of 16 KiB; the one of generation g is number g mod 2. All numbers are
 * big-endian.
 *
 * <p>Thread safety: immutable.
 *
 * @param generation grows by one with each write of a copy
 * @param floor copies of an older generation hold what has been removed and must be overwritten
 * @param serialNumber 16 bytes
 * @param user the user's try counter
 * @param administrator the administrator's try counter
 * @param loginGeneration the generation when the state key was last in use
 * @param rootName what kind of secret the PINs are combined with
 * @param mac over what {@link #authenticated()} gives, under the state key
 * @param userSlot the state key under the user's PIN, null when erased
 * @param administratorSlot the state key under the administrator's PIN, null when erased
 * @param certificate X.509, DER, of the secure channel key
 * @param device the file's own root (32 bytes), then the secure channel key (PKCS#8, DER)
 * @param sealed the state under the state key: nonce, ciphertext, tag; empty when blank
 * @param lifeCycle where the element stands in its life
 * @param disclosed what it tells without a PIN
 */
record ElementImage(
    long generation,
    long floor,
    Bytes serialNumber,
    Tries user,
    Tries administrator,
    long loginGeneration,
    String rootName,
    Bytes mac,
    @Nullable PinSlot userSlot,
    @Nullable PinSlot administratorSlot,
    Bytes certificate,
    Bytes device,
    Bytes sealed,
    LifeCycle lifeCycle,
    PublicSection disclosed) {

  static final int COPY_LENGTH = 16_384;
  static final int FILE_LENGTH = 2 * COPY_LENGTH;
  static final int FILE_ROOT_LENGTH = 32;
  static final int MAC_LENGTH = 32;

  private static final byte[] MAGIC = "STRGELEM".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int CHECKSUM_LENGTH = 32;
  private static final int ROOT_NAME_LENGTH = 16;
  private static final int SERIAL_LENGTH = 16;
  private static final int FIXED_LENGTH = 304;
  private static final int OWNER_LENGTH = 16;
  private static final long MAX_FILE_LENGTH = KeyMemory.end(Capacity.MAX_PLACES);

  /** By the byte in the file; 0 is what stood there before there was more than one state. */
  private static final List<LifeCycle> STORED_LIFE_CYCLE =
      List.of(LifeCycle.INITIALIZED, LifeCycle.BLANK, LifeCycle.AWAITING_TWIN);

  /** The copy that this generation is written to. */
  int copy() {
    return (int) (generation & 1);
  }

  Tries tries(Role role) {
    return role == Role.USER ? user : administrator;
  }

  @Nullable PinSlot slot(Role role) {
    return role == Role.USER ? userSlot : administratorSlot;
  }

  ElementImage withTries(Role role, Tries tries) {
    Edit edit = new Edit(this);
    if (role == Role.USER) {
      edit.user = tries;
    } else {
      edit.administrator = tries;
    }
    return edit.image();
  }

  ElementImage withSlot(Role role, @Nullable PinSlot slot) {
    Edit edit = new Edit(this);
    if (role == Role.USER) {
      edit.userSlot = slot;
    } else {
      edit.administratorSlot = slot;
    }
    return edit.image();
  }

  ElementImage withSealed(Bytes newSealed) {
    Edit edit = new Edit(this);
    edit.sealed = newSealed;
    return edit.image();
  }

  ElementImage withDisclosed(PublicSection newDisclosed) {
    Edit edit = new Edit(this);
    edit.disclosed = newDisclosed;
    return edit.image();
  }

  ElementImage withLifeCycle(LifeCycle newLifeCycle) {
    Edit edit = new Edit(this);
    edit.lifeCycle = newLifeCycle;
    return edit.image();
  }

  /** What is left of it when all secrets but the channel key have gone. */
  ElementImage wiped(String fileRootName) {
    byte[] channelKeyOnly = device.toByteArray();
    Arrays.fill(channelKeyOnly, 0, FILE_ROOT_LENGTH, (byte) 0);
    ElementImage wiped =
        new ElementImage(
            generation,
            floor,
            serialNumber,
            user.reset(),
            administrator.reset(),
            0,
            fileRootName,
            Bytes.copyOf(new byte[MAC_LENGTH]),
            null,
            null,
            certificate,
            Bytes.copyOf(channelKeyOnly),
            Bytes.copyOf(new byte[0]),
            LifeCycle.BLANK,
            PublicSection.EMPTY);
    Arrays.fill(channelKeyOnly, (byte) 0);
    return wiped;
  }

  /** The same state as the next generation; {@code newFloor} forbids older copies. */
  ElementImage next(long newFloor) {
    Edit edit = new Edit(this);
    edit.generation = generation + 1;
    edit.floor = newFloor;
    return edit.image();
  }

  /** Records the tries and the generation of this moment under the state key. */
  ElementImage recorded(byte[] macKey) {
    Edit edit = new Edit(this);
    edit.user = user.recorded();
    edit.administrator = administrator.recorded();
    edit.loginGeneration = generation;
    ElementImage unsigned = edit.image();
    Kdf kdf = Kdf.current();
    try {
      edit.mac = Bytes.copyOf(kdf.under(macKey).authenticate(unsigned.authenticated()));
      return edit.image();
    } finally {
      kdf.forget();
    }
  }

  boolean isAuthentic(byte[] macKey) {
    Kdf kdf = Kdf.current();
    try {
      return MessageDigest.isEqual(
          mac.toByteArray(), kdf.under(macKey).authenticate(authenticated()));
    } finally {
      kdf.forget();
    }
  }

  /**
   * What the MAC covers: all that changes only while the state key is in use. A public section
   * without content is none, as in copies of before there was one.
   */
  private byte[] authenticated() {
    Bytes told = disclosed.encode();
    ByteBuffer out =
        ByteBuffer.allocate(
            2
                + SERIAL_LENGTH
                + 4
                + 8
                + ROOT_NAME_LENGTH
                + 12
                + certificate.length()
                + device.length()
                + sealed.length()
                + (told.length() == 0 ? 0 : 4 + told.length()));
    out.putShort((short) VERSION).put(serialNumber.toByteArray());
    out.put((byte) user.max()).put((byte) user.atLogin());
    out.put((byte) administrator.max()).put((byte) administrator.atLogin());
    out.putLong(loginGeneration).put(rootNameField());
    for (Bytes part : new Bytes[] {certificate, device, sealed}) {
      out.putInt(part.length()).put(part.toByteArray());
    }
    if (told.length() > 0) {
      out.putInt(told.length()).put(told.toByteArray());
    }
    return out.array();
  }

  /** The copy as it stands in the file, {@value #COPY_LENGTH} bytes. */
  byte[] encode() {
    Bytes told = disclosed.encode();
    int length =
        FIXED_LENGTH + 2 + certificate.length() + 2 + device.length() + 2 + sealed.length();
    length += told.length() == 0 ? 0 : 2 + told.length();
    if (length + CHECKSUM_LENGTH > COPY_LENGTH) {
      throw new IllegalStateException("the state needs " + length + " bytes");
    }
    byte[] copy = new byte[COPY_LENGTH];
    ByteBuffer out = ByteBuffer.wrap(copy);
    out.put(MAGIC).putShort((short) VERSION).putShort((short) 0).putInt(length);
    out.putLong(generation).putLong(floor).put(serialNumber.toByteArray());
    out.put((byte) user.max()).put((byte) user.left());
    out.put((byte) administrator.max()).put((byte) administrator.left());
    out.put((byte) user.atLogin()).put((byte) administrator.atLogin());
    out.put((byte) STORED_LIFE_CYCLE.indexOf(lifeCycle)).put((byte) 0);
    out.putLong(loginGeneration).put(rootNameField()).put(mac.toByteArray());
    out.put(userSlot == null ? new byte[PinSlot.LENGTH] : userSlot.content().toByteArray());
    out.put(
        administratorSlot == null
            ? new byte[PinSlot.LENGTH]
            : administratorSlot.content().toByteArray());
    for (Bytes part : new Bytes[] {certificate, device, sealed}) {
      out.putShort((short) part.length()).put(part.toByteArray());
    }
    if (told.length() > 0) {
      out.putShort((short) told.length()).put(told.toByteArray());
    }
    out.put(sha256(copy, length));
    return copy;
  }

  /**
   * Reads a copy.
   *
   * @param copy {@value #COPY_LENGTH} bytes
   * @param number which copy it is, 0 or 1
   * @throws IllegalArgumentException if a check fails; the message says which
   */
  static ElementImage parse(byte[] copy, int number) {
    ByteBuffer in = ByteBuffer.wrap(copy);
    byte[] magic = take(in, MAGIC.length);
    int version = in.getShort();
    int zero = in.getShort();
    int length = in.getInt();
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IllegalArgumentException("it does not begin with STRGELEM");
    }
    if (length < FIXED_LENGTH + 6 || length > COPY_LENGTH - CHECKSUM_LENGTH) {
      throw new IllegalArgumentException("its length is out of range");
    }
    byte[] checksum = Arrays.copyOfRange(copy, length, length + CHECKSUM_LENGTH);
    if (!MessageDigest.isEqual(checksum, sha256(copy, length))) {
      throw new IllegalArgumentException("its checksum is wrong");
    }
    // A write that was cut short leaves what stood there before it.
    if (!isZero(copy, length + CHECKSUM_LENGTH)) {
      throw new IllegalArgumentException("it does not end with zeros");
    }
    if (version != VERSION || zero != 0) {
      throw new IllegalArgumentException("its format version is " + version + ", not 1");
    }
    long generation = in.getLong();
    long floor = in.getLong();
    if (generation < 1 || (generation & 1) != number || floor < 0 || floor > generation) {
      throw new IllegalArgumentException("its generation does not belong here");
    }
    Bytes serialNumber = Bytes.copyOf(take(in, SERIAL_LENGTH));
    int userMax = in.get();
    int userLeft = in.get();
    int administratorMax = in.get();
    int administratorLeft = in.get();
    int userAtLogin = in.get();
    int administratorAtLogin = in.get();
    int lifeCycle = in.get();
    int zeros = in.get();
    if (lifeCycle < 0 || lifeCycle >= STORED_LIFE_CYCLE.size() || zeros != 0) {
      throw new IllegalArgumentException("its life cycle is out of range");
    }
    if (outOfRange(userMax, userLeft, userAtLogin)
        || outOfRange(administratorMax, administratorLeft, administratorAtLogin)) {
      throw new IllegalArgumentException("a try counter is out of range");
    }
    long loginGeneration = in.getLong();
    String rootName = new String(take(in, ROOT_NAME_LENGTH), StandardCharsets.US_ASCII);
    Bytes mac = Bytes.copyOf(take(in, MAC_LENGTH));
    PinSlot userSlot = PinSlot.parse(take(in, PinSlot.LENGTH));
    PinSlot administratorSlot = PinSlot.parse(take(in, PinSlot.LENGTH));
    in.limit(length);
    Bytes certificate = takePart(in);
    Bytes device = takePart(in);
    Bytes sealed = takePart(in);
    PublicSection disclosed =
        in.hasRemaining() ? PublicSection.parse(takePart(in)) : PublicSection.EMPTY;
    if (in.hasRemaining() || device.length() < FILE_ROOT_LENGTH) {
      throw new IllegalArgumentException("a section has a wrong length");
    }
    boolean blank = STORED_LIFE_CYCLE.get(lifeCycle) == LifeCycle.BLANK;
    if (blank && (userSlot != null || administratorSlot != null || sealed.length() > 0)) {
      throw new IllegalArgumentException("it is blank and has secrets");
    }
    return new ElementImage(
        generation,
        floor,
        serialNumber,
        new Tries(userMax, userLeft, userAtLogin),
        new Tries(administratorMax, administratorLeft, administratorAtLogin),
        loginGeneration,
        rootName.replace("\0", ""),
        mac,
        userSlot,
        administratorSlot,
        certificate,
        device,
        sealed,
        STORED_LIFE_CYCLE.get(lifeCycle),
        disclosed);
  }

  /** Whether a store has the size of an element, and one of its copies begins like one. */
  static boolean isElement(ElementStore store) throws IOException {
    long size = store.size();
    if (size < FILE_LENGTH || size > MAX_FILE_LENGTH) {
      return false;
    }
    byte[] begin = new byte[MAGIC.length];
    for (int copy = 0; copy < 2; copy++) {
      if (store.read((long) copy * COPY_LENGTH, begin) == begin.length
          && Arrays.equals(begin, MAGIC)) {
        return true;
      }
    }
    return false;
  }

  /** The process that wrote its number behind the copies; for an error message, and no more. */
  static long readOwner(ElementStore store) {
    byte[] owner = new byte[OWNER_LENGTH];
    try {
      return store.read(FILE_LENGTH, owner) == OWNER_LENGTH ? ByteBuffer.wrap(owner).getLong() : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  static void writeOwner(ElementStore store, long pid) throws IOException {
    store.write(FILE_LENGTH, ByteBuffer.allocate(OWNER_LENGTH).putLong(pid).array());
  }

  /** Whether there is nothing from an index on. */
  static boolean isZero(byte[] copy, int from) {
    for (int i = from; i < copy.length; i++) {
      if (copy[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean outOfRange(int max, int left, int atLogin) {
    return max < 1 || max > 15 || left < 0 || left > 15 || atLogin < 0 || atLogin > max;
  }

  private byte[] rootNameField() {
    return Arrays.copyOf(rootName.getBytes(StandardCharsets.US_ASCII), ROOT_NAME_LENGTH);
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] part = new byte[length];
    in.get(part);
    return part;
  }

  private static Bytes takePart(ByteBuffer in) {
    int length = in.remaining() < 2 ? -1 : in.getShort() & 0xFFFF;
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a section has a wrong length");
    }
    return Bytes.copyOf(take(in, length));
  }

  private static byte[] sha256(byte[] content, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(content, 0, length);
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The fields of an image that is to differ from another in some of them. */
  private static final class Edit {
    private final ElementImage before;
    private long generation;
    private long floor;
    private Tries user;
    private Tries administrator;
    private long loginGeneration;
    private Bytes mac;
    private @Nullable PinSlot userSlot;
    private @Nullable PinSlot administratorSlot;
    private Bytes sealed;
    private LifeCycle lifeCycle;
    private PublicSection disclosed;

    Edit(ElementImage before) {
      this.before = before;
      this.generation = before.generation;
      this.floor = before.floor;
      this.user = before.user;
      this.administrator = before.administrator;
      this.loginGeneration = before.loginGeneration;
      this.mac = before.mac;
      this.userSlot = before.userSlot;
      this.administratorSlot = before.administratorSlot;
      this.sealed = before.sealed;
      this.lifeCycle = before.lifeCycle;
      this.disclosed = before.disclosed;
    }

    ElementImage image() {
      return new ElementImage(
          generation,
          floor,
          before.serialNumber,
          user,
          administrator,
          loginGeneration,
          before.rootName,
          mac,
          userSlot,
          administratorSlot,
          before.certificate,
          before.device,
          sealed,
          lifeCycle,
          disclosed);
    }
  }
}
