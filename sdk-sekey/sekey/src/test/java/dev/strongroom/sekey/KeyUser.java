// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyUsage;
import dev.strongroom.core.testkit.CountingTransport;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import dev.strongroom.sekey.audit.AuditEvent;
import dev.strongroom.sekey.internal.database.DatabaseOwner;
import dev.strongroom.sekey.internal.database.SeKeyDatabase;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.KeyEntry;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserElement;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.model.UserState;
import dev.strongroom.sekey.policy.KeyProposal;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A user with an element of its own, which administers itself, and a database; user 1 is the one
 * whose element it is. The element is used by APDUs, which are counted.
 */
final class KeyUser implements AutoCloseable {

  static final UserId SELF = Samples.userId(1);
  private static final Bytes ADMINISTRATOR = Bytes.parse("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf");
  private static final String PATH = "/sekey.db";

  /** A clock that is set. */
  static final class TestClock extends Clock {
    Instant now = Samples.NOW.toInstant();

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  final TestClock clock = new TestClock();
  final List<AuditEvent> log = new ArrayList<>();
  final CountingTransport transport;
  final SecureElement element;
  final ElementSession session;
  final SeKey keys;
  private final SecureFileSystem volume;

  KeyUser() throws IOException {
    this(DataKeyLimits.DEFAULT);
  }

  KeyUser(DataKeyLimits limits) throws IOException {
    SimulatedElement simulated = SimulatedElement.inMemory(SimulatedElementOptions.cheap());
    transport = CountingTransport.around(simulated.exposed());
    element = SecureElement.open(transport);
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      session = element.login(user, clock);
    }
    ManualExecutor executor = new ManualExecutor();
    VolumeOptions options =
        VolumeOptions.builder()
            .journalBytes(512 << 10)
            .cacheBytes(4 << 20)
            .executor(executor)
            .clock(executor)
            .build();
    volume = SecureFileSystem.create(session, new MemoryStore(), options);
    Bytes serial = session.info().serialNumber();
    try (SeKeyDatabase made =
        SeKeyDatabase.create(volume, PATH, DatabaseOwner.user(ADMINISTRATOR, serial))) {
      made.change(
          changes -> {
            changes.put(
                new User(
                    SELF,
                    new Name("self"),
                    Optional.of(UserElement.of(element.identity())),
                    UserState.ACTIVE));
            return SELF;
          });
    }
    keys = SeKey.open(session, volume, PATH, clock, new SeKeyOptions(log::add, limits));
  }

  /** A user with somebody else's element. */
  void addUser(int number) throws IOException {
    put(Samples.user(number));
  }

  void put(User user) throws IOException {
    change(
        changes -> {
          changes.put(user);
          return user;
        });
  }

  /** A group with its members, here and in the element. */
  Group addGroup(int number, GroupPolicy policy, int... users) throws IOException {
    Group group = Samples.group(number, policy);
    session
        .keys()
        .store()
        .putGroup(
            group.id(),
            new GroupTerms(
                GroupTerms.Imports.PERMITTED,
                ElementClass.SOFTWARE,
                GroupTerms.UNLIMITED,
                GroupTerms.UNLIMITED,
                GroupTerms.UNLIMITED,
                GroupTerms.UNLIMITED,
                0xFFFF));
    change(
        changes -> {
          changes.put(group);
          for (int user : users) {
            changes.put(new Membership(group.id(), Samples.userId(user), Samples.NOW, History.ALL));
          }
          return group;
        });
    return group;
  }

  /** An active key of a group, here and in the element. */
  KeyId addKey(int number, Group group, KeyAlgorithm algorithm, KeyUsage... usages)
      throws IOException {
    KeyAttributes attributes = attributes(number, group, algorithm, usages);
    session.keys().store().generate(attributes);
    return put(KeyEntry.made(attributes, Samples.NOW));
  }

  static KeyAttributes attributes(
      int number, Group group, KeyAlgorithm algorithm, KeyUsage... usages) {
    return KeyProposal.of(algorithm, Set.of(usages), group.policy(), Samples.NOW)
        .attributes(Samples.keyId(number), group, KeyState.ACTIVE);
  }

  KeyId put(KeyEntry key) throws IOException {
    return change(
        changes -> {
          changes.put(key);
          return key.id();
        });
  }

  /** Changes a key's state in the element, and, unless nobody told, here. */
  void bring(KeyId key, KeyState from, KeyState to) throws IOException {
    session.keys().store().setState(key, from, to);
    tell(key, to);
  }

  void tell(KeyId key, KeyState to) throws IOException {
    put(directory().key(key).orElseThrow().changed(to, ElementTime.of(clock.instant())));
  }

  <T> T change(SeKeyDatabase.Change<T> change) throws IOException {
    return keys.database().change(change);
  }

  Directory directory() {
    return keys.directory();
  }

  @Override
  public void close() throws IOException {
    keys.close();
    volume.close();
    session.close();
    element.close();
  }
}
