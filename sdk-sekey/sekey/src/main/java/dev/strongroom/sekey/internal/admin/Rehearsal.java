// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.sekey.SubjectNotFoundException;
import dev.strongroom.sekey.internal.database.ModelChanges;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserId;
import java.io.IOException;

/**
 * Shows whether the model would take changes, before an element is asked.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Rehearsal implements ModelChanges {

  private final DirectoryDraft draft;

  Rehearsal(Directory directory) {
    draft = directory.draft();
  }

  @Override
  public KeyEntry requireKey(KeyId id) throws SubjectNotFoundException {
    return draft.requireKey(id);
  }

  @Override
  public void put(User user) throws IOException {
    draft.put(user);
  }

  @Override
  public void put(Group group) throws IOException {
    draft.put(group);
  }

  @Override
  public void put(Membership membership) throws IOException {
    draft.put(membership);
  }

  @Override
  public void put(KeyEntry key) throws IOException {
    draft.put(key);
  }

  @Override
  public void removeMember(GroupId group, UserId user) throws IOException {
    draft.removeMember(group, user);
  }
}
