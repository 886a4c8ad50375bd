// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The volume file byte by byte. */
class VolumeFileTest {

  /** G of P-256 (NIST SP 800-186, 3.2.1.3), a point like any other. */
  private static final ChannelKey BASE_POINT =
      new ChannelKey(
          Bytes.parse(
              "04"
                  + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                  + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));

  private final VolumeKeys keys = Sample.volumeKeys(0);
  private final VolumeFile file =
      new VolumeFile(
          Sample.VOLUME,
          Sample.UID,
          Sample.RND,
          Sample.run(0x70, 16),
          "sim:../\u00e9lement",
          Sample.run(0x30, 16),
          VolumeSystem.create(Freshness.STRICT, Sample.run(0x60, 16), Sample.run(0x68, 16)),
          Instant.ofEpochSecond(1_700_000_000, 123_456_789),
          VolumeElements.of(Sample.run(0x70, 16), BASE_POINT),
          KeyOrigin.DERIVED);

  @AfterEach
  void closeKeys() {
    keys.close();
  }

  @Test
  void everyFieldComesBack() throws Exception {
    byte[] copy = file.encode(keys);
    assertThat(copy).hasSize(VolumeFile.BYTES);
    assertThat(VolumeFile.parse("v", copy)).isEqualTo(file);
    assertThat(VolumeFile.problem(copy, keys)).isNull();
  }

  private ElementRecord twin() {
    return ElementRecord.deriving(
        Sample.run(0x11, 16), ElementRole.TWIN, Sample.run(0x40, 32), BASE_POINT);
  }

  private ElementRecord recovery() {
    return new ElementRecord(
        Sample.run(0x12, 16),
        ElementRole.RECOVERY,
        Sample.run(0x41, 32),
        null,
        new ElementRecord.Recovery(
            BASE_POINT.point(),
            new RecoveryPair(Sample.run(5, 65), Sample.run(6, 72)),
            new Peer.Pinned(BASE_POINT.point(), BASE_POINT.point()),
            Sample.run(7, 64)));
  }

  @Test
  void everyChangeIsARevisionOfItsOwn() throws Exception {
    byte[] copy = file.encode(keys);
    VolumeFileState first = VolumeFileState.of(copy);
    assertThat(first.revision()).isEqualTo(1);
    assertThat(first.signature()).isEqualTo(Bytes.copyOf(copy, 4064, 32));
    byte[] twin = VolumeFile.with(copy, twin(), keys);
    byte[] again = VolumeFile.with(twin, twin(), keys); // in its place
    byte[] act = VolumeFile.with(again, new VolumeFile.Rebuilt(Instant.EPOCH, 1, 2), keys);
    byte[] ledger = VolumeFile.withLedger(act, keys);
    byte[] later = VolumeFile.with(VolumeFile.above(ledger, 70), twin(), keys);
    byte[] same = VolumeFile.with(VolumeFile.above(ledger, 4), twin(), keys);
    long[] revisions = {2, 3, 4, 5, 71, 6};
    byte[][] copies = {twin, again, act, ledger, later, same};
    for (int i = 0; i < copies.length; i++) {
      assertThat(VolumeFileState.of(copies[i]).revision()).isEqualTo(revisions[i]);
      assertThat(VolumeFile.problem(copies[i], keys)).isNull();
      VolumeFile.requireKnown("v", copies[i]);
    }
    byte[] written = new byte[60];
    VolumeFileState.of(ledger).write(written, 7);
    assertThat(VolumeFileState.read(written, 7)).isEqualTo(VolumeFileState.of(ledger));
  }

  @Test
  void thatThereIsALedgerIsSaidFromThenOn() throws Exception {
    VolumeFile none =
        new VolumeFile(
            file.id(),
            file.uid(),
            file.rnd(),
            file.element(),
            file.elementUri(),
            file.root(),
            VolumeSystem.create(Freshness.NONE, Sample.run(0x60, 16), Sample.run(0x68, 16)),
            file.created(),
            file.elements(),
            KeyOrigin.DERIVED);
    byte[] copy = none.encode(keys);
    assertThat(copy[200]).isZero();
    assertThat(parsed(copy).system().ledgerMade()).isFalse();
    byte[] made = VolumeFile.with(VolumeFile.withLedger(copy, keys), twin(), keys);
    assertThat(made[200]).isEqualTo((byte) 1);
    assertThat(parsed(made).system().ledgerMade()).isTrue();
    assertThat(parsed(file.encode(keys)).system().ledgerMade()).isTrue(); // strict
    byte[] other = made.clone();
    other[200] = 2;
    byte[] never = made.clone();
    Arrays.fill(never, 192, 200, (byte) 0);
    for (byte[] wrong : new byte[][] {other, never}) {
      assertThatThrownBy(() -> VolumeFile.requireKnown("v", wrong))
          .isInstanceOf(FormatVersionException.class)
          .hasMessageContaining("revision");
    }
  }

