// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveNotFoundException;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.engine.Namespace;
import dev.strongroom.file.internal.engine.Volume;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.internal.format.v1.Stanza;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.ReceiveOptions;
import dev.strongroom.file.share.ReceivedFile;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientContent;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.TransientView;
import dev.strongroom.file.share.TransientView.Standing;
import dev.strongroom.file.share.WrongRecipientException;
import dev.strongroom.file.store.PathStore;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Transient files from the side of one open volume: sending, changing, looking into and receiving
 * them.
 *
 * <p>Thread safety: thread-safe.
 */
public final class TransientFiles {

  /**
   * A transient file on the host.
   *
   * @param store the folder that it lies in
   * @param name its name there
   * @param path its path, for messages
   */
  record Place(Store store, String name, String path) {

    static Place of(Path file) {
      Path absolute = file.toAbsolutePath();
      Path folder = absolute.getParent();
      Path name = absolute.getFileName();
      if (folder == null || name == null) {
        throw new IllegalArgumentException(file + " is no place for a file");
      }
      return new Place(new PathStore(folder), name.toString(), file.toString());
    }

    StoreFile open(Store.Access access) throws IOException {
      return store.open(name, access);
    }
  }

  /** What belongs to one transient file that an element can open. */
  record Opened(PreludeFile.Found found, Stanza stanza, FileKeyWrap wrap, HpkeSuite suite) {

    ReceiveId receiveId() {
      return wrap.receiveId(stanza.counter());
    }
  }

  private final Volume volume;
  private final Namespace namespace;
  private final ContactBook contacts;

  /**
   * Works on a volume.
   *
   * @param volume the open volume
   * @param namespace its names
   * @param contacts its contacts
   */
  public TransientFiles(Volume volume, Namespace namespace, ContactBook contacts) {
    this.volume = volume;
    this.namespace = namespace;
    this.contacts = contacts;
  }

  /**
   * What a file shows to everybody.
   *
   * @param file the transient file
   * @return its public part
   * @throws IOException if it is none, or cannot be read
   */
  public static TransientInfo inspect(Path file) throws IOException {
    Place place = Place.of(file);
    try (StoreFile in = place.open(Store.Access.READ)) {
      return PreludeFile.read(in, place.path()).info();
    }
  }

  /**
   * Sends a file.
   *
   * @param path the file in the volume
   * @param target where the transient file will be
   * @param options to whom and how
   * @return what it shows
   * @throws IOException as the public method says
   */
  public TransientInfo send(String path, Path target, SendOptions options) throws IOException {
    return new Sending(volume, namespace, contacts).run(path, Place.of(target), options);
  }

  /**
   * Receives a file.
   *
   * @param file the transient file
   * @param path where it will be in the volume
   * @param options how
   * @return what was received
   * @throws IOException as the public method says
   */
  public ReceivedFile receive(Path file, String path, ReceiveOptions options) throws IOException {
    return new Receiving(volume, namespace, contacts).run(Place.of(file), path, options);
  }

  /**
   * Adds recipients.
   *
   * @param file the transient file
   * @param names contacts
   * @return what it shows afterwards
   * @throws IOException as the public method says
   */
  public TransientInfo addRecipients(Path file, List<String> names) throws IOException {
    return new RecipientChange(volume, contacts, Place.of(file)).add(names);
  }

  /**
   * Removes recipients.
   *
   * @param file the transient file
   * @param names contacts
   * @return what it shows afterwards
   * @throws IOException as the public method says
   */
  public TransientInfo removeRecipients(Path file, List<String> names) throws IOException {
    return new RecipientChange(volume, contacts, Place.of(file)).remove(names);
  }

  /**
   * Gives up a file that was sent to this element: it counts as received.
   *
   * @param file the transient file
   * @throws IOException as the public method says
   */
  public void decline(Path file) throws IOException {
    Place place = Place.of(file);
    ElementSession session = volume.session();
    try (StoreFile in = place.open(Store.Access.READ)) {
      PreludeFile.Found found = PreludeFile.read(in, place.path());
      ElementCard own = session.element().card();
      Receiving.requireKnownSender(
          contacts, place.path(), found.sender(), own, ReceiveOptions.defaults());
      Opened opened = forRecipient(place.path(), found, own);
      try {
        session.endReceive(opened.receiveId());
      } catch (ReceiveNotFoundException e) {
        begin(session, own, opened); // what has not begun cannot end
        session.endReceive(opened.receiveId());
      }
    }
  }

