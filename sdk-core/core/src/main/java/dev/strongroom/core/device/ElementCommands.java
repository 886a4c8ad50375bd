// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelCertificate;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.identity.Attestation;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementIdentity;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.TrustAnchor;
import dev.strongroom.core.identity.TrustAnchorUpdate;
import dev.strongroom.core.identity.WrappedSecret;
import java.util.List;
import java.util.Optional;

/**
 * The element's command set on one logical channel, a method a command, as in {@code
 * docs/spec/element-protocol.md}.
 *
 * <p>The security status (which roles are verified) belongs to the channel. An element in this
 * process implements it directly, without APDUs; for all others the host encodes each call.
 *
 * <p>Thread safety: thread-safe.
 */
public interface ElementCommands extends AutoCloseable {

  /**
   * SELECT: who the element is and what it can do.
   *
   * @return the element's description
   * @throws StrongroomException if the application is not there or the link fails
   */
  ElementInfo select() throws StrongroomException;

  /**
   * GET DATA: life cycle and tries left, readable without a PIN.
   *
   * @return the state at this moment
   * @throws StrongroomException if the link fails
   */
  ElementStatus status() throws StrongroomException;

  /**
   * GET DATA BF21: the certificate of the element's channel key. Where commands leave the process,
   * the secure channel has been opened with that key when this returns, so it is the element's own.
   *
   * @return serial number and channel key
   * @throws StrongroomException if the element has no secure channel or the link fails
   */
  ChannelCertificate channelCertificate() throws StrongroomException;

  /**
   * INITIALIZE: sets both PINs and makes identity and master keys inside; possible on a blank
   * element only.
   *
   * @param userPin UTF-8
   * @param administratorPin UTF-8
   * @throws StrongroomException if the element is initialised already, a PIN has a forbidden
   *     length, or the link fails
   */
  void initialize(SecretBytes userPin, SecretBytes administratorPin) throws StrongroomException;

  /**
   * INITIALIZE as a twin: sets both PINs and makes the identity; the master keys are to come from
   * another element.
   *
   * @param userPin UTF-8
   * @param administratorPin UTF-8
   * @throws StrongroomException if the element is initialised already, a PIN has a forbidden
   *     length, or the link fails
   */
  void initializeTwin(SecretBytes userPin, SecretBytes administratorPin) throws StrongroomException;

  /**
   * WIPE: makes the element blank; every login on every channel ends.
   *
   * @param administratorPin UTF-8
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws StrongroomException if the administrator PIN is blocked, the element is blank, or the
   *     link fails
   */
  void wipe(SecretBytes administratorPin) throws StrongroomException;

  /**
   * WIPE without a PIN, of an element whose PINs are both blocked.
   *
   * @throws ConditionsNotSatisfiedException if a PIN can still be tried
   * @throws StrongroomException if the element is blank or the link fails
   */
  void wipeBlocked() throws StrongroomException;

  /**
   * VERIFY: opens this channel for a role.
   *
   * @param role whose PIN it is
   * @param pin UTF-8
   * @throws AuthenticationFailedException if the PIN is wrong; it says how many tries are left
   * @throws StrongroomException if the PIN is blocked or the link fails
   */
  void verify(Role role, SecretBytes pin) throws StrongroomException;

  /**
   * CHANGE REFERENCE DATA: replaces a PIN by its holder.
   *
   * @param role whose PIN it is
   * @param oldPin UTF-8
   * @param newPin UTF-8
   * @throws AuthenticationFailedException if the old PIN is wrong
   * @throws StrongroomException if the PIN is blocked, the new one has a forbidden length, or the
   *     link fails
   */
  void changePin(Role role, SecretBytes oldPin, SecretBytes newPin) throws StrongroomException;

  /**
   * RESET RETRY COUNTER: sets a new user PIN under the administrator's.
   *
   * @param administratorPin UTF-8
   * @param newUserPin UTF-8
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws StrongroomException if the administrator PIN is blocked or the link fails
   */
  void resetRetryCounter(SecretBytes administratorPin, SecretBytes newUserPin)
      throws StrongroomException;

  /**
   * GET CHALLENGE: bytes of the element's random generator.
   *
   * @param length 1 to {@link ElementInfo#maxRandom()}
   * @return the random bytes
   * @throws StrongroomException if the link fails
   */
  byte[] challenge(int length) throws StrongroomException;

