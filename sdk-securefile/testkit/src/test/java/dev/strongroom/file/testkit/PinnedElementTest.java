// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.core.device.ElementKeyChangedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.UnsupportedCapabilityException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A volume records the channel key of its element, and refuses another one by name. */
class PinnedElementTest {

  private static final int COPY = 4096;
  private static final int KEY_IN_COPY = 1280 + 4 + 49;

  /** G of P-256 (NIST SP 800-186, 3.2.1.3), a point like any other. */
  private static final ChannelKey OTHER =
      new ChannelKey(
          Bytes.parse(
              "04"
                  + "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                  + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));

  @TempDir Path folder;

  private TestElement element;
  private ElementSession session;

  private interface Work {
    void on(ElementSession session) throws IOException;
  }

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private Path volume() {
    return folder.resolve("volume");
  }

  private ChannelKey key() throws IOException {
    return session.channelKey().orElseThrow();
  }

  /** With a session of the same element, which shows another channel key, or none. */
  private void disguised(@Nullable ChannelKey key, Work work) throws IOException {
    try (SecureElement other = SecureElement.open(new DisguisedElement(element.simulated, key));
        ElementSession its = TestElement.login(other)) {
      work.on(its);
    }
  }

  private void openFor(ElementSession whose, VolumeOptions options) throws IOException {
    SecureFileSystem.open(whose, volume(), options).close();
  }

  private static VolumeOptions readOnly() {
    return VolumeOptions.builder().readOnly().build();
  }

  private void requireRefused(ElementSession whose, VolumeOptions options) throws IOException {
    Bytes expected = key().fingerprint();
    assertThatThrownBy(() -> openFor(whose, options))
        .isInstanceOfSatisfying(
            ElementKeyChangedException.class,
            e -> {
              assertThat(e.expected()).isEqualTo(expected);
              assertThat(e.found()).isEqualTo(OTHER.fingerprint());
            });
  }

  @Test
  void aNewVolumeHasTheKeyAndAnybodyCanReadIt() throws IOException {
    SecureFileSystem.create(session, volume(), VolumeOptions.defaults()).close();
    assertThat(VolumeInfo.read(volume()).elementChannelKey()).contains(key());
    openFor(session, VolumeOptions.defaults());
    openFor(session, readOnly());
  }

  @Test
  void anElementWithAnotherKeyIsRefusedByName() throws IOException {
    SecureFileSystem.create(session, volume(), VolumeOptions.defaults()).close();
    byte[] before = Files.readAllBytes(volume().resolve("strongroom.volume"));
    disguised(
        OTHER,
        its -> {
          requireRefused(its, VolumeOptions.defaults());
          requireRefused(its, readOnly());
        });
    disguised(
        null,
        its ->
            assertThatThrownBy(() -> openFor(its, VolumeOptions.defaults()))
                .isInstanceOf(UnsupportedCapabilityException.class));
    assertThat(Files.readAllBytes(volume().resolve("strongroom.volume"))).isEqualTo(before);
    openFor(session, VolumeOptions.defaults());
  }

  @Test
  void aVolumeWithoutAKeyGetsItAtTheFirstUseForWriting() throws IOException {
    disguised(
        null, its -> SecureFileSystem.create(its, volume(), VolumeOptions.defaults()).close());
    assertThat(VolumeInfo.read(volume()).elementChannelKey()).isEmpty();
    byte[] without = Files.readAllBytes(volume().resolve("strongroom.volume"));
    openFor(session, readOnly());
    disguised(null, its -> openFor(its, VolumeOptions.defaults()));
    assertThat(Files.readAllBytes(volume().resolve("strongroom.volume"))).isEqualTo(without);
    openFor(session, VolumeOptions.defaults());
    assertThat(VolumeInfo.read(volume()).elementChannelKey()).contains(key());
    byte[] with = Files.readAllBytes(volume().resolve("strongroom.volume"));
    assertThat(Arrays.copyOf(with, COPY)).isEqualTo(Arrays.copyOfRange(with, COPY, 2 * COPY));
    disguised(OTHER, its -> requireRefused(its, VolumeOptions.defaults()));

    // A crash after the first copy.
    byte[] half = with.clone();
    System.arraycopy(without, COPY, half, COPY, COPY);
    Files.write(volume().resolve("strongroom.volume"), half);
    disguised(OTHER, its -> requireRefused(its, VolumeOptions.defaults()));
    openFor(session, VolumeOptions.defaults());
    assertThat(Files.readAllBytes(volume().resolve("strongroom.volume"))).isEqualTo(with);
  }

  @Test
  void aForgedKeyIsNotBelievedAfterTheLogin() throws IOException {
    SecureFileSystem.create(session, volume(), VolumeOptions.defaults()).close();
    Path file = volume().resolve("strongroom.volume");
    byte[] content = Files.readAllBytes(file);
    for (int copy = 0; copy < 2; copy++) {
      OTHER.point().copyTo(content, copy * COPY + KEY_IN_COPY);
    }
    Files.write(file, content);
    assertThat(VolumeInfo.read(volume()).elementChannelKey()).contains(OTHER);
    disguised(
        OTHER,
        its ->
            assertThatThrownBy(() -> openFor(its, VolumeOptions.defaults()))
                .hasMessageContaining("signature"));
  }

  @Test
  void aProviderThatLogsInComparesTheKeyBeforeThePin() throws IOException {
    Path file = folder.resolve("element");
    try (SecureElement made = TestElement.inFile(file)) {
      TestElement.initialize(made);
    }
    URI uri = URI.create("strongroom:" + volume().toUri().getPath());
    Map<String, ?> env = Map.of("element", "sim:" + file, "pin", "1234", "create", true);
    FileSystems.newFileSystem(uri, env).close();
    try (FileSystem again = FileSystems.newFileSystem(uri, env)) {
      assertThat(again.isOpen()).isTrue();
    }
    Path volumeFile = volume().resolve("strongroom.volume");
    byte[] content = Files.readAllBytes(volumeFile);
    for (int copy = 0; copy < 2; copy++) {
      OTHER.point().copyTo(content, copy * COPY + KEY_IN_COPY);
    }
    Files.write(volumeFile, content);
    assertThatThrownBy(
            () -> FileSystems.newFileSystem(uri, Map.of("element", "sim:" + file, "pin", "wrong")))
        .isInstanceOfSatisfying(
            ElementKeyChangedException.class,
            e -> assertThat(e.expected()).isEqualTo(OTHER.fingerprint()));
    try (SecureElement same = SecureElement.open("sim:" + file)) {
      assertThat(same.status().userTriesLeft()).isEqualTo(5);
    }
  }
}
