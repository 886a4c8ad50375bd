// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A backup was copied to where its volume shall be, and the last step failed, which makes it the
 * volume's state: an administrator's accepting it, or the new outbox. Nothing is lost. The backup's
 * copy is in the target; the volume that was there, if there was one, lies beside it, whole.
 *
 * <p>To go on, the target is opened with the repair that the cause asks for, and its outbox renewed
 * ({@link dev.strongroom.file.share.Contacts#renewOutbox}). To go back, the target is removed and
 * the volume beside it renamed to it.
 *
 * <p>Thread safety: immutable.
 */
public final class RestoreUnfinishedException extends SecureFileException {

  private static final long serialVersionUID = 1L;

  private final String target;
  private final @Nullable String replaced;

  /**
   * Reports it.
   *
   * @param target where the backup's copy is now
   * @param replaced where the volume is now that was there, or null if there was none
   * @param cause what failed
   */
  public RestoreUnfinishedException(Path target, @Nullable Path replaced, Throwable cause) {
    super(
        target
            + ": the backup was copied here, and is not the volume's state yet: "
            + cause.getMessage()
            + (replaced == null
                ? ""
                : "; the volume that was here is "
                    + replaced
                    + ", which comes back when this one is removed and that one renamed"),
        cause);
    this.target = target.toString();
    this.replaced = replaced == null ? null : replaced.toString();
  }

  /**
   * Where the backup's copy is now.
   *
   * @return a path
   */
  public Path target() {
    return Path.of(target);
  }

  /**
   * Where the volume is now that was in the target.
   *
   * @return a path, or empty if there was none
   */
  public Optional<Path> replaced() {
    return Optional.ofNullable(replaced).map(Path::of);
  }
}