  /**
   * GRUB: the keys of a batch of files or directories of one volume.
   *
   * @param volume the volume's id, 16 bytes
   * @param requests 1 to {@link ElementInfo#maxBatch()}
   * @return an answer for each request, in order
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  List<Grub> grub(Bytes volume, List<GrubRequest> requests) throws StrongroomException;

  /**
   * GRUB with page scope: the encryption keys of a run of crypto pages of one file.
   *
   * @param volume the volume's id, 16 bytes
   * @param file the file, with its RND
   * @param firstPage index of the first crypto page
   * @param count 1 to {@link ElementInfo#maxBatch()}
   * @return the EncGrub of each page, in order
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  List<SecretBytes> pageGrub(Bytes volume, GrubRequest file, long firstPage, int count)
      throws StrongroomException;

  /**
   * READ VERSION of one volume.
   *
   * @param volume the volume's id, 16 bytes
   * @return its slot, or empty if it has none
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Optional<VersionSlot> readVersion(Bytes volume) throws StrongroomException;

  /**
   * READ VERSION of all volumes.
   *
   * @return the slots in use, in the order in which they were made
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  List<VersionSlot> versions() throws StrongroomException;

  /**
   * COMPARE AND SET VERSION: moves a slot by one step, if it is where the caller thinks. A volume
   * without a slot counts as {@link VersionSlot#none} and gets one.
   *
   * @param expected the slot as it should be now
   * @param newRoot {@value VersionSlot#ROOT_LENGTH} bytes
   * @return the slot as it is afterwards
   * @throws VersionMismatchException if it is another; nothing is changed
   * @throws NoFreeVersionSlotException if the volume has no slot and none is free
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  VersionSlot compareAndSetVersion(VersionSlot expected, Bytes newRoot) throws StrongroomException;

  /**
   * RELEASE VERSION: frees a slot for another volume.
   *
   * @param administratorPin UTF-8
   * @param volume the volume's id, 16 bytes
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws VersionSlotNotFoundException if the volume has no slot
   * @throws StrongroomException if the administrator PIN is blocked or the link fails
   */
  void releaseVersion(SecretBytes administratorPin, Bytes volume) throws StrongroomException;

  /**
   * GET DATA: the certificates of the element's identity.
   *
   * @return the identity, its signatures verified
   * @throws StrongroomException if the element is blank, the certificates are malformed, or the
   *     link fails
   */
  ElementIdentity identity() throws StrongroomException;

  /**
   * GET DATA: the element's card.
   *
   * @return the card, its signature verified
   * @throws StrongroomException if the element is blank, the card is malformed, or the link fails
   */
  ElementCard card() throws StrongroomException;

  /**
   * SIGN, for what hosts choose.
   *
   * @param purpose one {@linkplain SignaturePurpose#isForHosts for hosts}
   * @param digest SHA-256 of the message, 32 bytes
   * @return the signature, 64 bytes, R | S
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Bytes sign(SignaturePurpose purpose, Bytes digest) throws StrongroomException;

  /**
   * ATTEST: the element's statement about itself.
   *
   * @param challenge 16 to 64 bytes, never used before
   * @return statement and signature, which is not verified here
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Attestation attest(Bytes challenge) throws StrongroomException;

  /**
   * HPKE EXPORT: a secret shared with whoever made enc for this element's key of a suite.
   *
   * @param suite one of {@link ElementInfo#suites()}
   * @param enc the encapsulated key, as long as the suite says
   * @param info the sender gives {@link ElementProtocol#hpkeInfo} of the same
   * @param exporterContext what the secret is for
   * @param length 1 to {@value ElementProtocol#MAX_EXPORT}
   * @return the secret, which the caller closes
   * @throws DecryptionFailedException if enc is no encapsulated key of the suite
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  SecretBytes hpkeExport(HpkeSuite suite, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException;

  /**
   * HPKE OPEN: a message that was encrypted to this element's key of a suite.
   *
   * @param suite one of {@link ElementInfo#suites()}
   * @param enc the encapsulated key, as long as the suite says
   * @param info the sender gives {@link ElementProtocol#hpkeInfo} of the same
   * @param aad authenticated with the message
   * @param ciphertext with tag, at least 16 bytes
   * @return the message, which the caller closes
   * @throws DecryptionFailedException if it does not open
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  SecretBytes hpkeOpen(HpkeSuite suite, Bytes enc, Bytes info, Bytes aad, Bytes ciphertext)
      throws StrongroomException;

  /**
   * RECEIVE: notes a one-time id as pending and gives the secret shared with whoever made enc for
   * this element's key of a suite and this id.
   *
   * @param suite one of {@link ElementInfo#suites()}
   * @param id what is received
   * @param enc the encapsulated key, as long as the suite says
   * @param info the sender gives {@link ElementProtocol#receiveInfo} of id and the same
   * @param exporterContext what the secret is for
   * @param length 1 to {@value ElementProtocol#MAX_EXPORT}
   * @return the secret, which the caller closes
   * @throws AlreadyReceivedException if it was received before
   * @throws RegisterFullException if there is no room
   * @throws DecryptionFailedException if enc is no encapsulated key of the suite
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  SecretBytes beginReceive(
      HpkeSuite suite, ReceiveId id, Bytes enc, Bytes info, Bytes exporterContext, int length)
      throws StrongroomException;

  /**
   * RECEIVE DONE: a pending one-time id is done, whether it was received or given up.
   *
   * @param id what is done
   * @throws ReceiveNotFoundException if it has not begun
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void endReceive(ReceiveId id) throws StrongroomException;

  /**
   * READ RECEIVE REGISTER.
   *
   * @return what is done and what is pending
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  ReceiveRegister receiveRegister() throws StrongroomException;

  /**
   * FORGET SENDER: frees the place of a sender.
   *
   * @param administratorPin UTF-8
   * @param sender {@value ReceiveId#SENDER_LENGTH} bytes
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws ReceiveNotFoundException if there is no such sender
   * @throws StrongroomException if the administrator PIN is blocked or the link fails
   */
  void forgetSender(SecretBytes administratorPin, Bytes sender) throws StrongroomException;

