// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Layout;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.store.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the image of a secure file in one pass over its sectors, in ascending order, and verifies
 * all of it: header, tree, sectors, and the digest over their ciphertext.
 *
 * <p>Thread safety: confined to one thread.
 */
public final class ImageReader implements AutoCloseable {

  private static final int BATCH = 512 << 10;

  /** Takes the sectors. */
  @FunctionalInterface
  public interface Sink {

    /**
     * Takes a sector that is no hole; all of it is verified, but the file as a whole not before
     * {@link ImageReader#sectors} has returned.
     *
     * @param sector its index
     * @param clear holds its content, overwritten afterwards
     * @param length how much of it belongs to the file
     * @param flags as in its entry
     * @throws IOException if it cannot be taken
     */
    void sector(long sector, byte[] clear, int length, int flags) throws IOException;
  }

  private final StoreFile source;
  private final String name;
  private final long base;
  private final Prelude prelude;
  private final FileHeader header;
  private final FileKeys keys;
  private final Layout layout;
  private final long sectors;
  private final MessageDigest digest = Digests.sha256();
  private final byte[] batch;
  private final byte[] single;
  private final byte[] clear;
  private long end;

  private ImageReader(
      StoreFile source, String name, Prelude prelude, FileHeader header, FileKeys keys) {
    this.source = source;
    this.name = name;
    this.base = 2L * prelude.length();
    this.prelude = prelude;
    this.header = header;
    this.keys = keys;
    layout = header.layout();
    sectors = layout.sectors(header.length);
    int size = layout.sectorBytes();
    batch = new byte[Math.max(BATCH, size) / size * size];
    single = new byte[size + SectorCipher.TAG];
    clear = new byte[size];
    end = 2L * header.headerBytes;
  }

  /**
   * Refuses a file that was cut or got longer, before anybody notes that it is being received.
   *
   * @param source the file
   * @param name its name, for messages
   * @param prelude its authentic prelude
   * @throws IntegrityException if its length is not what the prelude says
   * @throws IOException if it cannot be read
   */
  static void requireWhole(StoreFile source, String name, Prelude prelude) throws IOException {
    long length = 2L * prelude.length() + prelude.imageLength();
    if (source.size() != length) {
      throw new IntegrityException(
          name,
          "image",
          -1,
          -1,
          -1,
          "the file has " + source.size() + " bytes and was sent with " + length);
    }
  }

  /**
   * Opens the image of a transient file.
   *
   * @param source the file, which stays the caller's
   * @param name its name, for messages
   * @param prelude its authentic prelude
   * @param key its file key
   * @return the image, whose header is verified
   * @throws IntegrityException if neither copy of the header is the one that was sent
   * @throws FormatVersionException if a later release wrote it
   * @throws IOException if it cannot be read
   */
  static ImageReader open(StoreFile source, String name, Prelude prelude, TransientKey key)
      throws IOException {
    requireWhole(source, name, prelude);
    String problem = "";
    FormatVersionException later = null;
    for (int copy = 0; copy < 2; copy++) {
      byte[] bytes = new byte[prelude.headerBytes()];
      long at = 2L * prelude.length() + (long) copy * prelude.headerBytes();
      source.read(at, bytes, 0, bytes.length);
      try {
        return open(source, name, prelude, key, bytes);
      } catch (FileHeader.Refused e) {
        problem = String.valueOf(e.getMessage());
      } catch (FormatVersionException e) {
        later = e;
      }
    }
    if (later != null) {
      throw later;
    }
    throw new IntegrityException(name, "header", -1, -1, -1, problem);
  }

  private static ImageReader open(
      StoreFile source, String name, Prelude prelude, TransientKey key, byte[] copy)
      throws FileHeader.Refused, FormatVersionException {
    FileHeader.Clear clear = FileHeader.clearTransient(name, copy);
    try (SecretBytes none = SecretBytes.adopt(new byte[MacKey.LENGTH])) { // nothing is encrypted
      FileKeys keys = key.fileKeys(prelude.transientId(), clear.uid(), clear.rnd(), none);
      try {
        FileHeader header = FileHeader.decodeTransient(name, copy, keys);
        String problem = problem(header, copy, prelude);
        if (problem != null) {
          throw new FileHeader.Refused(problem);
        }
        return new ImageReader(source, name, prelude, header, keys);
      } catch (FileHeader.Refused | FormatVersionException | RuntimeException e) {
        keys.close();
        throw e;
      }
    }
  }

  private static @Nullable String problem(FileHeader header, byte[] copy, Prelude prelude) {
    int used = ByteBuffer.wrap(copy).getInt(FileHeader.USED);
    Bytes signature = Bytes.copyOf(copy, used - MacKey.LENGTH, MacKey.LENGTH);
    if (!signature.equals(prelude.headerSignature())) {
      return "it is not the one that was signed";
    }
    List<String> wrong = new ArrayList<>();
    check(wrong, "header length", header.headerBytes == prelude.headerBytes());
    check(wrong, "scope", header.scope == KeyScope.FILE);
    check(wrong, "volume id", header.volume.equals(prelude.transientId()));
    check(wrong, "epoch", header.epoch == 0);
    check(wrong, "generation", header.generation == 1);
    check(wrong, "version", header.version == 0);
    check(wrong, "flags", !header.attributeStream && header.system == null);
    check(wrong, "type", header.type == FileType.FILE);
    check(wrong, "owner", header.owner == 0);
    check(wrong, "group", header.group == 0);
    check(wrong, "parent", isZero(header.parent));
    check(wrong, "coded name", isZero(header.codedName));
    check(wrong, "names key", isZero(Bytes.copyOf(header.namesKey)));
    check(wrong, "stream", header.stream == null);
    check(wrong, "stamp", header.stamp == 0);
    check(wrong, "name", !header.name.isEmpty());
    return wrong.isEmpty() ? null : "it is none of a transient file: " + String.join(", ", wrong);
  }

