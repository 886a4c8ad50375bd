// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.crypto;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.Grub;

/**
 * The keys of one secure file at one epoch: subkeys of EncGrub and SigGrub, one for each purpose.
 *
 * <p>Thread safety: thread-safe as long as nobody uses them while they are closed; the nonce
 * sources made from them are not.
 */
public final class FileKeys implements AutoCloseable {

  private final SectorKey content;
  private final AesKey header;
  private final byte[] contentNonce;
  private final byte[] headerNonce;
  private final SecretBytes randomness;
  private final byte[] names;
  private final MacKey tree;
  private final MacKey headerMac;
  private final MacKey commitment;

  private FileKeys(byte[] enc, byte[] sig, SecretBytes randomness) {
    content = SectorKey.of(enc);
    header = new AesKey(Subkeys.derive(enc, "header"));
    contentNonce = Subkeys.derive(enc, "content nonce");
    headerNonce = Subkeys.derive(enc, "header nonce");
    names = Subkeys.derive(enc, "names");
    tree = new MacKey(Subkeys.derive(sig, "tree"));
    headerMac = new MacKey(Subkeys.derive(sig, "header mac"));
    byte[] both = new byte[enc.length + sig.length];
    System.arraycopy(enc, 0, both, 0, enc.length);
    System.arraycopy(sig, 0, both, enc.length, sig.length);
    commitment = new MacKey(Subkeys.derive(both, "commitment"));
    java.util.Arrays.fill(both, (byte) 0);
    this.randomness = randomness.copy();
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
    return content;
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
    SectorCipher.encrypt(header, nonce, 0, aad, body, 0, body.length, out, outOffset);
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
    return SectorCipher.decrypt(header, nonce, 0, aad, in, inOffset, body.length, body, 0);
  }

  /**
   * The key of the integrity tree.
   *
   * @return the key, owned by this
   */
  public MacKey tree() {
    return tree;
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
    return names.clone();
  }

  /**
   * Nonces for sectors.
   *
   * @param starts starts that the key has had
   * @param total nonces that the key has had
   * @return a source that continues from there
   */
  public NonceSource contentNonces(long starts, long total) {
    return new NonceSource(contentNonce.clone(), randomness, starts, total);
  }

  /**
   * Nonces for headers.
   *
   * @param starts starts that the key has had
   * @param total nonces that the key has had
   * @return a source that continues from there
   */
  public NonceSource headerNonces(long starts, long total) {
    return new NonceSource(headerNonce.clone(), randomness, starts, total);
  }

  @Override
  public void close() {
    content.close();
    header.destroy();
    java.util.Arrays.fill(contentNonce, (byte) 0);
    java.util.Arrays.fill(headerNonce, (byte) 0);
    java.util.Arrays.fill(names, (byte) 0);
    tree.close();
    headerMac.close();
    commitment.close();
    randomness.close();
  }
}
