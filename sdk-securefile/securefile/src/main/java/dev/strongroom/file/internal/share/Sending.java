// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeSuite;
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
import dev.strongroom.file.internal.share.TransientFiles.Place;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.SuiteMissingException;
import dev.strongroom.file.share.TooManyRecipientsException;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.store.Store;
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
  private static final List<HpkeSuite> STRONGEST_FIRST =
      List.of(HpkeSuite.X25519_ML_KEM_768, HpkeSuite.X25519, HpkeSuite.P256);

  private final Volume volume;
  private final Namespace namespace;
  private final ContactBook contacts;
  private final ElementSession session;

  Sending(Volume volume, Namespace namespace, ContactBook contacts) {
    this.volume = volume;
    this.namespace = namespace;
    this.contacts = contacts;
    this.session = volume.session();
  }

  TransientInfo run(String path, Place target, SendOptions options) throws IOException {
    volume.requireChangeable();
    requireAtMost(options.recipients().size());
    List<Contact> recipients = contacts.contacts(options.recipients());
    for (Contact each : recipients) {
      suite(each.name(), each.card(), options);
    }
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

  /** The suite that a file's key is wrapped under for an element. */
  static HpkeSuite suite(String name, ElementCard card, SendOptions options)
      throws SuiteMissingException {
    if (options.onlySuite().isPresent()) {
      HpkeSuite only = options.onlySuite().get();
      if (!card.suites().contains(only)) {
        throw new SuiteMissingException(name, only.toString());
      }
      return only;
    }
    return strongest(card);
  }

  static HpkeSuite strongest(ElementCard card) {
    return STRONGEST_FIRST.stream()
        .filter(card.suites()::contains)
        .findFirst()
        .orElse(HpkeSuite.P256);
  }

  private static void requireFree(Place target, SendOptions options) throws IOException {
    if (!options.replacesExisting() && target.store().exists(target.name())) {
      throw new FileAlreadyExistsException(target.path());
    }
  }

  private TransientInfo send(
      OutgoingFile file,
      UserAttributeSet attributes,
      List<Contact> recipients,
      String path,
      Place target,
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
      stanzas.add(wrap.wrapOwn(key, ownSuite(own, options)));
      for (ContactBook.Addressee each : contacts.number(recipients)) {
        stanzas.add(
            wrap.wrap(key, each.card(), suite(each.name(), each.card(), options), each.counter()));
      }
      int length = Prelude.lengthFor(own.encode().length(), stanzas, 0);
      try (Draft draft = new Draft(target)) {
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

  private static HpkeSuite ownSuite(ElementCard own, SendOptions options) {
    return options.onlySuite().filter(own.suites()::contains).orElseGet(() -> strongest(own));
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

  /** A file under a name of its own, which is deleted unless it is published. */
  static final class Draft implements AutoCloseable {

    private final Place target;
    private final String name;
    private final StoreFile file;
    private boolean published;

    Draft(Place target) throws IOException {
      this.target = target;
      name = target.name() + "." + random() + ".part";
      file = target.store().open(name, Store.Access.CREATE);
    }

    StoreFile file() {
      return file;
    }

    /** Gives it its name, durably; it has been synced. */
    void publish() throws IOException {
      file.close();
      target.store().move(name, target.name());
      published = true;
      target.store().syncDirectory("");
    }

    @Override
    public void close() throws IOException {
      file.close();
      if (!published) {
        target.store().delete(name);
      }
    }
  }
}
