// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.transport.ElementUri;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardTimeoutTest {

  @ParameterizedTest
  @CsvSource({
    "pcsc:0, pcsc:0?timeout=60",
    "pcsc:Jo's Reader 00, pcsc:Jo's Reader 00?timeout=60",
    "pcsc:0?wait=5, pcsc:0?wait=5&timeout=60",
    "pcsc:0?, pcsc:0?timeout=60",
    "pcsc:0?timeout=5, pcsc:0?timeout=5",
    "sim:my.element, sim:my.element"
  })
  void aCardThatNeverAnswersEndsACommand(String typed, String used) throws StrongroomException {
    assertThat(ElementAccess.patient(ElementUri.parse(typed))).hasToString(used);
  }
}
