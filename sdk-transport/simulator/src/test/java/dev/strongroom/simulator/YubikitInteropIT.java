// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.yubico.yubikit.core.Transport;
import com.yubico.yubikit.core.Version;
import com.yubico.yubikit.core.application.BadResponseException;
import com.yubico.yubikit.core.smartcard.Apdu;
import com.yubico.yubikit.core.smartcard.ApduException;
import com.yubico.yubikit.core.smartcard.SmartCardConnection;
import com.yubico.yubikit.core.smartcard.SmartCardProtocol;
import com.yubico.yubikit.core.smartcard.scp.KeyRef;
import com.yubico.yubikit.core.smartcard.scp.Scp11KeyParams;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.channel.Scp11b;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementStatus;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Yubico's host library opens SCP11b against the exposed element and runs commands through it. */
@Tag("jdk25")
class YubikitInteropIT {

  /** What the library believes of the way to the card. */
  enum Length {
    SHORT,
    EXTENDED
  }

  private static final KeyRef SCP11B = new KeyRef((byte) Scp11b.KEY_ID, (byte) Scp11b.KEY_VERSION);

  /** The first of those whose library form takes 3 KB in a command. */
  private static final Version FIRMWARE = new Version(5, 7, 2);

  private static final byte[] VOLUME =
      Bytes.parse("404142434445464748494a4b4c4d4e4f").toByteArray();
  private static final byte[] ITEM =
      Bytes.parse("00505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f00000001")
          .toByteArray();

  private final SimulatedElement element =
      SimulatedElement.inMemory(SimulatedElementOptions.cheap());

  /** The library asks the platform for AES-CMAC, which only this provider has. */
  @BeforeAll
  static void addProvider() {
    Security.addProvider(new BouncyCastleProvider());
  }

  @AfterAll
  static void removeProvider() {
    Security.removeProvider(BouncyCastleProvider.PROVIDER_NAME);
  }

  private SmartCardProtocol connect(Length length) throws Exception {
    Card card = new Card(element.exposed(), length);
    SmartCardProtocol protocol = new SmartCardProtocol(card);
    protocol.configure(FIRMWARE);
    byte[] description = protocol.select(ElementProtocol.AID.bytes().toByteArray());
    assertThat(ElementProtocol.parseInfo(description).protocolMajor()).isEqualTo(1);
    return protocol;
  }

  private static SmartCardProtocol secured(SmartCardProtocol protocol) throws Exception {
    byte[] certificate = protocol.sendAndReceive(new Apdu(0x80, 0xCA, 0xBF, 0x21, null));
    protocol.initScp(
        new Scp11KeyParams(SCP11B, platformKey(ChannelCertificate.parse(certificate).key())));
    return protocol;
  }

  @ParameterizedTest
  @EnumSource(Length.class)
  void itRunsCommandsThroughTheChannel(Length length) throws Exception {
    try (SmartCardProtocol host = secured(connect(length))) {
      assertThat(status(host).initialized()).isFalse();
      host.sendAndReceive(new Apdu(0x80, 0x02, 0, 0, pins("1234", "12345678")));
      assertThat(status(host).initialized()).isTrue();
      assertThatThrownBy(() -> host.sendAndReceive(verify("4321")))
          .isInstanceOfSatisfying(
              ApduException.class, e -> assertThat(e.getSw()).isEqualTo((short) 0x63C4));
      assertThatThrownBy(() -> host.sendAndReceive(grub(1)))
          .isInstanceOfSatisfying(
              ApduException.class, e -> assertThat(e.getSw()).isEqualTo((short) 0x6982));
      host.sendAndReceive(verify("1234"));
      byte[] one = host.sendAndReceive(grub(1));
      byte[] all = host.sendAndReceive(grub(64));
      assertThat(one).hasSize(112);
      assertThat(all).hasSize(64 * 112);
      for (int at = 0; at < all.length; at += 112) {
        assertThat(Arrays.copyOfRange(all, at, at + 80)).isEqualTo(Arrays.copyOf(one, 80));
      }
      for (int count : new int[] {1, 15, 16, 256, 7168}) {
        byte[] asked = ByteBuffer.allocate(2).putShort((short) count).array();
        assertThat(host.sendAndReceive(new Apdu(0x00, 0x84, 0, 0, asked))).hasSize(count);
      }
      host.sendAndReceive(new Apdu(0x00, 0x20, 0xFF, 0x81, null));
      assertThatThrownBy(() -> host.sendAndReceive(grub(1)))
          .isInstanceOfSatisfying(
              ApduException.class, e -> assertThat(e.getSw()).isEqualTo((short) 0x6982));
    }
  }

