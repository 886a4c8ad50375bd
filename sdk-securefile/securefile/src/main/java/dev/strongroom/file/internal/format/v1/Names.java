// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.InvalidNameException;
import dev.strongroom.file.internal.crypto.MacKey;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of files, coded names, and the host files that carry them.
 *
 * <p>A coded name is HMAC-SHA-256 of the name in NFC and UTF-8 under its directory's name key. The
 * host file's name is the coded name in base32 (RFC 4648 section 6, lower case, without padding: 52
 * characters), in one of 32 folders named by its first character.
 *
 * <p>Thread safety: stateless.
 */
public final class Names {

  /** Longest name in bytes of UTF-8. */
  public static final int MAX_BYTES = 255;

  /** Longest target of a symbolic link in bytes of UTF-8, as on Linux. */
  public static final int MAX_TARGET = 4095;

  /** The volume file. */
  public static final String VOLUME = "strongroom.volume";

  /** The journal. */
  public static final String JOURNAL = "strongroom.journal";

  /** Ciphertext of changes that are not committed yet, or not in place yet. */
  public static final String SCRATCH = "strongroom.scratch";

  /** The folder with the folders of secure files. */
  public static final String FILES = "strongroom.files";

  /** The folder of host files on their way: named by UID. */
  public static final String TRANSIT = FILES + "/transit";

  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  private static final Pattern HOST =
      Pattern.compile(
          "strongroom\\.files/(root|ledger|contacts|[a-z2-7]/[a-z2-7]{52}|transit/[0-9a-f]{32}(\\.[0-9]{1,10})?)");

  private Names() {}

  /**
   * Checks a name.
   *
   * @param name one component of a path
   * @return its bytes in UTF-8
   * @throws InvalidNameException if it is empty, a dot or two, too long, or has a forbidden
   *     character
   */
  public static byte[] check(String name) throws InvalidNameException {
    if (name.isEmpty()) {
      throw new InvalidNameException("", "a name has at least one character");
    }
    if (name.equals(".") || name.equals("..")) {
      throw new InvalidNameException(name, "\".\" and \"..\" are not stored");
    }
    if (name.indexOf('/') >= 0) {
      throw new InvalidNameException(shown(name), "it contains the separator /");
    }
    return utf8(name, MAX_BYTES);
  }

  /**
   * Encodes a name, or a text that is no less free.
   *
   * @param text the text
   * @param most how many bytes it may have
   * @return its bytes in UTF-8
   * @throws InvalidNameException if it is longer, or has a NUL or half a surrogate pair
   */
  public static byte[] utf8(String text, int most) throws InvalidNameException {
    if (text.indexOf('\0') >= 0) {
      throw new InvalidNameException(shown(text), "it contains the character NUL");
    }
    byte[] bytes;
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
    } catch (CharacterCodingException e) {
      throw new InvalidNameException(shown(text), "it contains half a surrogate pair");
    }
    if (bytes.length > most) {
      throw new InvalidNameException(
          shown(text), "it has " + bytes.length + " bytes in UTF-8, at most " + most + " fit");
    }
    return bytes;
  }

  private static String shown(String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    return shown.replaceAll("[\\x00\ud800-\udfff]", "?");
  }

  /**
   * Reads a text that somebody stored.
   *
   * @param bytes the array
   * @param offset where the text begins
   * @param length how long it is
   * @return the text, or null if it is not UTF-8
   */
  public static @Nullable String decode(byte[] bytes, int offset, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(java.nio.ByteBuffer.wrap(bytes, offset, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * Reads a name that somebody stored.
   *
   * @param bytes the array
   * @param offset where the name begins
   * @param length how long it is
   * @return the name, or null if no file can have it
   */
  public static @Nullable String decodeName(byte[] bytes, int offset, int length) {
    String name = decode(bytes, offset, length);
    if (name == null) {
      return null;
    }
    try {
      check(name);
      return name;
    } catch (InvalidNameException e) {
      return null;
    }
  }

  /**
   * Computes a coded name.
   *
   * @param namesKey the directory's name key
   * @param name the name as given
   * @return 32 bytes
   */
  public static Bytes code(byte[] namesKey, String name) {
    String normal = Normalizer.normalize(name, Normalizer.Form.NFC);
    byte[] text = normal.getBytes(StandardCharsets.UTF_8);
    return Bytes.copyOf(MacKey.once(namesKey, text));
  }

  /**
   * The folder of a coded name.
   *
   * @param coded 32 bytes
   * @return the folder, relative to the volume
   */
  public static String folder(Bytes coded) {
    return FILES + "/" + ALPHABET.charAt((coded.at(0) & 0xFF) >> 3);
  }

  /**
   * The host file of a coded name.
   *
   * @param coded 32 bytes
   * @return the host file, relative to the volume
   */
  public static String host(Bytes coded) {
    return folder(coded) + "/" + base32(coded);
  }

  /**
   * The host file of a file that is on its way: new with much content, unlinked but open, or about
   * to change places.
   *
   * @param uid the file's UID
   * @param epoch the file's key epoch
   * @return the host file, relative to the volume
   */
  public static String transit(Bytes uid, int epoch) {
    return TRANSIT + "/" + uid + (epoch == 0 ? "" : "." + Integer.toUnsignedString(epoch));
  }

  /**
   * Whether a text can be a host file of a secure file: one in the folder of secure files, and
   * nothing that leads out of it.
   *
   * @param text a path relative to the volume
   * @return whether it can
   */
  public static boolean isHost(String text) {
    return HOST.matcher(text).matches();
  }

  /**
   * The folder of a host file.
   *
   * @param host the host file
   * @return the folder, relative to the volume
   */
  public static String parent(String host) {
    int slash = host.lastIndexOf('/');
    return slash < 0 ? "" : host.substring(0, slash);
  }

  private static String base32(Bytes bytes) {
    StringBuilder text = new StringBuilder(52);
    int buffer = 0;
    int bits = 0;
    for (int i = 0; i < bytes.length(); i++) {
      buffer = (buffer << 8) | (bytes.at(i) & 0xFF);
      for (bits += 8; bits >= 5; bits -= 5) {
        text.append(ALPHABET.charAt((buffer >>> (bits - 5)) & 31));
      }
      buffer &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt((buffer << (5 - bits)) & 31));
    }
    return text.toString();
  }
}
