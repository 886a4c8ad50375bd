// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent appears as a whole under its name, and nothing else is left in its folder. */
class DraftTest {

  private static final SendOptions TO_BOB = SendOptions.to("bob");

  private final MemoryStore folder = new MemoryStore();
  private Correspondent alice;
  private Correspondent bob;

  @BeforeEach
  void meet() throws IOException {
    alice = Correspondent.create();
    bob = Correspondent.create();
    alice.meets(bob, "bob", "alice");
    alice.put("f", SampleBytes.of(1, 300_000));
  }

  @AfterEach
  void part() throws IOException {
    alice.close();
    bob.close();
  }

  private String idOfTheVolume() throws IOException {
    return alice.volume.info().id().toString().substring(0, 16);
  }

  private void put(String name) throws IOException {
    folder.open(name, Store.Access.CREATE).close();
  }

  @Test
  void whatACutOffSendOfThisVolumeLeftGoesWithTheNextOne() throws IOException {
    String left = "other." + idOfTheVolume() + "-0123456789abcdef.part";
    List<String> notOurs =
        List.of(
            "sent.part",
            "sent.0123456789abcdef-0123456789abcdef.part",
            "sent." + idOfTheVolume() + ".part",
            "sent." + idOfTheVolume() + "-0123456789abcdef.part.txt",
            idOfTheVolume() + "-0123456789abcdef.part");
    put(left);
    for (String name : notOurs) {
      put(name);
    }
    alice.volume.send("f", folder, "sent", TO_BOB);
    assertThat(folder.files()).contains("sent").containsAll(notOurs).doesNotContain(left);
    bob.volume.receive(folder, "sent", "got", ReceiveOptions.defaults());
    assertThat(bob.get("got")).isEqualTo(SampleBytes.of(1, 300_000));
  }

  @Test
  void aNameMayBeAsLongAsTheHostTakes(@TempDir Path disk) throws IOException {
    Path target = disk.resolve("\u00e4".repeat(127)); // 254 bytes
    alice.volume.send("f", target, TO_BOB);
    assertThat(target).exists();
    assertThat(bob.volume.inspect(target).info().recipients()).isNotEmpty();
  }

  @Test
  void aFileInAStoreIsLookedAtAndGivenUp() throws IOException {
    alice.volume.send("f", folder, "sent", TO_BOB);
    assertThat(bob.volume.inspect(folder, "sent").content()).isPresent();
    bob.volume.decline(folder, "sent");
    assertThatThrownBy(() -> bob.volume.receive(folder, "sent", "got", ReceiveOptions.defaults()))
        .isInstanceOf(AlreadyReceivedException.class);
  }

  @Test
  void aSendThatIsUnderWayIsLeftAlone() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Store slow = Waiting.atTheMove(folder, written, goOn);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<?> first = other.submit(() -> alice.volume.send("f", slow, "first", TO_BOB));
      assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(folder.files()).anyMatch(name -> name.endsWith(".part"));
      alice.volume.send("f", folder, "second", TO_BOB);
      goOn.countDown();
      first.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      goOn.countDown();
      other.shutdownNow();
    }
    assertThat(folder.files()).containsExactlyInAnyOrder("first", "second");
  }

  @Test
  void aFullMediumIsLeftAsItWas() throws IOException {
    FaultyStore full = new FaultyStore(folder);
    for (int nth = 1; ; nth++) {
      full.arm(FaultPlan.of(Fault.NO_SPACE).at(nth).lasting());
      boolean failed = false;
      try {
        alice.volume.send("f", full, "sent", TO_BOB);
      } catch (IOException e) {
        failed = true;
      }
      boolean struck = full.struck() > 0;
      full.disarm();
      assertThat(failed).as("write %s", nth).isEqualTo(struck);
      if (!failed) {
        assertThat(nth).isGreaterThan(5);
        break;
      }
      assertThat(folder.files()).as("write %s", nth).isEmpty();
    }
    bob.volume.receive(folder, "sent", "got", ReceiveOptions.defaults());
  }

  @Test
  void aListThatOutgrowsTheFileOnAFullMediumStaysTheOldOne() throws IOException {
    alice.volume.send("f", folder, "sent", TO_BOB);
    byte[] before = folder.content("sent");
    for (int i = 0; i < 12; i++) {
      try (Correspondent each = Correspondent.create()) {
        alice.volume.contacts().add("other " + i, each.card, each.card.fingerprint());
      }
    }
    List<String> all = alice.volume.contacts().list().stream().map(c -> c.name()).toList();
    FaultyStore full = new FaultyStore(folder);
    full.arm(FaultPlan.of(Fault.NO_SPACE).at(2).lasting());
    assertThatThrownBy(() -> alice.volume.addRecipients(full, "sent", RecipientOptions.of(all)))
        .isInstanceOf(IOException.class);
    full.disarm();
    assertThat(folder.files()).containsExactly("sent");
    assertThat(folder.content("sent")).isEqualTo(before);
    assertThat(alice.volume.addRecipients(full, "sent", RecipientOptions.of(all)).recipients())
        .hasSize(13);
  }
}
