// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyRules;
import dev.strongroom.core.keys.KeyRules.Standing;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.sekey.Verification.Doubt;
import dev.strongroom.sekey.internal.PublicKeys;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.policy.Denial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signatures by keys of groups with usage signature: ECDSA (FIPS 186-5) on P-256 with SHA-256 and
 * on P-384 with SHA-384, R | S; Ed25519 (RFC 8032). Every member of the group can make one; who
 * signs as a person, signs an envelope ({@link Envelopes#encryptSigned}).
 *
 * <p>A public key is asked of the element once and kept, as it never changes.
 *
 * <p>All methods throw the typed refusals of {@code docs/errors.md}, "Key management".
 *
 * <p>Thread safety: thread-safe.
 */
public final class Signatures {

  private final KeyGate gate;
  private final Map<KeyId, Bytes> publicKeys = new ConcurrentHashMap<>();

  Signatures(KeyGate gate) {
    this.gate = gate;
  }

  /**
   * A signature with its key.
   *
   * <p>Thread safety: immutable.
   *
   * @param key which made it
   * @param bytes 64 or 96 bytes
   */
  public record Signature(KeyId key, Bytes bytes) {}

  /**
   * Signs.
   *
   * @param choice by which key, or for whom
   * @param message the message, of which ECDSA signs the digest
   * @return the signature
   * @throws IOException if it is refused, or the element fails
   */
  public Signature sign(KeyChoice choice, byte[] message) throws IOException {
    return gate.protect(
        choice,
        List.of(KeyOperation.SIGN),
        (element, head, chosen) -> {
          KeyAlgorithm algorithm =
              gate.directory().key(chosen.key()).orElseThrow().attributes().algorithm();
          byte[] input = PublicKeys.signed(algorithm, message);
          return new Signature(
              chosen.key(), element.sign(head, chosen.key(), ByteBuffer.wrap(input)));
        });
  }

  /**
   * Verifies.
   *
   * @param signature what is to be verified
   * @param message the message
   * @return whether it is right, and what speaks against its key
   * @throws SubjectNotFoundException if the key is not known
   * @throws dev.strongroom.core.device.KeyUsageRefusedException if the key does not sign
   * @throws dev.strongroom.core.device.KeyStateRefusedException if the key is destroyed, and its
   *     public key is not known from before
   * @throws IOException if it is refused, or the element fails
   */
  public Verification verify(Signature signature, byte[] message) throws IOException {
    KeyId key = signature.key();
    Optional<KeyEntry> entry = gate.directory().key(key);
    if (entry.isEmpty()) {
      throw gate.denied(Optional.of(key), KeyOperation.SIGN, new Denial.UnknownKey(key));
    }
    KeyAttributes attributes = entry.get().attributes();
    if (!attributes.usages().contains(KeyUsage.SIGNATURE)) {
      gate.require(key, KeyOperation.SIGN); // refuses for the usage
    }
    Bytes publicKey = publicKey(key);
    if (!PublicKeys.verifies(attributes.algorithm(), publicKey, message, signature.bytes())) {
      return new Verification.Invalid();
    }
    Set<Doubt> doubts = doubts(attributes);
    return doubts.isEmpty()
        ? new Verification.Valid()
        : new Verification.ValidWithDoubts(attributes.state(), doubts);
  }

  /**
   * The public key of a key, for who is not of the system.
   *
   * @param key with an asymmetric algorithm
   * @return 04 | X | Y of 65 or 97 bytes; 32 bytes for Ed25519 and X25519
   * @throws IOException if the element has no such key, it is destroyed, or the element fails
   */
  public Bytes publicKey(KeyId key) throws IOException {
    Bytes known = publicKeys.get(key);
    if (known == null) {
      known = gate.session().keys().store().publicKey(key);
      publicKeys.put(key, known);
    }
    return known;
  }

  private Set<Doubt> doubts(KeyAttributes key) {
    EnumSet<Doubt> doubts = EnumSet.noneOf(Doubt.class);
    if (KeyRules.standing(KeyOperation.Kind.PROCESS, key.state()) != Standing.PERMITTED) {
      doubts.add(Doubt.STATE);
    }
    if (key.periods().destruction().isSet()) {
      doubts.add(Doubt.DESTRUCTION_SCHEDULED);
    }
    var end = key.periods().recipientEnd();
    var floor = gate.circumstances(key.id(), Acknowledgement.NONE).floor();
    if (end.isSet() && !floor.isBefore(end)) {
      doubts.add(Doubt.PERIOD_OVER);
    }
    return doubts;
  }
}
