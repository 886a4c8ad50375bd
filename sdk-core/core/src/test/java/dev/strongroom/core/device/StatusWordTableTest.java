// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.apdu.StatusWord;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusWordTableTest {

  @Test
  void everyErrorGoesOutAndComesBackAsItself() {
    record Row(DeviceException error, int ins, Role role) {}
    for (Row row :
        List.of(
            new Row(
                new AuthenticationFailedException(Role.ADMINISTRATOR, 7),
                ElementProtocol.INS_RESET_RETRY_COUNTER,
                Role.ADMINISTRATOR),
            new Row(new PinBlockedException(Role.USER), ElementProtocol.INS_VERIFY, Role.USER),
            new Row(new PinFormatException(Role.USER), ElementProtocol.INS_VERIFY, Role.USER),
            new Row(
                new SecurityStatusException(ElementProtocol.INS_GRUB),
                ElementProtocol.INS_GRUB,
                Role.USER),
            new Row(new ElementNotInitializedException(), ElementProtocol.INS_VERIFY, Role.USER),
            new Row(
                new ElementAlreadyInitializedException(),
                ElementProtocol.INS_INITIALIZE,
                Role.USER),
            new Row(
                new ApplicationNotFoundException(ElementProtocol.AID),
                ElementProtocol.INS_SELECT,
                Role.USER),
            new Row(new ElementStorageException("x", null), ElementProtocol.INS_VERIFY, Role.USER),
            new Row(new ElementDamagedException("x", null), ElementProtocol.INS_VERIFY, Role.USER),
            new Row(new ElementEditedException("x"), ElementProtocol.INS_VERIFY, Role.USER),
            new Row(new MasterKeysMissingException(), ElementProtocol.INS_GRUB, Role.USER),
            new Row(
                new ConditionsNotSatisfiedException(ElementProtocol.INS_WIPE, "x"),
                ElementProtocol.INS_WIPE,
                Role.ADMINISTRATOR),
            new Row(
                new ConditionsNotSatisfiedException(ElementProtocol.INS_TRUST_ANCHOR, "x"),
                ElementProtocol.INS_TRUST_ANCHOR,
                Role.USER),
            new Row(
                new ConditionsNotSatisfiedException(ElementProtocol.INS_IMPORT_SECRET, "x"),
                ElementProtocol.INS_IMPORT_SECRET,
                Role.USER),
            new Row(
                new NoFreeVersionSlotException(),
                ElementProtocol.INS_COMPARE_AND_SET_VERSION,
                Role.USER),
            new Row(new TrustAnchorRefusedException(), ElementProtocol.INS_TRUST_ANCHOR, Role.USER),
            new Row(new UntrustedPeerException("x"), ElementProtocol.INS_EXPORT_SECRET, Role.USER),
            new Row(new UntrustedPeerException("x"), ElementProtocol.INS_IMPORT_SECRET, Role.USER),
            new Row(new DecryptionFailedException(), ElementProtocol.INS_HPKE, Role.USER),
            new Row(
                new PinFormatException(Role.ADMINISTRATOR),
                ElementProtocol.INS_RELEASE_VERSION,
                Role.ADMINISTRATOR),
            new Row(
                new StatusWordException(ElementProtocol.INS_GRUB, new StatusWord(0x6A81)),
                ElementProtocol.INS_GRUB,
                Role.USER))) {
      StatusWord status = StatusWordTable.status(row.error());
      assertThat(StatusWordTable.exception(row.ins(), row.role(), status))
          .as("status word %s", status)
          .hasSameClassAs(row.error());
    }
  }

  @Test
  void whatNeedsMoreThanAStatusWordToBeSaidIsMadeByWhoeverSentTheCommand() {
    VersionSlot expected = VersionSlot.none(Bytes.copyOf(new byte[16]));
    assertThat(
            StatusWordTable.exception(
                ElementProtocol.INS_COMPARE_AND_SET_VERSION,
                Role.USER,
                StatusWordTable.status(new VersionMismatchException(expected, null))))
        .isInstanceOf(ConditionsNotSatisfiedException.class);
    assertThat(StatusWordTable.status(new VersionSlotNotFoundException(expected.volume())))
        .isEqualTo(StatusWord.REFERENCE_NOT_FOUND);
  }

  @Test
  void aStatusWordWithoutAnErrorOfItsOwnKeepsItsFields() {
    DeviceException error =
        StatusWordTable.exception(ElementProtocol.INS_GRUB, Role.USER, new StatusWord(0x6A80));
    assertThat(error)
        .isInstanceOfSatisfying(
            StatusWordException.class,
            e -> {
              assertThat(e.ins()).isEqualTo(ElementProtocol.INS_GRUB);
              assertThat(e.status()).isEqualTo(StatusWord.WRONG_DATA);
            })
        .hasMessage("the secure element answered command 10 with status 6A80");
  }
}
