// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Kdf;
import dev.strongroom.core.device.Role;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * The state key, wrapped under a PIN: Argon2id (RFC 9106) of the PIN and the root's secret gives a
 * key for AES-256-GCM.
 *
 * <p>96 bytes: state u8 (0 erased, 1 set), algorithm u8 = 1, zero u16, memory u32 in KiB, passes
 * u32, lanes u32, salt 16, nonce 12, wrapped key 48, zero u32. Role, serial number and the first 32
 * bytes are authenticated with the key.
 *
 * <p>Thread safety: immutable.
 */
final class PinSlot {

  static final int LENGTH = 96;

  private static final int SET = 1;
  private static final int ARGON2ID = 1;
  private static final int HEADER = 32;
  private static final int SALT_AT = 16;
  private static final int SALT_LENGTH = 16;
  private static final int NONCE_LENGTH = 12;
  private static final int WRAPPED_LENGTH = 48;
  private static final int TAG_BITS = 128;

  private final Bytes content;
  private final PinCost cost;

  private PinSlot(Bytes content, PinCost cost) {
    this.content = content;
    this.cost = cost;
  }

  /** Wraps a state key. */
  static PinSlot wrap(
      byte[] stateKey,
      Role role,
      Bytes serialNumber,
      SecretBytes pin,
      SecretBytes rootSecret,
      PinCost cost,
      SecureRandom random) {
    byte[] salt = new byte[SALT_LENGTH];
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(salt);
    random.nextBytes(nonce);
    byte[] slot =
        ByteBuffer.allocate(LENGTH)
            .put((byte) SET)
            .put((byte) ARGON2ID)
            .putShort((short) 0)
            .putInt(cost.memoryKib())
            .putInt(cost.passes())
            .putInt(cost.lanes())
            .put(salt)
            .put(nonce)
            .array();
    byte[] kek = derive(pin, rootSecret, cost, salt);
    try {
      Cipher cipher =
          cipher(Cipher.ENCRYPT_MODE, kek, nonce, role, serialNumber, Arrays.copyOf(slot, HEADER));
      cipher.doFinal(stateKey, 0, stateKey.length, slot, HEADER + NONCE_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM", e);
    } finally {
      Arrays.fill(kek, (byte) 0);
    }
    return new PinSlot(Bytes.copyOf(slot), cost);
  }

  /**
   * Reads a slot.
   *
   * @return null for an erased one
   * @throws IllegalArgumentException if it is neither erased nor of a known kind with allowed cost
   */
  static @Nullable PinSlot parse(byte[] slot) {
    ByteBuffer in = ByteBuffer.wrap(slot);
    int state = in.get();
    if (state == 0) {
      for (byte b : slot) {
        if (b != 0) {
          throw new IllegalArgumentException("an erased PIN slot is not empty");
        }
      }
      return null;
    }
    int algorithm = in.get();
    int zero = in.getShort();
    int memory = in.getInt();
    int passes = in.getInt();
    int lanes = in.getInt();
    if (state != SET || algorithm != ARGON2ID || zero != 0 || in.getInt(LENGTH - 4) != 0) {
      throw new IllegalArgumentException("a PIN slot is of no known kind");
    }
    if (!PinCost.inRange(memory, passes, lanes)) {
      throw new IllegalArgumentException("a PIN slot asks for Argon2id parameters out of range");
    }
    return new PinSlot(Bytes.copyOf(slot), new PinCost(memory, passes, lanes));
  }

  /** The slot as it stands in the file. */
  Bytes content() {
    return content;
  }

  PinCost cost() {
    return cost;
  }

  /**
   * Unwraps the state key.
   *
   * @return null if the PIN is wrong
   */
  byte @Nullable [] unwrap(Role role, Bytes serialNumber, SecretBytes pin, SecretBytes rootSecret) {
    byte[] slot = content.toByteArray();
    byte[] salt = Arrays.copyOfRange(slot, SALT_AT, SALT_AT + SALT_LENGTH);
    byte[] nonce = Arrays.copyOfRange(slot, HEADER, HEADER + NONCE_LENGTH);
    byte[] kek = derive(pin, rootSecret, cost, salt);
    try {
      Cipher cipher =
          cipher(Cipher.DECRYPT_MODE, kek, nonce, role, serialNumber, Arrays.copyOf(slot, HEADER));
      return cipher.doFinal(slot, HEADER + NONCE_LENGTH, WRAPPED_LENGTH);
    } catch (AEADBadTagException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM", e);
    } finally {
      Arrays.fill(kek, (byte) 0);
    }
  }

  private static byte[] derive(SecretBytes pin, SecretBytes rootSecret, PinCost cost, byte[] salt) {
    byte[] pinBytes = new byte[pin.length()];
    byte[] secret = new byte[rootSecret.length()];
    byte[] kek = new byte[Kdf.KEY_LENGTH];
    try {
      pin.copyTo(pinBytes, 0);
      rootSecret.copyTo(secret, 0);
      Argon2Parameters parameters =
          new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
              .withVersion(Argon2Parameters.ARGON2_VERSION_13)
              .withMemoryAsKB(cost.memoryKib())
              .withIterations(cost.passes())
              .withParallelism(cost.lanes())
              .withSalt(salt)
              .withSecret(secret)
              .build();
      try {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        generator.generateBytes(pinBytes, kek);
      } finally {
        parameters.clear();
      }
      return kek;
    } finally {
      Arrays.fill(pinBytes, (byte) 0);
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static Cipher cipher(
      int mode, byte[] kek, byte[] nonce, Role role, Bytes serialNumber, byte[] header)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(kek, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(new byte[] {(byte) (role == Role.USER ? 1 : 2)});
    cipher.updateAAD(serialNumber.toByteArray());
    cipher.updateAAD(header);
    return cipher;
  }
}
