// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelCertificate;
import java.util.List;

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
   * INITIALIZE: sets both PINs and makes the master keys inside; possible once in an element's
   * life.
   *
   * @param userPin UTF-8
   * @param administratorPin UTF-8
   * @throws StrongroomException if the element is initialised already, a PIN has a forbidden
   *     length, or the link fails
   */
  void initialize(SecretBytes userPin, SecretBytes administratorPin) throws StrongroomException;

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

  /** Ends the channel and its security status. Idempotent. */
  @Override
  void close();
}
