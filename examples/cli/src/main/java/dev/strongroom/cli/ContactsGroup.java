// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import picocli.CommandLine.Command;

/** The commands that look after the elements a volume's owner knows. */
@Command(
    name = "contacts",
    description = "Looks after the elements that files are sent to and received from.",
    synopsisSubcommandLabel = "COMMAND")
final class ContactsGroup {}
