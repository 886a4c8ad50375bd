// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.internal.format.v1.ContactRecord;
import dev.strongroom.file.internal.format.v1.ContactRecord.Kind;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Stanza;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.ContactExistsException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of a contacts file by all that is there once each: names, in Unicode's normal form C,
 * serial numbers, key ids, and fingerprints, those of removed contacts among them.
 *
 * <p>Cards were verified when they were added, and the file is authenticated since; they are not
 * verified again.
 *
 * <p>Thread safety: confined to one thread.
 */
final class ContactIndex {

  /**
   * A contact and where its record stands.
   *
   * @param index number of the record
   * @param record the record
   * @param card the card in it
   */
  record Entry(int index, ContactRecord record, ElementCard card) {

    Contact contact() {
      return new Contact(record.name(), card, record.added());
    }
  }

  private final Map<String, Entry> names = new HashMap<>();
  private final Map<Bytes, Entry> serialNumbers = new HashMap<>();
  private final Map<Bytes, Entry> keyIds = new HashMap<>();
  private final Map<Bytes, Integer> fingerprints = new HashMap<>();
  private final Map<Integer, ContactRecord> retired = new HashMap<>();
  private final List<Integer> free = new ArrayList<>();

  /**
   * Takes a record.
   *
   * @param index its number
   * @param record the record
   * @throws FileHeader.Refused if it says of a contact what another record says, or its card is
   *     none
   */
  void add(int index, ContactRecord record) throws FileHeader.Refused {
    if (record.kind() == Kind.FREE) {
      free.add(index);
      return;
    }
    once(fingerprints.put(record.fingerprint(), index), "fingerprint");
    if (record.kind() == Kind.RETIRED) {
      retired.put(index, record);
      return;
    }
    Entry entry = new Entry(index, record, card(record));
    once(names.put(plain(record.name()), entry), "name");
    once(serialNumbers.put(entry.card().serialNumber(), entry), "serial number");
    once(keyIds.put(keyId(record.fingerprint()), entry), "key id");
  }

  private static void once(@Nullable Object before, String what) throws FileHeader.Refused {
    if (before != null) {
      throw new FileHeader.Refused("two records have the same " + what);
    }
  }

  private static ElementCard card(ContactRecord record) throws FileHeader.Refused {
    try {
      ElementCard card = ElementCard.parseKept(record.card());
      if (Fingerprints.of(card).equals(record.fingerprint())) {
        return card;
      }
    } catch (IllegalArgumentException e) {
      throw new FileHeader.Refused("the card of a record is none: " + e.getMessage());
    }
    throw new FileHeader.Refused("a card has another fingerprint than its record");
  }

  private static String plain(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  private static Bytes keyId(Bytes fingerprint) {
    return Bytes.copyOf(fingerprint.toByteArray(), 0, Stanza.KEY_ID);
  }

  /** All contacts. */
  Collection<Entry> contacts() {
    return names.values();
  }

  /** The contact of a name. */
  Optional<Entry> named(String name) {
    return Optional.ofNullable(names.get(plain(name)));
  }

  /** The contact whose keys have a fingerprint. */
  Optional<Entry> known(Bytes fingerprint) {
    return Optional.ofNullable(keyIds.get(keyId(fingerprint)))
        .filter(entry -> entry.record().fingerprint().equals(fingerprint));
  }

  /**
   * Makes sure that a name is free.
   *
   * @throws ContactExistsException if a contact has it
   */
  void requireFree(String name) throws ContactExistsException {
    refuse(name, names.get(plain(name)), "name");
  }

  /**
   * Makes sure that an element is new.
   *
   * @param name what it would be called
   * @param fingerprint SHA-256 of its keys
   * @param serialNumber its serial number
   * @throws ContactExistsException if a contact has its keys, the same key id, so that stanzas for
   *     the two could not be told apart, or its serial number
   */
  void requireNew(String name, Bytes fingerprint, Bytes serialNumber)
      throws ContactExistsException {
    refuse(name, known(fingerprint).orElse(null), "keys");
    refuse(name, keyIds.get(keyId(fingerprint)), "key id");
    refuse(name, serialNumbers.get(serialNumber), "serial number");
  }

  private static void refuse(String name, @Nullable Entry taken, String what)
      throws ContactExistsException {
    if (taken != null) {
      throw new ContactExistsException(name, taken.record().name(), what);
    }
  }

  /** What was left of a contact that was removed. */
  Optional<ContactRecord> retired(Bytes fingerprint) {
    return Optional.ofNullable(fingerprints.get(fingerprint)).map(retired::get);
  }

  /** Where a new contact goes: to what it left when it was removed, or else to a free record. */
  Optional<Integer> place(Bytes fingerprint) {
    Optional<Integer> left = Optional.ofNullable(fingerprints.get(fingerprint));
    return left.isPresent() ? left : free.stream().findFirst();
  }
}
