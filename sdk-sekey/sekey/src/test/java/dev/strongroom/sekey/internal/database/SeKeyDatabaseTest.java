// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import static dev.strongroom.sekey.Samples.NOW;
import static dev.strongroom.sekey.Samples.group;
import static dev.strongroom.sekey.Samples.groupId;
import static dev.strongroom.sekey.Samples.key;
import static dev.strongroom.sekey.Samples.keyId;
import static dev.strongroom.sekey.Samples.later;
import static dev.strongroom.sekey.Samples.membership;
import static dev.strongroom.sekey.Samples.user;
import static dev.strongroom.sekey.Samples.userId;
import static dev.strongroom.sekey.internal.database.TestVolume.OWNER;
import static dev.strongroom.sekey.internal.database.TestVolume.PATH;
import static dev.strongroom.sekey.internal.database.TestVolume.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.KeyTransitionRefusedException;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.database.DatabaseNotEmptyException;
import dev.strongroom.database.DatabaseOptions;
import dev.strongroom.database.DatabaseUnreadableException;
import dev.strongroom.database.SecureDatabase;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.sekey.AlreadyTakenException;
import dev.strongroom.sekey.DatabaseOwnerException;
import dev.strongroom.sekey.ForeignDatabaseException;
import dev.strongroom.sekey.NewerDatabaseException;
import dev.strongroom.sekey.Samples;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.audit.AuditEvent;
import dev.strongroom.sekey.audit.AuditOrigin;
import dev.strongroom.sekey.audit.AuditVerification;
import dev.strongroom.sekey.audit.ChainKey;
import dev.strongroom.sekey.audit.SignedCheckpoint;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserState;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("jdk25")
class SeKeyDatabaseTest {

  private final TestVolume element = make();
  private SecureFileSystem volume = open();

