// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import static dev.strongroom.sekey.Samples.groupId;
import static dev.strongroom.sekey.Samples.later;
import static dev.strongroom.sekey.Samples.userId;
import static dev.strongroom.sekey.internal.database.TestVolume.OWNER;
import static dev.strongroom.sekey.internal.database.TestVolume.PATH;
import static dev.strongroom.sekey.internal.database.TestVolume.USER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.testkit.CrashImage;
import dev.strongroom.file.testkit.CrashModel;
import dev.strongroom.file.testkit.CrashStates;
import dev.strongroom.file.testkit.RecordingStore;
import dev.strongroom.sekey.Samples;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.audit.AuditEvent;
import dev.strongroom.sekey.audit.AuditOrigin;
import dev.strongroom.sekey.audit.AuditVerification;
import dev.strongroom.sekey.audit.AuditVerification.Completeness;
import dev.strongroom.sekey.audit.AuditVerification.Integrity;
import dev.strongroom.sekey.audit.ChainKey;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random transactions on an administrator's database and on that of a user, against a model of maps
 * and texts; then the power fails at every moment of them.
 */
class SeKeyModelTest {

  private static final long SEED = Long.getLong("model.seed", 20260101);
  private static final CrashModel MODEL =
      CrashModel.strict().withExhaustive(3).withSamples(4).withTorn(4).withGarbage(2);

  private static final ChainKey CHAIN = entry -> IdentitySignature.digest(entry.toByteArray());
  private static final AuditOrigin ORIGIN = new AuditOrigin(userId(9999).bytes(), OWNER.element());

  private static final String USER_PATH = "/user.db";
  private static final int SEEN_BY = 2;

  /** What can follow what, by any number of steps, as in the figures of NIST and KMIP. */
  private static final Map<KeyState, Set<KeyState>> FOLLOWS =
      Map.of(
          KeyState.PRE_ACTIVE,
          Set.of(KeyState.values()),
          KeyState.ACTIVE,
          but(KeyState.PRE_ACTIVE),
          KeyState.SUSPENDED,
          but(KeyState.PRE_ACTIVE),
          KeyState.DEACTIVATED,
          but(KeyState.PRE_ACTIVE, KeyState.ACTIVE, KeyState.SUSPENDED),
          KeyState.COMPROMISED,
          Set.of(KeyState.COMPROMISED, KeyState.DESTROYED_COMPROMISED),
          KeyState.DESTROYED,
          Set.of(KeyState.DESTROYED, KeyState.DESTROYED_COMPROMISED),
          KeyState.DESTROYED_COMPROMISED,
          Set.of(KeyState.DESTROYED_COMPROMISED));

  private static Set<KeyState> but(KeyState... left) {
    Set<KeyState> states = new TreeSet<>(Set.of(KeyState.values()));
    for (KeyState state : left) {
      states.remove(state);
    }
    return states;
  }

  /** Texts by kind and numbers: what the model knows. */
  private static final class Model {

    private final TreeMap<Integer, String> userNames = new TreeMap<>();
    private final TreeMap<Integer, UserState> userStates = new TreeMap<>();
    private final TreeMap<Integer, String> groupNames = new TreeMap<>();
    private final TreeMap<Integer, String> groupRest = new TreeMap<>();
    private final TreeMap<String, Membership> members = new TreeMap<>();
    private final TreeMap<Integer, KeyEntry> keys = new TreeMap<>();
    private int entries;

    Model copy() {
      Model copy = new Model();
      copy.userNames.putAll(userNames);
      copy.userStates.putAll(userStates);
      copy.groupNames.putAll(groupNames);
      copy.groupRest.putAll(groupRest);
      copy.members.putAll(members);
      copy.keys.putAll(keys);
      copy.entries = entries;
      return copy;
    }

    /** Lines, of all or of what one user needs to know. */
    String lines(Optional<Integer> seenBy) {
      Set<String> lines = new TreeSet<>();
      Set<Integer> groups = new TreeSet<>();
      Set<Integer> users = new TreeSet<>();
      for (int group : groupNames.keySet()) {
        if (seenBy.isEmpty() || sees(seenBy.get(), group)) {
          groups.add(group);
        }
      }
      for (int user : userNames.keySet()) {
        if (seenBy.isEmpty()
            || user == seenBy.get()
            || groups.stream().anyMatch(group -> members.containsKey(group + "/" + user))) {
          users.add(user);
        }
      }
      users.forEach(user -> lines.add("user " + user + userNames.get(user) + userStates.get(user)));
      for (int group : groups) {
        lines.add("group " + group + groupNames.get(group) + groupRest.get(group));
        for (int user : users) {
          Membership member = members.get(group + "/" + user);
          if (member != null) {
            lines.add("member " + group + "/" + user + member.since() + member.history());
          }
        }
      }
      keys.forEach(
          (number, key) -> {
            int group = number(key.group());
            if (groups.contains(group) && (seenBy.isEmpty() || holds(seenBy.get(), group, key))) {
              lines.add("key " + number + key);
            }
          });
      return String.join("\n", lines);
    }

