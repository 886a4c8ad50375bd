// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.file.ElementAddress;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The environment that a file system is opened with, and the opening: from a session that the
 * caller has, or with an element and a PIN.
 *
 * <p>Thread safety: confined to one call.
 */
final class VolumeAccess {

  private static final Set<String> KEYS =
      Set.of(
          "volume",
          "session",
          "element",
          "pin",
          "adminPin",
          "create",
          "cacheBytes",
          "readOnly",
          "keys",
          "freshness");

  private final Path directory;
  private final Map<String, ?> env;
  private final boolean create;
  private final boolean readOnly;

  /** Checks the environment. */
  VolumeAccess(Path directory, Map<String, ?> env) {
    this.directory = directory;
    this.env = new HashMap<>(env);
    for (String key : env.keySet()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key " + key + " in the environment; known are " + KEYS);
      }
    }
    create = flag("create");
    readOnly = flag("readOnly");
    if (create && readOnly) {
      throw new IllegalArgumentException("create and readOnly exclude each other");
    }
    if (env.containsKey("volume") && env.size() > 1) {
      throw new IllegalArgumentException("volume and other keys exclude each other");
    }
    if (env.containsKey("session")) {
      for (String key : Set.of("element", "pin", "adminPin")) {
        if (env.containsKey(key)) {
          throw new IllegalArgumentException("session and " + key + " exclude each other");
        }
      }
    }
  }

  /** An open volume, and what is to be closed with it. */
  record Opened(SecureFileSystem volume, boolean readOnly, @Nullable AutoCloseable access) {}

  Opened open() throws IOException {
    Object volume = env.get("volume");
    if (volume != null) {
      if (!(volume instanceof SecureFileSystem given)) {
        throw wrong("volume", "a SecureFileSystem");
      }
      return new Opened(given, given.isReadOnly(), null);
    }
    Object session = env.get("session");
    if (session != null) {
      if (!(session instanceof ElementSession given)) {
        throw wrong("session", "an ElementSession");
      }
      return new Opened(volume(given, ""), readOnly, null);
    }
    VolumeInfo info = existing();
    String uri = elementUri(info);
    SecureElement element = SecureElement.open(uri);
    try {
      ElementSession own = login(element, info);
      try {
        String remembered = info != null ? "" : ElementAddress.remembered(uri, directory);
        // Closing the element closes its session.
        return new Opened(volume(own, remembered), readOnly, element);
      } catch (IOException | RuntimeException e) {
        own.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      element.close();
      throw e;
    }
  }

  /** Whether the caller has opened the volume. */
  boolean isOfCaller() {
    return env.containsKey("volume");
  }

  private @Nullable VolumeInfo existing() throws IOException {
    try {
      return VolumeInfo.read(directory);
    } catch (VolumeNotFoundException e) {
      if (!create) {
        throw e;
      }
      return null;
    }
  }

  private String elementUri(@Nullable VolumeInfo info) throws IOException {
    Object given = env.get("element");
    if (given instanceof String uri) {
      return uri;
    }
    if (given != null) {
      throw wrong("element", "a String");
    }
    if (info == null || info.elementUri().isEmpty()) {
      throw new IllegalArgumentException(
          "the environment names neither a session nor an element, and the volume remembers none");
    }
    return ElementAddress.resolved(info.elementUri(), directory);
  }

  private ElementSession login(SecureElement element, @Nullable VolumeInfo info)
      throws IOException {
    try (SecretBytes pin = pin("pin")) {
      if (pin == null) {
        throw new IllegalArgumentException("the environment has no pin");
      }
      if (create && info == null && isNew(element)) {
        try (SecretBytes administrator = administratorPin()) {
          element.initialize(pin, administrator);
        }
      }
      if (info != null) {
        // Before the login: a PIN must not be tried on the wrong element.
        info.requireElement(directory.toString(), element);
      }
      return element.login(pin);
    }
  }

  private static boolean isNew(SecureElement element) throws IOException {
    try {
      return !element.status().initialized();
    } catch (ElementNotFoundException | ElementNotInitializedException e) {
      return true;
    }
  }

  /** Without one, a PIN that nobody knows: the element can never be unblocked. */
  private SecretBytes administratorPin() {
    SecretBytes given = pin("adminPin");
    if (given != null) {
      return given;
    }
    SecureRandom random = new SecureRandom();
    char[] drawn = new char[32];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (char) ('!' + random.nextInt('~' - '!'));
    }
    return SecretBytes.encode(drawn);
  }

  private SecureFileSystem volume(ElementSession session, String remembered) throws IOException {
    VolumeOptions.Builder options = VolumeOptions.builder();
    if (env.get("cacheBytes") != null) {
      options.cacheBytes(cacheBytes());
    }
    if (env.get("keys") != null) {
      options.keyScope(keyScope());
    }
    if (env.get("freshness") != null) {
      options.freshness(freshness());
    }
    if (readOnly) {
      options.readOnly();
    }
    try {
      return SecureFileSystem.open(session, directory, options.build());
    } catch (VolumeNotFoundException e) {
      if (!create) {
        throw e;
      }
      if (!remembered.isEmpty()) {
        options.elementUri(remembered);
      }
      return SecureFileSystem.create(session, directory, options.build());
    }
  }

  private long cacheBytes() {
    Object value = env.get("cacheBytes");
    if (value instanceof Number number) {
      return number.longValue();
    }
    try {
      return Long.parseLong((String) value);
    } catch (ClassCastException | NumberFormatException e) {
      throw wrong("cacheBytes", "a number of bytes");
    }
  }

  private KeyScope keyScope() {
    Object value = env.get("keys");
    if (value instanceof KeyScope scope) {
      return scope;
    }
    if ("file".equals(value)) {
      return KeyScope.FILE;
    }
    if ("page".equals(value)) {
      return KeyScope.PAGE;
    }
    throw wrong("keys", "file or page");
  }

  private Freshness freshness() {
    Object value = env.get("freshness");
    if (value instanceof Freshness wanted) {
      return wanted;
    }
    if ("none".equals(value)) {
      return Freshness.NONE;
    }
    if ("strict".equals(value)) {
      return Freshness.STRICT;
    }
    throw wrong("freshness", "none or strict");
  }

  private boolean flag(String key) {
    Object value = env.get(key);
    if (value == null || value.equals(false) || value.equals("false")) {
      return false;
    }
    if (value.equals(true) || value.equals("true")) {
      return true;
    }
    throw wrong(key, "true or false");
  }

  /** A PIN, encoded; the caller's own array stays as it is. */
  private @Nullable SecretBytes pin(String key) {
    Object value = env.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof char[] characters) {
      return SecretBytes.encode(characters.clone());
    }
    if (value instanceof String text) {
      return SecretBytes.encode(text.toCharArray());
    }
    throw wrong(key, "a char[] or a String");
  }

  private static IllegalArgumentException wrong(String key, String expected) {
    return new IllegalArgumentException("the environment's " + key + " is to be " + expected);
  }
}
