// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.internal.admin;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupId;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyShortening;
import dev.strongroom.core.keys.KeyState;
import dev.strongroom.sekey.audit.AuditAct;
import dev.strongroom.sekey.model.Group;
import dev.strongroom.sekey.model.GroupPolicy;
import dev.strongroom.sekey.model.GroupState;
import dev.strongroom.sekey.model.History;
import dev.strongroom.sekey.model.Membership;
import dev.strongroom.sekey.model.Name;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserElement;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.model.UserState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Steps that one transaction takes, as they are noted before the first of them is.
 *
 * <p>Encoding, big-endian: version u8 = 1 | number u32 | each: type u8 | fields. Ids have 16 bytes,
 * times u32; what has no fixed length has its length u16 before it; enumerations are u8 by their
 * numbers. It has no secrets, and is read by the release that wrote it or a later one.
 *
 * <p>Thread safety: immutable.
 *
 * @param steps in the order in which they are taken
 */
record Intent(List<Step> steps) {

  private static final int VERSION = 1;
  private static final int PUT_USER = 1;
  private static final int PUT_GROUP = 2;
  private static final int PUT_MEMBERSHIP = 3;
  private static final int REMOVE_MEMBERSHIP = 4;
  private static final int MAKE_KEY = 5;
  private static final int SET_STATE = 6;
  private static final int SCHEDULE_DESTRUCTION = 7;
  private static final int CANCEL_DESTRUCTION = 8;
  private static final int SHORTEN = 9;
  private static final int SET_FLOOR = 10;
  private static final int ID_LENGTH = 16;
  private static final int KEY_LENGTH = 65;

  /** Copies the list. */
  Intent {
    steps = List.copyOf(steps);
  }

  Bytes encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeInt(steps.size());
      for (Step step : steps) {
        write(out, step);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return Bytes.copyOf(bytes.toByteArray());
  }

  private static void write(DataOutputStream out, Step step) throws IOException {
    if (step instanceof Step.PutUser put) {
      out.writeByte(PUT_USER);
      out.writeByte(put.act().number());
      write(out, put.user());
    } else if (step instanceof Step.PutGroup put) {
      out.writeByte(PUT_GROUP);
      out.writeByte(put.act().number());
      write(out, put.group());
    } else if (step instanceof Step.PutMembership put) {
      out.writeByte(PUT_MEMBERSHIP);
      write(out, put.membership().group().bytes());
      write(out, put.membership().user().bytes());
      write(out, put.membership().since());
      out.writeByte(put.membership().history().number());
    } else if (step instanceof Step.RemoveMembership remove) {
      out.writeByte(REMOVE_MEMBERSHIP);
      write(out, remove.group().bytes());
      write(out, remove.user().bytes());
    } else if (step instanceof Step.MakeKey make) {
      out.writeByte(MAKE_KEY);
      write(out, make.key().encode());
      write(out, make.at());
    } else if (step instanceof Step.SetState set) {
      out.writeByte(SET_STATE);
      write(out, set.key().bytes());
      write(out, set.group().bytes());
      out.writeByte(set.present().number());
      out.writeByte(set.target().number());
      write(out, set.at());
    } else if (step instanceof Step.ScheduleDestruction schedule) {
      out.writeByte(SCHEDULE_DESTRUCTION);
      write(out, schedule.key().bytes());
      write(out, schedule.group().bytes());
      write(out, schedule.at());
    } else if (step instanceof Step.CancelDestruction cancel) {
      out.writeByte(CANCEL_DESTRUCTION);
      write(out, cancel.key().bytes());
      write(out, cancel.group().bytes());
      write(out, cancel.at());
    } else if (step instanceof Step.Shorten shorten) {
      out.writeByte(SHORTEN);
      write(out, shorten.key().bytes());
      write(out, shorten.group().bytes());
      write(out, shorten.shortening().encode());
    } else if (step instanceof Step.SetFloor set) {
      out.writeByte(SET_FLOOR);
      write(out, set.floor());
      out.writeInt(set.due().size());
      for (KeyId key : set.due()) {
        write(out, key.bytes());
      }
    }
  }

  private static void write(DataOutputStream out, User user) throws IOException {
    write(out, user.id().bytes());
    writeText(out, user.name());
    out.writeByte(user.state().number());
    out.writeByte(user.element().isPresent() ? 1 : 0);
    if (user.element().isPresent()) {
      UserElement element = user.element().get();
      write(out, element.serialNumber());
      write(out, element.signingKey());
      write(out, element.agreementKey());
    }
  }

  private static void write(DataOutputStream out, Group group) throws IOException {
    write(out, group.id().bytes());
    writeText(out, group.name());
    out.writeByte(group.state().number());
    Bytes policy = group.policy().encode();
    out.writeShort(policy.length());
    write(out, policy);
  }