  private static void begin(ElementSession session, ElementCard own, Opened opened)
      throws StrongroomException {
    TransientKey key = opened.wrap().unwrap(session, own, opened.stanza(), opened.suite());
    if (key != null) {
      key.close();
    }
  }

  /**
   * Looks at a file.
   *
   * @param file the transient file
   * @return what this element sees of it
   * @throws IOException as the public method says
   */
  public TransientView view(Path file) throws IOException {
    Place place = Place.of(file);
    ElementSession session = volume.session();
    try (StoreFile in = place.open(Store.Access.READ)) {
      PreludeFile.Found found = PreludeFile.read(in, place.path());
      ElementCard own = session.element().card();
      boolean sent = Fingerprints.of(own).equals(Fingerprints.of(found.sender()));
      Contact contact = contacts.known(found.sender()).orElse(null);
      if (sent) {
        return look(in, place, found, Standing.SENT, null, keyOfSender(session, place, found));
      }
      if (find(found.prelude(), own) == null) {
        return unopened(found, Standing.FOR_OTHERS, contact);
      }
      if (contact == null) {
        return unopened(found, Standing.SENDER_UNKNOWN, null);
      }
      Opened opened = forRecipient(place.path(), found, own);
      ImageReader.requireWhole(in, place.path(), found.prelude());
      try {
        TransientKey key = key(session, place.path(), own, opened);
        return look(in, place, found, Standing.RECEIVABLE, contact, key);
      } catch (AlreadyReceivedException e) {
        return unopened(found, Standing.RECEIVED, contact);
      }
    }
  }

  private static TransientView unopened(
      PreludeFile.Found found, Standing standing, @Nullable Contact contact) {
    return new TransientView(found.info(), standing, contact == null ? null : contact.name(), null);
  }

  private static TransientView look(
      StoreFile in,
      Place place,
      PreludeFile.Found found,
      Standing standing,
      @Nullable Contact contact,
      TransientKey key)
      throws IOException {
    try (key) {
      PreludeFile.requireMac(place.path(), found, key);
      try (ImageReader image = ImageReader.open(in, place.path(), found.prelude(), key)) {
        return new TransientView(
            found.info(),
            standing,
            contact == null ? null : contact.name(),
            content(image.header()));
      }
    }
  }

  static TransientContent content(FileHeader header) {
    return new TransientContent(
        header.name,
        header.length,
        header.created,
        header.modified,
        header.mode,
        header.attributes.names());
  }

  /** The stanza of an element among the recipients', or null. */
  static @Nullable Stanza find(Prelude prelude, ElementCard card) {
    for (Stanza stanza : prelude.recipients()) {
      if (stanza.keyId().equals(Fingerprints.keyId(card))) {
        return stanza;
      }
    }
    return null;
  }

  /** What a recipient needs to receive a file. */
  static Opened forRecipient(String name, PreludeFile.Found found, ElementCard own)
      throws IOException {
    Prelude prelude = found.prelude();
    Stanza stanza = find(prelude, own);
    if (stanza == null) {
      throw new WrongRecipientException(name, own.serialNumber(), prelude.recipients().size());
    }
    FileKeyWrap wrap = FileKeyWrap.of(prelude, found.sender());
    return new Opened(found, stanza, wrap, suite(name, stanza));
  }

  static HpkeSuite suite(String name, Stanza stanza) throws FormatVersionException {
    return HpkeSuite.of(stanza.suite())
        .orElseThrow(
            () ->
                new FormatVersionException(
                    name,
                    FileHeader.FORMAT + " with HPKE suite " + stanza.suite(),
                    FileHeader.FORMAT));
  }

  /** The file's key, by the element; its register notes the file. */
  static TransientKey key(ElementSession session, String name, ElementCard own, Opened opened)
      throws IOException {
    return require(name, opened.wrap().unwrap(session, own, opened.stanza(), opened.suite()));
  }

  /** The file's key, by the sender's own stanza. */
  static TransientKey keyOfSender(ElementSession session, Place place, PreludeFile.Found found)
      throws IOException {
    Stanza own = found.prelude().stanzas().get(0);
    FileKeyWrap wrap = FileKeyWrap.of(found.prelude(), found.sender());
    return require(place.path(), wrap.unwrapOwn(session, own, suite(place.path(), own)));
  }

  private static TransientKey require(String name, @Nullable TransientKey key)
      throws IntegrityException {
    if (key == null) {
      throw new IntegrityException(
          name, "prelude", -1, -1, -1, "the file's key is not wrapped for this file and element");
    }
    return key;
  }
}
