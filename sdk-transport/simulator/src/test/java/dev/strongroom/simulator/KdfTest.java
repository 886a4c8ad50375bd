// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Kdf;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.KDFCounterBytesGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KDFCounterParameters;
import org.junit.jupiter.api.Test;

class KdfTest {

  @Test
  void subkeysOfTheStateKeyAreThoseOfTheSpecification() {
    byte[] stateKey = new byte[32];
    for (int i = 0; i < 32; i++) {
      stateKey[i] = (byte) i;
    }
    assertThat(Bytes.copyOf(SealedState.macKey(stateKey)))
        .hasToString("4c1c8bb37331e7af5870d92650e528ad995d50c22b29b90244ce860bf48cce76");
    assertThat(Bytes.copyOf(Kdf.current().under(stateKey).derive("ElementSeal")))
        .hasToString("797e49d8ac12da0bbfe52afd59c7e80f84d82448a6ac24463e1c3e6bb60d7c6e");
  }

  @Test
  void whatAnElementAnswersIsDerivedFromItsMasterKeys() throws Exception {
    byte[] content = Stored.initialized();
    byte[][] master = masterKeys(content, Role.USER, Stored.USER_PIN);
    byte[] ids = new byte[48];
    Stored.VOLUME.copyTo(ids, 0);
    Stored.UID.copyTo(ids, 16);
    Stored.RND.copyTo(ids, 32);
    GrubRequest file = GrubRequest.existing(Stored.UID, Stored.RND, 3);
    try (SecureElement element = Stored.open(content);
        ElementSession session = element.login(Stored.pin(Stored.USER_PIN));
        Grub grub = session.grub(Stored.VOLUME, List.of(file)).get(0)) {
      assertThat(clear(grub.enc())).isEqualTo(independent(master[0], "EncGrub", 0, ids, 3, -1));
      assertThat(clear(grub.sig())).isEqualTo(independent(master[1], "SigGrub", 0, ids, 3, -1));
      List<SecretBytes> pages = session.pageGrub(Stored.VOLUME, file, 9, 2);
      assertThat(clear(pages.get(0))).isEqualTo(independent(master[0], "EncGrub", 1, ids, 3, 9));
      assertThat(clear(pages.get(1))).isEqualTo(independent(master[0], "EncGrub", 1, ids, 3, 10));
    }
  }

  @Test
  void noSecretStandsInTheStore() throws Exception {
    MemoryElementStore store = MemoryElementStore.of(Stored.initialized());
    byte[] newPin = "another good PIN".getBytes(StandardCharsets.UTF_8);
    try (SecureElement element = Stored.open(store)) {
      element.login(Stored.pin(Stored.USER_PIN)).close();
      element.changePin(Role.USER, Stored.pin(Stored.USER_PIN), SecretBytes.copyOf(newPin));
    }
    byte[] content = store.content();
    byte[][] master = masterKeys(content, Role.ADMINISTRATOR, Stored.ADMINISTRATOR_PIN);
    List<byte[]> secrets =
        List.of(
            Stored.USER_PIN.getBytes(StandardCharsets.UTF_8),
            Stored.ADMINISTRATOR_PIN.getBytes(StandardCharsets.UTF_8),
            newPin,
            master[0],
            master[1],
            master[2]);
    for (byte[] secret : secrets) {
      assertThat(Stored.contains(content, secret)).isFalse();
      assertThat(Stored.contains(content, java.util.Arrays.copyOf(secret, 8))).isFalse();
    }
    // The oracle finds what is there.
    assertThat(Stored.contains(content, Stored.image(content).serialNumber().toByteArray()))
        .isTrue();
  }

  /** EncDBKey, SigDBKey and the state key, read as nobody without the PIN could. */
  private static byte[][] masterKeys(byte[] content, Role role, String pin) throws Exception {
    ElementImage image = Stored.image(content);
    PinSlot slot = image.slot(role);
    if (slot == null) {
      throw new AssertionError("no slot");
    }
    byte[] stateKey =
        slot.unwrap(
            role,
            image.serialNumber(),
            Stored.pin(pin),
            SecretBytes.copyOf(image.device().toByteArray(), 0, 32));
    if (stateKey == null) {
      throw new AssertionError("wrong PIN");
    }
    try (SealedState state = SealedState.open(image.sealed(), stateKey, image.serialNumber());
        MasterKeys keys = state.masterKeys()) {
      if (keys == null) {
        throw new AssertionError("no master keys");
      }
      byte[] both = keys.encode();
      return new byte[][] {Arrays.copyOf(both, 32), Arrays.copyOfRange(both, 32, 64), stateKey};
    }
  }

  private static byte[] independent(
      byte[] master, String label, int scope, byte[] ids, int epoch, long page) {
    byte[] suffix =
        ByteBuffer.allocate(84)
            .put(label.getBytes(StandardCharsets.US_ASCII))
            .position(16)
            .put((byte) 1)
            .put((byte) scope)
            .putShort((short) 0)
            .put(ids)
            .putInt(epoch)
            .putLong(page)
            .putInt(256)
            .array();
    KDFCounterBytesGenerator generator = new KDFCounterBytesGenerator(new HMac(new SHA256Digest()));
    generator.init(new KDFCounterParameters(master, suffix, 32));
    byte[] key = new byte[32];
    generator.generateBytes(key, 0, 32);
    return key;
  }

  private static byte[] clear(SecretBytes secret) {
    return secret.use(byte[]::clone);
  }
}
