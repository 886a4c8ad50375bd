// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ConditionsNotSatisfiedException;
import dev.strongroom.core.device.ElementAdministeredException;
import dev.strongroom.core.device.KeyFlagMissingException;
import dev.strongroom.core.device.LeaseOverException;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.SecureDatabase;
import dev.strongroom.sekey.internal.database.DatabaseOwner;
import dev.strongroom.sekey.internal.database.SeKeyDatabase;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserState;
import dev.strongroom.sekey.policy.KeyProposal;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults that were found in an earlier system of this kind, so that they do not come back. */
class SeKeyAdminFaultsTest {

  private static final Name ODD =
      new Name("Zoë; drop table users; -- '\"\n\u202e\uD83D\uDD10%s/..");

  private final TestClock clock = new TestClock();
  private TestElement root;
  private TestElement annElement;
  private TestElement bobElement;
  private SeKeyAdmin admin;
  private User ann;
  private User bob;

  @BeforeEach
  void set() throws Exception {
    root = new TestElement(clock);
    annElement = new TestElement(clock);
    bobElement = new TestElement(clock);
    admin = root.createAdmin();
    ann = enrol(new Name("Ann"), annElement);
    bob = enrol(new Name("Bob"), bobElement);
  }

  @AfterEach
  void close() throws Exception {
    admin.close();
    root.close();
    annElement.close();
    bobElement.close();
  }

  private User enrol(Name name, TestElement element) throws IOException {
    try (SecretBytes pin = TestElement.administratorPin()) {
      return admin.enrol(name, element.session(), pin);
    }
  }

  private Group group(Name name, User... members) throws IOException {
    Group group = admin.addGroup(name, GroupPolicy.builder().build());
    for (User member : members) {
      admin.addMember(group.id(), member.id(), History.ALL);
    }
    return group;
  }

  private KeyEntry key(Group group, KeyAlgorithm algorithm, KeyUsage usage) throws IOException {
    return admin.makeKey(
        group.id(),
        KeyProposal.of(algorithm, EnumSet.of(usage), group.policy(), clock.time()),
        KeyState.ACTIVE);
  }

  private void deliver(User user, TestElement element) throws IOException {
    admin.deliver(user.id(), element.session(), element.volume(), TestElement.PATH);
  }

