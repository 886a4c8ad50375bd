// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.KDFCounterBytesGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KDFCounterParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KdfTest {

  private static final Bytes VOLUME = ascending(0x40, 16);
  private static final Bytes UID = ascending(0x50, 16);
  private static final Bytes RND = ascending(0x60, 16);

  /** The table of docs/spec/element-protocol.md, section 4; a page of -1 stands for the file. */
  @ParameterizedTest
  @CsvSource({
    "EncGrub, 1, -1, f857eca71a5e59e81e2e21f4a8887fd641c74117b6c375e336642ba9e39dc588",
    "SigGrub, 1, -1, 06d9fc81e8bafced0d9330e5dd41700da84c205fa19f2c9b99889513e1620fa5",
    "EncGrub, 1,  7, 6e123d583203a1e47ffaabac575c5af3004f3fe7fa3d6670245d1e4560e50a3c",
    "EncGrub, 1,  8, ad225c7300080d55f08f9dfc11a921d9310b6e490923a0e313b27011029e5eaf",
    "EncGrub, -1, -1, 26aa33d5a3e94f73b59b1acb685da3b394666732a68005766f046444134ffb51"
  })
  void vectorsOfTheSpecification(String label, int epoch, long page, String expected) {
    boolean enc = label.equals("EncGrub");
    Kdf kdf = Kdf.current().under(ascending(enc ? 0 : 0x20, 32).toByteArray());
    byte[] key =
        page >= 0
            ? kdf.page(VOLUME, UID, RND, epoch, page)
            : kdf.file(enc ? Kdf.Half.ENC : Kdf.Half.SIG, VOLUME, UID, RND, epoch);
    assertThat(Bytes.copyOf(key)).hasToString(expected);
  }

  /** The second table of docs/spec/element-protocol.md, section 4. */
  @Test
  void vectorsOfAFileKey() {
    GrubRequest file = GrubRequest.existing(UID, RND, 0);
    try (SecretBytes key = SecretBytes.copyOf(ascending(0x80, 32).toByteArray());
        SecretBytes randomness = SecretBytes.copyOf(new byte[32]);
        Grub grub = Grub.of(key, VOLUME, file, randomness)) {
      assertThat(Bytes.copyOf(clear(grub.enc())))
          .hasToString("ed06f00938fafc994c7dcb9c35a05b655d5cbd26f2d3e969fc57e6d7cb30cd46");
      assertThat(Bytes.copyOf(clear(grub.sig())))
          .hasToString("09cc9796dc69258d99c828b75812bd2456c49553d9b1e71191c79e61af8da2b7");
      assertThat(Bytes.copyOf(clear(Grub.pages(key, VOLUME, file, 7, 1).get(0))))
          .hasToString("63d49550b568b12b33cbe06fc26347a30d34974596f8ccdc6110cfb69d3a3d00");
    }
  }

  /** One master for both keys, as a file key is. */
  @Test
  void aFileKeyGivesThePairOfTheSameTable() {
    byte[] master = ascending(0, 32).toByteArray();
    GrubRequest file = GrubRequest.existing(UID, RND, 1);
    byte[] ids = ascending(0x40, 48).toByteArray();
    try (SecretBytes key = SecretBytes.copyOf(master);
        SecretBytes randomness = SecretBytes.copyOf(new byte[32]);
        Grub grub = Grub.of(key, VOLUME, file, randomness)) {
      assertThat(grub.rnd()).isEqualTo(RND);
      assertThat(clear(grub.enc())).isEqualTo(independent(master, "EncGrub", 0, ids, 1, -1));
      assertThat(clear(grub.sig())).isEqualTo(independent(master, "SigGrub", 0, ids, 1, -1));
      List<SecretBytes> pages = Grub.pages(key, VOLUME, file, 7, 2);
      assertThat(clear(pages.get(0))).isEqualTo(independent(master, "EncGrub", 1, ids, 1, 7));
      assertThat(clear(pages.get(1))).isEqualTo(independent(master, "EncGrub", 1, ids, 1, 8));
    }
  }

  @Test
  void anotherImplementationOfTheStandardAgrees() {
    long seed = 800_108;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] master = new byte[32];
      byte[] ids = new byte[48];
      random.nextBytes(master);
      random.nextBytes(ids);
      int epoch = random.nextInt();
      long page = random.nextLong();
      byte[] ours =
          Kdf.current()
              .under(master)
              .page(
                  Bytes.copyOf(ids, 0, 16),
                  Bytes.copyOf(ids, 16, 16),
                  Bytes.copyOf(ids, 32, 16),
                  epoch,
                  page);
      assertThat(ours)
          .as("seed %d, round %d", seed, round)
          .isEqualTo(independent(master, "EncGrub", 1, ids, epoch, page));
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

  private static Bytes ascending(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return Bytes.copyOf(bytes);
  }

  private static byte[] clear(SecretBytes secret) {
    return secret.use(byte[]::clone);
  }
}
