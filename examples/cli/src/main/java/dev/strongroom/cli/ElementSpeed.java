// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How long an element takes for its commands.
 *
 * @param batchSize how many files one command takes
 * @param largeRandom how many random bytes one command gives
 * @param times what was measured
 *     <p>Thread safety: immutable.
 */
record ElementSpeed(int batchSize, int largeRandom, Map<Kind, Times> times) {

  private static final int LEAST = 3;
  private static final int RANDOM_BYTES = 32;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /** What is asked. */
  enum Kind {
    /** Life cycle and tries left: the smallest command. */
    STATUS,
    /** 32 random bytes. */
    RANDOM,
    /** As many random bytes as one answer holds. */
    LARGE_RANDOM,
    /** The keys of one new file, as an open asks for them. */
    KEYS,
    /** The keys of as many new files as one command takes. */
    BATCH
  }

  /**
   * The times of one kind of command.
   *
   * @param perSecond round trips in a second, one after the other
   * @param median in milliseconds
   * @param slow what 99 of 100 are faster than, in milliseconds
   */
  record Times(double perSecond, double median, double slow) {

    private static final double SLOW = 0.99;

    private static Times of(long[] nanos) {
      long sum = Arrays.stream(nanos).sum();
      Arrays.sort(nanos);
      return new Times(
          nanos.length * NANOS_PER_SECOND / sum,
          nanos[nanos.length / 2] / NANOS_PER_MILLI,
          nanos[(int) Math.ceil(nanos.length * SLOW) - 1] / NANOS_PER_MILLI);
    }
  }

  /** One command, to be timed. */
  private interface Command {
    void run() throws IOException;
  }

  /** Median in milliseconds. */
  double median(Kind kind) {
    return times(kind).median();
  }

  Times times(Kind kind) {
    Times found = times.get(kind);
    if (found == null) {
      throw new IllegalStateException("not measured: " + kind);
    }
    return found;
  }

  /** Sends up to so many commands of each kind, for so long at most. */
  static ElementSpeed measure(ElementSession session, int commands, double seconds)
      throws IOException {
    SecureRandom random = new SecureRandom();
    Bytes volume = identifier(random);
    int size = session.info().maxBatch();
    int large = session.info().maxRandom();
    long nanos = (long) (seconds * NANOS_PER_SECOND);
    Map<Kind, Times> times = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      Command command =
          switch (kind) {
            case STATUS -> () -> session.element().status();
            case RANDOM -> () -> session.random(RANDOM_BYTES);
            case LARGE_RANDOM -> () -> session.random(large);
            case KEYS -> () -> ask(session, volume, requests(random, 1));
            case BATCH -> () -> ask(session, volume, requests(random, size));
          };
      times.put(kind, time(commands, nanos, command));
    }
    return new ElementSpeed(size, large, times);
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

  private static Times time(int commands, long nanos, Command command) throws IOException {
    long[] times = new long[Math.max(LEAST, commands)];
    int count = 0;
    long begin = System.nanoTime();
    while (count < LEAST || (count < commands && System.nanoTime() - begin < nanos)) {
      long start = System.nanoTime();
      command.run();
      times[count++] = System.nanoTime() - start;
    }
    return Times.of(Arrays.copyOf(times, count));
  }
}
