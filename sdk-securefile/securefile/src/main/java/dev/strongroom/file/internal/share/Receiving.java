// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.DeviceException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveNotFoundException;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.engine.Namespace;
import dev.strongroom.file.internal.engine.UnnamedFile;
import dev.strongroom.file.internal.engine.Volume;
import dev.strongroom.file.internal.format.v1.ContactsHead.Receipt;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.internal.share.TransientFiles.Opened;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.ForeignSenderException;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.ReceivedFile;
import dev.strongroom.file.share.TransientFileExpiredException;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives a transient file: verifies all of it while it is encrypted again to a file that has no
 * name yet, and gives that its name in one commit with the receipt. The element's register knows of
 * the file from before its key is known until after it is there.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Receiving {

  private static final Logger LOG = LoggerFactory.getLogger(Receiving.class);
  private static final int BATCH = 512 << 10;

  private final Volume volume;
  private final Namespace namespace;
  private final ContactBook contacts;
  private final ElementSession session;

  Receiving(Volume volume, Namespace namespace, ContactBook contacts) {
    this.volume = volume;
    this.namespace = namespace;
    this.contacts = contacts;
    this.session = volume.session();
  }

  ReceivedFile run(TransientPlace source, String path, ReceiveOptions options) throws IOException {
    volume.requireChangeable();
    contacts.require();
    finishReceipts();
    contacts.requireRoomForReceipt();
    try (StoreFile in = source.open(Store.Access.READ)) {
      PreludeFile.Found found = PreludeFile.read(in, source.path());
      ElementCard own = session.element().card();
      Contact sender = requireKnownSender(contacts, source.path(), found.sender(), own, options);
      Opened opened = TransientFiles.forRecipient(source.path(), found, own);
      requireInTime(source.path(), found, options);
      ImageReader.requireWhole(in, source.path(), found.prelude());
      Namespace.Replace replace =
          options.replacesExisting() ? Namespace.Replace.YES : Namespace.Replace.NO;
      UnnamedFile.requireTarget(volume, path, replace);
      contacts.heard(found.sender(), found.prelude().outboxId());
      try (TransientKey key = TransientFiles.key(session, source.path(), own, opened, sender)) {
        PreludeFile.requireMac(source.path(), found, key);
        try (ImageReader image = ImageReader.open(in, source.path(), found.prelude(), key)) {
          ReceivedFile received =
              new ReceivedFile(
                  path,
                  sender == null ? null : sender.name(),
                  found.info(),
                  TransientFiles.content(image.header()));
          take(image, path, replace, opened.receiveId(), own);
          return received;
        }
      }
    }
  }

  /** The contact that sent a file; null if it is this element, or was confirmed for this file. */
  static @Nullable Contact requireKnownSender(
      ContactBook contacts,
      String file,
      ElementCard sender,
      ElementCard own,
      ReceiveOptions options)
      throws IOException {
    Contact known = contacts.known(sender).orElse(null);
    boolean confirmed =
        options.confirmedSender().filter(text -> Fingerprints.isOf(text, sender)).isPresent();
    boolean self = Fingerprints.of(sender).equals(Fingerprints.of(own));
    if (known == null && !confirmed && !self) {
      throw new ForeignSenderException(file, sender.serialNumber(), sender.fingerprint());
    }
    return known;
  }

  private void requireInTime(String file, PreludeFile.Found found, ReceiveOptions options)
      throws TransientFileExpiredException {
    Instant expires = found.prelude().expires();
    Instant now = volume.clock().instant();
    if (expires != null && found.info().isExpired(now) && !options.takesExpired()) {
      throw new TransientFileExpiredException(file, expires, now);
    }
  }

  private void take(
      ImageReader image, String path, Namespace.Replace replace, ReceiveId id, ElementCard own)
      throws IOException {
    FileHeader header = image.header();
    Receipt receipt = new Receipt(own.serialNumber(), id.sender(), id.counter(), id.id());
    try (UnnamedFile file = UnnamedFile.create(volume, namespace, path)) {
      try (Batch batch = new Batch(file, header.sectorBytes)) {
        image.sectors(batch::add);
        batch.flush();
      }
      file.setLength(header.length);
      file.sync();
      file.publish(
          path,
          replace,
          new UnnamedFile.Attached(
              header.created, header.modified, header.accessed, header.mode, header.attributes),
          () -> contacts.addAlong(receipt));
    }
    try {
      finish(receipt);
    } catch (IOException e) {
      // The file is there; the receipt stays, and the next one to receive anything finishes this.
      LOG.warn("{} was received, but the element does not know yet that it is done", path, e);
    }
  }

  /**
   * Tells the element what was received before and perhaps not finished. A receipt that the element
   * refuses stays, and is no reason not to receive something else.
   */
  private void finishReceipts() throws IOException {
    for (Receipt receipt : contacts.receipts(session.info().serialNumber())) {
      try {
        finish(receipt);
      } catch (DeviceException e) {
        LOG.warn("the element does not take the receipt of number {}", receipt.counter(), e);
      }
    }
  }

  private void finish(Receipt receipt) throws IOException {
    try {
      session.endReceive(new ReceiveId(receipt.sender(), receipt.counter(), receipt.transientId()));
    } catch (ReceiveNotFoundException e) {
      forgotten(receipt, e);
    }
    contacts.remove(receipt);
  }

  /** The sender was forgotten under the administrator PIN since, or the element was wiped. */
  private static void forgotten(Receipt receipt, StrongroomException cause) {
    LOG.warn("the element no longer knows number {} of a sender", receipt.counter(), cause);
  }

  /** Gathers sectors that follow one another, so that long runs are written at once. */
  private static final class Batch implements AutoCloseable {

    private final UnnamedFile file;
    private final int sectorBytes;
    private final byte[] bytes;
    private long position;
    private int length;

    Batch(UnnamedFile file, int sectorBytes) {
      this.file = file;
      this.sectorBytes = sectorBytes;
      bytes = new byte[Math.max(BATCH, sectorBytes) / sectorBytes * sectorBytes];
    }

    void add(long sector, byte[] clear, int count, int flags) throws IOException {
      long at = sector * sectorBytes;
      if (at != position + length || length + count > bytes.length) {
        flush();
        position = at;
      }
      System.arraycopy(clear, 0, bytes, length, count);
      length += count;
      if ((flags & TagPage.PURIFIED_IN_PART) != 0) {
        flush();
        file.markPurifiedInPart(at, count);
      }
    }

    void flush() throws IOException {
      if (length > 0) {
        file.write(position, bytes, length);
        position += length;
        length = 0;
      }
    }

    @Override
    public void close() {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
