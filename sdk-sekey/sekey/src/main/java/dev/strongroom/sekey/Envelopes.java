// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.DataKey;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.KeyAnswer;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyRequest;
import dev.strongroom.core.device.KeyUseCommands;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.sekey.EnvelopeFormatException.Reason;
import dev.strongroom.sekey.envelope.EnvelopeHeader;
import dev.strongroom.sekey.envelope.EnvelopeKind;
import dev.strongroom.sekey.internal.envelope.DataKeySegments;
import dev.strongroom.sekey.internal.envelope.DigestedSegments;
import dev.strongroom.sekey.internal.envelope.ElementSegments;
import dev.strongroom.sekey.internal.envelope.OpeningStream;
import dev.strongroom.sekey.internal.envelope.SealingStream;
import dev.strongroom.sekey.internal.envelope.SegmentCipher;
import dev.strongroom.sekey.internal.envelope.SegmentCipher.Place;
import dev.strongroom.sekey.model.UserId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Texts in envelopes, which say by which key they are opened: {@code docs/spec/envelope.md}.
 *
 * <p>A key with usage encryption works inside the element: up to 4096 bytes as a whole, longer
 * texts and streams segment by segment, each of which is a use of the key. A key with usage data
 * keys has the element draw a data key, by which the host works; that is taken where a group has no
 * other key, and for streams where it has both.
 *
 * <p>Associated data are proved with the text, and have to be given again to open it; they may be
 * of any length, and empty. They are not in the envelope.
 *
 * <p>All methods throw the typed refusals of {@code docs/errors.md}, "Key management"; what was
 * refused changed nothing but the log.
 *
 * <p>Thread safety: thread-safe; streams are confined to one thread at a time.
 */
public final class Envelopes {

  /** Binary logarithm of a segment's length where the host works. */
  private static final int HOST_SEGMENT = 16;

  /** Binary logarithm of a segment's length where the element works: fits any element's command. */
  private static final int ELEMENT_SEGMENT = 12;

  private static final int SEALED = 12 + 16;
  private static final int DATA_KEY_LENGTH = 32;
  private static final Bytes DATA_KEY_CONTEXT = Bytes.copyOf(DataKeySegments.label());
  private static final Bytes NONE = Bytes.copyOf(new byte[0]);

  private static final List<KeyOperation> TEXTS =
      List.of(KeyOperation.ENCRYPT, KeyOperation.MAKE_DATA_KEY);
  private static final List<KeyOperation> STREAMS =
      List.of(KeyOperation.MAKE_DATA_KEY, KeyOperation.ENCRYPT);

  private final KeyGate gate;
  private final DataKeyCache dataKeys;
  private final SenderSignature signatures;
  private final SecureRandom random = new SecureRandom();

  Envelopes(KeyGate gate, DataKeyCache dataKeys) {
    this.gate = gate;
    this.dataKeys = dataKeys;
    this.signatures = new SenderSignature(gate);
  }

  /**
   * Encrypts a text. With a key that works inside the element it is one command for each 4096
   * bytes.
   *
   * @param choice by which key, or for whom
   * @param text what is protected
   * @param aad associated data
   * @return the envelope
   * @throws IOException if it is refused, or the element fails
   */
  public byte[] encrypt(KeyChoice choice, byte[] text, byte[] aad) throws IOException {
    return encrypt(choice, text, aad, Optional.empty());
  }

  /**
   * Encrypts a text and signs it as its sender, with the identity of the own element, which no
   * other member has.
   *
   * @param choice by which key, or for whom
   * @param text what is protected
   * @param aad associated data
   * @return the envelope
   * @throws IOException if it is refused, or the element fails
   */
  public byte[] encryptSigned(KeyChoice choice, byte[] text, byte[] aad) throws IOException {
    return encrypt(choice, text, aad, Optional.of(gate.self()));
  }

  private byte[] encrypt(KeyChoice choice, byte[] text, byte[] aad, Optional<UserId> sender)
      throws IOException {
    byte[] digest = SenderSignature.sha256(aad);
    if (text.length > 1 << ELEMENT_SEGMENT) {
      KeyGate.Chosen chosen = gate.choose(choice, TEXTS);
      if (chosen.operation() == KeyOperation.ENCRYPT) {
        ByteArrayOutputStream target = new ByteArrayOutputStream(text.length + (text.length >> 6));
        sealSegments(chosen.key(), new ByteArrayInputStream(text), target, digest, sender);
        return target.toByteArray();
      }
    }
    byte[] envelope =
        gate.protect(
            choice,
            TEXTS,
            (element, head, chosen) ->
                chosen.operation() == KeyOperation.ENCRYPT
                    ? sealText(element, head, chosen.key(), text, digest, sender)
                    : sealByDataKey(element, head, chosen.key(), text, digest, sender));
    if (sender.isPresent()) {
      signatures.sign(envelope, digest);
    }
    return envelope;
  }