  @Test
  void elementsAndAWrappedKeyComeBack() throws Exception {
    VolumeFile several =
        new VolumeFile(
            file.id(),
            file.uid(),
            file.rnd(),
            file.element(),
            file.elementUri(),
            file.root(),
            file.system(),
            file.created(),
            file.elements().with(twin()).with(recovery()),
            new KeyOrigin.Wrapped(Sample.run(7, 16), Sample.run(8, 40)));
    byte[] copy = several.encode(keys);
    assertThat(copy[17]).isEqualTo((byte) 1);
    assertThat(parsed(copy)).isEqualTo(several);
    VolumeFile.requireKnown("v", copy);
    VolumeElements found = parsed(copy).elements();
    assertThat(found.find(twin().serialNumber())).isEqualTo(twin());
    assertThat(found.find(Sample.run(0x13, 16))).isNull();
    assertThat(found.recovery()).isEqualTo(recovery());
    assertThat(Bytes.copyOf(copy, 1280, 4)).hasToString("00020072");
    assertThat(Bytes.copyOf(copy, 1280 + 2 * 118, 4)).hasToString("000201fe");
    assertThat(Bytes.copyOf(copy, 1280 + 2 * 118 + 514, 4)).hasToString("00040038");
  }

  @Test
  void elementsAreRecordsThatAreKeptBesideTheOthers() throws Exception {
    byte[] without = withoutKey().encode(keys);
    ElementRecord first = parsed(without).elements().all().get(0);
    assertThat(first.channelKey()).isNull();
    byte[] copy = VolumeFile.with(without, first.with(BASE_POINT), keys);
    assertThat(parsed(copy)).isEqualTo(file);
    copy = VolumeFile.with(copy, twin(), keys);
    copy = VolumeFile.with(copy, recovery(), keys);
    byte[] full = withoutKey().encode(keys);
    for (int i = 0; i < 200; i++) {
      Instant time = Instant.ofEpochSecond(i);
      copy = VolumeFile.with(copy, new VolumeFile.Rebuilt(time, 1, 2), keys);
      full = VolumeFile.with(full, new VolumeFile.Rebuilt(time, 1, 2), keys);
    }
    VolumeFile found = parsed(copy);
    assertThat(VolumeFile.problem(copy, keys)).isNull();
    assertThat(found.elements()).isEqualTo(file.elements().with(twin()).with(recovery()));
    assertThat(found.rebuilds()).hasSize((2784 - 2 * 118 - 514) / 24);
    for (int i = 0; i < ElementRecord.MOST - 2; i++) {
      ElementRecord another =
          ElementRecord.deriving(Sample.run(0x20 + i, 16), ElementRole.TWIN, null, BASE_POINT);
      full = VolumeFile.with(full, another, keys);
    }
    full = VolumeFile.with(full, recovery(), keys);
    VolumeFile last = parsed(full);
    assertThat(VolumeFile.problem(full, keys)).isNull();
    VolumeFile.requireKnown("v", full);
    assertThat(last.elements().all()).hasSize(ElementRecord.MOST);
    assertThat(last.rebuilds()).hasSize((2784 - 7 * 118 - 514) / 24);
  }

