// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.identity;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.P256;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What roots or an administrator say about an element, without their signatures.
 *
 * <p>Layout: version u8 = 1 | role u8 | element class u16 | serial number 16 | signing key 65 |
 * agreement key 65 | version of the trust anchor u32 | number of groups u16 | ids of groups 16
 * each.
 *
 * <p>Thread safety: immutable.
 *
 * @param role what its owner may do
 * @param elementClass how well it keeps secrets
 * @param serialNumber 16 bytes
 * @param signingKey a point of P-256
 * @param agreementKey a point of P-256
 * @param anchorVersion of the trust anchor under which it was made; an unsigned 32-bit number
 * @param groups ids of 16 bytes, at most {@value #MAX_GROUPS}
 */
public record Certification(
    CertifiedRole role,
    ElementClass elementClass,
    Bytes serialNumber,
    Bytes signingKey,
    Bytes agreementKey,
    int anchorVersion,
    List<Bytes> groups) {

  /** Most groups. */
  public static final int MAX_GROUPS = 64;

  /** Length of a group's id in bytes. */
  public static final int GROUP_ID_LENGTH = 16;

  private static final int VERSION = 1;
  private static final int SERIAL_NUMBER_LENGTH = 16;
  private static final int FIXED_LENGTH = 156;

  /**
   * Checks lengths and keys.
   *
   * @param role as above
   * @param elementClass as above
   * @param serialNumber as above
   * @param signingKey as above
   * @param agreementKey as above
   * @param anchorVersion as above
   * @param groups as above
   */
  public Certification {
    groups = List.copyOf(groups);
    if (serialNumber.length() != SERIAL_NUMBER_LENGTH) {
      throw new IllegalArgumentException(
          "a serial number has 16 bytes, not " + serialNumber.length());
    }
    P256.requirePublicKey(signingKey);
    P256.requirePublicKey(agreementKey);
    if (groups.size() > MAX_GROUPS) {
      throw new IllegalArgumentException("at most 64 groups, not " + groups.size());
    }
    for (Bytes group : groups) {
      if (group.length() != GROUP_ID_LENGTH) {
        throw new IllegalArgumentException("a group's id has 16 bytes, not " + group.length());
      }
    }
  }

  /**
   * Writes what is signed.
   *
   * @return 156 bytes, and 16 for each group
   */
  public Bytes encode() {
    ByteBuffer out = ByteBuffer.allocate(FIXED_LENGTH + groups.size() * GROUP_ID_LENGTH);
    out.put((byte) VERSION).put((byte) role.number()).putShort((short) elementClass.number());
    out.put(serialNumber.toByteArray());
    out.put(signingKey.toByteArray()).put(agreementKey.toByteArray());
    out.putInt(anchorVersion).putShort((short) groups.size());
    groups.forEach(group -> out.put(group.toByteArray()));
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads a certification.
   *
   * @param encoded the certification without signatures
   * @return the certification
   * @throws IllegalArgumentException if it is malformed or a key is no point of the curve
   */
  public static Certification parse(Bytes encoded) {
    FieldReader in = new FieldReader("certification", encoded);
    Certification certification = read(in);
    in.end();
    return certification;
  }

  static Certification read(FieldReader in) {
    int version = in.u8();
    if (version != VERSION) {
      throw in.malformed("version " + version);
    }
    CertifiedRole role = CertifiedRole.of(in.u8());
    ElementClass elementClass = new ElementClass(in.u16());
    Bytes serialNumber = in.bytes(SERIAL_NUMBER_LENGTH);
    Bytes signingKey = in.bytes(P256.PUBLIC_KEY_LENGTH);
    Bytes agreementKey = in.bytes(P256.PUBLIC_KEY_LENGTH);
    int anchorVersion = in.u32();
    int count = in.u16();
    if (count > MAX_GROUPS) {
      throw in.malformed(count + " groups, at most 64");
    }
    List<Bytes> groups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      groups.add(in.bytes(GROUP_ID_LENGTH));
    }
    return new Certification(
        role, elementClass, serialNumber, signingKey, agreementKey, anchorVersion, groups);
  }
}
