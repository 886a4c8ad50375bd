// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.selection;

import static dev.strongroom.sekey.Samples.NOW;
import static dev.strongroom.sekey.Samples.at;
import static dev.strongroom.sekey.Samples.group;
import static dev.strongroom.sekey.Samples.groupId;
import static dev.strongroom.sekey.Samples.keyId;
import static dev.strongroom.sekey.Samples.later;
import static dev.strongroom.sekey.Samples.membership;
import static dev.strongroom.sekey.Samples.user;
import static dev.strongroom.sekey.Samples.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.sekey.Samples;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.DirectoryDraft;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Readers;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.model.UserState;
import dev.strongroom.sekey.policy.Denial;
import dev.strongroom.sekey.policy.KeyProposal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeySelectorTest {

  private static final long SEED = Long.getLong("selection.seed", 20260101);

  private static final GroupPolicy ANY_AES =
      GroupPolicy.builder()
          .algorithms(EnumSet.of(KeyAlgorithm.AES_128, KeyAlgorithm.AES_192, KeyAlgorithm.AES_256))
          .build();

  private final DirectoryDraft draft = Directory.EMPTY.draft();

  @BeforeEach
  void addUsers() throws Exception {
    for (int n = 1; n <= 6; n++) {
      draft.put(user(n));
    }
  }

  private Group add(int number, GroupPolicy policy, int... members) throws Exception {
    Group group = group(number, policy);
    draft.put(group);
    for (int member : members) {
      draft.put(membership(number, member));
    }
    return group;
  }

  private static KeyEntry key(int number, Group group, KeyAlgorithm algorithm, long seconds) {
    return Samples.key(
        number,
        group,
        KeyState.ACTIVE,
        new KeyProposal(
            algorithm,
            Set.of(KeyUsage.ENCRYPTION),
            new KeyPeriods(NOW, later(seconds), later(seconds), ElementTime.NONE),
            1000));
  }

  private Selection select(int self, Integer... recipients) {
    Set<UserId> others = new HashSet<>();
    for (int recipient : recipients) {
      others.add(userId(recipient));
    }
    return select(SelectionRequest.forOthers(userId(self), others, KeyOperation.ENCRYPT));
  }

  private Selection select(SelectionRequest request) {
    return KeySelector.select(draft.publish(), request, key -> at(later(1)));
  }

  private static Selection.Selected selected(Selection selection) {
    assertThat(selection).isInstanceOf(Selection.Selected.class);
    return (Selection.Selected) selection;
  }

  private static Denial denial(Selection selection) {
    assertThat(selection).isInstanceOf(Selection.NoKey.class);
    Denial denial = ((Selection.NoKey) selection).denial();
    assertThat(denial.message()).isNotBlank();
    return denial;
  }

  private static Criterion lost(Selection selection, KeyId key) {
    return selection.others().stream()
        .filter(candidate -> candidate.key().filter(key::equals).isPresent())
        .findFirst()
        .orElseThrow()
        .lost();
  }

  @Test
  void theSmallestGroupComesBeforeTheStrongestAlgorithm() throws Exception {
    draft.put(key(1, add(1, ANY_AES, 1, 2, 3, 4), KeyAlgorithm.AES_256, 3600));
    draft.put(key(2, add(2, ANY_AES, 1, 2, 3), KeyAlgorithm.AES_128, 7200));
    draft.put(key(3, add(3, ANY_AES, 1, 4), KeyAlgorithm.AES_256, 3600));
    Selection.Selected selected = selected(select(1, 2));
    assertThat(selected.key()).isEqualTo(keyId(2));
    assertThat(selected.group()).isEqualTo(groupId(2));
    assertThat(selected.extraReaders()).containsExactly(userId(3));
    assertThat(selected.others())
        .singleElement()
        .satisfies(
            other -> {
              assertThat(other.group()).isEqualTo(groupId(1));
              assertThat(other.members()).isEqualTo(4);
              assertThat(other.lost()).isEqualTo(Criterion.SMALLER_GROUP);
            });
  }

  @Test
  void thenAlgorithmThenPeriodThenId() throws Exception {
    Group first = add(1, ANY_AES, 1, 2);
    Group second = add(2, ANY_AES, 1, 2);
    draft.put(key(9, first, KeyAlgorithm.AES_192, 1800));
    assertThat(selected(select(1, 2)).key()).isEqualTo(keyId(9));
    draft.put(key(8, second, KeyAlgorithm.AES_256, 7200));
    assertThat(selected(select(1, 2)).key())
        .as("of another group of that size")
        .isEqualTo(keyId(8));
    draft.put(key(7, first, KeyAlgorithm.AES_256, 3600));
    assertThat(selected(select(1, 2)).key()).isEqualTo(keyId(7));
    draft.put(key(6, second, KeyAlgorithm.AES_256, 3600));
    Selection selection = select(1, 2);
    assertThat(selected(selection).key()).isEqualTo(keyId(6));
    assertThat(lost(selection, keyId(7))).isEqualTo(Criterion.LOWER_ID);
    assertThat(lost(selection, keyId(8))).isEqualTo(Criterion.SHORTER_PERIOD);
    assertThat(lost(selection, keyId(9))).isEqualTo(Criterion.STRONGER_ALGORITHM);
  }

  @Test
  void aSmallerGroupWithoutAUsableKeyIsPassed() throws Exception {
    add(1, ANY_AES, 1, 2);
    Group ended = add(2, ANY_AES, 1, 2);
    draft.put(key(2, ended, KeyAlgorithm.AES_256, 3600).changed(KeyState.DEACTIVATED, later(1)));
    Group retired = add(3, ANY_AES, 1, 2);
    draft.put(key(3, retired, KeyAlgorithm.AES_256, 3600));
    draft.put(retired.withState(GroupState.RETIRED));
    draft.put(key(4, add(4, ANY_AES, 1, 2), KeyAlgorithm.AES_256, 30)); // within the margin
    assertThat(denial(select(1, 2))).isInstanceOf(Denial.NoUsableKey.class);
    draft.put(key(5, add(5, ANY_AES, 1, 2, 3), KeyAlgorithm.AES_128, 3600));
    Selection selection = select(1, 2);
    assertThat(selected(selection).key()).isEqualTo(keyId(5));
    assertThat(lost(selection, keyId(4))).isEqualTo(Criterion.USABLE);
    assertThat(selection.others()).hasSize(4);
    assertThat(selection.others())
        .anySatisfy(
            other -> assertThat(other.denial()).contains(new Denial.RetiredGroup(groupId(3))));
  }

  @Test
  void aKeyForSomethingElseIsNone() throws Exception {
    Group group = add(1, GroupPolicy.builder().build(), 1, 2);
    draft.put(Samples.key(1, group, KeyAlgorithm.HMAC_SHA_256, KeyState.ACTIVE));
    assertThat(denial(select(1, 2))).isEqualTo(new Denial.NoUsableKey(Set.of(groupId(1))));
    Set<UserId> two = Set.of(userId(2));
    assertThat(
            selected(select(SelectionRequest.forOthers(userId(1), two, KeyOperation.MAKE_MAC)))
                .key())
        .isEqualTo(keyId(1));
    assertThatThrownBy(() -> SelectionRequest.forOthers(userId(1), two, KeyOperation.DECRYPT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutACommonGroupThereIsNone() throws Exception {
    draft.put(key(1, add(1, ANY_AES, 1, 2), KeyAlgorithm.AES_256, 3600));
    assertThat(denial(select(1, 3)))
        .isEqualTo(new Denial.NoCommonGroup(Set.of(userId(1), userId(3))));
    assertThat(denial(select(1, 9))).isEqualTo(new Denial.UnknownUser(userId(9)));
    draft.put(user(2).withState(UserState.BLOCKED));
    assertThat(denial(select(1, 2))).isEqualTo(new Denial.BlockedUser(userId(2)));
  }

  @Test
  void privateUseIsPrivateUnlessSomebodyAcceptsMore() throws Exception {
    draft.put(key(2, add(2, ANY_AES, 1, 2), KeyAlgorithm.AES_256, 3600));
    draft.put(key(3, add(3, ANY_AES, 1, 2, 3), KeyAlgorithm.AES_256, 3600));
    SelectionRequest own = SelectionRequest.forOneself(userId(1), KeyOperation.ENCRYPT);
    assertThat(denial(select(own)))
        .isEqualTo(new Denial.MoreReaders(groupId(2), Set.of(userId(2))));
    Selection.Selected accepted = selected(select(own.accepting(Readers.MEMBERS)));
    assertThat(accepted.key()).isEqualTo(keyId(2));
    assertThat(accepted.extraReaders()).containsExactly(userId(2));
    draft.put(key(1, add(1, ANY_AES, 1), KeyAlgorithm.AES_128, 3600));
    assertThat(selected(select(own)).key()).isEqualTo(keyId(1));
    assertThat(selected(select(own)).extraReaders()).isEmpty();
    assertThat(select(own.accepting(Readers.RECIPIENTS_ONLY)).others())
        .allMatch(other -> other.lost() == Criterion.SMALLER_GROUP);
  }

  @Test
  void aGroupThatRequiresExactRecipientsIsForAllItsMembersOnly() throws Exception {
    GroupPolicy exact = ANY_AES.toBuilder().readers(Readers.RECIPIENTS_ONLY).build();
    draft.put(key(1, add(1, exact, 1, 2, 3), KeyAlgorithm.AES_256, 3600));
    assertThat(denial(select(1, 2)))
        .isEqualTo(new Denial.MoreReaders(groupId(1), Set.of(userId(3))));
    assertThat(selected(select(1, 2, 3)).key()).isEqualTo(keyId(1));
    assertThat(selected(select(3, 2, 1)).key()).as("who protects is one of them").isNotNull();
    draft.put(key(2, add(2, ANY_AES, 1, 2, 3, 4), KeyAlgorithm.AES_256, 3600));
    assertThat(selected(select(1, 2)).key()).isEqualTo(keyId(2));
  }

  /** Every pair of a user and recipients, against the sentence of the design, word by word. */
  @Test
  void randomDirectoriesAgreeWithAPlainSearch() throws Exception {
    System.out.println("KeySelectorTest: seed " + SEED);
    Random random = new Random(SEED);
    int keys = 0;
    int selectedKeys = 0;
    for (int number = 10; number < 60; number++) {
      int[] members = random.ints(1 + random.nextInt(5), 1, 7).distinct().toArray();
      Group group = add(number, ANY_AES, members);
      for (int i = random.nextInt(4); i > 0; i--) {
        KeyAlgorithm algorithm = KeyAlgorithm.of(1 + random.nextInt(3)).orElseThrow();
        KeyEntry key = key(1000 - keys++, group, algorithm, 100L * (1 + random.nextInt(3)));
        draft.put(random.nextInt(3) == 0 ? key.changed(KeyState.SUSPENDED, NOW) : key);
      }
    }
    Directory directory = draft.publish();
    for (int self = 1; self <= 6; self++) {
      for (int bits = 0; bits < 64; bits++) {
        Set<UserId> users = new HashSet<>(Set.of(userId(self)));
        for (int n = 0; n < 6; n++) {
          if ((bits >> n & 1) == 1) {
            users.add(userId(n + 1));
          }
        }
        List<KeyEntry> best = plain(directory, users);
        Selection selection =
            select(SelectionRequest.forOthers(userId(self), users, KeyOperation.ENCRYPT));
        if (best.isEmpty()) {
          assertThat(selection).isInstanceOf(Selection.NoKey.class);
        } else {
          selectedKeys++;
          assertThat(selected(selection).key()).isEqualTo(best.get(0).id());
          assertThat(selected(selection).extraReaders()).doesNotContainAnyElementsOf(users);
        }
      }
    }
    assertThat(selectedKeys).isGreaterThan(50);
  }

  private static List<KeyEntry> plain(Directory directory, Set<UserId> users) {
    List<KeyEntry> best = new ArrayList<>();
    for (KeyId id : directory.keys()) {
      KeyEntry key = directory.key(id).orElseThrow();
      if (key.state() == KeyState.ACTIVE && directory.membersOf(key.group()).containsAll(users)) {
        best.add(key);
      }
    }
    best.sort(
        (a, b) -> {
          int bySize = size(directory, a.group()) - size(directory, b.group());
          int byStrength =
              b.attributes().algorithm().number() - a.attributes().algorithm().number();
          int byPeriod =
              a.attributes()
                  .periods()
                  .originatorEnd()
                  .compareTo(b.attributes().periods().originatorEnd());
          int byId = a.id().compareTo(b.id());
          return bySize != 0
              ? bySize
              : byStrength != 0 ? byStrength : byPeriod != 0 ? byPeriod : byId;
        });
    return best;
  }

  private static int size(Directory directory, GroupId group) {
    return directory.membersOf(group).size();
  }
}
