// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * Bytes that must not outlive their use: a key, a PIN, the randomness of a nonce.
 *
 * <p>The content is zeroed by {@link #close()}. There is no content in {@link #toString()}, and no
 * {@code equals}; {@link #matches} compares in constant time. Read the content inside {@link #use},
 * which lends the array for the length of one call and must not let it escape.
 *
 * <pre>{@code
 * try (SecretBytes pin = SecretBytes.encode(console.readPassword("PIN: "))) {
 *   ElementSession session = element.login(pin);
 * }
 * }</pre>
 *
 * <p>Thread safety: thread-safe; a {@code close} waits for a {@code use} under way.
 */
public final class SecretBytes implements Destroyable, AutoCloseable {

  /**
   * What is done with the content.
   *
   * @param <R> the result
   * @param <X> what it may throw
   */
  @FunctionalInterface
  public interface Use<R, X extends Exception> {
    /**
     * Works with the content; the array is lent, not given.
     *
     * @param content the live bytes, not to be changed or kept
     * @return the result
     * @throws X as declared
     */
    R apply(byte[] content) throws X;
  }

  private final byte[] content;
  private boolean destroyed;

  private SecretBytes(byte[] content) {
    this.content = content;
  }

  /**
   * Copies bytes; the caller still has to zero its own.
   *
   * @param content the bytes
   * @return the secret
   */
  public static SecretBytes copyOf(byte[] content) {
    return new SecretBytes(content.clone());
  }

  /**
   * Copies a part of an array.
   *
   * @param content the array
   * @param offset where the part begins
   * @param length how many bytes it has
   * @return the secret
   */
  public static SecretBytes copyOf(byte[] content, int offset, int length) {
    return new SecretBytes(Arrays.copyOfRange(content, offset, offset + length));
  }

  /**
   * Takes over an array without copying; the caller gives it up.
   *
   * @param content the bytes, zeroed when the secret is closed
   * @return the secret
   */
  public static SecretBytes adopt(byte[] content) {
    return new SecretBytes(content);
  }

  /**
   * Encodes characters, such as a PIN, as UTF-8, and zeroes them.
   *
   * @param characters the characters, zeroed on return
   * @return the secret
   * @throws IllegalArgumentException if half of a surrogate pair stands alone
   */
  public static SecretBytes encode(char[] characters) {
    // A character takes at most three bytes, a surrogate pair four.
    byte[] encoded = new byte[3 * characters.length];
    try {
      ByteBuffer target = ByteBuffer.wrap(encoded);
      CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
      CoderResult result = encoder.encode(CharBuffer.wrap(characters), target, true);
      if (result.isError()) {
        throw new IllegalArgumentException("a character is half of a surrogate pair");
      }
      return new SecretBytes(Arrays.copyOf(encoded, target.position()));
    } finally {
      Arrays.fill(encoded, (byte) 0);
      Arrays.fill(characters, '\0');
    }
  }

  /**
   * The number of bytes.
   *
   * @return the length
   */
  public int length() {
    return content.length;
  }

  /**
   * Lends the content to one call.
   *
   * @param use what is done with it
   * @param <R> the result
   * @param <X> what it may throw
   * @return what {@code use} returned
   * @throws X what {@code use} threw
   * @throws IllegalStateException if the secret has been destroyed
   */
  public synchronized <R, X extends Exception> R use(Use<R, X> use) throws X {
    requireLive();
    return use.apply(content);
  }

  /**
   * Copies the content into an array that the caller must zero.
   *
   * @param target where to
   * @param offset from which index on
   * @throws IllegalStateException if the secret has been destroyed
   */
  public synchronized void copyTo(byte[] target, int offset) {
    requireLive();
    System.arraycopy(content, 0, target, offset, content.length);
  }

  /**
   * Makes an independent copy.
   *
   * @return a secret with the same content
   * @throws IllegalStateException if this one has been destroyed
   */
  public synchronized SecretBytes copy() {
    requireLive();
    return new SecretBytes(content.clone());
  }

  /**
   * Compares in constant time.
   *
   * @param other the other secret
   * @return whether the contents are equal
   * @throws IllegalStateException if either has been destroyed
   */
  public boolean matches(SecretBytes other) {
    try (SecretBytes copy = other.copy()) {
      return use(mine -> MessageDigest.isEqual(mine, copy.content));
    }
  }

  @Override
  public synchronized void destroy() {
    Arrays.fill(content, (byte) 0);
    destroyed = true;
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public void close() {
    destroy();
  }

  @Override
  public String toString() {
    return "SecretBytes[" + content.length + " bytes]";
  }

  private void requireLive() {
    if (destroyed) {
      throw new IllegalStateException("the secret has been destroyed");
    }
  }
}
