// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.IdentitySignature;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Which log it is, and whose.
 *
 * <p>Thread safety: immutable.
 *
 * @param logId drawn at random when the log is begun, {@value #ID_LENGTH} bytes
 * @param serialNumber of the element that has the chain key, 16 bytes
 */
public record AuditOrigin(Bytes logId, Bytes serialNumber) {

  /** Length of a log's id in bytes. */
  public static final int ID_LENGTH = 16;

  private static final byte[] LABEL = "Strongroom audit log\0".getBytes(StandardCharsets.US_ASCII);

  /**
   * Checks the lengths.
   *
   * @param logId as above
   * @param serialNumber as above
   */
  public AuditOrigin {
    if (logId.length() != ID_LENGTH || serialNumber.length() != ID_LENGTH) {
      throw new IllegalArgumentException("a log has an id and a serial number of 16 bytes");
    }
  }

  /**
   * What the first entry has for the MAC of the one before.
   *
   * @return 32 bytes
   */
  Bytes beforeFirst() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(LABEL);
    out.writeBytes(logId.toByteArray());
    out.writeBytes(serialNumber.toByteArray());
    return IdentitySignature.digest(out.toByteArray());
  }
}
