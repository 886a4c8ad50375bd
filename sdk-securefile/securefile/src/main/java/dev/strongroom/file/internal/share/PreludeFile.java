// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.share.Recipient;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two copies of the prelude in a transient file: finds the one that counts, and writes both.
 *
 * <p>Thread safety: stateless.
 */
final class PreludeFile {

  /**
   * An authentic prelude.
   *
   * @param copy what stands in the file
   * @param sender the card that it is signed with
   * @param fileLength length of the whole file
   * @param position where the copy stands
   */
  record Found(Prelude.Copy copy, ElementCard sender, long fileLength, long position) {

    /** Where the other copy stands, which does not count, or not more. */
    long otherPosition() {
      return position == 0 ? prelude().length() : 0;
    }

    Prelude prelude() {
      return copy.prelude();
    }

    TransientInfo info() {
      Prelude prelude = prelude();
      List<Recipient> recipients =
          prelude.recipients().stream()
              .map(each -> new Recipient(each.keyId(), each.suite(), each.counter()))
              .toList();
      return new TransientInfo(
          prelude.transientId(),
          prelude.outboxId(),
          sender,
          prelude.created(),
          prelude.expires(),
          prelude.revision(),
          fileLength,
          recipients);
    }
  }

  private final StoreFile file;
  private final String name;
  private @Nullable FormatVersionException later;
  private String problem =
      "there is none; this is no file that send has made, or its beginning is lost";

  private PreludeFile(StoreFile file, String name) {
    this.file = file;
    this.name = name;
  }

  /**
   * Finds the copy that counts.
   *
   * @param file the transient file
   * @param name its name, for messages
   * @return the authentic copy of the highest revision
   * @throws IntegrityException if there is none
   * @throws FormatVersionException if a later release wrote it
   * @throws IOException if it cannot be read
   */
  static Found read(StoreFile file, String name) throws IOException {
    return new PreludeFile(file, name).find();
  }

  private Found find() throws IOException {
    int length = Prelude.lengthOf(read(0, Prelude.START));
    Found first = length < 0 ? null : copy(0, length, 0);
    // A damaged first copy may lie about where the second one is.
    Found second = first != null ? copy(length, length, first.prelude().revision()) : scan();
    if (first != null || second != null) {
      return java.util.Objects.requireNonNull(second != null ? second : first);
    }
    if (later != null) {
      throw later;
    }
    throw new IntegrityException(name, "prelude", -1, -1, -1, problem);
  }

  private @Nullable Found scan() throws IOException {
    for (int at = Prelude.BLOCK; at <= Prelude.MAX_LENGTH; at += Prelude.BLOCK) {
      byte[] start = read(at, Prelude.START);
      Found found = Prelude.lengthOf(start) == at ? copy(at, at, 0) : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private byte[] read(long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    file.read(position, bytes, 0, length);
    return bytes;
  }

  /** A copy, if it counts and is of a later revision than the other one. */
  private @Nullable Found copy(long position, int length, int known) throws IOException {
    try {
      Prelude.Copy copy = Prelude.parse(name, read(position, length));
      if (copy.prelude().revision() <= known) {
        return null;
      }
      ElementCard sender = ElementCard.parse(copy.prelude().card());
      if (!IdentitySignature.verifies(
          sender.signingKey(),
          SignaturePurpose.TRANSIENT_FILE,
          copy.signed().toByteArray(),
          copy.signature())) {
        throw new FileHeader.Refused("the signature does not match");
      }
      String wrong = Prelude.requireKnown(name, copy);
      if (wrong != null) {
        throw new FileHeader.Refused(wrong);
      }
      return new Found(copy, sender, file.size(), position);
    } catch (FormatVersionException e) {
      later = e;
    } catch (FileHeader.Refused e) {
      problem = String.valueOf(e.getMessage());
    } catch (IllegalArgumentException e) {
      problem = "the sender's card does not count: " + e.getMessage();
    }
    return null;
  }

  /** Signs a prelude; answers a whole copy. */
  static byte[] sign(ElementSession session, Prelude prelude, TransientKey key)
      throws StrongroomException {
    byte[] head = prelude.encode();
    byte[] signed = Arrays.copyOf(head, head.length + MacKey.LENGTH);
    try (MacKey mac = key.preludeMac()) {
      System.arraycopy(mac.mac(head, 0, head.length), 0, signed, head.length, MacKey.LENGTH);
    }
    Bytes signature = session.sign(SignaturePurpose.TRANSIENT_FILE, signed);
    byte[] copy = Arrays.copyOf(signed, prelude.length());
    signature.copyTo(copy, signed.length);
    return copy;
  }

  /** Throws if who signed the prelude did not know the file's key. */
  static void requireMac(String name, Found found, TransientKey key) throws IntegrityException {
    try (MacKey mac = key.preludeMac()) {
      if (!found.copy().isAuthentic(mac)) {
        throw new IntegrityException(
            name, "prelude", -1, -1, -1, "who signed it did not know the file's key");
      }
    }
  }
}
