// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The numbers of docs/spec/secure-file-format.md against those of the code. */
class SpecificationTest {

  private static final Path PAGE = Path.of("../../docs/spec/secure-file-format.md");

  /** All tables of the page: rows of cells, the head first. */
  private static List<List<List<String>>> tables() throws IOException {
    List<List<List<String>>> tables = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("|")) {
        if (!line.startsWith("|---")) {
          String inner = line.substring(1, line.length() - 1);
          table.add(
              Arrays.stream(inner.split("(?<!\\\\)\\|", -1))
                  .map(cell -> cell.strip().replace("`", ""))
                  .toList());
        }
      } else if (!table.isEmpty()) {
        tables.add(table);
        table = new ArrayList<>();
      }
    }
    return tables;
  }

  private static List<List<String>> table(String... head) throws IOException {
    for (List<List<String>> table : tables()) {
      List<String> names = table.get(0);
      if (names.size() >= head.length && names.subList(0, head.length).equals(List.of(head))) {
        return table.subList(1, table.size());
      }
    }
    throw new AssertionError("there is no table with the head " + List.of(head));
  }

  @Test
  void constantsAreThoseOfTheCode() throws IOException {
    Map<String, String> code = new HashMap<>();
    code.put("FORMAT", FileHeader.FORMAT);
    code.put("INLINE", "" + Layout.INLINE);
    code.put("FANOUT", "" + Layout.FANOUT);
    code.put("TAG_PAGE", "" + Layout.TAG_PAGE);
    code.put("ENTRY", "" + TagPage.ENTRY);
    code.put("ENTRIES", "" + TagPage.ENTRIES);
    code.put("MAX_LENGTH", "" + Layout.MAX_LENGTH);
    code.put("HEADER_CLEAR", "" + FileHeader.CLEAR);
    code.put("HEADER_BYTES", "" + FileHeader.DEFAULT_BYTES);
    code.put("HEADER_MAX", "" + FileHeader.MAX_BYTES);
    code.put("VOLUME_FILE", "" + VolumeFile.BYTES);
    code.put("MAX_URI", "" + VolumeFile.MAX_URI);
    code.put("BLOCK", "" + JournalAnchor.BLOCK);
    code.put("RECORDS", "" + JournalAnchor.RECORDS);
    code.put("RECORD_HEAD", "" + JournalRecord.HEAD);
    code.put("RECORD_MAX", "" + JournalRecord.MAX_BYTES);
    code.put("NO_CUT", "" + JournalRecord.NO_CUT);
    code.put("MAX_NAME", "" + Names.MAX_BYTES);
    code.put("MAX_TARGET", "" + Names.MAX_TARGET);
    code.put("MAX_ATTRIBUTE", "" + UserAttributeSet.MAX_VALUE);
    code.put("MAX_ATTRIBUTES", "" + UserAttributeSet.MAX_STREAM);
    code.put("CATALOGUE_PAGE", "4096");
    Map<String, String> page = new HashMap<>();
    for (List<String> row : table("name", "value")) {
      page.put(row.get(0), row.get(1));
    }
    assertThat(page).isEqualTo(code);
  }

  @Test
  void hostFilesAreNamedAsInTheCode() throws IOException {
    List<String> names = new ArrayList<>();
    for (List<String> row : table("host file", "what")) {
      names.add(row.get(0));
    }
    assertThat(names)
        .contains(Names.VOLUME, Names.JOURNAL, Names.SCRATCH, Names.TRANSIT + "/UID")
        .contains(Names.FILES + "/root", Names.FILES + "/x/NAME");
  }

  @Test
  void fieldsOfEveryByteTableFollowEachOther() throws IOException {
    int checked = 0;
    for (List<List<String>> table : tables()) {
      if (!table.get(0).get(0).equals("offset") || !table.get(0).get(1).equals("length")) {
        continue;
      }
      checked++;
      long next = 0;
      for (List<String> row : table.subList(1, table.size())) {
        if (!row.get(0).matches("[0-9]+")) {
          break; // from here on the place depends on another field
        }
        assertThat(Long.parseLong(row.get(0))).as("%s", row).isEqualTo(next);
        next += row.get(1).matches("[0-9]+") ? Long.parseLong(row.get(1)) : 0;
      }
    }
    assertThat(checked).isGreaterThanOrEqualTo(10);
  }

  @Test
  void positionsAreThoseOfTheCode() throws IOException {
    Layout layout = new Layout(4096, 4096);
    List<List<String>> rows = table("node or sector", "position");
    assertThat(rows).hasSizeGreaterThan(10);
    for (List<String> row : rows) {
      String[] words = row.get(0).split(" ", -1);
      String last = words[words.length - 1];
      long position =
          switch (words[0]) {
            case "sector" -> layout.sectorPosition(Long.parseLong(last));
            case "tag" -> layout.nodePosition(0, Long.parseLong(last));
            default -> {
              String[] node = last.split("\\.", -1);
              yield layout.nodePosition(Integer.parseInt(node[0]), Long.parseLong(node[1]));
            }
          };
      assertThat(row.get(1)).as("%s", row).isEqualTo("" + position);
    }
  }

  @Test
  void workedSizesAreThoseOfTheCode() throws IOException {
    Layout layout = new Layout(4096, 4096);
    List<List<String>> rows = table("content", "bytes", "sectors");
    assertThat(rows).hasSize(5);
    for (List<String> row : rows) {
      long sectors = layout.sectors(Long.parseLong(row.get(1)));
      long leaves = Layout.leaves(sectors);
      long inner = 0;
      for (long nodes = leaves; nodes > 1; ) {
        nodes = (nodes + Layout.FANOUT - 1) / Layout.FANOUT;
        inner += nodes;
      }
      String height = leaves == 0 ? "" : "" + Layout.height(leaves);
      assertThat(row.subList(2, 7))
          .as("%s", row)
          .containsExactly(
              "" + sectors, "" + leaves, "" + inner, height, "" + layout.hostBytes(sectors));
      assertThat(layout.hostBytes(sectors))
          .isEqualTo(2 * 4096 + sectors * 4096 + (leaves + inner) * 4096);
    }
  }
}
