// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.engine.ContactStore;
import dev.strongroom.file.internal.format.v1.ContactRecord;
import dev.strongroom.file.internal.format.v1.ContactRecord.Kind;
import dev.strongroom.file.internal.format.v1.ContactsHead;
import dev.strongroom.file.internal.format.v1.ContactsHead.Receipt;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.ContactExistsException;
import dev.strongroom.file.share.ContactNotFoundException;
import dev.strongroom.file.share.Contacts;
import dev.strongroom.file.share.TooManyContactsException;
import dev.strongroom.file.share.UnconfirmedCardException;
import java.io.IOException;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contacts of a volume, the counters of what was sent to them, and the receipts of what was
 * received, in the volume's contacts file.
 *
 * <p>Thread safety: thread-safe.
 */
public final class ContactBook implements Contacts {

  private static final Logger LOG = LoggerFactory.getLogger(ContactBook.class);
  private static final Bytes NO_CARD = Bytes.copyOf(new byte[0]);
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * A contact that a file is sent to.
   *
   * @param name its name
   * @param card its card
   * @param counter number of the file
   */
  record Addressee(String name, ElementCard card, long counter) {}

  /** A record and where it stands. */
  private record Entry(int index, ContactRecord record) {}

  /** All of the file, while the volume's lock is held. */
  private static final class Page {
    final ContactStore.Content content;
    ContactsHead head;

    Page(ContactStore.Content content) throws IOException {
      this.content = content;
      try {
        head = ContactsHead.parse(content.read(0, ContactsHead.BYTES));
      } catch (FileHeader.Refused e) {
        throw damaged(e);
      }
    }

    IntegrityException damaged(Exception cause) {
      return new IntegrityException(
          content.name(), "contacts", -1, -1, -1, String.valueOf(cause.getMessage()));
    }

    List<Entry> entries() throws IOException {
      List<Entry> all = new ArrayList<>();
      for (int i = 0; i < head.records(); i++) {
        byte[] bytes = content.read(position(i), ContactRecord.MAX_BYTES);
        try {
          all.add(new Entry(i, ContactRecord.parse(content.name(), bytes)));
        } catch (FileHeader.Refused e) {
          throw damaged(e);
        }
      }
      return all;
    }

    Contact contact(ContactRecord record) throws IOException {
      try {
        ElementCard card = ElementCard.parse(record.card());
        if (!Fingerprints.of(card).equals(record.fingerprint())) {
          throw new IllegalArgumentException("a card has another fingerprint than its record");
        }
        return new Contact(record.name(), card, record.added());
      } catch (IllegalArgumentException e) {
        throw damaged(e);
      }
    }

    void write(int index, ContactRecord record) throws IOException {
      byte[] whole = Arrays.copyOf(record.encode(), ContactRecord.MAX_BYTES);
      content.write(position(index), whole);
      if (index >= head.records()) {
        write(new ContactsHead(index + 1, head.outboxId(), head.receipts()));
      }
    }

    void write(ContactsHead changed) throws IOException {
      content.write(0, changed.encode());
      head = changed;
    }

    private static long position(int index) {
      return (1L + index) * ContactsHead.BLOCK;
    }
  }

  private final ContactStore store;
  private final InstantSource clock;

