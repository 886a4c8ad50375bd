// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.Aid;
import dev.strongroom.core.apdu.BerTlv;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.KeyAlgorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
  public static final int MINOR_VERSION = 3;

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

  /** WIPE, our own. */
  public static final int INS_WIPE = 0x04;

  /** READ VERSION, our own. */
  public static final int INS_READ_VERSION = 0x20;

  /** COMPARE AND SET VERSION, our own. */
  public static final int INS_COMPARE_AND_SET_VERSION = 0x22;

  /** RELEASE VERSION, our own. */
  public static final int INS_RELEASE_VERSION = 0x24;

  /** SIGN, our own. */
  public static final int INS_SIGN = 0x30;

  /** ATTEST, our own. */
  public static final int INS_ATTEST = 0x32;

  /** HPKE EXPORT and HPKE OPEN, our own. */
  public static final int INS_HPKE = 0x34;

  /** SET and UPDATE TRUST ANCHOR, our own. */
  public static final int INS_TRUST_ANCHOR = 0x36;

  /** EXPORT SECRET, our own. */
  public static final int INS_EXPORT_SECRET = 0x38;

  /** IMPORT SECRET, our own. */
  public static final int INS_IMPORT_SECRET = 0x3A;

  /** RECEIVE, RECEIVE DONE and READ RECEIVE REGISTER, our own. */
  public static final int INS_RECEIVE = 0x3C;

  /** FORGET SENDER, our own. */
  public static final int INS_FORGET_SENDER = 0x3E;

  /** GRUB, our own. */
  public static final int INS_GRUB = 0x10;

  /** P1 of VERIFY that ends the login instead of checking a PIN. */
  public static final int P1_LOGOUT = 0xFF;

  /** P1 of GRUB with the keys of whole files. */
  public static final int P1_FILE_SCOPE = 0x00;

  /** P1 of GRUB with the keys of crypto pages. */
  public static final int P1_PAGE_SCOPE = 0x01;

  /** P2 of GRUB with the keys of pages whose file has a wrapped file key. */
  public static final int P2_WRAPPED = 0x01;

  /** P1 of GET DATA for data of the application. */
  public static final int P1_APPLICATION_DATA = 0x01;

  /** P2 of GET DATA for the same data objects as in the answer to SELECT. */
  public static final int P2_INFO = 0x00;

  /** P2 of GET DATA for the life cycle and the tries left. */
  public static final int P2_STATUS = 0x01;

  /** P2 of GET DATA for the certificates of the identity. */
  public static final int P2_IDENTITY = 0x02;

  /** P2 of GET DATA for the trust anchor. */
  public static final int P2_TRUST_ANCHOR = 0x03;

  /** P2 of GET DATA for the card. */
  public static final int P2_CARD = 0x04;

  /** P1 of INITIALIZE for an element that makes its own master keys. */
  public static final int P1_OWN_KEYS = 0x00;

  /** P1 of INITIALIZE for a twin, whose master keys come from another element. */
  public static final int P1_TWIN = 0x01;

  /** P2 of INS_HPKE for a secret of the exporter. */
  public static final int P2_HPKE_EXPORT = 0x00;

  /** P2 of INS_HPKE for a message. */
  public static final int P2_HPKE_OPEN = 0x01;

  /** P1 of INS_RECEIVE to begin. */
  public static final int P1_RECEIVE_BEGIN = 0x00;

  /** P1 of INS_RECEIVE for what is done. */
  public static final int P1_RECEIVE_DONE = 0x01;

  /** P1 of INS_RECEIVE to read the register. */
  public static final int P1_RECEIVE_READ = 0x02;

  /** P1 of INS_TRUST_ANCHOR for the first one. */
  public static final int P1_SET_ANCHOR = 0x00;

  /** P1 of INS_TRUST_ANCHOR for one that the roots have signed. */
  public static final int P1_UPDATE_ANCHOR = 0x01;

  /** Reference of the user's PIN. */
  public static final int PIN_USER = 0x81;

  /** Reference of the administrator's PIN. */
  public static final int PIN_ADMINISTRATOR = 0x82;

  /** Item of a GRUB request: keys derived for an existing file. */
  public static final int ITEM_EXISTING = 0;

  /** Item of a GRUB request: keys derived for a new file, whose RND the element draws. */
  public static final int ITEM_NEW = 1;

  /** Item of a GRUB request: keys derived from a wrapped file key. */
  public static final int ITEM_WRAPPED = 2;

  /** Item of a GRUB request: keys derived from a file key that the element makes and wraps. */
  public static final int ITEM_NEW_WRAPPED = 3;

  /** Length in an item, beside the wrapped file key: key id, intent, length. */
  public static final int WRAPPED_HEAD_LENGTH = ManagedFileKey.KEY_ID_LENGTH + 1 + 2;

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

  /** Most bytes of command data and of response data. */
  public static final int MAX_DATA = MAX_RANDOM;

  /** Length of a request to change a version slot: volume id, root, counter, new root. */
  public static final int COMPARE_AND_SET_LENGTH = 16 + 32 + 8 + 32;

  /** Length of a version slot's state in bytes: root, counter. */
  public static final int VERSION_LENGTH = 32 + 8;

  /** Length of a version slot in bytes: volume id, root, counter. */
  public static final int VERSION_SLOT_LENGTH = VOLUME_ID_LENGTH + VERSION_LENGTH;

  /** Length of the tag of an HPKE ciphertext in bytes. */
  public static final int HPKE_TAG_LENGTH = 16;

  /** Most bytes of a secret that HPKE EXPORT gives. */
  public static final int MAX_EXPORT = 255;

  /** Most bytes of an encoded PIN: 32 characters of 4 bytes. */
  public static final int MAX_PIN_BYTES = 128;

  /** Status word for what the rules of the key store refuse, proprietary in group 69xx. */
  public static final int SW_REFUSED = 0x69F0;

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
  private static final int TAG_SLOTS_AND_CLASS = 0x86;
  private static final int TAG_SUITES = 0x87;
  private static final int TAG_ALGORITHMS = 0x88;
  private static final int TAG_DESCRIPTION = 0x85;
  private static final int STATUS_LENGTH = 12;
  private static final byte[] HPKE_INFO = "Strongroom share\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RECEIVE_INFO =
      "Strongroom receive\0".getBytes(StandardCharsets.US_ASCII);

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
   * Whether a command carries no secret, but its answer is believed: who the element is, and whom
   * it trusts. A host asks for it in the secure channel.
   */
  static boolean isBelieved(CommandApdu command) {
    return command.cla() == CLA_ISO
        && command.ins() == INS_GET_DATA
        && (command.p2() == P2_IDENTITY
            || command.p2() == P2_TRUST_ANCHOR
            || command.p2() == P2_CARD);
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
    int bits = capabilityBits(info.capabilities());
    List<BerTlv> objects =
        new ArrayList<>(
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
                object(
                    TAG_SLOTS_AND_CLASS,
                    info.versionSlots() >>> 8,
                    info.versionSlots(),
                    info.elementClass().number() >>> 8,
                    info.elementClass().number())));
    if (!info.suites().isEmpty()) {
      objects.add(
          object(TAG_SUITES, info.suites().stream().mapToInt(HpkeSuite::code).sorted().toArray()));
    }
    if (!info.algorithms().isEmpty()) {
      objects.add(
          object(
              TAG_ALGORITHMS,
              info.algorithms().stream().mapToInt(KeyAlgorithm::number).sorted().toArray()));
    }
    objects.add(
        new BerTlv(
            TAG_DESCRIPTION, Bytes.copyOf(info.description().getBytes(StandardCharsets.UTF_8))));
    BerTlv proprietary = BerTlv.of(TAG_PROPRIETARY, objects);
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
    // An element of version 1.0 says nothing about them.
    Bytes more =
        BerTlv.find(objects, TAG_SLOTS_AND_CLASS).isPresent()
            ? require(objects, TAG_SLOTS_AND_CLASS, 4)
            : Bytes.copyOf(new byte[4]);
    String description =
        BerTlv.find(objects, TAG_DESCRIPTION)
            .map(text -> new String(text.toByteArray(), StandardCharsets.UTF_8))
            .orElse("");
    Set<Capability> capabilities = capabilities(ByteBuffer.wrap(bits.toByteArray()).getInt());
    return new ElementInfo(
        version.at(0) & 0xFF,
        version.at(1) & 0xFF,
        require(objects, TAG_SERIAL_NUMBER, ElementInfo.SERIAL_NUMBER_LENGTH),
        capabilities,
        Math.min(u16(limits, 0), MAX_BATCH),
        Math.min(u16(limits, 2), MAX_RANDOM),
        u16(more, 0),
        new ElementClass(u16(more, 2)),
        BerTlv.find(objects, TAG_SUITES)
            .map(ElementProtocol::suites)
            .orElseGet(() -> ElementInfo.suitesOf(capabilities)),
        BerTlv.find(objects, TAG_ALGORITHMS).map(ElementProtocol::algorithms).orElseGet(Set::of),
        description);
  }

  /** Unknown ones are passed over. */
  private static Set<HpkeSuite> suites(Bytes codes) {
    Set<HpkeSuite> suites = EnumSet.noneOf(HpkeSuite.class);
    for (int i = 0; i < codes.length(); i++) {
      HpkeSuite.of(codes.at(i) & 0xFF).ifPresent(suites::add);
    }
    return suites;
  }

  /** Unknown ones are passed over. */
  private static Set<KeyAlgorithm> algorithms(Bytes numbers) {
    Set<KeyAlgorithm> algorithms = EnumSet.noneOf(KeyAlgorithm.class);
    for (int i = 0; i < numbers.length(); i++) {
      KeyAlgorithm.of(numbers.at(i) & 0xFF).ifPresent(algorithms::add);
    }
    return algorithms;
  }

  /**
   * Writes the answer to GET DATA for the status.
   *
   * @param status the element's status
   * @return 12 bytes: life cycle, tries of the user and of the administrator, 0, generation
   */
  public static byte[] encodeStatus(ElementStatus status) {
    return ByteBuffer.allocate(STATUS_LENGTH)
        .put((byte) status.lifeCycle().number())
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
    if (answer.length < STATUS_LENGTH) {
      throw new IllegalArgumentException("the status is malformed");
    }
    return new ElementStatus(
        LifeCycle.of(answer[0] & 0xFF),
        answer[1] & 0xFF,
        answer[2] & 0xFF,
        ByteBuffer.wrap(answer).getLong(4));
  }

  /**
   * Capabilities as bits.
   *
   * @param capabilities what an element can do
   * @return a bit for each
   */
  public static int capabilityBits(Set<Capability> capabilities) {
    int bits = 0;
    for (Capability capability : capabilities) {
      bits |= 1 << capability.bit();
    }
    return bits;
  }

  /**
   * Capabilities out of bits; unknown ones are passed over.
   *
   * @param bits as in the description or in an attestation
   * @return what the element can do
   */
  public static Set<Capability> capabilities(int bits) {
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    for (Capability capability : Capability.values()) {
      if ((bits >>> capability.bit() & 1) != 0) {
        capabilities.add(capability);
      }
    }
    return capabilities;
  }

  /**
   * The info of the HPKE context of HPKE EXPORT and HPKE OPEN, which a sender gives too; no secret
   * between elements has one like it.
   *
   * @param info the caller's
   * @return ASCII {@code Strongroom share} | 00 | info
   */
  public static byte[] hpkeInfo(Bytes info) {
    byte[] all = Arrays.copyOf(HPKE_INFO, HPKE_INFO.length + info.length());
    info.copyTo(all, HPKE_INFO.length);
    return all;
  }

  /**
   * The info of the HPKE context of RECEIVE, which a sender gives too; no other command of an
   * element has one like it.
   *
   * @param id what is received
   * @param info the caller's
   * @return ASCII {@code Strongroom receive} | 00 | sender | counter | id | info
   */
  public static byte[] receiveInfo(ReceiveId id, Bytes info) {
    byte[] all = new byte[RECEIVE_INFO.length + ReceiveId.LENGTH + info.length()];
    System.arraycopy(RECEIVE_INFO, 0, all, 0, RECEIVE_INFO.length);
    id.encode().copyTo(all, RECEIVE_INFO.length);
    info.copyTo(all, RECEIVE_INFO.length + ReceiveId.LENGTH);
    return all;
  }

  private static int u16(Bytes value, int at) {
    return (value.at(at) & 0xFF) << 8 | (value.at(at + 1) & 0xFF);
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
