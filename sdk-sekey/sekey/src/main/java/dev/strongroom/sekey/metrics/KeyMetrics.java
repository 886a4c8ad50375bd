// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.metrics;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.KeyEntry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Gives a registry of Micrometer what it can show.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th><th>tags</th><th>what</th></tr>
 * <tr><td>{@value #OPERATION}</td><td>timer</td><td>op, alg, outcome</td><td>uses of keys; alg is
 *     {@code none} where no key was found</td></tr>
 * <tr><td>{@value #KEYS}</td><td>gauge</td><td>state</td><td>keys that the directory knows</td></tr>
 * <tr><td>{@value #GROUPS}</td><td>gauge</td><td></td><td>groups</td></tr>
 * <tr><td>{@value #USERS}</td><td>gauge</td><td></td><td>users</td></tr>
 * </table>
 *
 * <p>Tags are names of {@link KeyOperation}, {@link KeyAlgorithm}, {@link OperationOutcome} and
 * {@link KeyState} in lower case, with hyphens: their number is bounded, and none of them is a
 * name, a key or a group.
 *
 * <p>Thread safety: thread-safe.
 */
@SuppressWarnings("exports") // of Micrometer, which whoever uses this has
public final class KeyMetrics implements KeyOperationListener {

  /** The timer of uses. */
  public static final String OPERATION = "sekey.operation";

  /** The number of keys. */
  public static final String KEYS = "sekey.keys";

  /** The number of groups. */
  public static final String GROUPS = "sekey.groups";

  /** The number of users. */
  public static final String USERS = "sekey.users";

  private final MeterRegistry registry;
  private final Supplier<Directory> directory;
  private final ConcurrentMap<Tags, Timer> timers = new ConcurrentHashMap<>();
  private volatile Counts counts = new Counts(Directory.EMPTY, Map.of());

  /** What a timer is for. */
  private record Tags(
      KeyOperation operation, Optional<KeyAlgorithm> algorithm, OperationOutcome outcome) {}

  /** The keys of one directory, counted once however many gauges ask. */
  private record Counts(Directory directory, Map<KeyState, Long> keys) {}

  private KeyMetrics(MeterRegistry registry, Supplier<Directory> directory) {
    this.registry = registry;
    this.directory = directory;
  }

  /**
   * Registers the gauges; timers come with the first use of their kind.
   *
   * @param registry where to
   * @param directory asked for the present directory whenever a gauge is read
   * @return what is to be told of each use
   */
  public static KeyMetrics in(MeterRegistry registry, Supplier<Directory> directory) {
    KeyMetrics metrics = new KeyMetrics(registry, directory);
    for (KeyState state : KeyState.values()) {
      Gauge.builder(KEYS, () -> metrics.count(state))
          .description("Keys that the directory knows")
          .tag("state", tag(state))
          .register(registry);
    }
    Gauge.builder(GROUPS, () -> directory.get().groups().size())
        .description("Groups that the directory knows")
        .register(registry);
    Gauge.builder(USERS, () -> directory.get().users().size())
        .description("Users that the directory knows")
        .register(registry);
    return metrics;
  }

  @Override
  public void ended(EndedOperation operation) {
    timers
        .computeIfAbsent(
            new Tags(operation.operation(), operation.algorithm(), operation.outcome()),
            this::timer)
        .record(operation.time());
  }

  private Timer timer(Tags tags) {
    return Timer.builder(OPERATION)
        .description("Uses of keys")
        .tag("op", tag(tags.operation))
        .tag("alg", tags.algorithm.map(KeyMetrics::tag).orElse("none"))
        .tag("outcome", tag(tags.outcome))
        .register(registry);
  }

  @SuppressWarnings("ReferenceEquality") // one object for as long as nothing changes
  private long count(KeyState state) {
    Directory now = directory.get();
    Counts known = counts;
    if (known.directory != now) {
      known = new Counts(now, count(now));
      counts = known;
    }
    return known.keys.getOrDefault(state, 0L);
  }

  private static Map<KeyState, Long> count(Directory directory) {
    Map<KeyState, Long> keys = new EnumMap<>(KeyState.class);
    for (GroupId group : directory.groups()) {
      for (KeyEntry key : directory.keysOf(group)) {
        keys.merge(key.state(), 1L, Long::sum);
      }
    }
    return Collections.unmodifiableMap(keys);
  }

  private static String tag(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
