// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.transport.FrameException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of GRUB: items of a batch, their answers, and what is asked for pages.
 *
 * <p>Byte tables: {@code docs/spec/element-protocol.md}, 2.4 and 2.5.
 *
 * <p>Thread safety: immutable.
 */
final class GrubItems {

  private static final int LENGTH_FIELD = 2;

  private final List<GrubRequest> requests;

  GrubItems(List<GrubRequest> requests) {
    this.requests = requests;
  }

  /** Length of one item in bytes. */
  static int length(GrubRequest request) {
    ManagedFileKey key = request.fileKey();
    return ElementProtocol.ITEM_LENGTH
        + (key == null
            ? 0
            : key.wrapped() == null ? ManagedFileKey.KEY_ID_LENGTH : wrappedLength(key));
  }

  /** Most bytes of the answer to one item. */
  static int answerLength(GrubRequest request) {
    return ElementProtocol.ANSWER_LENGTH
        + (isNewKey(request) ? LENGTH_FIELD + ManagedFileKey.MAX_WRAPPED : 0);
  }

  /**
   * How many of the requests, from the first on, go into one command.
   *
   * @param most the element's limit
   */
  static int fitting(List<GrubRequest> requests, int most) {
    int data = ElementProtocol.VOLUME_ID_LENGTH;
    int answer = 0;
    int count = 0;
    for (GrubRequest request : requests) {
      data += length(request);
      answer += answerLength(request);
      if (count == most || data > ElementProtocol.MAX_DATA || answer > ElementProtocol.MAX_DATA) {
        break;
      }
      count++;
    }
    return count;
  }

  int answerLength() {
    return requests.stream().mapToInt(GrubItems::answerLength).sum();
  }

  byte[] encode(Bytes volume) {
    int length =
        ElementProtocol.VOLUME_ID_LENGTH + requests.stream().mapToInt(GrubItems::length).sum();
    ByteBuffer out = ByteBuffer.allocate(length).put(volume.toByteArray());
    for (GrubRequest request : requests) {
      ManagedFileKey key = request.fileKey();
      Bytes rnd = request.rnd();
      out.put((byte) type(request)).put(request.uid().toByteArray());
      out.put(rnd == null ? new byte[GrubRequest.RND_LENGTH] : rnd.toByteArray());
      out.putInt(request.epoch());
      if (key != null && key.wrapped() == null) {
        out.put(key.keyId().toByteArray());
      } else if (key != null) {
        put(out, key);
      }
    }
    return out.array();
  }

  private static int type(GrubRequest request) {
    if (request.fileKey() != null) {
      return isNewKey(request) ? ElementProtocol.ITEM_NEW_WRAPPED : ElementProtocol.ITEM_WRAPPED;
    }
    return request.rnd() == null ? ElementProtocol.ITEM_NEW : ElementProtocol.ITEM_EXISTING;
  }

  private static boolean isNewKey(GrubRequest request) {
    ManagedFileKey key = request.fileKey();
    return key != null && key.wrapped() == null;
  }

  private static int wrappedLength(ManagedFileKey key) {
    Bytes wrapped = key.wrapped();
    return ElementProtocol.WRAPPED_HEAD_LENGTH + (wrapped == null ? 0 : wrapped.length());
  }

  private static void put(ByteBuffer out, ManagedFileKey key) {
    Bytes wrapped = key.wrapped();
    if (wrapped == null) {
      throw new IllegalArgumentException("the file has its file key before its pages have keys");
    }
    out.put(key.keyId().toByteArray()).put((byte) key.intent().number());
    out.putShort((short) wrapped.length()).put(wrapped.toByteArray());
  }

  /** The answers, in order. */
  List<Grub> decode(byte[] answer) throws FrameException {
    List<Grub> grubs = new ArrayList<>(requests.size());
    try {
      int at = 0;
      for (GrubRequest request : requests) {
        at = decode(request, answer, at, grubs);
      }
      if (at != answer.length) {
        throw new FrameException(answer.length + " bytes instead of " + at);
      }
      return grubs;
    } catch (FrameException | RuntimeException e) {
      grubs.forEach(Grub::close);
      throw e;
    }
  }

  /** One answer; where the next one begins. */
  private static int decode(GrubRequest request, byte[] answer, int at, List<Grub> target)
      throws FrameException {
    int end = require(answer, at + ElementProtocol.ANSWER_LENGTH);
    Bytes wrapped = null;
    if (isNewKey(request)) {
      int begin = require(answer, end + LENGTH_FIELD);
      int length = ByteBuffer.wrap(answer).getShort(end) & 0xFFFF;
      if (length < 1 || length > ManagedFileKey.MAX_WRAPPED) {
        throw new FrameException("a wrapped file key of " + length + " bytes");
      }
      end = require(answer, begin + length);
      wrapped = Bytes.copyOf(answer, begin, length);
    }
    target.add(
        new Grub(
            Bytes.copyOf(answer, at, GrubRequest.RND_LENGTH),
            SecretBytes.copyOf(answer, at + 16, Grub.SECRET_LENGTH),
            SecretBytes.copyOf(answer, at + 48, Grub.SECRET_LENGTH),
            SecretBytes.copyOf(answer, at + 80, Grub.SECRET_LENGTH),
            wrapped));
    return end;
  }

  private static int require(byte[] answer, int end) throws FrameException {
    if (end > answer.length) {
      throw new FrameException(answer.length + " bytes, at least " + end + " are needed");
    }
    return end;
  }

  /** Command data for the keys of pages. */
  static byte[] encodePages(Bytes volume, GrubRequest file, long firstPage, int count) {
    Bytes rnd = file.rnd();
    if (rnd == null) {
      throw new IllegalArgumentException("a file has its RND before its pages have keys");
    }
    ManagedFileKey key = file.fileKey();
    ByteBuffer out =
        ByteBuffer.allocate(
            ElementProtocol.PAGE_REQUEST_LENGTH + (key == null ? 0 : wrappedLength(key)));
    out.put(volume.toByteArray()).put(file.uid().toByteArray()).put(rnd.toByteArray());
    out.putInt(file.epoch()).putLong(firstPage).putShort((short) count);
    if (key != null) {
      put(out, key);
    }
    return out.array();
  }
}
