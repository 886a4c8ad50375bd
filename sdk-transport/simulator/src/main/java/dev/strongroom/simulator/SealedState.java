// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.crypto.Kdf;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ReceiveRegister;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.OrderPosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What only the state key opens: master keys, identity keys, version slots, keys of HPKE suites,
 * the receive register, the root of the key memory, and floor and order position of the key store,
 * as entries of tag u16, length u32, value, by ascending tag, under AES-256-GCM.
 *
 * <p>The state key itself encrypts nothing; keys for sealing this, for the prologue's MAC and for
 * pages of the key memory are derived from it.
 *
 * <p>Thread safety: confined.
 */
final class SealedState implements AutoCloseable {

  private static final int TAG_ENC_DB_KEY = 1;
  private static final int TAG_SIG_DB_KEY = 2;
  private static final int TAG_IDENTITY_KEYS = 3;
  private static final int TAG_VERSION_SLOTS = 4;
  private static final int TAG_SHARE_KEYS = 5;
  private static final int TAG_RECEIVE_REGISTER = 6;
  private static final int TAG_KEY_MEMORY = 7;
  private static final int TAG_FLOOR = 8;
  private static final int TAG_ORDER_POSITION = 9;
  private static final int ENTRY_HEADER = 6;
  private static final int FLOOR_LENGTH = 4;
  private static final int POSITION_LENGTH = Long.BYTES + OrderPosition.DIGEST_LENGTH;
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;
  private static final Bytes NO_KEY_MEMORY = Bytes.copyOf(new byte[0]);
  private static final byte[] PURPOSE = "element state 1".getBytes(StandardCharsets.US_ASCII);

  private byte @Nullable [] enc;
  private byte @Nullable [] sig;
  private @Nullable IdentityKeys identityKeys;
  private VersionSlots versions = VersionSlots.NONE;
  private byte @Nullable [] shareKeys; // as bytes: to make pairs of them takes long
  private ReceiveRegister received = ReceiveRegister.EMPTY;
  private Bytes keyMemory = NO_KEY_MEMORY;
  private ElementTime floor = ElementTime.NONE;
  private OrderPosition position = OrderPosition.START;

  /** Whether there are master keys; an element that waits for a twin's has none. */
  boolean hasMasterKeys() {
    return enc != null;
  }

  /** A copy of the master keys, null if there are none. */
  @Nullable MasterKeys masterKeys() {
    byte[] encKey = enc;
    byte[] sigKey = sig;
    return encKey == null || sigKey == null ? null : new MasterKeys(encKey.clone(), sigKey.clone());
  }

  /** Takes the arrays over. */
  SealedState setMasterKeys(byte[] encKey, byte[] sigKey) {
    enc = encKey;
    sig = sigKey;
    return this;
  }

  /** A copy of the identity keys, null if there are none. */
  @Nullable IdentityKeys identityKeys() {
    return identityKeys == null ? null : identityKeys.copy();
  }

  /** Takes the keys over. */
  SealedState setIdentityKeys(IdentityKeys keys) {
    identityKeys = keys;
    return this;
  }

  /** The public key that verifies signatures of the identity, null if there is none. */
  @Nullable Bytes signingKey() {
    return identityKeys == null ? null : identityKeys.signing().publicKey();
  }

  boolean hasShareKeys() {
    return shareKeys != null;
  }

  /** The key pairs of the HPKE suites, null if there are none. */
  @Nullable ShareKeys shareKeys() {
    byte[] keys = shareKeys;
    return keys == null ? null : ShareKeys.parse(keys);
  }

  void setShareKeys(ShareKeys keys) {
    shareKeys = keys.encode();
  }

  ReceiveRegister received() {
    return received;
  }

  void setReceived(ReceiveRegister register) {
    received = register;
  }

  /** The root of the key memory as it stands here, no bytes if there is none. */
  Bytes keyMemory() {
    return keyMemory;
  }

