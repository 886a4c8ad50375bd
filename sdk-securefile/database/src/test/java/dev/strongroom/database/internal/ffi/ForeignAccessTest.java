// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.ffi;

import static dev.strongroom.database.internal.ffi.Signature.Type.INT;
import static dev.strongroom.database.internal.ffi.Signature.Type.LONG;
import static dev.strongroom.database.internal.ffi.Signature.returningInt;
import static dev.strongroom.database.internal.ffi.Signature.returningLong;
import static dev.strongroom.database.internal.ffi.Signature.returningNothing;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to native memory does the same. */
@Tag("jdk25")
class ForeignAccessTest {

  private static final long[] ARGUMENTS = {Long.MIN_VALUE + 5, -2, 1L << 40, 7, -9, 11};

  static Stream<ForeignAccess> ways() {
    return FfmAccess.isPresent()
        ? Stream.of(new JnaAccess(), FfmAccess.open())
        : Stream.of(new JnaAccess());
  }

  @Test
  void theFastestOneIsThatOfJavaItselfWhereThereIsOne() {
    boolean newer = Runtime.version().feature() >= 22;
    assertThat(ForeignAccess.fastest()).isInstanceOf(newer ? FfmAccess.class : JnaAccess.class);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void memoryHoldsWhatWasWritten(ForeignAccess memory) {
    long address = memory.allocate(64);
    assertThat(memory.addressBytes()).isEqualTo(Long.BYTES);
    for (int at = 0; at < 64; at++) {
      assertThat(memory.getByte(address + at)).isZero();
    }
    memory.putLong(address + 3, -5L << 32 | 6);
    assertThat(memory.getLong(address + 3)).isEqualTo(-5L << 32 | 6);
    memory.putInt(address + 13, -7);
    assertThat(memory.getInt(address + 13)).isEqualTo(-7);

    memory.write(address, new byte[] {9, 1, 2, 3, 9}, 1, 3);
    byte[] read = new byte[5];
    memory.read(address, read, 2, 3);
    assertThat(read).containsExactly(0, 0, 1, 2, 3);
    memory.clear(address + 1, 2);
    memory.read(address, read, 0, 4);
    assertThat(read).startsWith(1, 0, 0);

    assertThat(memory.text(memory.allocateText("früh"))).isEqualTo("früh");
    assertThat(memory.text(0)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void everySignatureTakesItsArgumentsAndAnswers(ForeignAccess memory) {
    signatures().forEach(signature -> call(memory, signature));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aCallForWhichThereIsNoMemoryAnswersAFailure(ForeignAccess memory) {
    Upcall starved =
        new Upcall() {
          @Override
          public long call(long[] arguments) {
            throw new OutOfMemoryError("as a test");
          }

          @Override
          public long failed() {
            return 10;
          }
        };
    signatures()
        .forEach(
            signature -> {
              long[] given = Arrays.copyOf(ARGUMENTS, signature.parameters().size());
              assertThat(memory.call(memory.function(signature, starved), signature, given))
                  .as("%s", signature)
                  .isEqualTo(signature.result() == Signature.Type.NOTHING ? 0 : 10);
            });
  }

  private static Stream<Signature> signatures() {
    return Stream.of(
        returningInt(LONG),
        returningInt(LONG, INT),
        returningInt(LONG, LONG),
        returningInt(LONG, INT, LONG),
        returningInt(LONG, LONG, INT),
        returningInt(LONG, LONG, INT, LONG),
        returningInt(LONG, LONG, LONG, INT, LONG),
        returningInt(LONG, INT, LONG, LONG, LONG, LONG),
        returningLong(LONG, LONG),
        returningLong(LONG, LONG, LONG),
        returningNothing(LONG, INT, LONG));
  }

  private static void call(ForeignAccess memory, Signature signature) {
    AtomicReference<long[]> seen = new AtomicReference<>();
    long answer = signature.result() == INT ? -3 : -3L << 40;
    long function =
        memory.function(
            signature,
            arguments -> {
              seen.set(arguments);
              return answer;
            });
    System.gc(); // which must not take it away
    long[] given = Arrays.copyOf(ARGUMENTS, signature.parameters().size());
    for (int i = 0; i < given.length; i++) {
      given[i] = signature.parameters().get(i) == INT ? (int) given[i] : given[i];
    }
    long answered = memory.call(function, signature, given);
    assertThat(seen.get()).as("%s", signature).isEqualTo(given);
    assertThat(answered)
        .as("%s", signature)
        .isEqualTo(signature.result() == Signature.Type.NOTHING ? 0 : answer);
  }
}
