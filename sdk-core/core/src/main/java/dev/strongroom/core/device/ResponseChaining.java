// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.transport.FrameException;
import java.util.Arrays;

/**
 * Fetches long answers with GET RESPONSE (61xx) and repeats a command whose Le the element corrects
 * (6Cxx), ISO/IEC 7816-4:2020, 5.3.4 and 5.6.
 *
 * <p>Thread safety: confined, as every {@link ApduLayer}.
 */
final class ResponseChaining implements ApduLayer {

  private final ApduLayer next;

  ResponseChaining(ApduLayer next) {
    this.next = next;
  }

  @Override
  public ResponseApdu transmit(CommandApdu command) throws StrongroomException {
    ResponseApdu response = next.transmit(command);
    if (response.status().isWrongLe()) {
      byte[] data = command.data();
      try (CommandApdu repeated =
          CommandApdu.of(
              command.cla(),
              command.ins(),
              command.p1(),
              command.p2(),
              data,
              shortLength(response.status()))) {
        response.close();
        response = next.transmit(repeated);
      } finally {
        Arrays.fill(data, (byte) 0);
      }
    }
    return response.status().isMoreData() ? fetch(command, response) : response;
  }

  private ResponseApdu fetch(CommandApdu command, ResponseApdu first) throws StrongroomException {
    byte[] collected = new byte[0];
    ResponseApdu part = first;
    try {
      while (true) {
        byte[] longer = append(collected, part);
        Arrays.fill(collected, (byte) 0);
        collected = longer;
        StatusWord status = part.status();
        part.close();
        if (!status.isMoreData()) {
          return ResponseApdu.of(collected, status);
        }
        int cla = LogicalChannel.interindustry(command.cla());
        try (CommandApdu more =
            CommandApdu.of(cla, ElementProtocol.INS_GET_RESPONSE, 0, 0, shortLength(status))) {
          part = next.transmit(more);
        }
        if (part.dataLength() == 0 && part.status().isMoreData()) {
          throw new FrameException("GET RESPONSE announces more and gives nothing");
        }
      }
    } finally {
      part.close();
      Arrays.fill(collected, (byte) 0);
    }
  }

  private static byte[] append(byte[] collected, ResponseApdu part) throws FrameException {
    if (collected.length + part.dataLength() > CommandApdu.MAX_EXTENDED_RESPONSE) {
      throw new FrameException("a chained answer is longer than 65536 bytes");
    }
    byte[] data = part.data();
    byte[] all = Arrays.copyOf(collected, collected.length + data.length);
    System.arraycopy(data, 0, all, collected.length, data.length);
    Arrays.fill(data, (byte) 0);
    return all;
  }

  private static int shortLength(StatusWord status) {
    return status.sw2() == 0 ? CommandApdu.MAX_SHORT_RESPONSE : status.sw2();
  }
}
