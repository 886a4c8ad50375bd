// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import picocli.CommandLine.Command;

/** The commands that make and look after elements. */
@Command(
    name = "element",
    description = "Makes and looks after secure elements.",
    synopsisSubcommandLabel = "COMMAND")
final class ElementGroup {}
