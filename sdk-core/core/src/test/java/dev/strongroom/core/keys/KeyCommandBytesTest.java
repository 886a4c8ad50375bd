// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What the commands of the key store carry, byte by byte as docs/spec/key-store.md, 9 has it. */
class KeyCommandBytesTest {

  @Test
  void aKeyInTheStoreIsItsAttributesAndBlocks() {
    StoredKey stored = new StoredKey(KeyVectors.A, 3);
    Bytes encoded = Bytes.parse(KeyVectors.ATTRIBUTES_A + "0003");
    assertThat(stored.encode()).isEqualTo(encoded);
    assertThat(StoredKey.parse(encoded)).isEqualTo(stored);
    assertThat(stored.uses().reserved()).isEqualTo(3 * 65_536);
    for (String wrong : List.of(KeyVectors.ATTRIBUTES_A + "00", KeyVectors.ATTRIBUTES_A + "FFFF")) {
      assertThatThrownBy(() -> StoredKey.parse(Bytes.parse(wrong)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aShorteningLeavesWhatIsAllOnes() {
    KeyShortening some =
        new KeyShortening(
            Optional.empty(),
            Optional.of(new ElementTime(0x01020304)),
            Optional.of(ElementTime.NONE),
            OptionalLong.of(5));
    Bytes encoded = Bytes.parse("ffffffff010203040000000000000005");
    assertThat(some.encode()).isEqualTo(encoded);
    assertThat(KeyShortening.parse(encoded)).isEqualTo(some);
    assertThat(KeyShortening.NONE.encode()).isEqualTo(Bytes.parse("ff".repeat(16)));
    assertThat(KeyShortening.parse(Bytes.parse("ff".repeat(16)))).isEqualTo(KeyShortening.NONE);
    assertThatThrownBy(() -> KeyShortening.parse(Bytes.parse("ff".repeat(15))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyShortening.parse(Bytes.parse("ff".repeat(12) + "ffff0001")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void requestsForAnOrderAreATypeAndABody() {
    List<OrderRequest> requests =
        List.of(
            new OrderRequest.Key(KeyVectors.A.id(), OrderRequest.Value.INCLUDED, 7),
            new OrderRequest.Entry(new OrderEntry.Grant(KeyVectors.GROUP, KeyVectors.LEASE)),
            new OrderRequest.Entry(new OrderEntry.RemoveKey(KeyVectors.B.id())),
            new OrderRequest.Entry(new OrderEntry.RemoveGroup(KeyVectors.GROUP)));
    Bytes encoded =
        Bytes.parse(
            "01404142434445464748494a4b4c4d4e4f0100000007"
                + "02505152535455565758595a5b5c5d5e5f00000000000000050cabe5800007a1200040"
                + "03303132333435363738393a3b3c3d3e3f"
                + "04505152535455565758595a5b5c5d5e5f");
    StringBuilder all = new StringBuilder();
    requests.forEach(request -> all.append(request.encode()));
    assertThat(all).hasToString(encoded.toString());
    assertThat(OrderRequest.parseAll(encoded)).isEqualTo(requests);
    String first = encoded.toString().substring(0, 44);
    for (String wrong :
        List.of(
            "",
            first.substring(0, 42),
            first.replace("0100000007", "0200000007"),
            "05" + first.substring(2),
            "00" + first.substring(2),
            first.repeat(65))) {
      assertThatThrownBy(() -> OrderRequest.parseAll(Bytes.parse(wrong)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> new OrderRequest.Entry(new OrderEntry.Key(KeyVectors.A, Optional.empty())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
