// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.device.UnsupportedCapabilityException;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.RecoveryElement;
import dev.strongroom.file.RecoveryElementException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.internal.crypto.RecoveryWrap;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import dev.strongroom.file.internal.format.v1.ElementRecord;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.RecoveryPair;
import dev.strongroom.file.internal.format.v1.VolumeElements;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.internal.format.v1.VolumeSystem;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new volume will be: its volume file, the pairs of the volume and of its root directory,
 * and where those of its files will come from.
 *
 * <p>Thread safety: confined to one thread.
 */
final class NewVolume implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final VolumeFile file;
  private final KeySupply supply;
  private final VolumeKeys keys;
  private final List<Grub> pairs;

  private NewVolume(VolumeFile file, KeySupply supply, VolumeKeys keys, List<Grub> pairs) {
    this.file = file;
    this.supply = supply;
    this.keys = keys;
    this.pairs = pairs;
  }

  /** Refuses a recovery element that would be none. */
  static void requireAnother(
      ElementSession session, String place, @Nullable RecoveryElement recovery) throws IOException {
    if (recovery == null) {
      return;
    }
    Bytes own = ElementAdmission.identity(session);
    if (recovery.serialNumber().equals(session.info().serialNumber())
        || (own != null && ElementAdmission.fingerprint(recovery.keys()).equals(own))) {
      throw new RecoveryElementException(place, RecoveryElementException.Reason.SAME_ELEMENT);
    }
  }

  /** Draws ids and has the element make the first pairs, with one command. */
  static NewVolume draw(ElementSession session, VolumeOptions options) throws IOException {
    Bytes id = random();
    KeyRequest own = KeyRequest.create(random());
    KeyRequest root = KeyRequest.create(random());
    VolumeSystem system = VolumeSystem.create(options.freshness(), random(), random());
    List<KeyRequest> requests = new ArrayList<>(List.of(own, root));
    if (options.freshness() == Freshness.STRICT) {
      session.info().require(Capability.VERSION_SLOTS);
      requests.add(KeyRequest.create(system.ledger()));
    }
    KeySupply supply = supply(session, id, options, null);
    List<Grub> pairs = supply.pairs(requests);
    VolumeKeys keys = VolumeKeys.of(pairs.get(0));
    try {
      Peer.Pinned maker = ElementAdmission.keys(session);
      KeyOrigin origin = supply.origin(own, pairs.get(0));
      VolumeFile file =
          new VolumeFile(
              id,
              own.uid(),
              pairs.get(0).rnd(),
              session.info().serialNumber(),
              options.elementUri(),
              root.uid(),
              system,
              options.clock().instant(),
              elements(session, maker),
              origin);
      RecoveryElement recovery = options.recoveryElement();
      if (recovery != null) {
        RecoveryWrap wrap =
            new RecoveryWrap(recovery.keys().agreementKey(), id, keys.recovery(), RANDOM);
        supply = supply(session, id, options, wrap);
        Bytes wrapped = wrap.wrapVolume(own.uid(), pairs.get(0));
        RecoveryPair pair = new RecoveryPair(wrap.enc(), wrapped);
        file = file.with(record(session, maker, recovery, pair, file.encode(keys)));
      }
      return new NewVolume(file, supply, keys, pairs);
    } catch (IOException | RuntimeException e) {
      pairs.forEach(Grub::close);
      keys.close();
      supply.close();
      throw e;
    }
  }

  private static KeySupply supply(
      ElementSession session, Bytes id, VolumeOptions options, @Nullable RecoveryWrap recovery) {
    return new ElementSupply(
        session, id, ManagedFileKey.Intent.WRITE, options.managedKey(), recovery);
  }

  private static VolumeElements elements(ElementSession session, Peer.@Nullable Pinned keys)
      throws IOException {
    return new VolumeElements(
        List.of(
            ElementRecord.deriving(
                session.info().serialNumber(),
                ElementRole.FIRST,
                keys == null ? null : ElementAdmission.fingerprint(keys),
                session.channelKey().orElse(null))));
  }

  /** The record of the recovery element, which the element that makes the volume signs for. */
  private static ElementRecord record(
      ElementSession session,
      Peer.@Nullable Pinned maker,
      RecoveryElement recovery,
      RecoveryPair pair,
      byte[] copy)
      throws IOException {
    if (maker == null) {
      throw new UnsupportedCapabilityException(Capability.IDENTITY);
    }
    Bytes identity = ElementAdmission.fingerprint(recovery.keys());
    byte[] statement = VolumeFile.recoveryStatement(copy, identity, pair).encode();
    return new ElementRecord(
        recovery.serialNumber(),
        ElementRole.RECOVERY,
        identity,
        recovery.channelKey().orElse(null),
        new ElementRecord.Recovery(
            recovery.keys().agreementKey(),
            pair,
            maker,
            session.sign(SignaturePurpose.VOLUME_RECOVERY, statement)));
  }

  private static Bytes random() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  VolumeFile file() {
    return file;
  }

  /** Closed with the volume, once it is made. */
  KeySupply supply() {
    return supply;
  }

  /** The volume's keys, closed with the volume, once it is made. */
  VolumeKeys keys() {
    return keys;
  }

  /** Zeroes what a volume would have closed, which was not made. */
  void abandon() {
    keys.close();
    supply.close();
  }

  /** The pair of the root directory, closed with this. */
  Grub root() {
    return pairs.get(1);
  }

  /** The pair of the ledger of a strict volume, closed with this. */
  Grub ledger() {
    return pairs.get(2);
  }

  /** Zeroes the pairs. */
  @Override
  public void close() {
    pairs.forEach(Grub::close);
  }
}
