// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import dev.strongroom.core.testkit.ReachedBy;
import org.junit.jupiter.api.Tag;

@Tag("jdk25")
@ReachedBy("simulator, through vpcd and pcscd")
class PcscElementTest extends ReaderElementContract {

  @Override
  protected String parameters() {
    return "";
  }
}
