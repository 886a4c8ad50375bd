// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.CommandApdu;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.ManagedFileKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GRUB as a card takes it, {@code docs/spec/element-protocol.md}, 2.4 and 2.5.
 *
 * <p>Thread safety: confined, as the dispatcher.
 */
final class GrubApdus {

  private static final Bytes NO_RND = Bytes.copyOf(new byte[GrubRequest.RND_LENGTH]);
  private static final int LENGTH_FIELD = 2;

  private final ElementChannel channel;

  GrubApdus(ElementChannel channel) {
    this.channel = channel;
  }

  byte[] grub(CommandApdu command, byte[] data) throws Refusal, StrongroomException {
    boolean wrapped = command.p2() == ElementProtocol.P2_WRAPPED;
    return switch (command.p1()) {
      case ElementProtocol.P1_FILE_SCOPE -> {
        Refusal.unless(command.p2() == 0, StatusWord.WRONG_P1_P2);
        yield fileKeys(new CommandData(data));
      }
      case ElementProtocol.P1_PAGE_SCOPE -> {
        Refusal.unless(command.p2() == 0 || wrapped, StatusWord.WRONG_P1_P2);
        yield pageKeys(new CommandData(data), wrapped);
      }
      default -> throw new Refusal(StatusWord.WRONG_P1_P2);
    };
  }

  private byte[] fileKeys(CommandData in) throws Refusal, StrongroomException {
    Bytes volume = in.bytes(ElementProtocol.VOLUME_ID_LENGTH);
    List<GrubRequest> requests = new ArrayList<>();
    int most = 0;
    do {
      Refusal.unless(requests.size() < ElementProtocol.MAX_BATCH, StatusWord.WRONG_LENGTH);
      GrubRequest request = item(in);
      requests.add(request);
      most +=
          ElementProtocol.ANSWER_LENGTH
              + (isNewKey(request) ? LENGTH_FIELD + ManagedFileKey.MAX_WRAPPED : 0);
    } while (in.hasMore());
    Refusal.unless(most <= ElementProtocol.MAX_DATA, StatusWord.WRONG_LENGTH);
    List<Grub> grubs = channel.grub(volume, requests);
    byte[] answer = new byte[grubs.stream().mapToInt(GrubApdus::answerLength).sum()];
    int at = 0;
    for (Grub grub : grubs) {
      try (grub) {
        at = put(grub, answer, at);
      }
    }
    return answer;
  }

  private static boolean isNewKey(GrubRequest request) {
    ManagedFileKey key = request.fileKey();
    return key != null && key.wrapped() == null;
  }

  private static int answerLength(Grub grub) {
    Bytes wrapped = grub.wrapped();
    return ElementProtocol.ANSWER_LENGTH + (wrapped == null ? 0 : LENGTH_FIELD + wrapped.length());
  }

  /** Gives where the next answer begins. */
  private static int put(Grub grub, byte[] answer, int at) {
    grub.rnd().copyTo(answer, at);
    grub.enc().copyTo(answer, at + 16);
    grub.sig().copyTo(answer, at + 48);
    grub.randomness().copyTo(answer, at + 80);
    int end = at + ElementProtocol.ANSWER_LENGTH;
    Bytes wrapped = grub.wrapped();
    if (wrapped == null) {
      return end;
    }
    answer[end] = (byte) (wrapped.length() >>> 8);
    answer[end + 1] = (byte) wrapped.length();
    wrapped.copyTo(answer, end + LENGTH_FIELD);
    return end + LENGTH_FIELD + wrapped.length();
  }

  private static GrubRequest item(CommandData in) throws Refusal {
    int type = in.u8();
    Bytes uid = in.bytes(GrubRequest.UID_LENGTH);
    Bytes rnd = in.bytes(GrubRequest.RND_LENGTH);
    int epoch = (int) in.u32();
    return switch (type) {
      case ElementProtocol.ITEM_EXISTING -> new GrubRequest(uid, rnd, epoch);
      case ElementProtocol.ITEM_NEW -> {
        Refusal.unless(rnd.equals(NO_RND), StatusWord.WRONG_DATA);
        yield new GrubRequest(uid, null, epoch);
      }
      case ElementProtocol.ITEM_WRAPPED -> new GrubRequest(uid, rnd, epoch, fileKey(in));
      case ElementProtocol.ITEM_NEW_WRAPPED -> {
        Bytes key = KeyStoreApdus.keyId(in).bytes();
        yield new GrubRequest(
            uid, rnd.equals(NO_RND) ? null : rnd, epoch, ManagedFileKey.create(key));
      }
      default -> throw new Refusal(StatusWord.WRONG_DATA);
    };
  }

  private static ManagedFileKey fileKey(CommandData in) throws Refusal {
    Bytes key = KeyStoreApdus.keyId(in).bytes();
    ManagedFileKey.Intent intent =
        switch (in.u8()) {
          case 0 -> ManagedFileKey.Intent.READ;
          case 1 -> ManagedFileKey.Intent.WRITE;
          case 2 -> ManagedFileKey.Intent.READ_ACKNOWLEDGED;
          default -> throw new Refusal(StatusWord.WRONG_DATA);
        };
    Bytes wrapped = in.counted();
    Refusal.unless(
        wrapped.length() >= 1 && wrapped.length() <= ManagedFileKey.MAX_WRAPPED,
        StatusWord.WRONG_DATA);
    return new ManagedFileKey(key, wrapped, intent);
  }

  private byte[] pageKeys(CommandData in, boolean wrapped) throws Refusal, StrongroomException {
    Bytes volume = in.bytes(ElementProtocol.VOLUME_ID_LENGTH);
    Bytes uid = in.bytes(GrubRequest.UID_LENGTH);
    Bytes rnd = in.bytes(GrubRequest.RND_LENGTH);
    int epoch = (int) in.u32();
    long first = in.u64();
    int count = in.u16();
    @Nullable ManagedFileKey key = wrapped ? fileKey(in) : null;
    in.end();
    Refusal.unless(
        count >= 1
            && count <= ElementProtocol.MAX_BATCH
            && first >= 0
            && first <= Long.MAX_VALUE - count,
        StatusWord.WRONG_DATA);
    byte[] answer = new byte[count * ElementProtocol.PAGE_KEY_LENGTH];
    int at = 0;
    GrubRequest file = new GrubRequest(uid, rnd, epoch, key);
    for (SecretBytes each : channel.pageGrub(volume, file, first, count)) {
      try (each) {
        each.copyTo(answer, at);
      }
      at += ElementProtocol.PAGE_KEY_LENGTH;
    }
    return answer;
  }
}
