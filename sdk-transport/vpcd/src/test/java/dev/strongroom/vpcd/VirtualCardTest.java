// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.vpcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.transport.ElementRemovedException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportEvent;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The wire protocol, seen by a reader. The real reader is met in the tests of PC/SC. */
@Tag("jdk25")
class VirtualCardTest {

  private static final Atr ATR = Atr.parse("3B80800101");

  private ServerSocket reader;

  @BeforeEach
  void listen() throws Exception {
    reader = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    reader.setSoTimeout(20_000);
  }

  @AfterEach
  void stop() throws Exception {
    reader.close();
  }

  /** Every program could send PINs to it in clear, and would get keys in clear. */
  @Test
  void anElementThatDoesNotInsistOnItsSecureChannelIsNotShown() throws Exception {
    try (SimulatedElement element = SimulatedElement.inMemory(SimulatedElementOptions.cheap())) {
      for (Transport inProcess : new Transport[] {element, element.byApdu()}) {
        assertThatThrownBy(() -> VirtualCard.insert(inProcess, VirtualCard.DEFAULT_READER).close())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("exposed");
      }
    }
  }

  @Test
  @SuppressWarnings("try") // closing it is what is looked at
  void theReaderMeetsAnElement() throws Exception {
    SimulatedElement element = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    Atr atr = element.powerOn();
    String select =
        "00a404000c" + HexFormat.of().formatHex(ElementProtocol.AID.bytes().toByteArray()) + "00";
    try (VirtualCard card = VirtualCard.insert(element.exposed(), address());
        Slot slot = accept()) {
      assertThat(card.isInserted()).isFalse();
      assertThat(slot.ask("04")).isEqualTo(atr.toString());
      assertThat(card.awaitInserted(Duration.ofSeconds(20))).isTrue();
      slot.send("01");
      assertThat(slot.ask(select)).startsWith("6f").endsWith("9000");
      assertThat(slot.ask("0084000008")).hasSize(20).endsWith("9000");
      // A reset, and loss of power, forget the selection.
      slot.send("02");
      assertThat(slot.ask("0084000008")).isEqualTo("6d00");
      assertThat(slot.ask(select)).endsWith("9000");
      slot.send("00");
      slot.send("01");
      assertThat(slot.ask("0084000008")).isEqualTo("6d00");
      // The Answer to Reset is asked for again and again, and disturbs nothing.
      assertThat(slot.ask(select)).endsWith("9000");
      assertThat(slot.ask("04")).isEqualTo(atr.toString());
      assertThat(slot.ask("0084000008")).endsWith("9000");
      card.close();
      assertThat(card.isInserted()).isFalse();
      assertThat(slot.isClosed()).isTrue();
    }
  }

  @Test
  void theLongestFramesPassAndLongerAnswersTakeTheCardOut() throws Exception {
    int[] length = {0xFFFF};
    Card inside = new Card(command -> new byte[length[0]]);
    try (VirtualCard card = VirtualCard.insert(inside, address())) {
      try (Slot slot = accept()) {
        slot.send("01");
        assertThat(slot.ask("80".repeat(0xFFFF))).hasSize(2 * 0xFFFF);
        assertThat(inside.commands).containsExactly("80".repeat(0xFFFF));
        length[0] = 0x10000;
        slot.send("80100000");
        assertThat(slot.isClosed()).isTrue();
      }
      // An empty answer would stop the reader's whole service.
      for (int refused : new int[] {0, 1}) {
        length[0] = refused;
        try (Slot slot = accept()) {
          slot.send("01");
          slot.send("80100000");
          assertThat(slot.isClosed()).isTrue();
        }
      }
      assertThat(card.isInserted()).isFalse();
      assertThat(inside.commands).hasSize(4);
    }
  }

  @Test
  void anApduThatTheElementDoesNotAnswerTakesTheCardOutAndItComesBack() throws Exception {
    Card inside =
        new Card(
            command -> {
              if (command[1] == 0x18) {
                throw new ElementRemovedException("inside");
              }
              if (command[1] == 0x19) {
                throw new IllegalStateException("inside");
              }
              return new byte[] {(byte) 0x90, 0x00};
            });
    try (VirtualCard card = VirtualCard.insert(inside, address())) {
      for (String fatal : List.of("80180000", "80190000")) {
        try (Slot slot = accept()) {
          slot.send("01");
          assertThat(slot.ask("80100000")).isEqualTo("9000");
          slot.send(fatal);
          assertThat(slot.isClosed()).isTrue();
        }
      }
      try (Slot slot = accept()) {
        assertThat(slot.ask("04")).isEqualTo(ATR.toString());
      }
      assertThat(card.toString()).contains("inside");
      assertThat(inside.commands).containsExactly("80100000", "80180000", "80100000", "80190000");
    }
  }