  private static byte[] sealText(
      KeyUseCommands element,
      KeyUseHead head,
      KeyId key,
      byte[] text,
      byte[] aad,
      Optional<UserId> sender)
      throws IOException {
    EnvelopeHeader header = EnvelopeHeader.text(key, sender);
    int trailer = trailer(header);
    byte[] envelope = new byte[header.length() + text.length + SEALED + trailer];
    header.encodeTo(envelope);
    ByteBuffer target =
        ByteBuffer.wrap(envelope, header.length(), envelope.length - header.length() - trailer);
    element.encrypt(head, key, ByteBuffer.wrap(header.binding(aad)), ByteBuffer.wrap(text), target);
    return envelope;
  }

  private byte[] sealByDataKey(
      KeyUseCommands element,
      KeyUseHead head,
      KeyId key,
      byte[] text,
      byte[] aad,
      Optional<UserId> sender)
      throws IOException {
    try (DataKey dataKey =
        dataKeys.take(
            new DataKeyCache.Slot(key, Optional.empty()),
            gate.directory(),
            text.length,
            () -> element.newDataKey(head, key, DATA_KEY_LENGTH, DATA_KEY_CONTEXT))) {
      EnvelopeHeader header =
          EnvelopeHeader.dataKey(exponent(text.length), key, sender, salt(), dataKey.wrapped());
      try (DataKeySegments segments =
          new DataKeySegments(key, dataKey.key(), header.binding(aad))) {
        int length = header.segmentLength();
        int count = Math.max(1, (text.length + length - 1) / length);
        ByteBuffer out =
            ByteBuffer.allocate(
                header.length()
                    + DataKeySegments.COMMITMENT_LENGTH
                    + text.length
                    + count * segments.overhead()
                    + trailer(header));
        out.put(header.encode()).put(segments.commitment());
        for (int i = 0; i < count; i++) {
          int from = i * length;
          segments.seal(
              i,
              i == count - 1 ? Place.LAST : Place.INNER,
              ByteBuffer.wrap(text, from, Math.min(length, text.length - from)),
              out);
        }
        return out.array();
      }
    }
  }

  private static int trailer(EnvelopeHeader header) {
    return header.sender().isPresent() ? SenderSignature.LENGTH : 0;
  }

  /** Short texts have short segments, so that who opens them needs no more memory. */
  private static int exponent(int length) {
    int exponent = EnvelopeHeader.MIN_EXPONENT;
    while (exponent < HOST_SEGMENT && 1 << exponent < length) {
      exponent++;
    }
    return exponent;
  }

  private Bytes salt() {
    byte[] salt = new byte[EnvelopeHeader.SALT_LENGTH];
    random.nextBytes(salt);
    return Bytes.copyOf(salt);
  }

  /**
   * Opens an envelope by the key that it names. Where it is signed, the signature is verified, too.
   *
   * @param envelope the whole envelope
   * @param aad associated data, as when it was made
   * @return the text
   * @throws EnvelopeFormatException if it is no envelope, or cut short
   * @throws EnvelopeVersionException if a later release made it
   * @throws EnvelopeDamagedException if it, or the associated data, was changed
   * @throws EnvelopeSignatureException if the signature is not the sender's
   * @throws UnknownSenderException if the sender is not known here
   * @throws IOException if it is refused, or the element fails
   */
  public byte[] decrypt(byte[] envelope, byte[] aad) throws IOException {
    OpenedText opened = open(envelope, aad, Optional.empty());
    if (opened.sender() instanceof Sender.Unknown unknown) {
      Arrays.fill(opened.text(), (byte) 0);
      throw new UnknownSenderException(unknown.user());
    }
    return opened.text();
  }

