// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.AlreadyReceivedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.device.ReceiveRegister;
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
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.RegisteredSender;
import dev.strongroom.file.share.SendOptions;
import dev.strongroom.file.share.TransientContent;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.share.TransientView;
import dev.strongroom.file.share.TransientView.Standing;
import dev.strongroom.file.share.WrongRecipientException;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Transient files from the side of one open volume: sending, changing, looking into and receiving
 * them.
 *
 * <p>Thread safety: thread-safe.
 */
public final class TransientFiles {

  /** What belongs to one transient file that an element can open. */
  record Opened(PreludeFile.Found found, Stanza stanza, FileKeyWrap wrap, HpkeSuite suite) {

    ReceiveId receiveId() {
      return wrap.receiveId(stanza.counter());
    }
  }

  private final Volume volume;
  private final Namespace namespace;
  private final ContactBook contacts;
  private final Drafts drafts;

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
    drafts = new Drafts(volume.description().id());
  }

  /**
   * What a file shows to everybody.
   *
   * @param file the transient file
   * @return its public part
   * @throws IOException if it is none, or cannot be read
   */
  public static TransientInfo inspect(Path file) throws IOException {
    TransientPlace place = TransientPlace.of(file);
    try (StoreFile in = place.open(Store.Access.READ)) {
      PreludeFile.Found found = PreludeFile.read(in, place.path());
      ImageReader.requireWhole(in, place.path(), found.prelude());
      return found.info();
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
  public TransientInfo send(String path, TransientPlace target, SendOptions options)
      throws IOException {
    return new Sending(volume, namespace, contacts, drafts).run(path, target, options);
  }

  /**
   * Receives a file.
   *
   * @param place the transient file
   * @param path where it will be in the volume
   * @param options how
   * @return what was received
   * @throws IOException as the public method says
   */
  public ReceivedFile receive(TransientPlace place, String path, ReceiveOptions options)
      throws IOException {
    return new Receiving(volume, namespace, contacts).run(place, path, options);
  }

  /**
   * Adds recipients.
   *
   * @param place the transient file
   * @param options whom and how
   * @return what it shows afterwards
   * @throws IOException as the public method says
   */
  public TransientInfo addRecipients(TransientPlace place, RecipientOptions options)
      throws IOException {
    return new RecipientChange(volume, contacts, drafts, place, options).add();
  }

  /**
   * Removes recipients.
   *
   * @param place the transient file
   * @param options whom
   * @return what it shows afterwards
   * @throws IOException as the public method says
   */
  public TransientInfo removeRecipients(TransientPlace place, RecipientOptions options)
      throws IOException {
    return new RecipientChange(volume, contacts, drafts, place, options).remove();
  }

  /**
   * Gives up a file that was sent to this element: it counts as received. What the element has
   * begun to receive is given up whoever sent it; to take note of something else, the sender must
   * be known.
   *
   * @param place the transient file
   * @throws IOException as the public method says
   */
  public void decline(TransientPlace place) throws IOException {
    ElementSession session = volume.session();
    try (StoreFile in = place.open(Store.Access.READ)) {
      PreludeFile.Found found = PreludeFile.read(in, place.path());
      ElementCard own = session.element().card();
      Opened opened = forRecipient(place.path(), found, own);
      ReceiveId id = opened.receiveId();
      ReceiveRegister register = session.receiveRegister();
      if (register.isTaken(id)) {
        return;
      }
      if (!register.isPending(id)) {
        Receiving.requireKnownSender(
            contacts, place.path(), found.sender(), own, ReceiveOptions.defaults());
        begin(session, own, opened); // what has not begun cannot end
      }
      session.endReceive(id);
    }
  }

  /**
   * Gives up what the element has begun to receive, whoever sent it, and wherever the file is.
   *
   * @param id as the register lists it
   * @throws IOException as the public method says
   */
  public void decline(ReceiveId id) throws IOException {
    volume.session().endReceive(id);
  }

  private static void begin(ElementSession session, ElementCard own, Opened opened)
      throws StrongroomException {
    TransientKey key = opened.wrap().unwrap(session, own, opened.stanza(), opened.suite());
    if (key != null) {
      key.close();
    }
  }

  /**
   * What the element's register knows, with the names of contacts.
   *
   * @return the senders, in the order in which they came
   * @throws IOException as the public method says
   */
  public List<RegisteredSender> register() throws IOException {
    Map<Bytes, String> names = contacts.senders();
    ReceiveRegister register = volume.session().receiveRegister();
    return register.senders().stream()
        .map(
            window ->
                new RegisteredSender(
                    window.sender(),
                    names.get(window.sender()),
                    window.highest(),
                    register.pending().stream()
                        .filter(id -> id.sender().equals(window.sender()))
                        .toList()))
        .toList();
  }

  /**
   * Looks at a file.
   *
   * @param place the transient file
   * @return what this element sees of it
   * @throws IOException as the public method says
   */
  public TransientView view(TransientPlace place) throws IOException {
    ElementSession session = volume.session();
    try (StoreFile in = place.open(Store.Access.READ)) {
      PreludeFile.Found found = PreludeFile.read(in, place.path());
      ImageReader.requireWhole(in, place.path(), found.prelude());
      ElementCard own = session.element().card();
      boolean sent = Fingerprints.of(own).equals(Fingerprints.of(found.sender()));
      Contact contact = contacts.known(found.sender()).orElse(null);
      if (sent) {
        return look(in, place, found, Standing.SENT, null, keyOfSender(session, place, found));
      }
      if (find(found.prelude(), own) == null) {
        return view(found, Standing.FOR_OTHERS, contact, null);
      }
      if (contact == null) {
        return view(found, Standing.SENDER_UNKNOWN, null, null);
      }
      Opened opened = forRecipient(place.path(), found, own);
      if (!volume.isReadOnly()) {
        contacts.heard(found.sender(), found.prelude().outboxId());
      }
      try {
        TransientKey key = key(session, place.path(), own, opened, contact);
        return look(in, place, found, Standing.RECEIVABLE, contact, key);
      } catch (AlreadyReceivedException e) {
        return view(found, Standing.RECEIVED, contact, null);
      }
    }
  }

  private TransientView view(
      PreludeFile.Found found,
      Standing standing,
      @Nullable Contact contact,
      @Nullable TransientContent content) {
    return new TransientView(
        found.info(),
        standing,
        contact == null ? null : contact.name(),
        content,
        volume.clock().instant());
  }

  private TransientView look(
      StoreFile in,
      TransientPlace place,
      PreludeFile.Found found,
      Standing standing,
      @Nullable Contact contact,
      TransientKey key)
      throws IOException {
    try (key) {
      PreludeFile.requireMac(place.path(), found, key);
      try (ImageReader image = ImageReader.open(in, place.path(), found.prelude(), key)) {
        return view(found, standing, contact, content(image.header()));
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
  static TransientKey key(
      ElementSession session, String name, ElementCard own, Opened opened, @Nullable Contact sender)
      throws IOException {
    try {
      return require(name, opened.wrap().unwrap(session, own, opened.stanza(), opened.suite()));
    } catch (AlreadyReceivedException e) {
      throw sender == null ? e : new AlreadyReceivedException(e.received(), sender.name());
    }
  }

  /** The file's key, by the sender's own stanza. */
  static TransientKey keyOfSender(
      ElementSession session, TransientPlace place, PreludeFile.Found found) throws IOException {
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
