// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a volume that was brought back sends is received. */
class RestoredVolumeTest {

  @TempDir Path folder;
  private Person anna;
  private Person ben;
  private Path backup = Path.of("");

  @BeforeEach
  void backUpBeforeAFileIsSent() throws IOException {
    anna = new Person(folder, "anna");
    ben = new Person(folder, "ben");
    anna.meets(ben);
    ben.meets(anna);
    anna.has("report", "for your eyes");
    anna.run("freeze", anna.volume, "report").ok();
    backup = anna.folder.resolve("backup");
    anna.run("volume", "backup", anna.volume, backup).ok();
    receive(send("first"), "first").ok();
  }

  private Path send(String name) {
    Path sent = folder.resolve(name);
    anna.run("send", anna.volume, "report", "--to", "ben", "--out", sent).ok();
    return sent;
  }

  private Cli.Result receive(Path sent, String path) {
    return ben.run("receive", ben.volume, sent, path);
  }

  private Cli administrator() {
    return Cli.withPin().set("STRONGROOM_ADMIN_PIN", Cli.ADMINISTRATOR_PIN);
  }

  @Test
  void whatItSendsIsReceived() {
    anna.run("volume", "restore", backup, anna.volume).ok();
    receive(send("second"), "second").ok();
  }

  @Test
  void soIsWhatOneSendsThatAnAdministratorHasRestored() {
    anna.run("freeze", anna.volume, "report").ok();
    administrator().run("volume", "restore", backup, anna.volume, "--accept").ok();
    receive(send("second"), "second").ok();
  }

  @Test
  void soIsWhatOneSendsThatAnAdministratorHasAccepted() throws IOException {
    anna.run("freeze", anna.volume, "report").ok();
    Files.move(anna.volume, anna.folder.resolve("later"));
    Files.move(backup, anna.volume);
    administrator().run("volume", "accept", anna.volume).ok();
    receive(send("second"), "second").ok();
  }

  @Test
  void soItIsWhereACopyOfTheVolumeFileClaimsRepairsThatNeverWere() throws IOException {
    anna.run("freeze", anna.volume, "report").ok();
    Files.move(anna.volume, anna.folder.resolve("later"));
    Files.move(backup, anna.volume);
    claimRepairs(anna.volume.resolve("strongroom.volume"), 3);
    administrator().run("volume", "accept", anna.volume).ok();
    receive(send("second"), "second").ok();
  }

  /** Adds records of repairs to the first copy, whose signature is wrong then. */
  private static void claimRepairs(Path file, int count) throws IOException {
    ByteBuffer copies = ByteBuffer.wrap(Files.readAllBytes(file));
    int at = 1280;
    while (copies.getShort(at) != 0) {
      at += 4 + copies.getShort(at + 2);
    }
    for (int i = 0; i < count; i++) {
      copies.putShort(at, (short) 3).putShort(at + 2, (short) 32).put(at + 16, (byte) 1);
      at += 36;
    }
    Files.write(file, copies.array());
  }

  @Test
  void oneThatWasCopiedByOtherMeansIsRenewedByHand() throws IOException {
    Files.move(anna.volume, anna.folder.resolve("later"));
    Files.move(backup, anna.volume);
    Path second = send("second");
    receive(second, "second").failed(ExitCode.INTEGRITY, "before");
    anna.run("contacts", "renew", anna.volume).ok();
    receive(send("third"), "third").ok();
    anna.run("recipients", "remove", anna.volume, second, "ben")
        .failed(ExitCode.WRONG_ELEMENT, "another volume");
  }
}
