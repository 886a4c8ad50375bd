// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.AttributeTooLargeException;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.engine.Namespace;
import dev.strongroom.file.internal.engine.OutgoingFile;
import dev.strongroom.file.internal.engine.Volume;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.internal.format.v1.Stanza;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TooManyRecipientsException;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a transient file, in one pass over the file that is sent, under a name of its own, and
 * gives it its name when it is whole and durable.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Sending {

  private static final int BATCH = 512 << 10;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Volume volume;
  private final Namespace namespace;
  private final ContactBook contacts;
  private final Drafts drafts;
  private final ElementSession session;

  Sending(Volume volume, Namespace namespace, ContactBook contacts, Drafts drafts) {
    this.volume = volume;
    this.namespace = namespace;
    this.contacts = contacts;
    this.drafts = drafts;
    this.session = volume.session();
  }

  TransientInfo run(String path, TransientPlace target, SendOptions options) throws IOException {
    volume.requireChangeable();
    requireAtMost(options.recipients().size());
    List<Contact> recipients = contacts.contacts(options.recipients());
    SuiteChoice.of(options).require(recipients, List.of());
    requireFree(target, options);
    try (OutgoingFile file = OutgoingFile.open(volume, namespace, path)) {
      UserAttributeSet attributes =
          options.leavesUserAttributesOut() ? new UserAttributeSet() : file.userAttributes();
      try {
        return send(file, attributes, recipients, path, target, options);
      } finally {
        attributes.erase();
      }
    }
  }

  static void requireAtMost(int recipients) throws TooManyRecipientsException {
    if (recipients > Prelude.MAX_RECIPIENTS) {
      throw new TooManyRecipientsException(recipients, Prelude.MAX_RECIPIENTS);
    }
  }

  private static void requireFree(TransientPlace target, SendOptions options) throws IOException {
    if (!options.replacesExisting() && target.store().exists(target.name())) {
      throw new FileAlreadyExistsException(target.path());
    }
  }

  private TransientInfo send(
      OutgoingFile file,
      UserAttributeSet attributes,
      List<Contact> recipients,
      String path,
      TransientPlace target,
      SendOptions options)
      throws IOException {
    ElementCard own = session.element().card();
    FileHeader header = header(file, attributes, path);
    byte[] randomness = session.random(TransientKey.LENGTH);
    try (TransientKey key = TransientKey.draw(randomness);
        SecretBytes forNonces = SecretBytes.adopt(session.random(TransientKey.LENGTH));
        FileKeys keys = key.fileKeys(header.volume, header.uid, header.rnd, forNonces)) {
      Bytes outboxId = contacts.outboxId().orElseThrow();
      FileKeyWrap wrap = new FileKeyWrap(header.volume, outboxId, own);
      List<Stanza> stanzas = new ArrayList<>();
      SuiteChoice suites = SuiteChoice.of(options);
      stanzas.add(wrap.wrapOwn(key, suites.ownSuite(own)));
      for (ContactBook.Addressee each : contacts.number(recipients)) {
        stanzas.add(
            wrap.wrap(key, each.card(), suites.suite(each.name(), each.card()), each.counter()));
      }
      int length = Prelude.lengthFor(own.encode().length(), stanzas, 0);
      try (Drafts.Draft draft = drafts.begin(target)) {
        ImageWriter.Written image = writeImage(file, draft.file(), 2L * length, header, keys);
        Prelude prelude =
            new Prelude(
                length,
                1,
                header.volume,
                outboxId,
                volume.clock().instant(),
                options.expiry().orElse(null),
                image.length(),
                header.headerBytes,
                image.headerSignature(),
                image.contentDigest(),
                own.encode(),
                stanzas,
                Bytes.copyOf(new byte[0]));
        byte[] copy = PreludeFile.sign(session, prelude, key);
        draft.file().write(0, copy, 0, length);
        draft.file().write(length, copy, 0, length);
        draft.file().sync();
        file.requireUnchanged();
        TransientInfo info = PreludeFile.read(draft.file(), target.path()).info();
        requireFree(target, options);
        draft.publish();
        return info;
      }
    } finally {
      Arrays.fill(randomness, (byte) 0);
      header.attributes.erase();
    }
  }

  /** The image's header, with all that is known before the content. */
  private FileHeader header(OutgoingFile file, UserAttributeSet attributes, String path)
      throws IOException {
    FileHeader header =
        new FileHeader(random(), random(), Bytes.copyOf(session.random(16)), 0, file.sectorBytes());
    header.origin = KeyOrigin.TRANSIENT;
    header.generation = 1;
    SecureFileAttributes from = file.attributes();
    header.name = from.name();
    header.length = from.size();
    header.created = from.created();
    header.modified = from.modified();
    header.accessed = from.accessed();
    header.changed = volume.clock().instant();
    header.mode = from.mode();
    int room = header.attributeRoom();
    while (!attributes.fitsIntoHeader(room) && header.headerBytes < FileHeader.MAX_BYTES) {
      header.headerBytes += FileHeader.DEFAULT_BYTES;
      room = header.attributeRoom();
    }
    if (!attributes.fitsIntoHeader(room)) {
      throw new AttributeTooLargeException(
          path, "(all of them, in a transient file)", attributes.streamBytes(), room);
    }
    header.attributes = attributes.copy();
    return header;
  }

  private static Bytes random() {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    return Bytes.copyOf(id);
  }

  private static ImageWriter.Written writeImage(
      OutgoingFile file, StoreFile target, long base, FileHeader header, FileKeys keys)
      throws IOException {
    int size = header.sectorBytes;
    byte[] clear = new byte[Math.max(BATCH, size) / size * size];
    try (ImageWriter image = new ImageWriter(target, base, header, keys)) {
      long end = header.layout().sectors(header.length);
      for (long at = file.nextPresent(0); at < end; at = file.nextPresent(at)) {
        Arrays.fill(clear, (byte) 0);
        int count = file.read(at, clear, clear.length / size);
        for (int i = 0; i < count; i++) {
          long sector = at + i;
          int valid = (int) Math.min(size, header.length - sector * size);
          image.sector(sector, clear, i * size, valid, file.flags(sector));
        }
        at += count;
      }
      return image.finish();
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }
}
