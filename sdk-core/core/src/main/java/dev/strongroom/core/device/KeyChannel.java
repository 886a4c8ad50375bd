// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;

/**
 * Sends the commands of the key store on the channel of a login.
 *
 * <p>Thread safety: thread-safe.
 */
interface KeyChannel {

  /** Commands with none of others in between. */
  interface Exchange {
    void run() throws StrongroomException;
  }

  /**
   * Sends a command.
   *
   * @param command closed here
   * @param role whose PIN it carries, for the error
   */
  byte[] send(CommandApdu command, Role role) throws StrongroomException;

  /** Runs an exchange with the channel kept from other threads. */
  void alone(Exchange exchange) throws StrongroomException;

  /** Sends a command without a PIN; its data are zeroed. */
  default byte[] send(int ins, int p1, int p2, byte[] data, int expected)
      throws StrongroomException {
    return send(SecretData.command(ins, p1, p2, data, expected), Role.USER);
  }
}