  private static void check(List<String> wrong, String field, boolean asItShallBe) {
    if (!asItShallBe) {
      wrong.add(field);
    }
  }

  private static boolean isZero(Bytes bytes) {
    return bytes.equals(Bytes.copyOf(new byte[bytes.length()]));
  }

  /**
   * The image's header.
   *
   * @return it, owned by this
   */
  public FileHeader header() {
    return header;
  }

  /**
   * Reads all sectors.
   *
   * @param sink takes them
   * @throws IntegrityException if anything is not as it was sent
   * @throws IOException if the file cannot be read, or the sink fails
   */
  public void sectors(Sink sink) throws IOException {
    int inline = (int) Math.min(sectors, Layout.INLINE);
    requireHoles(header.inline, inline * TagPage.ENTRY, header.inline.length);
    run(0, header.inline, 0, inline, sink);
    long leaves = Layout.leaves(sectors);
    if (leaves > 0) {
      node(Layout.height(leaves), 0, header.root, 0, sink);
    } else {
      requireHoles(header.root, 0, header.root.length);
    }
    if (end != prelude.imageLength()) {
      throw damaged("image", -1, "it ends at " + end + ", not at " + prelude.imageLength());
    }
    if (!Bytes.copyOf(digest.digest()).equals(prelude.contentDigest())) {
      throw damaged("content digest", -1, "the content is not the one that was signed");
    }
  }

  private void requireHoles(byte[] entries, int from, int to) throws IntegrityException {
    for (int i = from; i < to; i++) {
      if (entries[i] != 0) {
        throw damaged("tree", -1, "there are entries behind the end of the file");
      }
    }
  }

  private void node(int level, long index, byte[] digests, int offset, Sink sink)
      throws IOException {
    if (TagPage.isNull(digests, offset)) {
      return;
    }
    byte[] page = new byte[Layout.TAG_PAGE];
    long position = layout.nodePosition(level, index);
    source.read(base + position, page, 0, page.length);
    end = Math.max(end, position + page.length);
    boolean authentic = keys.tree().verify(page, 0, page.length, digests, offset);
    if (!authentic || !TagPage.isFor(page, level, index, header.uid, header.epoch)) {
      String check = level == 0 ? "tag page" : "tree node";
      throw damaged(check, -1, "page " + index + " of level " + level + " is not as it was sent");
    }
    long below = level == 0 ? sectors : Layout.nodes(Layout.leaves(sectors), level - 1);
    long first = level == 0 ? Layout.firstSector(index) : index * Layout.FANOUT;
    int count = (int) Math.min(Layout.FANOUT, below - first);
    requireHoles(page, TagPage.offset(count), page.length);
    if (level == 0) {
      run(first, page, TagPage.ENTRIES, count, sink);
      return;
    }
    for (int slot = 0; slot < count; slot++) {
      node(level - 1, first + slot, page, TagPage.offset(slot), sink);
    }
  }

  /** Reads sectors that lie one behind the other, holes left out. */
  private void run(long first, byte[] entries, int offset, int count, Sink sink)
      throws IOException {
    int size = layout.sectorBytes();
    int most = batch.length / size;
    for (int slot = 0; slot < count; ) {
      int stop = slot;
      while (stop < count
          && stop - slot < most
          && !TagPage.isNull(entries, offset + stop * TagPage.ENTRY)) {
        stop++;
      }
      if (stop == slot) {
        slot++;
        continue;
      }
      int bytes = (stop - slot) * size;
      long position = layout.sectorPosition(first + slot);
      int got = source.read(base + position, batch, 0, bytes);
      end = Math.max(end, position + bytes);
      Arrays.fill(batch, got, bytes, (byte) 0);
      digest.update(batch, 0, bytes);
      for (int i = slot; i < stop; i++) {
        sector(first + i, entries, offset + i * TagPage.ENTRY, (i - slot) * size, sink);
      }
      slot = stop;
    }
  }

  private void sector(long sector, byte[] entries, int entry, int at, Sink sink)
      throws IOException {
    int size = layout.sectorBytes();
    int flags = TagPage.flags(entries, entry);
    if (TagPage.isLost(entries, entry)) {
      throw damaged("sector", sector, "it was lost before it was sent");
    }
    if (!TagPage.isReadable(flags)) {
      throw new FormatVersionException(
          name, FileHeader.FORMAT + " with sector flags " + flags, FileHeader.FORMAT);
    }
    System.arraycopy(batch, at, single, 0, size);
    byte[] context = TagPage.sectorContext(header.uid, header.epoch, sector, entries, entry);
    if (!TagPage.isWithin(entries, entry, size)
        || !keys.content().decryptSector(entries, entry, context, single, 0, clear, 0, size)) {
      throw damaged("sector", sector, "it is not as it was sent");
    }
    sink.sector(sector, clear, (int) Math.min(size, header.length - sector * size), flags);
  }

  private IntegrityException damaged(String check, long sector, String detail) {
    int size = layout.sectorBytes();
    return sector < 0
        ? new IntegrityException(name, check, -1, -1, -1, detail)
        : new IntegrityException(
            name,
            check,
            sector,
            sector * size,
            Math.min(header.length, (sector + 1) * size),
            detail);
  }

  /** Zeroes the keys and what was read. */
  @Override
  public void close() {
    keys.close();
    header.attributes.erase();
    Arrays.fill(clear, (byte) 0);
  }
}
