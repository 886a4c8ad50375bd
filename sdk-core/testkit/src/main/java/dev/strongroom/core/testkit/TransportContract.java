// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.apdu.Atr;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.ResponseApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportException;
import dev.strongroom.core.transport.TransportLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every transport does, told by an element application behind it.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
@ExtendWith(ContractResults.class)
public abstract class TransportContract {

  private @Nullable Transport opened;

  /** For subclasses. */
  protected TransportContract() {}

  /**
   * Opens a transport to an element, which may be blank, and does not switch it on.
   *
   * @return the transport, closed by the contract
   * @throws Exception if that fails
   */
  protected abstract Transport openTransport() throws Exception;

  @BeforeEach
  void openIt() throws Exception {
    opened = openTransport();
  }

  @AfterEach
  void closeIt() {
    transport().close();
  }

  @Test
  void thereIsAnElement() {
    assertThat(transport().isPresent()).isTrue();
    assertThat(transport().name()).isNotBlank();
  }

  @Test
  void powerOnGivesTheSameAnswerToResetEveryTime() throws Exception {
    Atr first = transport().powerOn();
    assertThat(transport().powerOn()).isEqualTo(first);
    transport().powerOff();
    assertThat(transport().powerOn()).isEqualTo(first);
  }

  @Test
  void limitsAreAtLeastThoseOfShortApdus() throws Exception {
    transport().powerOn();
    assertThat(transport().limits().maxCommand())
        .isGreaterThanOrEqualTo(TransportLimits.SHORT.maxCommand());
    assertThat(transport().limits().maxResponse())
        .isGreaterThanOrEqualTo(TransportLimits.SHORT.maxResponse());
  }

  @Test
  void anElementThatIsOffAnswersNothing() throws Exception {
    transport().powerOn();
    transport().powerOff();
    assertThatThrownBy(() -> send(select())).isInstanceOf(TransportException.class);
  }

  @Test
  void powerOffTwiceIsPowerOff() throws Exception {
    transport().powerOn();
    transport().powerOff();
    transport().powerOff();
    transport().powerOn();
    assertThat(send(select()).status()).isEqualTo(StatusWord.SUCCESS);
  }

  @Test
  void selectAnswersTheDescription() throws Exception {
    transport().powerOn();
    ResponseApdu response = send(select());
    assertThat(response.status()).isEqualTo(StatusWord.SUCCESS);
    assertThat(ElementProtocol.parseInfo(response.data()).protocolMajor())
        .isEqualTo(ElementProtocol.MAJOR_VERSION);
  }

  @Test
  void theCommandIsNeitherChangedNorKept() throws Exception {
    transport().powerOn();
    byte[] command = select().encode();
    byte[] copy = command.clone();
    transport().transmit(command);
    assertThat(command).isEqualTo(copy);
  }

  @Test
  void aResetForgetsTheSelection() throws Exception {
    transport().powerOn();
    assertThat(send(select()).status()).isEqualTo(StatusWord.SUCCESS);
    transport().powerOn();
    assertThat(send(challenge(8)).status()).isEqualTo(StatusWord.INS_NOT_SUPPORTED);
  }

  @Test
  void everyLengthThatFitsComesWhole() throws Exception {
    transport().powerOn();
    send(select());
    int most = Math.min(ElementProtocol.MAX_RANDOM, transport().limits().maxResponse() - 2);
    for (int length : new int[] {1, 2, 16, 127, 128, 255, 256, 257, 1000, 4096, 7168}) {
      if (length <= most) {
        ResponseApdu response = send(challenge(length));
        assertThat(response.status()).as("%d bytes", length).isEqualTo(StatusWord.SUCCESS);
        assertThat(response.dataLength()).isEqualTo(length);
      }
    }
  }

  @Test
  void malformedCommandsAreAnsweredAndBreakNothing() throws Exception {
    transport().powerOn();
    send(select());
    byte[][] malformed = {
      {0x00, (byte) 0xCA, 0x01, 0x01, 0x05, 0x01},
      {0x00, 0x20, 0x00, (byte) 0x81, 0x04, 0x31, 0x32},
      {0x00, 0x00, 0x00, 0x00},
      {(byte) 0xFE, 0x00, 0x00, 0x00},
    };
    for (byte[] command : malformed) {
      ResponseApdu response = ResponseApdu.parse(transport().transmit(command));
      assertThat(response.status().isSuccess()).isFalse();
    }
    assertThat(send(challenge(8)).dataLength()).isEqualTo(8);
  }

  @Test
  void closingTwiceIsClosing() throws Exception {
    transport().powerOn();
    transport().close();
    transport().close();
    assertThatThrownBy(() -> send(select()))
        .isInstanceOfAny(TransportException.class, IllegalStateException.class);
  }

  private Transport transport() {
    Transport now = opened;
    if (now == null) {
      throw new IllegalStateException("no transport was opened");
    }
    return now;
  }

  private ResponseApdu send(CommandApdu command) throws TransportException {
    return ResponseApdu.parse(transport().transmit(command.encode()));
  }

  private static CommandApdu select() {
    return CommandApdu.of(
        ElementProtocol.CLA_ISO,
        ElementProtocol.INS_SELECT,
        0x04,
        0,
        ElementProtocol.AID.bytes().toByteArray(),
        CommandApdu.MAX_SHORT_RESPONSE);
  }

  private static CommandApdu challenge(int length) {
    return CommandApdu.of(ElementProtocol.CLA_ISO, ElementProtocol.INS_GET_CHALLENGE, 0, 0, length);
  }
}
