// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.envelope;

import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.EnvelopeDamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Segments that the element seals and opens with the key itself, each as a text of its own; what is
 * authenticated is the binding | counter u64 | place u8. {@code docs/spec/envelope.md}, 5.
 *
 * <p>Thread safety: confined to one thread at a time.
 */
public final class ElementSegments implements SegmentCipher {

  /** One command of the element. */
  @FunctionalInterface
  public interface Command {

    /**
     * Has the element work.
     *
     * @param aad what is authenticated
     * @param text what is worked on
     * @param target for what comes of it
     * @throws IOException if the element refuses or the link fails
     */
    void run(ByteBuffer aad, ByteBuffer text, ByteBuffer target) throws IOException;
  }

  private static final int IV_LENGTH = 12;
  private static final int TAG_LENGTH = 16;

  private final KeyId id;
  private final byte[] binding;
  private final Command command;

  /**
   * Prepares the segments of an envelope.
   *
   * @param id the key, for errors
   * @param binding of the envelope, which has a salt
   * @param command what the element does, sealing or opening
   */
  public ElementSegments(KeyId id, byte[] binding, Command command) {
    this.id = id;
    this.binding = binding.clone();
    this.command = command;
  }

  /**
   * What is authenticated with a segment.
   *
   * @param counter which it is, from 0
   * @param place whether it is the last one
   * @return the bytes
   */
  public byte[] aad(long counter, Place place) {
    byte[] aad = Arrays.copyOf(binding, binding.length + Long.BYTES + 1);
    ByteBuffer.wrap(aad, binding.length, Long.BYTES + 1).putLong(counter).put(place.flag());
    return aad;
  }

  @Override
  public int overhead() {
    return IV_LENGTH + TAG_LENGTH;
  }

  @Override
  public void seal(long counter, Place place, ByteBuffer text, ByteBuffer target)
      throws IOException {
    command.run(ByteBuffer.wrap(aad(counter, place)), text, target);
  }

  @Override
  public void open(long counter, Place place, ByteBuffer sealed, ByteBuffer target)
      throws IOException {
    try {
      command.run(ByteBuffer.wrap(aad(counter, place)), sealed, target);
    } catch (DecryptionFailedException e) {
      throw new EnvelopeDamagedException(id, counter, e);
    }
  }

  /** Nothing secret is here. */
  @Override
  public void close() {}
}
