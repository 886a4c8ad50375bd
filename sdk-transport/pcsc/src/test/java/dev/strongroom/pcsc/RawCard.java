// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.Atr;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A card in a virtual reader that may do what no card should: answer nothing, too much, late, or
 * leave. It keeps the APDUs that have reached it.
 */
final class RawCard implements AutoCloseable {

  /** What a card answers to an APDU; null means that it is pulled out under it. */
  interface Behaviour {
    byte @Nullable [] answer(byte[] command) throws Exception;
  }

  /** T=1 with command chaining and extended length. */
  static final Atr EXTENDED = Atr.parse("3B85800180738000C0B7");

  /** T=1 without card capabilities. */
  static final Atr PLAIN = Atr.parse("3B80800101");

  private static final int KEPT = 1_000;

  private static final byte[] SUCCESS = {(byte) 0x90, 0x00};

  private final int reader;
  private final Atr atr;
  private final Behaviour behaviour;
  private final List<Bytes> commands = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile @Nullable Socket socket;
  private volatile boolean pulled;
  private final AtomicLong count = new AtomicLong();

  private RawCard(int reader, Atr atr, Behaviour behaviour) {
    this.reader = reader;
    this.atr = atr;
    this.behaviour = behaviour;
    this.thread = new Thread(this::serve, "raw card");
    thread.setDaemon(true);
  }

  /** Puts a card in; it puts itself in again when it has been pulled out under a command. */
  static RawCard insert(int reader, Atr atr, Behaviour behaviour) throws Exception {
    PcscStack.start();
    RawCard card = new RawCard(reader, atr, behaviour);
    card.thread.start();
    return card;
  }

  /** Puts a card in and waits until it is seen. */
  static RawCard inserted(int reader, Atr atr, Behaviour behaviour) throws Exception {
    RawCard card = insert(reader, atr, behaviour);
    Eventually.holds(() -> SmartCardService.get().hasCard(PcscStack.READERS.get(reader)));
    return card;
  }

  /** A card that answers 9000 to everything. */
  static RawCard inserted(int reader) throws Exception {
    return inserted(reader, EXTENDED, command -> SUCCESS);
  }

  /** The APDUs that have reached it, in order. */
  List<Bytes> commands() {
    return commands;
  }

  /** How many APDUs have reached it, of which only the first thousand are kept. */
  long count() {
    return count.get();
  }

  /** Pulls it out for good. */
  void pull() throws IOException {
    pulled = true;
    disconnect();
  }

  /** Pulls it out for good and waits until that is seen. */
  @Override
  public void close() {
    try {
      pull();
      thread.join(5_000);
      Eventually.holds(() -> !SmartCardService.get().hasCard(PcscStack.READERS.get(reader)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void disconnect() throws IOException {
    Socket open = socket;
    if (open != null) {
      open.close();
    }
  }

  private void serve() {
    while (!pulled) {
      try (Socket open = new Socket()) {
        open.connect(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), PcscStack.port(reader).getPort()));
        open.setTcpNoDelay(true);
        socket = open;
        serve(open);
      } catch (IOException e) {
        sleep();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  private void serve(Socket open) throws Exception {
    DataInputStream in = new DataInputStream(open.getInputStream());
    DataOutputStream out = new DataOutputStream(open.getOutputStream());
    while (!pulled) {
      acknowledgeAtOnce(open);
      byte[] frame = new byte[in.readUnsignedShort()];
      acknowledgeAtOnce(open);
      in.readFully(frame);
      byte[] answer;
      if (frame.length > 1) {
        if (count.incrementAndGet() <= KEPT) {
          commands.add(Bytes.copyOf(frame));
        }
        answer = behaviour.answer(frame);
        if (answer == null) {
          return;
        }
      } else if (frame[0] == 4) {
        answer = atr.bytes().toByteArray();
      } else {
        continue;
      }
      byte[] whole = new byte[answer.length + 2];
      whole[0] = (byte) (answer.length >>> 8);
      whole[1] = (byte) answer.length;
      System.arraycopy(answer, 0, whole, 2, answer.length);
      out.write(whole);
    }
  }

  /** By its name, because the tests do not read the module that has it. */
  @SuppressWarnings("unchecked")
  private static void acknowledgeAtOnce(Socket open) throws IOException {
    for (SocketOption<?> option : open.supportedOptions()) {
      if (option.name().equals("TCP_QUICKACK")) {
        open.setOption((SocketOption<Boolean>) option, true);
      }
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
