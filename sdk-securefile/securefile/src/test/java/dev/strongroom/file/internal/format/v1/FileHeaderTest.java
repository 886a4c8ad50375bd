// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.MacKey;
import dev.strongroom.file.internal.crypto.SectorCipher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Headers byte by byte. */
class FileHeaderTest {

  private static final int TAIL = SectorCipher.TAG + MacKey.LENGTH;

  private static int nonces;

  private final FileKeys keys = Sample.fileKeys(0);
  private FileHeader header = full();

  /** Changes a decrypted body before it is encrypted and signed again. */
  private interface BodyChange {
    void apply(ByteBuffer body);
  }

  @BeforeEach
  void makeHeader() {
    header = full();
  }

  @AfterEach
  void closeKeys() {
    keys.close();
  }

  private static FileHeader full() {
    FileHeader header = new FileHeader(Sample.VOLUME, Sample.UID, Sample.RND, -2, 16384);
    header.generation = 0x1122334455667788L;
    header.version = 7;
    header.type = FileType.DIRECTORY;
    header.length = Layout.MAX_LENGTH;
    header.root = Sample.run(0x90, 32).toByteArray();
    header.contentStarts = 11;
    header.contentNonces = -12;
    header.headerStarts = 13;
    header.headerNonces = 14;
    header.created = Instant.ofEpochSecond(-5, 999_999_999);
    header.modified = Instant.ofEpochSecond(1_700_000_001, 1);
    header.changed = Instant.ofEpochSecond(1_700_000_002, 2);
    header.accessed = Instant.ofEpochSecond(1_700_000_003, 3);
    header.mode = 0754;
    header.owner = -1;
    header.group = 100;
    header.parent = Sample.run(0xA0, 16);
    header.codedName = Sample.run(0xB0, 32);
    header.name = "\u00dcbersicht " + "n".repeat(244);
    header.namesKey = Sample.run(0xC0, 32).toByteArray();
    header.stream = new AttributeStreamName(Sample.run(0xD0, 16), Sample.run(0xE0, 32));
    for (int i = 0; i < header.inline.length; i++) {
      header.inline[i] = (byte) (i * 7 + 1);
    }
    return header;
  }

  /** The JDK refuses to encrypt twice under one nonce. */
  private static byte[] nonce() {
    return ByteBuffer.allocate(SectorCipher.NONCE).putInt(++nonces).array();
  }

  private byte[] encoded() {
    return Arrays.copyOf(header.encode(keys, nonce()), header.headerBytes);
  }

  private FileHeader decoded(byte[] copy) throws Exception {
    return FileHeader.decode("f", copy, keys);
  }

  private byte[] body(byte[] copy) {
    int used = ByteBuffer.wrap(copy).getInt(300);
    byte[] body = new byte[used - FileHeader.CLEAR - TAIL];
    byte[] clear = Arrays.copyOf(copy, FileHeader.CLEAR);
    byte[] nonce = Arrays.copyOfRange(copy, 288, 300);
    assertThat(keys.decryptHeader(nonce, clear, copy, FileHeader.CLEAR, body)).isTrue();
    return body;
  }

  /** A header whose body is as given, authentic. */
  private byte[] withBody(byte[] body) {
    byte[] copy = new byte[FileHeader.CLEAR + body.length + TAIL];
    System.arraycopy(encoded(), 0, copy, 0, FileHeader.CLEAR);
    ByteBuffer.wrap(copy).putInt(300, copy.length);
    byte[] nonce = nonce();
    System.arraycopy(nonce, 0, copy, 288, nonce.length);
    byte[] clear = Arrays.copyOf(copy, FileHeader.CLEAR);
    keys.encryptHeader(nonce, clear, body, copy, FileHeader.CLEAR);
    int signed = copy.length - MacKey.LENGTH;
    System.arraycopy(keys.headerMac().mac(copy, 0, signed), 0, copy, signed, MacKey.LENGTH);
    return copy;
  }

  private byte[] changed(BodyChange change) {
    byte[] body = body(encoded());
    change.apply(ByteBuffer.wrap(body));
    return withBody(body);
  }

  private byte[] extended(byte[] records) {
    byte[] body = body(encoded());
    byte[] longer = Arrays.copyOf(body, body.length + records.length);
    System.arraycopy(records, 0, longer, body.length, records.length);
    return withBody(longer);
  }

