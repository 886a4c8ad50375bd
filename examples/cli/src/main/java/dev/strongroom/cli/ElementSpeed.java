// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * How long an element takes, in milliseconds a command, medians.
 *
 * @param random 32 random bytes
 * @param keys the keys of one new file, as an open asks for them
 * @param batch the keys of {@code batchSize} new files
 * @param batchSize how many files one command takes
 *     <p>Thread safety: immutable.
 */
record ElementSpeed(double random, double keys, double batch, int batchSize) {

  private static final int LEAST = 3;
  private static final long NANOS = 500_000_000;
  private static final int RANDOM_BYTES = 32;
  private static final double NANOS_PER_MILLI = 1e6;

  /** One command, to be timed. */
  private interface Command {
    void run() throws IOException;
  }

  /** Sends up to so many commands of each kind, for half a second at most. */
  static ElementSpeed measure(ElementSession session, int commands) throws IOException {
    SecureRandom random = new SecureRandom();
    Bytes volume = identifier(random);
    int size = session.info().maxBatch();
    return new ElementSpeed(
        median(commands, () -> session.random(RANDOM_BYTES)),
        median(commands, () -> ask(session, volume, requests(random, 1))),
        median(commands, () -> ask(session, volume, requests(random, size))),
        size);
  }

  private static void ask(ElementSession session, Bytes volume, List<GrubRequest> requests)
      throws IOException {
    for (Grub grub : session.grub(volume, requests)) {
      grub.close();
    }
  }

  private static List<GrubRequest> requests(SecureRandom random, int count) {
    List<GrubRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(GrubRequest.create(identifier(random)));
    }
    return requests;
  }

  private static Bytes identifier(SecureRandom random) {
    byte[] bytes = new byte[GrubRequest.UID_LENGTH];
    random.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  private static double median(int commands, Command command) throws IOException {
    List<Long> times = new ArrayList<>();
    long begin = System.nanoTime();
    while (times.size() < LEAST || (times.size() < commands && System.nanoTime() - begin < NANOS)) {
      long start = System.nanoTime();
      command.run();
      times.add(System.nanoTime() - start);
    }
    times.sort(null);
    return times.get(times.size() / 2) / NANOS_PER_MILLI;
  }
}
