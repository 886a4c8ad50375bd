// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.NoSpaceException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.internal.engine.ContactStore;
import dev.strongroom.file.internal.engine.Namespace;
import dev.strongroom.file.internal.engine.UnnamedFile;
import dev.strongroom.file.internal.engine.Volume;
import dev.strongroom.file.internal.engine.VolumeOpener;
import dev.strongroom.file.internal.format.v1.ContactsHead;
import dev.strongroom.file.internal.format.v1.ContactsHead.Receipt;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TooManyReceiptsException;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.simulator.FaultPlan;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is received and its receipt come together, and receipts are never forgotten. */
class ReceiptsTest {

  private static final VolumeOptions SMALL = VolumeOptions.builder().journalBytes(1 << 20).build();
  private static final ReceiveOptions PLAIN = ReceiveOptions.defaults();
  private static final Bytes LOST =
      Bytes.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

  @TempDir Path folder;

  private SimulatedElement simulated;
  private SecureElement element;
  private ElementSession session;
  private ElementCard card;
  private Path sent;

  @BeforeEach
  void send() throws IOException {
    simulated = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    element = SecureElement.open(simulated);
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      session = element.login(user);
    }
    card = element.card();
    sent = folder.resolve("sent");
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, folder.resolve("volume"), SMALL)) {
      volume.contacts().add("self", card, card.fingerprint());
      try (SecureFile file =
          volume.openFile("f", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        file.write(new byte[] {1, 2, 3});
      }
      volume.send("f", sent, SendOptions.to("self"));
    }
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private SecureFileSystem open() throws IOException {
    return SecureFileSystem.open(session, folder.resolve("volume"), SMALL);
  }

  private interface Work {
    void run(Volume volume, ContactStore contacts) throws IOException;
  }

  private void inside(Work work) throws IOException {
    try (Volume volume =
        VolumeOpener.open(session, new PathStore(folder.resolve("volume")), SMALL)) {
      work.run(volume, new ContactStore(volume));
    }
  }

  private static ContactsHead head(ContactStore.Content content) throws IOException {
    try {
      return ContactsHead.parse(content.name(), content.read(0, ContactsHead.BLOCK));
    } catch (dev.strongroom.file.internal.format.v1.FileHeader.Refused e) {
      throw new IOException(e);
    }
  }

  private void addReceipts(int count, Bytes serialNumber) throws IOException {
    inside(
        (volume, contacts) ->
            contacts.change(
                content -> {
                  ContactsHead head = head(content);
                  List<Receipt> receipts = new ArrayList<>(head.receipts());
                  for (int i = 1; i <= count; i++) {
                    receipts.add(new Receipt(serialNumber, LOST, i, LOST));
                  }
                  content.write(
                      0, new ContactsHead(head.records(), head.outboxId(), receipts).encode());
                  return head;
                }));
  }

  private int receipts() throws IOException {
    int[] count = new int[1];
    inside(
        (volume, contacts) ->
            count[0] = contacts.read(content -> head(content).receipts().size()).orElse(0));
    return count[0];
  }

  @Test
  void withoutRoomForAReceiptNothingIsReceived() throws IOException {
    addReceipts(64, LOST);
    try (SecureFileSystem volume = open()) {
      TooManyReceiptsException refused =
          catchThrowableOfType(
              TooManyReceiptsException.class, () -> volume.receive(sent, "got", PLAIN));
      assertThat(refused.elements()).containsExactly(LOST);
      assertThat(volume.exists("got")).isFalse();
      assertThat(session.receiveRegister().pending()).isEmpty();
      volume.contacts().forgetReceipts(LOST);
      volume.receive(sent, "got", PLAIN);
    }
    assertThat(receipts()).isZero();
  }

  @Test
  void receiptsThatTheElementKnowsNothingOfAreSettledFirst() throws IOException {
    addReceipts(64, card.serialNumber());
    try (SecureFileSystem volume = open()) {
      volume.receive(sent, "got", PLAIN);
    }
    assertThat(receipts()).isZero();
  }

  @Test
  void aReceiptThatTheElementRefusesKeepsNobodyFromReceiving() throws IOException {
    addReceipts(1, card.serialNumber());
    try (SecureFileSystem volume = open()) {
      volume.contacts().list();
      simulated.inject(FaultPlan.builder().answer(1, new StatusWord(0x6581)).build());
      volume.receive(sent, "got", PLAIN);
      assertThat(volume.exists("got")).isTrue();
    }
    assertThat(receipts()).isOne();
    try (SecureFileSystem volume = open()) {
      assertThatThrownBy(() -> volume.receive(sent, "again", PLAIN))
          .isInstanceOf(dev.strongroom.core.device.AlreadyReceivedException.class)
          .hasMessageContaining("\"self\"");
    }
    assertThat(receipts()).isZero();
  }

  /** As long as the receipt cannot be written, there is no file either, whatever happens later. */
  @Test
  void aFileWhoseReceiptFailsIsNotThere() throws IOException {
    inside(
        (volume, contacts) -> {
          Namespace namespace = new Namespace(volume);
          UnnamedFile.Attached plain =
              new UnnamedFile.Attached(
                  Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, 0600, new UserAttributeSet());
          try (UnnamedFile file = UnnamedFile.create(volume, namespace, "got")) {
            file.write(0, new byte[] {1}, 1);
            file.sync();
            assertThatThrownBy(
                    () ->
                        file.publish(
                            "got",
                            Namespace.Replace.NO,
                            plain,
                            () -> {
                              throw new NoSpaceException("receipt", 1, 0, null);
                            }))
                .isInstanceOf(IOException.class);
          }
          try {
            volume.sync();
          } catch (IOException e) {
            assertThat(volume.hasFailed()).isTrue();
          }
        });
    try (SecureFileSystem volume = open()) {
      assertThat(volume.exists("got")).isFalse();
      assertThat(volume.check(dev.strongroom.file.check.CheckListener.SILENT).findings()).isEmpty();
      volume.receive(sent, "got", PLAIN);
    }
  }
}
