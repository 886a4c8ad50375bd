// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sectors in a temporary file of the host, by AES-256-GCM (NIST SP 800-38D) under a key that is
 * drawn for it and kept nowhere. Each write of a sector has the next number as its nonce, which is
 * remembered, so an older sector put back, or another one, does not authenticate.
 *
 * <p>The file has no name where the system lets an open file lose it; elsewhere it is deleted at
 * the close. The last sector that was touched is kept in clear until another one is.
 *
 * <p>Thread safety: guarded by the scratch file that owns it.
 */
final class EncryptedSpill implements Closeable {

  private static final int SECTOR = 4096;
  private static final int TAG = 16;
  private static final int SLOT = SECTOR + TAG;
  private static final int KEY = 32;
  private static final int NONCE = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path path;

  /** Unlike a channel it is not closed when a thread that uses it is interrupted. */
  private final RandomAccessFile file;

  private final SecretKeySpec key;
  private final Cipher cipher;
  private final byte[] slot = new byte[SLOT];
  private final byte[] clear = new byte[SECTOR];

  /** The nonce of every sector; 0 for one that was never written and reads as zeros. */
  private long[] nonces = new long[64];

  private long lastNonce;
  private long current = -1;
  private boolean changed;

  EncryptedSpill(Path directory) throws IOException {
    byte[] drawn = new byte[KEY];
    RANDOM.nextBytes(drawn);
    key = new SecretKeySpec(drawn, "AES");
    Arrays.fill(drawn, (byte) 0);
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES in GCM", e);
    }
    path = Files.createTempFile(directory, "strongroom", ".scratch");
    file = new RandomAccessFile(path.toFile(), "rw");
    deleteName();
  }

  void read(long position, byte[] target, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int within = within(position + done);
      int part = Math.min(length - done, SECTOR - within);
      load(sector(position + done));
      System.arraycopy(clear, within, target, offset + done, part);
      done += part;
    }
  }

  void write(long position, byte[] source, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int within = within(position + done);
      int part = Math.min(length - done, SECTOR - within);
      long sector = sector(position + done);
      if (part == SECTOR && sector != current) {
        store();
        current = sector;
      } else {
        load(sector);
      }
      System.arraycopy(source, offset + done, clear, within, part);
      changed = true;
      done += part;
    }
  }

  /** Cuts; what grows again reads as zeros. */
  void truncate(long size) throws IOException {
    int within = within(size);
    if (within != 0) {
      load(sector(size));
      Arrays.fill(clear, within, SECTOR, (byte) 0);
      changed = true;
    }
    long keep = (size + SECTOR - 1) / SECTOR;
    if (current >= keep) {
      current = -1;
      changed = false;
      Arrays.fill(clear, (byte) 0);
    }
    if (keep < nonces.length) {
      Arrays.fill(nonces, (int) keep, nonces.length, 0);
    }
    file.setLength(Math.min(file.length(), keep * SLOT));
  }

  private void load(long sector) throws IOException {
    if (sector == current) {
      return;
    }
    store();
    current = -1;
    long nonce = sector < nonces.length ? nonces[(int) sector] : 0;
    if (nonce == 0) {
      Arrays.fill(clear, (byte) 0);
    } else {
      file.seek(sector * SLOT);
      file.readFully(slot);
      try {
        start(Cipher.DECRYPT_MODE, nonce);
        cipher.doFinal(slot, 0, SLOT, clear, 0);
      } catch (AEADBadTagException e) {
        throw new IOException(
            "sector " + sector + " of the temporary file " + path + " was changed from outside", e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a sector cannot be decrypted", e);
      }
    }
    current = sector;
  }

  /** Puts the current sector into its place, if it was changed. */
  private void store() throws IOException {
    if (!changed) {
      return;
    }
    if (current >= nonces.length) {
      nonces = Arrays.copyOf(nonces, Math.max(2 * nonces.length, Math.toIntExact(current + 1)));
    }
    try {
      start(Cipher.ENCRYPT_MODE, ++lastNonce);
      cipher.doFinal(clear, 0, SECTOR, slot, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a sector cannot be encrypted", e);
    }
    file.seek(current * SLOT);
    file.write(slot);
    nonces[(int) current] = lastNonce;
    changed = false;
  }

  private void start(int mode, long nonce) throws GeneralSecurityException {
    byte[] value = ByteBuffer.allocate(NONCE).putLong(NONCE - Long.BYTES, nonce).array();
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG, value));
  }

  private static long sector(long position) {
    return position / SECTOR;
  }

  private static int within(long position) {
    return (int) (position % SECTOR);
  }

  private void deleteName() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      path.toFile().deleteOnExit(); // a system that keeps the names of open files
    }
  }

  @Override
  public void close() throws IOException {
    Arrays.fill(clear, (byte) 0);
    current = -1;
    changed = false;
    try (file) {
      file.setLength(0);
    } finally {
      deleteName();
    }
  }
}
