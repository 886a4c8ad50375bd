// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import com.sun.management.OperatingSystemMXBean;
import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyCircumstances;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.keys.LeaseGate;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.sekey.internal.database.Changes;
import dev.strongroom.sekey.internal.database.DatabaseOwner;
import dev.strongroom.sekey.internal.database.SeKeyDatabase;
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
import dev.strongroom.sekey.selection.KeySelector;
import dev.strongroom.sekey.selection.SelectionRequest;
import dev.strongroom.simulator.MemoryElementStore;
import dev.strongroom.simulator.PinCost;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * An administrator's element and database that have grown: users, groups, and in each group as many
 * keys, one of ten of them active; the first user is in all groups. A process of its own opens them
 * and prints what that took, a line each.
 *
 * <p>Thread safety: confined to one thread.
 */
final class GrownSystem {

  private static final String DATABASE = "/sekey.db";
  private static final String PIN = "benchmark";
  private static final ElementTime NOW = new ElementTime(210_000_000);
  private static final DatabaseOwner OWNER = DatabaseOwner.administrator(id("administrator", 0));
  private static final int USERS_OF_A_GROUP = 10;
  private static final int MOST_MEMBERS = 60;
  private static final int SELECTIONS = 200;
  private static final int SELECTION_ROUNDS = 5;
  private static final int PLACE = 4096;
  private static final int RECORDS = 50;
  private static final int SPARE_PLACES = 64;

  private GrownSystem() {}

