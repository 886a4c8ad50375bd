// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.KeyId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Uses of managed keys inside an element; {@code docs/spec/key-store.md}, 3 and 9, instructions B2
 * to BC, and CONFIRM.
 *
 * <p>Texts are what remains in a buffer. It is used up when a method returns; the answer is put
 * into the target, whose position moves past it. Text and target do not overlap. When a method
 * throws, positions and the content of the target are undefined.
 *
 * <p>A text or message may be of any length: over APDUs, what is longer than one command takes goes
 * in parts by itself. AAD, and what is signed or rewrapped, goes with one command, which takes
 * {@value ElementProtocol#MAX_DATA} bytes.
 *
 * <p>A use counts against the key's limit and its group's lease before it is made. So no use is
 * asked again by itself when its answer was lost: whoever asks again, uses the key again.
 *
 * <p>Thread safety: thread-safe; an element in this process works for several threads at once.
 */
public interface KeyUseCommands {

  /**
   * ENCRYPT: AES-GCM (NIST SP 800-38D) with a random IV that the element draws.
   *
   * @param head time and acknowledgement
   * @param key with usage encryption
   * @param aad authenticated with the text, at most 65,535 bytes
   * @param text the plaintext
   * @param target for IV 12 | ciphertext | tag 16, 28 bytes more than the text
   * @throws IllegalArgumentException if the target is too small, or the AAD too long
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void encrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException;

  /**
   * DECRYPT.
   *
   * @param head time and acknowledgement
   * @param key with usage encryption
   * @param aad as when it was encrypted
   * @param text IV 12 | ciphertext | tag 16
   * @param target for the plaintext, 28 bytes less than the text
   * @throws IllegalArgumentException if the text has less than 28 bytes, the target is too small,
   *     or the AAD too long
   * @throws DecryptionFailedException if the tag is not right; the target has nothing of the
   *     plaintext
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void decrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException;

  /**
   * ENCRYPT in parts.
   *
   * @param head time and acknowledgement
   * @param key with usage encryption
   * @param aad authenticated with the text, at most 65,535 bytes
   * @param iv for the IV that the element has drawn, which takes the next 12 bytes; may be the
   *     buffer into which the text goes
   * @return where the parts go
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  TextParts beginEncrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer iv)
      throws StrongroomException;

  /**
   * DECRYPT in parts. Nothing that comes out is to be believed before {@link TextParts#finish} has
   * returned.
   *
   * @param head time and acknowledgement
   * @param key with usage encryption
   * @param aad as when it was encrypted
   * @param iv the IV is its next 12 bytes; may be the buffer from which the text comes
   * @return where the parts go
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  TextParts beginDecrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer iv)
      throws StrongroomException;

  /**
   * MAKE MAC: HMAC (FIPS 198-1) in its whole length.
   *
   * @param head time and acknowledgement
   * @param key with usage MAC
   * @param message what is authenticated
   * @param target for 32, 48 or 64 bytes
   * @throws IllegalArgumentException if the target is too small
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void makeMac(KeyUseHead head, KeyId key, ByteBuffer message, ByteBuffer target)
      throws StrongroomException;

  /**
   * VERIFY MAC.
   *
   * @param head time and acknowledgement
   * @param key with usage MAC
   * @param mac from the left {@value KeyStoreProtocol#MIN_MAC_LENGTH} bytes to the whole length
   * @param message what is authenticated
   * @return whether it is right
   * @throws IllegalArgumentException if the MAC has another length
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  boolean verifyMac(KeyUseHead head, KeyId key, ByteBuffer mac, ByteBuffer message)
      throws StrongroomException;

  /**
   * MAKE MAC in parts.
   *
   * @param head time and acknowledgement
   * @param key with usage MAC
   * @return where the parts go; the result is the MAC
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  MessageParts<Bytes> beginMac(KeyUseHead head, KeyId key) throws StrongroomException;

  /**
   * VERIFY MAC in parts.
   *
   * @param head time and acknowledgement
   * @param key with usage MAC
   * @param mac from the left {@value KeyStoreProtocol#MIN_MAC_LENGTH} bytes to the whole length
   * @return where the parts go; the result is whether the MAC is right
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  MessageParts<Boolean> beginVerifyMac(KeyUseHead head, KeyId key, Bytes mac)
      throws StrongroomException;

  /**
   * SIGN: ECDSA (FIPS 186-5) or Ed25519 (RFC 8032).
   *
   * @param head time and acknowledgement
   * @param key with usage signature
   * @param message for P-256 a digest of 32 bytes, for P-384 one of 48, for Ed25519 the message
   * @return R | S of 64 or 96 bytes, or the signature of RFC 8032
   * @throws IllegalArgumentException if all of it is longer than one command takes
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the digest has another length, the user's PIN has not been
   *     verified, or the link fails
   */
  Bytes sign(KeyUseHead head, KeyId key, ByteBuffer message) throws StrongroomException;

  /**
   * AGREE: ECDH (NIST SP 800-56A) or X25519 (RFC 7748).
   *
   * @param head time and acknowledgement
   * @param key with usage key agreement
   * @param side whether something is protected now, or was by somebody else
   * @param publicKey of the other party, encoded as {@link KeyStoreCommands#publicKey}
   * @return the X coordinate, or X25519's result, which the caller closes
   * @throws DecryptionFailedException if it is no point of the curve, or the result is zero
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  SecretBytes agree(KeyUseHead head, KeyId key, AgreementSide side, Bytes publicKey)
      throws StrongroomException;

  /**
   * WRAP a key that the host has.
   *
   * @param head time and acknowledgement
   * @param key with usage key wrapping
   * @param form RFC 3394 or 5649
   * @param value for RFC 3394 a multiple of 8 bytes, at least 16; for RFC 5649 at least 1
   * @return the wrapped key
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Bytes wrap(KeyUseHead head, KeyId key, KeyWrapForm form, SecretBytes value)
      throws StrongroomException;

  /**
   * UNWRAP a key for the host.
   *
   * @param head time and acknowledgement
   * @param key with usage key wrapping
   * @param form RFC 3394 or 5649
   * @param wrapped the wrapped key
   * @return the key, which the caller closes
   * @throws DecryptionFailedException if it does not unwrap
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  SecretBytes unwrap(KeyUseHead head, KeyId key, KeyWrapForm form, Bytes wrapped)
      throws StrongroomException;

  /**
   * NEW DATA KEY: draws a key for the host.
   *
   * @param head time and acknowledgement
   * @param key with usage data keys
   * @param length 16, 24, 32, 48 or 64
   * @param context what it is for
   * @return the key, in clear and wrapped, which the caller closes
   * @throws IllegalArgumentException for another length
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  DataKey newDataKey(KeyUseHead head, KeyId key, int length, Bytes context)
      throws StrongroomException;

  /**
   * OPEN DATA KEY.
   *
   * @param head time and acknowledgement
   * @param key with usage data keys
   * @param wrapped as it was made
   * @param context as it was made
   * @return the key, which the caller closes
   * @throws DecryptionFailedException if it does not unwrap with this key and context
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  SecretBytes openDataKey(KeyUseHead head, KeyId key, Bytes wrapped, Bytes context)
      throws StrongroomException;

  /**
   * REWRAP of a text: from one key to another of the same group, with nothing in clear outside.
   *
   * @param head time and acknowledgement
   * @param from the key that has encrypted it
   * @param to the key that shall
   * @param aad as when it was encrypted
   * @param text IV 12 | ciphertext | tag 16
   * @param target for as many bytes
   * @throws IllegalArgumentException if the text has less than 28 bytes, the target is too small,
   *     or all of it is longer than one command takes
   * @throws DecryptionFailedException if the tag is not right
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  void rewrapText(
      KeyUseHead head, KeyId from, KeyId to, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException;

  /**
   * REWRAP of a data key.
   *
   * @param head time and acknowledgement
   * @param from the key that has wrapped it
   * @param to the key that shall
   * @param wrapped as it was made
   * @param context as it was made
   * @return the data key, wrapped by the other key
   * @throws DecryptionFailedException if it does not unwrap with this key and context
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Bytes rewrapDataKey(KeyUseHead head, KeyId from, KeyId to, Bytes wrapped, Bytes context)
      throws StrongroomException;

  /**
   * REWRAP of a file key of GRUB.
   *
   * @param head time and acknowledgement
   * @param from the key that has wrapped it
   * @param to the key that shall
   * @param wrapped 40 bytes
   * @return the file key, wrapped by the other key, 40 bytes
   * @throws DecryptionFailedException if it does not unwrap
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Bytes rewrapFileKey(KeyUseHead head, KeyId from, KeyId to, Bytes wrapped)
      throws StrongroomException;

  /**
   * CONFIRM: shows that the element has the value of a key, NIST SP 800-57 Part 1 Rev. 5, 7.1.
   *
   * @param key which
   * @param challenge {@value KeyStoreProtocol#MIN_CHALLENGE} to {@value
   *     KeyStoreProtocol#MAX_CHALLENGE} bytes
   * @return HMAC-SHA256 of the challenge under a key that is derived from the value, 32 bytes
   * @throws KeyNotFoundException if there is no such key
   * @throws KeyRefusedException if the rules refuse; nothing was done
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  Bytes confirm(KeyId key, Bytes challenge) throws StrongroomException;

  /**
   * BATCH: one request after the other. One that is refused changes nothing for the others; what
   * ends the login or the link ends the batch.
   *
   * <p>An element in this process executes them one by one; elsewhere they travel together.
   *
   * @param <R> what each answers
   * @param head time and acknowledgement of all of them
   * @param requests all of one kind
   * @return an answer for each request, in order
   * @throws StrongroomException if the user's PIN has not been verified or the link fails
   */
  default <R> List<KeyAnswer<R>> batch(KeyUseHead head, List<KeyRequest<R>> requests)
      throws StrongroomException {
    List<KeyAnswer<R>> answers = new ArrayList<>(requests.size());
    int item = 0;
    for (KeyRequest<R> request : KeyRequest.requireOneKind(requests)) {
      answers.add(request.answer(this, head, item++));
    }
    return answers;
  }
}
