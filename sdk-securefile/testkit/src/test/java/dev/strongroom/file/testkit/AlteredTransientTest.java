// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever carries a file alters it: nothing is received, the volume is as before, and the element's
 * register takes no place but the one of the file itself, and that only for what nobody can see
 * from outside. The whole file is received afterwards.
 */
class AlteredTransientTest {

  private static final int BLOCK = 4096;
  private static final byte[] CONTENT = SampleBytes.of(1, 5000);
  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();

  @TempDir Path folder;

  private Correspondent alice;
  private Correspondent bob;
  private Path sent;
  private byte[] whole;
  private int prelude;
  private Set<String> files;

  @BeforeEach
  void send() throws IOException {
    alice = Correspondent.create();
    bob = Correspondent.create();
    alice.meets(bob, "bob", "alice");
    alice.put("f", CONTENT);
    alice.volume.setUserAttribute("f", "note", new byte[] {1, 2, 3});
    sent = folder.resolve("sent");
    alice.volume.send("f", sent, SendOptions.to("bob"));
    whole = Files.readAllBytes(sent);
    prelude = ByteBuffer.wrap(whole).getInt(16);
    files = Set.copyOf(bob.store.files());
    assertThat(whole).hasSize(2 * prelude + 4 * BLOCK); // two header copies and two sectors
  }

  @AfterEach
  void part() throws IOException {
    alice.close();
    bob.close();
  }

  @Test
  void anAlteredFileIsNotReceived() throws IOException {
    alterEach(307);
  }

  @Test
  @Tag("growth")
  void aFileThatIsAlteredAtAnyByteIsNotReceived() throws IOException {
    alterEach(1);
  }

  /** Alters what exists twice in both copies. */
  private void alterEach(int step) throws IOException {
    for (int at = 0; at < prelude; at += step) {
      assertRefused(at, prelude + at);
    }
    assertThat(register().pending()).isEmpty();
    int image = 2 * prelude;
    for (int at = image; at < image + BLOCK; at += step) {
      assertRefused(at, BLOCK + at);
    }
    for (int at = image + 2 * BLOCK; at < whole.length; at += step) {
      assertRefused(at);
    }
    assertThat(register().pending()).hasSize(1);
    assertReceived();
  }

  @Test
  void aFileOfAnotherLengthIsNotReceivedAndTakesNoPlace() throws IOException {
    for (int length = 0; length < whole.length; length += length < 32 ? 1 : 509) {
      Files.write(sent, java.util.Arrays.copyOf(whole, length));
      assertRefused();
    }
    Files.write(sent, java.util.Arrays.copyOf(whole, whole.length - 1));
    assertRefused();
    for (int more : new int[] {1, BLOCK, 1 << 20}) {
      Files.write(sent, java.util.Arrays.copyOf(whole, whole.length + more));
      assertRefused();
    }
    assertThat(register().pending()).isEmpty();
    Files.write(sent, whole);
    assertReceived();
  }

  private void assertRefused(int... positions) throws IOException {
    alter(positions);
    String refused = "";
    try {
      bob.volume.receive(sent, "f", PLAIN);
    } catch (IntegrityException | FormatVersionException e) {
      refused = e.toString();
    }
    assertThat(refused).as("altered at %s", positions).isNotEmpty();
    assertThat(bob.volume.list("")).isEmpty();
    alter(positions);
  }

  /** Alters bytes, or makes them again what they were. */
  private void alter(int... positions) throws IOException {
    try (FileChannel file =
        FileChannel.open(sent, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (int at : positions) {
        ByteBuffer one = ByteBuffer.allocate(1);
        file.read(one, at);
        one.put(0, (byte) (one.get(0) ^ 1 + positions[0] % 255)).rewind();
        file.write(one, at);
      }
    }
  }

  private void assertReceived() throws IOException {
    assertThat(Files.readAllBytes(sent)).isEqualTo(whole);
    assertThat(bob.store.files()).containsExactlyInAnyOrderElementsOf(files);
    bob.volume.receive(sent, "f", PLAIN);
    assertThat(bob.get("f")).isEqualTo(CONTENT);
    assertThat(register().pending()).isEmpty();
    assertThat(TransientInfo.read(sent).recipients()).hasSize(1);
  }

  private ReceiveRegister register() throws IOException {
    return bob.session.receiveRegister();
  }
}