  private static void write(DataOutputStream out, Bytes bytes) throws IOException {
    out.write(bytes.toByteArray());
  }

  private static void write(DataOutputStream out, ElementTime time) throws IOException {
    out.writeInt((int) time.seconds());
  }

  private static void writeText(DataOutputStream out, Name name) throws IOException {
    byte[] text = name.text().getBytes(StandardCharsets.UTF_8);
    out.writeShort(text.length);
    out.write(text);
  }

  /**
   * Reads an intent.
   *
   * @param encoded what {@link #encode()} wrote
   * @throws IllegalArgumentException if it is something else
   */
  static Intent parse(Bytes encoded) {
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(encoded.toByteArray()))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IllegalArgumentException("an intent of version " + version);
      }
      int count = in.readInt();
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        steps.add(step(in));
      }
      if (in.available() != 0) {
        throw new IllegalArgumentException("an intent with bytes left over");
      }
      return new Intent(steps);
    } catch (IOException e) {
      throw new IllegalArgumentException("an intent is cut short", e);
    }
  }

  private static Step step(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    return switch (type) {
      case PUT_USER -> {
        AuditAct act = known("act", AuditAct.of(in.readUnsignedByte()));
        yield new Step.PutUser(user(in), act);
      }
      case PUT_GROUP -> {
        AuditAct act = known("act", AuditAct.of(in.readUnsignedByte()));
        yield new Step.PutGroup(group(in), act);
      }
      case PUT_MEMBERSHIP ->
          new Step.PutMembership(
              new Membership(
                  groupId(in),
                  userId(in),
                  time(in),
                  known("history", History.of(in.readUnsignedByte()))));
      case REMOVE_MEMBERSHIP -> new Step.RemoveMembership(groupId(in), userId(in));
      case MAKE_KEY ->
          new Step.MakeKey(KeyAttributes.parse(bytes(in, KeyAttributes.LENGTH)), time(in));
      case SET_STATE -> new Step.SetState(keyId(in), groupId(in), state(in), state(in), time(in));
      case SCHEDULE_DESTRUCTION -> new Step.ScheduleDestruction(keyId(in), groupId(in), time(in));
      case CANCEL_DESTRUCTION -> new Step.CancelDestruction(keyId(in), groupId(in), time(in));
      case SHORTEN ->
          new Step.Shorten(
              keyId(in), groupId(in), KeyShortening.parse(bytes(in, KeyShortening.LENGTH)));
      case SET_FLOOR -> {
        ElementTime floor = time(in);
        List<KeyId> due = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
          due.add(keyId(in));
        }
        yield new Step.SetFloor(floor, due);
      }
      default -> throw new IllegalArgumentException("an intent with a step of type " + type);
    };
  }

  private static User user(DataInputStream in) throws IOException {
    UserId id = userId(in);
    Name name = name(in);
    UserState state = known("state", UserState.of(in.readUnsignedByte()));
    Optional<UserElement> element =
        in.readUnsignedByte() == 0
            ? Optional.empty()
            : Optional.of(
                new UserElement(
                    bytes(in, ID_LENGTH), bytes(in, KEY_LENGTH), bytes(in, KEY_LENGTH)));
    return new User(id, name, element, state);
  }

  private static Group group(DataInputStream in) throws IOException {
    GroupId id = groupId(in);
    Name name = name(in);
    GroupState state = known("state", GroupState.of(in.readUnsignedByte()));
    return new Group(id, name, GroupPolicy.parse(bytes(in, in.readUnsignedShort())), state);
  }

  private static Name name(DataInputStream in) throws IOException {
    byte[] text = bytes(in, in.readUnsignedShort()).toByteArray();
    return new Name(new String(text, StandardCharsets.UTF_8));
  }

  private static UserId userId(DataInputStream in) throws IOException {
    return new UserId(bytes(in, UserId.LENGTH));
  }

  private static GroupId groupId(DataInputStream in) throws IOException {
    return new GroupId(bytes(in, ID_LENGTH));
  }

  private static KeyId keyId(DataInputStream in) throws IOException {
    return new KeyId(bytes(in, KeyId.LENGTH));
  }

  private static KeyState state(DataInputStream in) throws IOException {
    return known("state", KeyState.of(in.readUnsignedByte()));
  }

  private static ElementTime time(DataInputStream in) throws IOException {
    return new ElementTime(Integer.toUnsignedLong(in.readInt()));
  }

  private static Bytes bytes(DataInputStream in, int length) throws IOException {
    byte[] part = new byte[length];
    in.readFully(part);
    return Bytes.copyOf(part);
  }

  private static <T> T known(String what, Optional<T> value) {
    return value.orElseThrow(() -> new IllegalArgumentException("an intent with another " + what));
  }
}
