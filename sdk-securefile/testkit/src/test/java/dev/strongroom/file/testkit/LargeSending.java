// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process with a small heap that sends a large file, receives it, and looks at every byte. */
final class LargeSending {

  private static final int BLOCK = 1 << 20;
  private static final VolumeOptions OPTIONS =
      VolumeOptions.builder().cacheBytes(8 << 20).journalBytes(4 << 20).build();

  private LargeSending() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    long size = Long.parseLong(arguments[1]);
    Path transientFile = folder.resolve("sent");
    try (TestElement sender = TestElement.create();
        TestElement receiver = TestElement.create();
        ElementSession from = sender.login();
        ElementSession to = receiver.login()) {
      ElementCard senderCard = from.element().card();
      ElementCard receiverCard = to.element().card();
      try (SecureFileSystem volume =
          SecureFileSystem.create(from, folder.resolve("from"), OPTIONS)) {
        volume.contacts().add("receiver", receiverCard, receiverCard.fingerprint());
        try (SecureFile file =
            volume.openFile("f", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          for (long at = 0; at < size; at += BLOCK) {
            file.write(block(at), 0, (int) Math.min(BLOCK, size - at));
          }
        }
        volume.send("f", transientFile, SendOptions.to("receiver"));
        volume.delete("f");
      }
      System.out.println("transient " + Files.size(transientFile));
      try (SecureFileSystem volume = SecureFileSystem.create(to, folder.resolve("to"), OPTIONS)) {
        volume.contacts().add("sender", senderCard, senderCard.fingerprint());
        volume.receive(transientFile, "f", ReceiveOptions.defaults());
        Files.delete(transientFile);
        compare(volume, size);
      }
      System.out.println("taken " + taken(folder.resolve("to")));
    }
    System.out.println("done");
  }

  private static void compare(SecureFileSystem volume, long size) throws IOException {
    byte[] found = new byte[BLOCK];
    try (SecureFile file = volume.openFile("f", StandardOpenOption.READ)) {
      if (file.size() != size) {
        throw new AssertionError("received " + file.size() + " bytes");
      }
      for (long at = 0; at < size; at += BLOCK) {
        int count = file.pread(at, found, 0, BLOCK);
        if (!ByteBuffer.wrap(found, 0, count).equals(ByteBuffer.wrap(block(at), 0, count))) {
          throw new AssertionError("the block at " + at + " is another");
        }
      }
    }
  }

  private static byte[] block(long at) {
    return SampleBytes.of(at, BLOCK);
  }

  /** What the host files of a volume take. */
  private static long taken(Path volume) throws IOException {
    try (var files = Files.walk(volume)) {
      long sum = 0;
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        sum += Files.size(file);
      }
      return sum;
    }
  }
}
