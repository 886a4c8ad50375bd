// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What counts as a yes at a terminal. */
class TerminalPromptTest {

  @Test
  void nothingButYesIsAYes() throws IOException {
    assertThat(says(" yes \nno\n")).isTrue();
    assertThat(says("yes")).isTrue();
    for (String no : new String[] {"", "\n", "y\n", "no\nyes\n", "\u00ff\n", "yes".repeat(2000)}) {
      assertThat(says(no)).as(no).isFalse();
    }
  }

  private static boolean says(String typed) throws IOException {
    return TerminalPrompt.saysYes(new ByteArrayInputStream(typed.getBytes(UTF_8)));
  }
}
