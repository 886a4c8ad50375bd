// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.benchmarks.Entrants.Kind;
import dev.strongroom.benchmarks.Row.Better;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowTest {

  private static Row row(Better better, double ours, double plain, Target... targets) {
    return new Row(
        "KEY",
        "title",
        "unit",
        better,
        Map.of(Kind.STRONGROOM, ours, Kind.PLAIN, plain),
        List.of(targets),
        "",
        "");
  }

  @Test
  void aRateReachesItsTargetFromAbove() {
    assertThat(row(Better.HIGHER, 70, 100, Target.of(0.7, "P", 100)).verdict()).isEqualTo("yes");
    assertThat(row(Better.HIGHER, 69, 100, Target.of(0.7, "P", 100)).verdict())
        .isEqualTo("**no**: 0.69 of 0.7 P");
    assertThat(row(Better.HIGHER, 69, 100).ratio(Kind.PLAIN)).isEqualTo(0.69);
  }

  @Test
  void aCostReachesItsTargetFromBelow() {
    Target twelve = Target.absolute("at most 12", 12);
    assertThat(row(Better.LOWER, 12, 6, twelve).verdict()).isEqualTo("yes");
    assertThat(row(Better.LOWER, 13, 6, twelve).verdict()).isEqualTo("**no**: 13.0");
    assertThat(row(Better.LOWER, 12, 6).ratio(Kind.PLAIN)).isEqualTo(0.5);
  }

  @Test
  void theWorseFaceCounts() {
    Map<Kind, Double> figures = Map.of(Kind.STRONGROOM, 5.0, Kind.SECURE_FILE, 7.0);
    Row rate = new Row("K", "t", "u", Better.HIGHER, figures, List.of(), "", "");
    Row cost = new Row("K", "t", "u", Better.LOWER, figures, List.of(), "", "");
    assertThat(rate.ours()).isEqualTo(5);
    assertThat(cost.ours()).isEqualTo(7);
  }

  @Test
  void oneMissedTargetOfTwoIsNamedAndAnAbsentPeerIsNone() {
    Target reached = Target.of(0.5, "P", 100);
    Target missed = Target.of(1.5, "C", 100);
    Target absent = Target.of(1.5, "C", Double.NaN);
    assertThat(row(Better.HIGHER, 60, 100, reached, missed).missed()).containsExactly(missed);
    assertThat(row(Better.HIGHER, 60, 100, reached, absent).verdict()).isEqualTo("yes");
    assertThat(row(Better.HIGHER, 60, 100, absent).verdict()).isEmpty();
    assertThat(row(Better.HIGHER, 60, 100, absent).ratio(Kind.CRYPTOFS)).isNaN();
  }
}
