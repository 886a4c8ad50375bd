// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.device.SecureElement;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/** What the tests of stored elements share: the bytes of a store, and the element on them. */
final class Stored {

  static final String USER_PIN = "correct horse";
  static final String ADMINISTRATOR_PIN = "battery staple";
  static final Bytes VOLUME = Bytes.parse("404142434445464748494a4b4c4d4e4f");
  static final Bytes UID = Bytes.parse("505152535455565758595a5b5c5d5e5f");
  static final Bytes RND = Bytes.parse("606162636465666768696a6b6c6d6e6f");

  private Stored() {}

  /** The store of an initialised element with cheap PINs. */
  static byte[] initialized() throws Exception {
    MemoryElementStore store = new MemoryElementStore();
    try (SecureElement element = open(store)) {
      element.initialize(pin(USER_PIN), pin(ADMINISTRATOR_PIN));
    }
    return store.content();
  }

  static SecureElement open(MemoryElementStore store) {
    return SecureElement.open(simulated(store));
  }

  static SecureElement open(byte[] content) {
    return open(MemoryElementStore.of(content));
  }

  static SimulatedElement simulated(MemoryElementStore store) {
    return SimulatedElement.on(store, SimulatedElementOptions.cheap());
  }

  static SecretBytes pin(String text) {
    return SecretBytes.encode(text.toCharArray());
  }

  /** EncGrub and SigGrub of one file, which tell whether the master keys are the same. */
  static List<Bytes> keys(SecureElement element, String pin) throws Exception {
    try (ElementSession session = element.login(pin(pin));
        Grub grub = session.grub(VOLUME, List.of(GrubRequest.existing(UID, RND, 0))).get(0)) {
      return List.of(grub.enc().use(Bytes::copyOf), grub.sig().use(Bytes::copyOf));
    }
  }

  /** The state key of a store, by the user's PIN. */
  static StateKey stateKey(byte[] content) {
    ElementImage image = image(content);
    PinSlot slot = image.userSlot();
    if (slot == null) {
      throw new AssertionError("no slot");
    }
    byte[] key =
        slot.unwrap(
            Role.USER,
            image.serialNumber(),
            pin(USER_PIN),
            SecretBytes.copyOf(image.device().toByteArray(), 0, ElementImage.FILE_ROOT_LENGTH));
    if (key == null) {
      throw new AssertionError("wrong PIN");
    }
    return new StateKey(key);
  }

  /** EncDBKey and SigDBKey of a store, 64 bytes. */
  static byte[] masterKeys(byte[] content) throws Exception {
    try (StateKey stateKey = stateKey(content);
        SealedState state = stateKey.open(image(content));
        MasterKeys keys = state.masterKeys()) {
      if (keys == null) {
        throw new AssertionError("no master keys");
      }
      return keys.encode();
    }
  }

  /** A record of the key memory of a store. */
  static byte[] record(byte[] content, Bytes id) throws Exception {
    try (KeyedElement element = KeyedElement.open(MemoryElementStore.of(content), 32)) {
      return element.find(id).orElseThrow().toByteArray();
    }
  }

  /** The same element as its store was before elements had an identity. */
  static byte[] withoutIdentity(byte[] content) throws Exception {
    ElementImage image = image(content);
    byte[] keys = masterKeys(content);
    try (StateKey stateKey = stateKey(content);
        SealedState old = new SealedState()) {
      old.setMasterKeys(Arrays.copyOf(keys, 32), Arrays.copyOfRange(keys, 32, 64));
      ElementImage first =
          stateKey.record(
              image
                  .withSealed(stateKey.seal(old, image.serialNumber(), new SecureRandom()))
                  .withDisclosed(PublicSection.EMPTY));
      ElementImage second = first.next(first.floor());
      byte[] store = content.clone();
      for (ElementImage each : new ElementImage[] {first, second}) {
        System.arraycopy(
            each.encode(),
            0,
            store,
            each.copy() * ElementImage.COPY_LENGTH,
            ElementImage.COPY_LENGTH);
      }
      return store;
    }
  }

  /** One copy of a store. */
  static byte[] copy(byte[] content, int number) {
    int from = number * ElementImage.COPY_LENGTH;
    return Arrays.copyOfRange(content, from, from + ElementImage.COPY_LENGTH);
  }

  /** The newest copy of a store. */
  static ElementImage image(byte[] content) {
    ElementImage first = ElementImage.parse(copy(content, 0), 0);
    ElementImage second = ElementImage.parse(copy(content, 1), 1);
    return first.generation() > second.generation() ? first : second;
  }

  /** Writes the checksum of a copy anew, as somebody who edits the file would. */
  static void fixChecksum(byte[] content, int number) throws Exception {
    int from = number * ElementImage.COPY_LENGTH;
    int length = ByteBuffer.wrap(content).getInt(from + 12);
    if (length < 0 || length > ElementImage.COPY_LENGTH - 32) {
      return;
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(content, from, length);
    System.arraycopy(digest.digest(), 0, content, from + length, 32);
  }

  static boolean contains(byte[] content, byte[] part) {
    for (int at = 0; at + part.length <= content.length; at++) {
      if (Arrays.equals(content, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}
