// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.crypto.HpkeSuite;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * To whom a file is sent, and how.
 *
 * <p>Thread safety: immutable.
 */
public final class SendOptions {

  private final Set<String> recipients;
  private final @Nullable Instant expires;
  private final @Nullable HpkeSuite suite;
  private final Set<Choice> choices;

  private enum Choice {
    REPLACE,
    BARE,
    WEAKER
  }

  private SendOptions(
      Set<String> recipients,
      @Nullable Instant expires,
      @Nullable HpkeSuite suite,
      Set<Choice> choices) {
    this.recipients = recipients;
    this.expires = expires;
    this.suite = suite;
    this.choices = choices;
  }

  /**
   * Sends to contacts, for as long as they keep the file, under the strongest suite of each card;
   * not if some have a weaker one than the others.
   *
   * @param recipients names of contacts, 1 to 1000; a name given twice counts once
   * @return the options
   * @throws IllegalArgumentException if there is none
   */
  public static SendOptions to(String... recipients) {
    return to(List.of(recipients));
  }

  /**
   * Sends to contacts.
   *
   * @param recipients as {@link #to(String...)}
   * @return the options
   * @throws IllegalArgumentException if there is none
   */
  public static SendOptions to(List<String> recipients) {
    if (recipients.isEmpty()) {
      throw new IllegalArgumentException("a file is sent to one contact at least");
    }
    return new SendOptions(new LinkedHashSet<>(recipients), null, null, Set.of());
  }

  /**
   * The file is not to be received from a time on. Receivers go by their own clocks and can insist,
   * so this is a request and no lock.
   *
   * @param time the time, after 1970-01-01T00:00:00Z
   * @return the options
   * @throws IllegalArgumentException if it is earlier
   */
  public SendOptions expires(Instant time) {
    if (!time.isAfter(Instant.EPOCH)) {
      throw new IllegalArgumentException("a file expires after 1970, not at " + time);
    }
    return new SendOptions(recipients, time, suite, choices);
  }

  /**
   * Wraps the file's key for all recipients under one suite.
   *
   * @param one the suite, which all cards must have
   * @return the options
   */
  public SendOptions suite(HpkeSuite one) {
    return new SendOptions(recipients, expires, one, choices);
  }

  /**
   * Takes recipients whose cards offer only a weaker suite than those of the others. The file is as
   * weak as the weakest.
   *
   * @return the options
   */
  public SendOptions allowWeakerSuites() {
    return with(Choice.WEAKER);
  }

  /**
   * Leaves the file's user attributes out.
   *
   * @return the options
   */
  public SendOptions withoutUserAttributes() {
    return with(Choice.BARE);
  }

  /**
   * Takes the place of a file that is at the target.
   *
   * @return the options
   */
  public SendOptions replaceExisting() {
    return with(Choice.REPLACE);
  }

  private SendOptions with(Choice choice) {
    Set<Choice> more = new LinkedHashSet<>(choices);
    more.add(choice);
    return new SendOptions(recipients, expires, suite, Set.copyOf(more));
  }

  /**
   * To whom.
   *
   * @return names of contacts
   */
  public List<String> recipients() {
    return List.copyOf(recipients);
  }

  /**
   * Until when.
   *
   * @return the time, or empty
   */
  public Optional<Instant> expiry() {
    return Optional.ofNullable(expires);
  }

  /**
   * Under which suite.
   *
   * @return the suite, or empty for the strongest of each card
   */
  public Optional<HpkeSuite> onlySuite() {
    return Optional.ofNullable(suite);
  }

  /**
   * Whether some recipients' suites can be weaker than others'.
   *
   * @return whether they can
   */
  public boolean allowsWeakerSuites() {
    return choices.contains(Choice.WEAKER);
  }

  /**
   * Whether user attributes are left out.
   *
   * @return whether they are
   */
  public boolean leavesUserAttributesOut() {
    return choices.contains(Choice.BARE);
  }

  /**
   * Whether a file at the target is replaced.
   *
   * @return whether it is
   */
  public boolean replacesExisting() {
    return choices.contains(Choice.REPLACE);
  }
}