  /**
   * Opens an envelope, whoever has sent it.
   *
   * @param envelope the whole envelope
   * @param aad associated data, as when it was made
   * @return the text, and what is known of the sender
   * @throws IOException as {@link #decrypt(byte[], byte[])} does, but for senders who are not known
   */
  public OpenedText open(byte[] envelope, byte[] aad) throws IOException {
    return open(envelope, aad, Optional.empty());
  }

  /**
   * Opens an envelope, whoever has sent it, though its key be suspended, compromised or past its
   * period, if the key permits that to who says why.
   *
   * @param envelope the whole envelope
   * @param aad associated data, as when it was made
   * @param reason why
   * @return the text, and what is known of the sender
   * @throws IOException as {@link #decrypt(byte[], byte[])} does, but for senders who are not known
   */
  public OpenedText open(byte[] envelope, byte[] aad, UseReason reason) throws IOException {
    return open(envelope, aad, Optional.of(reason));
  }

  private OpenedText open(byte[] envelope, byte[] aad, Optional<UseReason> reason)
      throws IOException {
    ByteBuffer in = ByteBuffer.wrap(envelope);
    EnvelopeHeader header = EnvelopeHeader.read(in);
    byte[] digest = SenderSignature.sha256(aad);
    int body = envelope.length - in.position() - trailer(header);
    if (header.kind() != EnvelopeKind.TEXT) {
      return openWhole(header, envelope, body, digest, reason);
    }
    if (body < SEALED) {
      throw new EnvelopeFormatException(Reason.CUT_SHORT);
    }
    Sender sender = signatures.verify(header, envelope, digest);
    byte[] text = new byte[body - SEALED];
    in.limit(in.position() + body);
    try {
      gate.use(
          header.key(),
          KeyOperation.DECRYPT,
          reason,
          (element, head) -> {
            element.decrypt(
                head,
                header.key(),
                ByteBuffer.wrap(header.binding(digest)),
                in.duplicate(),
                ByteBuffer.wrap(text));
            return text;
          });
    } catch (DecryptionFailedException e) {
      throw new EnvelopeDamagedException(header.key(), 0, e);
    }
    return new OpenedText(text, sender);
  }

  private OpenedText openWhole(
      EnvelopeHeader header, byte[] envelope, int body, byte[] aad, Optional<UseReason> reason)
      throws IOException {
    List<Sender> sender = new ArrayList<>(List.of(new Sender.Unsigned()));
    byte[] text;
    try (OpeningStream segments =
        openSegments(
            header,
            new ByteArrayInputStream(envelope, header.length(), envelope.length - header.length()),
            aad,
            reason,
            found -> sender.set(0, found))) {
      text = new byte[segments.textLength(body - commitmentLength(header))];
      int length = segments.readNBytes(text, 0, text.length);
      if (length < text.length || segments.read() >= 0) {
        throw new IllegalStateException(length + " bytes came of a text of " + text.length);
      }
    }
    return new OpenedText(text, sender.get(0));
  }

  private static int commitmentLength(EnvelopeHeader header) {
    return header.kind() == EnvelopeKind.DATA_KEY ? DataKeySegments.COMMITMENT_LENGTH : 0;
  }

  /** What is done when it is known who has sent something. */
  @FunctionalInterface
  private interface SenderCheck {
    void found(Sender sender) throws IOException;
  }

  /**
   * Encrypts a text of any length. Memory is that of a few segments; where the element works, each
   * segment is a command and a use of the key. When it fails, what was written is no envelope that
   * anybody takes for whole.
   *
   * @param choice by which key, or for whom
   * @param source the text, read to its end
   * @param target for the envelope; neither is closed
   * @param aad associated data
   * @throws IOException if it is refused, or the element or a stream fails
   */
  public void encrypt(KeyChoice choice, InputStream source, OutputStream target, byte[] aad)
      throws IOException {
    encrypt(choice, source, target, aad, Optional.empty());
  }

  /**
   * Encrypts a text of any length and signs it as its sender.
   *
   * @param choice by which key, or for whom
   * @param source the text, read to its end
   * @param target for the envelope; neither is closed
   * @param aad associated data
   * @throws IOException if it is refused, or the element or a stream fails
   */
  public void encryptSigned(KeyChoice choice, InputStream source, OutputStream target, byte[] aad)
      throws IOException {
    encrypt(choice, source, target, aad, Optional.of(gate.self()));
  }