  @Test
  void whereLaterReleasesLeaveNoRoomNothingIsAdded() throws Exception {
    Instant time = Instant.EPOCH;
    VolumeFile.Rebuilt rebuilt = new VolumeFile.Rebuilt(time, 1, 2);
    LedgerRepaired repaired = new LedgerRepaired(time, LedgerRepair.ADOPT, 3, 4);
    byte[] copy = file.encode(keys);
    ByteBuffer.wrap(copy).putShort(1280 + 118, (short) 0x0105).putShort(1282 + 118, (short) 2642);
    List<ThrowingCallable> additions =
        List.of(
            () -> VolumeFile.with(copy, twin(), keys),
            () -> VolumeFile.with(copy, rebuilt, keys),
            () -> VolumeFile.with(copy, repaired, keys));
    for (ThrowingCallable addition : additions) {
      assertThatThrownBy(addition)
          .isInstanceOf(FormatVersionException.class)
          .hasMessageContaining("no room");
    }
    byte[] most = file.encode(keys);
    ByteBuffer.wrap(most).putShort(1280 + 118, (short) 0x0105).putShort(1282 + 118, (short) 596);
    for (int i = 0; i < ElementRecord.MOST - 2; i++) {
      most = VolumeFile.with(most, repaired, keys);
      ElementRecord another =
          ElementRecord.deriving(Sample.run(0x20 + i, 16), ElementRole.TWIN, null, BASE_POINT);
      most = VolumeFile.with(most, another, keys);
    }
    most = VolumeFile.with(most, recovery(), keys);
    assertThat(parsed(most).elements().all()).hasSize(ElementRecord.MOST);
    assertThat(parsed(most).ledgerRepairs()).hasSize(ElementRecord.MOST - 2);
  }

  @Test
  void aPointThatIsNotOnTheCurveIsNoElement() throws Exception {
    byte[] copy = file.encode(keys);
    copy[1284 + 49 + 40] ^= 1;
    assertThat(parsed(copy).elements().all()).isEmpty();
  }

  @Test
  void authenticRecordsOfElementsThatCannotBeAreRefusedByName() throws Exception {
    byte[] whole = VolumeFile.with(file.encode(keys), recovery(), keys);
    VolumeFile.requireKnown("v", whole);
    int second = 1280 + 118;
    assertUnknownElement(change(whole, 1280, 0x00020073)); // longer than it is
    byte[] twice = whole.clone();
    twice[1284 + 16] = 2; // the first is a twin, and there is no first
    assertUnknownElement(twice);
    byte[] other = whole.clone();
    other[second + 4 + 16] = 1; // of the length of a recovery element
    assertUnknownElement(other);
    byte[] serial = whole.clone();
    serial[1284] ^= 1;
    assertUnknownElement(serial);
    byte[] later = whole.clone();
    later[second + 4 + 16] = 9; // of a later release
    VolumeFile.requireKnown("v", later);
    assertThat(parsed(later).elements()).isEqualTo(file.elements());
  }

  private static void assertUnknownElement(byte[] copy) {
    assertThatThrownBy(() -> VolumeFile.requireKnown("v", copy))
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("element");
  }

  @Test
  void aWrappedKeyIsThereOnceAndOfALengthThatCanBe() throws Exception {
    VolumeFile wrapped =
        new VolumeFile(
            file.id(),
            file.uid(),
            file.rnd(),
            file.element(),
            file.elementUri(),
            file.root(),
            file.system(),
            file.created(),
            file.elements(),
            new KeyOrigin.Wrapped(Sample.run(7, 16), Sample.run(8, 150)));
    byte[] copy = wrapped.encode(keys);
    assertThat(parsed(copy)).isEqualTo(wrapped);
    int at = 1280 + 118;
    assertThat(VolumeFile.parse("v", change(copy, at, 0x00050000 + 166))).isNull();
    assertThat(VolumeFile.parse("v", change(copy, at, 0x00040000 + 16))).isNull();
    assertThat(VolumeFile.parse("v", change(copy, at, 0x00040000 + 167))).isNull();
  }

  private static VolumeFile parsed(byte[] copy) throws FormatVersionException {
    return Objects.requireNonNull(VolumeFile.parse("v", copy));
  }

  private VolumeFile withoutKey() {
    return new VolumeFile(
        file.id(),
        file.uid(),
        file.rnd(),
        file.element(),
        file.elementUri(),
        file.root(),
        file.system(),
        file.created(),
        VolumeElements.of(file.element(), null),
        KeyOrigin.DERIVED);
  }

