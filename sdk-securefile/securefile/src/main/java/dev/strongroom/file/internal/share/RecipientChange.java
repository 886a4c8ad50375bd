// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.engine.Volume;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.internal.format.v1.Stanza;
import dev.strongroom.file.share.Contact;
import dev.strongroom.file.share.NotTheSenderException;
import dev.strongroom.file.share.OtherTransientFileException;
import dev.strongroom.file.share.RecipientOptions;
import dev.strongroom.file.share.TransientInfo;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes the recipients of a transient file: a new prelude, signed again, over the image as it is.
 *
 * <p>Thread safety: confined to one thread.
 */
final class RecipientChange {

  private static final int COPY = 1 << 20;

  private final Volume volume;
  private final ContactBook contacts;
  private final Drafts drafts;
  private final ElementSession session;
  private final TransientPlace place;
  private final RecipientOptions options;

  RecipientChange(
      Volume volume,
      ContactBook contacts,
      Drafts drafts,
      TransientPlace place,
      RecipientOptions options) {
    this.volume = volume;
    this.contacts = contacts;
    this.drafts = drafts;
    this.session = volume.session();
    this.place = place;
    this.options = options;
  }

  TransientInfo add() throws IOException {
    volume.requireChangeable();
    List<Contact> wanted = contacts.contacts(options.contacts());
    try (StoreFile file = place.open(Store.Access.WRITE)) {
      PreludeFile.Found found = PreludeFile.read(file, place.path());
      ElementCard own = requireSender(found);
      Prelude old = found.prelude();
      List<Contact> fresh =
          wanted.stream().filter(each -> TransientFiles.find(old, each.card()) == null).toList();
      if (fresh.isEmpty()) {
        return found.info();
      }
      Sending.requireAtMost(old.recipients().size() + fresh.size());
      SuiteChoice suites = SuiteChoice.of(options);
      suites.require(fresh, old.recipients());
      try (TransientKey key = TransientFiles.keyOfSender(session, place, found)) {
        PreludeFile.requireMac(place.path(), found, key);
        FileKeyWrap wrap = FileKeyWrap.of(old, own);
        List<Stanza> stanzas = new ArrayList<>(old.stanzas());
        for (ContactBook.Addressee each : contacts.number(fresh)) {
          HpkeSuite suite = suites.suite(each.name(), each.card());
          stanzas.add(wrap.wrap(key, each.card(), suite, each.counter()));
        }
        return write(file, found, stanzas, key);
      }
    }
  }

  TransientInfo remove() throws IOException {
    volume.requireChangeable();
    Set<Bytes> gone = new HashSet<>();
    for (Contact each : contacts.contacts(options.contacts())) {
      gone.add(Fingerprints.keyId(each.card()));
    }
    try (StoreFile file = place.open(Store.Access.WRITE)) {
      PreludeFile.Found found = PreludeFile.read(file, place.path());
      requireSender(found);
      Prelude old = found.prelude();
      List<Stanza> stanzas = new ArrayList<>(old.stanzas());
      stanzas.removeIf(each -> each.kind() == Stanza.Kind.RECIPIENT && gone.contains(each.keyId()));
      if (stanzas.size() == old.stanzas().size()) {
        return found.info();
      }
      try (TransientKey key = TransientFiles.keyOfSender(session, place, found)) {
        PreludeFile.requireMac(place.path(), found, key);
        return write(file, found, stanzas, key);
      }
    }
  }

  private ElementCard requireSender(PreludeFile.Found found) throws IOException {
    Bytes id = found.prelude().transientId();
    Bytes expected = options.expectedId().orElse(id);
    if (!id.equals(expected)) {
      throw new OtherTransientFileException(place.path(), expected, id);
    }
    ElementCard own = session.element().card();
    if (!Fingerprints.of(own).equals(Fingerprints.of(found.sender()))) {
      throw new NotTheSenderException(
          place.path(), "element " + found.sender().serialNumber() + " has sent it");
    }
    if (contacts.outboxId().filter(found.prelude().outboxId()::equals).isEmpty()) {
      throw new NotTheSenderException(place.path(), "it was sent from another volume");
    }
    return own;
  }

  private TransientInfo write(
      StoreFile file, PreludeFile.Found found, List<Stanza> stanzas, TransientKey key)
      throws IOException {
    Prelude old = found.prelude();
    Prelude next = old.next(stanzas, old.length());
    if (!next.fits()) {
      int length = Prelude.lengthFor(old.card().length(), stanzas, old.records().length());
      return rewrite(file, old, old.next(stanzas, length), key);
    }
    byte[] copy = PreludeFile.sign(session, next, key);
    file.write(found.otherPosition(), copy, 0, copy.length);
    file.sync();
    file.write(found.position(), copy, 0, copy.length);
    file.sync();
    return PreludeFile.read(file, place.path()).info();
  }

  /** Writes a file with a longer prelude, which takes the place of the old one. */
  private TransientInfo rewrite(StoreFile file, Prelude old, Prelude next, TransientKey key)
      throws IOException {
    byte[] copy = PreludeFile.sign(session, next, key);
    byte[] buffer = new byte[COPY];
    try (Drafts.Draft draft = drafts.begin(place)) {
      draft.file().write(0, copy, 0, copy.length);
      draft.file().write(next.length(), copy, 0, copy.length);
      for (long at = 0; at < old.imageLength(); at += buffer.length) {
        int wanted = (int) Math.min(buffer.length, old.imageLength() - at);
        int got = file.read(2L * old.length() + at, buffer, 0, wanted);
        draft.file().write(2L * next.length() + at, buffer, 0, got);
      }
      draft.file().sync();
      TransientInfo info = PreludeFile.read(draft.file(), place.path()).info();
      draft.publish();
      return info;
    }
  }
}
