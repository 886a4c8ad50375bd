// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Role;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's PINs come from: the next line of {@code --pin-file}, else the environment, else
 * a person at the terminal. Without a terminal nothing is asked.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Pins implements AutoCloseable {

  /** The user's PIN. */
  static final String USER_VARIABLE = "STRONGROOM_PIN";

  /** The administrator's PIN. */
  static final String ADMINISTRATOR_VARIABLE = "STRONGROOM_ADMIN_PIN";

  /** The PIN that replaces another. */
  static final String NEW_VARIABLE = "STRONGROOM_NEW_PIN";

  /** The user's PIN of a second element. */
  static final String TWIN_VARIABLE = "STRONGROOM_TWIN_PIN";

  private final Console console;
  private final String element;
  private final @Nullable PinFile file;

  private Pins(Console console, String element, @Nullable PinFile file) {
    this.console = console;
    this.element = Text.printable(element);
    this.file = file;
  }

  static Pins of(Settings settings, String element) throws IOException {
    var path = settings.pinFile();
    Console console = settings.console();
    return new Pins(console, element, path == null ? null : PinFile.read(path, console));
  }

  /** The user's PIN of another element. */
  SecretBytes twin(String uri) throws IOException {
    String name = name(Role.USER) + " of " + Text.printable(uri);
    char[] pin = find(TWIN_VARIABLE, name);
    return SecretBytes.encode(pin == null ? ask(name + ": ") : pin);
  }

  /** The PIN that a role has now. */
  SecretBytes current(Role role) throws IOException {
    String variable = role == Role.USER ? USER_VARIABLE : ADMINISTRATOR_VARIABLE;
    char[] pin = find(variable, name(role));
    return SecretBytes.encode(pin == null ? ask(name(role) + " of " + element + ": ") : pin);
  }

  /** A PIN that the element is to have from now on; a person types it twice. */
  SecretBytes chosen(Role role, String variable) throws IOException {
    String name = variable.equals(NEW_VARIABLE) ? "new " + name(role) : name(role);
    char[] pin = find(variable, name);
    if (pin != null) {
      return checked(pin, role, name);
    }
    char[] first =
        ask(
            name
                + " of "
                + element
                + " ("
                + role.minPinLength()
                + " to "
                + role.maxPinLength()
                + " characters): ");
    char[] second = {};
    try {
      second = ask("the same again: ");
      if (!Arrays.equals(first, second)) {
        throw CommandException.usage(
            "the two entries of the " + name + " differ; nothing was done");
      }
      return checked(first.clone(), role, name);
    } finally {
      Arrays.fill(first, '\0');
      Arrays.fill(second, '\0');
    }
  }

  /** Zeroes what was not used. */
  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }

  private char @Nullable [] find(String variable, String name) throws IOException {
    char[] line = file == null ? null : file.next();
    if (line != null) {
      return line;
    }
    String value = console.environment().getOrDefault(variable, "");
    if (!value.isEmpty()) {
      return value.toCharArray();
    }
    if (console.prompt() == null) {
      throw CommandException.usage(
          "the "
              + name
              + " is missing, and there is no terminal to ask for it; set "
              + variable
              + (console.environment().containsKey(variable) ? " (it is set, but empty)" : "")
              + " or give --pin-file FILE"
              + (file == null ? "" : " a further line"));
    }
    return null;
  }

  private char[] ask(String question) throws IOException {
    PinPrompt prompt = console.prompt();
    if (prompt == null) {
      throw new IllegalStateException("nobody can be asked");
    }
    return prompt.ask(question);
  }

  private static SecretBytes checked(char[] pin, Role role, String name) throws IOException {
    int length = Character.codePointCount(pin, 0, pin.length);
    if (length < role.minPinLength() || length > role.maxPinLength()) {
      Arrays.fill(pin, '\0');
      throw CommandException.usage(
          "the "
              + name
              + " has "
              + length
              + (length == 1 ? " character" : " characters")
              + "; it must have "
              + role.minPinLength()
              + " to "
              + role.maxPinLength()
              + "; nothing was done");
    }
    return SecretBytes.encode(pin);
  }

  private static String name(Role role) {
    return role + " PIN";
  }
}