  private void encrypt(
      KeyChoice choice,
      InputStream source,
      OutputStream target,
      byte[] aad,
      Optional<UserId> sender)
      throws IOException {
    byte[] digest = SenderSignature.sha256(aad);
    KeyGate.Chosen chosen = gate.choose(choice, STREAMS);
    KeyId key = chosen.key();
    if (chosen.operation() == KeyOperation.ENCRYPT) {
      sealSegments(key, source, target, digest, sender);
      return;
    }
    // A stream has a data key of its own: nobody knows how much it will protect.
    try (DataKey dataKey =
        gate.use(
            key,
            KeyOperation.MAKE_DATA_KEY,
            (element, head) -> element.newDataKey(head, key, DATA_KEY_LENGTH, DATA_KEY_CONTEXT))) {
      EnvelopeHeader header =
          EnvelopeHeader.dataKey(HOST_SEGMENT, key, sender, salt(), dataKey.wrapped());
      try (DataKeySegments segments =
          new DataKeySegments(key, dataKey.key(), header.binding(digest))) {
        seal(header, segments, Bytes.copyOf(segments.commitment()), source, target, digest);
      }
    }
  }

  private void sealSegments(
      KeyId key, InputStream source, OutputStream target, byte[] aad, Optional<UserId> sender)
      throws IOException {
    EnvelopeHeader header = EnvelopeHeader.segments(ELEMENT_SEGMENT, key, sender, salt());
    ElementSegments segments =
        new ElementSegments(
            key,
            header.binding(aad),
            (data, text, out) ->
                gate.use(
                    key,
                    KeyOperation.ENCRYPT,
                    (element, head) -> {
                      element.encrypt(head, key, data, text, out);
                      return out;
                    }));
    seal(header, segments, NONE, source, target, aad);
  }

  private void seal(
      EnvelopeHeader header,
      SegmentCipher segments,
      Bytes commitment,
      InputStream source,
      OutputStream target,
      byte[] aad)
      throws IOException {
    byte[] start = header.encode();
    target.write(start);
    target.write(commitment.toByteArray());
    if (header.sender().isEmpty()) {
      SealingStream.copy(segments, header.segmentLength(), source, target);
      return;
    }
    MessageDigest body = SenderSignature.sha256();
    body.update(commitment.toByteArray());
    SealingStream.copy(
        new DigestedSegments(segments, body), header.segmentLength(), source, target);
    target.write(signatures.sign(start, aad, body.digest()).toByteArray());
  }

  /**
   * Opens an envelope of any length. What comes out is proved, segment by segment; that it is
   * whole, and who has sent it, is known when the end of the stream is reached. Where there is a
   * signature, the last segment does not come out before that is verified.
   *
   * @param source the envelope, from its first byte on; closed with the answer
   * @param aad associated data, as when it was made
   * @return the text; reading throws what {@link #decrypt(byte[], byte[])} does
   * @throws IOException if it is no envelope, is refused, or the element or the source fails
   */
  public InputStream decrypting(InputStream source, byte[] aad) throws IOException {
    PushbackInputStream in = new PushbackInputStream(source, EnvelopeHeader.MAX_LENGTH);
    byte[] start = in.readNBytes(EnvelopeHeader.MAX_LENGTH);
    ByteBuffer read = ByteBuffer.wrap(start);
    EnvelopeHeader header = EnvelopeHeader.read(read);
    in.unread(start, read.position(), read.remaining());
    byte[] digest = SenderSignature.sha256(aad);
    return header.kind() == EnvelopeKind.TEXT
        ? openLate(header, in, digest)
        : openSegments(header, in, digest, Optional.empty(), Envelopes::requireKnown);
  }

  /** A text as a whole has no segments: it is one. */
  private InputStream openLate(EnvelopeHeader header, InputStream source, byte[] aad)
      throws IOException {
    try (source) {
      byte[] body = source.readAllBytes();
      byte[] envelope = Arrays.copyOf(header.encode(), header.length() + body.length);
      System.arraycopy(body, 0, envelope, header.length(), body.length);
      if (body.length < SEALED + trailer(header)) {
        throw new EnvelopeFormatException(Reason.CUT_SHORT);
      }
      requireKnown(signatures.verify(header, envelope, aad));
      ByteBuffer text = ByteBuffer.allocate(body.length - SEALED - trailer(header));
      ByteBuffer sealed = ByteBuffer.wrap(body, 0, body.length - trailer(header));
      gate.use(
          header.key(),
          KeyOperation.DECRYPT,
          (element, head) -> {
            element.decrypt(
                head,
                header.key(),
                ByteBuffer.wrap(header.binding(aad)),
                sealed.duplicate(),
                text.duplicate());
            return text;
          });
      return new ByteArrayInputStream(text.array());
    } catch (DecryptionFailedException e) {
      throw new EnvelopeDamagedException(header.key(), 0, e);
    }
  }