  private static byte[] record(int type, int length, byte[] value) {
    return ByteBuffer.allocate(4 + value.length)
        .putShort((short) type)
        .putShort((short) length)
        .put(value)
        .array();
  }

  private void assertRefused(byte[] copy) {
    assertThatThrownBy(() -> decoded(copy)).isInstanceOf(FileHeader.Refused.class);
  }

  private void assertUnknown(byte[] copy) {
    assertThatThrownBy(() -> decoded(copy)).isInstanceOf(FormatVersionException.class);
  }

  @Test
  void everyFieldComesBack() throws Exception {
    FileHeader found = decoded(encoded());
    assertThat(found.inline).isEqualTo(header.inline);
    assertThat(found)
        .usingRecursiveComparison()
        .usingOverriddenEquals()
        .ignoringFields("inline")
        .isEqualTo(header);
    assertThat(body(found.encode(keys, nonce()))).isEqualTo(body(encoded()));
  }

  @Test
  void anEmptyHeaderComesBack() throws Exception {
    header = new FileHeader(Sample.VOLUME, Sample.UID, Sample.RND, 0, 4096);
    byte[] used = header.encode(keys, nonce());
    assertThat(used).hasSize(304 + 768 + 16 + 32);
    assertThat(decoded(used)).usingRecursiveComparison().usingOverriddenEquals().isEqualTo(header);
    assertThat(decoded(Arrays.copyOf(used, 4096)))
        .usingRecursiveComparison()
        .usingOverriddenEquals()
        .isEqualTo(header);
  }

  @Test
  void clearFieldsStandAsTheSpecificationSays() throws Exception {
    byte[] nonce = nonce();
    byte[] copy = Arrays.copyOf(header.encode(keys, nonce), 4096);
    ByteBuffer in = ByteBuffer.wrap(copy);
    assertThat(new String(copy, 0, 16, StandardCharsets.US_ASCII))
        .isEqualTo("SRFILE\r\nv1\0\0\0\0\0\0");
    assertThat(in.getInt(16)).isEqualTo(4096);
    assertThat(Arrays.copyOfRange(copy, 20, 24)).isEqualTo(new byte[] {1, 0, 0, 14});
    assertThat(Bytes.copyOf(copy, 24, 16)).isEqualTo(Sample.VOLUME);
    assertThat(Bytes.copyOf(copy, 40, 16)).isEqualTo(Sample.UID);
    assertThat(Bytes.copyOf(copy, 56, 16)).isEqualTo(Sample.RND);
    assertThat(in.getInt(72)).isEqualTo(-2);
    assertThat(in.getInt(76)).isZero();
    assertThat(in.getLong(80)).isEqualTo(header.generation);
    assertThat(Arrays.copyOfRange(copy, 88, 256)).containsOnly(0);
    assertThat(Arrays.copyOfRange(copy, 256, 288)).isEqualTo(keys.commitment().mac(copy, 0, 80));
    assertThat(Arrays.copyOfRange(copy, 288, 300)).isEqualTo(nonce);
    assertThat(in.getInt(300)).isEqualTo(304 + 768 + 32 * 32 + 16 + 32);
    FileHeader.Clear clear = FileHeader.clear("f", copy);
    assertThat(clear)
        .isEqualTo(
            new FileHeader.Clear(
                4096,
                16384,
                KeyScope.FILE,
                Sample.VOLUME,
                Sample.UID,
                Sample.RND,
                -2,
                header.generation,
                KeyOrigin.DERIVED));
  }

  @Test
  void theScopeOfTheKeysIsClearAndCommittedTo() throws Exception {
    header.type = FileType.FILE;
    header.namesKey = new byte[32];
    header.scope = KeyScope.PAGE;
    byte[] copy = encoded();
    assertThat(Arrays.copyOfRange(copy, 20, 24)).isEqualTo(new byte[] {1, 0, 1, 14});
    assertThat(FileHeader.clear("f", copy).scope()).isEqualTo(KeyScope.PAGE);
    assertThat(decoded(copy).scope).isEqualTo(KeyScope.PAGE);
    copy[22] = 0;
    assertRefused(copy);
    for (int scope = 2; scope < 256; scope++) {
      copy[22] = (byte) scope;
      assertUnknown(copy);
    }
    for (FileType type : new FileType[] {FileType.DIRECTORY, FileType.SYMBOLIC_LINK}) {
      header.type = type;
      assertUnknown(encoded());
    }
    header.type = FileType.FILE;
    header.attributeStream = true;
    assertUnknown(encoded());
  }

