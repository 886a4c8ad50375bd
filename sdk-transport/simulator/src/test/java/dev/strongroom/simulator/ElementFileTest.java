// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementDamagedException;
import dev.strongroom.core.device.ElementNotInitializedException;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.transport.ElementInUseException;
import dev.strongroom.core.transport.ElementNotFoundException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.InvalidElementUriException;
import dev.strongroom.core.transport.ReaderNotFoundException;
import dev.strongroom.simulator.records.Capacity;
import java.io.BufferedReader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElementFileTest {

  @TempDir Path folder;

  private Path initialized() throws Exception {
    Path file = folder.resolve("my element ä?#%");
    try (SecureElement element =
        SecureElement.open(SimulatedElement.open(file, SimulatedElementOptions.cheap()))) {
      element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
    }
    return file;
  }

  @Test
  void aMissingFileIsNoElementAndIsNotMadeByLookingAtIt() throws Exception {
    Path file = folder.resolve("missing");
    try (SecureElement element = SecureElement.open("sim:" + file)) {
      assertThatThrownBy(element::info)
          .isInstanceOfSatisfying(
              ElementNotFoundException.class,
              e -> assertThat(e.element()).isEqualTo("sim:" + file));
      assertThatThrownBy(element::status).isInstanceOf(ElementNotFoundException.class);
      assertThatThrownBy(() -> element.login(Stored.pin("1234")))
          .isInstanceOf(ElementNotFoundException.class);
      assertThatThrownBy(() -> element.unblock(Stored.pin("12345678"), Stored.pin("1234")))
          .isInstanceOf(ElementNotFoundException.class);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aMissingFolderIsAnErrorOfItsOwn() {
    assertThatThrownBy(() -> SecureElement.open("sim:" + folder.resolve("no/such/element")))
        .isInstanceOf(ReaderNotFoundException.class);
    assertThatThrownBy(() -> SecureElement.open("sim:" + folder))
        .isInstanceOf(InvalidElementUriException.class);
  }

  @Test
  void anEmptyFileIsABlankElement() throws Exception {
    Path file = Files.createFile(folder.resolve("empty"));
    try (SecureElement element =
        SecureElement.open(SimulatedElement.open(file, SimulatedElementOptions.cheap()))) {
      assertThatThrownBy(element::status).isInstanceOf(ElementNotFoundException.class);
      element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      element.login(Stored.pin(Stored.USER_PIN)).close();
    }
  }

  @Test
  void anotherFileIsNoElementAndIsNotTouched() throws Exception {
    Path file = folder.resolve("letter");
    Files.writeString(file, "Dear reader,\n".repeat(5000));
    anotherFileIsNotTouched(file);
    Files.writeString(file, "d".repeat(ElementImage.FILE_LENGTH + 3));
    anotherFileIsNotTouched(file);
    Files.writeString(file, "d");
    anotherFileIsNotTouched(file);
  }

  private static void anotherFileIsNotTouched(Path file) throws Exception {
    byte[] before = Files.readAllBytes(file);
    try (SecureElement element = SecureElement.open("sim:" + file)) {
      assertThatThrownBy(element::status).isInstanceOf(ElementDamagedException.class);
      assertThatThrownBy(() -> element.initialize(Stored.pin("1234"), Stored.pin("12345678")))
          .isInstanceOf(ElementDamagedException.class);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void onlyTheOwnerMayReadIt() throws Exception {
    Assumptions.assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "needs a POSIX file system");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(initialized())))
        .isEqualTo("rw-------");
  }

  @Test
  void anotherProcessIsRefusedByNumberUntilTheFirstEnds() throws Exception {
    Path file = initialized();
    Process child = ChildJvm.onClassPath("hold", "sim:" + file);
    try (BufferedReader reader = child.inputReader()) {
      String line = reader.readLine();
      while (line != null && line.startsWith("SLF4J")) {
        line = reader.readLine();
      }
      assertThat(line).isEqualTo("held true");
      assertThatThrownBy(() -> SecureElement.open("sim:" + file))
          .isInstanceOfSatisfying(
              ElementInUseException.class, e -> assertThat(e.pid()).hasValue(child.pid()));
      child.getOutputStream().close();
      assertThat(child.waitFor()).isZero();
    } finally {
      child.destroyForcibly();
    }
    try (SecureElement element = SecureElement.open("sim:" + file)) {
      element.login(Stored.pin(Stored.USER_PIN)).close();
    }
  }

  @Test
  void aRefusedSecondOpenInThisProcessDoesNotLetAnotherProcessIn() throws Exception {
    Path file = initialized();
    try (SecureElement element = SecureElement.open("sim:" + file)) {
      assertThat(element.status().initialized()).isTrue();
      assertThatThrownBy(() -> SimulatedElement.open(file, SimulatedElementOptions.cheap()))
          .isInstanceOfSatisfying(
              ElementInUseException.class,
              e -> assertThat(e.pid()).hasValue(ProcessHandle.current().pid()));
      // Looking at the file must not drop the lock either.
      assertThat(FileElementStore.isElement(file)).isTrue();
      assertThat(ChildJvm.lines(ChildJvm.onClassPath("open", "sim:" + file)))
          .contains("in use by " + ProcessHandle.current().pid());
    }
  }

  @Test
  void theElementsOfTheWorkingDirectoryAreReachable() throws Exception {
    Path file = initialized();
    Files.createSymbolicLink(folder.resolve("a link"), file);
    Files.createDirectory(folder.resolve("folder"));
    Files.write(folder.resolve("another"), new byte[ElementImage.FILE_LENGTH]);
    Files.createFile(folder.resolve("empty"));
    String both = "[sim:a link, sim:" + file.getFileName() + "]";
    assertThat(ChildJvm.lines(ChildJvm.inFolder(folder, "reachable", "sim:" + file)))
        .filteredOn(line -> !line.startsWith("SLF4J"))
        .containsExactly(both, both, "initialised true");
  }

  @Test
  @SuppressWarnings("try") // closing one by one is what is tested
  void opensOfOneElementInOneProcessShareIt() throws Exception {
    Path file = initialized();
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, file);
    try (SecureElement first = SecureElement.open("sim:" + file);
        SecureElement second = SecureElement.open("sim:" + folder + "/./" + file.getFileName());
        SecureElement third = SecureElement.open("SIM:" + link);
        ElementSession session = first.login(Stored.pin(Stored.USER_PIN));
        ElementSession other = third.login(Stored.pin(Stored.USER_PIN))) {
      assertThat(second.info().serialNumber()).isEqualTo(first.info().serialNumber());
      second.close();
      assertThat(session.random(4)).hasSize(4);
      assertThat(first.sessions()).containsExactly(session);
      first.close();
      assertThat(session.isOpen()).isFalse();
      assertThat(other.random(4)).hasSize(4);
    }
    assertThat(ChildJvm.lines(ChildJvm.onClassPath("open", "sim:" + file))).contains("opened true");
  }

  @Test
  void theMemoryForKeysStandsBehindThePath() throws Exception {
    SimulatorProvider provider = new SimulatorProvider();
    Path file = initialized();
    ElementUri plain = ElementUri.parse("sim:" + file);
    ElementUri sized = ElementUri.parse("sim:" + file + "?keyMemory=131072");
    assertThat(provider.identity(sized)).isEqualTo(provider.identity(plain));
    assertThat(SimulatorProvider.options(plain).keyMemory()).isEqualTo(new Capacity(88));
    assertThat(SimulatorProvider.options(sized).keyMemory()).isEqualTo(new Capacity(32));
    try (SecureElement element = SecureElement.open(sized.toString())) {
      element.login(Stored.pin(Stored.USER_PIN)).close();
    }
    for (String wrong : new String[] {"16383", "67112960", "999999999"}) {
      assertThatThrownBy(() -> SecureElement.open("sim:" + file + "?keyMemory=" + wrong))
          .isInstanceOf(InvalidElementUriException.class)
          .hasMessageContaining("16384 to 67108864");
    }
  }

  @Test
  void aFileGrowsWithItsFirstKeyAndIsAnElementAsBefore() throws Exception {
    Path file = initialized();
    long before = Files.size(file);
    try (KeyedElement element = KeyedElement.open(FileElementStore.open(file, "sim"), 32)) {
      assertThat(Files.size(file)).isEqualTo(before);
      element.put(KeyedElement.records(0, 120));
    }
    assertThat(Files.size(file)).isEqualTo(36_864 + 3 * 4096);
    assertThat(FileElementStore.isElement(file)).isTrue();
    try (KeyedElement element = KeyedElement.open(FileElementStore.open(file, "sim"), 88)) {
      assertThat(element.size()).isEqualTo(120);
    }
  }

  @Test
  void anInterruptedThreadDoesNotCloseTheFile() throws Exception {
    Path file = initialized();
    try (SecureElement element =
        SecureElement.open(SimulatedElement.open(file, SimulatedElementOptions.cheap()))) {
      Thread.currentThread().interrupt();
      element.login(Stored.pin(Stored.USER_PIN)).close();
      assertThat(Thread.interrupted()).isTrue();
      element.login(Stored.pin(Stored.USER_PIN)).close();
    }
  }

  @Test
  void theDescriptionSaysWhatATryCostsAndAChangeOfPinKeepsIt() throws Exception {
    Path file = initialized();
    try (SecureElement element = SecureElement.open("sim:" + file)) {
      String description = "simulated element, Argon2id 64 KiB, t=1, p=1";
      assertThat(element.info().description()).isEqualTo(description);
      element.unblock(Stored.pin(Stored.ADMINISTRATOR_PIN), Stored.pin("1234"));
      assertThat(element.info().description()).isEqualTo(description);
    }
  }

  @Test
  void anElementWithAnotherRootIsRefusedByName() throws Exception {
    MemoryElementStore store = new MemoryElementStore();
    SecretRoot root =
        new SecretRoot() {
          @Override
          public String name() {
            return "machine";
          }

          @Override
          public SecretBytes secret(dev.strongroom.core.Bytes serialNumber) {
            return SecretBytes.copyOf(serialNumber.toByteArray());
          }
        };
    SimulatedElementOptions withRoot =
        SimulatedElementOptions.builder().pinCost(PinCost.CHEAP).secretRoot(root).build();
    try (SecureElement element = SecureElement.open(SimulatedElement.on(store, withRoot))) {
      assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
          .isInstanceOf(ElementNotInitializedException.class);
      element.initialize(Stored.pin(Stored.USER_PIN), Stored.pin(Stored.ADMINISTRATOR_PIN));
      element.login(Stored.pin(Stored.USER_PIN)).close();
    }
    try (SecureElement element = Stored.open(store)) {
      assertThatThrownBy(() -> element.login(Stored.pin(Stored.USER_PIN)))
          .hasMessageContaining("machine");
      assertThat(element.status().userTriesLeft()).isEqualTo(5);
    }
  }
}