  /** Opens what {@link #make} has made; arguments: the folder, and how many keys there are. */
  public static void main(String[] arguments) throws IOException {
    open(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
  }

  private static Bytes id(String kind, int number) {
    byte[] text = (kind + number).getBytes(StandardCharsets.US_ASCII);
    return Bytes.copyOf(IdentitySignature.digest(text).toByteArray(), 0, 16);
  }

  private static KeyId key(int number) {
    return new KeyId(id("key", number));
  }

  private static int keyMemory(int keys) {
    return (keys / RECORDS + SPARE_PLACES) * PLACE;
  }

  /** Makes both, in a folder. */
  static void make(Path folder, int keys) throws IOException {
    MemoryElementStore store = new MemoryElementStore();
    SimulatedElementOptions options =
        SimulatedElementOptions.builder().pinCost(PinCost.CHEAP).keyMemory(keyMemory(keys)).build();
    try (SecureElement element = SecureElement.open(SimulatedElement.on(store, options));
        ElementSession session = ElementContender.login(element)) {
      for (int number = 0; number < keys; number++) {
        session
            .keys()
            .store()
            .generate(ElementContender.key(key(number), KeyAlgorithm.HMAC_SHA_256, KeyUsage.MAC));
      }
      try (SecureFileSystem files =
              SecureFileSystem.create(session, folder.resolve("volume"), VolumeOptions.defaults());
          SeKeyDatabase database = SeKeyDatabase.create(files, DATABASE, OWNER)) {
        database.change(
            changes -> {
              fill(changes, keys / KeySize.GROUP_KEYS);
              return 0;
            });
      }
    }
    Files.write(folder.resolve("element"), store.content());
  }

  private static UserId userId(int number) {
    return new UserId(id("user", number));
  }

  private static User user(int number) {
    byte[] point = ByteBuffer.allocate(65).put((byte) 4).putInt(number).array();
    return new User(
        userId(number),
        new Name("user " + number),
        Optional.of(
            new UserElement(id("serial", number), Bytes.copyOf(point), Bytes.copyOf(point))),
        UserState.ACTIVE);
  }

  private static Membership membership(Group group, int user) {
    return new Membership(group.id(), userId(user), NOW, History.ALL);
  }

  private static void fill(Changes changes, int groups) throws IOException {
    Random random = new Random(1);
    int users = USERS_OF_A_GROUP * groups;
    for (int user = 1; user <= users; user++) {
      changes.put(user(user));
    }
    for (int number = 0; number < groups; number++) {
      Group group =
          new Group(
              new GroupId(id("group", number)),
              new Name("group " + number),
              GroupPolicy.builder().build(),
              GroupState.OPEN);
      changes.put(group);
      changes.put(membership(group, 1));
      Set<Integer> members = new HashSet<>();
      for (int i = 1 + random.nextInt(MOST_MEMBERS); i > 0; i--) {
        members.add(2 + random.nextInt(users - 1));
      }
      for (int member : members) {
        changes.put(membership(group, member));
      }
      for (int i = 0; i < KeySize.GROUP_KEYS; i++) {
        changes.put(entry(number * KeySize.GROUP_KEYS + i, group, i % 10 == 0));
      }
    }
  }

  private static KeyEntry entry(int number, Group group, boolean active) {
    KeyProposal proposal =
        KeyProposal.of(KeyAlgorithm.AES_256, Set.of(KeyUsage.ENCRYPTION), group.policy(), NOW);
    KeyEntry made = KeyEntry.made(proposal.attributes(key(number), group, KeyState.ACTIVE), NOW);
    return active ? made : made.changed(KeyState.DEACTIVATED, NOW);
  }

  private static void open(Path folder, int keys) throws IOException {
    Moment begin = Moment.now();
    try (SecureElement element =
            SecureElement.open(
                SimulatedElement.open(folder.resolve("element"), SimulatedElementOptions.cheap()));
        SecretBytes pin = SecretBytes.encode(PIN.toCharArray());
        ElementSession session = element.login(pin)) {
      session
          .keys()
          .use()
          .makeMac(
              session.keys().head(),
              key(keys - 1),
              ByteBuffer.allocate(16),
              ByteBuffer.allocate(32));
      tell("element", begin);
      begin = Moment.now();
      try (SecureFileSystem files =
          SecureFileSystem.open(session, folder.resolve("volume"), VolumeOptions.defaults())) {
        tell("volume", begin);
        begin = Moment.now();
        try (SeKeyDatabase database = SeKeyDatabase.open(files, DATABASE, OWNER)) {
          tell("database", begin);
          select(database.directory(), keys / KeySize.GROUP_KEYS);
        }
      }
    }
  }

  /** Selections for another user, and for nobody else, which looks at all groups. */
  private static void select(Directory directory, int groups) {
    Random random = new Random(1);
    int users = USERS_OF_A_GROUP * groups;
    for (int round = 0; round < SELECTION_ROUNDS; round++) {
      Moment begin = Moment.now();
      for (int i = 0; i < SELECTIONS; i++) {
        UserId recipient = userId(2 + random.nextInt(users - 1));
        select(
            directory,
            SelectionRequest.forOthers(userId(1), Set.of(recipient), KeyOperation.ENCRYPT));
      }
      tell("select", begin, SELECTIONS);
      begin = Moment.now();
      for (int i = 0; i < SELECTIONS; i++) {
        select(directory, SelectionRequest.forOneself(userId(1), KeyOperation.ENCRYPT));
      }
      tell("alone", begin, SELECTIONS);
    }
  }

  private static void select(Directory directory, SelectionRequest request) {
    ElementTime now = new ElementTime(NOW.seconds() + 1);
    KeySelector.select(
        directory,
        request,
        key ->
            new KeyCircumstances(
                now, now, Long.MAX_VALUE, new LeaseGate.NotNeeded(), Acknowledgement.NONE));
  }

  private static void tell(String what, Moment begin) {
    tell(what, begin, 1);
  }

  private static void tell(String what, Moment begin, int times) {
    Moment end = Moment.now();
    System.out.printf(
        Locale.ROOT,
        "%s %.3f %.3f%n",
        what,
        (end.wall - begin.wall) / 1e6 / times,
        (end.processor - begin.processor) / 1e6 / times);
  }

  /** In nanoseconds, of the clock and of all threads. */
  private record Moment(long wall, long processor) {

    private static final OperatingSystemMXBean SYSTEM =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    static Moment now() {
      return new Moment(System.nanoTime(), SYSTEM.getProcessCpuTime());
    }
  }
}
