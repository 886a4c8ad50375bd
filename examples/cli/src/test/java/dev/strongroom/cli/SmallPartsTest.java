// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.file.ElementAddress;
import dev.strongroom.file.InvalidNameException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths, URIs, sizes, the progress bar and the search for clear data. */
class SmallPartsTest {

  @TempDir Path folder;

  @Test
  void aVolumePathHasOneForm() throws IOException {
    assertThat(VolumePath.parse("//")).isEqualTo(VolumePath.ROOT);
    assertThat(VolumePath.parse("a//b/./c/").text()).isEqualTo("/a/b/c");
    assertThat(VolumePath.parse("a/b").parent().text()).isEqualTo("/a");
    assertThat(VolumePath.parse("a").parent()).isEqualTo(VolumePath.ROOT);
    assertThat(VolumePath.parse("/a/b").name()).isEqualTo("b");
    assertThat(VolumePath.parse("/ab").startsWith(VolumePath.parse("/a"))).isFalse();
    assertThat(VolumePath.parse("/a/b").startsWith(VolumePath.parse("/a"))).isTrue();
    assertThatThrownBy(() -> VolumePath.parse("a/../b")).isInstanceOf(InvalidNameException.class);
    assertThatThrownBy(() -> VolumePath.parse("")).hasMessage("a path is empty");
  }

  @Test
  void aVolumeRemembersItsElementRelativeToItself() throws IOException {
    Path volume = folder.resolve("media/volume");
    Path element = folder.resolve("media/keys/my.element");
    String remembered = ElementAddress.remembered("sim:" + element, volume);
    assertThat(remembered).isEqualTo("sim:../keys/my.element");
    assertThat(ElementAddress.resolved(remembered, volume))
        .isEqualTo("sim:" + folder.toRealPath().resolve("media/keys/my.element"));
    assertThat(ElementAddress.resolved("sim:/a/b", volume)).isEqualTo("sim:/a/b");
    assertThat(ElementAddress.remembered("pcsc:0", volume)).isEqualTo("pcsc:0");
  }

  @Test
  void aVolumeReachedThroughALinkRemembersTheSame() throws IOException {
    Files.createDirectories(folder.resolve("real/deep"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real/deep"));
    assertThat(
            ElementAddress.remembered(
                "sim:" + folder.resolve("my.element"), folder.resolve("link/volume")))
        .isEqualTo("sim:../../../my.element");
  }

  @Test
  void sizesAreReadable() {
    assertThat(Sizes.text(0)).isEqualTo("0 B");
    assertThat(Sizes.text(1023)).isEqualTo("1023 B");
    assertThat(Sizes.text(1536)).isEqualTo("1.5 KiB");
    assertThat(Sizes.text(10L << 30)).isEqualTo("10 GiB");
    assertThat(Sizes.text(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    assertThat(Sizes.files(1)).isEqualTo("1 file");
  }

  @Test
  void theProgressBarIsTakenAway() throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Progress bar = Progress.bar(new PrintStream(out, true, UTF_8), "put", 100)) {
      bar.add(1);
      Thread.sleep(120);
      bar.add(49);
    }
    assertThat(out.toString(UTF_8)).contains(" 50 %").endsWith("\r");
  }

  @Test
  void whereTheTotalIsNotKnownBytesAreShownWithoutABar() throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Progress bar =
        Progress.bar(new PrintStream(out, true, UTF_8), "check", Progress.UNKNOWN)) {
      bar.add(1);
      Thread.sleep(120);
      bar.add(1535);
    }
    assertThat(out.toString(UTF_8)).contains("check  1.5 KiB").doesNotContain("%", "[");
  }

  @Test
  void clearDataIsFoundWhereverItLies() throws IOException {
    Path clear = folder.resolve("a-long-enough-name");
    Files.writeString(clear, "The quick brown fox jumps over the lazy dog.");
    PlaintextSearch search = new PlaintextSearch();
    search.learn(clear);

    byte[] large = new byte[(1 << 20) + 100];
    byte[] piece = "The quick brown ".getBytes(UTF_8);
    System.arraycopy(piece, 0, large, (1 << 20) - 7, piece.length);
    Path content = Files.write(folder.resolve("1"), large);
    Path name = Files.writeString(folder.resolve("2"), "....a-long-enough-name....");
    Path nothing = Files.writeString(folder.resolve("3"), "The quick brown?");
    assertThat(search.found(List.of(content, name, nothing)))
        .containsExactly(
            new PlaintextSearch.Find(content, clear), new PlaintextSearch.Find(name, clear));
  }

  @Test
  void piecesThatStandInAVolumeWithoutFilesAreNotSearchedFor() throws IOException {
    Path clear = Files.writeString(folder.resolve("short"), "The quick brown fox");
    Path secret = Files.writeString(folder.resolve("tiny"), "jumps over the lazy dog.");
    PlaintextSearch search = new PlaintextSearch();
    search.learn(clear);
    search.learn(secret);
    Path both = Files.writeString(folder.resolve("1"), "The quick brown fox jumps over the lazy");

    search.ignore(Files.writeString(folder.resolve("0"), "....The quick brown bear"));

    assertThat(search.pieces()).isEqualTo(1);
    assertThat(search.found(List.of(both))).containsExactly(new PlaintextSearch.Find(both, secret));
  }

  @Test
  void aModeIsShownAsLsDoes() {
    assertThat(KeptAttributes.modeText(0)).isEqualTo("---------");
    assertThat(KeptAttributes.modeText(0754)).isEqualTo("rwxr-xr--");
    assertThat(KeptAttributes.modeText(07777)).isEqualTo("rwsrwsrwt");
    assertThat(KeptAttributes.modeText(07666)).isEqualTo("rwSrwSrwT");
    assertThat(KeptAttributes.modeText(04100)).isEqualTo("--s------");
    assertThat(KeptAttributes.modeText(02001)).isEqualTo("-----S--x");
    assertThat(KeptAttributes.modeText(01010)).isEqualTo("-----x--T");
  }
}
