// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What was done to a modelled volume on a disk that recorded it: the states that a crash may have
 * left, and whether each is legal.
 *
 * @param session opens what the crash has left
 * @param disk what was recorded
 * @param history what the model says
 */
record RecordedVolume(ElementSession session, RecordingStore disk, VolumeHistory history) {

  /** What is done to a volume before the crash. */
  @FunctionalInterface
  interface Workload {
    void run(ModelledVolume volume) throws IOException;
  }

  /** A volume to begin with, closed in order. */
  record Prepared(MemoryStore store, ModelledVolume volume) {

    RecordedVolume run(ElementSession session, Workload workload) throws IOException {
      RecordingStore disk = RecordingStore.over(store);
      ModelledVolume again = volume.reopen(session, disk, disk::mark);
      workload.run(again);
      return new RecordedVolume(session, disk, again.history());
    }
  }

  /** Checks every state after a crash; answers how many there are. */
  long crash(CrashModel model, long seed) throws IOException {
    return CrashStates.of(disk.log(), model, seed).forEach(image -> check(image, image.marks()));
  }

  /** Throws unless an image is legal with these marks; every fourth volume is used further. */
  void check(CrashImage image, List<Object> marks) throws IOException {
    Store store = image.store();
    SecureFileSystem volume = SecureFileSystem.open(session, store, ModelledVolume.SMALL);
    VolumeHistory.Found found = ModelledVolume.read(volume);
    found.files.remove("after"); // made after a crash, and lost or not in the next
    history.check(marks, found);
    if (image.number() % 4 == 0) {
      useFurther(volume, store, image.number());
    } else {
      volume.close();
    }
    image.store().assertAllClosed();
  }

  private void useFurther(SecureFileSystem volume, Store store, long seed) throws IOException {
    byte[] fresh = SampleBytes.of(seed, 5000);
    VolumeHistory.Found before = ModelledVolume.read(volume);
    for (String path : before.files.keySet().stream().limit(2).toList()) {
      try (SecureFile file = volume.openFile(path, StandardOpenOption.WRITE)) {
        file.pwrite(1000, fresh, 0, fresh.length);
        file.sync();
      }
    }
    try (SecureFile file =
        volume.openFile(
            "made after the crash",
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ)) {
      file.write(fresh);
    }
    VolumeHistory.Found after = ModelledVolume.read(volume);
    volume.close();
    try (SecureFileSystem again = SecureFileSystem.open(session, store, ModelledVolume.SMALL)) {
      VolumeHistory.Found reopened = ModelledVolume.read(again);
      assertThat(reopened.directories).isEqualTo(before.directories);
      assertThat(reopened.files.keySet()).isEqualTo(after.files.keySet());
      after.files.forEach(
          (path, content) -> assertThat(reopened.files.get(path)).isEqualTo(content));
      assertThat(reopened.files.get("made after the crash")).isEqualTo(fresh);
    }
  }
}
