// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeContext;
import dev.strongroom.core.crypto.HpkeKeyPair;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.Kdf;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.LifeCycle;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.device.UntrustedPeerException;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.core.identity.WrappedSecret;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/**
 * The commands that carry a secret from one element to another, {@code
 * docs/spec/element-protocol.md}, 2.9.
 *
 * <p>Thread safety: thread-safe; changes go one at a time in the application.
 */
final class SecretCommands {

  private static final byte[] NO_AAD = {};

  private final ElementApplication application;

  SecretCommands(ElementApplication application) {
    this.application = application;
  }

  WrappedSecret export(
      Login login, SecretBytes administratorPin, SecretKind kind, Bytes challenge, Peer receiver)
      throws StrongroomException {
    int ins = ElementProtocol.INS_EXPORT_SECRET;
    requireMasterKeys(kind, ins);
    return application.change(
        administratorPin,
        state -> {
          MasterKeys keys = state.masterKeys();
          if (keys == null) {
            throw new ConditionsNotSatisfiedException(ins, "it waits for master keys itself");
          }
          try (keys) {
            requireSameClass(receiver, ins);
            TrustCommands.requireTrusted(state, receiver, ins);
            return wrap(login.identity(), keys, challenge, receiver);
          }
        });
  }

  Bytes challenge(SecretKind kind) throws StrongroomException {
    requireMasterKeys(kind, ElementProtocol.INS_IMPORT_SECRET);
    return application.importChallenge().give(application.random());
  }

  void importSecret(Login login, SecretBytes administratorPin, Peer sender, WrappedSecret secret)
      throws StrongroomException {
    int ins = ElementProtocol.INS_IMPORT_SECRET;
    requireMasterKeys(secret.kind(), ins);
    application.change(
        administratorPin,
        state -> {
          if (state.lifeCycle() != LifeCycle.AWAITING_TWIN) {
            throw new ConditionsNotSatisfiedException(ins, "it does not wait for master keys");
          }
          if (!application.importChallenge().take(secret.challenge())) {
            throw new ConditionsNotSatisfiedException(
                ins, "the secret does not answer the challenge that it gave last");
          }
          TrustCommands.requireTrusted(state, sender, ins);
          unwrap(login.identity(), state, sender, secret);
          return secret;
        });
  }

  private WrappedSecret wrap(IdentityKeys own, MasterKeys keys, Bytes challenge, Peer receiver) {
    Bytes from = own.signing().publicKey();
    Bytes to = receiver.agreementKey();
    byte[] info = WrappedSecret.info(SecretKind.MASTER_KEYS, challenge, from, to);
    byte[] clear = keys.encode();
    try (Hpke.Sender hpke =
        Hpke.setupBaseS(HpkeSuite.P256, Hpke.Aead.AES_256_GCM, to, info, application.random())) {
      Bytes ciphertext = Bytes.copyOf(hpke.context().seal(NO_AAD, clear));
      Bytes signature =
          IdentitySignature.sign(
              own.signing().privateKey(),
              SignaturePurpose.WRAPPED_SECRET,
              WrappedSecret.signed(
                  SecretKind.MASTER_KEYS, challenge, from, to, hpke.enc(), ciphertext));
      return new WrappedSecret(
          SecretKind.MASTER_KEYS, challenge, from, to, hpke.enc(), ciphertext, signature);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  private static void unwrap(IdentityKeys own, OpenState state, Peer sender, WrappedSecret secret)
      throws UntrustedPeerException {
    if (!secret.receiver().equals(own.agreement().publicKey())) {
      throw new UntrustedPeerException("the secret is for another element");
    }
    if (!secret.sender().equals(sender.signingKey())) {
      throw new UntrustedPeerException("the secret comes from another element than was said");
    }
    if (!secret.isSigned()) {
      throw new UntrustedPeerException("the signature of the secret is wrong");
    }
    try (HpkeContext hpke =
            Hpke.setupBaseR(
                Hpke.Aead.AES_256_GCM,
                secret.enc(),
                HpkeKeyPair.of(own.agreement()),
                secret.info());
        SecretBytes clear = hpke.open(NO_AAD, secret.ciphertext().toByteArray())) {
      if (clear.length() != 2 * Kdf.KEY_LENGTH) {
        throw new UntrustedPeerException("the secret has a wrong length");
      }
      clear.use(
          keys -> {
            state.setMasterKeys(
                Arrays.copyOf(keys, Kdf.KEY_LENGTH),
                Arrays.copyOfRange(keys, Kdf.KEY_LENGTH, keys.length));
            return state;
          });
    } catch (AEADBadTagException | IllegalArgumentException e) {
      throw new UntrustedPeerException("the secret does not open");
    }
  }

  private static void requireSameClass(Peer receiver, int ins)
      throws ConditionsNotSatisfiedException {
    if (receiver instanceof Peer.Certified certified
        && certified.chain().element().elementClass().compareTo(ElementApplication.ELEMENT_CLASS)
            < 0) {
      throw new ConditionsNotSatisfiedException(ins, "the other element is of a lower class");
    }
  }

  private static void requireMasterKeys(SecretKind kind, int ins) throws StatusWordException {
    if (kind != SecretKind.MASTER_KEYS) {
      throw new StatusWordException(ins, StatusWord.FUNCTION_NOT_SUPPORTED);
    }
  }
}
