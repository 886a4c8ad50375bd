// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.file.testkit.Scenarios.Scenario;
import java.io.IOException;
import java.lang.reflect.Array;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * One suite over two file systems: every scenario runs on the default file system and on a volume,
 * and what a user notices, a value or an exception with the file that it names, must be the same.
 * The few tolerated differences are those of docs/known-differences.md.
 */
@Tag("jdk25")
@EnabledOnOs(OS.LINUX)
class FileSystemContractTest {

  /** Scenario to what the volume does instead; why stands in docs/known-differences.md. */
  private static final Map<String, String> DIFFERENCES =
      Map.of(
          "links: a hard link", "UnsupportedOperationException",
          "channel: map for reading", "UnsupportedOperationException",
          "delete: what ends with ..", "FileSystemException ROOT/a/b/..",
          "watch: a write after its deletion", "[ENTRY_MODIFY last]");

  @TempDir static Path directory;

  private static TestElement element;
  private static ElementSession session;
  private static FileSystem volume;
  private static int directories;

  @BeforeAll
  static void open() throws IOException {
    element = TestElement.create();
    session = element.login();
    volume =
        FileSystems.newFileSystem(
            URI.create("strongroom:" + directory.resolve("volume")),
            Map.of("session", session, "create", "true"));
  }

  @AfterAll
  static void close() throws IOException {
    volume.close();
    session.close();
    element.close();
  }

  @TestFactory
  Stream<DynamicTest> everyScenarioEndsAlikeOnBothFileSystems() {
    List<Scenarios> areas =
        List.of(
            new PathScenarios(),
            new ChannelScenarios(),
            new NameScenarios(),
            new AttributeScenarios(),
            new SharingScenarios(),
            new AsynchronousScenarios(),
            new BetweenScenarios(directory));
    return areas.stream()
        .flatMap(area -> area.all().entrySet().stream())
        .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> compare(each)));
  }

  @Test
  void aMissingUserAttributeIsToldWithItsPathOnce() throws IOException {
    Path file = Files.createFile(volume.getPath("/f"));
    assertThatThrownBy(() -> Files.getAttribute(file, "user:zz"))
        .isInstanceOf(FileSystemException.class)
        .hasMessage("/f: has no user attribute \"zz\"");
  }

  private static void compare(Map.Entry<String, Scenario> each) throws Exception {
    int number = directories++;
    Path plain = Files.createDirectory(directory.resolve("d" + number)).toRealPath();
    Path secure = Files.createDirectory(volume.getPath("/d" + number));
    String expected = outcome(each.getValue(), plain);
    String found = outcome(each.getValue(), secure);
    if (expected.equals("IOException") && found.startsWith("FileSystemException")) {
      return; // the same to whoever catches what is thrown there, and it names the file
    }
    String different = DIFFERENCES.get(each.getKey());
    if (different == null) {
      assertThat(found).as(each.getKey()).isEqualTo(expected);
    } else {
      assertThat(found).as(each.getKey()).isEqualTo(different).isNotEqualTo(expected);
    }
  }

  private static String outcome(Scenario scenario, Path root) {
    try {
      return text(scenario.in(root), root);
    } catch (FileSystemException e) {
      return e.getClass().getSimpleName() + " " + relative(e.getFile(), root);
    } catch (Exception e) {
      // A subclass that says more is no difference to whoever catches the contract's exception.
      return e.getClass().getSimpleName();
    }
  }

  private static String text(Object value, Path root) {
    if (value instanceof Path path) {
      return relative(path.toString(), root);
    }
    if (value instanceof List<?> list) {
      List<String> parts = new ArrayList<>();
      list.forEach(part -> parts.add(text(part, root)));
      return parts.toString();
    }
    if (value instanceof byte[] bytes) {
      return bytes.length + " bytes, hash " + Arrays.hashCode(bytes);
    }
    if (value != null && value.getClass().isArray()) {
      List<Object> parts = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        parts.add(Array.get(value, i));
      }
      return text(parts, root);
    }
    return String.valueOf(value);
  }

  private static String relative(String path, Path root) {
    if (path == null) {
      return "";
    }
    return path.replace(root.toString(), "ROOT");
  }
}
