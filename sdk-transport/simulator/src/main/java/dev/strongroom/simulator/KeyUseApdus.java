// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.AgreementSide;
import dev.strongroom.core.device.DataKey;
import dev.strongroom.core.device.DeviceException;
import dev.strongroom.core.device.ElementStateException;
import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.core.device.KeyStoreProtocol;
import dev.strongroom.core.device.KeyUseHead;
import dev.strongroom.core.device.KeyWrapForm;
import dev.strongroom.core.device.SecurityStatusException;
import dev.strongroom.core.device.StatusWordTable;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.simulator.keystore.GcmKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The use of managed keys as a card takes it, {@code docs/spec/key-store.md}, 9, instructions B2 to
 * BC: whole texts, texts in parts, and batches.
 *
 * <p>Thread safety: confined, as the dispatcher.
 */
final class KeyUseApdus {

  private static final byte[] NOTHING = {};

  private final ElementChannel channel;
  private final ElementKeyUse use;
  private @Nullable KeyPartsApdus parts;

  KeyUseApdus(ElementChannel channel) {
    this.channel = channel;
    this.use = channel.keyUse();
  }

  /** A text, or a part of one. */
  byte[] text(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    CommandData in = new CommandData(data);
    switch (command.p2()) {
      case KeyStoreProtocol.P2_WHOLE -> {
        endParts();
        return whole(command.ins(), command.p1(), head(in), in);
      }
      case KeyStoreProtocol.P2_FIRST -> {
        endParts();
        KeyPartsApdus begun = KeyPartsApdus.begin(use, command, head(in), in);
        parts = begun;
        return begun.first();
      }
      case KeyStoreProtocol.P2_NEXT, KeyStoreProtocol.P2_LAST -> {
        KeyPartsApdus going = parts;
        if (going == null || !going.isOf(command)) {
          endParts();
          throw new Refusal(StatusWord.CONDITIONS_NOT_SATISFIED);
        }
        if (command.p2() == KeyStoreProtocol.P2_NEXT) {
          return going.next(in.restPart());
        }
        parts = null;
        try (going) {
          return going.last(in.restPart());
        }
      }
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    }
  }

  /** What has no parts. */
  byte[] whole(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    endParts();
    Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
    CommandData in = new CommandData(data);
    return whole(command.ins(), command.p1(), head(in), in);
  }

  /** Every other command of the key store ends a text in parts. */
  void endParts() {
    KeyPartsApdus going = parts;
    parts = null;
    if (going != null) {
      going.close();
    }
  }

  byte[] batch(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    endParts();
    CommandData in = new CommandData(data);
    KeyUseHead head = head(in);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    KeyRefusal refusal = null;
    for (int item = 0; in.hasMore(); item++) {
      CommandData each = new CommandData(in.counted().toByteArray());
      byte[] answer = NOTHING;
      StatusWord status;
      try {
        answer = whole(command.p1(), command.p2(), head, each);
        status = StatusWord.SUCCESS;
      } catch (KeyRefusedException e) {
        refusal = e.refusal().at(item);
        answer = refusal.encode().toByteArray();
        status = StatusWordTable.status(e);
      } catch (Refusal e) {
        status = e.status();
      } catch (DeviceException e) {
        if (e instanceof SecurityStatusException || e instanceof ElementStateException) {
          throw e;
        }
        status = StatusWordTable.status(e);
      }
      put(out, status, answer);
    }
    if (refusal != null) {
      channel.remember(refusal);
    }
    return out.toByteArray();
  }

  private static void put(ByteArrayOutputStream out, StatusWord status, byte[] answer) {
    out.write(status.value() >>> 8);
    out.write(status.value());
    out.write(answer.length >>> 8);
    out.write(answer.length);
    out.writeBytes(answer);
    Arrays.fill(answer, (byte) 0);
  }

  private byte[] whole(int ins, int p1, KeyUseHead head, CommandData in)
      throws Refusal, StrongroomException {
    try {
      return switch (ins) {
        case KeyStoreProtocol.INS_CIPHER -> cipher(p1, head, in);
        case KeyStoreProtocol.INS_MAC -> mac(p1, head, in);
        case KeyStoreProtocol.INS_PRIVATE_KEY -> privateKey(p1, head, in);
        case KeyStoreProtocol.INS_WRAPPING -> wrapping(p1, head, in);
        case KeyStoreProtocol.INS_REWRAP -> rewrap(p1, head, in);
        default -> throw new Refusal(StatusWord.WRONG_P1_P2);
      };
    } catch (IllegalArgumentException e) {
      throw new Refusal(StatusWord.WRONG_DATA);
    }
  }

  /** Time and acknowledgement. */
  private static KeyUseHead head(CommandData in) throws Refusal {
    ElementTime time = new ElementTime(in.u32());
    int length = in.u8();
    Refusal.unless(
        length == 0 || length == KeyStoreProtocol.ACKNOWLEDGEMENT_LENGTH, StatusWord.WRONG_DATA);
    return new KeyUseHead(time, length == 0 ? null : in.bytes(length));
  }

