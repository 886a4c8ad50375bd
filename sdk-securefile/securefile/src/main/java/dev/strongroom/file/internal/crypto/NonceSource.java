// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import dev.strongroom.core.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Nonces of one key: a 96-bit start that nobody can predict, plus a counter.
 *
 * <p>A new start is drawn at the first use and before any batch that begins more than a second
 * after the last draw. A start is the first 12 bytes of HMAC(K_nonce, 32 bytes of the element's
 * randomness | 32 bytes of the host's | number of the draw | previous start | process id | both
 * clocks), so that it repeats only where copies of a running process share all of these. With s
 * starts and N nonces in a key's life a repetition has a probability of at most s*N/2^96; {@link
 * #exhausted} tells when that is too much.
 *
 * <p>Thread safety: guarded by the owner's lock.
 */
public final class NonceSource implements AutoCloseable {

  /** Where fresh element randomness comes from, for those who want it for every start. */
  @FunctionalInterface
  public interface Randomness {
    /**
     * Draws 32 bytes.
     *
     * @return the bytes
     * @throws java.io.IOException if the element cannot be reached
     */
    byte[] draw() throws java.io.IOException;
  }

  private static final SecureRandom HOST = new SecureRandom();
  private static final long FRESH_NANOS = 1_000_000_000L;

  private final Supplier<byte[]> nonceKey;
  private @Nullable MacKey key;
  private final byte[] elementRandomness = new byte[32];
  private final byte[] start = new byte[SectorCipher.NONCE];
  private long used;
  private boolean drawn;
  private boolean fromElement;
  private long drawnAt;
  private long starts;
  private long total;

  NonceSource(Supplier<byte[]> nonceKey, SecretBytes randomness, long starts, long total) {
    this.nonceKey = nonceKey;
    randomness.copyTo(elementRandomness, 0);
    this.starts = starts;
    this.total = total;
  }

  /**
   * Draws a new start if the last one is older than a second, or if there is none.
   *
   * @param fresh fresh randomness of the element, or null to use what came with the keys; where
   *     fresh one has been given before, null goes on with the last start
   * @throws java.io.IOException if the element was asked and cannot be reached
   */
  public void beginBatch(@Nullable Randomness fresh) throws java.io.IOException {
    long now = System.nanoTime();
    boolean elementNeeded = drawn && fromElement && fresh == null;
    if (elementNeeded || (drawn && now - drawnAt < FRESH_NANOS)) {
      return;
    }
    byte[] host = new byte[32];
    HOST.nextBytes(host);
    if (fresh != null) {
      fromElement = true;
      byte[] element = fresh.draw();
      System.arraycopy(element, 0, elementRandomness, 0, 32);
    }
    ByteBuffer rest = ByteBuffer.allocate(44).order(ByteOrder.BIG_ENDIAN);
    rest.putLong(starts).put(start).putLong(ProcessHandle.current().pid());
    rest.putLong(now).putLong(System.currentTimeMillis());
    byte[] mac = key().mac(elementRandomness, host, rest.array());
    System.arraycopy(mac, 0, start, 0, SectorCipher.NONCE);
    Arrays.fill(host, (byte) 0);
    used = 0;
    starts++;
    drawn = true;
    drawnAt = now;
  }

  private MacKey key() {
    MacKey made = key;
    if (made == null) {
      made = new MacKey(nonceKey.get());
      key = made;
    }
    return made;
  }

  /**
   * Writes the next nonce.
   *
   * @param target where to
   * @param offset from which index on, {@link SectorCipher#NONCE} bytes
   */
  public void next(byte[] target, int offset) {
    if (!drawn) {
      throw new IllegalStateException("no batch has begun");
    }
    long carry = used++;
    total++;
    for (int i = SectorCipher.NONCE - 1; i >= 0; i--) {
      carry += start[i] & 0xFF;
      target[offset + i] = (byte) carry;
      carry >>>= 8;
    }
  }

  /**
   * How many starts this key has had.
   *
   * @return s
   */
  public long starts() {
    return starts;
  }

  /**
   * How many nonces this key has had.
   *
   * @return N
   */
  public long total() {
    return total;
  }

  /**
   * Whether s*N exceeds a limit.
   *
   * @param limitLog2 the limit's logarithm to base 2
   * @return whether the file is due for new keys
   */
  public boolean exhausted(int limitLog2) {
    return Math.multiplyHigh(starts, total) != 0
        || (limitLog2 < 63 && starts * total > 1L << limitLog2);
  }

  @Override
  public void close() {
    if (key != null) {
      key.close();
    }
    Arrays.fill(elementRandomness, (byte) 0);
  }
}