  @Test
  void bodyFieldsStandAsTheSpecificationSays() {
    byte[] body = body(encoded());
    ByteBuffer in = ByteBuffer.wrap(body);
    byte[] name = header.name.getBytes(StandardCharsets.UTF_8);
    assertThat(new String(body, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("srbody01");
    assertThat(in.getLong(8)).isEqualTo(7);
    assertThat(in.getInt(16)).isZero();
    assertThat(body[20]).isEqualTo((byte) 1);
    assertThat(body[21]).isEqualTo((byte) 32);
    assertThat(in.getShort(22)).isEqualTo((short) name.length);
    assertThat(in.getLong(24)).isEqualTo(Layout.MAX_LENGTH);
    assertThat(Arrays.copyOfRange(body, 32, 64)).isEqualTo(header.root);
    assertThat(in.getLong(64)).isEqualTo(11);
    assertThat(in.getLong(72)).isEqualTo(-12);
    assertThat(in.getLong(80)).isEqualTo(13);
    assertThat(in.getLong(88)).isEqualTo(14);
    assertThat(in.getLong(96)).isEqualTo(-5);
    assertThat(in.getInt(104)).isEqualTo(999_999_999);
    assertThat(in.getLong(108)).isEqualTo(1_700_000_001L);
    assertThat(in.getLong(120)).isEqualTo(1_700_000_002L);
    assertThat(in.getLong(132)).isEqualTo(1_700_000_003L);
    assertThat(in.getInt(144)).isEqualTo(0754);
    assertThat(in.getInt(148)).isEqualTo(-1);
    assertThat(in.getInt(152)).isEqualTo(100);
    assertThat(Bytes.copyOf(body, 156, 16)).isEqualTo(header.parent);
    assertThat(Bytes.copyOf(body, 172, 32)).isEqualTo(header.codedName);
    assertThat(Arrays.copyOfRange(body, 204, 236)).isEqualTo(header.namesKey);
    assertThat(Bytes.copyOf(body, 236, 16)).isEqualTo(Sample.run(0xD0, 16));
    assertThat(Bytes.copyOf(body, 252, 32)).isEqualTo(Sample.run(0xE0, 32));
    assertThat(Arrays.copyOfRange(body, 284, 380)).containsOnly(0);
    assertThat(Arrays.copyOfRange(body, 380, 380 + name.length)).isEqualTo(name);
    assertThat(Arrays.copyOfRange(body, 635, 768)).containsOnly(0);
    assertThat(Arrays.copyOfRange(body, 768, body.length)).isEqualTo(header.inline);
  }

  @Test
  void entriesGoUpToTheLastOneThatIsNoHole() throws Exception {
    for (int last = 0; last <= Layout.INLINE; last++) {
      Arrays.fill(header.inline, (byte) 0);
      if (last > 0) {
        header.inline[last * TagPage.ENTRY - 1] = 1;
      }
      byte[] used = header.encode(keys, nonce());
      assertThat(used).hasSize(304 + 768 + 32 * last + 48);
      assertThat(used.length).isLessThanOrEqualTo(header.maximalLength());
      assertThat(decoded(used).inline).isEqualTo(header.inline);
    }
  }

  @Test
  void everyFlippedByteIsRefused() {
    byte[] copy = encoded();
    for (int at = 0; at < copy.length; at++) {
      for (int flip : new int[] {1, 0x80}) {
        copy[at] ^= (byte) flip;
        assertThatThrownBy(() -> decoded(copy))
            .as("byte %d", at)
            .isInstanceOfAny(FileHeader.Refused.class, FormatVersionException.class);
        copy[at] ^= (byte) flip;
      }
    }
  }

  @Test
  void aCutCopyIsRefused() throws Exception {
    byte[] used = header.encode(keys, nonce());
    for (int length = 0; length < used.length; length++) {
      assertRefused(Arrays.copyOf(used, length));
    }
    assertThat(decoded(used).uid).isEqualTo(Sample.UID);
  }

  @Test
  void otherKeysAreRefusedByTheCommitment() {
    try (FileKeys other = Sample.fileKeys(1)) {
      assertThatThrownBy(() -> FileHeader.decode("f", encoded(), other))
          .isInstanceOf(FileHeader.Refused.class)
          .hasMessageContaining("commitment");
    }
  }

  @Test
  void laterFormatsSuitesSourcesAndScopesAreRefusedByName() {
    for (String text : new String[] {"v2", "v1-draft", "v1.1", "v10", "v1\0x"}) {
      byte[] later = encoded();
      byte[] format = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), 8);
      System.arraycopy(format, 0, later, 8, 8);
      assertThatThrownBy(() -> FileHeader.clear("f", later))
          .isInstanceOfSatisfying(
              FormatVersionException.class,
              e -> {
                assertThat(e.found()).isEqualTo(text.replace("\0", ""));
                assertThat(e.supported()).isEqualTo("v1");
                assertThat(e.file()).isEqualTo("f");
              });
    }
    for (int at = 20; at <= 22; at++) {
      byte[] copy = encoded();
      copy[at] = 2;
      assertThatThrownBy(() -> FileHeader.clear("f", copy))
          .isInstanceOf(FormatVersionException.class);
    }
  }

