// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks.keys;

import dev.strongroom.benchmarks.Explanations;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.simulator.PinCost;
import dev.strongroom.simulator.SimulatedElement;
import dev.strongroom.simulator.SimulatedElementOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * The process that measures keys. Prints what is going on, and leaves what was found in a file.
 *
 * <p>Thread safety: confined to one thread.
 */
final class KeyRun {

  /** What was found, in the folder. */
  static final String RESULT = "keys.md";

  private static final int KIBI = 1024;

  private final KeySize size;
  private final KeyTable table = new KeyTable();
  private final KeyThreads threads = new KeyThreads();
  private final Map<KeyKind, Set<KeyWork>> absent = new TreeMap<>();

  private KeyRun(KeySize size) {
    this.size = size;
  }

  /** Arguments: the folder, and the size. */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    Path folder = Path.of(arguments[0]);
    KeySize size = KeySize.parse(arguments[1]);
    Files.writeString(folder.resolve(RESULT), new KeyRun(size).measure(folder));
  }

  private String measure(Path folder) throws IOException, GeneralSecurityException {
    String machine = machine();
    List<KeyContender> contenders = new ArrayList<>();
    String counted;
    try {
      contenders.add(new ElementContender());
      contenders.add(provider(KeyKind.JDK, "SunJCE", "SunEC"));
      contenders.add(provider(KeyKind.JDK_COUNTED, "SunJCE", "SunEC"));
      Provider bouncyCastle = new BouncyCastleProvider();
      contenders.add(new ProviderContender(KeyKind.BOUNCY_CASTLE, bouncyCastle, bouncyCastle));
      if (SoftHsm.obstacle().isEmpty()) {
        Provider token = SoftHsm.provider(folder);
        contenders.add(new ProviderContender(KeyKind.SOFTHSM2, token, token));
      }
      counted = syncs((ElementContender) contenders.get(0));
      rounds(contenders);
    } finally {
      for (KeyContender contender : contenders) {
        contender.close();
      }
    }
    System.out.println("keys that are opened");
    KeyOpens opens = KeyOpens.measure(folder.resolve("grown"), size);
    return String.join(
        "\n\n",
        machine,
        table.markdown().strip(),
        threads.markdown().strip(),
        opens.markdown().strip(),
        "Counted: " + counted + " " + capacity(128) + " " + capacity(352),
        misses());
  }

  private String machine() {
    return String.format(
            Locale.ROOT,
            "Measured on %s: Java %s, %d processors, load average before the run %.2f; %d ms for"
                + " each figure of a round; rounds: %d. %s",
            LocalDate.now(Clock.systemUTC()),
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            size.millis(),
            size.rounds(),
            SoftHsm.obstacle()
                .map(obstacle -> "Not measured: SoftHSM2, " + obstacle + ".")
                .orElse(""))
        .strip();
  }

  private static ProviderContender provider(KeyKind kind, String symmetric, String asymmetric) {
    return new ProviderContender(
        kind, Security.getProvider(symmetric), Security.getProvider(asymmetric));
  }

  /** Blocks of uses are written before their first use: nothing else waits for the medium. */
  private static String syncs(ElementContender element)
      throws IOException, GeneralSecurityException {
    int operations = 100_000;
    KeyTask task = element.task(KeyWork.ENCRYPT_16);
    long before = element.syncs();
    for (int i = 0; i < operations; i++) {
      task.run();
    }
    return String.format(
        Locale.ROOT,
        "%,d encryptions wait for the element's medium %d times.",
        operations,
        element.syncs() - before);
  }

  /** What an element says that it has room for, when it has its first key. */
  private static String capacity(int kibibytes) throws IOException {
    SimulatedElementOptions options =
        SimulatedElementOptions.builder()
            .pinCost(PinCost.CHEAP)
            .keyMemory(kibibytes * KIBI)
            .build();
    try (SecureElement element = SecureElement.open(SimulatedElement.inMemory(options));
        ElementSession session = ElementContender.login(element)) {
      return String.format(
          Locale.ROOT,
          "%d KiB of key memory have room for %,d keys.",
          kibibytes,
          session.keys().store().status().capacity());
    }
  }

  private void rounds(List<KeyContender> contenders) throws IOException, GeneralSecurityException {
    for (int round = 0; round <= size.rounds(); round++) {
      for (KeyWork work : KeyWork.values()) {
        for (KeyContender contender : contenders) {
          if (takesPart(contender, work, round)) {
            KeySpeed speed = KeySpeed.measure(contender, work, 1, size.millis());
            if (round > 0) {
              table.add(work, contender.kind(), speed);
            }
            say(round, 1, work, contender.kind(), speed);
          }
        }
      }
      for (KeyWork work : KeyThreads.WORK) {
        for (KeyContender contender : contenders) {
          for (int count : KeyThreads.THREADS) {
            if (takesPart(contender, work, 1)) {
              KeySpeed speed = KeySpeed.measure(contender, work, count, size.millis());
              if (round > 0) {
                threads.add(count, work, contender.kind(), speed);
              }
              say(round, count, work, contender.kind(), speed);
            }
          }
        }
      }
      Collections.rotate(contenders, 1);
    }
  }

  /** Who cannot do something is found out in the first round. */
  private boolean takesPart(KeyContender contender, KeyWork work, int round) {
    Set<KeyWork> missing =
        absent.computeIfAbsent(contender.kind(), kind -> EnumSet.noneOf(KeyWork.class));
    if (contender.kind() == KeyKind.JDK_COUNTED && !work.hasIv()) {
      return false;
    }
    if (round == 0 && contender.kind() != KeyKind.STRONGROOM) {
      try {
        contender.task(work).run();
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        missing.add(work);
        System.out.printf("%s cannot: %s, %s%n", contender.kind().title(), work.title(), e);
      }
    }
    return !missing.contains(work);
  }

  private static void say(int round, int threads, KeyWork work, KeyKind kind, KeySpeed speed) {
    System.out.printf(
        Locale.ROOT,
        "round %d  %d x %-30s %-16s %,12.0f /s %,12.0f per processor second%n",
        round,
        threads,
        work.title(),
        kind.title(),
        speed.perSecond(),
        speed.perProcessorSecond());
  }

  private String misses() throws IOException {
    Explanations explanations = Explanations.load();
    int release = Runtime.version().feature();
    return table.missed().stream()
        .map(
            work ->
                "* **"
                    + work.title()
                    + "**. "
                    + explanations.of(SecureKeys.key(work), release).strip())
        .collect(Collectors.joining("\n"));
  }
}
