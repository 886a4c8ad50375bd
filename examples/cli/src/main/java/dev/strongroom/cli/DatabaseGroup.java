// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import picocli.CommandLine.Command;

/** The commands for databases in volumes. */
@Command(
    name = "db",
    description = "Works with SQLite databases that are files of a volume.",
    synopsisSubcommandLabel = "COMMAND")
final class DatabaseGroup {}
