// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import dev.strongroom.core.device.Grub;
import java.util.Arrays;

/**
 * The keys of a volume's own structures: volume file and journal.
 *
 * <p>Thread safety: thread-safe as long as nobody uses them while they are closed.
 *
 * @param volumeFile authenticates the volume file
 * @param journal authenticates journal records and anchors
 * @param commitment commits to the volume's keys
 * @param recovery enters into the keys that wrap pairs for the recovery element
 */
public record VolumeKeys(MacKey volumeFile, MacKey journal, MacKey commitment, MacKey recovery)
    implements AutoCloseable {

  /**
   * Derives the keys; the answer can be closed afterwards.
   *
   * @param grub the element's answer for the volume's UID
   * @return the keys
   */
  public static VolumeKeys of(Grub grub) {
    return grub.enc()
        .use(
            enc ->
                grub.sig()
                    .use(
                        sig -> {
                          byte[] both = Arrays.copyOf(enc, enc.length + sig.length);
                          System.arraycopy(sig, 0, both, enc.length, sig.length);
                          VolumeKeys keys =
                              new VolumeKeys(
                                  new MacKey(Subkeys.derive(sig, "volume file")),
                                  new MacKey(Subkeys.derive(sig, "journal")),
                                  new MacKey(Subkeys.derive(both, "volume commitment")),
                                  new MacKey(Subkeys.derive(both, "recovery")));
                          Arrays.fill(both, (byte) 0);
                          return keys;
                        }));
  }

  @Override
  public void close() {
    volumeFile.close();
    journal.close();
    commitment.close();
    recovery.close();
  }
}
