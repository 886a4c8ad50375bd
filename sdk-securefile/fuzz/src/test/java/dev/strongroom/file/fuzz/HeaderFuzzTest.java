// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.SectorCipher;
import dev.strongroom.file.internal.format.v1.AttributeStreamName;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;

/** Headers: arbitrary bytes, and arbitrary fields under the right keys. */
@Tag("fuzz")
class HeaderFuzzTest {

  private static final int COMMITTED = 80;
  private static final int COMMITMENT = 256;
  private static final int NONCE = 288;
  private static final int USED = 300;
  private static final int ENTRIES_AT = 21;
  private static final int FIXED_BODY = 768;
  private static final int TAIL = SectorCipher.TAG + MacKey.LENGTH;
  private static final FileKeys KEYS = FixedKeys.FILE;

  @FuzzTest(maxDuration = "10m")
  void header(byte[] input) {
    accepts(input);
  }

  /** Whether the header is read; anything but a refusal of its own type fails. */
  static boolean accepts(byte[] input) {
    Fields fields = new Fields(input);
    int mode = fields.u8() % 4;
    if (mode == 2) {
      return attributeStream(fields.rest());
    }
    boolean sign = mode % 2 == 1;
    byte[] copy = sign ? signed(fields.bytes(FileHeader.CLEAR), fields.rest()) : fields.rest();
    FileHeader header;
    try {
      header = FileHeader.decode("f", copy, KEYS);
    } catch (FileHeader.Refused | FormatVersionException e) {
      return false;
    }
    byte[] again = header.encode(KEYS, FixedKeys.nonce());
    assertThat(Arrays.copyOf(again, COMMITTED + 8))
        .as("clear part")
        .isEqualTo(Arrays.copyOf(copy, COMMITTED + 8));
    byte[] read = withoutTrailingHoles(body(copy));
    byte[] written = body(again);
    int records = FIXED_BODY + read[ENTRIES_AT] * TagPage.ENTRY;
    assertThat(Arrays.copyOf(written, records)).as("body").isEqualTo(Arrays.copyOf(read, records));
    assertThat(records(written, records)).as("records").isEqualTo(records(read, records));
    return true;
  }

  /** Records in an order of their own; the last one with a type and name is the one that counts. */
  private static Map<String, String> records(byte[] body, int from) {
    Map<String, String> records = new TreeMap<>();
    ByteBuffer in = ByteBuffer.wrap(body, from, body.length - from);
    for (int unknown = 0; in.remaining() >= 4; ) {
      int type = in.getShort() & 0xFFFF;
      byte[] value = new byte[Math.min(in.getShort() & 0xFFFF, in.remaining())];
      if (type == 0) {
        break;
      }
      in.get(value);
      Fields fields = new Fields(value);
      String key =
          type == 1
              ? "attribute " + HexFormat.of().formatHex(fields.bytes(fields.u8()))
              : "record " + unknown++ + ", type " + type;
      records.put(key, HexFormat.of().formatHex(fields.rest()));
    }
    return records;
  }

  /** The content of a stream with the attributes that do not fit into a header. */
  private static boolean attributeStream(byte[] content) {
    UserAttributeSet attributes;
    try {
      attributes = UserAttributeSet.ofStream(content);
    } catch (FileHeader.Refused e) {
      return false;
    }
    byte[] again = attributes.toStream();
    assertThat(again).hasSameSizeAs(content);
    try {
      UserAttributeSet read = UserAttributeSet.ofStream(again);
      assertThat(read.names()).isEqualTo(attributes.names());
      for (String name : read.names()) {
        assertThat(read.get(name)).isEqualTo(attributes.get(name));
      }
      return true;
    } catch (FileHeader.Refused e) {
      throw new AssertionError("what was written is refused", e);
    }
  }

