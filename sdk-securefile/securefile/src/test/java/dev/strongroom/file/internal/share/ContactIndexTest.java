// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.internal.format.v1.ContactRecord;
import dev.strongroom.file.internal.format.v1.ContactsHead;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.share.ContactExistsException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a contacts file has twice makes it damaged, and what would be there twice is not added. */
class ContactIndexTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final ElementCard ben = card(1);
  private final ElementCard carla = card(2);

  private static ElementCard card(int serialNumber) {
    byte[] serial = new byte[16];
    serial[15] = (byte) serialNumber;
    try (P256.Pair signing = P256.generate(RANDOM);
        P256.Pair agreement = P256.generate(RANDOM)) {
      return ElementCard.sign(
          new ElementClass(1),
          Bytes.copyOf(serial),
          signing,
          Map.of(HpkeSuite.P256, agreement.publicKey()));
    }
  }

  private static ContactRecord record(String name, ElementCard card) {
    return ContactRecord.contact(name, Instant.EPOCH, 2, Fingerprints.of(card), card.encode());
  }

  private static ContactIndex index(ContactRecord... records) throws FileHeader.Refused {
    ContactIndex index = new ContactIndex();
    for (int i = 0; i < records.length; i++) {
      index.add(i, records[i]);
    }
    return index;
  }

  @Test
  void aNameTwiceInNormalFormIsDamage() {
    assertThatThrownBy(() -> index(record("B\u00e4rbel", ben), record("Ba\u0308rbel", carla)))
        .isInstanceOf(FileHeader.Refused.class)
        .hasMessageContaining("name");
  }

  @Test
  void aFingerprintTwiceIsDamageAlsoOfOneThatWasRemoved() {
    assertThatThrownBy(() -> index(record("ben", ben), record("other", ben)))
        .isInstanceOf(FileHeader.Refused.class)
        .hasMessageContaining("fingerprint");
    assertThatThrownBy(() -> index(record("ben", ben), record("gone", ben).removed()))
        .isInstanceOf(FileHeader.Refused.class)
        .hasMessageContaining("fingerprint");
  }

  @Test
  void aSerialNumberTwiceIsDamage() {
    assertThatThrownBy(() -> index(record("ben", ben), record("other", card(1))))
        .isInstanceOf(FileHeader.Refused.class)
        .hasMessageContaining("serial number");
  }

  @Test
  void aCardOfAnotherFingerprintIsDamage() {
    ContactRecord wrong =
        ContactRecord.contact("ben", Instant.EPOCH, 1, Fingerprints.of(carla), ben.encode());
    assertThatThrownBy(() -> index(wrong))
        .isInstanceOf(FileHeader.Refused.class)
        .hasMessageContaining("fingerprint");
  }

  @Test
  void whatALaterReleaseHasBehindAHeadOrARecordIsRefusedByName() throws Exception {
    byte[] head = new ContactsHead(1, ben.serialNumber(), List.of()).encode();
    ContactsHead.parse("contacts", head);
    head[ContactsHead.BLOCK - 1] = 1;
    assertThatThrownBy(() -> ContactsHead.parse("contacts", head))
        .isInstanceOf(FormatVersionException.class);
    for (ContactRecord each : List.of(record("ben", ben), record("ben", ben).removed())) {
      byte[] bytes = each.encode();
      assertThat(ContactRecord.parse("contacts", bytes)).isEqualTo(each);
      bytes[ContactsHead.BLOCK - 1] = 1;
      assertThatThrownBy(() -> ContactRecord.parse("contacts", bytes))
          .isInstanceOf(FormatVersionException.class);
      bytes[0] = 0; // free
      bytes[1] = 0;
      Arrays.fill(bytes, 2, 4, (byte) 0);
      assertThat(ContactRecord.parse("contacts", bytes).kind()).isEqualTo(ContactRecord.Kind.FREE);
    }
  }

  @Test
  void twoCardsOfOneKeyIdCannotBothBeContacts() throws Exception {
    ContactIndex index = index(record("ben", ben));
    byte[] similar = Fingerprints.of(ben).toByteArray();
    similar[31] ^= 1;
    ContactExistsException refused =
        catchThrowableOfType(
            ContactExistsException.class,
            () -> index.requireNew("carla", Bytes.copyOf(similar), carla.serialNumber()));
    assertThat(refused.what()).isEqualTo("key id");
    assertThat(refused.contact()).isEqualTo("ben");
    similar[7] ^= 1;
    index.requireNew("carla", Bytes.copyOf(similar), carla.serialNumber());
  }

  @Test
  void cardsAreNotVerifiedAgain() throws Exception {
    byte[] unsigned = ben.encode().toByteArray();
    unsigned[unsigned.length - 1] ^= 1;
    ContactRecord record =
        ContactRecord.contact(
            "ben", Instant.EPOCH, 1, Fingerprints.of(ben), Bytes.copyOf(unsigned));
    assertThatThrownBy(() -> ElementCard.parse(record.card()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(index(record).named("ben")).isPresent();
  }

  @Test
  void aRemovedContactLeavesItsPlaceAndItsCounter() throws Exception {
    ContactRecord removed = record("ben", ben).removed();
    ContactIndex index = index(record("carla", carla), removed);
    assertThat(index.contacts()).hasSize(1);
    assertThat(index.place(Fingerprints.of(ben))).contains(1);
    assertThat(index.retired(Fingerprints.of(ben)).orElseThrow().nextCounter()).isEqualTo(2);
    assertThat(index.place(Fingerprints.of(card(3)))).isEmpty();
  }
}
