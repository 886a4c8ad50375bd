// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.KeyUsageRefusedException;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.sekey.Verification.Doubt;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.Resource;
import dev.strongroom.sekey.model.Treatment;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("jdk25")
class KeyServicesTest {

  private static final byte[] MESSAGE = "Attack at dawn".getBytes(UTF_8);
  private static final byte[] OTHER = "Attack at dusk".getBytes(UTF_8);
  private static final Bytes CONTEXT = Bytes.parse("c0ffee");

  private KeyUser user;
  private Group group;

  @BeforeEach
  void open() throws IOException {
    user = new KeyUser();
    user.addUser(2);
    group =
        user.addGroup(
            1,
            GroupPolicy.builder()
                .algorithms(EnumSet.allOf(KeyAlgorithm.class))
                .resource(Resource.HOST)
                .compromised(Treatment.WITH_ACKNOWLEDGEMENT)
                .build(),
            1,
            2);
  }

  @AfterEach
  void close() throws IOException {
    user.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "EC_P384", "ED25519"})
  void signaturesHaveThreeResults(KeyAlgorithm algorithm) throws IOException {
    KeyId key = user.addKey(1, group, algorithm, KeyUsage.SIGNATURE);
    Signatures signatures = user.keys.signatures();
    Signatures.Signature signature = signatures.sign(KeyChoice.forGroup(group.id()), MESSAGE);
    assertThat(signature.key()).isEqualTo(key);
    assertThat(signatures.verify(signature, MESSAGE)).isEqualTo(new Verification.Valid());
    assertThat(signatures.verify(signature, OTHER)).isEqualTo(new Verification.Invalid());
    assertThat(signatures.verify(new Signatures.Signature(key, Bytes.copyOf(new byte[5])), MESSAGE))
        .isEqualTo(new Verification.Invalid());
    user.bring(key, KeyState.ACTIVE, KeyState.DEACTIVATED);
    assertThat(signatures.verify(signature, MESSAGE)).isEqualTo(new Verification.Valid());
    user.bring(key, KeyState.DEACTIVATED, KeyState.COMPROMISED);
    assertThat(signatures.verify(signature, MESSAGE))
        .isEqualTo(new Verification.ValidWithDoubts(KeyState.COMPROMISED, Set.of(Doubt.STATE)));
    assertThat(signatures.verify(signature, OTHER)).isEqualTo(new Verification.Invalid());
  }

  @Test
  void aKeyThatDoesNotSignVerifiesNothing() throws IOException {
    KeyId key = user.addKey(1, group, KeyAlgorithm.HMAC_SHA_256, KeyUsage.MAC);
    Signatures.Signature signature = new Signatures.Signature(key, Bytes.copyOf(new byte[64]));
    assertThatThrownBy(() -> user.keys.signatures().verify(signature, MESSAGE))
        .isInstanceOf(KeyUsageRefusedException.class);
    assertThatThrownBy(
            () ->
                user.keys
                    .signatures()
                    .verify(
                        new Signatures.Signature(Samples.keyId(77), signature.bytes()), MESSAGE))
        .isInstanceOf(SubjectNotFoundException.class);
  }

  @Test
  void codesAreMadeAndVerifiedInsideAlsoOfACompromisedKeyForAReason() throws IOException {
    KeyId key = user.addKey(1, group, KeyAlgorithm.HMAC_SHA_384, KeyUsage.MAC);
    Macs macs = user.keys.macs();
    Macs.Code code = macs.make(KeyChoice.forUsers(Set.of(Samples.userId(2))), MESSAGE);
    assertThat(code.bytes().length()).isEqualTo(48);
    assertThat(macs.verify(code, MESSAGE)).isTrue();
    assertThat(macs.verify(code, OTHER)).isFalse();
    user.bring(key, KeyState.ACTIVE, KeyState.COMPROMISED);
    assertThat(macs.verify(code, MESSAGE, new UseReason("found in an old backup"))).isTrue();
    assertThat(user.log).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void keysAreWrappedInBothForms(KeyWrapForm form) throws IOException {
    user.addKey(1, group, KeyAlgorithm.AES_256, KeyUsage.KEY_WRAPPING);
    KeyWrapping wrapping = user.keys.keyWrapping();
    try (SecretBytes value = SecretBytes.copyOf(new byte[form == KeyWrapForm.RFC_3394 ? 24 : 21])) {
      KeyWrapping.Wrapped wrapped = wrapping.wrap(KeyChoice.forGroup(group.id()), form, value);
      try (SecretBytes back = wrapping.unwrap(wrapped, form)) {
        assertThat(back.matches(value)).isTrue();
      }
      byte[] changed = wrapped.bytes().toByteArray();
      changed[3] ^= 1;
      assertThatThrownBy(
              () ->
                  wrapping.unwrap(
                      new KeyWrapping.Wrapped(wrapped.key(), Bytes.copyOf(changed)), form))
          .isInstanceOf(DecryptionFailedException.class);
    }
  }

  @Test
  void dataKeysAreBoundToTheirContextAndMoveToANewKey() throws IOException {
    user.addKey(1, group, KeyAlgorithm.AES_256, KeyUsage.DATA_KEYS);
    KeyWrapping wrapping = user.keys.keyWrapping();
    try (KeyWrapping.Drawn drawn = wrapping.draw(KeyChoice.forGroup(group.id()), 48, CONTEXT)) {
      try (SecretBytes opened = wrapping.open(drawn.wrapped(), CONTEXT)) {
        assertThat(opened.matches(drawn.value())).isTrue();
      }
      assertThatThrownBy(() -> wrapping.open(drawn.wrapped(), Bytes.parse("00")))
          .isInstanceOf(DecryptionFailedException.class);
    }
  }

  @Test
  void keptDataKeysSpareCommandsUntilTheRecordChanges() throws IOException {
    KeyId key = user.addKey(1, group, KeyAlgorithm.AES_256, KeyUsage.DATA_KEYS);
    Envelopes envelopes = user.keys.envelopes();
    byte[] first = envelopes.encrypt(KeyChoice.byKey(key), MESSAGE, MESSAGE);
    user.transport.reset();
    byte[] second = envelopes.encrypt(KeyChoice.byKey(key), MESSAGE, MESSAGE);
    assertThat(user.transport.commands()).isZero();
    assertThat(second).isNotEqualTo(first);
    assertThat(envelopes.decrypt(first, MESSAGE)).isEqualTo(MESSAGE);
    assertThat(envelopes.decrypt(second, MESSAGE)).isEqualTo(MESSAGE);
    assertThat(user.transport.commands()).isEqualTo(1);
    user.bring(key, KeyState.ACTIVE, KeyState.COMPROMISED);
    user.transport.reset();
    OpenedText opened = envelopes.open(first, MESSAGE, new UseReason("to warn the sender"));
    assertThat(opened.text()).isEqualTo(MESSAGE);
    assertThat(user.transport.commands()).isEqualTo(1);
  }
}
