// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.crypto.AesKeyWrap;
import dev.strongroom.core.crypto.Hpke;
import dev.strongroom.core.crypto.HpkeSuite;
import dev.strongroom.core.crypto.P256;
import dev.strongroom.core.device.ElementProtocol;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.identity.Fingerprint;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.identity.Peer;
import dev.strongroom.core.identity.SignaturePurpose;
import dev.strongroom.file.ElementRole;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.RecoveryElement;
import dev.strongroom.file.RecoveryElementException;
import dev.strongroom.file.RecoveryElementException.Reason;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.WrongMakerException;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.crypto.RecoveryWrap;
import dev.strongroom.file.internal.crypto.VolumeKeys;
import dev.strongroom.file.internal.format.v1.ElementRecord;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.KeyOrigin;
import dev.strongroom.file.internal.format.v1.RecoveryPair;
import dev.strongroom.file.internal.format.v1.TagPage;
import dev.strongroom.file.internal.format.v1.VolumeElements;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who writes the disk and knows all that is public, the recovery element's keys too, makes
 * files, a root directory and whole volumes for the recovery element: it takes none of them.
 */
@Tag("jdk25")
class RecoveryForgeryTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECTOR = 4096;
  private static final byte[] FORGED = "pay to somebody else".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  private SecureElement first;
  private SecureElement second;
  private ElementSession maker;
  private ElementSession recovery;
  private RecoveryElement named;

  @BeforeEach
  void makeVolume() throws IOException {
    first = SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    second = SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
    maker = login(first);
    recovery = login(second);
    named = RecoveryElement.of(second.identity(), recovery.channelKey());
    make(maker, volume());
  }

  @AfterEach
  void logout() {
    maker.close();
    recovery.close();
    first.close();
    second.close();
  }

  private static ElementSession login(SecureElement element) throws IOException {
    try (SecretBytes user = SecretBytes.encode("1234".toCharArray());
        SecretBytes administrator = SecretBytes.encode("administrator".toCharArray())) {
      element.initialize(user, administrator);
      return element.login(user);
    }
  }

  private Path volume() {
    return folder.resolve("volume");
  }

  private void make(ElementSession session, Path where) throws IOException {
    VolumeOptions options =
        VolumeOptions.builder()
            .recoveryElement(named)
            .journalBytes(VolumeOptions.MINIMUM_JOURNAL_BYTES)
            .build();
    try (SecureFileSystem volume = SecureFileSystem.create(session, where, options);
        SecureFile file =
            volume.openFile("/order", StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write("pay to Alice".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static VolumeOptions readOnly() {
    return VolumeOptions.builder().readOnly().build();
  }

  private SecureFileSystem open(ElementSession session) throws IOException {
    return SecureFileSystem.open(session, volume(), readOnly());
  }

  private static String content(SecureFileSystem volume) throws IOException {
    try (SecureFile file = volume.openFile("/order")) {
      byte[] found = new byte[100];
      int length = file.pread(0, found, 0, found.length);
      return new String(found, 0, length, StandardCharsets.UTF_8);
    }
  }

  // ---- what somebody without any element can make

  private static SecretBytes random() {
    byte[] bytes = new byte[Grub.SECRET_LENGTH];
    RANDOM.nextBytes(bytes);
    return SecretBytes.adopt(bytes);
  }

  private static Bytes random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  /** A pair of his own, wrapped to the recovery element's public key. */
  private RecoveryPair wrap(Bytes volume, Bytes uid, Grub pair, @Nullable VolumeKeys guessed) {
    byte[] both = new byte[2 * Grub.SECRET_LENGTH];
    pair.enc().copyTo(both, 0);
    pair.sig().copyTo(both, Grub.SECRET_LENGTH);
    byte[] info = ElementProtocol.hpkeInfo(RecoveryWrap.info(volume));
    byte[] context = RecoveryWrap.context(uid, pair.rnd(), 0).toByteArray();
    try (Hpke.Sender sender =
            Hpke.setupBaseS(
                HpkeSuite.P256, Hpke.Aead.EXPORT_ONLY, named.keys().agreementKey(), info, RANDOM);
        SecretBytes exported = sender.context().export(context, RecoveryWrap.KEK);
        SecretBytes secret = SecretBytes.adopt(both)) {
      if (guessed == null) {
        return new RecoveryPair(sender.enc(), AesKeyWrap.wrap(exported, secret));
      }
      try (SecretBytes kek = RecoveryWrap.kek(exported, guessed.recovery())) {
        return new RecoveryPair(sender.enc(), AesKeyWrap.wrap(kek, secret));
      }
    }
  }

  /** Writes a host file with one sector under keys of his own; true and whole in all else. */
  private void forge(Path host, FileHeader header, Grub pair, byte[] content) throws IOException {
    header.generation = 1000;
    header.length = content.length;
    try (FileKeys keys = FileKeys.of(pair)) {
      byte[] entry = new byte[TagPage.ENTRY];
      random(12).copyTo(entry, 0);
      TagPage.setState(entry, 0, TagPage.PRESENT, content.length);
      byte[] context = TagPage.sectorContext(header.uid, 0, 0, entry, 0);
      byte[] clear = Arrays.copyOf(content, SECTOR);
      byte[] cipher = new byte[SECTOR + 16];
      keys.content().encryptSector(entry, 0, context, clear, 0, SECTOR, cipher, 0);
      System.arraycopy(entry, 0, header.inline, 0, entry.length);
      byte[] copy = Arrays.copyOf(header.encode(keys, random(12).toByteArray()), SECTOR);
      Files.write(
          host, ByteBuffer.allocate(3 * SECTOR).put(copy).put(copy).put(cipher, 0, SECTOR).array());
    }
  }

  private VolumeFile file() throws IOException {
    return Objects.requireNonNull(VolumeFile.parse("v", volumeFile()));
  }

  private byte[] volumeFile() throws IOException {
    return Arrays.copyOf(Files.readAllBytes(volume().resolve("strongroom.volume")), 4096);
  }

  private static Grub pair() {
    return new Grub(random(16), random(), random(), random());
  }

  /** The keys that he would have if the volume were his. */
  private static VolumeKeys guess(int way) {
    try (Grub own =
        way == 1
            ? new Grub(
                random(16),
                SecretBytes.copyOf(new byte[32]),
                SecretBytes.copyOf(new byte[32]),
                random())
            : pair()) {
      return VolumeKeys.of(own);
    }
  }

  private static Bytes codedName(Path host) {
    String letters = "abcdefghijklmnopqrstuvwxyz234567";
    byte[] coded = new byte[32];
    int bits = 0;
    for (char letter : host.getFileName().toString().toCharArray()) {
      for (int bit = 4; bit >= 0 && bits < 256; bit--, bits++) {
        int set = (letters.indexOf(letter) >> bit) & 1;
        coded[bits / 8] |= (byte) (set << (7 - bits % 8));
      }
    }
    return Bytes.copyOf(coded);
  }

  // ---- files

  @Test
  void aForgedFileIsRefused() throws IOException {
    Path host;
    try (SecureFileSystem volume = open(maker)) {
      host = volume().resolve(volume.stat("/order").hostName());
    }
    byte[] genuine = Files.readAllBytes(host);
    for (int way = 0; way < 3; way++) {
      try (Grub pair = pair();
          VolumeKeys guessed = guess(way)) {
        FileHeader header =
            new FileHeader(file().id(), Bytes.copyOf(genuine, 40, 16), pair.rnd(), 0, SECTOR);
        RecoveryPair wrapped = wrap(file().id(), header.uid, pair, way == 0 ? null : guessed);
        header.origin = new KeyOrigin.Derived(wrapped);
        header.parent = file().root();
        header.codedName = codedName(host);
        forge(host, header, pair, FORGED);
      }
      try (SecureFileSystem volume = open(recovery)) {
        assertThatThrownBy(() -> content(volume))
            .isInstanceOfSatisfying(
                IntegrityException.class, e -> assertThat(e.file()).isEqualTo("/order"));
      }
    }
    Files.write(host, genuine);
    try (SecureFileSystem volume = open(recovery)) {
      assertThat(content(volume)).isEqualTo("pay to Alice");
    }
  }

  @Test
  void aForgedRootIsRefused() throws IOException {
    Path host = volume().resolve("strongroom.files/root");
    byte[] genuine = Files.readAllBytes(host);
    for (int way = 0; way < 3; way++) {
      try (Grub pair = pair();
          VolumeKeys guessed = guess(way)) {
        FileHeader header = new FileHeader(file().id(), file().root(), pair.rnd(), 0, SECTOR);
        RecoveryPair wrapped = wrap(file().id(), header.uid, pair, way == 0 ? null : guessed);
        header.origin = new KeyOrigin.Derived(wrapped);
        header.type = FileType.DIRECTORY;
        header.namesKey = random(32).toByteArray();
        byte[] meta = new byte[SECTOR];
        ByteBuffer.wrap(meta).put("SRCATAL1".getBytes(StandardCharsets.US_ASCII)).putInt(12, 1);
        forge(host, header, pair, meta);
      }
      try (SecureFileSystem volume = open(recovery)) {
        assertThatThrownBy(() -> volume.list("/")).isInstanceOf(IntegrityException.class);
      }
    }
    Files.write(host, genuine);
    try (SecureFileSystem volume = open(recovery)) {
      assertThat(volume.list("/")).hasSize(1);
    }
  }

  // ---- volumes

  /** A volume file under a pair of his own, whose record of the recovery element is given. */
  private void forgeVolume(Signer signer) throws IOException {
    byte[] copy = volumeFile();
    VolumeFile genuine = file();
    ElementRecord.Recovery before =
        Objects.requireNonNull(Objects.requireNonNull(genuine.elements().recovery()).recovery());
    try (Grub pair = pair();
        VolumeKeys keys = VolumeKeys.of(pair)) {
      VolumeFile forged =
          new VolumeFile(
              genuine.id(),
              genuine.uid(),
              pair.rnd(),
              genuine.element(),
              "",
              genuine.root(),
              genuine.system(),
              genuine.created(),
              genuine.elements(),
              KeyOrigin.DERIVED);
      RecoveryPair wrapped = wrap(genuine.id(), genuine.uid(), pair, null);
      Bytes element = ElementAdmission.fingerprint(named.keys());
      byte[] statement =
          VolumeFile.recoveryStatement(forged.encode(keys), element, wrapped).encode();
      ElementRecord.Recovery record = signer.sign(before, wrapped, statement);
      forged =
          forged.with(
              new ElementRecord(
                  named.serialNumber(),
                  ElementRole.RECOVERY,
                  element,
                  named.channelKey().orElse(null),
                  record));
      byte[] written = forged.encode(keys);
      Files.write(
          volume().resolve("strongroom.volume"),
          ByteBuffer.allocate(8192).put(written).put(written).array());
    }
    assertThat(copy).isNotEqualTo(volumeFile());
  }

  /** What stands in the record of the recovery element. */
  private interface Signer {
    ElementRecord.Recovery sign(
        ElementRecord.Recovery before, RecoveryPair wrapped, byte[] statement);
  }

  @Test
  void aForgedVolumeFileIsRefusedBeforeAnythingIsAsked() throws IOException {
    Bytes agreementKey = named.keys().agreementKey();
    try (P256.Pair own = P256.pair(random())) {
      Signer[] signers = {
        // With the signature that the maker has made for its own pair.
        (before, wrapped, statement) ->
            new ElementRecord.Recovery(agreementKey, wrapped, before.maker(), before.signature()),
        // With a right signature, of another key than that of the element that is named first.
        (before, wrapped, statement) ->
            new ElementRecord.Recovery(
                agreementKey,
                wrapped,
                new Peer.Pinned(own.publicKey(), own.publicKey()),
                IdentitySignature.sign(
                    own.privateKey(), SignaturePurpose.VOLUME_RECOVERY, statement)),
        (before, wrapped, statement) ->
            new ElementRecord.Recovery(
                agreementKey,
                wrapped,
                before.maker(),
                IdentitySignature.sign(
                    own.privateKey(), SignaturePurpose.VOLUME_RECOVERY, statement)),
      };
      byte[] genuine = Files.readAllBytes(volume().resolve("strongroom.volume"));
      for (Signer signer : signers) {
        forgeVolume(signer);
        assertThatThrownBy(() -> open(recovery))
            .isInstanceOfSatisfying(
                RecoveryElementException.class,
                e -> assertThat(e.reason()).isEqualTo(Reason.NOT_VOUCHED_FOR));
        Files.write(volume().resolve("strongroom.volume"), genuine);
      }
    }
    try (SecureFileSystem volume = open(recovery)) {
      assertThat(content(volume)).isEqualTo("pay to Alice");
    }
  }

  /** Nothing but the fingerprint tells whose volume it is. */
  @Test
  void aVolumeOfSomebodyElseIsToldByTheFingerprintOfItsMaker() throws IOException {
    Path forged = folder.resolve("forged");
    try (SecureElement other =
            SecureElement.open(SimulatedElement.inMemory(SimulatedElementOptions.cheap()));
        ElementSession stranger = login(other)) {
      make(stranger, forged);
      Fingerprint expected = fingerprint(first);
      VolumeOptions reading = VolumeOptions.builder().readOnly().madeBy(expected).build();
      assertThatThrownBy(() -> SecureFileSystem.open(recovery, forged, reading))
          .isInstanceOfSatisfying(
              WrongMakerException.class,
              e -> {
                assertThat(e.expected()).isEqualTo(expected);
                assertThat(e.found().orElseThrow()).isEqualTo(fingerprint(other));
              });
      Path target = folder.resolve("target");
      assertThatThrownBy(
              () ->
                  SecureFileSystem.recover(
                      recovery, forged, target, VolumeOptions.defaults(), expected))
          .isInstanceOf(WrongMakerException.class);
      assertThat(target).doesNotExist();
      assertThat(VolumeInfo.read(forged).madeBy().orElseThrow()).isEqualTo(fingerprint(other));
      try (SecureFileSystem volume = SecureFileSystem.open(recovery, volume(), reading)) {
        assertThat(content(volume)).isEqualTo("pay to Alice");
        assertThat(volume.info().madeBy().orElseThrow()).isEqualTo(expected);
      }
      SecureFileSystem.recover(recovery, volume(), target, VolumeOptions.defaults(), expected);
      assertThat(target).exists();
    }
  }

  private static Fingerprint fingerprint(SecureElement element) {
    try {
      Peer.Pinned keys = element.identity().pinned();
      return Fingerprint.of(keys.signingKey(), keys.agreementKey());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  // ---- what is not authenticated yet

  /** One copy of the volume file says that the first element is the recovery element. */
  @Test
  void theRoleOfAnElementIsThatOfTheAuthenticCopy() throws IOException {
    VolumeFile genuine = file();
    ElementRecord other = Objects.requireNonNull(genuine.elements().recovery());
    ElementRecord.Recovery keys = Objects.requireNonNull(other.recovery());
    byte[] both = Files.readAllBytes(volume().resolve("strongroom.volume"));
    for (int copy = 0; copy < 2; copy++) {
      byte[] altered = both.clone();
      try (VolumeKeys own = guess(0)) {
        VolumeElements swapped =
            new VolumeElements(genuine.elements().all())
                .with(
                    new ElementRecord(
                        genuine.element(),
                        ElementRole.RECOVERY,
                        Objects.requireNonNull(genuine.elements().find(genuine.element()))
                            .identity(),
                        null,
                        keys))
                .with(
                    ElementRecord.deriving(
                        other.serialNumber(), ElementRole.TWIN, other.identity(), null));
        byte[] lie =
            new VolumeFile(
                    genuine.id(),
                    genuine.uid(),
                    genuine.rnd(),
                    genuine.element(),
                    "",
                    genuine.root(),
                    genuine.system(),
                    genuine.created(),
                    swapped,
                    KeyOrigin.DERIVED)
                .encode(own);
        System.arraycopy(lie, 0, altered, copy * 4096, 4096);
      }
      Files.write(volume().resolve("strongroom.volume"), altered);
      // The recovery element is none of those that write, whatever one copy says.
      assertThatThrownBy(
              () -> SecureFileSystem.open(recovery, volume(), VolumeOptions.defaults()).close())
          .isInstanceOf(RecoveryElementException.class);
      try (SecureFileSystem volume = open(recovery)) {
        assertThat(content(volume)).isEqualTo("pay to Alice");
      }
      try (SecureFileSystem volume = open(maker)) {
        assertThat(content(volume)).isEqualTo("pay to Alice");
      }
      try (SecureFileSystem volume =
          SecureFileSystem.open(maker, volume(), VolumeOptions.defaults())) {
        assertThat(content(volume)).isEqualTo("pay to Alice");
      }
      assertThat(Files.readAllBytes(volume().resolve("strongroom.volume"))).isEqualTo(both);
      Files.write(volume().resolve("strongroom.volume"), both);
    }
  }
}
