// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.notes;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementNotFoundException;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line of the notes:
 *
 * <pre>
 * add TITLE TEXT    list    find WORDS    show NUMBER    remove NUMBER    backup FOLDER
 * </pre>
 *
 * <p>They lie in the folder {@code notes}, or {@code NOTES_FOLDER}; the element {@code
 * sim:notes.element}, or {@code NOTES_ELEMENT}, holds their keys. Both are made at the first start.
 * The PINs are asked for, or come from {@code STRONGROOM_PIN} and {@code STRONGROOM_ADMIN_PIN}.
 *
 * <p>Thread safety: confined to the main thread.
 */
public final class Main {

  private static final String USAGE =
      "usage: add TITLE TEXT | list | find WORDS | show NUMBER | remove NUMBER | backup FOLDER";

  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;

  Main(Map<String, String> environment, PrintStream out, PrintStream err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs one command and ends the process: 0, 1 when it failed, 2 when it was not understood.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    System.exit(new Main(System.getenv(), System.out, System.err).run(List.of(arguments)));
  }

  int run(List<String> arguments) {
    if (arguments.isEmpty() || arguments.size() != length(arguments.get(0))) {
      err.println(USAGE);
      return 2;
    }
    Path folder = Path.of(environment.getOrDefault("NOTES_FOLDER", "notes"));
    String uri = environment.getOrDefault("NOTES_ELEMENT", "sim:notes.element");
    try (SecureElement element = SecureElement.open(uri)) {
      boolean initialized = isInitialized(element);
      try (SecretBytes pin = pin("STRONGROOM_PIN", "PIN")) {
        if (!initialized) {
          initialize(element, pin);
        }
        try (ElementSession session = element.login(pin);
            Notes notes = Notes.open(session, folder, Clock.systemUTC())) {
          return run(arguments, notes, session);
        }
      }
    } catch (NumberFormatException e) {
      err.println("a note has a number; \"list\" shows them");
    } catch (IOException e) {
      // A StrongroomException says what, where and what to do; see docs/errors.md for its types.
      err.println(e.getMessage());
    } catch (SQLException e) {
      // What went wrong in the secure file, such as damage, is the cause.
      err.println(e.getCause() instanceof StrongroomException cause ? cause.getMessage() : said(e));
    }
    return 1;
  }

  private static int length(String command) {
    return switch (command) {
      case "list" -> 1;
      case "find", "show", "remove", "backup" -> 2;
      case "add" -> 3;
      default -> -1;
    };
  }

  private int run(List<String> arguments, Notes notes, ElementSession session)
      throws IOException, SQLException {
    switch (arguments.get(0)) {
      case "add" -> out.println("note " + notes.add(arguments.get(1), arguments.get(2)));
      case "list" -> print(notes.all());
      case "find" -> print(notes.find(arguments.get(1)));
      case "show" -> {
        Optional<Note> note = notes.get(Long.parseLong(arguments.get(1)));
        if (note.isEmpty()) {
          return absent(arguments.get(1));
        }
        out.println(note.get().title() + "\n" + note.get().changed() + "\n\n" + note.get().text());
      }
      case "remove" -> {
        if (!notes.remove(Long.parseLong(arguments.get(1)))) {
          return absent(arguments.get(1));
        }
      }
      case "backup" -> notes.backup(session, Path.of(arguments.get(1)));
      default -> throw new IllegalStateException(arguments.get(0));
    }
    return 0;
  }

  private int absent(String number) {
    err.println("there is no note " + number);
    return 1;
  }

  private void print(List<Note> notes) {
    notes.forEach(note -> out.println(note.id() + "  " + note.title()));
  }

  private static boolean isInitialized(SecureElement element) throws StrongroomException {
    try {
      return element.status().initialized();
    } catch (ElementNotFoundException e) {
      return false; // a simulated one is made by its initialisation
    }
  }

  private void initialize(SecureElement element, SecretBytes pin) throws IOException {
    try (SecretBytes administrator = pin("STRONGROOM_ADMIN_PIN", "new administrator PIN")) {
      element.initialize(pin, administrator);
    }
  }

  @SuppressWarnings("SystemConsoleNull") // it does, without a terminal, before Java 22
  private SecretBytes pin(String variable, String question) throws IOException {
    String given = environment.get(variable);
    if (given != null) {
      return SecretBytes.encode(given.toCharArray());
    }
    Console console = System.console();
    char[] typed = console == null ? null : console.readPassword("%s: ", question);
    if (typed == null) {
      throw new IOException("a PIN is missing; set " + variable);
    }
    return SecretBytes.encode(typed);
  }

  private static String said(SQLException failed) {
    return "the notes were not changed: " + failed.getMessage();
  }
}
