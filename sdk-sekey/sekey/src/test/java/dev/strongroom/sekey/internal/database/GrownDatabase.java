// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.database;

import static dev.strongroom.sekey.internal.database.TestVolume.OWNER;
import static dev.strongroom.sekey.internal.database.TestVolume.PATH;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.sekey.Samples;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserElement;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.model.UserState;
import dev.strongroom.sekey.policy.KeyProposal;
import dev.strongroom.sekey.schedule.Schedule;
import dev.strongroom.sekey.selection.KeySelector;
import dev.strongroom.sekey.selection.Selection;
import dev.strongroom.sekey.selection.SelectionRequest;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A process with the database of an administrator of 10,000 users in 1,000 groups with 100,000
 * keys; user 1 is in all of them. Argument: a folder. The first process makes it, each later one
 * opens it and tells how long that took.
 */
final class GrownDatabase {

  private static final int USERS = 10_000;
  private static final int GROUPS = 1_000;
  private static final int KEYS = 100_000;

  private GrownDatabase() {}

  /** Ids as if drawn at random. */
  private static Bytes id(String kind, int number) {
    byte[] text = (kind + number).getBytes(StandardCharsets.US_ASCII);
    return Bytes.copyOf(IdentitySignature.digest(text).toByteArray(), 0, 16);
  }

  private static User user(int number) {
    return new User(
        new UserId(id("user", number)),
        new Name("user " + number),
        Optional.of(
            new UserElement(
                id("serial", number),
                Samples.element(number).signingKey(),
                Samples.element(number).agreementKey())),
        UserState.ACTIVE);
  }

  private static Membership member(Group group, int user) {
    return new Membership(group.id(), new UserId(id("user", user)), Samples.NOW, History.ALL);
  }

  private static KeyEntry key(int number, Group group, KeyState state) {
    KeyProposal proposal =
        KeyProposal.of(
            KeyAlgorithm.AES_256, Set.of(KeyUsage.ENCRYPTION), group.policy(), Samples.NOW);
    return KeyEntry.made(
            proposal.attributes(new KeyId(id("key", number)), group, KeyState.ACTIVE), Samples.NOW)
        .changed(state, Samples.NOW);
  }

  private static Group group(int number) {
    return new Group(
        new GroupId(id("group", number)),
        new Name("group " + number),
        GroupPolicy.builder().build(),
        GroupState.OPEN);
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path volume = folder.resolve("volume");
    try (SecureElement element =
            SecureElement.open(
                SimulatedElement.open(folder.resolve("element"), SimulatedElementOptions.cheap()));
        SecretBytes pin = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      boolean made = Files.exists(volume);
      if (!made) {
        element.initialize(pin, administrator);
      }
      try (ElementSession session = element.login(pin);
          SecureFileSystem files =
              made
                  ? SecureFileSystem.open(session, volume, VolumeOptions.defaults())
                  : SecureFileSystem.create(session, volume, VolumeOptions.defaults())) {
        if (made) {
          open(files);
        } else {
          make(files);
        }
      }
    }
  }

  private static void make(SecureFileSystem files) throws Exception {
    Random random = new Random(1);
    long begin = System.nanoTime();
    try (SeKeyDatabase database = SeKeyDatabase.create(files, PATH, OWNER)) {
      database.change(
          changes -> {
            for (int user = 1; user <= USERS; user++) {
              changes.put(user(user));
            }
            for (int number = 1; number <= GROUPS; number++) {
              Group group = group(number);
              changes.put(group);
              changes.put(member(group, 1));
              Set<Integer> members = new HashSet<>();
              for (int i = 1 + random.nextInt(60); i > 0; i--) {
                members.add(2 + random.nextInt(USERS - 1));
              }
              for (int member : members) {
                changes.put(member(group, member));
              }
              for (int i = 0; i < KEYS / GROUPS; i++) {
                KeyState state = i % 10 == 0 ? KeyState.ACTIVE : KeyState.DEACTIVATED;
                int key = number * 1000 + i;
                changes.put(key(key, group, state));
              }
            }
            return 0;
          });
      tell("made", begin);
      begin = System.nanoTime();
      database.change(
          changes -> {
            changes.put(key(1, group(1), KeyState.ACTIVE));
            return 0;
          });
      tell("one more key", begin);
    }
  }

  private static void open(SecureFileSystem files) throws Exception {
    tell("start", System.nanoTime());
    long begin = System.nanoTime();
    try (SeKeyDatabase database = SeKeyDatabase.open(files, PATH, OWNER)) {
      tell("open, cold", begin);
      Directory directory = database.directory();
      System.out.println(directory);
      for (int round = 0; round < 5; round++) {
        Random random = new Random(round);
        begin = System.nanoTime();
        int found = 0;
        for (int i = 0; i < 200; i++) {
          UserId recipient = user(2 + random.nextInt(USERS - 1)).id();
          Selection selection =
              KeySelector.select(
                  directory,
                  SelectionRequest.forOthers(user(1).id(), Set.of(recipient), KeyOperation.ENCRYPT),
                  key -> Samples.at(Samples.later(1)));
          found += selection instanceof Selection.Selected ? 1 : 0;
        }
        tell("200 selections for one recipient, " + found + " with a key", begin);
        begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
          KeySelector.select(
              directory,
              SelectionRequest.forOneself(user(1).id(), KeyOperation.ENCRYPT),
              key -> Samples.at(Samples.later(1)));
        }
        tell("20 selections among 1,000 groups, none of one", begin);
      }
      begin = System.nanoTime();
      int due = Schedule.due(directory, Samples.later(1)).size();
      tell("schedule, " + due + " due", begin);
      begin = System.nanoTime();
      database.change(
          changes -> {
            changes.put(user(2).withName(new Name("renamed")));
            return 0;
          });
      tell("one change", begin);
    }
  }

  /** Wall time, and the processor's so far, which other programs do not lengthen. */
  private static void tell(String what, long begin) {
    double wall = (System.nanoTime() - begin) / 1e6;
    long processor =
        ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
    System.out.printf("%s: %.1f ms; processor %d ms so far%n", what, wall, processor);
  }
}
