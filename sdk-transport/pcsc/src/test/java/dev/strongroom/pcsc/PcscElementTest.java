// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.pcsc;

import org.junit.jupiter.api.Tag;

@Tag("jdk25")
class PcscElementTest extends ReaderElementContract {

  @Override
  protected String parameters() {
    return "";
  }
}
