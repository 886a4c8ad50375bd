// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.device.DecryptionFailedException;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.keys.KeyCircumstances.Acknowledgement;
import dev.strongroom.core.keys.KeyId;
import dev.strongroom.core.keys.KeyOperation;
import java.util.List;

/**
 * GRUB for files whose keys come from a file key that is wrapped under a managed key, {@code
 * docs/spec/element-protocol.md}, 2.4, and {@code docs/spec/key-store.md}, 9.2.
 *
 * <p>Thread safety: thread-safe.
 */
final class ManagedFileKeys {

  private final ElementApplication application;
  private final KeyGate gate;

  ManagedFileKeys(ElementApplication application) {
    this.application = application;
    this.gate = new KeyGate(application);
  }

  /** The pair of a file; draws its file key, and its RND, where they are not there yet. */
  Grub grub(Login login, Bytes volume, GrubRequest request, ManagedFileKey key)
      throws StrongroomException {
    Bytes rnd = request.rnd();
    GrubRequest file =
        rnd != null
            ? request
            : new GrubRequest(
                request.uid(), Bytes.copyOf(drawn(GrubRequest.RND_LENGTH)), request.epoch());
    if (key.wrapped() != null) {
      try (SecretBytes fileKey = unwrap(login, key);
          SecretBytes randomness = SecretBytes.adopt(drawn(Grub.SECRET_LENGTH))) {
        return Grub.of(fileKey, volume, file, randomness);
      }
    }
    try (SecretBytes fileKey = SecretBytes.adopt(drawn(Grub.SECRET_LENGTH));
        SecretBytes randomness = SecretBytes.adopt(drawn(Grub.SECRET_LENGTH))) {
      Bytes wrapped =
          gate.use(
              login,
              new KeyId(key.keyId()),
              KeyOperation.WRITE_FILE,
              Acknowledgement.NONE,
              (table, entry) -> {
                try (SecretBytes kek = KeyWrapping.fileKey(table, entry)) {
                  return AesKeyWrap.wrap(kek, fileKey);
                }
              });
      Grub made = Grub.of(fileKey, volume, file, randomness);
      return new Grub(made.rnd(), made.enc(), made.sig(), made.randomness(), wrapped);
    }
  }

  /** The keys of pages of a file. */
  List<SecretBytes> pages(
      Login login, Bytes volume, GrubRequest file, ManagedFileKey key, long first, int count)
      throws StrongroomException {
    try (SecretBytes fileKey = unwrap(login, key)) {
      return Grub.pages(fileKey, volume, file, first, count);
    }
  }

  private SecretBytes unwrap(Login login, ManagedFileKey key) throws StrongroomException {
    Bytes wrapped = key.wrapped();
    if (wrapped == null) {
      throw new IllegalArgumentException("the file has its file key before its pages have keys");
    }
    return gate.use(
        login,
        new KeyId(key.keyId()),
        key.intent() == ManagedFileKey.Intent.WRITE
            ? KeyOperation.WRITE_FILE
            : KeyOperation.READ_FILE,
        key.intent() == ManagedFileKey.Intent.READ_ACKNOWLEDGED
            ? Acknowledgement.GIVEN
            : Acknowledgement.NONE,
        (table, entry) -> {
          try (SecretBytes kek = KeyWrapping.fileKey(table, entry);
              SecretBytes fileKey =
                  AesKeyWrap.unwrap(kek, wrapped).orElseThrow(DecryptionFailedException::new)) {
            if (fileKey.length() != Grub.SECRET_LENGTH) {
              throw new DecryptionFailedException();
            }
            return fileKey.copy();
          }
        });
  }

  private byte[] drawn(int length) {
    byte[] bytes = new byte[length];
    application.random().nextBytes(bytes);
    return bytes;
  }
}
