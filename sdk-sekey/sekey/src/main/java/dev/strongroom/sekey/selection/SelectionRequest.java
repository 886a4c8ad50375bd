// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.selection;

import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.sekey.model.Readers;
import dev.strongroom.sekey.model.UserId;
import java.util.HashSet;
import java.util.Set;

/**
 * For whom a key is wanted, and for what.
 *
 * <p>Thread safety: immutable.
 *
 * @param self who protects
 * @param recipients who shall be able to process, {@code self} among them or not
 * @param operation one that protects
 * @param readers whether further members of a group may be able to process, too; a group's policy
 *     may say no to it
 */
public record SelectionRequest(
    UserId self, Set<UserId> recipients, KeyOperation operation, Readers readers) {

  /**
   * Checks the operation.
   *
   * @param self as above
   * @param recipients as above
   * @param operation as above
   * @param readers as above
   */
  public SelectionRequest {
    recipients = Set.copyOf(recipients);
    if (operation.kind() != KeyOperation.Kind.PROTECT) {
      throw new IllegalArgumentException(operation + " does not protect: its key is known");
    }
  }

  /**
   * For others. Further members of the group are accepted, and named in the answer.
   *
   * @param self who protects
   * @param recipients who shall be able to process
   * @param operation one that protects
   * @return the request
   */
  public static SelectionRequest forOthers(
      UserId self, Set<UserId> recipients, KeyOperation operation) {
    return new SelectionRequest(self, recipients, operation, Readers.MEMBERS);
  }

  /**
   * For private use. Nobody else is accepted: where there is no group of one, the answer names the
   * smallest one that would do, and {@link #accepting} takes it.
   *
   * @param self who protects, and shall be able to process
   * @param operation one that protects
   * @return the request
   */
  public static SelectionRequest forOneself(UserId self, KeyOperation operation) {
    return new SelectionRequest(self, Set.of(), operation, Readers.RECIPIENTS_ONLY);
  }

  /**
   * The same with other readers.
   *
   * @param other who may be able to process, too
   * @return the request
   */
  public SelectionRequest accepting(Readers other) {
    return new SelectionRequest(self, recipients, operation, other);
  }

  /**
   * All who have to be members.
   *
   * @return the recipients and who protects
   */
  Set<UserId> users() {
    Set<UserId> users = new HashSet<>(recipients);
    users.add(self);
    return users;
  }
}
