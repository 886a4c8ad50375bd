// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.Resource;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserElement;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.model.UserState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Envelopes that other code has made, by {@code docs/spec/envelope.md}, 8. */
@Tag("jdk25")
class EnvelopeVectorsTest {

  private static final byte[] AAD = "invoice 7".getBytes(US_ASCII);
  private static final UserId SENDER = new UserId(Bytes.copyOf(counting(0x10, 16)));

  private KeyUser user;

  private static byte[] counting(int from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }

  @BeforeEach
  void open() throws IOException {
    user = new KeyUser();
    Group group = user.addGroup(1, GroupPolicy.builder().resource(Resource.HOST).build(), 1);
    KeyAttributes sample =
        KeyUser.attributes(1, group, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION, KeyUsage.DATA_KEYS);
    KeyAttributes key =
        new KeyAttributes(
            new KeyId(Bytes.copyOf(counting(0x40, 16))),
            sample.state(),
            sample.algorithm(),
            sample.usages(),
            sample.flags(),
            sample.group(),
            sample.limit(),
            sample.periods(),
            sample.policyHash());
    try (SecretBytes value = SecretBytes.adopt(counting(0x80, 32))) {
      user.session.keys().store().importKey(key, value);
    }
    user.put(KeyEntry.made(key, Samples.NOW));
    try (SecretBytes signing = SecretBytes.adopt(counting(1, 32));
        P256.Pair pair = P256.pair(signing)) {
      UserElement element =
          new UserElement(Bytes.copyOf(counting(0, 16)), pair.publicKey(), pair.publicKey());
      user.put(new User(SENDER, new Name("Ann"), Optional.of(element), UserState.ACTIVE));
    }
  }

  @AfterEach
  void close() throws IOException {
    user.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1-signed", "2", "2-signed", "3"})
  void opens(String name) throws IOException {
    byte[] envelope;
    try (InputStream in =
        Objects.requireNonNull(
            EnvelopeVectorsTest.class.getResourceAsStream("envelope-" + name + ".bin"))) {
      envelope = in.readAllBytes();
    }
    byte[] text = name.startsWith("1") ? "Attack at dawn".getBytes(US_ASCII) : segmented();
    OpenedText opened = user.keys.envelopes().open(envelope, AAD);
    assertThat(opened.text()).isEqualTo(text);
    assertThat(opened.sender())
        .isEqualTo(name.endsWith("signed") ? new Sender.Proved(SENDER) : new Sender.Unsigned());
    try (InputStream stream =
        user.keys.envelopes().decrypting(new ByteArrayInputStream(envelope), AAD)) {
      assertThat(stream.readAllBytes()).isEqualTo(text);
    }
  }

  private static byte[] segmented() {
    byte[] text = counting(0, 1027);
    System.arraycopy("end".getBytes(US_ASCII), 0, text, 1024, 3);
    return text;
  }
}
