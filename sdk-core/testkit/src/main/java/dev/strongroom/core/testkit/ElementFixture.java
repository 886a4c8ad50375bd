// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.testkit;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/**
 * An element for each test, and what the parts of {@link ElementContract} do with it again and
 * again.
 *
 * <p>Thread safety: confined to JUnit's thread.
 */
abstract class ElementFixture {

  static final String USER_PIN = "1234";
  static final String NEW_USER_PIN = "neuer Schlüssel 🔑";
  static final String ADMINISTRATOR_PIN = "87654321";
  static final Bytes VOLUME = Bytes.parse("404142434445464748494a4b4c4d4e4f");
  static final Bytes OTHER_VOLUME = Bytes.parse("404142434445464748494a4b4c4d4e50");
  static final Bytes UID = Bytes.parse("505152535455565758595a5b5c5d5e5f");
  static final Bytes RND = Bytes.parse("606162636465666768696a6b6c6d6e6f");

  private @Nullable SecureElement opened;

  ElementFixture() {}

  /**
   * Makes a blank element and opens a transport to it.
   *
   * @return the transport, closed by the contract
   * @throws Exception if that fails
   */
  protected abstract Transport blankElement() throws Exception;

  /**
   * Opens another transport to the element of the last {@link #blankElement()}, after the one
   * before has been closed.
   *
   * @return the transport, closed by the contract
   * @throws Exception if that fails
   */
  protected abstract Transport sameElement() throws Exception;

  /**
   * In what this element differs from others.
   *
   * @return its declaration
   */
  protected abstract ElementProfile profile();

  @BeforeEach
  void openIt() throws Exception {
    opened = SecureElement.open(blankElement());
  }

  @AfterEach
  void closeIt() {
    element().close();
  }

  SecureElement element() {
    SecureElement now = opened;
    if (now == null) {
      throw new IllegalStateException("no element was opened");
    }
    return now;
  }

  void reopen() throws Exception {
    element().close();
    openAgain();
  }

  /** Opens the same element, which is closed. */
  void openAgain() throws Exception {
    opened = SecureElement.open(sameElement());
  }

  void initialize() throws Exception {
    try (SecretBytes user = pin(USER_PIN);
        SecretBytes administrator = pin(ADMINISTRATOR_PIN)) {
      element().initialize(user, administrator);
    }
  }

  ElementSession login(String pin) throws Exception {
    try (SecretBytes secret = pin(pin)) {
      return element().login(secret);
    }
  }

  Bytes[] keys(GrubRequest request) throws Exception {
    return keys(USER_PIN, request);
  }

  Bytes[] keys(String pin, GrubRequest request) throws Exception {
    try (ElementSession session = login(pin)) {
      return keys(session, VOLUME, request);
    }
  }

  static Bytes[] keys(ElementSession session, Bytes volume, GrubRequest request) throws Exception {
    try (Grub grub = session.grub(volume, List.of(request)).get(0)) {
      return new Bytes[] {clear(grub.enc()), clear(grub.sig())};
    }
  }

  static Bytes clear(SecretBytes secret) {
    return secret.use(Bytes::copyOf);
  }

  static SecretBytes pin(String text) {
    return SecretBytes.encode(text.toCharArray());
  }

  /** Skips a test by name on an element that cannot do what it is about. */
  void requireCapability(Capability capability) throws Exception {
    Assumptions.assumeTrue(
        element().info().capabilities().contains(capability),
        "this element does not have the capability " + capability);
  }
}
