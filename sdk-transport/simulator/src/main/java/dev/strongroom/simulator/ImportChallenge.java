// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.WrappedSecret;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The challenge that the next secret from another element has to answer; in memory only, so that
 * nothing is taken twice.
 *
 * <p>Thread safety: thread-safe.
 */
final class ImportChallenge {

  private @Nullable Bytes given; // guarded by this

  /** A new one; the one before is void. */
  synchronized Bytes give(SecureRandom random) {
    byte[] fresh = new byte[WrappedSecret.CHALLENGE_LENGTH];
    random.nextBytes(fresh);
    Bytes challenge = Bytes.copyOf(fresh);
    given = challenge;
    return challenge;
  }

  /** Whether this is the one given last, which is used up by being asked about. */
  synchronized boolean take(Bytes challenge) {
    Bytes last = given;
    given = null;
    return last != null && last.equals(challenge);
  }

  synchronized void forget() {
    given = null;
  }
}
