// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.Fingerprint;
import dev.strongroom.file.internal.engine.VolumeOpener;
import dev.strongroom.file.internal.format.v1.ElementRecord;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.file.store.PathStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a volume shows to anybody: read without an element, so not yet authenticated.
 *
 * @param format the format, such as {@code v1}
 * @param id the volume's id, 16 bytes
 * @param elementSerialNumber serial number of the element that it was made with
 * @param elementUri the element's URI that the volume remembers, empty when none
 * @param elements all elements that open it, the one that it was made with first
 * @param managedKey id of the managed key that its keys come from; empty when its elements derive
 *     them. Every element that has the managed key opens the volume.
 * @param rebuilds when an administrator has had directories rebuilt from the headers of their files
 * @param freshness what the volume binds to its ledger
 * @param fresh whether the element vouches for the ledger, or there is none; false as long as the
 *     volume is not open, and of one that is open for reading with an element that has not adopted
 *     it
 * @param ledgerState of an open volume, what was found about its ledger, if that is read all the
 *     same; empty if there is nothing wrong with it
 * @param ledgerRepairs what administrators have done about the ledger, the oldest first
 *     <p>Thread safety: immutable.
 */
public record VolumeInfo(
    String format,
    Bytes id,
    Bytes elementSerialNumber,
    String elementUri,
    List<VolumeElement> elements,
    Optional<Bytes> managedKey,
    List<Instant> rebuilds,
    Freshness freshness,
    boolean fresh,
    Optional<LedgerState> ledgerState,
    List<LedgerRepaired> ledgerRepairs) {

  /**
   * An administrator has made a ledger count that the element did not vouch for. What another copy
   * of the volume has had committed since the counter that was found is void.
   *
   * @param time when
   * @param repair what was done
   * @param from counter of the ledger that was found, unsigned; 0 if there was none to be read
   * @param to counter that it goes on with, unsigned
   */
  public record LedgerRepaired(Instant time, LedgerRepair repair, long from, long to) {}

  /**
   * Copies the lists.
   *
   * @param format the format
   * @param id the volume's id
   * @param elementSerialNumber the element's serial number
   * @param elementUri the element's URI
   * @param elements all elements that open it
   * @param managedKey id of the managed key
   * @param rebuilds when directories were rebuilt
   * @param freshness what the volume binds
   * @param fresh whether the element vouches for the ledger
   * @param ledgerState what was found about the ledger
   * @param ledgerRepairs what was done about the ledger
   */
  public VolumeInfo {
    elements = List.copyOf(elements);
    rebuilds = List.copyOf(rebuilds);
    ledgerRepairs = List.copyOf(ledgerRepairs);
  }

  /**
   * Reads the volume file of a volume.
   *
   * @param directory the volume's directory
   * @return what it shows
   * @throws VolumeNotFoundException if there is no volume
   * @throws IOException if it cannot be read
   */
  public static VolumeInfo read(Path directory) throws IOException {
    return of(VolumeOpener.describe(new PathStore(directory)), false, Optional.empty());
  }

  static VolumeInfo of(VolumeFile file, boolean fresh, Optional<LedgerState> ledgerState) {
    return new VolumeInfo(
        FileHeader.FORMAT,
        file.id(),
        file.element(),
        file.elementUri(),
        file.elements().all().stream().map(VolumeInfo::element).toList(),
        file.origin() instanceof KeyOrigin.Wrapped wrapped
            ? Optional.of(wrapped.keyId())
            : Optional.empty(),
        file.rebuilds().stream().map(VolumeFile.Rebuilt::time).toList(),
        file.system().freshness(),
        fresh,
        ledgerState,
        file.ledgerRepairs().stream()
            .map(each -> new LedgerRepaired(each.time(), each.repair(), each.from(), each.to()))
            .toList());
  }

  private static VolumeElement element(ElementRecord record) {
    return new VolumeElement(
        record.serialNumber(),
        record.role(),
        Optional.ofNullable(record.identity()),
        Optional.ofNullable(record.channelKey()));
  }

  /**
   * The element with a serial number.
   *
   * @param serialNumber 16 bytes
   * @return what the volume says of it, or empty if it does not name it
   */
  public Optional<VolumeElement> element(Bytes serialNumber) {
    return elements.stream().filter(each -> each.serialNumber().equals(serialNumber)).findFirst();
  }

  /**
   * The fingerprint of the element that the volume was made with, for people to compare before they
   * take what a recovery element reads for that element's; see {@link
   * VolumeOptions.Builder#madeBy}.
   *
   * @return the fingerprint, or empty if the element has no identity
   */
  public Optional<Fingerprint> madeBy() {
    return element(elementSerialNumber)
        .flatMap(VolumeElement::identity)
        .map(
            identity ->
                new Fingerprint(Bytes.copyOf(identity.toByteArray(), 0, Fingerprint.LENGTH)));
  }

  /**
   * The channel key of the element that the volume was made with.
   *
   * @return the key, or empty when none was recorded
   */
  public Optional<ChannelKey> elementChannelKey() {
    return element(elementSerialNumber).flatMap(VolumeElement::channelKey);
  }

  /**
   * Makes sure, before a PIN goes to an element, that the volume names it, and has the element
   * compared with the channel key that was recorded for it. What the volume says is not
   * authenticated yet, so this keeps a PIN from the wrong element, not from somebody who has
   * changed the volume file.
   *
   * @param volume the volume's place, for messages
   * @param element the element that is to open it
   * @throws WrongElementException if the volume does not name it
   * @throws StrongroomException if the element cannot be asked for its serial number
   */
  public void requireElement(String volume, SecureElement element) throws StrongroomException {
    Bytes found = element.info().serialNumber();
    Optional<VolumeElement> named = element(found);
    if (named.isEmpty() && managedKey.isEmpty()) {
      throw new WrongElementException(volume, elementSerialNumber, found);
    }
    named.flatMap(VolumeElement::channelKey).ifPresent(element::expectChannelKey);
  }
}
