// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an element remembers of that which is received once: which counters of each sender are done,
 * and what has begun and is not done. {@code docs/spec/element-protocol.md}, 2.11.
 *
 * <p>Layout, big-endian: number of senders u8 | each: sender 16, highest u64, window u64 | number
 * of pending u8 | each a {@link ReceiveId}.
 *
 * <p>Thread safety: immutable.
 *
 * @param senders at most {@value #MAX_SENDERS}, in the order in which they came, each once
 * @param pending at most {@value #MAX_PENDING}, in the order in which they began, each of one of
 *     the senders
 */
public record ReceiveRegister(List<SenderWindow> senders, List<ReceiveId> pending) {

  /** Most senders. */
  public static final int MAX_SENDERS = 128;

  /** Most that has begun and is not done. */
  public static final int MAX_PENDING = 16;

  /** Nobody has sent anything. */
  public static final ReceiveRegister EMPTY = new ReceiveRegister(List.of(), List.of());

  private static final int SENDER_LENGTH = ReceiveId.SENDER_LENGTH + 2 * Long.BYTES;

  /**
   * Checks that the parts fit together.
   *
   * @param senders as above
   * @param pending as above
   */
  public ReceiveRegister {
    senders = List.copyOf(senders);
    pending = List.copyOf(pending);
    if (senders.size() > MAX_SENDERS || pending.size() > MAX_PENDING) {
      throw new IllegalArgumentException("a receive register with too many entries");
    }
    List<Bytes> names = senders.stream().map(SenderWindow::sender).toList();
    if (names.stream().distinct().count() != names.size()) {
      throw new IllegalArgumentException("a receive register with a sender twice");
    }
    for (int i = 0; i < pending.size(); i++) {
      ReceiveId one = pending.get(i);
      if (!names.contains(one.sender())
          || pending.subList(0, i).stream().anyMatch(other -> sameCounter(one, other))) {
        throw new IllegalArgumentException("a receive register with a wrong pending id");
      }
    }
  }

  /**
   * What is remembered of a sender.
   *
   * @param sender {@value ReceiveId#SENDER_LENGTH} bytes
   * @return its window, or empty if nothing came from it
   */
  public Optional<SenderWindow> sender(Bytes sender) {
    return senders.stream().filter(window -> window.sender().equals(sender)).findFirst();
  }

  /**
   * Whether something has begun and is not done.
   *
   * @param id its name
   * @return whether exactly this is pending
   */
  public boolean isPending(ReceiveId id) {
    return pending.contains(id);
  }

  /**
   * Whether it can be received no more: it is done, too old, or the sender gave its counter to
   * something else that is pending.
   *
   * @param id its name
   * @return whether an element would refuse it as received before
   */
  public boolean isTaken(ReceiveId id) {
    if (isPending(id)) {
      return false;
    }
    return pending.stream().anyMatch(other -> sameCounter(id, other))
        || sender(id.sender()).filter(window -> window.isDone(id.counter())).isPresent();
  }

  /**
   * What stands in the way of beginning something from a sender, in a register that has refused it.
   *
   * @param sender {@value ReceiveId#SENDER_LENGTH} bytes
   * @return senders if it is a new one and there are most of them, else what has begun
   */
  RegisterFullException.Part fullFor(Bytes sender) {
    return senders.size() == MAX_SENDERS && sender(sender).isEmpty()
        ? RegisterFullException.Part.SENDERS
        : RegisterFullException.Part.PENDING;
  }

  /**
   * Writes the register.
   *
   * @return as above
   */
  public Bytes encode() {
    ByteBuffer out =
        ByteBuffer.allocate(2 + senders.size() * SENDER_LENGTH + pending.size() * ReceiveId.LENGTH);
    out.put((byte) senders.size());
    for (SenderWindow window : senders) {
      out.put(window.sender().toByteArray()).putLong(window.highest()).putLong(window.window());
    }
    out.put((byte) pending.size());
    for (ReceiveId id : pending) {
      out.put(id.encode().toByteArray());
    }
    return Bytes.copyOf(out.array());
  }

  /**
   * Reads a register.
   *
   * @param encoded the register and nothing else
   * @return the register
   * @throws IllegalArgumentException if it is malformed
   */
  public static ReceiveRegister parse(Bytes encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    List<SenderWindow> senders = new ArrayList<>();
    for (int left = count(in, SENDER_LENGTH); left > 0; left--) {
      senders.add(new SenderWindow(take(in, ReceiveId.SENDER_LENGTH), in.getLong(), in.getLong()));
    }
    List<ReceiveId> pending = new ArrayList<>();
    for (int left = count(in, ReceiveId.LENGTH); left > 0; left--) {
      pending.add(ReceiveId.parse(take(in, ReceiveId.LENGTH)));
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("a receive register with bytes too many");
    }
    return new ReceiveRegister(senders, pending);
  }

  private static int count(ByteBuffer in, int length) {
    int count = in.hasRemaining() ? in.get() & 0xFF : -1;
    if (count < 0 || count * length > in.remaining()) {
      throw new IllegalArgumentException("a receive register that is cut short");
    }
    return count;
  }

  private static Bytes take(ByteBuffer in, int length) {
    byte[] part = new byte[length];
    in.get(part);
    return Bytes.copyOf(part);
  }

  private static boolean sameCounter(ReceiveId one, ReceiveId other) {
    return one.counter() == other.counter() && one.sender().equals(other.sender());
  }
}