  /** A header that says what it likes, but was made by somebody who has the keys. */
  private static byte[] signed(byte[] clear, byte[] body) {
    int used = FileHeader.CLEAR + body.length + TAIL;
    byte[] copy = Arrays.copyOf(clear, used);
    byte[] commitment = KEYS.commitment().mac(copy, 0, COMMITTED);
    System.arraycopy(commitment, 0, copy, COMMITMENT, commitment.length);
    System.arraycopy(FixedKeys.nonce(), 0, copy, NONCE, SectorCipher.NONCE);
    ByteBuffer.wrap(copy).putInt(USED, used);
    byte[] nonce = Arrays.copyOfRange(copy, NONCE, USED);
    KEYS.encryptHeader(nonce, Arrays.copyOf(copy, FileHeader.CLEAR), body, copy, FileHeader.CLEAR);
    byte[] mac = KEYS.headerMac().mac(copy, 0, used - MacKey.LENGTH);
    System.arraycopy(mac, 0, copy, used - MacKey.LENGTH, MacKey.LENGTH);
    return copy;
  }

  private static byte[] body(byte[] copy) {
    int used = ByteBuffer.wrap(copy).getInt(USED);
    byte[] body = new byte[used - FileHeader.CLEAR - TAIL];
    byte[] clear = Arrays.copyOf(copy, FileHeader.CLEAR);
    byte[] nonce = Arrays.copyOfRange(copy, NONCE, USED);
    assertThat(KEYS.decryptHeader(nonce, clear, copy, FileHeader.CLEAR, body)).isTrue();
    return body;
  }

  /** Holes at the end of the entries say nothing; a writer leaves them out. */
  private static byte[] withoutTrailingHoles(byte[] body) {
    int entries = body[ENTRIES_AT];
    int kept = entries;
    while (kept > 0 && TagPage.isNull(body, FIXED_BODY + (kept - 1) * TagPage.ENTRY)) {
      kept--;
    }
    int from = FIXED_BODY + entries * TagPage.ENTRY;
    int to = FIXED_BODY + kept * TagPage.ENTRY;
    byte[] shorter = Arrays.copyOf(body, body.length - (from - to));
    System.arraycopy(body, from, shorter, to, body.length - from);
    shorter[ENTRIES_AT] = (byte) kept;
    return shorter;
  }

  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    seeds.put("empty-file", seed(header(0)));
    seeds.put("five-sectors", seed(header(5)));
    FileHeader directory = header(32);
    directory.length++; // so that there is a tree
    directory.type = FileType.DIRECTORY;
    directory.namesKey = FixedKeys.run(9, 32).toByteArray();
    directory.root = FixedKeys.run(3, 32).toByteArray();
    directory.name = "\u00dcbersicht";
    seeds.put("directory", seed(directory));
    FileHeader attributes = header(1);
    attributes.attributes.put("user name", new byte[] {1, 2, 3});
    attributes.attributes.put("mime_type", "text/plain".getBytes(StandardCharsets.UTF_8));
    seeds.put("attributes", seed(attributes));
    byte[] stream = attributes.attributes.toStream();
    seeds.put("stream", ByteBuffer.allocate(stream.length + 1).put((byte) 2).put(stream).array());
    FileHeader elsewhere = header(2);
    elsewhere.stream = new AttributeStreamName(FixedKeys.run(0x21, 16), FixedKeys.run(0x31, 32));
    seeds.put("attributes-elsewhere", seed(elsewhere));
    byte[] raw = header(1).encode(KEYS, FixedKeys.nonce());
    seeds.put("raw", ByteBuffer.allocate(raw.length + 1).put((byte) 0).put(raw).array());
    return seeds;
  }

  private static FileHeader header(int sectors) {
    FileHeader header = new FileHeader(FixedKeys.VOLUME, FixedKeys.UID, FixedKeys.RND, 3, 4096);
    header.generation = 5;
    header.length = sectors * 4096L;
    header.created = Instant.ofEpochSecond(1_700_000_000, 1);
    header.modified = Instant.ofEpochSecond(1_700_000_000, 2);
    header.parent = FixedKeys.run(0xA0, 16);
    header.codedName = FixedKeys.run(0xB0, 32);
    header.name = "name";
    for (int i = 0; i < sectors * TagPage.ENTRY; i++) {
      header.inline[i] = (byte) (i + 1);
    }
    return header;
  }

  private static byte[] seed(FileHeader header) {
    byte[] copy = header.encode(KEYS, FixedKeys.nonce());
    byte[] body = body(copy);
    return ByteBuffer.allocate(1 + FileHeader.CLEAR + body.length)
        .put((byte) 1)
        .put(copy, 0, FileHeader.CLEAR)
        .put(body)
        .array();
  }
}
