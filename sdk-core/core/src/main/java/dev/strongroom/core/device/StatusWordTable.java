// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;

/**
 * Which status word is which error, in both directions: the one place where they meet.
 *
 * <p>Hosts read it from left to right, elements written in Java from right to left.
 *
 * <table>
 * <caption>Status words of the element protocol</caption>
 * <tr><th>status word</th><th>error</th></tr>
 * <tr><td>63Cx</td><td>{@link AuthenticationFailedException}</td></tr>
 * <tr><td>6581</td><td>{@link ElementStorageException}</td></tr>
 * <tr><td>6982</td><td>{@link SecurityStatusException}</td></tr>
 * <tr><td>6983</td><td>{@link PinBlockedException}</td></tr>
 * <tr><td>6985 to INITIALIZE</td><td>{@link ElementAlreadyInitializedException}</td></tr>
 * <tr><td>6985 to GRUB</td><td>{@link MasterKeysMissingException}</td></tr>
 * <tr><td>6985 to COMPARE AND SET VERSION</td><td>{@link VersionMismatchException}</td></tr>
 * <tr><td>6985 to WIPE, or to a command of trust anchors, secrets, orders, certifying, or of texts
 *     and messages in parts</td><td>{@link
 *     ConditionsNotSatisfiedException}</td></tr>
 * <tr><td>6985 to another command</td><td>{@link ElementNotInitializedException}</td></tr>
 * <tr><td>6A80 to a PIN command</td><td>{@link PinFormatException}</td></tr>
 * <tr><td>6A80 to HPKE, RECEIVE</td><td>{@link DecryptionFailedException}</td></tr>
 * <tr><td>6A80 to UPDATE TRUST ANCHOR</td><td>{@link TrustAnchorRefusedException}</td></tr>
 * <tr><td>6A80 to EXPORT SECRET, IMPORT SECRET</td><td>{@link UntrustedPeerException}</td></tr>
 * <tr><td>6A84 to RECEIVE</td><td>{@link RegisterFullException}</td></tr>
 * <tr><td>6A84 to another command</td><td>{@link NoFreeVersionSlotException}</td></tr>
 * <tr><td>6A88 to RELEASE VERSION</td><td>{@link VersionSlotNotFoundException}</td></tr>
 * <tr><td>6A88 to RECEIVE DONE, FORGET SENDER</td><td>{@link ReceiveNotFoundException}</td></tr>
 * <tr><td>6A89 to RECEIVE</td><td>{@link AlreadyReceivedException}</td></tr>
 * <tr><td>6A81 to GENERATE and the imports of the key store</td><td>{@link
 *     UnsupportedCapabilityException}</td></tr>
 * <tr><td>6A80 to DECRYPT, AGREE, UNWRAP, OPEN DATA KEY, REWRAP, IMPORT WRAPPED</td><td>{@link
 *     DecryptionFailedException}</td></tr>
 * <tr><td>6A80 to ISSUE ORDER, CERTIFY</td><td>{@link UntrustedPeerException}</td></tr>
 * <tr><td>6A80 to SIGN ANCHOR</td><td>{@link TrustAnchorRefusedException}</td></tr>
 * <tr><td>6A84 to a command of the key store</td><td>{@link ElementFullException}</td></tr>
 * <tr><td>6A88 to a command of the key store</td><td>{@link KeyNotFoundException}, {@link
 *     KeyGroupNotFoundException}</td></tr>
 * <tr><td>6A89 to a command of the key store</td><td>{@link KeyExistsException}</td></tr>
 * <tr><td>69F0</td><td>{@link KeyRefusedException}, by its reason</td></tr>
 * <tr><td>6A82 to SELECT</td><td>{@link ApplicationNotFoundException}</td></tr>
 * <tr><td>6F01</td><td>{@link ElementDamagedException}</td></tr>
 * <tr><td>6F02</td><td>{@link ElementEditedException}</td></tr>
 * <tr><td>any other</td><td>{@link StatusWordException}</td></tr>
 * </table>
 *
 * <p>Where an error has fields that the status word does not tell, whoever sent the command makes
 * it out of a {@link ConditionsNotSatisfiedException} or {@link StatusWordException}.
 *
 * <p>Thread safety: immutable.
 */