  private OpeningStream openSegments(
      EnvelopeHeader header,
      InputStream source,
      byte[] aad,
      Optional<UseReason> reason,
      SenderCheck check)
      throws IOException {
    byte[] binding = header.binding(aad);
    KeyId key = header.key();
    SegmentCipher segments;
    byte[] commitment = new byte[0];
    if (header.kind() == EnvelopeKind.SEGMENTS) {
      segments =
          new ElementSegments(
              key,
              binding,
              (data, text, out) ->
                  gate.use(
                      key,
                      KeyOperation.DECRYPT,
                      reason,
                      (element, head) -> {
                        ByteBuffer target = out.duplicate(); // asked again, it begins anew
                        element.decrypt(head, key, data.duplicate(), text.duplicate(), target);
                        return out.position(target.position());
                      }));
    } else {
      commitment = source.readNBytes(DataKeySegments.COMMITMENT_LENGTH);
      if (commitment.length < DataKeySegments.COMMITMENT_LENGTH) {
        throw new EnvelopeFormatException(Reason.CUT_SHORT);
      }
      segments = openDataKey(header, binding, commitment, reason);
    }
    if (header.sender().isEmpty()) {
      return new OpeningStream(segments, header.segmentLength(), source, 0, none -> {});
    }
    MessageDigest body = SenderSignature.sha256();
    body.update(commitment);
    return new OpeningStream(
        new DigestedSegments(segments, body),
        header.segmentLength(),
        source,
        SenderSignature.LENGTH,
        signature ->
            check.found(signatures.verify(header, aad, body.digest(), Bytes.copyOf(signature))));
  }

  private static void requireKnown(Sender sender) throws UnknownSenderException {
    if (sender instanceof Sender.Unknown unknown) {
      throw new UnknownSenderException(unknown.user());
    }
  }

  private DataKeySegments openDataKey(
      EnvelopeHeader header, byte[] binding, byte[] commitment, Optional<UseReason> reason)
      throws IOException {
    KeyId key = header.key();
    DataKeySegments segments;
    try {
      segments =
          gate.use(
              key,
              KeyOperation.OPEN_DATA_KEY,
              reason,
              (element, head) -> {
                DataKeyCache.Source source =
                    () ->
                        new DataKey(
                            element.openDataKey(head, key, header.wrapped(), DATA_KEY_CONTEXT),
                            header.wrapped());
                // Each exceptional use is the element's to decide.
                boolean exceptional = head.acknowledgement() != null;
                try (DataKey dataKey =
                    exceptional
                        ? source.ask()
                        : dataKeys.take(
                            new DataKeyCache.Slot(key, Optional.of(header.wrapped())),
                            gate.directory(),
                            0,
                            source)) {
                  return new DataKeySegments(key, dataKey.key(), binding);
                }
              });
    } catch (DecryptionFailedException e) {
      throw new EnvelopeDamagedException(key, 0, e);
    }
    if (!MessageDigest.isEqual(segments.commitment(), commitment)) {
      segments.close();
      throw new EnvelopeDamagedException(key, 0, null);
    }
    return segments;
  }

