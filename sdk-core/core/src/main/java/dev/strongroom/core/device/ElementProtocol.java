// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.Aid;
import dev.strongroom.core.apdu.BerTlv;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.channel.Scp11b;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Numbers and common data objects of the element protocol, as in {@code
 * docs/spec/element-protocol.md}; for hosts and for elements.
 *
 * <p>Instructions of class 00 are those of ISO/IEC 7816-4:2020, the ones of class 80 are our own.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementProtocol {

  /** Major version; another one is refused. */
  public static final int MAJOR_VERSION = 1;

  /** Minor version: additions that older hosts may ignore. */
  public static final int MINOR_VERSION = 0;

  /** The element application, in the proprietary category of ISO/IEC 7816-4:2020, 12.2.3. */
  public static final Aid AID = Aid.parse("F05374726F6E67726F6F6D01");

  /** Class byte of interindustry commands. */
  public static final int CLA_ISO = 0x00;

  /** Class byte of our own commands. */
  public static final int CLA_PROPRIETARY = 0x80;

  /** Bit of the class byte that says that more commands of a chain follow. */
  public static final int CLA_CHAINING = 0x10;

  /** SELECT. */
  public static final int INS_SELECT = 0xA4;

  /** MANAGE CHANNEL. */
  public static final int INS_MANAGE_CHANNEL = 0x70;

  /** GET DATA. */
  public static final int INS_GET_DATA = 0xCA;

  /** GET RESPONSE. */
  public static final int INS_GET_RESPONSE = 0xC0;

  /** VERIFY. */
  public static final int INS_VERIFY = 0x20;

  /** CHANGE REFERENCE DATA. */
  public static final int INS_CHANGE_REFERENCE_DATA = 0x24;

  /** RESET RETRY COUNTER. */
  public static final int INS_RESET_RETRY_COUNTER = 0x2C;

  /** GET CHALLENGE. */
  public static final int INS_GET_CHALLENGE = 0x84;

  /** INITIALIZE, our own. */
  public static final int INS_INITIALIZE = 0x02;

  /** GRUB, our own. */
  public static final int INS_GRUB = 0x10;

  /** P1 of VERIFY that ends the login instead of checking a PIN. */
  public static final int P1_LOGOUT = 0xFF;

  /** P1 of GRUB with the keys of whole files. */
  public static final int P1_FILE_SCOPE = 0x00;

  /** P1 of GRUB with the keys of crypto pages. */
  public static final int P1_PAGE_SCOPE = 0x01;

  /** P1 of GET DATA for data of the application. */
  public static final int P1_APPLICATION_DATA = 0x01;

  /** P2 of GET DATA for the same data objects as in the answer to SELECT. */
  public static final int P2_INFO = 0x00;

  /** P2 of GET DATA for the life cycle and the tries left. */
  public static final int P2_STATUS = 0x01;

  /** Reference of the user's PIN. */
  public static final int PIN_USER = 0x81;

  /** Reference of the administrator's PIN. */
  public static final int PIN_ADMINISTRATOR = 0x82;

  /** Item of a GRUB request: keys derived for an existing file. */
  public static final int ITEM_EXISTING = 0;

  /** Item of a GRUB request: keys derived for a new file, whose RND the element draws. */
  public static final int ITEM_NEW = 1;

  /** Item of a GRUB request: a wrapped file key; reserved. */
  public static final int ITEM_WRAPPED = 2;

  /** Length of a volume id in bytes. */
  public static final int VOLUME_ID_LENGTH = 16;

  /** Length of an item of a GRUB request in bytes: type, UID, RND, epoch. */
  public static final int ITEM_LENGTH = 1 + 16 + 16 + 4;

  /** Length of an item of a GRUB answer in bytes: RND, EncGrub, SigGrub, randomness. */
  public static final int ANSWER_LENGTH = 16 + 3 * 32;

  /** Length of a page's key in bytes. */
  public static final int PAGE_KEY_LENGTH = 32;

  /** Length of a page scope request in bytes: volume, UID, RND, epoch, first page, count. */
  public static final int PAGE_REQUEST_LENGTH = 16 + 16 + 16 + 4 + 8 + 2;

  /** Most items or pages in one command. */
  public static final int MAX_BATCH = 64;

  /** Most random bytes in one command: as many as the largest GRUB answer has. */
  public static final int MAX_RANDOM = MAX_BATCH * ANSWER_LENGTH;

  /** Most bytes of an encoded PIN: 32 characters of 4 bytes. */
  public static final int MAX_PIN_BYTES = 128;

  /** Status word for damaged state, of the group 6Fxx without precise diagnosis. */
  public static final int SW_DAMAGED = 0x6F01;

  /** Status word for edited state, of the group 6Fxx without precise diagnosis. */
  public static final int SW_EDITED = 0x6F02;

  private static final int TAG_FCI = 0x6F;
  private static final int TAG_AID = 0x84;
  private static final int TAG_PROPRIETARY = 0xA5;
  private static final int TAG_VERSION = 0x81;
  private static final int TAG_SERIAL_NUMBER = 0x82;
  private static final int TAG_CAPABILITIES = 0x83;
  private static final int TAG_LIMITS = 0x84;
  private static final int TAG_DESCRIPTION = 0x85;
  private static final int STATUS_LENGTH = 12;

  private ElementProtocol() {}

  /** SELECT by name, first occurrence, with file control information. */
  static CommandApdu select() {
    return CommandApdu.of(
        CLA_ISO, INS_SELECT, 0x04, 0x00, AID.bytes().toByteArray(), CommandApdu.MAX_SHORT_RESPONSE);
  }

  /** GET DATA for an object of the application. */
  static CommandApdu getData(int p2) {
    return CommandApdu.of(
        CLA_ISO, INS_GET_DATA, P1_APPLICATION_DATA, p2, CommandApdu.MAX_SHORT_RESPONSE);
  }

  /**
   * Whether a command needs the secure channel wherever it leaves the process: all do but those
   * that find an element and open the channel, that draw random bytes, and that end a login.
   *
   * @param command a clear command
   * @return true for the commands marked P in the specification, and for unknown ones
   */
  public static boolean isProtected(CommandApdu command) {
    if ((command.cla() & CLA_PROPRIETARY) != 0) {
      return command.ins() != INS_GET_DATA && command.ins() != Scp11b.INS;
    }
    return switch (command.ins()) {
      case INS_SELECT, INS_MANAGE_CHANNEL, INS_GET_DATA, INS_GET_RESPONSE, INS_GET_CHALLENGE ->
          false;
      case INS_VERIFY -> command.dataLength() > 0 && command.p1() != P1_LOGOUT;
      default -> true;
    };
  }

  /**
   * The reference of a role's PIN.
   *
   * @param role whose PIN
   * @return P2 of the PIN commands
   */
  public static int pinReference(Role role) {
    return role == Role.USER ? PIN_USER : PIN_ADMINISTRATOR;
  }

  /**
   * Writes the answer to SELECT.
   *
   * @param info what the element is
   * @return the file control information
   */
  public static byte[] encodeInfo(ElementInfo info) {
    int bits = 0;
    for (Capability capability : info.capabilities()) {
      bits |= 1 << capability.bit();
    }
    BerTlv proprietary =
        BerTlv.of(
            TAG_PROPRIETARY,
            List.of(
                object(TAG_VERSION, info.protocolMajor(), info.protocolMinor()),
                new BerTlv(TAG_SERIAL_NUMBER, info.serialNumber()),
                object(TAG_CAPABILITIES, bits >>> 24, bits >>> 16, bits >>> 8, bits),
                object(
                    TAG_LIMITS,
                    info.maxBatch() >>> 8,
                    info.maxBatch(),
                    info.maxRandom() >>> 8,
                    info.maxRandom()),
                new BerTlv(
                    TAG_DESCRIPTION,
                    Bytes.copyOf(info.description().getBytes(StandardCharsets.UTF_8)))));
    return BerTlv.of(TAG_FCI, List.of(new BerTlv(TAG_AID, AID.bytes()), proprietary)).encode();
  }

  /**
   * Reads the answer to SELECT. Unknown data objects and capabilities are passed over, so that a
   * later minor version can be read.
   *
   * @param answer the file control information
   * @return what the element is
   * @throws IllegalArgumentException if a data object is missing or malformed
   */
  public static ElementInfo parseInfo(byte[] answer) {
    List<BerTlv> outer = BerTlv.parseAll(Bytes.copyOf(answer));
    List<BerTlv> fci = BerTlv.parseAll(require(outer, TAG_FCI, -1));
    List<BerTlv> objects = BerTlv.parseAll(require(fci, TAG_PROPRIETARY, -1));
    Bytes version = require(objects, TAG_VERSION, 2);
    Bytes limits = require(objects, TAG_LIMITS, 4);
    Bytes bits = require(objects, TAG_CAPABILITIES, 4);
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    for (Capability capability : Capability.values()) {
      int bit = capability.bit();
      if ((bits.at(3 - bit / 8) >>> bit % 8 & 1) != 0) {
        capabilities.add(capability);
      }
    }
    String description =
        BerTlv.find(objects, TAG_DESCRIPTION)
            .map(text -> new String(text.toByteArray(), StandardCharsets.UTF_8))
            .orElse("");
    return new ElementInfo(
        version.at(0) & 0xFF,
        version.at(1) & 0xFF,
        require(objects, TAG_SERIAL_NUMBER, ElementInfo.SERIAL_NUMBER_LENGTH),
        capabilities,
        (limits.at(0) & 0xFF) << 8 | (limits.at(1) & 0xFF),
        (limits.at(2) & 0xFF) << 8 | (limits.at(3) & 0xFF),
        description);
  }

  /**
   * Writes the answer to GET DATA for the status.
   *
   * @param status the element's status
   * @return 12 bytes: life cycle, tries of the user and of the administrator, 0, generation
   */
  public static byte[] encodeStatus(ElementStatus status) {
    return java.nio.ByteBuffer.allocate(STATUS_LENGTH)
        .put((byte) (status.initialized() ? 1 : 0))
        .put((byte) status.userTriesLeft())
        .put((byte) status.administratorTriesLeft())
        .put((byte) 0)
        .putLong(status.generation())
        .array();
  }

  /**
   * Reads the answer to GET DATA for the status.
   *
   * @param answer at least 12 bytes
   * @return the element's status
   * @throws IllegalArgumentException if it is shorter or the life cycle is unknown
   */
  public static ElementStatus parseStatus(byte[] answer) {
    if (answer.length < STATUS_LENGTH || answer[0] < 0 || answer[0] > 1) {
      throw new IllegalArgumentException("the status is malformed");
    }
    return new ElementStatus(
        answer[0] == 1,
        answer[1] & 0xFF,
        answer[2] & 0xFF,
        java.nio.ByteBuffer.wrap(answer).getLong(4));
  }

  private static BerTlv object(int tag, int... octets) {
    byte[] value = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      value[i] = (byte) octets[i];
    }
    return new BerTlv(tag, Bytes.copyOf(value));
  }

  private static Bytes require(List<BerTlv> objects, int tag, int length) {
    Bytes value =
        BerTlv.find(objects, tag)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        String.format("data object %02X is missing", tag)));
    if (length >= 0 && value.length() != length) {
      throw new IllegalArgumentException(
          String.format("data object %02X has %d bytes, not %d", tag, value.length(), length));
    }
    return value;
  }
}
