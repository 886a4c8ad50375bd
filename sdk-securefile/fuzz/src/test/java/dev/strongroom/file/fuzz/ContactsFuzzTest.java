// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.internal.format.v1.ContactRecord;
import dev.strongroom.file.internal.format.v1.ContactsHead;
import dev.strongroom.file.internal.format.v1.FileHeader;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** Heads and records of a contacts file: arbitrary bytes. */
@Tag("fuzz")
class ContactsFuzzTest {

  @FuzzTest(maxDuration = "10m")
  void contacts(byte[] input) {
    accepts(input);
  }

  /** Whether a head or record is read; anything but a refusal of its own type fails. */
  static boolean accepts(byte[] input) {
    Fields fields = new Fields(input);
    boolean head = fields.u8() % 2 == 0;
    byte[] rest = fields.rest();
    try {
      byte[] again;
      if (head) {
        ContactsHead read = ContactsHead.parse("contacts", Arrays.copyOf(rest, ContactsHead.BLOCK));
        again = read.encode();
        assertThat(ContactsHead.parse("contacts", again)).isEqualTo(read);
      } else {
        byte[] whole = Arrays.copyOf(rest, ContactsHead.BLOCK);
        ContactRecord read = ContactRecord.parse("contacts", whole);
        again = read.encode();
        if (read.kind() != ContactRecord.Kind.FREE) {
          assertThat(again).isEqualTo(whole);
        }
        assertThat(ContactRecord.parse("contacts", again)).isEqualTo(read);
      }
      return true;
    } catch (FileHeader.Refused | FormatVersionException e) {
      return false;
    }
  }

  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    Bytes id = Bytes.copyOf(new byte[16]);
    Bytes digest = Bytes.copyOf(new byte[32]);
    ContactsHead.Receipt receipt = new ContactsHead.Receipt(id, id, 3, id);
    seeds.put("head", of(0, new ContactsHead(0, id, List.of()).encode()));
    seeds.put("receipts", of(0, new ContactsHead(2, id, List.of(receipt, receipt)).encode()));
    Bytes card = Bytes.copyOf(new byte[300]);
    Instant time = Instant.ofEpochSecond(1_700_000_000L, 1);
    seeds.put(
        "contact",
        of(
            1,
            ContactRecord.contact("Bärbel", time, 2, digest, card)
                .heardFrom(
                    Bytes.copyOf(
                        new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}))
                .encode()));
    seeds.put(
        "retired", of(1, ContactRecord.contact("x", time, 9, digest, card).removed().encode()));
    return seeds;
  }

  private static byte[] of(int mode, byte[] content) {
    byte[] seed = new byte[1 + content.length];
    seed[0] = (byte) mode;
    System.arraycopy(content, 0, seed, 1, content.length);
    return seed;
  }
}
