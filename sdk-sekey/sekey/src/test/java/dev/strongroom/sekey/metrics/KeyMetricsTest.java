// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.sekey.Samples;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("jdk25")
class KeyMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicReference<Directory> directory = new AtomicReference<>(Directory.EMPTY);
  private final KeyMetrics metrics = KeyMetrics.in(registry, directory::get);

  private void ended(OperationOutcome outcome, Optional<KeyAlgorithm> algorithm, int millis) {
    metrics.ended(
        new EndedOperation(
            KeyOperation.MAKE_DATA_KEY, algorithm, outcome, Duration.ofMillis(millis)));
  }

  private Timer timer(String algorithm, String outcome) {
    return registry
        .get("sekey.operation")
        .tags("op", "make-data-key", "alg", algorithm, "outcome", outcome)
        .timer();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double keys(String state) {
    return registry.get("sekey.keys").tag("state", state).gauge().value();
  }

  @Test
  void usesAreTimedByOperationAlgorithmAndOutcome() {
    ended(OperationOutcome.DONE, Optional.of(KeyAlgorithm.AES_256), 3);
    ended(OperationOutcome.DONE, Optional.of(KeyAlgorithm.AES_256), 4);
    ended(OperationOutcome.NOT_AUTHENTIC, Optional.of(KeyAlgorithm.AES_256), 5);
    ended(OperationOutcome.DENIED, Optional.empty(), 6);

    assertThat(timer("aes-256", "done").count()).isEqualTo(2);
    assertThat(timer("aes-256", "done").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(7);
    assertThat(timer("aes-256", "not-authentic").count()).isEqualTo(1);
    assertThat(timer("none", "denied").max(TimeUnit.MILLISECONDS)).isEqualTo(6);
    assertThat(registry.find("sekey.operation").timers()).hasSize(3);
  }

  @Test
  void gaugesFollowTheDirectory() throws Exception {
    Group group = Samples.group(1);
    assertThat(keys("active")).isZero();
    directory.set(
        Directory.EMPTY
            .draft()
            .put(Samples.user(1))
            .put(Samples.user(2))
            .put(group)
            .put(Samples.key(1, group))
            .put(Samples.key(2, group))
            .put(Samples.key(3, group, KeyAlgorithm.AES_256, KeyState.DEACTIVATED))
            .publish());

    assertThat(keys("active")).isEqualTo(2);
    assertThat(keys("deactivated")).isEqualTo(1);
    assertThat(keys("destroyed-compromised")).isZero();
    assertThat(gauge("sekey.groups")).isEqualTo(1);
    assertThat(gauge("sekey.users")).isEqualTo(2);
    assertThat(registry.find("sekey.keys").gauges()).hasSize(KeyState.values().length);
  }

  @Test
  void nothingNamesAKeyAGroupOrAUser() throws Exception {
    Group group = Samples.group(1);
    directory.set(
        Directory.EMPTY
            .draft()
            .put(Samples.user(1))
            .put(group)
            .put(Samples.key(1, group))
            .publish());
    ended(OperationOutcome.DONE, Optional.of(KeyAlgorithm.AES_256), 3);

    assertThat(registry.getMeters().stream().map(Meter::getId).map(Meter.Id::toString))
        .isNotEmpty()
        .noneMatch(id -> id.contains(Samples.keyId(1).toString()))
        .noneMatch(id -> id.contains(group.id().toString()))
        .noneMatch(id -> id.contains(group.name().toString()));
  }
}