  @Test
  void fieldsStandAsTheSpecificationSays() {
    byte[] copy = file.encode(keys);
    ByteBuffer in = ByteBuffer.wrap(copy);
    assertThat(new String(copy, 0, 16, StandardCharsets.US_ASCII))
        .isEqualTo("SRVOLU\r\nv1\0\0\0\0\0\0");
    assertThat(copy[16]).isEqualTo((byte) 1);
    assertThat(copy[17]).isZero();
    assertThat(Arrays.copyOfRange(copy, 24, 40)).isEqualTo(file.id().toByteArray());
    assertThat(Arrays.copyOfRange(copy, 40, 56)).isEqualTo(file.uid().toByteArray());
    assertThat(Arrays.copyOfRange(copy, 56, 72)).isEqualTo(file.rnd().toByteArray());
    assertThat(Arrays.copyOfRange(copy, 72, 88)).isEqualTo(file.element().toByteArray());
    assertThat(Arrays.copyOfRange(copy, 88, 104)).isEqualTo(file.root().toByteArray());
    assertThat(in.getLong(104)).isEqualTo(1_700_000_000L);
    assertThat(in.getInt(112)).isEqualTo(123_456_789);
    byte[] commitment = keys.commitment().mac(copy, 0, 88);
    assertThat(Arrays.copyOfRange(copy, 128, 160)).isEqualTo(commitment);
    assertThat(in.getInt(252)).isEqualTo(file.elementUri().getBytes(StandardCharsets.UTF_8).length);
    assertThat(keys.volumeFile().verify(copy, 0, 4064, copy, 4064)).isTrue();
  }

  @Test
  void everyFlippedByteIsRefused() {
    byte[] copy = file.encode(keys);
    for (int at = 0; at < copy.length; at++) {
      copy[at] ^= 0x20;
      assertThat(VolumeFile.problem(copy, keys)).as("byte %d", at).isNotNull();
      copy[at] ^= 0x20;
    }
    assertThat(VolumeFile.problem(copy, keys)).isNull();
  }

  @Test
  void anotherVolumesKeysAreRefusedByTheCommitment() {
    try (VolumeKeys other = Sample.volumeKeys(1)) {
      assertThat(VolumeFile.problem(file.encode(keys), other)).contains("commitment");
    }
  }

