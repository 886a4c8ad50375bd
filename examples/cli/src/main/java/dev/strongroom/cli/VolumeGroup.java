// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import picocli.CommandLine.Command;

/** The commands that make and look after volumes. */
@Command(
    name = "volume",
    description = "Makes and looks after volumes.",
    synopsisSubcommandLabel = "COMMAND")
final class VolumeGroup {}
