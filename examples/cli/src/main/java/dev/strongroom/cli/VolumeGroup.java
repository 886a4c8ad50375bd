// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import picocli.CommandLine.Command;

/** The commands that make and look at volumes. */
@Command(
    name = "volume",
    description = "Makes and looks at volumes.",
    synopsisSubcommandLabel = "COMMAND")
final class VolumeGroup {}
