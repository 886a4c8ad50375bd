// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.child;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementInUseException;
import dev.strongroom.core.transport.TransportProviders;
import dev.strongroom.core.transport.UnknownSchemeException;
import java.io.IOException;

/** A program of its own, run by tests in a child JVM. */
public final class ElementProgram {

  private ElementProgram() {}

  /** The first argument says what to do: {@code discover}, {@code hold}, {@code open}. */
  public static void main(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "discover" -> discover(arguments[1]);
      case "reachable" -> reachable(arguments[1]);
      case "hold" -> hold(arguments[1]);
      case "open" -> open(arguments[1]);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void discover(String uri) throws StrongroomException {
    try {
      SecureElement.open("nowhere:x").close();
    } catch (UnknownSchemeException e) {
      System.out.println("unknown " + e.scheme() + ", known " + e.knownSchemes());
    }
    System.out.println("schemes " + TransportProviders.schemes());
    System.out.println("core is in " + name(SecureElement.class.getModule()));
    try (SecureElement element = SecureElement.open(uri);
        SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("12345678".toCharArray())) {
      element.initialize(user, administrator);
      System.out.println("initialised " + element.status().initialized());
    }
  }

  /** What is reachable, before and while one of it is open here. */
  private static void reachable(String uri) throws StrongroomException {
    System.out.println(TransportProviders.forScheme("sim").reachable());
    try (SecureElement element = SecureElement.open(uri)) {
      System.out.println(TransportProviders.forScheme("sim").reachable());
      System.out.println("initialised " + element.status().initialized());
    }
  }

  private static void hold(String uri) throws IOException {
    try (SecureElement element = SecureElement.open(uri)) {
      System.out.println("held " + element.status().initialized());
      System.out.flush();
      while (System.in.read() >= 0) {
        // Until the parent closes the pipe.
      }
    }
  }

  private static void open(String uri) throws StrongroomException {
    try (SecureElement element = SecureElement.open(uri)) {
      System.out.println("opened " + element.status().initialized());
    } catch (ElementInUseException e) {
      System.out.println("in use by " + e.pid().orElse(-1));
    }
  }

  private static String name(Module module) {
    return module.isNamed() ? module.getName() : "the class path";
  }
}