public final class StatusWordTable {

  private StatusWordTable() {}

  /**
   * The error that a status word means.
   *
   * @param ins instruction byte of the command
   * @param role whose PIN the command carried; {@link Role#USER} for commands without one
   * @param status a status word other than 9000
   * @return the error, to be thrown
   */
  public static DeviceException exception(int ins, Role role, StatusWord status) {
    if (status.isTriesLeft()) {
      return new AuthenticationFailedException(role, status.value() & 0xF);
    }
    if (status.equals(StatusWord.AUTHENTICATION_BLOCKED)) {
      return new PinBlockedException(role);
    }
    if (status.equals(StatusWord.SECURITY_STATUS_NOT_SATISFIED)) {
      return new SecurityStatusException(ins);
    }
    if (status.equals(StatusWord.CONDITIONS_NOT_SATISFIED)) {
      return conditionsNotSatisfied(ins);
    }
    if (status.equals(StatusWord.WRONG_DATA)) {
      return wrongData(ins, role, status);
    }
    if (status.equals(StatusWord.NOT_ENOUGH_MEMORY)) {
      return ins == ElementProtocol.INS_RECEIVE
          ? new RegisterFullException(RegisterFullException.Part.SENDERS)
          : isOfKeyStore(ins)
              ? new StatusWordException(ins, status)
              : new NoFreeVersionSlotException();
    }
    if (status.equals(StatusWord.NOT_FOUND) && ins == ElementProtocol.INS_SELECT) {
      return new ApplicationNotFoundException(ElementProtocol.AID);
    }
    if (status.equals(StatusWord.MEMORY_FAILURE)) {
      return new ElementStorageException("status word 6581", null);
    }
    return switch (status.value()) {
      case ElementProtocol.SW_DAMAGED -> new ElementDamagedException("status word 6F01", null);
      case ElementProtocol.SW_EDITED -> new ElementEditedException("status word 6F02");
      default -> new StatusWordException(ins, status);
    };
  }

  /**
   * The status word that says an error.
   *
   * @param error what an element's command threw
   * @return its status word, 6F00 for an error that has none
   */
  public static StatusWord status(StrongroomException error) {
    if (error instanceof AuthenticationFailedException failed) {
      return StatusWord.triesLeft(Math.min(15, failed.attemptsRemaining()));
    }
    if (error instanceof PinBlockedException) {
      return StatusWord.AUTHENTICATION_BLOCKED;
    }
    if (error instanceof SecurityStatusException) {
      return StatusWord.SECURITY_STATUS_NOT_SATISFIED;
    }
    if (error instanceof ElementNotInitializedException
        || error instanceof ElementAlreadyInitializedException
        || error instanceof MasterKeysMissingException
        || error instanceof VersionMismatchException
        || error instanceof ConditionsNotSatisfiedException) {
      return StatusWord.CONDITIONS_NOT_SATISFIED;
    }
    if (error instanceof PinFormatException
        || error instanceof DecryptionFailedException
        || error instanceof TrustAnchorRefusedException
        || error instanceof UntrustedPeerException) {
      return StatusWord.WRONG_DATA;
    }
    if (error instanceof NoFreeVersionSlotException
        || error instanceof RegisterFullException
        || error instanceof ElementFullException) {
      return StatusWord.NOT_ENOUGH_MEMORY;
    }
    if (error instanceof VersionSlotNotFoundException
        || error instanceof ReceiveNotFoundException
        || error instanceof KeyNotFoundException
        || error instanceof KeyGroupNotFoundException) {
      return StatusWord.REFERENCE_NOT_FOUND;
    }
    if (error instanceof AlreadyReceivedException || error instanceof KeyExistsException) {
      return StatusWord.ALREADY_EXISTS;
    }
    if (error instanceof KeyRefusedException) {
      return new StatusWord(ElementProtocol.SW_REFUSED);
    }
    if (error instanceof UnsupportedCapabilityException) {
      return StatusWord.FUNCTION_NOT_SUPPORTED;
    }
    if (error instanceof ApplicationNotFoundException) {
      return StatusWord.NOT_FOUND;
    }
    if (error instanceof ElementStorageException) {
      return StatusWord.MEMORY_FAILURE;
    }
    if (error instanceof ElementDamagedException) {
      return new StatusWord(ElementProtocol.SW_DAMAGED);
    }
    if (error instanceof ElementEditedException) {
      return new StatusWord(ElementProtocol.SW_EDITED);
    }
    if (error instanceof StatusWordException other) {
      return other.status();
    }
    return StatusWord.UNKNOWN;
  }

