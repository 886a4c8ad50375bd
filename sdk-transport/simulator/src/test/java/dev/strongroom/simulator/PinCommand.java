// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.WrappedSecret;
import dev.strongroom.core.testkit.RootAuthority;
import dev.strongroom.core.testkit.SoftwarePeer;

/** Every command that carries a PIN, with the PIN left open. */
enum PinCommand {
  VERIFY_USER(Role.USER, (element, pin) -> element.verify(Role.USER, pin)),
  VERIFY_ADMINISTRATOR(
      Role.ADMINISTRATOR, (element, pin) -> element.verify(Role.ADMINISTRATOR, pin)),
  LOGIN(Role.USER, (element, pin) -> element.login(pin).close()),
  CHANGE_USER_PIN(
      Role.USER, (element, pin) -> element.changePin(Role.USER, pin, Stored.pin(Stored.USER_PIN))),
  CHANGE_ADMINISTRATOR_PIN(
      Role.ADMINISTRATOR,
      (element, pin) ->
          element.changePin(Role.ADMINISTRATOR, pin, Stored.pin(Stored.ADMINISTRATOR_PIN))),
  UNBLOCK(Role.ADMINISTRATOR, (element, pin) -> element.unblock(pin, Stored.pin(Stored.USER_PIN))),
  WIPE(Role.ADMINISTRATOR, SecureElement::wipe),
  RELEASE_VERSION(Role.ADMINISTRATOR, (element, pin) -> element.releaseVersion(pin, Stored.VOLUME)),
  FORGET_SENDER(Role.ADMINISTRATOR, (element, pin) -> element.forgetSender(pin, Stored.VOLUME)),
  SET_TRUST_ANCHOR(
      Role.ADMINISTRATOR,
      (element, pin) -> element.setTrustAnchor(pin, RootAuthority.of(1).anchor(1, 1))),
  EXPORT_SECRET(
      Role.ADMINISTRATOR,
      (element, pin) -> {
        try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
          session.exportSecret(
              pin, SecretKind.MASTER_KEYS, Bytes.copyOf(new byte[32]), new SoftwarePeer().pinned());
        }
      }),
  IMPORT_SECRET(
      Role.ADMINISTRATOR,
      (element, pin) -> {
        try (ElementSession session = element.login(Stored.pin(Stored.USER_PIN))) {
          SoftwarePeer sender = new SoftwarePeer();
          WrappedSecret secret =
              sender.wrap(
                  new byte[64],
                  session.importChallenge(SecretKind.MASTER_KEYS),
                  element.identity().pinned());
          session.importSecret(pin, sender.pinned(), secret);
        }
      });

  /** What is done with an element and a PIN. */
  interface Call {
    void on(SecureElement element, SecretBytes pin) throws StrongroomException;
  }

  /** What may fail. */
  interface Attempt {
    void run() throws StrongroomException;
  }

  private final Role role;

  @SuppressWarnings("ImmutableEnumChecker") // the calls keep nothing
  private final Call call;

  PinCommand(Role role, Call call) {
    this.role = role;
    this.call = call;
  }

  Role role() {
    return role;
  }

  void on(SecureElement element, String pin) throws StrongroomException {
    try (SecretBytes secret = Stored.pin(pin)) {
      call.on(element, secret);
    }
  }

  int triesLeft(SecureElement element) throws StrongroomException {
    return role == Role.USER
        ? element.status().userTriesLeft()
        : element.status().administratorTriesLeft();
  }

  /** How many store writes come before those of this command. */
  int writesBefore() {
    return this == EXPORT_SECRET || this == IMPORT_SECRET ? 2 : 0;
  }

  /** Gives the error that must come. */
  static StrongroomException failing(Attempt attempt) {
    try {
      attempt.run();
    } catch (StrongroomException e) {
      return e;
    }
    throw new AssertionError("nothing was refused");
  }
}
