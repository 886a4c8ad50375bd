// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementKeyChangedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.device.UnsupportedCapabilityException;
import dev.strongroom.core.identity.Fingerprint;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.file.ElementNotAddedException;
import dev.strongroom.file.ElementReinitializedException;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.RecoveryElementException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongElementException;
import dev.strongroom.file.WrongMakerException;
import dev.strongroom.file.internal.crypto.RecoveryWrap;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import dev.strongroom.file.internal.format.v1.ElementRecord;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.store.Store;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which element opens a volume, and as what: the one that it was made with, a twin, the recovery
 * element, or, where the keys come from a managed key, any that has that key.
 *
 * <p>Thread safety: immutable.
 */
final class ElementAdmission {

  /** Which elements may come. */
  enum Guests {
    /** Those that the volume file names. */
    NAMED,
    /** Any; the key commitment decides. For somebody who has named this very element. */
    ANY,
    /** Any that derives the keys, and is named from then on. */
    ADOPTED
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  private final ElementSession session;
  private final String place;
  private final VolumeOptions options;
  private final @Nullable ElementRecord claimed;
  private final @Nullable WrongElementException stranger;
  private final Guests guests;

  private ElementAdmission(
      ElementSession session,
      String place,
      VolumeOptions options,
      @Nullable ElementRecord claimed,
      @Nullable WrongElementException stranger,
      Guests guests) {
    this.session = session;
    this.place = place;
    this.options = options;
    this.claimed = claimed;
    this.stranger = stranger;
    this.guests = guests;
  }

  /**
   * Looks at what the volume file says, which is not authenticated yet; before anything is asked of
   * the element.
   *
   * @param copies what the copies of the volume file say, as far as they can be read
   * @throws WrongElementException if none of them names the element, since a copy may be damaged
   *     just there
   * @throws RecoveryElementException if all that name it say that it is the recovery element, and
   *     the volume is to be written
   */
  static ElementAdmission of(
      ElementSession session,
      String place,
      VolumeOptions options,
      List<VolumeFile> copies,
      Guests guests)
      throws StrongroomException {
    Bytes serial = session.info().serialNumber();
    ElementRecord claimed = null;
    boolean welcome = false;
    boolean derives = false;
    for (VolumeFile copy : copies) {
      ElementRecord found = copy.elements().find(serial);
      claimed = claimed == null ? found : claimed;
      welcome |= found != null || copy.origin() instanceof KeyOrigin.Wrapped;
      derives |= found != null && found.role() != ElementRole.RECOVERY;
    }
    WrongElementException stranger =
        welcome ? null : new WrongElementException(place, copies.get(0).element(), serial);
    if (stranger != null && guests == Guests.NAMED) {
      throw stranger;
    }
    boolean recovers = claimed != null && claimed.role() == ElementRole.RECOVERY && !derives;
    if (recovers && !options.readOnly()) {
      throw new RecoveryElementException(place, RecoveryElementException.Reason.READS_ONLY);
    }
    return new ElementAdmission(session, place, options, claimed, stranger, guests);
  }

  private boolean reads() {
    return claimed != null && claimed.role() == ElementRole.RECOVERY;
  }

  /**
   * Refuses a copy of the volume file that nobody needs to be asked about.
   *
   * @param content the copy, whose signature nobody has looked at yet
   * @throws WrongMakerException if it is of another element than the one that is wanted
   * @throws RecoveryElementException if this is the recovery element, and that one has not signed
   *     for it
   */
  void requireMaker(VolumeFile copy, byte[] content) throws StrongroomException {
    ElementRecord first = copy.elements().find(copy.element());
    Bytes identity = first == null ? null : first.identity();
    Fingerprint wanted = options.madeBy();
    if (wanted != null) {
      Fingerprint found =
          identity == null
              ? null
              : new Fingerprint(Bytes.copyOf(identity.toByteArray(), 0, Fingerprint.LENGTH));
      if (!wanted.equals(found)) {
        throw new WrongMakerException(place, wanted, found);
      }
    }
    ElementRecord own = copy.elements().find(session.info().serialNumber());
    ElementRecord.Recovery recovery = own == null ? null : own.recovery();
    if (own == null || recovery == null) {
      return;
    }
    Bytes element = own.identity();
    boolean signed =
        element != null
            && identity != null
            && identity.equals(fingerprint(recovery.maker()))
            && IdentitySignature.verifies(
                recovery.maker().signingKey(),
                SignaturePurpose.VOLUME_RECOVERY,
                VolumeFile.recoveryStatement(content, element, recovery.pair()).encode(),
                recovery.signature());
    if (!signed) {
      throw new RecoveryElementException(place, RecoveryElementException.Reason.NOT_VOUCHED_FOR);
    }
  }

  /**
   * The volume's own pair, for one copy of the volume file.
   *
   * @param early takes keys of files that are needed next, where the same command can ask for them
   * @return the pair, which the caller closes, or null if it does not open with this element
   */
  @Nullable Grub pair(VolumeFile copy, Store store, EarlyKeys early) throws StrongroomException {
    if (copy.origin() instanceof KeyOrigin.Wrapped wrapped) {
      ManagedFileKey key = new ManagedFileKey(wrapped.keyId(), wrapped.wrapped(), intent());
      return derived(new GrubRequest(copy.uid(), copy.rnd(), 0, key), copy);
    }
    ElementRecord record = copy.elements().find(session.info().serialNumber());
    ElementRecord.Recovery recovery = record == null ? null : record.recovery();
    if (recovery != null) {
      return RecoverySupply.volumePair(session, copy, recovery.pair());
    }
    List<KeyRequest> others = EarlyKeys.requests(store, copy);
    List<GrubRequest> requests = new ArrayList<>();
    requests.add(GrubRequest.existing(copy.uid(), copy.rnd(), 0));
    others.forEach(each -> requests.add(each.grub()));
    List<Grub> answers = session.grub(copy.id(), requests);
    early.put(others, answers.subList(1, answers.size()));
    return answers.get(0);
  }

