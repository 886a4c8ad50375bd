// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A volume's version slot is not what the host expected it to be; it was not changed.
 *
 * <p>Somebody else has moved it, the volume was turned back, or the answer to an earlier change got
 * lost after it was made: then {@link #found()} is what that change wanted.
 *
 * <p>Thread safety: immutable.
 */
public final class VersionMismatchException extends DeviceException {

  private static final long serialVersionUID = 1L;

  private final byte[] volume;
  private final byte[] expectedRoot;
  private final long expectedCounter;
  private final byte @Nullable [] foundRoot;
  private final long foundCounter;

  /**
   * Reports a slot.
   *
   * @param expected what the host named
   * @param found what the element has, read afterwards; null if it is not known
   */
  public VersionMismatchException(VersionSlot expected, @Nullable VersionSlot found) {
    super(
        "the version slot of volume "
            + expected.volume()
            + " is not at change "
            + Long.toUnsignedString(expected.counter())
            + " with the expected root"
            + (found == null ? "" : ", but at change " + Long.toUnsignedString(found.counter())),
        null);
    this.volume = expected.volume().toByteArray();
    this.expectedRoot = expected.root().toByteArray();
    this.expectedCounter = expected.counter();
    this.foundRoot = found == null ? null : found.root().toByteArray();
    this.foundCounter = found == null ? 0 : found.counter();
  }

  /**
   * What the host named.
   *
   * @return volume, root and counter
   */
  public VersionSlot expected() {
    return new VersionSlot(Bytes.copyOf(volume), Bytes.copyOf(expectedRoot), expectedCounter);
  }

  /**
   * What the element has, read right after the refusal.
   *
   * @return volume, root and counter, or empty if it could not be read
   */
  public Optional<VersionSlot> found() {
    byte[] root = foundRoot;
    return root == null
        ? Optional.empty()
        : Optional.of(new VersionSlot(Bytes.copyOf(volume), Bytes.copyOf(root), foundCounter));
  }
}