  /**
   * GET DATA: the element's trust anchor.
   *
   * @return the anchor, or empty if none was set
   * @throws StrongroomException if the element is blank or the link fails
   */
  Optional<TrustAnchor> trustAnchor() throws StrongroomException;

  /**
   * SET TRUST ANCHOR, once.
   *
   * @param administratorPin UTF-8
   * @param anchor whom the element is to believe
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws ConditionsNotSatisfiedException if it has one
   * @throws StrongroomException if the administrator PIN is blocked or the link fails
   */
  void setTrustAnchor(SecretBytes administratorPin, TrustAnchor anchor) throws StrongroomException;

  /**
   * UPDATE TRUST ANCHOR.
   *
   * @param update the next version, signed by present and new roots
   * @throws ConditionsNotSatisfiedException if there is no anchor, or it is not the next version
   * @throws TrustAnchorRefusedException if a signature is wrong or there are too few
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void updateTrustAnchor(TrustAnchorUpdate update) throws StrongroomException;

  /**
   * EXPORT SECRET: wraps a secret for another element.
   *
   * @param administratorPin UTF-8
   * @param kind which secret
   * @param challenge of the receiver, 32 bytes
   * @param receiver who shall get it
   * @return the wrapped secret
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws ConditionsNotSatisfiedException if there are no master keys, or the receiver is of a
   *     lower class, or pinned although there is a trust anchor
   * @throws UntrustedPeerException if the receiver's chain does not verify
   * @throws StrongroomException if the user's PIN has not been verified, the administrator's is
   *     blocked, or the link fails
   */
  WrappedSecret exportSecret(
      SecretBytes administratorPin, SecretKind kind, Bytes challenge, Peer receiver)
      throws StrongroomException;

  /**
   * IMPORT SECRET without data: the challenge for the sender.
   *
   * @param kind which secret shall come
   * @return 32 bytes, good for one import until the element is switched off
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Bytes importChallenge(SecretKind kind) throws StrongroomException;

  /**
   * IMPORT SECRET: takes a secret from another element.
   *
   * @param administratorPin UTF-8
   * @param sender whom it shall come from
   * @param secret the wrapped secret
   * @throws AuthenticationFailedException if the administrator PIN is wrong
   * @throws ConditionsNotSatisfiedException if the element does not wait for it, or it answers
   *     another challenge than the last
   * @throws UntrustedPeerException if it comes from another sender, is for another receiver, or its
   *     signature is wrong
   * @throws StrongroomException if the user's PIN has not been verified, the administrator's is
   *     blocked, or the link fails
   */
  void importSecret(SecretBytes administratorPin, Peer sender, WrappedSecret secret)
      throws StrongroomException;

  /**
   * The records of the element's key store.
   *
   * @return its commands on this channel
   * @throws UnsupportedCapabilityException if the element has no key store
   */
  default KeyStoreCommands keyStore() throws UnsupportedCapabilityException {
    throw new UnsupportedCapabilityException(Capability.KEY_STORE);
  }

  /**
   * The use of managed keys in the element's key store.
   *
   * @return its commands on this channel
   * @throws UnsupportedCapabilityException if the element has no key store
   */
  default KeyUseCommands keyUse() throws UnsupportedCapabilityException {
    throw new UnsupportedCapabilityException(Capability.KEY_STORE);
  }

  /**
   * Orders of the element's key store, and certifying.
   *
   * @return its commands on this channel
   * @throws UnsupportedCapabilityException if the element has no orders
   */
  default KeyOrderCommands keyOrders() throws UnsupportedCapabilityException {
    throw new UnsupportedCapabilityException(Capability.KEY_ORDERS);
  }

  /** Ends the channel and its security status. Idempotent. */
  @Override
  void close();
}
