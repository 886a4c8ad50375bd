// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.ElementCard;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The elements that a volume's owner knows: those files can be sent to, and received from. They are
 * kept in the volume. A contact is pinned: another card under its name or serial number is refused.
 *
 * <p>Thread safety: thread-safe.
 */
public interface Contacts {

  /** The most contacts of a volume, those that were removed among them. */
  int MAX_CONTACTS = 10_000;

  /**
   * All contacts.
   *
   * @return by name, in ascending order
   * @throws dev.strongroom.file.IntegrityException if the contacts are damaged
   * @throws IOException if the volume or the element fails
   */
  List<Contact> list() throws IOException;

  /**
   * One contact.
   *
   * @param name its name
   * @return the contact, or empty if there is none of that name
   * @throws IOException as {@link #list}
   */
  Optional<Contact> find(String name) throws IOException;

  /**
   * Adds a contact, durably. The caller has compared the card's fingerprint with what the element's
   * owner told by another way, and gives what was compared.
   *
   * @param name 1 to 255 bytes in UTF-8 without NUL and {@code /}
   * @param card the element's card
   * @param fingerprint what was confirmed: 32 hexadecimal digits, spaces do not count
   * @return the contact
   * @throws IllegalArgumentException if the card's signature is wrong
   * @throws UnconfirmedCardException if the card has another fingerprint
   * @throws ContactExistsException if the name, the element's serial number, its keys or the first
   *     8 bytes of their fingerprint are taken
   * @throws TooManyContactsException if there are {@value #MAX_CONTACTS}
   * @throws dev.strongroom.file.InvalidNameException if the name is none
   * @throws java.nio.file.ReadOnlyFileSystemException if the volume is open for reading only
   * @throws IOException if the volume or the element fails
   */
  Contact add(String name, ElementCard card, String fingerprint) throws IOException;

  /**
   * Removes a contact, durably. What was sent to it can still be received.
   *
   * @param name its name
   * @throws ContactNotFoundException if there is none of that name
   * @throws IOException as {@link #add}
   */
  void remove(String name) throws IOException;

  /**
   * Gives a contact another name, durably.
   *
   * @param name its name
   * @param newName the other one
   * @throws ContactNotFoundException if there is none of that name
   * @throws ContactExistsException if the new name is taken
   * @throws IOException as {@link #add}
   */
  void rename(String name, String newName) throws IOException;

  /**
   * Begins a new outbox, durably: receivers take what is sent from then on for another sender's
   * series. For a volume that was restored from a backup, which would give numbers again that it
   * has given since; receivers would refuse those as received before. The recipients of what was
   * sent until then can no longer be changed.
   *
   * @throws java.nio.file.ReadOnlyFileSystemException if the volume is open for reading only
   * @throws IOException if the volume or the element fails
   */
  void renewOutbox() throws IOException;

  /**
   * Forgets the receipts of an element that is lost, durably. Where it is not lost, files that it
   * received into this volume and has not taken note of can be received by it once more.
   *
   * @param element its serial number, 16 bytes
   * @throws java.nio.file.ReadOnlyFileSystemException if the volume is open for reading only
   * @throws IOException if the volume or the element fails
   */
  void forgetReceipts(Bytes element) throws IOException;
}
