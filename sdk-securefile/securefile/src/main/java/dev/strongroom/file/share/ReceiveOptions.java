// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a file is received.
 *
 * <p>Thread safety: immutable.
 */
public final class ReceiveOptions {

  private enum Choice {
    REPLACE,
    EXPIRED
  }

  private final Set<Choice> choices;
  private final @Nullable String fingerprint;

  private ReceiveOptions(Set<Choice> choices, @Nullable String fingerprint) {
    this.choices = choices;
    this.fingerprint = fingerprint;
  }

  /**
   * From contacts only, to a name that is free, and not when it has expired.
   *
   * @return the options
   */
  public static ReceiveOptions defaults() {
    return new ReceiveOptions(EnumSet.noneOf(Choice.class), null);
  }

  /**
   * Takes the place of a file that has the name.
   *
   * @return the options
   */
  public ReceiveOptions replaceExisting() {
    return with(Choice.REPLACE);
  }

  /**
   * Receives the file though its sender's time for it has passed.
   *
   * @return the options
   */
  public ReceiveOptions evenIfExpired() {
    return with(Choice.EXPIRED);
  }

  /**
   * Believes a sender who is no contact, for this file: the caller has compared the fingerprint
   * with what the sender told by another way.
   *
   * @param confirmed 32 hexadecimal digits, spaces do not count
   * @return the options
   */
  public ReceiveOptions confirmSender(String confirmed) {
    return new ReceiveOptions(choices, confirmed);
  }

  private ReceiveOptions with(Choice choice) {
    Set<Choice> more = EnumSet.of(choice);
    more.addAll(choices);
    return new ReceiveOptions(more, fingerprint);
  }

  /**
   * Whether a file of the name is replaced.
   *
   * @return whether it is
   */
  public boolean replacesExisting() {
    return choices.contains(Choice.REPLACE);
  }

  /**
   * Whether an expired file is received.
   *
   * @return whether it is
   */
  public boolean takesExpired() {
    return choices.contains(Choice.EXPIRED);
  }

  /**
   * The fingerprint of a sender who is believed.
   *
   * @return as it was given, or empty
   */
  public Optional<String> confirmedSender() {
    return Optional.ofNullable(fingerprint);
  }
}