  /**
   * Encrypts many texts by one key, which works inside the element, in one batch of commands.
   *
   * @param choice by which key, or for whom
   * @param texts what is protected, each in an envelope of its own
   * @param aad associated data of all of them
   * @return for each text its envelope, or why there is none
   * @throws IOException if all are refused, or the element fails
   */
  public List<EnvelopeAnswer> encryptAll(KeyChoice choice, List<byte[]> texts, byte[] aad)
      throws IOException {
    byte[] digest = SenderSignature.sha256(aad);
    return gate.protect(
        choice,
        List.of(KeyOperation.ENCRYPT),
        (element, head, chosen) -> {
          EnvelopeHeader header = EnvelopeHeader.text(chosen.key(), Optional.empty());
          byte[] start = header.encode();
          Bytes binding = Bytes.copyOf(header.binding(digest));
          List<SecretBytes> secrets = new ArrayList<>(texts.size());
          List<EnvelopeAnswer> answers = new ArrayList<>(texts.size());
          try {
            List<KeyRequest<Bytes>> requests = new ArrayList<>(texts.size());
            for (byte[] text : texts) {
              SecretBytes secret = SecretBytes.copyOf(text);
              secrets.add(secret);
              requests.add(KeyRequest.encrypt(chosen.key(), binding, secret));
            }
            for (KeyAnswer<Bytes> answer : batch(element, head, requests)) {
              if (answer instanceof KeyAnswer.Done<Bytes> done) {
                byte[] envelope = Arrays.copyOf(start, start.length + done.answer().length());
                done.answer().copyTo(envelope, start.length);
                answers.add(new EnvelopeAnswer.Done(envelope));
              } else {
                answers.add(
                    refused(chosen.key(), KeyOperation.ENCRYPT, (KeyAnswer.Refused<Bytes>) answer));
              }
            }
          } finally {
            secrets.forEach(SecretBytes::close);
          }
          return answers;
        });
  }

  /**
   * Opens many envelopes of single texts in one batch of commands, by as many keys as they name.
   *
   * @param envelopes each a text as a whole, not signed
   * @param aad associated data of all of them
   * @return for each envelope its text, or why there is none
   * @throws EnvelopeFormatException if one of them is no envelope, or of another kind; nothing was
   *     opened then
   * @throws IOException if the element fails
   */
  public List<EnvelopeAnswer> decryptAll(List<byte[]> envelopes, byte[] aad) throws IOException {
    byte[] digest = SenderSignature.sha256(aad);
    List<EnvelopeHeader> headers = new ArrayList<>(envelopes.size());
    List<KeyRequest<SecretBytes>> requests = new ArrayList<>(envelopes.size());
    for (byte[] envelope : envelopes) {
      ByteBuffer in = ByteBuffer.wrap(envelope);
      EnvelopeHeader header = EnvelopeHeader.read(in);
      if (header.kind() != EnvelopeKind.TEXT || header.sender().isPresent()) {
        throw new EnvelopeFormatException(Reason.KIND);
      }
      if (in.remaining() < SEALED) {
        throw new EnvelopeFormatException(Reason.CUT_SHORT);
      }
      headers.add(header);
      requests.add(
          KeyRequest.decrypt(
              header.key(),
              Bytes.copyOf(header.binding(digest)),
              Bytes.copyOf(envelope, in.position(), in.remaining())));
    }
    EnvelopeAnswer[] answers = new EnvelopeAnswer[envelopes.size()];
    List<KeyRequest<SecretBytes>> permitted = new ArrayList<>(envelopes.size());
    List<Integer> places = new ArrayList<>(envelopes.size());
    for (int i = 0; i < requests.size(); i++) {
      try {
        gate.require(headers.get(i).key(), KeyOperation.DECRYPT);
        permitted.add(requests.get(i));
        places.add(i);
      } catch (StrongroomException e) {
        answers[i] = new EnvelopeAnswer.Failed(e);
      }
    }
    List<KeyAnswer<SecretBytes>> opened =
        batch(gate.session().keys().use(), gate.head(), permitted);
    for (int i = 0; i < opened.size(); i++) {
      int place = places.get(i);
      KeyId key = headers.get(place).key();
      if (opened.get(i) instanceof KeyAnswer.Done<SecretBytes> done) {
        try (SecretBytes text = done.answer()) {
          answers[place] = new EnvelopeAnswer.Done(text.use(byte[]::clone));
        }
      } else {
        answers[place] =
            refused(key, KeyOperation.DECRYPT, (KeyAnswer.Refused<SecretBytes>) opened.get(i));
      }
    }
    return List.of(answers);
  }

  private static <R> List<KeyAnswer<R>> batch(
      KeyUseCommands element, KeyUseHead head, List<KeyRequest<R>> requests) throws IOException {
    return requests.isEmpty() ? List.of() : element.batch(head, requests);
  }

  private <R> EnvelopeAnswer refused(
      KeyId key, KeyOperation operation, KeyAnswer.Refused<R> answer) {
    if (answer.error() instanceof KeyRefusedException refused) {
      return new EnvelopeAnswer.Failed(gate.refused(key, operation, refused));
    }
    return new EnvelopeAnswer.Failed(
        answer.error() instanceof DecryptionFailedException failed
            ? new EnvelopeDamagedException(key, 0, failed)
            : answer.error());
  }

