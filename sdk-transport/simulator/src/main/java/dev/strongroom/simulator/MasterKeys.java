// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.Kdf;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.StampedLock;

/**
 * EncDBKey and SigDBKey of one logged-in channel.
 *
 * <p>A derivation copies the key that it needs under an optimistic read and works with the copy; it
 * takes no lock, and a logout in the middle is noticed before the copy is used.
 *
 * <p>Thread safety: thread-safe.
 */
final class MasterKeys implements AutoCloseable {

  private final byte[] enc;
  private final byte[] sig;
  private final StampedLock lock = new StampedLock();
  private boolean destroyed; // guarded by lock

  /** Takes the arrays over. */
  MasterKeys(byte[] enc, byte[] sig) {
    this.enc = enc;
    this.sig = sig;
  }

  List<Grub> grub(Bytes volume, List<GrubRequest> requests, SecureRandom random) {
    int count = requests.size();
    byte[] fresh = new byte[count * (GrubRequest.RND_LENGTH + Grub.SECRET_LENGTH)];
    random.nextBytes(fresh);
    byte[][] encKeys = new byte[count][];
    byte[][] sigKeys = new byte[count][];
    List<Bytes> rnds = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Bytes asked = requests.get(i).rnd();
      rnds.add(
          asked != null
              ? asked
              : Bytes.copyOf(fresh, i * GrubRequest.RND_LENGTH, GrubRequest.RND_LENGTH));
    }
    try {
      deriveAll(enc, Kdf.Half.ENC, volume, requests, rnds, encKeys);
      deriveAll(sig, Kdf.Half.SIG, volume, requests, rnds, sigKeys);
    } catch (IllegalStateException e) {
      wipe(encKeys);
      Arrays.fill(fresh, (byte) 0);
      throw e;
    }
    List<Grub> answers = new ArrayList<>(count);
    int randomness = count * GrubRequest.RND_LENGTH;
    for (int i = 0; i < count; i++) {
      answers.add(
          new Grub(
              rnds.get(i),
              SecretBytes.adopt(encKeys[i]),
              SecretBytes.adopt(sigKeys[i]),
              SecretBytes.copyOf(fresh, randomness + i * Grub.SECRET_LENGTH, Grub.SECRET_LENGTH)));
    }
    Arrays.fill(fresh, (byte) 0);
    return answers;
  }

  List<SecretBytes> pages(Bytes volume, Bytes uid, Bytes rnd, int epoch, long first, int count) {
    byte[] key = copy(enc);
    Kdf kdf = Kdf.current();
    try {
      kdf.under(key);
      List<SecretBytes> keys = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        keys.add(SecretBytes.adopt(kdf.page(volume, uid, rnd, epoch, first + i)));
      }
      return keys;
    } finally {
      kdf.forget();
      Arrays.fill(key, (byte) 0);
    }
  }

  /** EncDBKey, then SigDBKey; the caller zeroes them. */
  byte[] encode() {
    byte[] first = copy(enc);
    byte[] second = copy(sig);
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    Arrays.fill(first, (byte) 0);
    Arrays.fill(second, (byte) 0);
    return both;
  }

  @Override
  public void close() {
    long stamp = lock.writeLock();
    try {
      destroyed = true;
      Arrays.fill(enc, (byte) 0);
      Arrays.fill(sig, (byte) 0);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private void deriveAll(
      byte[] master,
      Kdf.Half half,
      Bytes volume,
      List<GrubRequest> requests,
      List<Bytes> rnds,
      byte[][] target) {
    byte[] key = copy(master);
    Kdf kdf = Kdf.current();
    try {
      kdf.under(key);
      for (int i = 0; i < target.length; i++) {
        GrubRequest request = requests.get(i);
        target[i] = kdf.file(half, volume, request.uid(), rnds.get(i), request.epoch());
      }
    } finally {
      kdf.forget();
      Arrays.fill(key, (byte) 0);
    }
  }

  private static void wipe(byte[][] keys) {
    for (byte[] key : keys) {
      if (key != null) {
        Arrays.fill(key, (byte) 0);
      }
    }
  }

  private byte[] copy(byte[] master) {
    byte[] key = new byte[Kdf.KEY_LENGTH];
    long stamp = lock.tryOptimisticRead();
    boolean gone = destroyed;
    System.arraycopy(master, 0, key, 0, key.length);
    if (stamp == 0 || gone || !lock.validate(stamp)) {
      Arrays.fill(key, (byte) 0);
      throw new IllegalStateException("the channel to the element is closed");
    }
    return key;
  }
}
