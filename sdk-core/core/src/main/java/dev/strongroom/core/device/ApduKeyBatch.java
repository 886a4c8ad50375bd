// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.keys.KeyRefusal;
import dev.strongroom.core.transport.FrameException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Batches of uses by APDUs, {@code docs/spec/key-store.md}, 9.4, in as few commands as hold them.
 *
 * <p>Thread safety: as the channel.
 */
final class ApduKeyBatch {

  private static final int LENGTH_FIELD = 2;
  private static final int ANSWER_HEAD = 2 + LENGTH_FIELD;

  private final KeyChannel channel;
  private final ApduKeyStore store;
  private final KeyUseCommands alone;

  /**
   * Begins.
   *
   * @param alone for requests that are too long for a batch
   */
  ApduKeyBatch(KeyChannel channel, ApduKeyStore store, KeyUseCommands alone) {
    this.channel = channel;
    this.store = store;
    this.alone = alone;
  }

  <R> List<KeyAnswer<R>> execute(KeyUseHead head, List<KeyRequest<R>> requests)
      throws StrongroomException {
    List<KeyAnswer<R>> answers = new ArrayList<>(requests.size());
    try {
      while (answers.size() < requests.size()) {
        int from = answers.size();
        int count = fitting(head, requests.subList(from, requests.size()));
        if (count == 0) {
          answers.add(requests.get(from).answer(alone, head, from));
        } else {
          send(head, requests.subList(from, from + count), answers);
        }
      }
      return answers;
    } catch (StrongroomException | RuntimeException e) {
      answers.forEach(ApduKeyBatch::close);
      throw e;
    }
  }

  /** How many requests, from the first on, go into one command. */
  private static int fitting(KeyUseHead head, List<? extends KeyRequest<?>> requests) {
    int data = head.length();
    int answer = 0;
    int count = 0;
    for (KeyRequest<?> request : requests) {
      data += LENGTH_FIELD + request.length();
      answer += ANSWER_HEAD + Math.max(KeyRefusal.LENGTH, request.answerLength());
      if (data > ElementProtocol.MAX_DATA || answer > ElementProtocol.MAX_DATA) {
        break;
      }
      count++;
    }
    return count;
  }

  private <R> void send(KeyUseHead head, List<KeyRequest<R>> requests, List<KeyAnswer<R>> answers)
      throws StrongroomException {
    int length = head.length();
    for (KeyRequest<R> request : requests) {
      length += LENGTH_FIELD + request.length();
    }
    ByteBuffer data = ByteBuffer.allocate(length);
    head.put(data);
    for (KeyRequest<R> request : requests) {
      data.putShort((short) request.length());
      request.put(data);
    }
    byte[] answer =
        channel.send(
            KeyStoreProtocol.INS_BATCH,
            requests.get(0).ins(),
            requests.get(0).p1(),
            data.array(),
            ElementProtocol.MAX_DATA);
    try {
      ByteBuffer in = ByteBuffer.wrap(answer);
      for (KeyRequest<R> request : requests) {
        answers.add(read(request, in, answers.size()));
      }
      if (in.hasRemaining()) {
        throw new FrameException(in.remaining() + " bytes too many in the answer to a batch");
      }
    } catch (BufferUnderflowException e) {
      throw new FrameException("the answer to a batch is cut short", e);
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  private <R> KeyAnswer<R> read(KeyRequest<R> request, ByteBuffer in, int item)
      throws StrongroomException {
    StatusWord status = new StatusWord(in.getShort() & 0xFFFF);
    byte[] answer = new byte[in.getShort() & 0xFFFF];
    in.get(answer);
    try {
      if (status.isSuccess()) {
        return new KeyAnswer.Done<>(request.read(answer));
      }
      if (status.value() == ElementProtocol.SW_REFUSED) {
        KeyRefusal refusal =
            ApduIdentity.parse(answer, "a refusal is malformed", KeyRefusal::parse);
        return new KeyAnswer.Refused<>(KeyRefusedException.of(refusal.at(item)));
      }
      return refused(request, status);
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  private <R> KeyAnswer<R> refused(KeyRequest<R> request, StatusWord status)
      throws StrongroomException {
    DeviceException error = StatusWordTable.exception(request.ins(), Role.USER, status);
    if (!(error instanceof StatusWordException other)) {
      return new KeyAnswer.Refused<>(error);
    }
    Optional<R> mismatch = request.mismatch(other);
    return mismatch.isPresent()
        ? new KeyAnswer.Done<>(mismatch.get())
        : new KeyAnswer.Refused<>(request.error(other, store));
  }

  private static void close(KeyAnswer<?> answer) {
    if (answer instanceof KeyAnswer.Done<?> done && done.answer() instanceof AutoCloseable secret) {
      try {
        secret.close();
      } catch (Exception e) {
        throw new IllegalStateException("a secret could not be zeroed", e);
      }
    }
  }
}
