// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.RefusalReason;
import dev.strongroom.sekey.audit.AuditVerification.Completeness;
import dev.strongroom.sekey.audit.AuditVerification.Integrity;
import dev.strongroom.sekey.model.UserId;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class AuditVerificationTest {

  private static final AuditOrigin ORIGIN = new AuditOrigin(from(0x20), from(0x30));

  private static Bytes from(int first) {
    byte[] bytes = new byte[16];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return Bytes.copyOf(bytes);
  }

  private static final ChainKey KEY =
      entry -> {
        byte[] value = new byte[32];
        for (int i = 0; i < value.length; i++) {
          value[i] = (byte) i;
        }
        try {
          Mac mac = Mac.getInstance("HmacSHA256");
          mac.init(new SecretKeySpec(value, "HmacSHA256"));
          return Bytes.copyOf(mac.doFinal(entry.toByteArray()));
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException(e);
        }
      };

  private static final AuditEvent BEGUN =
      AuditEvent.done(
          new ElementTime(210_000_000),
          new ElementTime(200_000_000),
          AuditAct.LOG_BEGUN,
          Optional.empty(),
          Optional.empty(),
          "");

  private static final AuditEvent USED =
      new AuditEvent(
          new ElementTime(210_000_060),
          new ElementTime(200_000_000),
          AuditAct.KEY_USED,
          AuditOutcome.ACKNOWLEDGED,
          Optional.of(KeyOperation.DECRYPT),
          Optional.empty(),
          Optional.of(new UserId(from(0x50))),
          Optional.of(from(0x40)),
          Optional.of(from(0x60)),
          "Gr\u00FC\u00DFe");

  private static List<SealedEntry> log(int entries) throws Exception {
    List<SealedEntry> log = new ArrayList<>();
    Optional<SealedEntry> last = Optional.empty();
    for (int i = 0; i < entries; i++) {
      last = Optional.of(AuditEntry.seal(ORIGIN, last, i == 0 ? BEGUN : USED, KEY));
      log.add(last.get());
    }
    return log;
  }

  private static Checkpoint checkpoint(List<SealedEntry> log) {
    return Checkpoint.at(ORIGIN, log.get(log.size() - 1), new ElementTime(210_000_120));
  }

  private static AuditVerification verify(List<SealedEntry> log, Optional<Checkpoint> checkpoint)
      throws Exception {
    return AuditVerification.verify(ORIGIN, log.iterator(), KEY, checkpoint);
  }

  /** {@code docs/spec/audit.md}, made by a program of its own. */
  @Test
  void twoEntriesAndACheckpointAreTheVectorOfTheSpecification() throws Exception {
    List<SealedEntry> log = log(2);
    assertThat(ORIGIN.beforeFirst())
        .hasToString("f90964bb0a9dd4c056b3f274ce3caad2aaacf9540cf8cb2a3d722c64026b96cd");
    assertThat(log.get(0).mac())
        .hasToString("f85e6b477dc738659b43a2b25ee4655085413c1fef92c8fd9a4f45f0632ddd3a");
    assertThat(log.get(1).entry())
        .hasToString(
            "01202122232425262728292a2b2c2d2e2f0000000000000002"
                + "f85e6b477dc738659b43a2b25ee4655085413c1fef92c8fd9a4f45f0632ddd3a"
                + "0c8458bc0bebc20011030200505152535455565758595a5b5c5d5e5f"
                + "404142434445464748494a4b4c4d4e4f606162636465666768696a6b6c6d6e6f"
                + "00074772c3bcc39f65");
    assertThat(log.get(1).mac())
        .hasToString("3f30e3a5d8cb262f3d39c11a69627fdc9b1d842d415c5082eb1d6a1f33324363");
    assertThat(checkpoint(log).encode())
        .hasToString(
            "01202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f0000000000000002"
                + "3f30e3a5d8cb262f3d39c11a69627fdc9b1d842d415c5082eb1d6a1f333243630c8458f8");
    assertThat(AuditEntry.parse(log.get(1).entry()).event()).isEqualTo(USED);
    assertThat(Checkpoint.parse(checkpoint(log).encode())).isEqualTo(checkpoint(log));
  }

  @Test
  void aWholeLogIsIntactAndComplete() throws Exception {
    List<SealedEntry> log = log(5);
    Checkpoint third = checkpoint(log.subList(0, 3));
    assertThat(verify(log, Optional.of(third)))
        .isEqualTo(new AuditVerification(5, new Integrity.Intact(), new Completeness.Complete(3)));
    assertThat(verify(log, Optional.empty()).completeness()).isEqualTo(new Completeness.Open(5));
    assertThat(verify(List.of(), Optional.empty()).completeness())
        .isEqualTo(new Completeness.Open(0));
  }

  @Test
  void aMissingEntryIsAGapAndNoDamage() throws Exception {
    for (int missing = 0; missing < 4; missing++) {
      List<SealedEntry> log = log(5);
      Checkpoint end = checkpoint(log);
      log.remove(missing);
      assertThat(verify(log, Optional.of(end)))
          .isEqualTo(
              new AuditVerification(4, new Integrity.Intact(), new Completeness.Gap(missing)));
    }
  }

  @Test
  void damageHidesNoGap() throws Exception {
    List<SealedEntry> log = log(4);
    log.set(2, new SealedEntry(3, Bytes.parse("FF"), log.get(2).mac()));
    assertThat(verify(log, Optional.empty()))
        .isEqualTo(new AuditVerification(4, new Integrity.Damaged(3), new Completeness.Open(4)));
    log.remove(1);
    assertThat(verify(log, Optional.empty()))
        .isEqualTo(new AuditVerification(3, new Integrity.Damaged(3), new Completeness.Gap(1)));
  }

  @Test
  void aLogThatWasCutIsToldByACheckpointAlone() throws Exception {
    List<SealedEntry> log = log(5);
    Checkpoint end = checkpoint(log);
    assertThat(verify(log.subList(0, 2), Optional.of(end)))
        .isEqualTo(new AuditVerification(2, new Integrity.Intact(), new Completeness.Cut(2, 5)));
    assertThat(verify(List.of(), Optional.of(end)).completeness())
        .isEqualTo(new Completeness.Cut(0, 5));
    assertThat(verify(log.subList(0, 2), Optional.empty()).completeness())
        .isEqualTo(new Completeness.Open(2));
  }

  @Test
  void aLogThatBeganAnewIsNotTheOneOfTheCheckpoint() throws Exception {
    List<SealedEntry> log = log(5);
    Checkpoint end = checkpoint(log);
    List<SealedEntry> anew = log(2);
    for (int i = 2; i < 6; i++) {
      anew.add(AuditEntry.seal(ORIGIN, Optional.of(anew.get(i - 1)), BEGUN, KEY));
    }
    assertThat(verify(anew, Optional.of(end)))
        .isEqualTo(new AuditVerification(6, new Integrity.Intact(), new Completeness.Replaced(5)));
    Checkpoint foreign =
        new Checkpoint(new AuditOrigin(from(1), from(0x30)), 5, end.mac(), end.time());
    assertThat(verify(log, Optional.of(foreign)).completeness())
        .isEqualTo(new Completeness.Replaced(5));
  }

  @Test
  void everyChangedBitIsDamage() throws Exception {
    List<SealedEntry> log = log(3);
    Checkpoint end = checkpoint(log);
    SealedEntry second = log.get(1);
    for (int at = 0; at < second.entry().length(); at++) {
      byte[] changed = second.entry().toByteArray();
      changed[at] ^= 0x10;
      log.set(1, new SealedEntry(2, Bytes.copyOf(changed), second.mac()));
      AuditVerification result = verify(log, Optional.of(end));
      assertThat(result.integrity()).as("byte %d", at).isEqualTo(new Integrity.Damaged(2));
      if (at < 25 || at >= 57) { // not in the field of the one before
        assertThat(result.completeness()).as("byte %d", at).isEqualTo(new Completeness.Complete(3));
      }
    }
    log.set(1, new SealedEntry(2, second.entry(), log.get(0).mac()));
    assertThat(verify(log, Optional.empty()).integrity()).isEqualTo(new Integrity.Damaged(2));
  }

  @Test
  void entriesInOtherPlacesAreNotTaken() throws Exception {
    List<SealedEntry> log = log(4);
    List<SealedEntry> exchanged =
        List.of(
            log.get(0),
            new SealedEntry(2, log.get(2).entry(), log.get(2).mac()),
            new SealedEntry(3, log.get(1).entry(), log.get(1).mac()),
            log.get(3));
    AuditVerification result = verify(exchanged, Optional.empty());
    assertThat(result.integrity()).isEqualTo(new Integrity.Damaged(2));
    assertThat(result.completeness()).isEqualTo(new Completeness.Gap(1));
    AuditVerification repeated =
        verify(List.of(log.get(0), log.get(1), log.get(1)), Optional.empty());
    assertThat(repeated.completeness()).isEqualTo(new Completeness.Gap(2));
  }

  @Test
  void whatCannotBeIsNoEvent() {
    assertThatThrownBy(
            () ->
                new AuditEvent(
                    BEGUN.time(),
                    BEGUN.floor(),
                    AuditAct.KEY_USED,
                    AuditOutcome.DONE,
                    Optional.of(KeyOperation.SIGN),
                    Optional.of(RefusalReason.STATE),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    ""))
        .isInstanceOf(IllegalArgumentException.class);
    for (String text : List.of("x".repeat(1025), "\u00FC".repeat(513), "\uD83D")) {
      assertThatThrownBy(
              () ->
                  AuditEvent.done(
                      BEGUN.time(),
                      BEGUN.floor(),
                      AuditAct.USER_ADDED,
                      Optional.empty(),
                      Optional.empty(),
                      text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
