// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sending and receiving cost in element commands, whatever the size of the file. */
class SharingCostTest {

  @TempDir Path folder;

  /** Something that is paid for. */
  private interface Work {
    void run() throws IOException;
  }

  private static long commands(Correspondent whose, Work work) throws IOException {
    long before = whose.element.commands();
    work.run();
    return whose.element.commands() - before;
  }

  @Test
  void neitherSizeNorRecipientsMakeSendingOrReceivingDearer() throws IOException {
    List<Correspondent> all = new ArrayList<>();
    try (Correspondent alice = Correspondent.create()) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Correspondent other = Correspondent.create();
        all.add(other);
        names.add("recipient " + i);
        alice.meets(other, "recipient " + i, "alice");
      }
      Correspondent bob = all.get(0);
      for (int size : new int[] {0, 100, 3_000_000}) {
        alice.put("f", SampleBytes.of(size, size));
        alice.reopen();
        bob.reopen();
        Path one = folder.resolve("one " + size);
        Path many = folder.resolve("many " + size);
        alice.volume.exists("f");
        assertThat(commands(alice, () -> alice.volume.send("f", one, to(names.subList(0, 1)))))
            .as("send to one, and for the first time")
            .isLessThanOrEqualTo(8);
        assertThat(commands(alice, () -> alice.volume.send("f", many, to(names))))
            .as("send to four")
            .isLessThanOrEqualTo(7);
        bob.volume.exists("x");
        assertThat(commands(bob, () -> bob.volume.inspect(one)))
            .as("inspect")
            .isLessThanOrEqualTo(4);
        for (Path file : List.of(one, many)) {
          String name = file.getFileName().toString();
          assertThat(commands(bob, () -> bob.volume.receive(file, name, ReceiveOptions.defaults())))
              .as("receive")
              .isLessThanOrEqualTo(5);
        }
        List<String> last = names.subList(3, 4);
        assertThat(commands(alice, () -> alice.volume.removeRecipients(many, last)))
            .as("remove a recipient")
            .isLessThanOrEqualTo(4);
        assertThat(commands(alice, () -> alice.volume.addRecipients(many, last)))
            .as("add a recipient")
            .isLessThanOrEqualTo(4);
      }
    } finally {
      for (Correspondent each : all) {
        each.close();
      }
    }
  }

  private static SendOptions to(List<String> names) {
    return SendOptions.to(names);
  }
}