  void setKeyMemory(Bytes root) {
    keyMemory = root;
  }

  /** The signed time of the key store. */
  ElementTime floor() {
    return floor;
  }

  void setFloor(ElementTime time) {
    floor = time;
  }

  /** The order that was applied last. */
  OrderPosition position() {
    return position;
  }

  void setPosition(OrderPosition next) {
    position = next;
  }

  VersionSlots versions() {
    return versions;
  }

  void setVersions(VersionSlots slots) {
    versions = slots;
  }

  Bytes seal(byte[] stateKey, Bytes serialNumber, SecureRandom random) {
    byte[] clear = encode();
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    byte[] sealKey = sealKey(stateKey);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, sealKey, nonce, serialNumber).doFinal(clear);
      byte[] all = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
      return Bytes.copyOf(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM", e);
    } finally {
      Arrays.fill(clear, (byte) 0);
      Arrays.fill(sealKey, (byte) 0);
    }
  }

  static SealedState open(Bytes sealed, byte[] stateKey, Bytes serialNumber)
      throws ElementDamagedException {
    byte[] all = sealed.toByteArray();
    if (all.length < NONCE_LENGTH) {
      throw new ElementDamagedException("the sealed state is cut short", null);
    }
    byte[] sealKey = sealKey(stateKey);
    byte[] clear = {};
    try {
      clear =
          cipher(Cipher.DECRYPT_MODE, sealKey, Arrays.copyOf(all, NONCE_LENGTH), serialNumber)
              .doFinal(all, NONCE_LENGTH, all.length - NONCE_LENGTH);
      return parse(ByteBuffer.wrap(clear));
    } catch (GeneralSecurityException e) {
      throw new ElementDamagedException("the sealed state does not authenticate", e);
    } finally {
      Arrays.fill(clear, (byte) 0);
      Arrays.fill(sealKey, (byte) 0);
    }
  }

  static byte[] macKey(byte[] stateKey) {
    return derive(stateKey, "ElementMac");
  }

  static byte[] pageKey(byte[] stateKey) {
    return derive(stateKey, "ElementPage");
  }

  @Override
  public void close() {
    if (enc != null) {
      Arrays.fill(enc, (byte) 0);
    }
    if (sig != null) {
      Arrays.fill(sig, (byte) 0);
    }
    if (identityKeys != null) {
      identityKeys.close();
    }
    if (shareKeys != null) {
      Arrays.fill(shareKeys, (byte) 0);
    }
  }

  private static byte[] sealKey(byte[] stateKey) {
    return derive(stateKey, "ElementSeal");
  }

  private static byte[] derive(byte[] stateKey, String label) {
    Kdf kdf = Kdf.current();
    try {
      return kdf.under(stateKey).derive(label);
    } finally {
      kdf.forget();
    }
  }

  private byte[] encode() {
    byte[] keys = identityKeys == null ? null : identityKeys.encode();
    byte[] slots = versions.list().isEmpty() ? null : versions.encode();
    byte[] register =
        received.equals(ReceiveRegister.EMPTY) ? null : received.encode().toByteArray();
    byte[] root = keyMemory.equals(NO_KEY_MEMORY) ? null : keyMemory.toByteArray();
    byte[] time = floor.isSet() ? encode(floor) : null;
    byte[] order = position.equals(OrderPosition.START) ? null : encode(position);
    ByteBuffer out =
        ByteBuffer.allocate(
            lengthOf(enc)
                + lengthOf(sig)
                + lengthOf(keys)
                + lengthOf(slots)
                + lengthOf(shareKeys)
                + lengthOf(register)
                + lengthOf(root)
                + lengthOf(time)
                + lengthOf(order));
    put(out, TAG_ENC_DB_KEY, enc);
    put(out, TAG_SIG_DB_KEY, sig);
    put(out, TAG_IDENTITY_KEYS, keys);
    put(out, TAG_VERSION_SLOTS, slots);
    put(out, TAG_SHARE_KEYS, shareKeys);
    put(out, TAG_RECEIVE_REGISTER, register);
    put(out, TAG_KEY_MEMORY, root);
    put(out, TAG_FLOOR, time);
    put(out, TAG_ORDER_POSITION, order);
    if (keys != null) {
      Arrays.fill(keys, (byte) 0);
    }
    return out.array();
  }

  private static byte[] encode(ElementTime time) {
    return ByteBuffer.allocate(FLOOR_LENGTH).putInt((int) time.seconds()).array();
  }

  private static byte[] encode(OrderPosition position) {
    return ByteBuffer.allocate(POSITION_LENGTH)
        .putLong(position.sequence())
        .put(position.digest().toByteArray())
        .array();
  }

  private static ElementTime floor(byte[] value) {
    requireLength(value, FLOOR_LENGTH, "the floor");
    return new ElementTime(Integer.toUnsignedLong(ByteBuffer.wrap(value).getInt()));
  }

  private static OrderPosition position(byte[] value) {
    requireLength(value, POSITION_LENGTH, "the order position");
    return new OrderPosition(
        ByteBuffer.wrap(value).getLong(),
        Bytes.copyOf(value, Long.BYTES, OrderPosition.DIGEST_LENGTH));
  }

  private static void requireLength(byte[] value, int length, String what) {
    if (value.length != length) {
      throw new IllegalArgumentException(what + " has a wrong length");
    }
  }

  private static SealedState parse(ByteBuffer in) throws ElementDamagedException {
    SealedState state = new SealedState();
    int last = 0;
    while (in.remaining() >= ENTRY_HEADER) {
      int tag = in.getShort();
      int length = in.getInt();
      if (tag <= last || length < 0 || length > in.remaining()) {
        break;
      }
      last = tag;
      byte[] value = new byte[length];
      in.get(value);
      state.take(tag, value);
    }
    if (in.hasRemaining() || (state.enc == null) != (state.sig == null)) {
      state.close();
      throw new ElementDamagedException("the sealed state is malformed", null);
    }
    return state;
  }

  private void take(int tag, byte[] value) throws ElementDamagedException {
    try {
      switch (tag) {
        case TAG_ENC_DB_KEY -> enc = key(value);
        case TAG_SIG_DB_KEY -> sig = key(value);
        case TAG_IDENTITY_KEYS -> {
          identityKeys = IdentityKeys.parse(value);
          Arrays.fill(value, (byte) 0);
        }
        case TAG_VERSION_SLOTS -> versions = VersionSlots.parse(value);
        case TAG_SHARE_KEYS -> {
          ShareKeys.requireForm(value);
          shareKeys = value;
        }
        case TAG_RECEIVE_REGISTER -> received = ReceiveRegister.parse(Bytes.copyOf(value));
        case TAG_KEY_MEMORY -> keyMemory = Bytes.copyOf(value);
        case TAG_FLOOR -> floor = floor(value);
        case TAG_ORDER_POSITION -> position = position(value);
        default -> throw new IllegalArgumentException("an entry " + tag);
      }
    } catch (IllegalArgumentException e) {
      close();
      throw new ElementDamagedException("the sealed state is malformed: " + e.getMessage(), e);
    }
  }

  private static byte[] key(byte[] value) {
    if (value.length != Kdf.KEY_LENGTH) {
      throw new IllegalArgumentException("a master key of a wrong length");
    }
    return value;
  }

  private static int lengthOf(byte @Nullable [] value) {
    return value == null ? 0 : ENTRY_HEADER + value.length;
  }

  private static void put(ByteBuffer out, int tag, byte @Nullable [] value) {
    if (value != null) {
      out.putShort((short) tag).putInt(value.length).put(value);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, Bytes serialNumber)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(PURPOSE);
    cipher.updateAAD(serialNumber.toByteArray());
    return cipher;
  }
}
