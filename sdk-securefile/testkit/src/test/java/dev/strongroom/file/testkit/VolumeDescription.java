// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import dev.strongroom.file.ByteRange;
import dev.strongroom.file.DirectoryEntry;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileAttributes;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeElement;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.share.Contact;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * All that an open volume shows, as lines of text that a program in any language can compare: a
 * word, for files their path, then {@code key=value}. Bytes that are not printable ASCII, spaces
 * and {@code %} of paths and names are written as {@code %xx}.
 *
 * <p>Thread safety: confined to one thread.
 */
final class VolumeDescription {

  /** What is said of a volume until it is opened for writing, or by one of its elements. */
  private static final Set<FindingKind> PASSING =
      EnumSet.of(FindingKind.COVERED_BY_JOURNAL, FindingKind.LEDGER);

  private static final int BLOCK = 1 << 20;
  private static final int SECTOR = 4096;

  private final SecureFileSystem volume;
  private final List<String> lines = new ArrayList<>();

  private VolumeDescription(SecureFileSystem volume) {
    this.volume = volume;
  }

  /** Files, directories, links and contacts, and what a check finds. */
  static List<String> of(SecureFileSystem volume) throws IOException {
    VolumeDescription description = new VolumeDescription(volume);
    description.info();
    description.tree("/");
    for (Contact each : volume.contacts().list()) {
      description.lines.add(
          "contact "
              + escape(each.name())
              + " card="
              + sha256(each.card().encode().toByteArray())
              + " added="
              + each.added());
    }
    for (Finding each : volume.check(CheckListener.SILENT).findings()) {
      if (PASSING.contains(each.kind())) {
        continue;
      }
      description.lines.add(
          "finding "
              + escape(each.file())
              + " kind="
              + each.kind().code()
              + " severity="
              + each.severity().name().toLowerCase(Locale.ROOT)
              + " bytes="
              + each.from()
              + "-"
              + each.to());
    }
    return description.lines;
  }

  private void info() {
    VolumeInfo info = volume.info();
    lines.add(
        "volume id="
            + info.id()
            + " format="
            + info.format()
            + " element="
            + info.elementSerialNumber()
            + " freshness="
            + info.freshness().name().toLowerCase(Locale.ROOT)
            + info.managedKey().map(key -> " key=" + key).orElse(""));
    for (VolumeElement each : info.elements()) {
      lines.add(
          "element "
              + each.serialNumber()
              + " role="
              + each.role().name().toLowerCase(Locale.ROOT)
              + each.identity().map(key -> " identity=" + key).orElse(""));
    }
    for (VolumeInfo.LedgerRepaired each : info.ledgerRepairs()) {
      lines.add(
          "repair "
              + each.repair().name().toLowerCase(Locale.ROOT)
              + " time="
              + each.time()
              + " from="
              + each.from()
              + " to="
              + each.to());
    }
  }

  private void tree(String path) throws IOException {
    try {
      SecureFileAttributes attributes = volume.stat(path, NOFOLLOW_LINKS);
      lines.add(line(path, attributes));
      if (attributes.type() == FileType.DIRECTORY) {
        for (DirectoryEntry each : volume.list(path)) {
          tree((path.equals("/") ? "" : path) + "/" + each.name());
        }
      }
    } catch (FileInvalidatedException e) {
      lines.add("invalidated " + escape(path));
    }
  }

  private String line(String path, SecureFileAttributes attributes) throws IOException {
    StringBuilder text = new StringBuilder(attributes.type().name().toLowerCase(Locale.ROOT));
    text.append(' ').append(escape(path));
    text.append(" uid=").append(attributes.uid());
    text.append(" mode=").append(Integer.toOctalString(attributes.mode()));
    text.append(" owner=").append(attributes.owner()).append(':').append(attributes.group());
    text.append(" created=").append(attributes.created());
    text.append(" modified=").append(attributes.modified());
    text.append(" changed=").append(attributes.changed());
    text.append(" accessed=").append(attributes.accessed());
    text.append(" scope=").append(attributes.keyScope().name().toLowerCase(Locale.ROOT));
    if (attributes.type() == FileType.SYMBOLIC_LINK) {
      return text.append(" target=").append(escape(volume.readSymbolicLink(path))).toString();
    }
    text.append(" version=").append(volume.version(path));
    if (attributes.type() == FileType.FILE) {
      content(path, text);
    }
    for (String name : volume.userAttributes(path).stream().sorted().toList()) {
      byte[] value = volume.userAttribute(path, name);
      text.append(" attribute=").append(escape(name)).append(':').append(sha256(value));
    }
    return text.toString();
  }

  private void content(String path, StringBuilder text) throws IOException {
    MessageDigest digest = digest();
    StringBuilder lost = new StringBuilder();
    byte[] block = new byte[BLOCK];
    try (SecureFile file = volume.openFile(path, READ, SecureOpenOption.FORCE_OPEN)) {
      for (long at = 0; at < file.size(); at += BLOCK) {
        try {
          digest.update(block, 0, file.pread(at, block, 0, BLOCK));
        } catch (IntegrityException e) {
          bySector(file, at, digest, lost);
        }
      }
      text.append(" size=").append(file.size());
      text.append(" sha256=").append(HexFormat.of().formatHex(digest.digest()));
      for (ByteRange each : file.partlyPurified()) {
        text.append(" purified=").append(each.from()).append('-').append(each.to());
      }
      text.append(lost);
    }
  }

  /** What cannot be read counts as zeros. */
  private static void bySector(SecureFile file, long from, MessageDigest digest, StringBuilder lost)
      throws IOException {
    byte[] sector = new byte[SECTOR];
    long end = Math.min(from + BLOCK, file.size());
    for (long at = from; at < end; at += SECTOR) {
      int length = (int) Math.min(SECTOR, end - at);
      try {
        file.pread(at, sector, 0, length);
        digest.update(sector, 0, length);
      } catch (IntegrityException e) {
        digest.update(new byte[length]);
        lost.append(" lost=").append(at).append('-').append(at + length);
      }
    }
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte each : text.getBytes(UTF_8)) {
      if (each > ' ' && each < 0x7F && each != '%') {
        escaped.append((char) each);
      } else {
        escaped.append('%').append(HexFormat.of().toHexDigits(each));
      }
    }
    return escaped.toString();
  }
}
