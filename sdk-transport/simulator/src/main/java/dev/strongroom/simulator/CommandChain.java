// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.channel.ScpSession;
import dev.strongroom.core.device.ElementProtocol;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A command that comes in several parts (ISO/IEC 7816-4:2020, 5.3.3), as far as it has come.
 *
 * <p>Thread safety: confined.
 */
final class CommandChain {

  private static final byte[] NOTHING = {};

  private byte[] collected = NOTHING;
  private @Nullable CommandApdu first;

  /**
   * Takes the next command.
   *
   * @param cla what its class byte says
   * @param link the command; the caller closes it
   * @return the whole command on channel 0, which the caller closes, or null if more is to come
   */
  @Nullable CommandApdu add(ClassByte cla, CommandApdu link) throws Refusal {
    CommandApdu head = first;
    if (head != null && !continues(head, cla, link)) {
      forget();
      throw new Refusal(StatusWord.LAST_OF_CHAIN_EXPECTED);
    }
    int most = ElementProtocol.MAX_RANDOM + (cla.secured() ? ScpSession.MAX_OVERHEAD : 0);
    if (collected.length + link.dataLength() > most) {
      forget();
      throw new Refusal(StatusWord.WRONG_LENGTH);
    }
    if (head == null && !cla.chained()) {
      return link.withClass(cla.joined());
    }
    append(link);
    if (cla.chained()) {
      first = CommandApdu.of(cla.joined(), link.ins(), link.p1(), link.p2(), 0);
      return null;
    }
    CommandApdu whole =
        CommandApdu.of(cla.joined(), link.ins(), link.p1(), link.p2(), collected, link.expected());
    forget();
    return whole;
  }

  /** Zeroes what has come. */
  void forget() {
    Arrays.fill(collected, (byte) 0);
    collected = NOTHING;
    first = null;
  }

  private void append(CommandApdu link) {
    byte[] part = link.data();
    byte[] longer = Arrays.copyOf(collected, collected.length + part.length);
    System.arraycopy(part, 0, longer, collected.length, part.length);
    Arrays.fill(part, (byte) 0);
    Arrays.fill(collected, (byte) 0);
    collected = longer;
  }

  private static boolean continues(CommandApdu head, ClassByte cla, CommandApdu link) {
    return head.cla() == cla.joined()
        && head.ins() == link.ins()
        && head.p1() == link.p1()
        && head.p2() == link.p2();
  }
}