  @ParameterizedTest
  @EnumSource(Length.class)
  void withoutTheChannelItIsRefused(Length length) throws Exception {
    try (SmartCardProtocol host = connect(length)) {
      assertThatThrownBy(
              () -> host.sendAndReceive(new Apdu(0x80, 0x02, 0, 0, pins("1234", "12345678"))))
          .isInstanceOfSatisfying(
              ApduException.class, e -> assertThat(e.getSw()).isEqualTo((short) 0x6982));
      assertThat(status(host).initialized()).isFalse();
    }
  }

  @Test
  void anElementWithAnotherKeyIsNotBelieved() throws Exception {
    try (SmartCardProtocol host = connect(Length.EXTENDED)) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      PublicKey other = generator.generateKeyPair().getPublic();
      assertThatThrownBy(() -> host.initScp(new Scp11KeyParams(SCP11B, other)))
          .isInstanceOf(BadResponseException.class);
    }
  }

  private static ElementStatus status(SmartCardProtocol host) throws Exception {
    return ElementProtocol.parseStatus(host.sendAndReceive(new Apdu(0x00, 0xCA, 0x01, 0x01, null)));
  }

  private static Apdu verify(String pin) {
    return new Apdu(0x00, 0x20, 0, 0x81, pin.getBytes(StandardCharsets.US_ASCII));
  }

  private static Apdu grub(int items) {
    ByteBuffer data = ByteBuffer.allocate(VOLUME.length + items * ITEM.length).put(VOLUME);
    for (int i = 0; i < items; i++) {
      data.put(ITEM);
    }
    return new Apdu(0x80, 0x10, 0, 0, data.array());
  }

  private static byte[] pins(String user, String administrator) {
    return ByteBuffer.allocate(2 + user.length() + administrator.length())
        .put((byte) user.length())
        .put(user.getBytes(StandardCharsets.US_ASCII))
        .put((byte) administrator.length())
        .put(administrator.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private static PublicKey platformKey(ChannelKey key) throws Exception {
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    byte[] point = key.point().toByteArray();
    ECPoint w = new ECPoint(new BigInteger(1, point, 1, 32), new BigInteger(1, point, 33, 32));
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(w, curve.getParameterSpec(ECParameterSpec.class)));
  }

  /** The element as the library wants to see a card. */
  private static final class Card implements SmartCardConnection {

    private final dev.strongroom.core.transport.Transport transport;
    private final Length length;
    private final byte[] atr;

    Card(dev.strongroom.core.transport.Transport transport, Length length) throws IOException {
      this.transport = transport;
      this.length = length;
      this.atr = transport.powerOn().bytes().toByteArray();
    }

    @Override
    public byte[] sendAndReceive(byte[] apdu) throws IOException {
      return transport.transmit(apdu);
    }

    @Override
    public Transport getTransport() {
      return Transport.USB;
    }

    @Override
    public boolean isExtendedLengthApduSupported() {
      return length == Length.EXTENDED;
    }

    @Override
    public byte[] getAtr() {
      return atr.clone();
    }

    @Override
    public void close() {
      transport.close();
    }
  }
}
