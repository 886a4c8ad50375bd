// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.SecretKind;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Runs command lines in this process. */
final class Cli {

  static final String USER_PIN = "2468";
  static final String ADMINISTRATOR_PIN = "administrator";

  private final Map<String, String> environment = new HashMap<>();
  private final Deque<String> answers = new ArrayDeque<>();
  private byte[] input = {};
  private boolean person;
  private boolean shown;
  private boolean watched;

  /** Nobody to ask, and the right user PIN in the environment. */
  static Cli withPin() {
    return new Cli().set("STRONGROOM_PIN", USER_PIN);
  }

  Cli set(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** A person who gives these answers. */
  Cli typing(String... lines) {
    person = true;
    answers.addAll(Arrays.asList(lines));
    return this;
  }

  /** What is on standard input. */
  Cli reading(String text) {
    return reading(text.getBytes(UTF_8));
  }

  Cli reading(byte[] bytes) {
    input = bytes.clone();
    return this;
  }

  /** Standard error is a terminal. */
  Cli watched() {
    watched = true;
    return this;
  }

  /** Standard output is a terminal. */
  Cli shown() {
    shown = true;
    return this;
  }

  /** What a command line left. */
  record Result(ExitCode exitCode, Bytes bytes, String err) {

    String out() {
      return new String(bytes.toByteArray(), UTF_8);
    }

    /** It ended well and had nothing to complain about. */
    Result ok() {
      assertThat(err).isEmpty();
      assertThat(exitCode).isEqualTo(ExitCode.OK);
      return this;
    }

    /** It ended with this code and said these things. */
    Result failed(ExitCode expected, String... parts) {
      assertThat(err).startsWith("strongroom: ").doesNotContain("\tat ");
      for (String part : parts) {
        assertThat(err).contains(part);
      }
      assertThat(exitCode).isEqualTo(expected);
      return this;
    }
  }

  Result run(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(input),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            environment,
            person ? this::answer : null,
            shown,
            watched);
    ExitCode code =
        CommandLines.run(
            console, Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Result(code, Bytes.copyOf(out.toByteArray()), err.toString(UTF_8));
  }

  /** Makes an element whose PINs cost little; its URI. */
  static String element(Path file) throws IOException {
    try (SimulatedElement simulated = SimulatedElement.open(file, SimulatedElementOptions.cheap());
        SecureElement element = SecureElement.open(simulated);
        SecretBytes user = SecretBytes.encode(USER_PIN.toCharArray());
        SecretBytes administrator = SecretBytes.encode(ADMINISTRATOR_PIN.toCharArray())) {
      element.initialize(user, administrator);
    }
    return "sim:" + file;
  }

  /** Makes a twin of an element that {@link #element} has made; its URI. */
  static String twin(Path first, Path file) throws IOException {
    try (SecureElement one =
            SecureElement.open(SimulatedElement.open(first, SimulatedElementOptions.cheap()));
        SecureElement two =
            SecureElement.open(SimulatedElement.open(file, SimulatedElementOptions.cheap()));
        SecretBytes user = SecretBytes.encode(USER_PIN.toCharArray());
        SecretBytes administrator = SecretBytes.encode(ADMINISTRATOR_PIN.toCharArray())) {
      two.initializeTwin(user, administrator);
      try (ElementSession giving = one.login(user);
          ElementSession taking = two.login(user)) {
        taking.importSecret(
            administrator,
            one.identity().pinned(),
            giving.exportSecret(
                administrator,
                SecretKind.MASTER_KEYS,
                taking.importChallenge(SecretKind.MASTER_KEYS),
                two.identity().pinned()));
      }
    }
    return "sim:" + file;
  }

  private char[] answer(String question) throws IOException {
    String answer = answers.poll();
    assertThat(answer).as("an answer to \"%s\"", question).isNotNull();
    return String.valueOf(answer).toCharArray();
  }
}
