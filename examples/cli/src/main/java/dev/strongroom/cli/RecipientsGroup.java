// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import picocli.CommandLine.Command;

/** The commands that change who can receive what was sent. */
@Command(
    name = "recipients",
    description = "Changes who can receive a transient file; for its sender.",
    synopsisSubcommandLabel = "COMMAND")
final class RecipientsGroup {}
