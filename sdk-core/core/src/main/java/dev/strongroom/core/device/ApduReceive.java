// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.HpkeSuite;

/**
 * The commands of the receive register as APDUs, {@code docs/spec/element-protocol.md}, 2.11.
 *
 * <p>Thread safety: as the sender.
 */
final class ApduReceive {

  private final ApduVersions.Sender sender;

  ApduReceive(ApduVersions.Sender sender) {
    this.sender = sender;
  }

  SecretBytes begin(
      HpkeSuite suite, ReceiveId id, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException {
    suite.requireEncLength(enc);
    ApduIdentity.requireExport(length);
    byte[] data =
        new SecretData()
            .bytes(Bytes.copyOf(new byte[] {(byte) suite.code()}))
            .bytes(id.encode())
            .bytes(enc)
            .counted(info)
            .counted(exporterContext)
            .bytes(Bytes.copyOf(new byte[] {0, (byte) length}))
            .take();
    try {
      return ApduIdentity.exported(
          sender.send(
              SecretData.command(
                  ElementProtocol.INS_RECEIVE, ElementProtocol.P1_RECEIVE_BEGIN, 0, data, length)),
          length);
    } catch (StatusWordException e) {
      throw e.status().equals(StatusWord.ALREADY_EXISTS) ? new AlreadyReceivedException(id) : e;
    }
  }

  void end(ReceiveId id) throws StrongroomException {
    try {
      sender.send(
          CommandApdu.of(
              ElementProtocol.CLA_PROPRIETARY,
              ElementProtocol.INS_RECEIVE,
              ElementProtocol.P1_RECEIVE_DONE,
              0,
              id.encode().toByteArray(),
              0));
    } catch (StatusWordException e) {
      throw e.status().equals(StatusWord.REFERENCE_NOT_FOUND)
          ? new ReceiveNotFoundException(id)
          : e;
    }
  }

  ReceiveRegister register() throws StrongroomException {
    byte[] answer =
        sender.send(
            CommandApdu.of(
                ElementProtocol.CLA_PROPRIETARY,
                ElementProtocol.INS_RECEIVE,
                ElementProtocol.P1_RECEIVE_READ,
                0,
                ElementProtocol.MAX_DATA));
    return ApduIdentity.parse(answer, "the receive register is malformed", ReceiveRegister::parse);
  }
}