  private Grub derived(GrubRequest request, VolumeFile copy) throws StrongroomException {
    return session.grub(copy.id(), List.of(request)).get(0);
  }

  private ManagedFileKey.Intent intent() {
    return options.readOnly() ? ManagedFileKey.Intent.READ : ManagedFileKey.Intent.WRITE;
  }

  /**
   * Tells why neither copy of the volume file opens with the element, as far as that can be told.
   *
   * @throws WrongElementException if it is a stranger, whose keys are others
   * @throws ElementReinitializedException if it has another identity than it had
   * @throws RecoveryElementException if it is the recovery element
   */
  void explainRefusal() throws StrongroomException {
    if (claimed == null && stranger != null) {
      throw stranger;
    }
    Bytes expected = claimed == null ? null : claimed.identity();
    Bytes found = expected == null ? null : identity(session);
    if (expected != null && found != null && !expected.equals(found)) {
      throw new ElementReinitializedException(
          place, session.info().serialNumber(), expected, found);
    }
    if (reads()) {
      throw new RecoveryElementException(place, RecoveryElementException.Reason.DOES_NOT_OPEN);
    }
  }

  /**
   * Compares the element's channel key with the one that the authentic volume file has recorded.
   *
   * @return the record to be written, with a channel key that has been met for the first time, or
   *     null
   * @throws ElementKeyChangedException if it is another one
   */
  @Nullable ElementRecord pinned(VolumeFile file) throws StrongroomException {
    ElementRecord record = file.elements().find(session.info().serialNumber());
    if (record == null || (record.channelKey() == null && options.readOnly())) {
      return null;
    }
    ChannelKey expected = record.channelKey();
    ChannelKey found = session.channelKey().orElse(null);
    if (expected == null) {
      return found == null ? null : record.with(found);
    }
    if (found == null) {
      throw new UnsupportedCapabilityException(Capability.SECURE_CHANNEL);
    }
    if (!expected.equals(found)) {
      String element =
          session
              .element()
              .uri()
              .map(Object::toString)
              .orElse(session.info().serialNumber().toString());
      throw new ElementKeyChangedException(element, expected, found);
    }
    return null;
  }

  /**
   * Looks at the authentic volume file, since what was claimed before may have been altered.
   *
   * @throws RecoveryElementException if it is the recovery element, and the volume is to be written
   */
  void requireRole(VolumeFile file) throws RecoveryElementException {
    if (reads(file) && !options.readOnly()) {
      throw new RecoveryElementException(place, RecoveryElementException.Reason.READS_ONLY);
    }
  }

  private boolean reads(VolumeFile file) {
    ElementRecord record = file.elements().find(session.info().serialNumber());
    return record != null && record.role() == ElementRole.RECOVERY;
  }

  /**
   * The record of an element that is to be named from now on.
   *
   * @param file the authentic volume file
   * @return the record, or null if it is named already, or is not to be
   * @throws ElementNotAddedException if the volume takes no other element
   */
  @Nullable ElementRecord adopted(VolumeFile file) throws IOException {
    boolean named = file.elements().find(session.info().serialNumber()) != null;
    if (guests != Guests.ADOPTED || named) {
      return null;
    }
    ElementAddition.requireRoom(file, place, session);
    return ElementAddition.record(session);
  }

  /**
   * Where the pairs of the files come from.
   *
   * @param file the authentic volume file
   * @param keys the volume's, which stay the caller's
   */
  KeySupply supply(VolumeFile file, VolumeKeys keys) throws RecoveryElementException {
    if (reads(file)) {
      return new RecoverySupply(session, file.id(), keys.recovery(), place);
    }
    ElementRecord recovery = file.elements().recovery();
    ElementRecord.Recovery wrapped = recovery == null ? null : recovery.recovery();
    requireRecoverable(place, options, wrapped != null);
    return new ElementSupply(
        session,
        file.id(),
        intent(),
        options.managedKey(),
        wrapped == null || options.readOnly()
            ? null
            : new RecoveryWrap(wrapped.agreementKey(), file.id(), keys.recovery(), RANDOM));
  }

  /** Refuses a managed key for new files that the recovery element is to read. */
  static void requireRecoverable(String place, VolumeOptions options, boolean recovery)
      throws RecoveryElementException {
    if (recovery && options.managedKey() != null) {
      throw new RecoveryElementException(place, RecoveryElementException.Reason.NOT_RECOVERABLE);
    }
  }

  /** Fingerprint of the identity that an element has now, or null if it has none. */
  static @Nullable Bytes identity(ElementSession session) throws StrongroomException {
    Peer.Pinned keys = keys(session);
    return keys == null ? null : fingerprint(keys);
  }

  /** The keys of the identity that an element has now, or null if it has none. */
  static Peer.@Nullable Pinned keys(ElementSession session) throws StrongroomException {
    return session.info().capabilities().contains(Capability.IDENTITY)
        ? session.element().identity().pinned()
        : null;
  }

  /** SHA-256 of signing key and agreement key. */
  static Bytes fingerprint(Peer keys) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(keys.signingKey().toByteArray());
      return Bytes.copyOf(digest.digest(keys.agreementKey().toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