  /**
   * Works on a volume's contacts file.
   *
   * @param store the file
   * @param clock what tells when a contact was added
   */
  public ContactBook(ContactStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  // ---- contacts

  @Override
  public List<Contact> list() throws IOException {
    List<Contact> found =
        store
            .read(
                content -> {
                  Page page = new Page(content);
                  List<Contact> all = new ArrayList<>();
                  for (Entry entry : page.entries()) {
                    if (entry.record().kind() == Kind.CONTACT) {
                      all.add(page.contact(entry.record()));
                    }
                  }
                  return all;
                })
            .orElseGet(ArrayList::new);
    found.sort(Comparator.comparing(Contact::name));
    return List.copyOf(found);
  }

  @Override
  public Optional<Contact> find(String name) throws IOException {
    return contact(record -> isSame(record.name(), name));
  }

  /** The contact whose keys a card has. */
  Optional<Contact> known(ElementCard card) throws IOException {
    Bytes fingerprint = Fingerprints.of(card);
    return contact(record -> record.fingerprint().equals(fingerprint));
  }

  private Optional<Contact> contact(Predicate<ContactRecord> wanted) throws IOException {
    return store
        .read(
            content -> {
              Page page = new Page(content);
              for (Entry entry : page.entries()) {
                ContactRecord record = entry.record();
                if (record.kind() == Kind.CONTACT && wanted.test(record)) {
                  return Optional.of(page.contact(record));
                }
              }
              return Optional.<Contact>empty();
            })
        .flatMap(found -> found);
  }

  @Override
  public Contact add(String name, ElementCard card, String fingerprint) throws IOException {
    Names.check(name);
    if (!Fingerprints.isOf(fingerprint, card)) {
      throw new UnconfirmedCardException(name, fingerprint, card.fingerprint());
    }
    if (card.encode().length() > ContactRecord.MAX_CARD) {
      throw new IllegalArgumentException(
          "a card of "
              + card.encode().length()
              + " bytes; a contact's has at most "
              + ContactRecord.MAX_CARD);
    }
    require();
    return store.change(
        content -> {
          Page page = new Page(content);
          List<Entry> entries = page.entries();
          requireNew(page, entries, name, card);
          Bytes digest = Fingerprints.of(card);
          Entry place = place(page, entries, digest);
          long counter = Math.max(1, place.record().nextCounter());
          Instant now = clock.instant();
          page.write(
              place.index(),
              new ContactRecord(Kind.CONTACT, name, now, counter, digest, card.encode()));
          return new Contact(name, card, now);
        });
  }

  private static void requireNew(Page page, List<Entry> entries, String name, ElementCard card)
      throws IOException {
    requireFree(entries, name, name);
    Bytes digest = Fingerprints.of(card);
    for (Entry entry : entries) {
      ContactRecord record = entry.record();
      if (record.kind() != Kind.CONTACT) {
        continue;
      }
      if (record.fingerprint().equals(digest)) {
        throw new ContactExistsException(name, record.name(), "keys");
      }
      if (page.contact(record).card().serialNumber().equals(card.serialNumber())) {
        throw new ContactExistsException(name, record.name(), "serial number");
      }
    }
  }

  private static void requireFree(List<Entry> entries, String wanted, String name)
      throws ContactExistsException {
    Entry taken = named(entries, wanted);
    if (taken != null) {
      throw new ContactExistsException(name, taken.record().name(), "name");
    }
  }

  /** Where a contact goes: to what it left when it was removed, or else to a free record. */
  private static Entry place(Page page, List<Entry> entries, Bytes digest)
      throws TooManyContactsException {
    Entry free = null;
    for (Entry entry : entries) {
      ContactRecord record = entry.record();
      if (record.kind() == Kind.RETIRED && record.fingerprint().equals(digest)) {
        return entry;
      }
      if (record.kind() == Kind.FREE && free == null) {
        free = entry;
      }
    }
    if (free != null) {
      return free;
    }
    if (page.head.records() >= MAX_CONTACTS) {
      throw new TooManyContactsException(MAX_CONTACTS);
    }
    return new Entry(
        page.head.records(), new ContactRecord(Kind.FREE, "", Instant.EPOCH, 1, digest, NO_CARD));
  }

  @Override
  public void remove(String name) throws IOException {
    requireContacts(name);
    store.change(
        content -> {
          Page page = new Page(content);
          Entry entry = required(page.entries(), name);
          ContactRecord record = entry.record();
          Kind left = record.nextCounter() == 1 ? Kind.FREE : Kind.RETIRED;
          page.write(
              entry.index(),
              new ContactRecord(
                  left, "", record.added(), record.nextCounter(), record.fingerprint(), NO_CARD));
          return entry;
        });
  }

  @Override
  public void rename(String name, String newName) throws IOException {
    Names.check(newName);
    requireContacts(name);
    store.change(
        content -> {
          Page page = new Page(content);
          List<Entry> entries = page.entries();
          Entry entry = required(entries, name);
          if (!isSame(name, newName)) {
            requireFree(entries, newName, newName);
          }
          ContactRecord record = entry.record();
          page.write(
              entry.index(),
              new ContactRecord(
                  Kind.CONTACT,
                  newName,
                  record.added(),
                  record.nextCounter(),
                  record.fingerprint(),
                  record.card()));
          return entry;
        });
  }

  private static @Nullable Entry named(List<Entry> entries, String name) {
    for (Entry entry : entries) {
      ContactRecord record = entry.record();
      if (record.kind() == Kind.CONTACT && isSame(record.name(), name)) {
        return entry;
      }
    }
    return null;
  }

  private static boolean isSame(String one, String other) {
    return Normalizer.normalize(one, Normalizer.Form.NFC)
        .equals(Normalizer.normalize(other, Normalizer.Form.NFC));
  }

  private static Entry required(List<Entry> entries, String name) throws ContactNotFoundException {
    Entry entry = named(entries, name);
    if (entry == null) {
      throw new ContactNotFoundException(name);
    }
    return entry;
  }

  private void requireContacts(String name) throws IOException {
    if (store.read(content -> Boolean.TRUE).isEmpty()) {
      throw new ContactNotFoundException(name);
    }
  }

  @Override
  public void renewOutbox() throws IOException {
    require();
    store.change(
        content -> {
          Page page = new Page(content);
          page.write(new ContactsHead(page.head.records(), newOutbox(), page.head.receipts()));
          return page;
        });
  }

  /**
   * Begins a new outbox, durably, if there is one: for a volume that was brought back from an older
   * copy, which would give numbers again. Damaged contacts stay as they are, since nothing is sent
   * by them.
   *
   * @throws IOException if the volume cannot be written, or the store or the element fails
   */
  public void renewUsedOutbox() throws IOException {
    try {
      if (outboxId().isPresent()) {
        renewOutbox();
      }
    } catch (IntegrityException e) {
      LOG.debug("the outbox is not renewed", e);
    }
  }

  /** Makes sure that the file is there. */
  void require() throws IOException {
    store.require(new ContactsHead(0, newOutbox(), List.of()).encode());
  }

  private static Bytes newOutbox() {
    byte[] outbox = new byte[Prelude.ID];
    RANDOM.nextBytes(outbox);
    return Bytes.copyOf(outbox);
  }

  // ---- sending

  /** The id of what is sent from this volume, or empty if it knows nobody yet. */
  Optional<Bytes> outboxId() throws IOException {
    return store.read(content -> new Page(content).head.outboxId());
  }

  /** The cards of contacts. */
  List<Contact> contacts(List<String> names) throws IOException {
    List<Contact> found = new ArrayList<>();
    for (String name : names) {
      found.add(find(name).orElseThrow(() -> new ContactNotFoundException(name)));
    }
    return found;
  }

  /** Numbers a file for each of its recipients, durably, before it is published. */
  List<Addressee> number(List<Contact> contacts) throws IOException {
    if (contacts.isEmpty()) {
      return List.of();
    }
    return store.change(
        content -> {
          Page page = new Page(content);
          List<Entry> entries = page.entries();
          List<Addressee> numbered = new ArrayList<>();
          for (Contact contact : contacts) {
            Entry entry = required(entries, contact.name());
            ContactRecord record = entry.record();
            if (!record.fingerprint().equals(Fingerprints.of(contact.card()))) {
              throw new ContactNotFoundException(contact.name()); // another one since
            }
            numbered.add(new Addressee(contact.name(), contact.card(), record.nextCounter()));
            page.write(
                entry.index(),
                new ContactRecord(
                    Kind.CONTACT,
                    record.name(),
                    record.added(),
                    Math.addExact(record.nextCounter(), 1),
                    record.fingerprint(),
                    record.card()));
          }
          return numbered;
        });
  }

  // ---- receiving

  /** Receipts of an element. */
  List<Receipt> receipts(Bytes element) throws IOException {
    List<Receipt> all = store.read(content -> new Page(content).head.receipts()).orElse(List.of());
    return all.stream().filter(receipt -> receipt.element().equals(element)).toList();
  }

  /** Adds a receipt to the commit under way; the oldest gives way where there are too many. */
  void addAlong(Receipt receipt) throws IOException {
    store.changeAlong(
        content -> {
          Page page = new Page(content);
          List<Receipt> receipts = new ArrayList<>(page.head.receipts());
          if (receipts.size() == ContactsHead.MAX_RECEIPTS) {
            receipts.remove(0);
          }
          receipts.add(receipt);
          page.write(new ContactsHead(page.head.records(), page.head.outboxId(), receipts));
          return receipt;
        });
  }

  /** Forgets a receipt that the element knows to be done. */
  void remove(Receipt receipt) throws IOException {
    store.change(
        content -> {
          Page page = new Page(content);
          List<Receipt> receipts = new ArrayList<>(page.head.receipts());
          receipts.remove(receipt);
          page.write(new ContactsHead(page.head.records(), page.head.outboxId(), receipts));
          return receipt;
        });
  }
}
