// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.keys.KeyId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The use of managed keys of a session: each command waits for who holds the element, and ends with
 * the session.
 *
 * <p>Thread safety: thread-safe.
 */
final class SessionKeyUse implements KeyUseCommands {

  private final ElementSession session;
  private final ElementCommands commands;

  SessionKeyUse(ElementSession session, ElementCommands commands) {
    this.session = session;
    this.commands = commands;
  }

  @Override
  public void encrypt(
      KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyUse().encrypt(head, key, aad, text, target);
          return true;
        });
  }

  @Override
  public void decrypt(
      KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyUse().decrypt(head, key, aad, text, target);
          return true;
        });
  }

  @Override
  public TextParts beginEncrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer iv)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE,
        () -> new SessionTextParts(session, commands.keyUse().beginEncrypt(head, key, aad, iv)));
  }

  @Override
  public TextParts beginDecrypt(KeyUseHead head, KeyId key, ByteBuffer aad, ByteBuffer iv)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE,
        () -> new SessionTextParts(session, commands.keyUse().beginDecrypt(head, key, aad, iv)));
  }

  @Override
  public void makeMac(KeyUseHead head, KeyId key, ByteBuffer message, ByteBuffer target)
      throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyUse().makeMac(head, key, message, target);
          return true;
        });
  }

  @Override
  public boolean verifyMac(KeyUseHead head, KeyId key, ByteBuffer mac, ByteBuffer message)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE, () -> commands.keyUse().verifyMac(head, key, mac, message));
  }

  @Override
  public MessageParts<Bytes> beginMac(KeyUseHead head, KeyId key) throws StrongroomException {
    return session.run(
        Capability.KEY_STORE,
        () -> new SessionMessageParts<>(session, commands.keyUse().beginMac(head, key)));
  }

  @Override
  public MessageParts<Boolean> beginVerifyMac(KeyUseHead head, KeyId key, Bytes mac)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE,
        () -> new SessionMessageParts<>(session, commands.keyUse().beginVerifyMac(head, key, mac)));
  }

  @Override
  public Bytes sign(KeyUseHead head, KeyId key, ByteBuffer message) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyUse().sign(head, key, message));
  }

  @Override
  public SecretBytes agree(KeyUseHead head, KeyId key, AgreementSide side, Bytes publicKey)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE, () -> commands.keyUse().agree(head, key, side, publicKey));
  }

  @Override
  public Bytes wrap(KeyUseHead head, KeyId key, KeyWrapForm form, SecretBytes value)
      throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyUse().wrap(head, key, form, value));
  }

  @Override
  public SecretBytes unwrap(KeyUseHead head, KeyId key, KeyWrapForm form, Bytes wrapped)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE, () -> commands.keyUse().unwrap(head, key, form, wrapped));
  }

  @Override
  public DataKey newDataKey(KeyUseHead head, KeyId key, int length, Bytes context)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE, () -> commands.keyUse().newDataKey(head, key, length, context));
  }

  @Override
  public SecretBytes openDataKey(KeyUseHead head, KeyId key, Bytes wrapped, Bytes context)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE, () -> commands.keyUse().openDataKey(head, key, wrapped, context));
  }

  @Override
  public void rewrapText(
      KeyUseHead head, KeyId from, KeyId to, ByteBuffer aad, ByteBuffer text, ByteBuffer target)
      throws StrongroomException {
    session.run(
        Capability.KEY_STORE,
        () -> {
          commands.keyUse().rewrapText(head, from, to, aad, text, target);
          return true;
        });
  }

  @Override
  public Bytes rewrapDataKey(KeyUseHead head, KeyId from, KeyId to, Bytes wrapped, Bytes context)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE,
        () -> commands.keyUse().rewrapDataKey(head, from, to, wrapped, context));
  }

  @Override
  public Bytes rewrapFileKey(KeyUseHead head, KeyId from, KeyId to, Bytes wrapped)
      throws StrongroomException {
    return session.run(
        Capability.KEY_STORE, () -> commands.keyUse().rewrapFileKey(head, from, to, wrapped));
  }

  @Override
  public Bytes confirm(KeyId key, Bytes challenge) throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyUse().confirm(key, challenge));
  }

  @Override
  public <R> List<KeyAnswer<R>> batch(KeyUseHead head, List<KeyRequest<R>> requests)
      throws StrongroomException {
    return session.run(Capability.KEY_STORE, () -> commands.keyUse().batch(head, requests));
  }
}