  @Test
  void lengthsOutOfRangeAreRefused() {
    for (int length : new int[] {0, 4095, 4097, 65536 + 4096, -4096, Integer.MIN_VALUE}) {
      byte[] copy = encoded();
      ByteBuffer.wrap(copy).putInt(16, length);
      assertThatThrownBy(() -> FileHeader.clear("f", copy)).isInstanceOf(FileHeader.Refused.class);
    }
    for (int log2 : new int[] {0, 8, 17, 127, -1}) {
      byte[] copy = encoded();
      copy[23] = (byte) log2;
      assertThatThrownBy(() -> FileHeader.clear("f", copy)).isInstanceOf(FileHeader.Refused.class);
    }
    for (int reserved : new int[] {9, 10, 11}) {
      byte[] copy = encoded();
      copy[23] = (byte) reserved;
      assertThatThrownBy(() -> FileHeader.clear("f", copy))
          .isInstanceOf(FormatVersionException.class);
    }
    for (int used : new int[] {0, -1, 1119, 4097, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      byte[] copy = encoded();
      ByteBuffer.wrap(copy).putInt(300, used);
      assertRefused(copy);
    }
  }

  @Test
  void authenticBodiesWithUnknownFlagsOrTypesAreRefusedByName() {
    assertUnknown(changed(body -> body.putInt(16, 2)));
    assertUnknown(changed(body -> body.putInt(16, 3)));
    assertUnknown(changed(body -> body.put(20, (byte) 3)));
    assertUnknown(changed(body -> body.put(20, (byte) -1)));
  }

  @Test
  void fieldsOfLaterReleasesAreRefusedByName() {
    assertUnknown(changed(body -> body.put(767, (byte) 1)));
    int behindName = 380 + header.name.getBytes(StandardCharsets.UTF_8).length;
    assertUnknown(changed(body -> body.put(behindName, (byte) 1)));
    for (int at : new int[] {79, 88, 255}) {
      byte[] copy = encoded();
      copy[at] = 2;
      byte[] commitment = keys.commitment().mac(copy, 0, 80);
      System.arraycopy(commitment, 0, copy, 256, commitment.length);
      int signed = ByteBuffer.wrap(copy).getInt(300) - MacKey.LENGTH;
      System.arraycopy(keys.headerMac().mac(copy, 0, signed), 0, copy, signed, MacKey.LENGTH);
      assertUnknown(copy);
    }
  }

  @Test
  void theTagTellsHeadersApart() throws Exception {
    byte[] copy = encoded();
    int used = ByteBuffer.wrap(copy).getInt(300);
    assertThat(header.tag).isEqualTo(Bytes.copyOf(copy, used - 32, 16));
    assertThat(decoded(copy).tag).isEqualTo(header.tag);
    Bytes before = header.tag;
    header.generation++;
    assertThat(encoded()).isNotEmpty();
    assertThat(header.tag).isNotEqualTo(before);
  }

  @Test
  void authenticBodiesWithFieldsOutOfRangeAreRefused() {
    assertRefused(changed(body -> body.put(0, (byte) 'x')));
    assertRefused(changed(body -> body.put(21, (byte) 33)));
    assertRefused(changed(body -> body.put(21, (byte) -1)));
    assertRefused(changed(body -> body.putShort(22, (short) 256)));
    assertRefused(changed(body -> body.putShort(22, (short) -1)));
    assertRefused(changed(body -> body.putLong(24, -1)));
    assertRefused(changed(body -> body.putLong(24, Layout.MAX_LENGTH + 1)));
    assertRefused(changed(body -> body.putLong(96, Long.MAX_VALUE)));
    assertRefused(changed(body -> body.putLong(132, Long.MIN_VALUE)));
    assertRefused(changed(body -> body.putInt(104, -1)));
    assertRefused(changed(body -> body.putInt(140, 1_000_000_000)));
    assertRefused(changed(body -> body.putLong(108, Long.MAX_VALUE).putInt(116, -1)));
    assertRefused(changed(body -> body.putInt(144, 010000)));
    assertRefused(changed(body -> body.putInt(144, -1)));
    assertRefused(changed(body -> body.put(768 + 31 * 32, new byte[32]))); // the last is a hole
    Arrays.fill(header.inline, (byte) 0);
    assertRefused(changed(body -> body.put(21, (byte) 1)));
  }

  @Test
  void anAttributeStreamHasNothingOfItsOwn() throws Exception {
    header.type = FileType.FILE;
    header.namesKey = new byte[32];
    header.attributeStream = true;
    header.stream = null;
    header.name = "";
    assertThat(decoded(encoded()).attributeStream).isTrue();
    header.type = FileType.DIRECTORY;
    assertUnknown(encoded());
    header.type = FileType.FILE;
    header.name = "n";
    assertRefused(encoded());
    header.name = "";
    header.stream = new AttributeStreamName(Sample.run(0xD0, 16), Sample.run(0xE0, 32));
    assertRefused(encoded());
    header.stream = null;
    header.attributes.put("a", new byte[1]);
    assertRefused(encoded());
  }

  @Test
  void userAttributesLieInOnePlace() {
    assertRefused(extended(record(1, 2, new byte[] {1, 'a'}))); // beside the stream that it names
    assertRefused(changed(body -> body.put(236, new byte[16])));
    assertRefused(changed(body -> body.put(252, new byte[32])));
  }

  @Test
  void fieldsThatDoNotGoTogetherAreRefused() throws Exception {
    header.codedName = Bytes.copyOf(new byte[32]);
    assertThat(decoded(encoded()).name).isEqualTo(header.name); // bound by its directory
    header.parent = Bytes.copyOf(new byte[16]);
    assertRefused(encoded()); // the root directory has no name
    header.name = "";
    assertThat(decoded(encoded()).name).isEmpty();
    header.type = FileType.FILE;
    assertRefused(encoded()); // with the key of names
    header.namesKey = new byte[32];
    header.length = 32L * header.sectorBytes;
    assertRefused(encoded()); // without any tag page
    header.length++;
    assertThat(decoded(encoded()).root).isEqualTo(header.root);
    Arrays.fill(header.root, (byte) 0);
    header.length = 0;
    assertThat(decoded(encoded()).length).isZero();
    Arrays.fill(header.root, (byte) 0xFF);
    assertRefused(encoded());
  }

  @Test
  void recordsOfUnknownIgnorableTypesAreKept() throws Exception {
    byte[] records =
        ByteBuffer.allocate(11)
            .put(record(0x0002, 3, new byte[] {1, 2, 3}))
            .put(record(0x7FFF, 0, new byte[0]))
            .array();
    FileHeader found = decoded(extended(records));
    found.name = "shorter";
    byte[] body = body(found.encode(keys, nonce()));
    assertThat(Arrays.copyOfRange(body, body.length - 11, body.length)).isEqualTo(records);
  }

  @Test
  void userAttributesAreRecordsBehindThoseThatAreKept() throws Exception {
    header.stream = null;
    header.attributes.put("\u00fc", new byte[] {1, 2, 3});
    header.attributes.put("empty", new byte[0]);
    byte[] kept = record(0x0002, 1, new byte[] {9});
    FileHeader found = decoded(extended(kept));
    assertThat(found.attributes.names()).containsExactly("empty", "\u00fc");
    assertThat(found.attributes.get("\u00fc")).containsExactly(1, 2, 3);
    assertThat(found.attributes.get("empty")).isEmpty();
    byte[] records =
        ByteBuffer.allocate(25)
            .put(kept)
            .put(record(1, 6, "\5empty".getBytes(StandardCharsets.UTF_8)))
            .put(record(1, 6, new byte[] {2, (byte) 0xC3, (byte) 0xBC, 1, 2, 3}))
            .array();
    byte[] used = found.encode(keys, nonce());
    assertThat(body(used)).hasSize(768 + 32 * 32 + 25).endsWith(records);
    assertThat(used.length).isEqualTo(found.maximalLength());
    assertThat(body(decoded(used).encode(keys, nonce()))).isEqualTo(body(used));
    FileHeader copy = new FileHeader(Sample.VOLUME, Sample.UID, Sample.RND, 9, 4096);
    copy.copyAttributes(found);
    found.attributes.erase();
    assertThat(copy.attributes.get("\u00fc")).containsExactly(1, 2, 3);
    assertThat(copy.stream).isNull();
  }

  @Test
  void userAttributesThatAreNotWellFormedAreRefused() {
    header.stream = null;
    assertRefused(extended(record(1, 0, new byte[0])));
    assertRefused(extended(record(1, 3, new byte[] {0, 1, 2})));
    assertRefused(extended(record(1, 3, new byte[] {3, 'a', 'b'})));
    assertRefused(extended(record(1, 2, new byte[] {1, (byte) 0xFF})));
    byte[] twice = new byte[12];
    System.arraycopy(record(1, 2, new byte[] {1, 'a'}), 0, twice, 0, 6);
    System.arraycopy(record(1, 2, new byte[] {1, 'a'}), 0, twice, 6, 6);
    assertRefused(extended(twice));
  }

  @Test
  void roomForUserAttributesIsWhatEntriesLeave() throws Exception {
    assertThat(header.attributeRoom()).isEqualTo(4096 - 2144);
    header.stream = null;
    header.attributes.put("a", new byte[4096 - 2144 - 6]);
    assertThat(header.attributes.fitsIntoHeader(header.attributeRoom())).isTrue();
    byte[] used = header.encode(keys, nonce());
    assertThat(used).hasSize(4096);
    assertThat(decoded(used).attributes.get("a")).isEqualTo(new byte[4096 - 2144 - 6]);
    header.attributes.put("a", new byte[4096 - 2144 - 5]);
    assertThat(header.attributes.fitsIntoHeader(header.attributeRoom())).isFalse();
  }

  @Test
  void recordsOfUnknownCriticalTypesAreRefusedByName() {
    assertThatThrownBy(() -> decoded(extended(record(0x8001, 1, new byte[] {5}))))
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("0x8001");
    byte[] behind = new byte[10];
    System.arraycopy(record(2, 2, new byte[2]), 0, behind, 0, 6);
    System.arraycopy(record(0xFFFF, 0, new byte[0]), 0, behind, 6, 4);
    assertUnknown(extended(behind));
  }

  @Test
  void cutRecordsAreRefused() {
    assertRefused(extended(new byte[1]));
    assertRefused(extended(new byte[] {0, 2, 0}));
    assertRefused(extended(record(2, 4, new byte[3])));
    assertRefused(extended(record(2, 0xFFFF, new byte[3])));
    assertRefused(extended(record(0x8000, 4, new byte[3])));
  }

  @Test
  void reservedFieldsOfTheBodyAreKept() throws Exception {
    byte[] copy =
        changed(
            body -> {
              for (int at = 236; at < 380; at++) {
                body.put(at, at >= 292 && at < 357 ? 0 : (byte) at);
              }
            });
    byte[] body = body(decoded(copy).encode(keys, nonce()));
    for (int at = 236; at < 380; at++) {
      assertThat(body[at]).isEqualTo(at >= 292 && at < 357 ? 0 : (byte) at);
    }
  }

  /** No directory any more, and nothing that a system file does not have. */
  private static void asSystemFile(ByteBuffer body) {
    body.putInt(16, 2).put(20, (byte) 0).putShort(22, (short) 0);
    body.put(204, new byte[32]).put(380, new byte[255]);
  }

  @Test
  void onlyTheLedgerHasEarlierRoots() throws Exception {
    for (int at = 292; at < 357; at++) {
      int place = at;
      byte[] copy = changed(body -> body.put(place, (byte) 1));
      assertThatThrownBy(() -> decoded(copy)).isInstanceOf(FormatVersionException.class);
    }
    for (int count = 0; count <= 3; count++) {
      byte earlier = (byte) count;
      byte[] ledger =
          changed(
              body -> {
                asSystemFile(body);
                body.put(172, new byte[31]).put(203, (byte) 1);
                for (int i = 0; i < 32 * Math.min(earlier, 2); i++) {
                  body.put(292 + i, (byte) (i + 1));
                }
                body.put(356, earlier);
              });
      if (count > 2) {
        assertThatThrownBy(() -> decoded(ledger)).isInstanceOf(FormatVersionException.class);
      } else {
        FileHeader header = decoded(ledger);
        assertThat(header.system).isEqualTo(SystemFile.LEDGER);
        assertThat(header.earlierRoots).hasSize(count);
        assertThat(body(header.encode(keys, nonce()))).isEqualTo(body(ledger));
      }
    }
  }

  @Test
  void aSystemFileHasAKnownRole() throws Exception {
    byte[] unknown =
        changed(
            body -> {
              asSystemFile(body);
              body.put(172, new byte[31]).put(203, (byte) 3);
            });
    assertThatThrownBy(() -> decoded(unknown))
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("system file");
  }

  @Test
  void type0EndsTheRecords() throws Exception {
    byte[] record = record(2, 2, new byte[] {3, 4});
    for (int length = record.length + 2; length < 20; length++) {
      byte[] records = Arrays.copyOf(record, length);
      byte[] body = body(decoded(extended(records)).encode(keys, nonce()));
      assertThat(body).hasSize(768 + 32 * 32 + record.length).endsWith(record);
      for (int at = record.length + 2; at < length; at++) {
        byte[] behind = records.clone();
        behind[at] = 1;
        assertRefused(extended(behind));
      }
    }
  }

  @Test
  void newKeysKeepWhatIsNotBoundToTheEpoch() throws Exception {
    FileHeader before = decoded(extended(record(5, 2, new byte[] {8, 9})));
    FileHeader after = new FileHeader(before.volume, before.uid, before.rnd, 9, before.sectorBytes);
    after.copyAttributes(before);
    assertThat(after)
        .usingRecursiveComparison()
        .usingOverriddenEquals()
        .ignoringFields(
            "epoch",
            "tag",
            "signature",
            "length",
            "root",
            "inline",
            "contentStarts",
            "contentNonces",
            "headerStarts",
            "headerNonces")
        .isEqualTo(before);
    assertThat(after.namesKey).isNotSameAs(before.namesKey);
    assertThat(after.length).isZero();
    assertThat(after.contentNonces).isZero();
    assertThat(after.headerNonces).isZero();
  }

  @Test
  void longHeadersDeclareTheirLength() throws Exception {
    header.headerBytes = 65536;
    byte[] copy = encoded();
    assertThat(copy).hasSize(65536);
    assertThat(decoded(copy).layout()).isEqualTo(new Layout(65536, 16384));
    copy[65535] = 1;
    assertRefused(copy);
  }

  @Test
  void garbageIsRefusedWithoutAnyOtherException() throws Exception {
    long seed = 23;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] whole = encoded();
    int used = header.encode(keys, nonce()).length;
    for (int i = 0; i < 20_000; i++) {
      byte[] copy = Garbage.of(random, whole, 16 + 4 * random.nextInt(80));
      try {
        FileHeader.clear("f", copy);
      } catch (FileHeader.Refused | FormatVersionException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
      boolean intact =
          copy.length >= used
              && Arrays.equals(copy, 0, used, whole, 0, used)
              && (copy.length <= used || isZero(copy, used, Math.min(copy.length, 4096)));
      try {
        assertThat(decoded(copy).generation).isEqualTo(header.generation);
        assertThat(intact).isTrue();
      } catch (FileHeader.Refused | FormatVersionException e) {
        assertThat(intact).isFalse();
      }
    }
  }

  @Test
  void authenticGarbageInTheBodyIsRefusedWithoutAnyOtherException() throws Exception {
    long seed = 24;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] whole = body(encoded());
    for (int i = 0; i < 20_000; i++) {
      byte[] body = Garbage.of(random, whole, 8 + random.nextInt(160));
      if (body.length < 768 || body.length > 4096 - 352) {
        continue;
      }
      try {
        assertThat(decoded(withBody(body)).uid).isEqualTo(Sample.UID);
      } catch (FileHeader.Refused | FormatVersionException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
