// SPDX-License-Identifier: Apache-2.0

/**
 * What a check of a volume or a file tells.
 *
 * <p>{@link dev.strongroom.file.SecureFileSystem#check} reads every host file of a volume once,
 * from its beginning to its end, and verifies all that the format binds: both copies of headers,
 * the integrity tree, every sector, the catalogues, the journal and the volume file. What it meets
 * is a {@link dev.strongroom.file.check.Finding}; a {@link dev.strongroom.file.check.CheckListener}
 * hears of it at once, and of the progress, and may end the check; a {@link
 * dev.strongroom.file.check.CheckReport} has it all together.
 *
 * <p>What the journal covers is torn and repaired. Everything else that does not fit was changed
 * from outside, or is a fault of the medium; nothing on the disk tells the two apart.
 */
@org.jspecify.annotations.NullMarked
package dev.strongroom.file.check;