  private static List<String> names(TestElement element, String table) throws Exception {
    List<String> names = new ArrayList<>();
    try (SecureDatabase database =
            SecureDatabase.open(element.volume(), TestElement.PATH, DatabaseOptions.defaults());
        Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select name from " + table)) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  /** K2: nobody but the administrator of the element orders anything. */
  @Test
  void anotherAdministratorIsNotObeyed() throws Exception {
    try (TestElement otherRoot = new TestElement(clock);
        SeKeyAdmin other = otherRoot.createAdmin();
        SecretBytes pin = TestElement.administratorPin()) {
      assertThatThrownBy(() -> other.enrol(new Name("Ann"), annElement.session(), pin))
          .isInstanceOf(ConditionsNotSatisfiedException.class);
      assertThat(other.directory().users()).isEmpty();
    }
  }

  /** K3: what wraps keys for a user does nothing else, and no key of a group comes out. */
  @Test
  void noKeyComesOutOfAnElement() throws Exception {
    Group group = group(new Name("Sales"), ann);
    KeyEntry key = key(group, KeyAlgorithm.AES_256, KeyUsage.DATA_KEYS);
    deliver(ann, annElement);
    var keys = annElement.session().keys();
    assertThatThrownBy(
            () -> keys.use().newDataKey(keys.head(), key.id(), 32, Bytes.copyOf(new byte[0])))
        .isInstanceOf(KeyFlagMissingException.class);
  }

  /** K4: a name is a name. */
  @Test
  void oddCharactersInNamesAreJustCharacters() throws Exception {
    try (TestElement oddElement = new TestElement(clock)) {
      User odd = enrol(ODD, oddElement);
      Group group = group(ODD, ann, odd);
      KeyEntry key = key(group, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
      deliver(ann, annElement);
      deliver(odd, oddElement);
      assertThat(names(annElement, "users")).containsExactlyInAnyOrder("Ann", ODD.text());
      assertThat(names(annElement, "groups")).contains(ODD.text());
      byte[] sealed = annElement.encrypt(key.id(), new byte[] {1});
      assertThat(oddElement.decrypt(key.id(), sealed)).containsExactly(1);
    }
  }

  /** Users with long names, without the elements that enrolling them would take. */
  private void addMembers(Group group, int count) throws IOException {
    try (SeKeyDatabase database =
        SeKeyDatabase.open(
            root.volume(), TestElement.PATH, DatabaseOwner.administrator(root.serialNumber()))) {
      database.change(
          changes -> {
            for (int i = 1; i <= count; i++) {
              Name name = new Name("user " + i + "'".repeat(240));
              changes.put(
                  new User(
                      Samples.userId(i), name, Optional.of(Samples.element(i)), UserState.ACTIVE));
              changes.put(new Membership(group.id(), Samples.userId(i), clock.time(), History.ALL));
            }
            return count;
          });
    }
  }

  /** K5: a group has any number of members. */
  @Test
  void moreThan250Members() throws Exception {
    Group group = group(new Name("All"), ann);
    key(group, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    admin.close();
    addMembers(group, 300);
    admin = root.openAdmin();
    admin.addMember(group.id(), bob.id(), History.ALL);
    deliver(bob, bobElement);
    assertThat(names(bobElement, "users")).hasSize(302);
    admin.removeMember(group.id(), ann.id());
    deliver(bob, bobElement);
    assertThat(names(bobElement, "users")).hasSize(301).doesNotContain("Ann");
  }

  /** K9: who is kept from orders protects until the lease ends. */
  @Test
  void withheldOrdersEndWithTheLease() throws Exception {
    Group group = group(new Name("Sales"), ann);
    KeyEntry key = key(group, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    deliver(ann, annElement);
    byte[] sealed = annElement.encrypt(key.id(), new byte[] {1});
    clock.advance(31 * Samples.DAY);
    assertThatThrownBy(() -> annElement.encrypt(key.id(), new byte[] {1}))
        .isInstanceOf(LeaseOverException.class);
    assertThat(annElement.decrypt(key.id(), sealed)).containsExactly(1);
    admin.maintain(clock.instant());
    deliver(ann, annElement);
    annElement.encrypt(key.id(), new byte[] {1});
  }

  /** K10: one more member is one order, for that member. */
  @Test
  void aNewMemberCostsTheOthersNothing() throws Exception {
    Group group = group(new Name("Sales"), ann);
    key(group, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    deliver(ann, annElement);
    admin.addMember(group.id(), bob.id(), History.ALL);
    long before = admin.checkpoint().checkpoint().sequence();
    deliver(ann, annElement);
    assertThat(admin.checkpoint().checkpoint().sequence()).isEqualTo(before);
    deliver(bob, bobElement);
    assertThat(admin.checkpoint().checkpoint().sequence()).isEqualTo(before + 1);
    assertThat(names(annElement, "users")).containsExactlyInAnyOrder("Ann", "Bob");
  }

  /** A user's database has the user's groups and co-members, and no stranger. */
  @Test
  void noStrangerIsInADump() throws Exception {
    Group sales = group(new Name("Sales"), ann);
    Group board = group(new Name("Board"), bob);
    key(sales, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    KeyEntry secret = key(board, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    deliver(ann, annElement);
    try (SecureDatabase database =
        SecureDatabase.open(annElement.volume(), TestElement.PATH, DatabaseOptions.defaults())) {
      StringBuilder dump = new StringBuilder();
      database.exportSql(dump);
      assertThat(dump)
          .contains("Sales", "Ann")
          .doesNotContain("Bob", "Board")
          .doesNotContainIgnoringCase(secret.id().toString())
          .doesNotContainIgnoringCase(bob.id().toString())
          .doesNotContainIgnoringCase(bobElement.serialNumber().toString());
    }
  }

  /** More keys than one order takes come in as many as it needs. */
  @Test
  void manyKeysTakeSeveralOrders() throws Exception {
    Group group = admin.addGroup(new Name("Many"), GroupPolicy.builder().mostKeys(100).build());
    admin.addMember(group.id(), ann.id(), History.ALL);
    for (int i = 0; i < 70; i++) {
      key(group, KeyAlgorithm.AES_256, KeyUsage.ENCRYPTION);
    }
    deliver(ann, annElement);
    assertThat(annElement.keys()).hasSize(72);
  }

  @Test
  void aUserIsNoAdministrator() {
    assertThatThrownBy(() -> annElement.session().keys().store().setFloor(Samples.later(1)))
        .isInstanceOf(ElementAdministeredException.class);
  }
}