  @Test
  void anElementThatLeavesTakesTheCardOutUntilItIsBack() throws Exception {
    SimulatedElement element = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    try (VirtualCard card = VirtualCard.insert(element.exposed(), address())) {
      try (Slot slot = accept()) {
        assertThat(slot.ask("04")).startsWith("3b");
        assertThat(card.awaitInserted(Duration.ofSeconds(20))).isTrue();
        element.pull();
        assertThat(slot.isClosed()).isTrue();
        assertThat(card.isInserted()).isFalse();
      }
      element.insert();
      try (Slot slot = accept()) {
        assertThat(slot.ask("04")).startsWith("3b");
      }
    }
  }

  @Test
  void aReaderThatGoesIsFoundAgain() throws Exception {
    Card inside = new Card(command -> new byte[] {(byte) 0x90, 0x00});
    InetSocketAddress address = address();
    reader.close();
    try (VirtualCard card = VirtualCard.insert(inside, address)) {
      assertThat(card.awaitInserted(Duration.ofMillis(300))).isFalse();
      for (int start = 0; start < 2; start++) {
        reader = new ServerSocket();
        reader.setReuseAddress(true);
        reader.setSoTimeout(20_000);
        reader.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()));
        try (Slot slot = accept()) {
          assertThat(slot.ask("04")).isEqualTo(ATR.toString());
          assertThat(card.awaitInserted(Duration.ofSeconds(20))).isTrue();
        }
        reader.close();
      }
    }
  }

  @Test
  void unknownControlsAreNotAnsweredAndEmptyFramesEndTheConnection() throws Exception {
    Card inside = new Card(command -> new byte[] {(byte) 0x90, 0x00});
    try (VirtualCard card = VirtualCard.insert(inside, address())) {
      try (Slot slot = accept()) {
        slot.send("03");
        slot.send("ff");
        slot.send("01");
        assertThat(slot.ask("80100000")).isEqualTo("9000");
        slot.send("");
        assertThat(slot.isClosed()).isTrue();
      }
      assertThat(card.isInserted()).isFalse();
    }
  }

  @Test
  void aClosedCardStaysOut() throws Exception {
    Card inside = new Card(command -> new byte[] {(byte) 0x90, 0x00});
    VirtualCard card = VirtualCard.insert(inside, address());
    try (Slot slot = accept()) {
      card.close();
      card.close();
      assertThat(slot.isClosed()).isTrue();
    }
    assertThat(card.awaitInserted(Duration.ofSeconds(20))).isFalse();
    reader.setSoTimeout(500);
    assertThatThrownBy(this::accept).isInstanceOf(java.net.SocketTimeoutException.class);
    assertThat(inside.on).isFalse();
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), reader.getLocalPort());
  }

  private Slot accept() throws IOException {
    return new Slot(reader.accept());
  }

  /** The reader's end of a connection. */
  private static final class Slot implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    Slot(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
      this.out = new DataOutputStream(socket.getOutputStream());
      socket.setSoTimeout(20_000);
    }

    void send(String frame) throws IOException {
      byte[] content = HexFormat.of().parseHex(frame);
      byte[] whole = new byte[content.length + 2];
      whole[0] = (byte) (content.length >>> 8);
      whole[1] = (byte) content.length;
      System.arraycopy(content, 0, whole, 2, content.length);
      out.write(whole);
    }

    String ask(String frame) throws IOException {
      send(frame);
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      return HexFormat.of().formatHex(answer);
    }

    boolean isClosed() throws IOException {
      try {
        in.readUnsignedShort();
        return false;
      } catch (EOFException | SocketException e) {
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private interface Answers {
    byte[] to(byte[] command) throws TransportException;
  }

  /** An element that does what a test says. */
  private static final class Card implements Transport {

    private final Answers answers;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile boolean on;

    Card(Answers answers) {
      this.answers = answers;
    }

    @Override
    public Atr powerOn() {
      on = true;
      return ATR;
    }

    @Override
    public byte[] transmit(byte[] command) throws TransportException {
      commands.add(HexFormat.of().formatHex(command));
      return answers.to(command);
    }

    @Override
    public void powerOff() {
      on = false;
    }

    @Override
    public TransportLimits limits() {
      return TransportLimits.EXTENDED;
    }

    @Override
    public LostAnswer lostAnswer() {
      return LostAnswer.MAY_BE_EXECUTED;
    }

    @Override
    public boolean leavesProcess() {
      return true;
    }

    @Override
    public boolean isPresent() {
      return true;
    }

    @Override
    public void listen(Consumer<TransportEvent> listener) {
      // It never leaves.
    }

    @Override
    public String name() {
      return "inside";
    }

    @Override
    public void close() {
      on = false;
    }
  }
}
