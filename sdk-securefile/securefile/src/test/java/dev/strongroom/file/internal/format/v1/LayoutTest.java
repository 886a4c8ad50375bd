// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Positions of sectors and tree pages against a walk over the host file. */
class LayoutTest {

  private static final long F = Layout.FANOUT;

  /** The levels of the inner nodes that stand before a leaf, the first of them first. */
  private static List<long[]> nodesBefore(long leaf) {
    List<long[]> nodes = new ArrayList<>();
    long span = 1;
    for (int level = 1; level <= 8; level++) {
      long below = span; // leaves under a child
      span *= F;
      if (leaf == below) {
        nodes.add(0, new long[] {level, 0});
      } else if (leaf > 0 && leaf % span == 0) {
        nodes.add(0, new long[] {level, leaf / span});
      }
    }
    return nodes;
  }

  private static long walk(Layout layout, long leaves) {
    long position = 2L * layout.headerBytes();
    for (int sector = 0; sector < Layout.INLINE; sector++) {
      assertThat(layout.sectorPosition(sector)).isEqualTo(position);
      position += layout.sectorBytes();
    }
    long group = F * layout.sectorBytes();
    for (long leaf = 0; leaf < leaves; leaf++) {
      for (long[] node : nodesBefore(leaf)) {
        if (layout.nodePosition((int) node[0], node[1]) != position) {
          throw new AssertionError("node " + node[0] + "." + node[1] + " is not at " + position);
        }
        position += Layout.TAG_PAGE;
      }
      long first = Layout.firstSector(leaf);
      if (layout.nodePosition(0, leaf) != position
          || layout.sectorPosition(first) != position + Layout.TAG_PAGE
          || layout.sectorPosition(first + F - 1)
              != position + Layout.TAG_PAGE + group - layout.sectorBytes()) {
        throw new AssertionError("leaf " + leaf + " is not at " + position);
      }
      position += Layout.TAG_PAGE + group;
    }
    return position;
  }

  @ParameterizedTest
  @CsvSource({"4096,4096", "8192,4096", "65536,65536", "4096,16384"})
  void pagesAndSectorsFollowEachOtherWithoutGapOrOverlap(int header, int sector) {
    Layout layout = new Layout(header, sector);
    long leaves = F * F + 3 * F;
    assertThat(walk(layout, leaves)).isEqualTo(layout.hostBytes(Layout.INLINE + leaves * F));
  }

  @Test
  void sectorsAreAdjacentUpToTheNextTagPage() {
    Layout layout = new Layout(4096, 4096);
    for (long sector = 0; sector < Layout.INLINE + 3 * F; sector++) {
      int adjacent = Layout.adjacent(sector);
      long position = layout.sectorPosition(sector);
      assertThat(layout.sectorPosition(sector + adjacent - 1))
          .isEqualTo(position + (adjacent - 1) * 4096L);
      assertThat(layout.sectorPosition(sector + adjacent))
          .isGreaterThan(position + adjacent * 4096L);
    }
  }

  @Test
  void theFourthLevelFollowsWithoutGapOrOverlap() {
    Layout layout = new Layout(4096, 4096);
    long leaves = F * F * F + 2 * F;
    assertThat(walk(layout, leaves)).isEqualTo(layout.hostBytes(Layout.INLINE + leaves * F));
  }

  @Test
  void everySectorOfAGroupHasItsOwnPlace() {
    Layout layout = new Layout(4096, 8192);
    for (long sector = 0; sector < 2000; sector++) {
      long next = layout.sectorPosition(sector + 1) - layout.sectorPosition(sector);
      boolean lastOfGroup = sector >= Layout.INLINE - 1 && Layout.slotOf(sector + 1) == 0;
      assertThat(next > 8192).isEqualTo(lastOfGroup);
      assertThat(layout.sectorPosition(sector) % 4096).isZero();
    }
  }

  @Test
  void allNodesOfATreeLieBeforeItsLastSector() {
    Layout layout = new Layout(4096, 4096);
    List<Long> sizes = new ArrayList<>();
    for (long n = 1; n <= 300; n++) {
      sizes.add(n);
    }
    for (long edge : new long[] {F * F, F * F * F, F * F * F * F, F * F * F * F * F}) {
      for (long n = edge - 2; n <= edge + 2; n++) {
        sizes.add(n);
      }
    }
    long seed = 20;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      sizes.add(1 + (random.nextLong() >>> 1) % (1L << (1 + random.nextInt(40))));
    }
    for (long leaves : sizes) {
      long end = layout.nodePosition(0, leaves - 1) + Layout.TAG_PAGE;
      int height = Layout.height(leaves);
      long nodes = leaves;
      for (int level = 0; level <= height; level++) {
        assertThat(layout.nodePosition(level, nodes - 1)).isLessThan(end);
        assertThat(layout.nodePosition(level, 0)).isLessThan(end);
        nodes = (nodes + F - 1) / F;
      }
      assertThat(nodes).isEqualTo(1);
    }
  }

  @Test
  void theHeightIsTheLeastThatCoversAllLeaves() {
    assertThat(Layout.height(1)).isZero();
    assertThat(Layout.height(2)).isEqualTo(1);
    assertThat(Layout.height(F)).isEqualTo(1);
    assertThat(Layout.height(F + 1)).isEqualTo(2);
    assertThat(Layout.height(F * F)).isEqualTo(2);
    assertThat(Layout.height(F * F + 1)).isEqualTo(3);
    assertThat(Layout.height(F * F * F)).isEqualTo(3);
    assertThat(Layout.height(F * F * F + 1)).isEqualTo(4);
  }

  @Test
  void lengthsSectorsAndLeavesAgreeAtTheirBorders() {
    Layout layout = new Layout(4096, 4096);
    assertThat(layout.sectors(0)).isZero();
    assertThat(layout.sectors(1)).isEqualTo(1);
    assertThat(layout.sectors(4096)).isEqualTo(1);
    assertThat(layout.sectors(4097)).isEqualTo(2);
    assertThat(Layout.leaves(0)).isZero();
    assertThat(Layout.leaves(32)).isZero();
    assertThat(Layout.leaves(33)).isEqualTo(1);
    assertThat(Layout.leaves(152)).isEqualTo(1);
    assertThat(Layout.leaves(153)).isEqualTo(2);
    for (long sector = 32; sector < 1000; sector++) {
      long leaf = Layout.leafOf(sector);
      assertThat(Layout.firstSector(leaf) + Layout.slotOf(sector)).isEqualTo(sector);
      assertThat(Layout.leaves(sector + 1)).isEqualTo(leaf + 1);
    }
  }

  @Test
  void theLongestFileFitsIntoSignedPositions() {
    for (int size = 4096; size <= 65536; size *= 2) {
      Layout layout = new Layout(65536, size);
      long sectors = layout.sectors(Layout.MAX_LENGTH);
      long end = layout.hostBytes(sectors);
      assertThat(end).isGreaterThan(Layout.MAX_LENGTH);
      assertThat((double) end).isLessThan(1.01 * Layout.MAX_LENGTH);
      assertThat(Layout.height(Layout.leaves(sectors))).isLessThanOrEqualTo(6);
    }
  }

  @Test
  void aFileOfOneSectorTakesTwelveKibibytes() {
    assertThat(new Layout(4096, 4096).hostBytes(1)).isEqualTo(12 << 10);
  }
}
