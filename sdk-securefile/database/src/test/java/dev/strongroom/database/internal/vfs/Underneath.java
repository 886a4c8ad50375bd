// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

/** What goes wrong in a secure file while the driver works, for tests that have no secure file. */
public final class Underneath {

  private Underneath() {}

  /** Something goes wrong. */
  public static void fails(Throwable failure) {
    LastFailure.record(failure);
  }
}
