// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.TransientKey;
import dev.strongroom.file.internal.format.v1.AttributeStreamName;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.Prelude;
import dev.strongroom.file.internal.format.v1.Stanza;
import dev.strongroom.file.internal.format.v1.SystemFile;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A sender who keeps to its keys and not to the specification: everything is signed and under the
 * right keys, and one field of the image is not as section 4 of {@code transient-file.md} says.
 */
class ForgedImageTest {

  private static final Bytes ID = run(0x40, 16);
  private static final Bytes OTHER_ID = run(0x41, 16);
  private static final Bytes NONE = Bytes.copyOf(new byte[0]);
  private static final int PRELUDE = 8192;
  private static final int SECTOR = 4096;
  private static final int LENGTH = 5000;

  private static SecureElement element;
  private static ElementSession session;
  private static ElementCard card;

  @BeforeAll
  static void login() throws IOException {
    element = SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      session = element.login(user);
    }
    card = element.card();
  }

  @AfterAll
  static void logout() {
    session.close();
    element.close();
  }

  private static Bytes run(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return Bytes.copyOf(bytes);
  }

  /** A transient file that is being forged. */
  private static final class Forgery implements AutoCloseable {

    final TransientKey key = TransientKey.of(run(1, 32).toByteArray());
    final FileHeader header;
    final FileKeys keys;
    final BytesFile file = new BytesFile(new byte[0]);
    int sectors = 2;
    int behind;

    Forgery(Bytes volume) {
      header = new FileHeader(volume, run(0x50, 16), run(0x60, 16), 0, SECTOR);
      header.origin = KeyOrigin.TRANSIENT;
      header.generation = 1;
      header.name = "name";
      header.length = LENGTH;
      header.changed = Instant.ofEpochSecond(1);
      try (SecretBytes random = SecretBytes.adopt(new byte[TransientKey.LENGTH])) {
        keys = key.fileKeys(ID, header.uid, header.rnd, random);
      }
    }

    private ImageWriter.Written writeImage() throws IOException {
      try (ImageWriter image = new ImageWriter(file, 2 * PRELUDE, header, keys)) {
        for (int i = 0; i < sectors; i++) {
          byte[] clear = new byte[SECTOR];
          Arrays.fill(clear, (byte) i);
          int valid = Math.max(1, Math.min(SECTOR, LENGTH - i * SECTOR));
          image.sector(i, clear, 0, valid, TagPage.PRESENT);
        }
        return image.finish();
      }
    }

    /** Writes all of it, with a change to the header's bytes that is signed again. */
    void write(Consumer<byte[]> change) throws IOException {
      ImageWriter.Written image = writeImage();
      byte[] copy = new byte[header.headerBytes];
      file.read(2 * PRELUDE, copy, 0, copy.length);
      int used = java.nio.ByteBuffer.wrap(copy).getInt(FileHeader.USED);
      byte[] before = copy.clone();
      change.accept(copy);
      if (!Arrays.equals(before, copy)) {
        byte[] signature = keys.headerMac().mac(copy, 0, used - 32);
        System.arraycopy(signature, 0, copy, used - 32, 32);
        file.write(2 * PRELUDE, copy, 0, copy.length);
        file.write(2 * PRELUDE + copy.length, copy, 0, copy.length);
      }
      Bytes signature = Bytes.copyOf(copy, used - 32, 32);
      long length = image.length() + behind;
      file.truncate(2 * PRELUDE + length);
      FileKeyWrap wrap = new FileKeyWrap(ID, run(0x70, 16), card);
      Stanza own = wrap.wrapOwn(key, HpkeSuite.P256);
      Prelude prelude =
          new Prelude(
              PRELUDE,
              1,
              ID,
              run(0x70, 16),
              Instant.ofEpochSecond(1),
              null,
              length,
              FileHeader.DEFAULT_BYTES,
              signature,
              image.contentDigest(),
              card.encode(),
              List.of(own),
              NONE);
      byte[] signed = PreludeFile.sign(session, prelude, key);
      file.write(0, signed, 0, PRELUDE);
      file.write(PRELUDE, signed, 0, PRELUDE);
    }

    /** Reads it as a receiver does. */
    byte[] read() throws IOException {
      PreludeFile.Found found = PreludeFile.read(file, "f");
      PreludeFile.requireMac("f", found, key);
      byte[] content = new byte[2 * SECTOR];
      try (ImageReader image = ImageReader.open(file, "f", found.prelude(), key)) {
        image.sectors(
            (sector, clear, length, flags) ->
                System.arraycopy(clear, 0, content, (int) sector * SECTOR, length));
      }
      return content;
    }

    @Override
    public void close() {
      keys.close();
      key.close();
    }
  }

  private static String refused(Forgery forgery, String check) throws IOException {
    forgery.write(bytes -> {});
    IntegrityException refused = catchThrowableOfType(IntegrityException.class, forgery::read);
    assertThat(refused).isNotNull();
    assertThat(refused.check()).isEqualTo(check);
    return String.valueOf(refused.getMessage());
  }

  @Test
  void asTheSpecificationSaysItIsRead() throws IOException {
    try (Forgery forgery = new Forgery(ID)) {
      forgery.write(bytes -> {});
      byte[] content = forgery.read();
      assertThat(content[4095]).isZero();
      assertThat(content[4999]).isOne();
    }
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        field("scope", header -> header.scope = KeyScope.PAGE),
        field("epoch", header -> header.epoch = 1),
        field("generation", header -> header.generation = 2),
        field("generation", header -> header.generation = 0),
        field("version", header -> header.version = 1),
        field("stamp", header -> header.stamp = 1),
        field(
            "flags",
            header -> {
              header.attributeStream = true;
              header.name = "";
            }),
        field(
            "flags",
            header -> {
              header.system = SystemFile.CONTACTS;
              header.codedName = SystemFile.CONTACTS.coded();
              header.name = "";
            }),
        field("type", header -> header.type = FileType.DIRECTORY),
        field("type", header -> header.type = FileType.SYMBOLIC_LINK),
        field("owner", header -> header.owner = 1),
        field("group", header -> header.group = -1),
        field("parent", header -> header.parent = run(1, 16)),
        field("coded name", header -> header.codedName = run(1, 32)),
        field(
            "names key",
            header -> {
              header.type = FileType.DIRECTORY;
              header.namesKey = run(1, 32).toByteArray();
            }),
        field("stream", header -> header.stream = new AttributeStreamName(run(1, 16), run(2, 32))),
        field("name", header -> header.name = ""));
  }

  private static Arguments field(String name, Consumer<FileHeader> change) {
    return Arguments.of(name, change);
  }

  @ParameterizedTest(name = "{0} [{index}]")
  @MethodSource("fields")
  void aFieldThatIsNotAsItShallBeIsRefused(String name, Consumer<FileHeader> change)
      throws IOException {
    try (Forgery forgery = new Forgery(ID)) {
      change.accept(forgery.header);
      assertThat(refused(forgery, "header")).contains(name);
    }
  }

  @Test
  void theIdOfAnotherVolumeIsRefused() throws IOException {
    try (Forgery forgery = new Forgery(OTHER_ID)) {
      assertThat(refused(forgery, "header")).contains("volume id");
    }
  }

  @Test
  void aHeaderOfAnotherLengthIsRefused() throws IOException {
    try (Forgery forgery = new Forgery(ID)) {
      forgery.header.headerBytes = 8192;
      refused(forgery, "header");
    }
  }

  @Test
  void anImageThatGoesOnBehindItsLastSectorIsRefused() throws IOException {
    try (Forgery forgery = new Forgery(ID)) {
      forgery.behind = 4096;
      refused(forgery, "image");
    }
    try (Forgery forgery = new Forgery(ID)) {
      forgery.header.length = 0;
      forgery.sectors = 0;
      forgery.behind = 1;
      refused(forgery, "image");
    }
  }

  @Test
  void anEntryBehindTheContentIsRefused() throws IOException {
    try (Forgery forgery = new Forgery(ID)) {
      forgery.sectors = 3;
      refused(forgery, "tree");
    }
  }

  @Test
  void bytesThatSayNothingInThisReleaseAreOfALaterOne() throws IOException {
    for (int at : new int[] {76, 88, 200, 255}) {
      try (Forgery forgery = new Forgery(ID)) {
        forgery.write(bytes -> bytes[at] = 1);
        // Bytes up to 79 are also under the key commitment.
        Class<? extends IOException> type =
            at < 80 ? IntegrityException.class : FormatVersionException.class;
        assertThat(catchThrowableOfType(IOException.class, forgery::read))
            .as("byte %s", at)
            .isInstanceOf(type);
      }
    }
  }
}
