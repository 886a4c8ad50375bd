// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.crypto.SectorKey;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.TagPage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Groups of pending sectors in the scratch file, by AES-256-GCM (NIST SP 800-38D) under a key that
 * is drawn for it and kept nowhere. No record names them; they die with the transaction.
 *
 * <p>Each write has the next number as its nonce, which its {@link Ticket} remembers with the tag,
 * so an older group put back, or another one, does not authenticate. A group is written to the same
 * slot each time: it has not left memory before it is there.
 *
 * <p>Thread safety: guarded by the file's lock.
 */
final class PendingSpill {

  private static final int SLOT = 2 * Scratch.BLOCK;
  private static final int LONGEST = Layout.FANOUT * PendingGroup.SECTOR_BYTES;

  /** Where a group was written, and what authenticates it. */
  static final class Ticket {
    private final long address;
    private final byte[] seal = new byte[TagPage.ENTRY];
    private int count;

    private Ticket(long address) {
      this.address = address;
    }
  }

  private final FileNode node;
  private final SectorKey key = SectorKey.drawn();
  private final byte[] clear = new byte[LONGEST];
  private final byte[] cipher = new byte[LONGEST + SectorCipher.TAG];
  private final ArrayDeque<Ticket> free = new ArrayDeque<>();
  private long nonces;

  PendingSpill(FileNode node) {
    this.node = node;
  }

  /** A slot for a group, which is not written yet. */
  Ticket ticket() throws IOException {
    Ticket used = free.poll();
    return used != null ? used : new Ticket(node.volume.scratch.reserve(SLOT));
  }

  void release(Ticket ticket) {
    free.push(ticket);
  }

  /** Gives a slot back to the scratch file. */
  void giveBack(Ticket ticket) {
    node.volume.scratch.release(ticket.address, SLOT);
  }

  void write(PendingGroup group, Ticket ticket) throws IOException {
    int length = group.encode(clear);
    byte[] seal = new byte[TagPage.ENTRY];
    ByteBuffer.wrap(seal).putLong(SectorCipher.NONCE - Long.BYTES, ++nonces);
    key.encryptSector(seal, 0, context(group.leaf), clear, 0, length, cipher, 0);
    node.volume.scratch.write(ticket.address, cipher, 0, length);
    ticket.count = group.count();
    System.arraycopy(seal, 0, ticket.seal, 0, seal.length);
  }

  PendingGroup read(long leaf, Ticket ticket) throws IOException {
    int length = ticket.count * PendingGroup.SECTOR_BYTES;
    int read = node.volume.scratch.read(ticket.address, cipher, 0, length);
    byte[] context = context(leaf);
    if (read < length || !key.decryptSector(ticket.seal, 0, context, cipher, 0, clear, 0, length)) {
      long size = node.layout.sectorBytes();
      throw node.damaged(
          "scratch file",
          -1,
          PendingGroup.firstOf(leaf) * size,
          PendingGroup.endOf(leaf) * size,
          "what the transaction keeps there was changed from outside; it can only be discarded");
    }
    return PendingGroup.decode(leaf, ticket.count, clear);
  }

  private static byte[] context(long leaf) {
    return ByteBuffer.allocate(Long.BYTES).putLong(leaf).array();
  }

  /** Gives the slots back that no group has, and forgets the key. */
  void close() {
    free.forEach(this::giveBack);
    free.clear();
    key.close();
  }
}
