// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.docs.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.keys.KeyState;
import dev.strongroom.core.keys.KeyTransition;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/**
 * Pictures and tables of docs/sekey.md are what the rules of the code give. They are written anew
 * by {@code mvn -o -pl docs -am test -Dtest=KeyPicturesTest -Dpictures.write=true}.
 */
class KeyPicturesTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final Path PAGE = DOCS.resolve("sekey.md");
  private static final boolean WRITE = Boolean.getBoolean("pictures.write");

  private static void compare(String name, String made) throws IOException {
    Path file = DOCS.resolve(name);
    if (WRITE) {
      Files.writeString(file, made);
    }
    assertThat(Files.readString(file)).isEqualTo(made);
  }

  private static int count(String svg, String element) throws Exception {
    Document parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    return parsed.getElementsByTagName(element).getLength();
  }

  @Test
  void thePictureOfStatesHasAllOfThemAndAllTransitions() throws Exception {
    String svg = StatePicture.svg();
    compare("sekey-states.svg", svg);
    assertThat(count(svg, "rect")).isEqualTo(KeyState.values().length);
    assertThat(count(svg, "circle")).isEqualTo(KeyTransition.values().length);
  }

  @Test
  void thePictureOfPeriodsIsWhatTheRulesDecide() throws Exception {
    String svg = PeriodPicture.svg();
    compare("sekey-periods.svg", svg);
    assertThat(count(svg, "rect")).isPositive();
    assertThat(svg).contains("\"permitted\"", "\"exceptional\"", "\"refused\"");
  }

  @Test
  void tablesAreWhatTheRulesSay() throws IOException {
    compareTable("transitions", StatePicture.transitions());
    compareTable("standings", StatePicture.standings());
  }

  /** A table stands between two comments that name it. */
  private static void compareTable(String name, String made) throws IOException {
    String page = Files.readString(PAGE);
    String begin = "<!-- " + name + " -->\n\n";
    String end = "\n<!-- end of " + name + " -->";
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(end);
    assertThat(page).contains(begin, end);
    if (WRITE) {
      page = page.substring(0, from) + made + page.substring(to);
      Files.writeString(PAGE, page);
      to = page.indexOf(end);
    }
    assertThat(page.substring(from, to)).isEqualTo(made);
  }
}
