// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElementUriTest {

  @ParameterizedTest
  @CsvSource({
    "sim:my.element, sim, my.element",
    "SIM:/home/a b/ä#1%20, sim, /home/a b/ä#1%20",
    "pcsc:ACME Reader 00 00, pcsc, ACME Reader 00 00",
    "pcsc:0, pcsc, 0",
    "racs://host:7777/SEID, racs, //host:7777/SEID",
    "tlsse://sen@host:4433, tlsse, //sen@host:4433",
    "sim:C:\\elements\\mine, sim, C:\\elements\\mine"
  })
  void aSchemeAndARestAsWritten(String text, String scheme, String rest) throws Exception {
    ElementUri uri = ElementUri.parse(text);
    assertThat(uri.scheme()).isEqualTo(scheme);
    assertThat(uri.rest()).isEqualTo(rest);
    assertThat(ElementUri.parse(uri.toString())).isEqualTo(uri).hasSameHashCodeAs(uri);
  }

  @Test
  void parametersAreDecodedInOrder() throws Exception {
    ElementUri uri = ElementUri.parse("i2c:/dev/i2c-1?address=0x48&profile=se05x&note=a%20b%C3%A4");
    assertThat(uri.target()).isEqualTo("/dev/i2c-1");
    assertThat(uri.parameters().keySet()).containsExactly("address", "profile", "note");
    assertThat(uri.parameters()).containsEntry("address", "0x48").containsEntry("note", "a bä");
    assertThat(ElementUri.parse("serial:/dev/ttyUSB0").parameters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "i2c:/dev/x?a",
        "i2c:/dev/x?=1",
        "i2c:/dev/x?a=1&a=2",
        "i2c:/dev/x?a=%4",
        "i2c:/dev/x?a=%zz",
        "i2c:/dev/x?a=%FF"
      })
  void malformedParametersAreRefusedWhenAskedFor(String text) throws Exception {
    ElementUri uri = ElementUri.parse(text);
    assertThatThrownBy(uri::parameters).isInstanceOf(InvalidElementUriException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", ":x", "sim:", "1sim:x", "s m:x", "sim:a\u0000b", "sim:a\nb"})
  void otherTextIsNoElementUri(String text) {
    assertThatThrownBy(() -> ElementUri.parse(text)).isInstanceOf(InvalidElementUriException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sim:x?pin=4711",
        "sim:x?PIN=4711",
        "pcsc:0?a=1&pin=4711",
        "racs://h/x?psk=4711",
        "racs://h/x?user-pin=4711",
        "racs://user:4711@h/x",
        "tlsse://sen:4711@h",
        "racs://h/x?password=4711",
        "racs://h/x?a=1;secret=4711",
        "racs://h/x?admin_pin=4711"
      })
  void secretsAreRefusedAndNotRepeated(String text) {
    assertThatThrownBy(() -> ElementUri.parse(text))
        .isInstanceOf(InvalidElementUriException.class)
        .hasMessageNotContaining("4711");
  }

  @Test
  void anUnknownSchemeListsTheKnownOnes() {
    assertThatThrownBy(() -> TransportProviders.forScheme("nowhere"))
        .isInstanceOfSatisfying(
            UnknownSchemeException.class,
            e -> {
              assertThat(e.scheme()).isEqualTo("nowhere");
              assertThat(e.knownSchemes()).isEmpty();
              assertThat(e).hasMessageContaining("no transport is installed at all");
            });
  }
}
