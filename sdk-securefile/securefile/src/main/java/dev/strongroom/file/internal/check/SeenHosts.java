// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.internal.collect.LongLongMap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Names of host files, or UIDs, that a check has met: 64 bits of a salted digest for each, so that
 * a million of them take some 30 MiB.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
public final class SeenHosts {

  private final byte[] salt = new byte[16];
  private final LongLongMap seen = new LongLongMap();

  /** Starts empty. */
  public SeenHosts() {
    new SecureRandom().nextBytes(salt);
  }

  /**
   * Takes a name in.
   *
   * @param name the name
   */
  public void add(String name) {
    seen.put(digest(name), 1);
  }

  /**
   * Whether a name has been taken in.
   *
   * @param name the name
   * @return whether it has; wrongly true once in 2^64 / n
   */
  public boolean contains(String name) {
    return seen.get(digest(name)) >= 0;
  }

  private long digest(String name) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(salt);
      return ByteBuffer.wrap(sha.digest(name.getBytes(StandardCharsets.UTF_8))).getLong() >>> 1;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
