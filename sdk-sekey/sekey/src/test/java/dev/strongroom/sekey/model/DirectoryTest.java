// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import static dev.strongroom.sekey.Samples.group;
import static dev.strongroom.sekey.Samples.groupId;
import static dev.strongroom.sekey.Samples.key;
import static dev.strongroom.sekey.Samples.keyId;
import static dev.strongroom.sekey.Samples.later;
import static dev.strongroom.sekey.Samples.membership;
import static dev.strongroom.sekey.Samples.user;
import static dev.strongroom.sekey.Samples.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.KeyAttributeRefusedException;
import dev.strongroom.core.device.KeyTransitionRefusedException;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.sekey.AlreadyTakenException;
import dev.strongroom.sekey.Samples;
import dev.strongroom.sekey.SubjectNotFoundException;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectoryTest {

  private Directory directory = Directory.EMPTY;

  /** Group 1 has users 1 and 2, group 2 has 2 and 3, group 3 has 4; each has a key. */
  @BeforeEach
  void fill() throws Exception {
    DirectoryDraft draft = Directory.EMPTY.draft();
    for (int n = 1; n <= 4; n++) {
      draft.put(user(n));
    }
    for (int n = 1; n <= 3; n++) {
      draft.put(group(n)).put(key(n, group(n)));
    }
    draft.put(membership(1, 1)).put(membership(1, 2));
    draft.put(membership(2, 2)).put(membership(2, 3)).put(membership(3, 4));
    directory = draft.publish();
  }

  @Test
  void whatWasPutIsFound() {
    assertThat(directory.userNamed(new Name("user 2"))).contains(user(2));
    assertThat(directory.groupNamed(new Name("group 3"))).contains(group(3));
    assertThat(directory.groupsOf(userId(2))).containsExactlyInAnyOrder(groupId(1), groupId(2));
    assertThat(directory.membersOf(groupId(1))).containsExactlyInAnyOrder(userId(1), userId(2));
    assertThat(directory.key(keyId(3))).contains(key(3, group(3)));
    assertThat(directory.user(userId(9))).isEmpty();
    assertThat(directory.membersOf(groupId(9))).isEmpty();
  }

  @Test
  void aChangeLeavesTheDirectoryItCameFromAsItWas() throws Exception {
    Directory before = directory;
    DirectoryDraft draft = directory.draft();
    draft.put(user(5)).put(user(1).withName(new Name("Ann"))).put(group(4));
    draft.put(key(7, group(1))).put(membership(1, 5)).removeMember(groupId(2), userId(3));
    draft.put(key(1, group(1)).changed(KeyState.DEACTIVATED, later(5)));
    Directory after = draft.publish();
    draft.put(user(6));
    fill();
    assertThat(before).isEqualTo(directory);
    assertThat(before.groupsOf(userId(3))).containsExactly(groupId(2));
    assertThat(before.userNamed(new Name("Ann"))).isEmpty();
    assertThat(after.userNamed(new Name("user 1"))).isEmpty();
    assertThat(after.userNamed(new Name("Ann"))).isPresent();
    assertThat(after.groupsOf(userId(3))).isEmpty();
    assertThat(after.user(userId(6))).as("the draft went on").isEmpty();
    assertThat(after.key(keyId(1)).orElseThrow().ended()).isEqualTo(later(5));
    assertThat(after).isNotEqualTo(before);
  }

  @Test
  void namesAndElementsAreOnesOwn() throws Exception {
    DirectoryDraft draft = directory.draft();
    assertThatThrownBy(() -> draft.put(user(1).withName(new Name("user 2"))))
        .isInstanceOfSatisfying(
            AlreadyTakenException.class,
            taken -> {
              assertThat(taken.part()).isEqualTo(AlreadyTakenException.Part.USER_NAME);
              assertThat(taken.value()).isEqualTo("user 2");
            });
    assertThatThrownBy(() -> draft.put(user(1).withElement(Samples.element(2))))
        .isInstanceOf(AlreadyTakenException.class)
        .hasMessageContaining(Samples.element(2).serialNumber().toString());
    assertThatThrownBy(() -> draft.put(group(1).withName(new Name("group 2"))))
        .isInstanceOf(AlreadyTakenException.class);
    assertThat(draft.publish()).isEqualTo(directory);
    draft.put(user(1).withElement(Samples.element(11)));
    draft.put(user(2).withElement(Samples.element(1))); // given up
    draft.put(user(3).withName(new Name("group 1"))); // users and groups are told apart
  }

  @Test
  void whatIsNotThereIsNamed() {
    DirectoryDraft draft = directory.draft();
    assertThatThrownBy(() -> draft.put(membership(1, 9)))
        .isInstanceOfSatisfying(
            SubjectNotFoundException.class,
            missing -> {
              assertThat(missing.kind()).isEqualTo(SubjectNotFoundException.Kind.USER);
              assertThat(missing.id()).isEqualTo(userId(9).bytes());
            });
    assertThatThrownBy(() -> draft.put(membership(9, 1)))
        .isInstanceOf(SubjectNotFoundException.class);
    assertThatThrownBy(() -> draft.put(key(9, group(9))))
        .isInstanceOf(SubjectNotFoundException.class);
    assertThatThrownBy(() -> draft.removeMember(groupId(1), userId(3)))
        .isInstanceOf(SubjectNotFoundException.class);
    assertThat(draft.publish()).isEqualTo(directory);
  }

  @Test
  void aKeyNeverBecomesWhatItCannotBecome() throws Exception {
    DirectoryDraft draft = directory.draft();
    draft.put(key(1, group(1)).changed(KeyState.COMPROMISED, later(1)));
    assertThatThrownBy(() -> draft.put(key(1, group(1))))
        .isInstanceOf(KeyTransitionRefusedException.class);
    assertThatThrownBy(() -> draft.put(key(2, group(1))))
        .as("its group is another one")
        .isInstanceOf(KeyAttributeRefusedException.class);
    assertThatThrownBy(() -> draft.put(key(2, group(2), KeyAlgorithm.AES_128, KeyState.ACTIVE)))
        .isInstanceOf(KeyAttributeRefusedException.class);
  }

  @Test
  void aUserSeesOwnGroupsAndTheirMembersOnly() {
    Directory seen = directory.seenBy(userId(2));
    assertThat(seen.users().stream().map(User::id))
        .containsExactlyInAnyOrder(userId(1), userId(2), userId(3));
    assertThat(seen.groups()).containsExactlyInAnyOrder(groupId(1), groupId(2));
    assertThat(seen.keys()).containsExactlyInAnyOrder(keyId(1), keyId(2));
    assertThat(seen.groupsOf(userId(1))).containsExactly(groupId(1));
    assertThat(directory.seenBy(userId(1)).groups()).containsExactly(groupId(1));
    assertThat(directory.seenBy(userId(1)).groupsOf(userId(2)))
        .as("nor which other groups they are in")
        .containsExactly(groupId(1));
    assertThat(directory.seenBy(userId(9))).isEqualTo(Directory.EMPTY);
  }

  @Test
  void whoIsBlockedSeesNobody() throws Exception {
    directory = directory.draft().put(user(2).withState(UserState.BLOCKED)).publish();
    Directory seen = directory.seenBy(userId(2));
    assertThat(seen.users()).hasSize(1);
    assertThat(seen.groups()).isEmpty();
    assertThat(seen.keys()).isEmpty();
  }

  @Test
  void whoGetsNoHistorySeesNoKeyThatEndedBefore() throws Exception {
    DirectoryDraft draft = directory.draft();
    draft.put(key(1, group(1)).changed(KeyState.DEACTIVATED, later(10)));
    draft.put(key(11, group(1)));
    draft.put(new Membership(groupId(1), userId(3), later(20), History.FROM_JOINING));
    draft.put(new Membership(groupId(1), userId(4), later(20), History.ALL));
    assertThat(draft.publish().seenBy(userId(3)).keys())
        .containsExactlyInAnyOrder(keyId(2), keyId(11));
    draft.put(key(11, group(1)).changed(KeyState.DEACTIVATED, later(30)));
    directory = draft.publish();
    assertThat(directory.seenBy(userId(3)).keys())
        .as("it ended while the user was there")
        .containsExactlyInAnyOrder(keyId(2), keyId(11));
    assertThat(directory.seenBy(userId(4)).keys()).isEqualTo(Set.of(keyId(1), keyId(3), keyId(11)));
  }
}
