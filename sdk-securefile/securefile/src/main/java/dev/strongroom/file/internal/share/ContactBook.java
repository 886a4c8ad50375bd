// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.internal.engine.ContactStore;
import dev.strongroom.file.internal.format.v1.ContactRecord;
import dev.strongroom.file.internal.format.v1.ContactsHead;
import dev.strongroom.file.internal.format.v1.ContactsHead.Receipt;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.ContactNotFoundException;
import dev.strongroom.file.share.Contacts;
import dev.strongroom.file.share.TooManyContactsException;
import dev.strongroom.file.share.TooManyReceiptsException;
import dev.strongroom.file.share.UnconfirmedCardException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * A contact that a file is sent to.
   *
   * @param name its name
   * @param card its card
   * @param counter number of the file
   */
  record Addressee(String name, ElementCard card, long counter) {}

  /** All of the file, while the volume's lock is held. */
  private static final class Page {
    final ContactStore.Content content;
    ContactsHead head;

    Page(ContactStore.Content content) throws IOException {
      this.content = content;
      try {
        head = ContactsHead.parse(content.name(), content.read(0, ContactsHead.BLOCK));
      } catch (FileHeader.Refused e) {
        throw damaged(e);
      }
    }

    IntegrityException damaged(Exception cause) {
      return new IntegrityException(
          content.name(), "contacts", -1, -1, -1, String.valueOf(cause.getMessage()));
    }

    ContactIndex index() throws IOException {
      ContactIndex index = new ContactIndex();
      for (int i = 0; i < head.records(); i++) {
        byte[] bytes = content.read(position(i), ContactsHead.BLOCK);
        try {
          index.add(i, ContactRecord.parse(content.name(), bytes));
        } catch (FileHeader.Refused e) {
          throw damaged(e);
        }
      }
      return index;
    }

    void write(int index, ContactRecord record) throws IOException {
      content.write(position(index), record.encode());
      if (index >= head.records()) {
        write(new ContactsHead(index + 1, head.outboxId(), head.receipts()));
      }
    }

    void write(List<Receipt> receipts) throws IOException {
      write(new ContactsHead(head.records(), head.outboxId(), receipts));
    }

    void write(ContactsHead changed) throws IOException {
      content.write(0, Arrays.copyOf(changed.encode(), ContactsHead.USED)); // the rest is zero
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

  /** All contacts as they stand now. */
  private ContactIndex index() throws IOException {
    return store.read(content -> new Page(content).index()).orElseGet(ContactIndex::new);
  }

  @Override
  public List<Contact> list() throws IOException {
    return index().contacts().stream()
        .map(ContactIndex.Entry::contact)
        .sorted(Comparator.comparing(Contact::name))
        .toList();
  }

  @Override
  public Optional<Contact> find(String name) throws IOException {
    return index().named(name).map(ContactIndex.Entry::contact);
  }

  /** The contact whose keys a card has. */
  Optional<Contact> known(ElementCard card) throws IOException {
    return index().known(Fingerprints.of(card)).map(ContactIndex.Entry::contact);
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
    ElementCard.parse(card.encode()); // for the last time, see ContactIndex
    require();
    return store.change(
        content -> {
          Page page = new Page(content);
          ContactIndex index = page.index();
          Bytes digest = Fingerprints.of(card);
          index.requireFree(name);
          index.requireNew(name, digest, card.serialNumber());
          int place = index.place(digest).orElse(page.head.records());
          if (place >= MAX_CONTACTS) {
            throw new TooManyContactsException(MAX_CONTACTS);
          }
          long counter = index.retired(digest).map(ContactRecord::nextCounter).orElse(1L);
          Contact contact = new Contact(name, card, clock.instant());
          page.write(
              place, ContactRecord.contact(name, contact.added(), counter, digest, card.encode()));
          return contact;
        });
  }

  @Override
  public void remove(String name) throws IOException {
    requireContacts(name);
    store.change(
        content -> {
          Page page = new Page(content);
          ContactIndex.Entry entry = required(page.index(), name);
          page.write(entry.index(), entry.record().removed());
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
          ContactIndex index = page.index();
          ContactIndex.Entry entry = required(index, name);
          if (!index.named(newName).equals(Optional.of(entry))) {
            index.requireFree(newName);
          }
          page.write(entry.index(), entry.record().named(newName));
          return entry;
        });
  }

  private static ContactIndex.Entry required(ContactIndex index, String name)
      throws ContactNotFoundException {
    return index.named(name).orElseThrow(() -> new ContactNotFoundException(name));
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

  /** The contacts of some names, each once. */
  List<Contact> contacts(Collection<String> names) throws IOException {
    ContactIndex index = index();
    Map<Bytes, Contact> found = new LinkedHashMap<>();
    for (String name : names) {
      ContactIndex.Entry entry = required(index, name);
      found.put(entry.record().fingerprint(), entry.contact());
    }
    return List.copyOf(found.values());
  }

  /** Numbers a file for each of its recipients, durably, before it is published. */
  List<Addressee> number(List<Contact> contacts) throws IOException {
    if (contacts.isEmpty()) {
      return List.of();
    }
    return store.change(
        content -> {
          Page page = new Page(content);
          ContactIndex index = page.index();
          List<Addressee> numbered = new ArrayList<>();
          for (Contact contact : contacts) {
            ContactIndex.Entry entry = required(index, contact.name());
            ContactRecord record = entry.record();
            if (!record.fingerprint().equals(Fingerprints.of(contact.card()))) {
              throw new ContactNotFoundException(contact.name()); // another one since
            }
            numbered.add(new Addressee(contact.name(), contact.card(), record.nextCounter()));
            page.write(entry.index(), record.counted());
          }
          return numbered;
        });
  }

  // ---- receiving

  /** Notes that something came from an outbox of a contact, so that the register can be told. */
  void heard(ElementCard sender, Bytes outboxId) throws IOException {
    Bytes fingerprint = Fingerprints.of(sender);
    Optional<ContactIndex.Entry> known = index().known(fingerprint);
    if (known.isEmpty() || known.get().record().outboxes().contains(outboxId)) {
      return;
    }
    store.change(
        content -> {
          Page page = new Page(content);
          Optional<ContactIndex.Entry> entry = page.index().known(fingerprint);
          if (entry.isPresent()) {
            page.write(entry.get().index(), entry.get().record().heardFrom(outboxId));
          }
          return entry;
        });
  }

  /** Names of contacts by what an element's register knows them by. */
  Map<Bytes, String> senders() throws IOException {
    Map<Bytes, String> names = new HashMap<>();
    for (ContactIndex.Entry entry : index().contacts()) {
      for (Bytes outbox : entry.record().outboxes()) {
        names.put(Fingerprints.senderId(entry.card(), outbox), entry.record().name());
      }
    }
    return names;
  }

  /** Receipts of an element. */
  List<Receipt> receipts(Bytes element) throws IOException {
    return receipts().stream().filter(receipt -> receipt.element().equals(element)).toList();
  }

  private List<Receipt> receipts() throws IOException {
    return store.read(content -> new Page(content).head.receipts()).orElse(List.of());
  }

  /**
   * Makes sure that there is room for a receipt.
   *
   * @throws TooManyReceiptsException if there is none
   */
  void requireRoomForReceipt() throws IOException {
    requireRoom(receipts());
  }

  private static void requireRoom(List<Receipt> receipts) throws TooManyReceiptsException {
    if (receipts.size() >= ContactsHead.MAX_RECEIPTS) {
      throw new TooManyReceiptsException(
          ContactsHead.MAX_RECEIPTS, receipts.stream().map(Receipt::element).distinct().toList());
    }
  }

  /** Adds a receipt to the commit under way. */
  void addAlong(Receipt receipt) throws IOException {
    store.changeAlong(
        content -> {
          Page page = new Page(content);
          requireRoom(page.head.receipts());
          List<Receipt> receipts = new ArrayList<>(page.head.receipts());
          receipts.add(receipt);
          page.write(receipts);
          return receipt;
        });
  }

  /** Forgets a receipt that the element knows to be done. */
  void remove(Receipt receipt) throws IOException {
    keepReceipts(each -> !each.equals(receipt));
  }

  @Override
  public void forgetReceipts(Bytes element) throws IOException {
    require();
    keepReceipts(each -> !each.element().equals(element));
  }

  private void keepReceipts(Predicate<Receipt> kept) throws IOException {
    store.change(
        content -> {
          Page page = new Page(content);
          page.write(page.head.receipts().stream().filter(kept).toList());
          return page;
        });
  }
}