  /**
   * Brings an envelope to another key of the same group, inside the element: nothing of the text is
   * seen outside. The old envelope stays as it is.
   *
   * @param envelope the whole envelope, not signed unless a data key protects it
   * @param to the new key, of the same group and usage
   * @param aad associated data, as when it was made
   * @return the envelope under the new key
   * @throws SignedEnvelopeException if its sender's signature would no longer be right
   * @throws EnvelopeFormatException if it is no envelope, or cut short
   * @throws EnvelopeDamagedException if it, or the associated data, was changed
   * @throws IOException if it is refused, or the element fails
   */
  public byte[] rewrap(byte[] envelope, KeyId to, byte[] aad) throws IOException {
    return rewrap(envelope, to, aad, Optional.empty());
  }

  /**
   * Brings an envelope to another key of the same group, away from one that is suspended or past
   * its period, if the key permits that to who says why.
   *
   * @param envelope the whole envelope
   * @param to the new key
   * @param aad associated data, as when it was made
   * @param reason why
   * @return the envelope under the new key
   * @throws IOException as {@link #rewrap(byte[], KeyId, byte[])} does
   */
  public byte[] rewrap(byte[] envelope, KeyId to, byte[] aad, UseReason reason) throws IOException {
    return rewrap(envelope, to, aad, Optional.of(reason));
  }

  private byte[] rewrap(byte[] envelope, KeyId to, byte[] aad, Optional<UseReason> reason)
      throws IOException {
    ByteBuffer in = ByteBuffer.wrap(envelope);
    EnvelopeHeader header = EnvelopeHeader.read(in);
    if (header.sender().isPresent()) {
      throw new SignedEnvelopeException(header.sender().get());
    }
    byte[] binding = header.binding(SenderSignature.sha256(aad));
    byte[] rewrapped = new byte[envelope.length];
    ByteBuffer out = ByteBuffer.wrap(rewrapped);
    try {
      switch (header.kind()) {
        case TEXT -> {
          out.put(header.rewrapped(to, NONE).encode());
          if (in.remaining() < SEALED) {
            throw new EnvelopeFormatException(Reason.CUT_SHORT);
          }
          rewrapText(header.key(), to, reason, ByteBuffer.wrap(binding), in, out);
        }
        case DATA_KEY -> {
          Bytes wrapped =
              gate.use(
                  header.key(),
                  KeyOperation.REWRAP,
                  reason,
                  (element, head) ->
                      element.rewrapDataKey(
                          head, header.key(), to, header.wrapped(), DATA_KEY_CONTEXT));
          out.put(header.rewrapped(to, wrapped).encode()).put(in);
        }
        case SEGMENTS -> {
          out.put(header.rewrapped(to, NONE).encode());
          rewrapSegments(header, to, reason, binding, in, out);
        }
      }
    } catch (DecryptionFailedException e) {
      throw new EnvelopeDamagedException(header.key(), 0, e);
    }
    return rewrapped;
  }

  private void rewrapSegments(
      EnvelopeHeader header,
      KeyId to,
      Optional<UseReason> reason,
      byte[] binding,
      ByteBuffer in,
      ByteBuffer out)
      throws IOException {
    ElementSegments segments =
        new ElementSegments(
            header.key(),
            binding,
            (data, text, target) -> rewrapText(header.key(), to, reason, data, text, target));
    int length = header.segmentLength() + segments.overhead();
    for (long counter = 0; in.hasRemaining() || counter == 0; counter++) {
      Place place = in.remaining() > length ? Place.INNER : Place.LAST;
      int here = Math.min(length, in.remaining());
      if (here < segments.overhead()) {
        throw new EnvelopeFormatException(Reason.CUT_SHORT);
      }
      ByteBuffer part = in.duplicate().limit(in.position() + here);
      segments.open(counter, place, part, out);
      in.position(in.position() + here);
    }
  }

  private void rewrapText(
      KeyId from,
      KeyId to,
      Optional<UseReason> reason,
      ByteBuffer binding,
      ByteBuffer text,
      ByteBuffer out)
      throws IOException {
    gate.use(
        from,
        KeyOperation.REWRAP,
        reason,
        (element, head) -> {
          ByteBuffer target = out.duplicate(); // asked again, it begins anew
          element.rewrapText(head, from, to, binding.duplicate(), text.duplicate(), target);
          return out.position(target.position());
        });
  }
}