  private static TestVolume make() {
    try {
      return new TestVolume();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private SecureFileSystem open() {
    try {
      return element.open();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void makeDatabase() throws Exception {
    SeKeyDatabase.create(volume, PATH, OWNER).close();
  }

  @AfterEach
  void close() throws Exception {
    volume.close();
    element.close();
  }

  private SeKeyDatabase database() throws IOException {
    return SeKeyDatabase.open(volume, PATH, OWNER);
  }

  private void sql(String... statements) throws Exception {
    try (SecureDatabase database = SecureDatabase.open(volume, PATH, DatabaseOptions.defaults());
        Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private String dump(String path) throws Exception {
    StringBuilder script = new StringBuilder();
    try (SecureDatabase database = SecureDatabase.open(volume, path, DatabaseOptions.defaults())) {
      database.exportSql(script);
    }
    return script.toString();
  }

  /** Three groups, four users, in one transaction. */
  private static void fill(SeKeyDatabase database) throws IOException {
    database.change(
        changes -> {
          for (int n = 1; n <= 4; n++) {
            changes.put(user(n));
          }
          for (int n = 1; n <= 3; n++) {
            changes.put(group(n));
            changes.put(key(n, group(n)));
          }
          changes.put(membership(1, 1));
          changes.put(membership(1, 2));
          changes.put(membership(2, 2));
          changes.put(membership(2, 3));
          changes.put(membership(3, 4));
          return 0;
        });
  }

  @Test
  void whatWasCommittedIsThereWhenItIsOpenedAgain() throws Exception {
    Directory written;
    try (SeKeyDatabase database = database()) {
      assertThat(database.directory()).isEqualTo(Directory.EMPTY);
      fill(database);
      database.change(
          changes -> {
            changes.put(user(1).withName(new Name("Ann")));
            changes.put(changes.requireUser(userId(1)).withState(UserState.BLOCKED));
            changes.put(group(1, GroupPolicy.builder().mostKeys(3).build()));
            changes.put(changes.requireGroup(groupId(3)).withState(GroupState.RETIRED));
            changes.put(changes.requireKey(keyId(1)).changed(KeyState.COMPROMISED, later(7)));
            changes.removeMember(groupId(2), userId(3));
            changes.put(
                new User(
                    userId(8), new Name("without element"), Optional.empty(), UserState.ACTIVE));
            return 0;
          });
      written = database.directory();
    }
    assertThat(written.key(keyId(1)).orElseThrow().compromised()).isEqualTo(later(7));
    assertThat(written.userNamed(new Name("Ann")).orElseThrow().state())
        .isEqualTo(UserState.BLOCKED);
    volume.close();
    volume = element.open();
    try (SeKeyDatabase database = database()) {
      assertThat(database.directory()).isEqualTo(written);
    }
    assertThat(dump(PATH)).doesNotContain("1234").doesNotContain("administrator PIN");
  }

  @Test
  void aChangeThatFailsLeavesNothing() throws Exception {
    try (SeKeyDatabase database = database()) {
      fill(database);
      Directory before = database.directory();
      assertThatThrownBy(
              () ->
                  database.change(
                      changes -> {
                        changes.put(user(7));
                        changes.put(user(8).withName(new Name("user 1")));
                        return 0;
                      }))
          .isInstanceOf(AlreadyTakenException.class);
      assertThatThrownBy(
              () ->
                  database.change(
                      changes -> {
                        changes.put(key(1, group(1)).changed(KeyState.DEACTIVATED, NOW));
                        changes.put(key(1, group(1)));
                        return 0;
                      }))
          .isInstanceOf(KeyTransitionRefusedException.class);
      assertThatThrownBy(
              () ->
                  database.change(
                      changes -> {
                        changes.put(user(7));
                        throw new IllegalStateException("a fault of the program");
                      }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(database.directory()).isSameAs(before);
      database.change(
          changes -> {
            changes.put(user(5));
            return 0;
          });
    }
    try (SeKeyDatabase database = database()) {
      assertThat(database.directory().users()).hasSize(5);
      assertThat(database.directory().key(keyId(1)).orElseThrow().state())
          .isEqualTo(KeyState.ACTIVE);
    }
  }

  /** K4: a semicolon in a name cut statements in two, and blocked every member of the group. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x'); drop table users; --",
        "a;b;c",
        "\"'`\\%_",
        "\uD83D\uDD10 \u202E\u0627\u0644",
        "Zoe\u0308",
        "\n\r\t\u0001"
      })
  void oddCharactersInNamesAreCharacters(String text) throws Exception {
    Name name = new Name(text);
    try (SeKeyDatabase database = database()) {
      fill(database);
      database.change(
          changes -> {
            changes.put(user(1).withName(name));
            changes.put(group(1).withName(name));
            return 0;
          });
    }
    try (SeKeyDatabase database = database()) {
      assertThat(database.directory().userNamed(name).orElseThrow().id()).isEqualTo(userId(1));
      assertThat(database.directory().groupNamed(name).orElseThrow().id()).isEqualTo(groupId(1));
      assertThat(database.directory().users()).hasSize(4);
    }
  }

  /** K5: a group of more than 250 members overflowed the joiner's record. */
  @Test
  void aGroupHasAThousandMembersWithLongNames() throws Exception {
    try (SeKeyDatabase database = database()) {
      database.change(
          changes -> {
            changes.put(group(1));
            for (int n = 1; n <= 1000; n++) {
              changes.put(user(n).withName(new Name(n + "\u00E9".repeat(120))));
              changes.put(membership(1, n));
            }
            return 0;
          });
    }
    try (SeKeyDatabase database = database()) {
      assertThat(database.directory().membersOf(groupId(1))).hasSize(1000);
    }
  }

  @Test
  void aUsersDatabaseHoldsNoStranger() throws Exception {
    Directory whole;
    try (SeKeyDatabase database = database()) {
      fill(database);
      whole = database.directory();
    }
    String path = "/user.db";
    try (SeKeyDatabase own = SeKeyDatabase.create(volume, path, USER)) {
      become(own, whole.seenBy(userId(2)));
    }
    String all = dump(path);
    for (int n : new int[] {1, 2, 3}) {
      assertThat(all).contains("user " + n, hex(userId(n).bytes()));
    }
    assertThat(all).doesNotContain("user 4", "group 3", hex(userId(4).bytes()));
    assertThat(all).doesNotContain(hex(groupId(3).bytes()), hex(keyId(3).bytes()));
    assertThat(all).doesNotContain(hex(Samples.element(4).serialNumber()));
    // User 3 leaves; 1 and 2 exchange their names; a key ends.
    Directory changed =
        whole
            .draft()
            .removeMember(groupId(2), userId(3))
            .put(user(1).withName(new Name("nobody")))
            .put(user(2).withName(new Name("user 1")))
            .put(user(1).withName(new Name("user 2")))
            .put(key(1, group(1)).changed(KeyState.DEACTIVATED, later(1)))
            .put(group(2, GroupPolicy.builder().approvals(1).build()))
            .publish();
    try (SeKeyDatabase own = SeKeyDatabase.open(volume, path, USER)) {
      become(own, changed.seenBy(userId(2)));
      assertThatThrownBy(() -> become(own, whole.seenBy(userId(2))))
          .as("the key has ended")
          .isInstanceOf(KeyTransitionRefusedException.class);
    }
    try (SeKeyDatabase own = SeKeyDatabase.open(volume, path, USER)) {
      assertThat(own.directory()).isEqualTo(changed.seenBy(userId(2)));
    }
    assertThat(dump(path)).doesNotContain("user 3", hex(userId(3).bytes()));
    try (SeKeyDatabase own = SeKeyDatabase.open(volume, path, USER)) {
      become(own, Directory.EMPTY);
    }
    assertThat(dump(path)).doesNotContain("user 1", "group 1", hex(userId(2).bytes()));
    assertThat(dump(path)).doesNotContain("INSERT INTO \"policies\"");
  }

  private static void become(SeKeyDatabase database, Directory target) throws IOException {
    database.change(
        changes -> {
          changes.become(target);
          return 0;
        });
    assertThat(database.directory()).isEqualTo(target);
  }

  /** The ids of samples have no letters in hexadecimal, so both cases are the same. */
  private static String hex(Bytes bytes) {
    assertThat(bytes.toString()).containsOnlyDigits();
    return bytes.toString();
  }

  private static final ChainKey CHAIN = entry -> IdentitySignature.digest(entry.toByteArray());

  @Test
  void theAuditLogGoesWithTheChangesItIsAbout() throws Exception {
    AuditOrigin origin = new AuditOrigin(userId(1).bytes(), OWNER.element());
    SignedCheckpoint checkpoint;
    try (SeKeyDatabase database = database()) {
      assertThat(database.auditOrigin()).isEmpty();
      database.change(
          changes -> {
            changes.beginAudit(origin);
            changes.note(List.of(event(AuditAct.LOG_BEGUN, 1)), CHAIN);
            return 0;
          });
      assertThatThrownBy(
              () ->
                  database.change(
                      changes -> {
                        changes.note(List.of(event(AuditAct.USER_ADDED, 9)), CHAIN);
                        throw new IOException("the user was not added");
                      }))
          .isInstanceOf(IOException.class);
      checkpoint =
          database.change(
              changes -> {
                changes.put(user(1));
                changes.note(
                    List.of(event(AuditAct.USER_ADDED, 1), event(AuditAct.GROUP_ADDED, 2)), CHAIN);
                return changes.checkpoint(NOW, statement -> statement).orElseThrow();
              });
    }
    try (SeKeyDatabase database = database()) {
      assertThat(database.auditOrigin()).contains(origin);
      assertThat(database.lastCheckpoint()).contains(checkpoint);
      assertThat(database.auditEntries(0, 2)).hasSize(2);
      assertThat(database.auditEntries(2, 9)).hasSize(1);
      assertThat(
              AuditVerification.verify(
                  origin,
                  database.auditEntries(0, 100).iterator(),
                  CHAIN,
                  Optional.of(checkpoint.checkpoint())))
          .isEqualTo(
              new AuditVerification(
                  3,
                  new AuditVerification.Integrity.Intact(),
                  new AuditVerification.Completeness.Complete(3)));
    }
  }

  private static AuditEvent event(AuditAct act, int subject) {
    return AuditEvent.done(
        NOW, NOW, act, Optional.of(userId(subject).bytes()), Optional.empty(), "");
  }

  @Test
  void aNewerDatabaseIsRefusedUntouched() throws Exception {
    sql("pragma user_version = 3", "create table later (x)");
    String before = dump(PATH);
    assertThatThrownBy(this::database)
        .isInstanceOfSatisfying(
            NewerDatabaseException.class,
            refused -> {
              assertThat(refused.found()).isEqualTo(3);
              assertThat(refused.newest()).isEqualTo(2);
              assertThat(refused.path()).isEqualTo(PATH);
            });
    assertThat(dump(PATH)).isEqualTo(before);
  }

  @Test
  void aForeignDatabaseIsRefusedUntouched() throws Exception {
    sql("pragma application_id = 17");
    assertThatThrownBy(this::database)
        .isInstanceOfSatisfying(
            ForeignDatabaseException.class,
            refused -> assertThat(refused.applicationId()).isEqualTo(17));
    sql("pragma application_id = 0");
    assertThatThrownBy(this::database).isInstanceOf(ForeignDatabaseException.class);
    assertThatThrownBy(() -> SeKeyDatabase.create(volume, PATH, OWNER))
        .isInstanceOf(DatabaseNotEmptyException.class);
    assertThatThrownBy(() -> SeKeyDatabase.open(volume, "/other.db", OWNER))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(volume.exists("/other.db")).isFalse();
  }

  @Test
  void aDatabaseOfSomebodyElseIsRefused() throws Exception {
    assertThatThrownBy(() -> SeKeyDatabase.open(volume, PATH, USER))
        .isInstanceOfSatisfying(
            DatabaseOwnerException.class,
            refused -> {
              assertThat(refused.part()).isEqualTo(DatabaseOwnerException.Part.ROLE);
              assertThat(refused.found()).isEqualTo("administrator");
            });
    DatabaseOwner other = DatabaseOwner.administrator(userId(1).bytes());
    assertThatThrownBy(() -> SeKeyDatabase.open(volume, PATH, other))
        .isInstanceOfSatisfying(
            DatabaseOwnerException.class,
            refused -> {
              assertThat(refused.part()).isEqualTo(DatabaseOwnerException.Part.ADMINISTRATOR);
              assertThat(refused.found()).isEqualTo(OWNER.element().toString());
              assertThat(refused.expected()).isEqualTo(hex(userId(1).bytes()));
            });
    SeKeyDatabase.create(volume, "/user.db", USER).close();
    DatabaseOwner twin = DatabaseOwner.user(USER.administrator(), userId(2).bytes());
    assertThatThrownBy(() -> SeKeyDatabase.open(volume, "/user.db", twin))
        .isInstanceOfSatisfying(
            DatabaseOwnerException.class,
            refused -> assertThat(refused.part()).isEqualTo(DatabaseOwnerException.Part.ELEMENT));
  }

  @Test
  void rowsThatCannotBeAreDamage() throws Exception {
    try (SeKeyDatabase database = database()) {
      fill(database);
    }
    sql("pragma ignore_check_constraints = on", "update users set state = 9 where name = 'user 1'");
    assertThatThrownBy(this::database).isInstanceOf(DatabaseUnreadableException.class);
  }

  @Test
  void theTablesRefuseWhatTheDirectoryWould() throws Exception {
    try (SeKeyDatabase database = database()) {
      fill(database);
    }
    for (String statement :
        List.of(
            "update users set name = 'user 1'",
            "insert into memberships values (randomblob(16), randomblob(16), 1, 1)",
            "delete from groups",
            "delete from users",
            "update keys set group_id = randomblob(16)",
            "update keys set attributes = randomblob(60)",
            "update keys set made = 'soon'",
            "update groups set policy = randomblob(32)")) {
      assertThatThrownBy(() -> sql(statement))
          .as(statement)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("CONSTRAINT");
    }
  }

  @Test
  void whatIsClosedSaysSo() throws Exception {
    SeKeyDatabase database = database();
    database.close();
    database.close();
    assertThatThrownBy(() -> fill(database)).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(database::auditOrigin).isInstanceOf(ClosedChannelException.class);
  }
}