  @Test
  void laterFormatsAreRefusedByName() {
    byte[] copy = file.encode(keys);
    System.arraycopy("v2\0\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII), 0, copy, 8, 8);
    assertThatThrownBy(() -> VolumeFile.parse("v", copy))
        .isInstanceOfSatisfying(
            FormatVersionException.class, e -> assertThat(e.found()).isEqualTo("v2"));
  }

  @Test
  void otherSuitesAndKeySourcesAreRefusedByName() {
    for (int at = 16; at <= 17; at++) {
      byte[] copy = file.encode(keys);
      copy[at] = 7;
      assertThatThrownBy(() -> VolumeFile.parse("v", copy))
          .isInstanceOf(FormatVersionException.class)
          .hasMessageContaining("7");
    }
    byte[] fresher = file.encode(keys);
    fresher[18] = 2;
    assertThatThrownBy(() -> VolumeFile.parse("v", fresher))
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("freshness 2");
  }

  @Test
  void valuesOutOfRangeMakeNoVolumeFile() throws Exception {
    byte[] copy = file.encode(keys);
    assertThat(VolumeFile.parse("v", change(copy, 252, 1025))).isNull();
    assertThat(VolumeFile.parse("v", change(copy, 252, -1))).isNull();
    assertThat(VolumeFile.parse("v", change(copy, 112, 1_000_000_000))).isNull();
    assertThat(VolumeFile.parse("v", change(copy, 112, -1))).isNull();
    assertThat(VolumeFile.parse("v", change(copy, 104, Integer.MAX_VALUE))).isNull();
    assertThat(VolumeFile.parse("v", change(copy, 8, 0))).isNull();
    assertThat(VolumeFile.parse("v", Arrays.copyOf(copy, 4095))).isNull();
    byte[] uri = copy.clone();
    uri[256] = (byte) 0xFF; // no UTF-8
    assertThat(VolumeFile.parse("v", uri)).isNull();
    byte[] behind = copy.clone();
    behind[4063] = 1; // behind the last record
    assertThat(VolumeFile.parse("v", behind)).isNull();
  }

  @Test
  void unknownCriticalRecordsAreRefusedByNameAndOthersPassedOver() throws Exception {
    VolumeFile without = withoutKey();
    byte[] copy = without.encode(keys);
    int behind = 1280 + 118;
    assertThat(VolumeFile.parse("v", change(copy, behind, 0x00010004))).isEqualTo(without);
    assertThat(VolumeFile.parse("v", change(copy, behind, 0x7FFF0000))).isEqualTo(without);
    assertThat(VolumeFile.parse("v", change(copy, behind, 0x0001FFFF))).isNull();
    byte[] critical = change(copy, behind, 0x80010004);
    assertThatThrownBy(() -> VolumeFile.parse("v", critical))
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("0x8001");
  }

  @Test
  void fieldsOfLaterReleasesAreRefusedByName() throws Exception {
    byte[] copy = file.encode(keys);
    VolumeFile.requireKnown("v", copy);
    int behindUri = 256 + file.elementUri().getBytes(StandardCharsets.UTF_8).length;
    for (int at = 0; at < VolumeFile.BYTES; at++) {
      boolean reserved =
          (at >= 19 && at < 24)
              || (at >= 116 && at < 128)
              || (at >= 201 && at < 252)
              || at == 199 // revision 0
              || (at >= behindUri && at < 1280);
      byte[] changed = copy.clone();
      changed[at] ^= 1;
      if (reserved) {
        assertThatThrownBy(() -> VolumeFile.requireKnown("v", changed))
            .as("byte %d", at)
            .isInstanceOf(FormatVersionException.class);
      } else if ((at < 72 || at >= 88) && (at < 252 || at >= 256) && (at < 1280 || at >= 4064)) {
        VolumeFile.requireKnown("v", changed);
      }
    }
  }

  @Test
  void recordsOfActsThatCannotBeReadAreRefusedByName() throws Exception {
    Instant time = Instant.ofEpochSecond(5, 6);
    byte[] copy = VolumeFile.with(file.encode(keys), new VolumeFile.Rebuilt(time, 1, 2), keys);
    copy = VolumeFile.with(copy, new LedgerRepaired(time, LedgerRepair.ADOPT, 3, 4), keys);
    VolumeFile.requireKnown("v", copy);
    int rebuilt = 1280 + 118;
    int repaired = rebuilt + 24;
    for (int[] wrong :
        new int[][] {
          {rebuilt, 0x00010013}, // of 19 bytes
          {rebuilt + 12, 1_000_000_000},
          {rebuilt + 4, Integer.MAX_VALUE},
          {repaired, 0x00030023},
          {repaired + 12, -1},
          {repaired + 16, 0x03000001},
        }) {
      byte[] changed = change(copy, wrong[0], wrong[1]);
      assertThatThrownBy(() -> VolumeFile.requireKnown("v", changed))
          .isInstanceOf(FormatVersionException.class)
          .hasMessageContaining("administrator");
    }
    byte[] later = change(copy, repaired + 16, 0x09000000);
    VolumeFile.requireKnown("v", later);
    assertThat(parsed(later).ledgerRepairs()).isEmpty();
  }

  @Test
  void theLongestUriFits() throws Exception {
    VolumeFile longest =
        new VolumeFile(
            file.id(),
            file.uid(),
            file.rnd(),
            file.element(),
            "s".repeat(VolumeFile.MAX_URI),
            file.root(),
            file.system(),
            file.created(),
            VolumeElements.of(file.element(), null),
            KeyOrigin.DERIVED);
    assertThat(VolumeFile.parse("v", longest.encode(keys))).isEqualTo(longest);
  }

  @Test
  void garbageIsRefusedWithoutAnyOtherException() throws Exception {
    long seed = 21;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] whole = file.encode(keys);
    int parsed = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] copy = Garbage.of(random, whole, 16 + 8 * random.nextInt(40));
      try {
        VolumeFile found = VolumeFile.parse("v", copy);
        if (found != null) {
          parsed++;
          boolean same = Arrays.equals(copy, 0, VolumeFile.BYTES, whole, 0, VolumeFile.BYTES);
          assertThat(VolumeFile.problem(copy, keys) == null).isEqualTo(same);
        }
      } catch (FormatVersionException e) {
        assertThat(e.file()).isEqualTo("v");
      }
    }
    assertThat(parsed).isPositive();
  }

  private static byte[] change(byte[] copy, int at, int value) {
    byte[] changed = copy.clone();
    ByteBuffer.wrap(changed).putInt(at, value);
    return changed;
  }
}
