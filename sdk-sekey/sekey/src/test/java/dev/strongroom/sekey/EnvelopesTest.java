// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.AcknowledgementNeededException;
import dev.strongroom.core.device.KeyLimitReachedException;
import dev.strongroom.core.device.KeyStateRefusedException;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.sekey.audit.AuditEvent;
import dev.strongroom.sekey.audit.AuditOutcome;
import dev.strongroom.sekey.envelope.EnvelopeHeader;
import dev.strongroom.sekey.envelope.EnvelopeKind;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Resource;
import dev.strongroom.sekey.model.Rewrapping;
import dev.strongroom.sekey.model.Treatment;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserState;
import dev.strongroom.sekey.selection.Selection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class EnvelopesTest {

  private static final byte[] TEXT = "Attack at dawn".getBytes(UTF_8);
  private static final byte[] AAD = "invoice 7".getBytes(UTF_8);
  private static final byte[] NO_AAD = {};

  private KeyUser user;
  private Envelopes envelopes;
  private Group inside;
  private Group host;
  private KeyId key;
  private KeyId dataKey;

  @BeforeEach
  void open() throws IOException {
    user = new KeyUser();
    envelopes = user.keys.envelopes();
    for (int other = 2; other <= 4; other++) {
      user.addUser(other);
    }
    GroupPolicy.Builder policy =
        GroupPolicy.builder()
            .suspended(Treatment.WITH_ACKNOWLEDGEMENT)
            .rewrapping(Rewrapping.PERMITTED);
    inside = user.addGroup(1, policy.resource(Resource.ELEMENT).build(), 1, 2);
    host = user.addGroup(2, policy.resource(Resource.HOST).build(), 1, 2, 3);
    key = user.addKey(1, inside, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    dataKey = user.addKey(2, host, KeyAlgorithm.AES_256, KeyUsage.DATA_KEYS);
  }

  @AfterEach
  void close() throws IOException {
    user.close();
  }

  private static KeyChoice to(int... users) {
    return KeyChoice.forUsers(
        Arrays.stream(users).mapToObj(Samples::userId).collect(Collectors.toSet()));
  }

  private static EnvelopeHeader header(byte[] envelope) throws IOException {
    return EnvelopeHeader.read(ByteBuffer.wrap(envelope));
  }

  private static byte[] random(int length) {
    byte[] text = new byte[length];
    new Random(length).nextBytes(text);
    return text;
  }

  @Test
  void theSmallestCommonGroupProtectsInOneCommandAndDecryptFindsTheKey() throws IOException {
    user.transport.reset();
    byte[] envelope = envelopes.encrypt(to(2), TEXT, AAD);
    assertThat(user.transport.commands()).isEqualTo(1);
    assertThat(header(envelope).key()).isEqualTo(key);
    assertThat(header(envelope).kind()).isEqualTo(EnvelopeKind.TEXT);
    user.transport.reset();
    assertThat(envelopes.decrypt(envelope, AAD)).isEqualTo(TEXT);
    assertThat(user.transport.commands()).isEqualTo(1);
    assertThat(header(envelopes.encrypt(to(2, 3), TEXT, AAD)).key()).isEqualTo(dataKey);
    assertThat(header(envelopes.encrypt(KeyChoice.forGroup(host.id()), TEXT, AAD)).key())
        .isEqualTo(dataKey);
    assertThat(header(envelopes.encrypt(KeyChoice.byKey(key), TEXT, AAD)).key()).isEqualTo(key);
  }

  @Test
  void selectSaysWhoElseReadsAndWhatWasNotTaken() throws IOException {
    Selection.Selected selected =
        (Selection.Selected) user.keys.select(to(3), KeyOperation.MAKE_DATA_KEY);
    assertThat(selected.key()).isEqualTo(dataKey);
    assertThat(selected.extraReaders()).containsExactly(Samples.userId(2));
  }

  @Test
  void privateUseNeedsAGroupOfOne() throws IOException {
    assertThatThrownBy(() -> envelopes.encrypt(KeyChoice.forOneself(), TEXT, AAD))
        .isInstanceOfSatisfying(
            MoreReadersException.class,
            e -> {
              assertThat(e.group()).isEqualTo(inside.id());
              assertThat(e.readers()).containsExactly(Samples.userId(2));
            });
    Group own = user.addGroup(3, GroupPolicy.builder().build(), 1);
    KeyId mine = user.addKey(3, own, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    assertThat(header(envelopes.encrypt(KeyChoice.forOneself(), TEXT, AAD)).key()).isEqualTo(mine);
  }

  @Test
  void everyLengthComesBackFromArraysAndStreamsOfEveryKind() throws IOException {
    int segment = 1 << 12;
    for (int length : new int[] {0, 1, 1024, segment, segment + 1, 2 * segment, 70_000}) {
      byte[] text = random(length);
      for (KeyId by : List.of(key, dataKey)) {
        KeyChoice choice = KeyChoice.byKey(by);
        assertThat(envelopes.decrypt(envelopes.encrypt(choice, text, AAD), AAD)).isEqualTo(text);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        envelopes.encrypt(choice, new ByteArrayInputStream(text), stream, AAD);
        byte[] envelope = stream.toByteArray();
        assertThat(header(envelope).kind())
            .isEqualTo(by.equals(key) ? EnvelopeKind.SEGMENTS : EnvelopeKind.DATA_KEY);
        try (InputStream opened = envelopes.decrypting(new ByteArrayInputStream(envelope), AAD)) {
          assertThat(opened.readAllBytes()).isEqualTo(text);
        }
        assertThat(envelopes.decrypt(envelope, AAD)).isEqualTo(text);
      }
    }
  }

  @Test
  void noByteOfAnEnvelopeCanChangeUnseen() throws IOException {
    byte[] small = random(5);
    for (byte[] envelope :
        List.of(
            envelopes.encrypt(KeyChoice.byKey(key), small, AAD),
            envelopes.encryptSigned(KeyChoice.byKey(key), small, AAD),
            envelopes.encrypt(KeyChoice.byKey(dataKey), small, AAD),
            envelopes.encryptSigned(KeyChoice.byKey(dataKey), small, AAD),
            streamed(key, small))) {
      assertThat(envelopes.decrypt(envelope, AAD)).isEqualTo(small);
      for (int at = 0; at < envelope.length; at++) {
        byte[] changed = envelope.clone();
        changed[at] ^= 0x10;
        assertThatThrownBy(() -> envelopes.decrypt(changed, AAD))
            .isInstanceOf(SeKeyException.class);
        if (at % 5 == 0) {
          byte[] cut = Arrays.copyOf(envelope, at);
          assertThatThrownBy(() -> envelopes.decrypt(cut, AAD)).isInstanceOf(SeKeyException.class);
        }
      }
      assertThatThrownBy(() -> envelopes.decrypt(envelope, NO_AAD))
          .isInstanceOf(SeKeyException.class);
    }
  }

  private byte[] streamed(KeyId by, byte[] text) throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    envelopes.encrypt(KeyChoice.byKey(by), new ByteArrayInputStream(text), stream, AAD);
    return stream.toByteArray();
  }

  @Test
  void segmentsThatAreCutExchangedOrFromElsewhereGiveNothingUnproved() throws IOException {
    byte[] text = random(3 << 16);
    byte[] envelope = streamed(dataKey, text);
    int start = header(envelope).length() + 32;
    int sealed = (1 << 16) + 16;
    byte[] other = streamed(dataKey, text);
    byte[] exchanged = envelope.clone();
    System.arraycopy(envelope, start, exchanged, start + sealed, sealed);
    System.arraycopy(envelope, start + sealed, exchanged, start, sealed);
    byte[] mixed = envelope.clone();
    System.arraycopy(other, start + sealed, mixed, start + sealed, sealed);
    expect(0, Arrays.copyOf(envelope, start));
    expect(0, Arrays.copyOf(envelope, start + sealed));
    expect(1 << 16, Arrays.copyOf(envelope, start + 2 * sealed));
    expect(2 << 16, Arrays.copyOf(envelope, envelope.length - 1));
    expect(0, exchanged);
    expect(1 << 16, mixed);
  }

  /** That a stream gives so many bytes, the right ones, and then fails. */
  private void expect(int proved, byte[] envelope) throws IOException {
    byte[] text = random(3 << 16);
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    assertThatThrownBy(
            () -> {
              try (InputStream in = envelopes.decrypting(new ByteArrayInputStream(envelope), AAD)) {
                in.transferTo(got);
              }
            })
        .isInstanceOf(SeKeyException.class);
    assertThat(got.toByteArray()).isEqualTo(Arrays.copyOf(text, proved));
  }

  @Test
  void aSourceThatFailsLeavesNoWholeEnvelope() throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    byte[] text = random(1 << 17);
    InputStream failing =
        new SequenceInputStream(
            new ByteArrayInputStream(text),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("gone");
              }

              @Override
              public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("gone");
              }
            });
    assertThatThrownBy(() -> envelopes.encrypt(KeyChoice.byKey(dataKey), failing, target, AAD))
        .hasMessage("gone");
    assertThatThrownBy(() -> envelopes.decrypt(target.toByteArray(), AAD))
        .isInstanceOf(SeKeyException.class);
  }

  @Test
  void aSignedEnvelopeProvesItsSender() throws IOException {
    byte[] envelope = envelopes.encryptSigned(to(2), TEXT, AAD);
    assertThat(envelopes.open(envelope, AAD).sender()).isEqualTo(new Sender.Proved(KeyUser.SELF));
    // The same user with another element: not this one's signature.
    user.put(Samples.user(2).withElement(Samples.user(9).element().orElseThrow()));
    var self = user.directory().user(KeyUser.SELF).orElseThrow();
    try (KeyUser another = new KeyUser()) {
      var element = another.directory().user(KeyUser.SELF).orElseThrow().element().orElseThrow();
      user.put(self.withElement(element));
    }
    assertThatThrownBy(() -> envelopes.open(envelope, AAD))
        .isInstanceOfSatisfying(
            EnvelopeSignatureException.class, e -> assertThat(e.sender()).isEqualTo(KeyUser.SELF));
    user.put(new User(self.id(), self.name(), Optional.empty(), UserState.ACTIVE));
    assertThat(envelopes.open(envelope, AAD).sender()).isEqualTo(new Sender.Unknown(KeyUser.SELF));
    assertThat(envelopes.open(envelope, AAD).text()).isEqualTo(TEXT);
    assertThatThrownBy(() -> envelopes.decrypt(envelope, AAD))
        .isInstanceOf(UnknownSenderException.class);
  }

  @Test
  void aSignedStreamHoldsItsLastSegmentBackUntilTheSignatureIsRight() throws IOException {
    byte[] text = random(3 << 16);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    envelopes.encryptSigned(KeyChoice.byKey(dataKey), new ByteArrayInputStream(text), stream, AAD);
    byte[] envelope = stream.toByteArray();
    assertThat(envelopes.open(envelope, AAD).sender()).isEqualTo(new Sender.Proved(KeyUser.SELF));
    envelope[envelope.length - 1] ^= 1;
    expect(2 << 16, envelope);
  }

  @Test
  void batchesTakeOneCommandForManyTextsAndSayWhatCameOfEach() throws IOException {
    List<byte[]> texts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      texts.add(random(i));
    }
    user.transport.reset();
    List<byte[]> sealed = new ArrayList<>();
    for (EnvelopeAnswer answer : envelopes.encryptAll(to(2), texts, AAD)) {
      sealed.add(((EnvelopeAnswer.Done) answer).bytes());
    }
    assertThat(user.transport.commands()).isLessThanOrEqualTo(3);
    sealed.get(7)[30] ^= 1;
    user.transport.reset();
    List<EnvelopeAnswer> opened = envelopes.decryptAll(sealed, AAD);
    assertThat(user.transport.commands()).isLessThanOrEqualTo(3);
    for (int i = 0; i < texts.size(); i++) {
      if (i == 7) {
        assertThat(((EnvelopeAnswer.Failed) opened.get(i)).error())
            .isInstanceOf(EnvelopeDamagedException.class);
      } else {
        assertThat(((EnvelopeAnswer.Done) opened.get(i)).bytes()).isEqualTo(texts.get(i));
      }
    }
    assertThatThrownBy(
            () ->
                envelopes.decryptAll(
                    List.of(envelopes.encrypt(KeyChoice.byKey(dataKey), TEXT, AAD)), AAD))
        .isInstanceOf(EnvelopeFormatException.class);
  }

  @Test
  void rewrapMovesEveryKindToANewKeyOfTheGroup() throws IOException {
    KeyId newKey = user.addKey(11, inside, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    KeyId newDataKey = user.addKey(12, host, KeyAlgorithm.AES_256, KeyUsage.DATA_KEYS);
    byte[] text = random(10_000);
    byte[] whole = envelopes.encrypt(KeyChoice.byKey(key), TEXT, AAD);
    byte[] byData = envelopes.encrypt(KeyChoice.byKey(dataKey), text, AAD);
    byte[] segments = streamed(key, text);
    byte[] signed = envelopes.encryptSigned(KeyChoice.byKey(key), TEXT, AAD);
    user.bring(key, KeyState.ACTIVE, KeyState.DEACTIVATED);
    assertThat(header(envelopes.rewrap(whole, newKey, AAD)).key()).isEqualTo(newKey);
    assertThat(envelopes.decrypt(envelopes.rewrap(whole, newKey, AAD), AAD)).isEqualTo(TEXT);
    assertThat(envelopes.decrypt(envelopes.rewrap(byData, newDataKey, AAD), AAD)).isEqualTo(text);
    assertThat(envelopes.decrypt(envelopes.rewrap(segments, newKey, AAD), AAD)).isEqualTo(text);
    assertThatThrownBy(() -> envelopes.rewrap(signed, newKey, AAD))
        .isInstanceOf(SignedEnvelopeException.class);
    assertThatThrownBy(() -> envelopes.rewrap(whole, newKey, NO_AAD))
        .isInstanceOf(EnvelopeDamagedException.class);
  }

  @Test
  void refusalsHaveTypesAndAreNoted() throws IOException {
    assertThatThrownBy(() -> envelopes.encrypt(to(99), TEXT, AAD))
        .isInstanceOfSatisfying(
            SubjectNotFoundException.class,
            e -> assertThat(e.kind()).isEqualTo(SubjectNotFoundException.Kind.USER));
    assertThatThrownBy(() -> envelopes.encrypt(to(4), TEXT, AAD))
        .isInstanceOfSatisfying(
            NoCommonGroupException.class,
            e -> assertThat(e.users()).containsExactlyInAnyOrder(KeyUser.SELF, Samples.userId(4)));
    Group others = user.addGroup(5, GroupPolicy.builder().build(), 2, 3);
    KeyId theirs = user.addKey(5, others, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    assertThatThrownBy(() -> envelopes.encrypt(KeyChoice.byKey(theirs), TEXT, AAD))
        .isInstanceOfSatisfying(
            NotMemberException.class, e -> assertThat(e.group()).isEqualTo(others.id()));
    assertThatThrownBy(() -> envelopes.encrypt(KeyChoice.forGroup(others.id()), TEXT, AAD))
        .isInstanceOf(NotMemberException.class);
    user.put(Samples.user(2).withState(UserState.BLOCKED));
    assertThatThrownBy(() -> envelopes.encrypt(to(2), TEXT, AAD))
        .isInstanceOf(UserBlockedException.class);
    KeyId forFiles = user.addKey(6, inside, KeyAlgorithm.AES_256, KeyUsage.DATA_KEYS);
    assertThatThrownBy(() -> envelopes.encrypt(KeyChoice.byKey(forFiles), TEXT, AAD))
        .isInstanceOfSatisfying(
            ResourceRefusedException.class, e -> assertThat(e.group()).isEqualTo(inside.id()));
    user.bring(key, KeyState.ACTIVE, KeyState.DEACTIVATED);
    assertThatThrownBy(() -> envelopes.encrypt(KeyChoice.byKey(key), TEXT, AAD))
        .isInstanceOf(KeyStateRefusedException.class);
    assertThatThrownBy(() -> envelopes.encrypt(KeyChoice.forGroup(inside.id()), TEXT, AAD))
        .isInstanceOf(NoUsableKeyException.class);
    assertThat(user.log).hasSize(8).allMatch(e -> e.outcome() == AuditOutcome.REFUSED);
    AuditEvent byKey = user.log.get(6);
    assertThat(byKey.subject()).contains(key.bytes());
    assertThat(byKey.object()).contains(inside.id().bytes());
    assertThat(byKey.reason()).contains(RefusalReason.STATE);
  }

  @Test
  void theElementHasTheLastWordAgainstAStaleDatabase() throws IOException {
    byte[] envelope = envelopes.encrypt(to(2), TEXT, AAD);
    user.session.keys().store().setState(key, KeyState.ACTIVE, KeyState.SUSPENDED);
    assertThatThrownBy(() -> envelopes.encrypt(to(2), TEXT, AAD))
        .isInstanceOf(KeyStateRefusedException.class);
    assertThatThrownBy(() -> envelopes.decrypt(envelope, AAD))
        .isInstanceOf(AcknowledgementNeededException.class);
    assertThat(user.log).hasSize(2);
    OpenedText opened = envelopes.open(envelope, AAD, new UseReason("court order 12"));
    assertThat(opened.text()).isEqualTo(TEXT);
    assertThat(user.log.get(2).outcome()).isEqualTo(AuditOutcome.ACKNOWLEDGED);
    assertThat(user.log.get(2).text()).isEqualTo("court order 12");
  }

  @Test
  void anAcknowledgedUseIsNotedOnceAndAnOrdinaryOneWithAReasonIsNot() throws IOException {
    byte[] envelope = envelopes.encrypt(to(2), TEXT, AAD);
    UseReason reason = new UseReason("court order 12");
    assertThat(envelopes.open(envelope, AAD, reason).text()).isEqualTo(TEXT);
    assertThat(user.log).isEmpty();
    user.bring(key, KeyState.ACTIVE, KeyState.SUSPENDED);
    assertThatThrownBy(() -> envelopes.decrypt(envelope, AAD))
        .isInstanceOf(AcknowledgementNeededException.class);
    user.log.clear();
    assertThat(envelopes.open(envelope, AAD, reason).text()).isEqualTo(TEXT);
    assertThat(user.log).hasSize(1);
    assertThat(user.log.get(0).operation()).contains(KeyOperation.DECRYPT);
  }

  @Test
  void aKeyWhoseLimitIsUsedUpGivesWayToTheNext() throws IOException {
    KeyAttributes few =
        KeyUser.attributes(0, inside, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION).withLimit(2);
    user.session.keys().store().generate(few);
    user.put(KeyEntry.made(few, Samples.NOW));
    assertThat(header(envelopes.encrypt(to(2), TEXT, AAD)).key()).isEqualTo(few.id());
    assertThat(header(envelopes.encrypt(to(2), TEXT, AAD)).key()).isEqualTo(few.id());
    assertThat(header(envelopes.encrypt(to(2), TEXT, AAD)).key()).isEqualTo(key);
    assertThat(user.log).hasSize(1);
    assertThatThrownBy(() -> envelopes.encrypt(KeyChoice.byKey(few.id()), TEXT, AAD))
        .isInstanceOf(KeyLimitReachedException.class);
  }

  @Test
  void foreignBytesAndLaterVersionsAreToldApart() throws IOException {
    assertThatThrownBy(() -> envelopes.decrypt(TEXT, AAD))
        .isInstanceOfSatisfying(
            EnvelopeFormatException.class,
            e -> assertThat(e.reason()).isEqualTo(EnvelopeFormatException.Reason.FOREIGN));
    byte[] later = envelopes.encrypt(to(2), TEXT, AAD);
    later[4] = 2;
    assertThatThrownBy(() -> envelopes.decrypt(later, AAD))
        .isInstanceOfSatisfying(
            EnvelopeVersionException.class, e -> assertThat(e.found()).isEqualTo(2));
  }
}
