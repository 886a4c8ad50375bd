// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static dev.strongroom.database.internal.ffi.Signature.Type.INT;
import static dev.strongroom.database.internal.ffi.Signature.Type.LONG;
import static dev.strongroom.database.internal.ffi.Signature.returningInt;

import dev.strongroom.database.internal.ffi.ForeignAccess;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What SQLite asks while it compiles a statement, with the names that it has parsed itself: no
 * statement leads to another file, and none weakens the commit. See <a
 * href="https://sqlite.org/c3ref/set_authorizer.html">sqlite3_set_authorizer</a>.
 *
 * <p>Thread safety: thread-safe.
 */
final class Authorizer {

  private static final int ALLOW = 0;
  private static final int DENY = 1;

  private static final int PRAGMA = 19;
  private static final int ATTACH = 24;
  private static final int FUNCTION = 31;

  /** Settings of which one value is good, and how it may be written; reading them is free. */
  private static final Map<String, List<String>> FIXED =
      Map.of(
          "journal_mode", List.of("truncate"),
          "synchronous", List.of("full", "2"),
          "locking_mode", List.of("normal"),
          "page_size", List.of("4096"),
          "threads", List.of("0"),
          "mmap_size", List.of("0"),
          "temp_store_directory", List.of(),
          "data_store_directory", List.of(),
          "hard_heap_limit", List.of(), // of the process, and so of other databases
          "soft_heap_limit", List.of());

  private final ForeignAccess memory;

  private Authorizer(ForeignAccess memory) {
    this.memory = memory;
  }

  /** Makes the callback; answers its address. */
  static long create(ForeignAccess memory) {
    Authorizer authorizer = new Authorizer(memory);
    return memory.function(
        returningInt(LONG, INT, LONG, LONG, LONG, LONG),
        FileMethods.guarded(DENY, authorizer::decide));
  }

  private int decide(long[] arguments) {
    String refused =
        switch ((int) arguments[1]) {
          case PRAGMA -> pragma(memory.text(arguments[2]), arguments[3]);
          case ATTACH -> attach(arguments[2]);
          case FUNCTION -> function(memory.text(arguments[3]));
          default -> "";
        };
    if (refused.isEmpty()) {
      return ALLOW;
    }
    LastFailure.record(new StatementRefusedException(refused));
    return DENY;
  }

  private String pragma(String name, long value) {
    List<String> good = FIXED.get(name.toLowerCase(Locale.ROOT));
    if (good == null || value == 0 || good.contains(memory.text(value).toLowerCase(Locale.ROOT))) {
      return "";
    }
    return "PRAGMA "
        + name
        + " of a secure database cannot be "
        + memory.text(value)
        + (good.isEmpty() ? "" : ", it is " + good.get(0));
  }

  /** VACUUM attaches a temporary file, whose name is empty; an expression has no text here. */
  private String attach(long file) {
    return file != 0 && memory.getByte(file) == 0
        ? ""
        : "a secure database is by itself: neither ATTACH nor VACUUM INTO another file";
  }

  private static String function(String name) {
    return name.equalsIgnoreCase("load_extension") ? "a secure database loads no extensions" : "";
  }
}
