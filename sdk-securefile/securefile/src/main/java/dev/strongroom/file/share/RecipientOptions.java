// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.HpkeSuite;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which recipients of a transient file are added or removed, and how.
 *
 * <p>Thread safety: immutable.
 */
public final class RecipientOptions {

  private enum Choice {
    WEAKER
  }

  private final Set<String> contacts;
  private final @Nullable Bytes transientId;
  private final @Nullable HpkeSuite suite;
  private final Set<Choice> choices;

  private RecipientOptions(
      Set<String> contacts,
      @Nullable Bytes transientId,
      @Nullable HpkeSuite suite,
      Set<Choice> choices) {
    this.contacts = contacts;
    this.transientId = transientId;
    this.suite = suite;
    this.choices = choices;
  }

  /**
   * Changes contacts, whatever file it is.
   *
   * @param names names of contacts; one given twice counts once
   * @return the options
   */
  public static RecipientOptions of(String... names) {
    return of(List.of(names));
  }

  /**
   * Changes contacts, whatever file it is.
   *
   * @param names as {@link #of(String...)}
   * @return the options
   */
  public static RecipientOptions of(List<String> names) {
    return new RecipientOptions(new LinkedHashSet<>(names), null, null, Set.of());
  }

  /**
   * Changes nothing but the file that is meant. Whoever can write where the file lies can put
   * another one there, of the same sender, which would be signed for the new recipients.
   *
   * @param id its transient id, 16 bytes, as {@link TransientInfo#transientId()} tells
   * @return the options
   */
  public RecipientOptions expect(Bytes id) {
    return new RecipientOptions(contacts, id, suite, choices);
  }

  /**
   * Wraps the file's key for all new recipients under one suite, however strong the others are.
   *
   * @param one the suite, which their cards must have
   * @return the options
   */
  public RecipientOptions suite(HpkeSuite one) {
    return new RecipientOptions(contacts, transientId, one, choices);
  }

  /**
   * Takes recipients whose cards offer only a weaker suite than those of the present ones. The file
   * is as weak as the weakest.
   *
   * @return the options
   */
  public RecipientOptions allowWeakerSuites() {
    return new RecipientOptions(contacts, transientId, suite, Set.of(Choice.WEAKER));
  }

  /**
   * Who is added or removed.
   *
   * @return names of contacts
   */
  public List<String> contacts() {
    return List.copyOf(contacts);
  }

  /**
   * Which file is meant.
   *
   * @return its transient id, or empty for whatever is there
   */
  public Optional<Bytes> expectedId() {
    return Optional.ofNullable(transientId);
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
   * Whether weaker suites than those of the present recipients are taken.
   *
   * @return whether they are
   */
  public boolean allowsWeakerSuites() {
    return choices.contains(Choice.WEAKER);
  }
}
