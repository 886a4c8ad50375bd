// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManualExecutorTest {

  private final ManualExecutor executor = new ManualExecutor();
  private final List<String> ran = new ArrayList<>();

  @Test
  void nothingRunsUntilTimeMoves() {
    executor.execute(() -> ran.add("now"));
    ScheduledFuture<?> second = executor.schedule(() -> ran.add("1 s"), 1, TimeUnit.SECONDS);
    assertThat(ran).isEmpty();
    assertThat(executor.advance(Duration.ZERO)).isEqualTo(1);
    assertThat(ran).containsExactly("now");
    assertThat(executor.advance(Duration.ofMillis(999))).isZero();
    assertThat(executor.advance(Duration.ofMillis(1))).isEqualTo(1);
    assertThat(ran).containsExactly("now", "1 s");
    assertThat(second.isDone()).isTrue();
    assertThat(executor.waiting()).isZero();
  }

  @Test
  void tasksRunInOrderOfTheirTimeAndTheClockFollows() {
    Instant start = executor.instant();
    List<Duration> times = new ArrayList<>();
    List<ScheduledFuture<?>> tasks = new ArrayList<>();
    Runnable note = () -> times.add(Duration.between(start, executor.instant()));
    tasks.add(executor.schedule(note, 3, TimeUnit.SECONDS));
    tasks.add(
        executor.schedule(
            () -> {
              note.run();
              tasks.add(executor.schedule(note, 1, TimeUnit.SECONDS));
            },
            1,
            TimeUnit.SECONDS));
    executor.advance(Duration.ofSeconds(5));
    assertThat(tasks).hasSize(3).allMatch(ScheduledFuture::isDone);
    assertThat(times)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));
    assertThat(Duration.between(start, executor.instant())).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void repeatedTasksRepeatUntilCancelled() {
    ScheduledFuture<?> task =
        executor.scheduleWithFixedDelay(() -> ran.add("x"), 1, 1, TimeUnit.SECONDS);
    executor.advance(Duration.ofSeconds(3));
    assertThat(ran).hasSize(3);
    task.cancel(false);
    executor.advance(Duration.ofSeconds(3));
    assertThat(ran).hasSize(3);
    assertThat(executor.waiting()).isZero();
  }
}
