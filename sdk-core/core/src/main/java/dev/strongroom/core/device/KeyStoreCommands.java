// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyGroup;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.StoredKey;
import java.util.List;
import java.util.Optional;

/**
 * The records of an element's key store: queries, and administration where the element administers
 * itself; {@code docs/spec/key-store.md}, 9, instructions 40 to 46.
 *
 * <p>A change whose answer was lost can be asked again after the next login: what is done already
 * succeeds and changes nothing. {@link #generate} and the imports throw {@link KeyExistsException}
 * then; {@link #read} and {@link #publicKey} tell whether it is the key that was to be made.
 *
 * <p>All need the user's login. On an element that is administered, every change throws {@link
 * ElementAdministeredException}.
 *
 * <p>Thread safety: thread-safe.
 */
public interface KeyStoreCommands {

  /**
   * LIST KEYS, ascending and as many as one answer holds.
   *
   * @param after where to go on, or empty to begin
   * @return the ids after it; none at the end
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  List<KeyId> keys(Optional<KeyId> after) throws StrongroomException;

  /**
   * LIST GROUPS, ascending and as many as one answer holds.
   *
   * @param after where to go on, or empty to begin
   * @return the ids after it; none at the end
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  List<GroupId> groups(Optional<GroupId> after) throws StrongroomException;

  /**
   * READ KEY.
   *
   * @param key which
   * @return all but the value
   * @throws KeyNotFoundException if there is no such key
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  StoredKey read(KeyId key) throws StrongroomException;

  /**
   * READ GROUP.
   *
   * @param group which
   * @return index, terms and lease
   * @throws KeyGroupNotFoundException if there is no such group
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  KeyGroup read(GroupId group) throws StrongroomException;

  /**
   * READ PUBLIC KEY.
   *
   * @param key one with an {@linkplain dev.strongroom.core.keys.KeyAlgorithm#isAsymmetric
   *     asymmetric} algorithm
   * @return 04 | X | Y of 65 or 97 bytes; 32 bytes for Ed25519 and X25519
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyStateRefusedException if it is destroyed
   * @throws StrongroomException if the key has no public key, the user's PIN has not been verified,
   *     or the link fails
   */
  Bytes publicKey(KeyId key) throws StrongroomException;

  /**
   * READ STORE.
   *
   * @return how full it is, its time, and who administers it
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  KeyStoreStatus status() throws StrongroomException;

  /**
   * TELL TIME: for what is used without a {@link KeyUseHead}, as in GRUB. Never goes back until
   * power is off.
   *
   * @param time what the host's clock says
   * @return what time it is now
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  KeyStoreTime tellTime(ElementTime time) throws StrongroomException;

  /**
   * GENERATE: draws a key inside.
   *
   * @param attributes pre-active or active, without {@link
   *     dev.strongroom.core.keys.KeyFlag#IMPORTED}; its group is there
   * @return the public key, or empty if there is none
   * @throws KeyExistsException if the id is there
   * @throws KeyGroupNotFoundException if the group is not
   * @throws KeyAttributeRefusedException if the periods of an active key are not within the terms
   *     of the group
   * @throws ElementFullException if there is no room
   * @throws UnsupportedCapabilityException if the element does not have the algorithm
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Optional<Bytes> generate(KeyAttributes attributes) throws StrongroomException;

  /**
   * IMPORT: takes a key that the host has; it gets {@link
   * dev.strongroom.core.keys.KeyFlag#IMPORTED}.
   *
   * @param attributes as for {@link #generate}
   * @param value the key or private key, as long as the algorithm says; for HMAC 16 to 64 bytes
   * @return the public key, or empty if there is none
   * @throws KeyExistsException if the id is there
   * @throws KeyGroupNotFoundException if the group is not
   * @throws KeyAttributeRefusedException if the group takes no imports, or the periods of an active
   *     key are not within its terms
   * @throws ElementFullException if there is no room
   * @throws UnsupportedCapabilityException if the element does not have the algorithm
   * @throws StrongroomException if the value is no key, the user's PIN has not been verified, or
   *     the link fails
   */
  Optional<Bytes> importKey(KeyAttributes attributes, SecretBytes value) throws StrongroomException;

  /**
   * IMPORT WRAPPED: takes a key that somebody has wrapped for this element.
   *
   * @param attributes as for {@link #generate}; the very ones with which it was wrapped
   * @param enc the encapsulated key, 65 bytes
   * @param wrapped the value with 8 bytes more
   * @return the public key, or empty if there is none
   * @throws KeyExistsException if the id is there
   * @throws KeyGroupNotFoundException if the group is not
   * @throws KeyAttributeRefusedException if the group takes no imports, or the periods of an active
   *     key are not within its terms
   * @throws ElementFullException if there is no room
   * @throws DecryptionFailedException if the value is not for this element, or not with these
   *     attributes
   * @throws UnsupportedCapabilityException if the element does not have the algorithm
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Optional<Bytes> importWrapped(KeyAttributes attributes, Bytes enc, Bytes wrapped)
      throws StrongroomException;

  /**
   * SET STATE: one transition of an administrator.
   *
   * @param key which
   * @param present the state that it has now
   * @param target the state that it shall have
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyTransitionRefusedException if it is in another state, or no transition leads there
   * @throws KeyExpiredException if a suspended key was to resume after its originator-usage period
   * @throws DestructionScheduledException if a suspended key was to resume that is to be destroyed
   * @throws KeyAttributeRefusedException if the periods of what becomes active are not within the
   *     terms of the group
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void setState(KeyId key, KeyState present, KeyState target) throws StrongroomException;

  /**
   * SCHEDULE DESTRUCTION, or set another time for it.
   *
   * @param key suspended, deactivated or compromised
   * @param at after the floor
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyStateRefusedException if it is in another state
   * @throws KeyAttributeRefusedException if the time is not after the floor
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void scheduleDestruction(KeyId key, ElementTime at) throws StrongroomException;

  /**
   * CANCEL DESTRUCTION; what is suspended becomes deactivated.
   *
   * @param key which
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyStateRefusedException if it is destroyed
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void cancelDestruction(KeyId key) throws StrongroomException;

  /**
   * SHORTEN: brings ends and limit forward.
   *
   * @param key which
   * @param shortening what becomes what
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyAttributeRefusedException if something would become longer, may not change in the
   *     state of the key, or is not within the terms of the group
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void shorten(KeyId key, KeyShortening shortening) throws StrongroomException;

  /**
   * REMOVE KEY: forgets the record of a destroyed key. What is not there is no error.
   *
   * @param key which
   * @throws KeyStateRefusedException if it is not destroyed
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void remove(KeyId key) throws StrongroomException;

  /**
   * SET FLOOR: moves the signed time forward, and destroys the keys whose time of destruction has
   * come.
   *
   * @param time an earlier one than the floor changes nothing
   * @return the floor that counts
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  ElementTime setFloor(ElementTime time) throws StrongroomException;

  /**
   * PUT GROUP: makes a group, or gives it other terms.
   *
   * @param group which
   * @param terms what holds for what is done from then on
   * @throws ElementFullException if there is no room
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void putGroup(GroupId group, GroupTerms terms) throws StrongroomException;

  /**
   * REMOVE GROUP. What is not there is no error.
   *
   * @param group which
   * @throws KeyAttributeRefusedException if it has keys
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void remove(GroupId group) throws StrongroomException;
}
