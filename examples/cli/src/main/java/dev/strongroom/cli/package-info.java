// SPDX-License-Identifier: Apache-2.0

/**
 * The {@code strongroom} command: one class a subcommand, all of them on the public API only.
 *
 * <p>{@link dev.strongroom.cli.Main} makes a {@code Console}, which is all that a command sees of
 * its process, and hands it with the options that stand before or after every command ({@code
 * Settings}) to picocli. A command resolves its element and its PINs ({@code ElementAddress},
 * {@code Pins}), opens a volume ({@code OpenVolume}), works, and returns or throws; {@code
 * Failures} is the one place that turns an exception into a message and an exit code. The exit
 * codes are part of the product and stay as they are; {@code docs/cli.md} describes them.
 */
@NullMarked
package dev.strongroom.cli;

import org.jspecify.annotations.NullMarked;