  private byte[] cipher(int p1, KeyUseHead head, CommandData in)
      throws Refusal, StrongroomException {
    KeyId key = KeyStoreApdus.keyId(in);
    ByteBuffer aad = in.part(in.u16());
    ByteBuffer text = in.restPart();
    if (p1 == KeyStoreProtocol.P1_ENCRYPT) {
      ByteBuffer target = ByteBuffer.allocate(text.remaining() + GcmKey.OVERHEAD);
      use.encrypt(head, key, aad, text, target);
      return target.array();
    }
    Refusal.unless(p1 == KeyStoreProtocol.P1_DECRYPT, StatusWord.WRONG_P1_P2);
    ByteBuffer target = ByteBuffer.allocate(requireSealed(text));
    use.decrypt(head, key, aad, text, target);
    return target.array();
  }

  private byte[] mac(int p1, KeyUseHead head, CommandData in) throws Refusal, StrongroomException {
    KeyId key = KeyStoreApdus.keyId(in);
    ByteBuffer mac = in.part(in.u8());
    ByteBuffer message = in.restPart();
    if (p1 == KeyStoreProtocol.P1_MAKE_MAC) {
      Refusal.unless(!mac.hasRemaining(), StatusWord.WRONG_DATA);
      ByteBuffer target = ByteBuffer.allocate(KeyStoreProtocol.MAX_MAC_LENGTH);
      use.makeMac(head, key, message, target);
      return Arrays.copyOf(target.array(), target.position());
    }
    Refusal.unless(p1 == KeyStoreProtocol.P1_VERIFY_MAC, StatusWord.WRONG_P1_P2);
    Refusal.unless(use.verifyMac(head, key, mac, message), StatusWord.WRONG_DATA);
    return NOTHING;
  }

  private byte[] privateKey(int p1, KeyUseHead head, CommandData in)
      throws Refusal, StrongroomException {
    KeyId key = KeyStoreApdus.keyId(in);
    if (p1 == KeyStoreProtocol.P1_SIGN) {
      return use.sign(head, key, in.restPart()).toByteArray();
    }
    Refusal.unless(p1 == KeyStoreProtocol.P1_AGREE, StatusWord.WRONG_P1_P2);
    AgreementSide side =
        AgreementSide.of(in.u8()).orElseThrow(() -> new Refusal(StatusWord.WRONG_DATA));
    return IdentityApdus.taken(use.agree(head, key, side, in.rest()));
  }

  private byte[] wrapping(int p1, KeyUseHead head, CommandData in)
      throws Refusal, StrongroomException {
    KeyId key = KeyStoreApdus.keyId(in);
    switch (p1) {
      case KeyStoreProtocol.P1_WRAP -> {
        KeyWrapForm form = form(in);
        try (SecretBytes value = in.secret()) {
          return use.wrap(head, key, form, value).toByteArray();
        }
      }
      case KeyStoreProtocol.P1_UNWRAP -> {
        return IdentityApdus.taken(use.unwrap(head, key, form(in), in.rest()));
      }
      case KeyStoreProtocol.P1_NEW_DATA_KEY -> {
        int length = in.u8();
        try (DataKey made = use.newDataKey(head, key, length, in.rest())) {
          byte[] answer = new byte[length + made.wrapped().length()];
          made.key().copyTo(answer, 0);
          made.wrapped().copyTo(answer, length);
          return answer;
        }
      }
      case KeyStoreProtocol.P1_OPEN_DATA_KEY -> {
        Bytes wrapped = in.bytes(in.u8());
        return IdentityApdus.taken(use.openDataKey(head, key, wrapped, in.rest()));
      }
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    }
  }

  private static KeyWrapForm form(CommandData in) throws Refusal {
    return KeyWrapForm.of(in.u8()).orElseThrow(() -> new Refusal(StatusWord.WRONG_DATA));
  }

  private byte[] rewrap(int p1, KeyUseHead head, CommandData in)
      throws Refusal, StrongroomException {
    KeyId from = KeyStoreApdus.keyId(in);
    KeyId to = KeyStoreApdus.keyId(in);
    switch (p1) {
      case KeyStoreProtocol.P1_REWRAP_TEXT -> {
        ByteBuffer aad = in.part(in.u16());
        ByteBuffer text = in.restPart();
        requireSealed(text);
        ByteBuffer target = ByteBuffer.allocate(text.remaining());
        use.rewrapText(head, from, to, aad, text, target);
        return target.array();
      }
      case KeyStoreProtocol.P1_REWRAP_DATA_KEY -> {
        Bytes wrapped = in.bytes(in.u8());
        return use.rewrapDataKey(head, from, to, wrapped, in.rest()).toByteArray();
      }
      case KeyStoreProtocol.P1_REWRAP_FILE_KEY -> {
        return use.rewrapFileKey(head, from, to, in.rest()).toByteArray();
      }
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    }
  }

  /** How long the text is. */
  private static int requireSealed(ByteBuffer text) throws Refusal {
    Refusal.unless(text.remaining() >= GcmKey.OVERHEAD, StatusWord.WRONG_DATA);
    return text.remaining() - GcmKey.OVERHEAD;
  }
}
