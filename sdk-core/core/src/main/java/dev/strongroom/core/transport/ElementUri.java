// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names an element and the way to it: {@code sim:PATH}, {@code pcsc:READER}, {@code
 * i2c:/dev/i2c-1?address=0x48&profile=se05x}, {@code racs://HOST:7777/SEID}.
 *
 * <p>A scheme (RFC 3986, 3.1), a colon, and a rest whose meaning belongs to the scheme's provider:
 * {@link #rest()} is literal, so that a file name or reader name is written as it is, while {@link
 * #target()} and {@link #parameters()} cut it at the first question mark. Only parameters are
 * percent-decoded. A PIN, password or pre-shared key never stands in a URI, because URIs get
 * stored, shown and logged; a text that looks as if it had one is refused and not repeated in the
 * error.
 *
 * <p>Thread safety: immutable.
 */
public final class ElementUri {

  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");

  private static final Pattern SECRET_PARAMETER =
      Pattern.compile(
          "[?&;](?:[a-z_-]*[_-])?"
              + "(?:pin|psk|puk|pass|passwd|password|passphrase|passcode|secret|token|key)=",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PASSWORD_IN_AUTHORITY = Pattern.compile("^//[^/?#@]*:[^/?#]*@");

  private final String scheme;
  private final String rest;

  private ElementUri(String scheme, String rest) {
    this.scheme = scheme;
    this.rest = rest;
  }

  /**
   * Reads an element URI.
   *
   * @param text the URI
   * @return the URI, its scheme in lower case
   * @throws InvalidElementUriException if there is no scheme, nothing after it, a control
   *     character, or what looks like a PIN, password or pre-shared key
   */
  public static ElementUri parse(String text) throws InvalidElementUriException {
    int colon = text.indexOf(':');
    if (colon < 0 || !SCHEME.matcher(text.substring(0, colon)).matches()) {
      throw new InvalidElementUriException(
          "it begins with a scheme and a colon, such as sim:my.element");
    }
    String rest = text.substring(colon + 1);
    if (rest.isEmpty()) {
      throw new InvalidElementUriException("nothing follows the scheme");
    }
    if (rest.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidElementUriException("it has a control character");
    }
    if (SECRET_PARAMETER.matcher(rest).find() || PASSWORD_IN_AUTHORITY.matcher(rest).find()) {
      throw new InvalidElementUriException(
          "a PIN, password or pre-shared key never stands in a URI");
    }
    return new ElementUri(text.substring(0, colon).toLowerCase(Locale.ROOT), rest);
  }

  /**
   * The way to the element.
   *
   * @return lower case, without the colon
   */
  public String scheme() {
    return scheme;
  }

  /**
   * Everything after the colon, as it was written.
   *
   * @return at least one character
   */
  public String rest() {
    return rest;
  }

  /**
   * The part between the colon and the first question mark.
   *
   * @return the target, as it was written
   */
  public String target() {
    int question = rest.indexOf('?');
    return question < 0 ? rest : rest.substring(0, question);
  }

  /**
   * The parameters after the first question mark, percent-decoded.
   *
   * @return name to value, in the order written
   * @throws InvalidElementUriException if one has no {@code =}, stands twice, or is wrongly encoded
   */
  public Map<String, String> parameters() throws InvalidElementUriException {
    Map<String, String> parameters = new LinkedHashMap<>();
    int question = rest.indexOf('?');
    if (question < 0 || question == rest.length() - 1) {
      return parameters;
    }
    for (String part : rest.substring(question + 1).split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals < 1) {
        throw new InvalidElementUriException("a parameter is written name=value");
      }
      String name = decode(part.substring(0, equals));
      if (parameters.put(name, decode(part.substring(equals + 1))) != null) {
        throw new InvalidElementUriException("parameter " + name + " stands twice");
      }
    }
    return parameters;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ElementUri that && scheme.equals(that.scheme) && rest.equals(that.rest);
  }

  @Override
  public int hashCode() {
    return 31 * scheme.hashCode() + rest.hashCode();
  }

  /** The URI as text, which {@link #parse} reads back. */
  @Override
  public String toString() {
    return scheme + ":" + rest;
  }

  private static String decode(String text) throws InvalidElementUriException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] != '%') {
        bytes.write(encoded[i]);
        continue;
      }
      int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(encoded[i + 2], 16);
      if (low < 0) {
        throw new InvalidElementUriException("a % is followed by two hexadecimal digits");
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new InvalidElementUriException("a parameter is not UTF-8");
    }
  }
}
