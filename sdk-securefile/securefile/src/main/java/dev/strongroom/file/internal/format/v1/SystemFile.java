// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The secure files that a volume has for itself: without a name, in no directory, each with a role
 * that its coded name tells. Their UIDs stand in the volume file; they are made when they are first
 * needed.
 *
 * <p>{@code docs/spec/secure-file-format.md}, section "System files".
 *
 * <p>Thread safety: immutable.
 */
public enum SystemFile {
  /** Which state of each file is the current one. */
  LEDGER(1, "ledger"),
  /** Whom files are sent to and received from. */
  CONTACTS(2, "contacts");

  private static final int CODED = 32;
  private static final Bytes LEDGER_NAME = coded(1);
  private static final Bytes CONTACTS_NAME = coded(2);

  private final int role;
  private final String host;

  SystemFile(int role, String host) {
    this.role = role;
    this.host = Names.FILES + "/" + host;
  }

  private static Bytes coded(int role) {
    byte[] name = new byte[CODED];
    name[CODED - 1] = (byte) role;
    return Bytes.copyOf(name);
  }

  /**
   * The role's number in the coded name.
   *
   * @return 1 to 255
   */
  public int role() {
    return role;
  }

  /**
   * The host file.
   *
   * @return relative to the volume
   */
  public String host() {
    return host;
  }

  /**
   * The coded name: 31 zero bytes and the role.
   *
   * @return 32 bytes
   */
  public Bytes coded() {
    return this == LEDGER ? LEDGER_NAME : CONTACTS_NAME;
  }

  /**
   * The system file with a coded name.
   *
   * @param coded 32 bytes
   * @return the file, or null if the coded name is none of theirs
   */
  public static @Nullable SystemFile of(Bytes coded) {
    for (SystemFile each : values()) {
      if (each.coded().equals(coded)) {
        return each;
      }
    }
    return null;
  }

  /**
   * The system file that a host file belongs to.
   *
   * @param host relative to the volume
   * @return the file, or null if it is none of theirs
   */
  public static @Nullable SystemFile ofHost(String host) {
    for (SystemFile each : values()) {
      if (each.host.equals(host)) {
        return each;
      }
    }
    return null;
  }
}
