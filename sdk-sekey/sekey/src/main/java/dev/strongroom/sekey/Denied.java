// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.device.KeyRefusedException;
import dev.strongroom.sekey.policy.Denial;
import java.io.IOException;

/**
 * Denials of uses as exceptions.
 *
 * <p>Thread safety: stateless.
 */
final class Denied {

  private Denied() {}

  /** The exception of a denial of a use, to be thrown. */
  static IOException exception(Denial denial) {
    if (denial instanceof Denial.ByKeyRules rules) {
      return KeyRefusedException.of(rules.refusal());
    }
    if (denial instanceof Denial.UnknownUser unknown) {
      return new SubjectNotFoundException(
          SubjectNotFoundException.Kind.USER, unknown.user().bytes());
    }
    if (denial instanceof Denial.UnknownGroup unknown) {
      return new SubjectNotFoundException(
          SubjectNotFoundException.Kind.GROUP, unknown.group().bytes());
    }
    if (denial instanceof Denial.UnknownKey unknown) {
      return new SubjectNotFoundException(SubjectNotFoundException.Kind.KEY, unknown.key().bytes());
    }
    if (denial instanceof Denial.BlockedUser blocked) {
      return new UserBlockedException(blocked.user());
    }
    if (denial instanceof Denial.RetiredGroup retired) {
      return new GroupRetiredException(retired.group());
    }
    if (denial instanceof Denial.NotMember stranger) {
      return new NotMemberException(stranger.user(), stranger.group());
    }
    if (denial instanceof Denial.BeforeJoining before) {
      return new KeyBeforeMembershipException(before.key(), before.user());
    }
    if (denial instanceof Denial.ResourceRefused refused) {
      return new ResourceRefusedException(refused.group(), refused.operation());
    }
    if (denial instanceof Denial.NoCommonGroup none) {
      return new NoCommonGroupException(none.users());
    }
    if (denial instanceof Denial.NoUsableKey none) {
      return new NoUsableKeyException(none.groups());
    }
    if (denial instanceof Denial.MoreReaders more) {
      return new MoreReadersException(more.group(), more.readers());
    }
    throw new IllegalArgumentException("not a denial of a use: " + denial.message());
  }
}