    private boolean sees(int user, int group) {
      return userStates.get(user) == UserState.ACTIVE && members.containsKey(group + "/" + user);
    }

    private boolean holds(int user, int group, KeyEntry key) {
      Membership member = members.get(group + "/" + user);
      return member != null
          && (member.history() == History.ALL
              || key.ended().seconds() == 0
              || key.ended().seconds() >= member.since().seconds());
    }
  }

  private static int number(GroupId id) {
    return id.bytes().at(6);
  }

  private static String lines(Directory directory) {
    Set<String> lines = new TreeSet<>();
    for (User user : directory.users()) {
      int number = user.id().bytes().at(6);
      assertThat(user.element()).contains(Samples.element(number));
      lines.add("user " + number + user.name() + user.state());
    }
    for (GroupId id : directory.groups()) {
      Group group = directory.group(id).orElseThrow();
      lines.add("group " + number(id) + group.name() + group.policy().mostKeys() + group.state());
      for (Membership member : directory.membershipsOf(id)) {
        lines.add(
            "member "
                + number(id)
                + "/"
                + member.user().bytes().at(6)
                + member.since()
                + member.history());
      }
      directory.keysOf(id).forEach(key -> lines.add("key " + key.id().bytes().at(6) + key));
    }
    return String.join("\n", lines);
  }

  /** Something that is done to the database. */
  @FunctionalInterface
  private interface Act {
    void run() throws IOException;
  }

  /** Does it to both, or to neither where the model says that it cannot be. */
  private static void both(boolean possible, Act act, Runnable inModel) throws IOException {
    try {
      act.run();
    } catch (StrongroomException e) {
      assertThat(possible).as("refused: %s", e).isFalse();
      return;
    }
    assertThat(possible).as("it was to be refused").isTrue();
    inModel.run();
  }

  private static void change(Changes changes, Model model, Random random, int time)
      throws IOException {
    int user = 1 + random.nextInt(8);
    int group = 1 + random.nextInt(5);
    int key = 1 + random.nextInt(20);
    String member = group + "/" + user;
    String name = "name; '" + random.nextInt(12);
    switch (random.nextInt(6)) {
      case 0 -> {
        UserState state = UserState.of(random.nextInt(8) == 0 ? 2 : 1).orElseThrow();
        User put =
            new User(userId(user), new Name(name), Optional.of(Samples.element(user)), state);
        both(
            isFree(model.userNames, name, user),
            () -> changes.put(put),
            () -> {
              model.userNames.put(user, name);
              model.userStates.put(user, state);
            });
      }
      case 1 -> {
        GroupPolicy policy = GroupPolicy.builder().mostKeys(1 + random.nextInt(3)).build();
        GroupState state = GroupState.of(random.nextInt(4) == 0 ? 2 : 1).orElseThrow();
        both(
            isFree(model.groupNames, name, group),
            () -> changes.put(new Group(groupId(group), new Name(name), policy, state)),
            () -> {
              model.groupNames.put(group, name);
              model.groupRest.put(group, policy.mostKeys() + "" + state);
            });
      }
      case 2, 3 -> {
        History history = History.of(1 + random.nextInt(2)).orElseThrow();
        Membership put = new Membership(groupId(group), userId(user), later(time), history);
        both(
            model.userNames.containsKey(user) && model.groupNames.containsKey(group),
            () -> changes.put(put),
            () -> model.members.put(member, put));
      }
      case 4 -> {
        KeyState state = KeyState.of(1 + random.nextInt(7)).orElseThrow();
        KeyEntry before = model.keys.get(key);
        KeyEntry after =
            before == null
                ? Samples.key(
                    key,
                    Samples.group(group),
                    KeyAlgorithm.AES_256,
                    random.nextBoolean() ? KeyState.ACTIVE : KeyState.PRE_ACTIVE)
                : before.changed(state, later(time));
        both(
            before == null ? model.groupNames.containsKey(group) : follows(before.state(), state),
            () -> changes.put(after),
            () -> model.keys.put(key, after));
      }
      default ->
          both(
              model.members.containsKey(member),
              () -> changes.removeMember(groupId(group), userId(user)),
              () -> model.members.remove(member));
    }
  }

  private static boolean isFree(Map<Integer, String> names, String name, int self) {
    return names.entrySet().stream()
        .allMatch(entry -> entry.getKey() == self || !entry.getValue().equals(name));
  }

  private static boolean follows(KeyState from, KeyState to) {
    return Objects.requireNonNull(FOLLOWS.get(from)).contains(to);
  }

  /** One transaction of a few changes, some of which are refused; answers the model after it. */
  private static Model transaction(SeKeyDatabase database, Model before, Random random, int time)
      throws IOException {
    Model model = before.copy();
    boolean undone = random.nextInt(6) == 0;
    try {
      database.change(
          changes -> {
            for (int i = random.nextInt(8); i >= 0; i--) {
              change(changes, model, random, time);
            }
            changes.note(
                List.of(
                    AuditEvent.done(
                        later(time),
                        later(0),
                        AuditAct.USER_CHANGED,
                        Optional.empty(),
                        Optional.empty(),
                        "transaction " + time)),
                CHAIN);
            model.entries++;
            if (undone) {
              throw new IOException("undone");
            }
            return 0;
          });
      return model;
    } catch (IOException e) {
      assertThat(e).hasMessage("undone");
      return before;
    }
  }

