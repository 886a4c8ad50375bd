// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.ReceiveId;
import dev.strongroom.core.identity.ElementCard;
import java.security.SecureRandom;

/** Something that an element receives once: what the sender makes of its card. */
final class Received {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Bytes INFO = Bytes.parse("010203");
  private static final Bytes USE = Bytes.parse("04");
  private static final int LENGTH = 32;

  private Received() {}

  /** Begins it; the secret has to be the sender's. */
  static SecretBytes begin(ElementSession session, ElementCard card, ReceiveId id)
      throws StrongroomException {
    Bytes key = card.publicKey(HpkeSuite.X25519).orElseThrow();
    byte[] info = ElementProtocol.receiveInfo(id, INFO);
    try (Hpke.Sender sender =
            Hpke.setupBaseS(HpkeSuite.X25519, Hpke.Aead.EXPORT_ONLY, key, info, RANDOM);
        SecretBytes mine = sender.context().export(USE.toByteArray(), LENGTH)) {
      SecretBytes its = session.beginReceive(HpkeSuite.X25519, id, sender.enc(), INFO, USE, LENGTH);
      if (!its.matches(mine)) {
        throw new AssertionError("the secret is not the sender's");
      }
      return its;
    }
  }
}