  private static boolean isOfKeyStore(int ins) {
    return (ins >= KeyStoreProtocol.INS_QUERY && ins <= KeyStoreProtocol.INS_CERTIFY)
        || (ins >= KeyStoreProtocol.INS_CIPHER && ins <= KeyStoreProtocol.INS_BATCH);
  }

  private static DeviceException conditionsNotSatisfied(int ins) {
    return switch (ins) {
      case ElementProtocol.INS_INITIALIZE -> new ElementAlreadyInitializedException();
      case ElementProtocol.INS_GRUB -> new MasterKeysMissingException();
      case ElementProtocol.INS_WIPE ->
          new ConditionsNotSatisfiedException(
              ins, "without the administrator PIN only when both PINs are blocked");
      case ElementProtocol.INS_COMPARE_AND_SET_VERSION ->
          new ConditionsNotSatisfiedException(ins, "the version slot is another");
      case ElementProtocol.INS_TRUST_ANCHOR ->
          new ConditionsNotSatisfiedException(
              ins,
              "a trust anchor is set once, unless its own signing key is a root only before it has"
                  + " keys or groups, and then replaced by the next version of it");
      case ElementProtocol.INS_EXPORT_SECRET ->
          new ConditionsNotSatisfiedException(
              ins,
              "it must have master keys itself, and the other element be of no lower class, and"
                  + " certified if there is a trust anchor");
      case ElementProtocol.INS_IMPORT_SECRET ->
          new ConditionsNotSatisfiedException(
              ins,
              "it must wait for a twin's master keys, the secret answer its last challenge, and the"
                  + " other element be certified if there is a trust anchor");
      case KeyStoreProtocol.INS_ISSUE_ORDER,
          KeyStoreProtocol.INS_APPLY_ORDER,
          KeyStoreProtocol.INS_ORDER_POSITION ->
          new ConditionsNotSatisfiedException(ins, "it needs a trust anchor");
      case KeyStoreProtocol.INS_QUERY ->
          new ConditionsNotSatisfiedException(ins, "only a key pair has a public key");
      case KeyStoreProtocol.INS_CERTIFY ->
          new ConditionsNotSatisfiedException(
              ins, "its own signing key must be among the roots of its trust anchor");
      case KeyStoreProtocol.INS_CIPHER, KeyStoreProtocol.INS_MAC ->
          new ConditionsNotSatisfiedException(
              ins,
              "what came in parts has ended, because the key was changed or another command of the"
                  + " key store came between; begin again");
      default -> new ElementNotInitializedException();
    };
  }

  private static DeviceException wrongData(int ins, Role role, StatusWord status) {
    return switch (ins) {
      // READ VERSION has the same number as VERIFY, but no PIN and no other wrong data.
      case ElementProtocol.INS_VERIFY,
          ElementProtocol.INS_CHANGE_REFERENCE_DATA,
          ElementProtocol.INS_RESET_RETRY_COUNTER,
          ElementProtocol.INS_INITIALIZE,
          ElementProtocol.INS_WIPE ->
          new PinFormatException(role);
      case ElementProtocol.INS_HPKE, ElementProtocol.INS_RECEIVE -> new DecryptionFailedException();
      case ElementProtocol.INS_TRUST_ANCHOR -> new TrustAnchorRefusedException();
      case ElementProtocol.INS_EXPORT_SECRET, ElementProtocol.INS_IMPORT_SECRET ->
          new UntrustedPeerException("a signature or a key is not what it should be");
      default -> new StatusWordException(ins, status);
    };
  }
}
