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
 * <tr><td>6985 to another command</td><td>{@link ElementNotInitializedException}</td></tr>
 * <tr><td>6A80 to a PIN command</td><td>{@link PinFormatException}</td></tr>
 * <tr><td>6A82 to SELECT</td><td>{@link ApplicationNotFoundException}</td></tr>
 * <tr><td>6F01</td><td>{@link ElementDamagedException}</td></tr>
 * <tr><td>6F02</td><td>{@link ElementEditedException}</td></tr>
 * <tr><td>any other</td><td>{@link StatusWordException}</td></tr>
 * </table>
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
      return ins == ElementProtocol.INS_INITIALIZE
          ? new ElementAlreadyInitializedException()
          : new ElementNotInitializedException();
    }
    if (status.equals(StatusWord.WRONG_DATA) && carriesPin(ins)) {
      return new PinFormatException(role);
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
        || error instanceof ElementAlreadyInitializedException) {
      return StatusWord.CONDITIONS_NOT_SATISFIED;
    }
    if (error instanceof PinFormatException) {
      return StatusWord.WRONG_DATA;
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

  private static boolean carriesPin(int ins) {
    return ins == ElementProtocol.INS_VERIFY
        || ins == ElementProtocol.INS_CHANGE_REFERENCE_DATA
        || ins == ElementProtocol.INS_RESET_RETRY_COUNTER
        || ins == ElementProtocol.INS_INITIALIZE;
  }
}