  private static void requireEqual(SeKeyDatabase database, Model model, int time)
      throws IOException {
    assertThat(lines(database.directory()))
        .as("transaction %d", time)
        .isEqualTo(model.lines(Optional.empty()));
    AuditVerification log =
        AuditVerification.verify(
            ORIGIN, database.auditEntries(0, 100_000).iterator(), CHAIN, Optional.empty());
    assertThat(log)
        .isEqualTo(
            new AuditVerification(
                model.entries, new Integrity.Intact(), new Completeness.Open(model.entries)));
  }

  private static void run(long seed, int transactions) throws Exception {
    System.out.println("SeKeyModelTest: seed " + seed);
    Random random = new Random(seed);
    Model model = new Model();
    int users = 0;
    try (TestVolume element = new TestVolume();
        SecureFileSystem volume = element.open()) {
      begin(volume);
      SeKeyDatabase database = SeKeyDatabase.open(volume, PATH, OWNER);
      SeKeyDatabase own = SeKeyDatabase.create(volume, USER_PATH, USER);
      for (int time = 1; time <= transactions; time++) {
        model = transaction(database, model, random, time);
        if (random.nextInt(10) == 0) {
          database.close();
          database = SeKeyDatabase.open(volume, PATH, OWNER);
        }
        requireEqual(database, model, time);
        if (random.nextInt(4) == 0 && model.userNames.containsKey(SEEN_BY)) {
          Directory seen = database.directory().seenBy(userId(SEEN_BY));
          own.change(
              changes -> {
                changes.become(seen);
                return 0;
              });
          own.close();
          own = SeKeyDatabase.open(volume, USER_PATH, USER);
          assertThat(lines(own.directory())).isEqualTo(model.lines(Optional.of(SEEN_BY)));
          users++;
        }
      }
      database.close();
      own.close();
    }
    assertThat(model.keys).hasSizeGreaterThan(5);
    assertThat(model.members).isNotEmpty();
    assertThat(users).isPositive();
  }

  private static void begin(SecureFileSystem volume) throws IOException {
    try (SeKeyDatabase database = SeKeyDatabase.create(volume, PATH, OWNER)) {
      database.change(
          changes -> {
            changes.beginAudit(ORIGIN);
            return 0;
          });
    }
  }

  @Test
  void randomTransactionsAreThoseOfTheModel() throws Exception {
    run(SEED, 150);
  }

  @Test
  @Tag("crash")
  void manyRandomTransactionsAreThoseOfTheModel() throws Exception {
    for (int i = 0; i < 20; i++) {
      run(SEED + i, 400);
    }
  }

  @Test
  void afterACrashItIsWhatOneTransactionHasLeft() throws Exception {
    System.out.println(
        "SeKeyModelTest: seed " + SEED + ", " + crash(SEED, 25, 3) + " crash states");
  }

  @Test
  @Tag("crash")
  void afterEveryCrashItIsWhatOneTransactionHasLeft() throws Exception {
    for (int i = 0; i < 4; i++) {
      System.out.println("SeKeyModelTest: " + crash(SEED + i, 60, 1) + " crash states");
    }
  }

  private static long crash(long seed, int transactions, int oneOf) throws Exception {
    Random random = new Random(seed);
    List<Model> models = new ArrayList<>(List.of(new Model()));
    try (TestVolume element = new TestVolume()) {
      try (SecureFileSystem volume = element.open()) {
        begin(volume);
      }
      RecordingStore recording = RecordingStore.over(element.disk());
      try (SecureFileSystem volume = element.open(recording);
          SeKeyDatabase database = SeKeyDatabase.open(volume, PATH, OWNER)) {
        Model model = models.get(0);
        for (int time = 1; time <= transactions; time++) {
          Model after = transaction(database, model, random, time);
          if (after != model) {
            models.add(after);
            recording.mark(models.size() - 1);
          }
          model = after;
        }
      }
      assertThat(models).hasSizeGreaterThan(transactions / 2);
      long states =
          CrashStates.of(recording.log(), MODEL, seed)
              .oneOf(oneOf)
              .forEach(image -> check(element, image, models));
      assertThat(states).isGreaterThan(20);
      return states;
    }
  }

  private static void check(TestVolume element, CrashImage image, List<Model> models)
      throws IOException {
    List<Object> marks = image.marks();
    int acknowledged = marks.isEmpty() ? 0 : (Integer) marks.get(marks.size() - 1);
    try (SecureFileSystem volume = element.open(image.store());
        SeKeyDatabase database = SeKeyDatabase.open(volume, PATH, OWNER)) {
      int next = Math.min(acknowledged + 1, models.size() - 1);
      String found = lines(database.directory());
      Model model =
          found.equals(models.get(next).lines(Optional.empty()))
                  && database.auditEntries(0, 100_000).size() == models.get(next).entries
              ? models.get(next)
              : models.get(acknowledged);
      requireEqual(database, model, acknowledged);
    }
  }
}
