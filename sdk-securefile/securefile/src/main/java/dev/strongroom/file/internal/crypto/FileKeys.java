// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Grub;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one secure file at one epoch: subkeys of EncGrub and SigGrub, one for each purpose,
 * derived when they are first used.
 *
 * <p>Thread safety: thread-safe as long as nobody uses them while they are closed; the nonce
 * sources made from them are not.
 */
public final class FileKeys implements AutoCloseable {

  private final MacKey enc;
  private final MacKey sig;
  private final SecretBytes randomness;
  private final AesKey header;
  private final MacKey headerMac;
  private final MacKey commitment;
  private volatile @Nullable SectorKey content;
  private @Nullable MacKey tree; // guarded by this
  private volatile boolean closed;

  private FileKeys(byte[] encGrub, byte[] sigGrub, SecretBytes randomness) {
    enc = Subkeys.extract(encGrub);
    sig = Subkeys.extract(sigGrub);
    header = new AesKey(Subkeys.expand(enc, "header"));
    headerMac = new MacKey(Subkeys.expand(sig, "header mac"));
    byte[] both = new byte[encGrub.length + sigGrub.length];
    System.arraycopy(encGrub, 0, both, 0, encGrub.length);
    System.arraycopy(sigGrub, 0, both, encGrub.length, sigGrub.length);
    commitment = new MacKey(Subkeys.derive(both, "commitment"));
    Arrays.fill(both, (byte) 0);
    this.randomness = randomness.copy();
  }

  private byte[] expand(MacKey from, String label) {
    if (closed) {
      throw new IllegalStateException("the keys are closed");
    }
    return Subkeys.expand(from, label);
  }

  private synchronized SectorKey deriveContent() {
    SectorKey key = content;
    if (key == null) {
      key = new SectorKey(expand(enc, SectorKey.LABEL));
      content = key;
    }
    return key;
  }

  /**
   * Derives the keys; the answer can be closed afterwards.
   *
   * @param grub the element's answer
   * @return the keys
   */
  public static FileKeys of(Grub grub) {
    return grub.enc().use(enc -> grub.sig().use(sig -> new FileKeys(enc, sig, grub.randomness())));
  }

  /**
   * The key of all sectors, if the file's pages have no keys of their own.
   *
   * @return the key, owned by this
   */
  public SectorKey content() {
    SectorKey key = content;
    return key != null ? key : deriveContent();
  }

  /**
   * Encrypts a header's body.
   *
   * @param nonce 12 bytes
   * @param aad the header's clear part
   * @param body the clear body
   * @param out room for the body and a tag
   * @param outOffset where
   */
  public void encryptHeader(byte[] nonce, byte[] aad, byte[] body, byte[] out, int outOffset) {
    SectorCipher.HEADERS.encrypt(header, nonce, 0, aad, body, 0, body.length, out, outOffset);
  }

  /**
   * Decrypts a header's body.
   *
   * @param nonce 12 bytes
   * @param aad the header's clear part
   * @param in body and tag
   * @param inOffset where they begin
   * @param body takes the clear body
   * @return whether it is authentic
   */
  public boolean decryptHeader(byte[] nonce, byte[] aad, byte[] in, int inOffset, byte[] body) {
    return SectorCipher.HEADERS.decrypt(header, nonce, 0, aad, in, inOffset, body.length, body, 0);
  }

  /**
   * The key of the integrity tree.
   *
   * @return the key, owned by this
   */
  public synchronized MacKey tree() {
    MacKey key = tree;
    if (key == null) {
      key = new MacKey(expand(sig, "tree"));
      tree = key;
    }
    return key;
  }

  /**
   * The key that signs headers.
   *
   * @return the key, owned by this
   */
  public MacKey headerMac() {
    return headerMac;
  }

  /**
   * The key that commits to all keys of the file.
   *
   * @return the key, owned by this
   */
  public MacKey commitment() {
    return commitment;
  }

  /**
   * The key of a new directory's coded names.
   *
   * @return a copy of 32 bytes
   */
  public byte[] namesKey() {
    return expand(enc, "names");
  }

  /**
   * Nonces for sectors.
   *
   * @param starts starts that the key has had
   * @param total nonces that the key has had
   * @return a source that continues from there
   */
  public NonceSource contentNonces(long starts, long total) {
    return new NonceSource(() -> expand(enc, "content nonce"), randomness, starts, total);
  }

  /**
   * Nonces for headers.
   *
   * @param starts starts that the key has had
   * @param total nonces that the key has had
   * @return a source that continues from there
   */
  public NonceSource headerNonces(long starts, long total) {
    return new NonceSource(() -> expand(enc, "header nonce"), randomness, starts, total);
  }

  @Override
  public synchronized void close() {
    closed = true;
    enc.close();
    sig.close();
    randomness.close();
    header.destroy();
    headerMac.close();
    commitment.close();
    if (content != null) {
      content.close();
    }
    if (tree != null) {
      tree.close();
    }
  }
}
