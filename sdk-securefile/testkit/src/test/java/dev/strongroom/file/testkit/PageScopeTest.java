// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.apdu.StatusWord;
import dev.strongroom.core.device.Capability;
import dev.strongroom.core.device.ElementCommands;
import dev.strongroom.core.device.ElementInfo;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Grub;
import dev.strongroom.core.device.GrubRequest;
import dev.strongroom.core.device.SecureElement;
import dev.strongroom.core.device.StatusWordException;
import dev.strongroom.core.transport.InProcessElement;
import dev.strongroom.core.transport.LinkLostException;
import dev.strongroom.file.ByteRange;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.PageKeysUnsupportedException;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.SecureOpenOption;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.testkit.FaultPlan.Fault;
import dev.strongroom.simulator.FaultPlan;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files each of whose crypto pages has a key of its own. */
@Tag("jdk25")
class PageScopeTest {

  private static final int PAGE = 8 * 4096;
  private static final int BATCH = 64;
  private static final OpenOption[] CREATE = {
    StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE
  };

  private TestElement element;
  private ElementSession session;
  private final MemoryStore store = new MemoryStore();
  private final ManualExecutor executor = new ManualExecutor();

  /** Something that is paid for. */
  private interface Work {
    void run() throws IOException;
  }

  @BeforeEach
  void login() throws IOException {
    element = TestElement.create();
    session = element.login();
  }

  @AfterEach
  void logout() {
    session.close();
    element.close();
  }

  private VolumeOptions.Builder options() {
    return VolumeOptions.builder()
        .keyScope(KeyScope.PAGE)
        .journalBytes(1 << 20)
        .cacheBytes(32 << 20)
        .executor(executor)
        .clock(executor);
  }

  private SecureFileSystem create() throws IOException {
    return SecureFileSystem.create(session, store, options().build());
  }

  private SecureFileSystem open() throws IOException {
    return SecureFileSystem.open(session, store, options().build());
  }

  private long commands(Work work) throws IOException {
    long before = element.commands();
    work.run();
    return element.commands() - before;
  }

  private static void put(SecureFileSystem volume, String path, byte[] content) throws IOException {
    try (SecureFile file = volume.openFile(path, CREATE)) {
      file.write(content);
    }
  }

  private static int batches(int pages) {
    return (pages + BATCH - 1) / BATCH;
  }

  // ---- what it costs

  @Test
  void consecutivePagesTakeACommandPer64AndCachedOnesNone() throws IOException {
    int pages = 200;
    byte[] content = SampleBytes.of(1, pages * PAGE);
    try (SecureFileSystem volume = create();
        SecureFile file = volume.openFile("a", CREATE)) {
      assertThat(commands(() -> file.write(content))).as("write").isEqualTo(batches(pages));
      assertThat(commands(file::sync)).as("sync").isZero();
      byte[] found = new byte[content.length];
      assertThat(commands(() -> file.pread(0, found, 0, found.length)))
          .as("large writes do not stay in the cache")
          .isLessThanOrEqualTo(batches(pages));
      assertThat(commands(() -> file.pread(0, found, 0, found.length))).as("cached").isZero();
      assertThat(found).isEqualTo(content);
      assertThat(commands(() -> file.truncate(PAGE + 5))).as("cut a cached sector").isZero();
      assertThat(commands(file::close)).as("close").isZero();
    }
    try (SecureFileSystem volume = open()) {
      put(volume, "a", content);
    }
    for (int span : new int[] {1, 2, 64, 65, 128, 129, 200}) {
      for (int first : new int[] {0, 3}) {
        int length = Math.min(span * PAGE, content.length - first * PAGE);
        int expected = batches((length + PAGE - 1) / PAGE);
        try (SecureFileSystem volume = open()) {
          volume.list("");
          SecureFile[] file = new SecureFile[1];
          assertThat(commands(() -> file[0] = volume.openFile("a", StandardOpenOption.READ)))
              .as("open, and the last page")
              .isEqualTo(2);
          byte[] found = new byte[length];
          assertThat(commands(() -> file[0].pread((long) first * PAGE, found, 0, length)))
              .as("read %d pages from %d", span, first)
              .isEqualTo(expected);
          assertThat(found)
              .isEqualTo(Arrays.copyOfRange(content, first * PAGE, first * PAGE + length));
          assertThat(commands(() -> file[0].pread((long) first * PAGE, found, 0, length)))
              .as("again")
              .isZero();
          file[0].close();
        }
      }
    }
  }

  @Test
  void smallSequentialCallsTakeNoMoreCommandsThanOneLargeCall() throws IOException {
    int pages = 300;
    byte[] content = SampleBytes.of(1, pages * PAGE);
    int call = 100_000;
    try (SecureFileSystem volume = create();
        SecureFile file = volume.openFile("a", CREATE)) {
      long written =
          commands(
              () -> {
                for (int at = 0; at < content.length; at += call) {
                  file.write(content, at, Math.min(call, content.length - at));
                  executor.advance(Duration.ZERO);
                }
              });
      // One for the first pages, before it is known to go on, and one batch ahead at the end.
      assertThat(written).as("write").isLessThanOrEqualTo(batches(pages) + 2);
      assertThat(commands(() -> executor.advance(Duration.ofSeconds(2)))).as("timer").isZero();
    }
    try (SecureFileSystem volume = open();
        SecureFile file = volume.openFile("a", StandardOpenOption.READ)) {
      byte[] found = new byte[call];
      long waitedFor = 0;
      long inBackground = 0;
      for (int at = 0; at < content.length; at += call) {
        int count = Math.min(call, content.length - at);
        int from = at;
        waitedFor += commands(() -> assertThat(file.pread(from, found, 0, call)).isEqualTo(count));
        inBackground += commands(() -> executor.advance(Duration.ZERO));
        if (!Arrays.equals(found, 0, count, content, at, at + count)) {
          throw new AssertionError("at " + at);
        }
      }
      assertThat(waitedFor).as("commands that a reader waited for").isEqualTo(1);
      assertThat(inBackground).as("commands ahead of it").isEqualTo(batches(pages) - 1);
    }
    try (SecureFileSystem volume = open();
        SecureFile file = volume.openFile("a", StandardOpenOption.READ)) {
      byte[] found = new byte[call];
      long all =
          commands(
              () -> {
                for (int at = 0; at < content.length; at += call) {
                  assertThat(file.pread(at, found, 0, call)).isPositive();
                }
              });
      assertThat(all).as("an executor that never runs them").isEqualTo(batches(pages));
    }
  }

  @Test
  void aSmallFileIsMadeAndReadWithOneCommandMore() throws IOException {
    try (SecureFileSystem volume = create()) {
      volume.list("");
      assertThat(commands(() -> put(volume, "a", SampleBytes.of(1, 5000)))).isEqualTo(2);
      assertThat(commands(() -> executor.advance(Duration.ofSeconds(2)))).isZero();
      assertThat(commands(() -> put(volume, "empty", new byte[0]))).isEqualTo(1);
    }
    try (SecureFileSystem volume = open()) {
      volume.list("");
      assertThat(
              commands(
                  () ->
                      assertThat(ModelledVolume.content(volume, "a"))
                          .isEqualTo(SampleBytes.of(1, 5000))))
          .isEqualTo(2);
      assertThat(commands(() -> assertThat(ModelledVolume.content(volume, "empty")).isEmpty()))
          .isEqualTo(1);
    }
  }

  @Test
  void holesTakeNoCommand() throws IOException {
    try (SecureFileSystem volume = create();
        SecureFile file = volume.openFile("a", CREATE)) {
      file.truncate(1L << 40);
      byte[] found = new byte[3_000_000];
      Arrays.fill(found, (byte) 1);
      assertThat(
              commands(
                  () ->
                      assertThat(file.pread((1L << 39) + 5, found, 0, found.length))
                          .isEqualTo(found.length)))
          .isZero();
      assertThat(found).containsOnly(0);
      assertThat(commands(() -> file.truncate((1L << 39) + 1))).isZero();
    }
  }

  @Test
  void recoveryAndANewEpochAskInBatches() throws IOException {
    int pages = 130;
    byte[] content = SampleBytes.of(1, pages * PAGE);
    MemoryStore crashed;
    try (SecureFileSystem volume = create()) {
      try (SecureFile file = volume.openFile("a", CREATE)) {
        file.write(content);
        file.commit(); // its sectors are in place, and not known to be durable
      }
      crashed = store.copy();
      volume.sync();
      long spent = commands(() -> volume.rekey("a"));
      // Old and new file's pair; old pages; new pages, the first before it is known to go on.
      assertThat(spent).as("re-key").isBetween(2L * batches(pages), 2L + 2L * batches(pages) + 2);
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(content);
    }
    try (SecureFileSystem volume = open()) {
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(content);
    }
    SecureFileSystem[] recovered = new SecureFileSystem[1];
    long spent =
        commands(() -> recovered[0] = SecureFileSystem.open(session, crashed, options().build()));
    assertThat(spent).as("recovery").isLessThanOrEqualTo(4 + 1 + batches(pages));
    assertThat(ModelledVolume.content(recovered[0], "a")).isEqualTo(content);
    recovered[0].close();
  }

  // ---- what stands on the disk

  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Header(byte[] body, GrubRequest request) {}

  /** Opens a header as the specification says, with the JDK alone. */
  private Header header(byte[] host, Bytes volume) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(host);
    assertThat(host[22]).as("scope").isEqualTo((byte) 1);
    GrubRequest request =
        GrubRequest.existing(Bytes.copyOf(host, 40, 16), Bytes.copyOf(host, 56, 16), in.getInt(72));
    try (Grub grub = session.grub(volume, List.of(request)).get(0)) {
      byte[] key = grub.enc().use(enc -> derive(enc, "header"));
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(128, host, 288, 12));
      cipher.updateAAD(host, 0, 304);
      return new Header(cipher.doFinal(host, 304, in.getInt(300) - 304 - 32), request);
    }
  }

  private static byte[] derive(byte[] secret, String label) {
    byte[] info =
        ("strongroom v1 " + label + "\u0001")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    return mac(mac(new byte[32], secret), info);
  }

  private static byte[] mac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] decrypt(byte[] host, Header header, int sector, byte[] key)
      throws Exception {
    int entry = 768 + 32 * sector;
    ByteBuffer aad = ByteBuffer.allocate(40);
    aad.put(new byte[] {'S', 'R', 'v', '1'});
    aad.put(header.request.uid().toByteArray()).putInt(header.request.epoch()).putLong(sector);
    aad.put(header.body, entry + 28, 4);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, "AES"),
        new GCMParameterSpec(128, header.body, entry, 12));
    cipher.updateAAD(aad.array());
    byte[] both = Arrays.copyOfRange(host, 8192 + sector * 4096, 8192 + sector * 4096 + 4112);
    System.arraycopy(header.body, entry + 12, both, 4096, 16);
    return cipher.doFinal(both);
  }

  @Test
  void eachPageIsEncryptedUnderItsOwnKeyAsTheSpecificationSays() throws Exception {
    byte[] content = SampleBytes.of(3, 4 * PAGE);
    byte[] host;
    Bytes id;
    String name;
    try (SecureFileSystem volume = create()) {
      put(volume, "a", content);
      id = volume.info().id();
      name = volume.stat("a").hostName();
    }
    host = store.content(name);
    Header header = header(host, id);
    List<SecretBytes> grubs = session.pageGrub(id, header.request, 0, 4);
    byte[] file;
    try (Grub grub = session.grub(id, List.of(header.request)).get(0)) {
      file = grub.enc().use(enc -> derive(enc, "content"));
    }
    Set<Bytes> keys = new HashSet<>();
    for (int sector = 0; sector < 32; sector++) {
      byte[] key = grubs.get(sector / 8).use(enc -> derive(enc, "content"));
      byte[] other = grubs.get((sector / 8 + 1) % 4).use(enc -> derive(enc, "content"));
      keys.add(Bytes.copyOf(key));
      assertThat(decrypt(host, header, sector, key))
          .isEqualTo(Arrays.copyOfRange(content, sector * 4096, (sector + 1) * 4096));
      int index = sector;
      assertThatThrownBy(() -> decrypt(host, header, index, other))
          .as("the key of another page")
          .isInstanceOf(AEADBadTagException.class);
      assertThatThrownBy(() -> decrypt(host, header, index, file))
          .as("the file's own key")
          .isInstanceOf(AEADBadTagException.class);
    }
    assertThat(keys).hasSize(4);
    grubs.forEach(SecretBytes::close);
  }

  @Test
  void pagesThatWereSwappedOrRolledBackAreRefused() throws IOException {
    byte[] content = SampleBytes.of(3, 6 * PAGE);
    String name;
    try (SecureFileSystem volume = create()) {
      put(volume, "a", content);
      name = volume.stat("a").hostName();
    }
    byte[] before = store.content(name);
    try (SecureFileSystem volume = open();
        SecureFile file = volume.openFile("a", CREATE)) {
      file.pwrite(PAGE, SampleBytes.of(4, PAGE), 0, PAGE);
    }
    byte[] after = store.content(name);
    byte[] swapped = after.clone();
    System.arraycopy(after, 8192, swapped, 8192 + PAGE, PAGE);
    System.arraycopy(after, 8192 + PAGE, swapped, 8192, PAGE);
    assertRefused(name, swapped, 0, 1);
    byte[] old = after.clone();
    System.arraycopy(before, 8192 + PAGE, old, 8192 + PAGE, PAGE);
    assertRefused(name, old, 1);
    byte[] scope = after.clone();
    scope[22] = 0;
    scope[4096 + 22] = 0;
    replace(name, scope);
    try (SecureFileSystem volume = open()) {
      assertThatThrownBy(() -> volume.openFile("a", StandardOpenOption.READ))
          .isInstanceOf(IntegrityException.class);
    }
  }

  private void replace(String name, byte[] content) throws IOException {
    try (dev.strongroom.file.store.StoreFile file =
        store.open(name, dev.strongroom.file.store.Store.Access.WRITE)) {
      file.write(0, content, 0, content.length);
    }
  }

  private void assertRefused(String name, byte[] host, Integer... pages) throws IOException {
    replace(name, host);
    try (SecureFileSystem volume = open();
        SecureFile file = volume.openFile("a", StandardOpenOption.READ)) {
      byte[] found = new byte[4096];
      for (int page = 0; page < 6; page++) {
        int from = page * PAGE;
        if (Arrays.asList(pages).contains(page)) {
          assertThatThrownBy(() -> file.pread(from, found, 0, 4096))
              .isInstanceOf(IntegrityException.class);
        } else {
          assertThat(file.pread(from, found, 0, 4096)).isEqualTo(4096);
        }
      }
    }
  }

  // ---- when the element does not answer

  @Test
  void aCallThatTheElementDoesNotAnswerFailsAndNothingIsLost() throws IOException {
    byte[] content = SampleBytes.of(5, 150 * PAGE);
    try (SecureFileSystem volume = create()) {
      put(volume, "a", content);
    }
    try (SecureFileSystem volume = open();
        SecureFile file = volume.openFile("a", CREATE)) {
      byte[] changed = SampleBytes.of(6, 5000);
      file.pwrite(7 * PAGE, changed, 0, changed.length);
      System.arraycopy(changed, 0, content, 7 * PAGE, changed.length);

      refuse(1);
      byte[] found = new byte[2 * PAGE];
      assertThatThrownBy(() -> file.pread(100 * PAGE, found, 0, found.length))
          .isInstanceOf(StatusWordException.class);
      element.simulated.inject(FaultPlan.builder().loseResponse(1).build());
      assertThatThrownBy(() -> file.pread(100 * PAGE, found, 0, found.length))
          .isInstanceOf(LinkLostException.class);
      refuse(2);
      byte[] large = SampleBytes.of(7, 100 * PAGE);
      assertThatThrownBy(() -> file.pwrite(20 * PAGE, large, 0, large.length))
          .as("the second of two batches")
          .isInstanceOf(StatusWordException.class);
      refuse(1);
      assertThatThrownBy(() -> file.truncate(90 * PAGE + 10))
          .isInstanceOf(StatusWordException.class);
      assertThat(file.size()).isEqualTo(content.length);

      refuse(1);
      file.commit();
      file.sync();
      assertThat(file.pread(7 * PAGE, found, 0, 5000)).as("cached").isEqualTo(5000);
      assertThat(Arrays.copyOf(found, 5000)).isEqualTo(changed);
      element.simulated.inject(FaultPlan.none());
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(content);
    }
    MemoryStore left = store.copy();
    try (SecureFileSystem volume = SecureFileSystem.open(session, left, options().build())) {
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(content);
    }
  }

  /** Whichever write fails half-way, all of the file is what was there or what was written. */
  @Test
  void aLargeWriteThatFailsOverUncommittedSectorsLeavesEachOfThemWhole() throws IOException {
    byte[] before = SampleBytes.of(5, 96 * PAGE);
    byte[] after = SampleBytes.of(6, before.length);
    int call = 32 * PAGE;
    int struck = 0;
    for (int n = 1; n <= 4; n++) {
      MemoryStore memory = new MemoryStore();
      FaultyStore faulty = new FaultyStore(memory);
      VolumeOptions options = options().build();
      try (SecureFileSystem volume = SecureFileSystem.create(session, faulty, options);
          SecureFile file = volume.openFile("a", CREATE)) {
        file.write(before);
        faulty.arm(
            dev.strongroom.file.testkit.FaultPlan.of(Fault.IO_ERROR)
                .on(StoreOperation.WRITE)
                .at(n));
        int from = 0;
        try {
          for (; from < after.length; from += call) {
            file.pwrite(from, after, from, call);
          }
        } catch (IOException e) {
          struck++;
        }
        faulty.disarm();
        assertEachSectorIsOneOf(ModelledVolume.content(volume, "a"), before, after);
        file.sync();
        assertEachSectorIsOneOf(ModelledVolume.content(volume, "a"), before, after);
      }
      try (SecureFileSystem volume = SecureFileSystem.open(session, memory, options)) {
        assertEachSectorIsOneOf(ModelledVolume.content(volume, "a"), before, after);
      }
    }
    assertThat(struck).isPositive();
  }

  /** Of a write that was to lengthen the file and failed, nothing shows where it grows later. */
  @Test
  void whatAFailedWriteHasPutBehindTheEndIsNotSeenWhenTheFileGrows() throws IOException {
    byte[] before = SampleBytes.of(5, 400 * 4096 + 100);
    byte[] after = SampleBytes.of(6, 800 * 4096);
    int grown = 402 * 4096;
    int struck = 0;
    for (int n = 1; n <= 8; n++) {
      MemoryStore memory = new MemoryStore();
      FaultyStore faulty = new FaultyStore(memory);
      VolumeOptions options = options().build();
      try (SecureFileSystem volume = SecureFileSystem.create(session, faulty, options);
          SecureFile file = volume.openFile("a", CREATE)) {
        file.write(before);
        faulty.arm(
            dev.strongroom.file.testkit.FaultPlan.of(Fault.IO_ERROR)
                .on(StoreOperation.WRITE)
                .at(n));
        try {
          file.pwrite(0, after, 0, after.length);
        } catch (IOException e) {
          assertThat(file.size()).isEqualTo(before.length);
          struck++;
        }
        faulty.disarm();
        file.truncate(before.length);
        file.truncate(grown);
        file.sync();
      }
      try (SecureFileSystem volume = SecureFileSystem.open(session, memory, options)) {
        byte[] found = ModelledVolume.content(volume, "a");
        assertThat(found).hasSize(grown);
        assertThat(Arrays.copyOfRange(found, before.length, grown)).containsOnly(0);
      }
    }
    assertThat(struck).isPositive();
  }

  private static void assertEachSectorIsOneOf(byte[] found, byte[] before, byte[] after) {
    assertThat(found).hasSameSizeAs(before);
    for (int at = 0; at < found.length; at += 4096) {
      boolean old = Arrays.equals(found, at, at + 4096, before, at, at + 4096);
      boolean fresh = Arrays.equals(found, at, at + 4096, after, at, at + 4096);
      assertThat(old || fresh).as("sector %d", at / 4096).isTrue();
    }
  }

  private void refuse(int command) {
    element.simulated.inject(FaultPlan.builder().answer(command, new StatusWord(0x6F00)).build());
  }

  @Test
  void aBatchAheadThatFailsIsAskedForAgainWhenItIsNeeded() throws IOException {
    byte[] content = SampleBytes.of(5, 150 * PAGE);
    try (SecureFileSystem volume = create()) {
      put(volume, "a", content);
    }
    try (SecureFileSystem volume = open();
        SecureFile file = volume.openFile("a", StandardOpenOption.READ)) {
      byte[] found = new byte[PAGE];
      for (int page = 0; page < 150; page++) {
        assertThat(file.pread((long) page * PAGE, found, 0, PAGE)).isEqualTo(PAGE);
        assertThat(found).isEqualTo(Arrays.copyOfRange(content, page * PAGE, (page + 1) * PAGE));
        refuse(1);
        executor.advance(Duration.ZERO);
        element.simulated.inject(FaultPlan.none());
      }
    }
  }

  @Test
  void whenTheSessionEndsReadersGetAnError() throws IOException {
    try (SecureFileSystem volume = create()) {
      put(volume, "a", SampleBytes.of(5, 150 * PAGE));
    }
    ElementSession second = element.login();
    SecureFileSystem volume = SecureFileSystem.open(second, store, options().readOnly().build());
    SecureFile file = volume.openFile("a", StandardOpenOption.READ);
    byte[] found = new byte[10];
    assertThat(file.pread(5, found, 0, 10)).isEqualTo(10);
    second.close();
    assertThatThrownBy(() -> file.pread(PAGE * 100L, found, 0, 10)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> file.pread(5, found, 0, 10)).isInstanceOf(IOException.class);
  }

  @Test
  void recordsThatManyAppendAreAllThere() throws Exception {
    int threads = 4;
    int records = 50;
    int length = 10_000;
    try (SecureFileSystem volume = create()) {
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      element.simulated.inject(FaultPlan.builder().delay(Duration.ofMillis(1)).build());
      try (SecureFile file =
          volume.openFile(
              "log",
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND)) {
        List<Future<?>> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          int number = t;
          running.add(
              pool.submit(
                  () -> {
                    for (int i = 0; i < records; i++) {
                      byte[] bytes = new byte[length];
                      Arrays.fill(bytes, (byte) (number * records + i));
                      file.pwrite(0, bytes, 0, length);
                    }
                    return null;
                  }));
        }
        for (Future<?> each : running) {
          each.get();
        }
      } finally {
        pool.shutdownNow();
        element.simulated.inject(FaultPlan.none());
      }
      byte[] all = ModelledVolume.content(volume, "log");
      assertThat(all).hasSize(threads * records * length);
      Set<Byte> seen = new HashSet<>();
      for (int at = 0; at < all.length; at += length) {
        byte[] same = new byte[length];
        Arrays.fill(same, all[at]);
        assertThat(Arrays.equals(same, 0, length, all, at, at + length)).isTrue();
        seen.add(all[at]);
      }
      assertThat(seen).hasSize(threads * records);
    }
  }

  // ---- which files have it

  @Test
  void aFileKeepsTheScopeThatItWasMadeWith() throws IOException {
    try (SecureFileSystem volume =
        SecureFileSystem.create(session, store, options().keyScope(KeyScope.FILE).build())) {
      put(volume, "file", SampleBytes.of(1, 5000));
      try (SecureFile file =
          volume.openFile(
              "page", StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, KeyScope.PAGE)) {
        file.write(SampleBytes.of(1, 5000));
      }
      volume.createDirectory("directory");
      volume.createSymbolicLink("link", "page");
      volume.rekey("page");
    }
    try (SecureFileSystem volume = open()) {
      for (String name : List.of("file", "page", "directory")) {
        String host = volume.stat(name).hostName();
        assertThat(store.content(host)[22])
            .as(name)
            .isEqualTo((byte) (name.equals("page") ? 1 : 0));
      }
      for (String name : List.of("file", "page", "link")) {
        try (SecureFile file =
            volume.openFile(name, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          byte[] found = new byte[5000];
          assertThat(file.read(found)).isEqualTo(5000);
          assertThat(found).isEqualTo(SampleBytes.of(1, 5000));
        }
      }
    }
  }

  /** The last sector of a page, large enough that a re-key writes it past the cache. */
  @Test
  void newKeysLeaveTheMarkOfAPartlyWrittenSector() throws IOException {
    int size = 65536;
    int sector = 31;
    long position = 2 * 4096 + (long) sector * size;
    byte[] content = SampleBytes.of(3, 40 * size);
    VolumeOptions options = options().sectorBytes(size).build();
    String name;
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options)) {
      put(volume, "a", content);
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options)) {
      name = volume.stat("a").hostName();
    }
    byte[] host = store.content(name);
    host[(int) position + 7] ^= 1;
    replace(name, host);
    ByteRange marked = new ByteRange((long) sector * size, (sector + 1L) * size);
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options)) {
      try (SecureFile file =
          volume.openFile("a", StandardOpenOption.WRITE, SecureOpenOption.FORCE_WRITE)) {
        file.pwrite(marked.from() + 10, new byte[] {1}, 0, 1);
        Arrays.fill(content, (int) marked.from(), (int) marked.to(), (byte) 0);
        content[(int) marked.from() + 10] = 1;
      }
      volume.rekey("a");
    }
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options);
        SecureFile file = volume.openFile("a", StandardOpenOption.READ)) {
      assertThat(file.partlyPurified()).containsExactly(marked);
      byte[] found = new byte[content.length];
      assertThat(file.read(found)).isEqualTo(found.length);
      assertThat(found).isEqualTo(content);
    }
  }

  /** The same, but its element says that it does not derive keys of pages. */
  private static <T> T pageless(Class<T> type, T inner) {
    Object weak =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(inner, arguments);
                if (answer instanceof ElementCommands commands) {
                  return pageless(ElementCommands.class, commands);
                }
                return answer instanceof ElementInfo info ? without(info) : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(weak);
  }

  private static ElementInfo without(ElementInfo info) {
    Set<Capability> capabilities = new HashSet<>(info.capabilities());
    capabilities.remove(Capability.GRUB_PAGES);
    return new ElementInfo(
        info.protocolMajor(),
        info.protocolMinor(),
        info.serialNumber(),
        capabilities,
        info.maxBatch(),
        info.maxRandom(),
        info.versionSlots(),
        info.elementClass(),
        info.suites(),
        info.algorithms(),
        info.description());
  }

  @Test
  void anElementThatDoesNotDeriveThemIsRefusedByName() throws IOException {
    try (SecureFileSystem volume = create()) {
      put(volume, "page", SampleBytes.of(1, 5000));
    }
    try (SecureElement pageless =
            SecureElement.open(pageless(InProcessElement.class, element.simulated));
        ElementSession weak = TestElement.login(pageless);
        SecureFileSystem volume = SecureFileSystem.open(weak, store, options().build())) {
      assertThatThrownBy(() -> volume.openFile("page", StandardOpenOption.READ))
          .isInstanceOfSatisfying(
              PageKeysUnsupportedException.class,
              e -> {
                assertThat(e.file()).isEqualTo("/page");
                assertThat(e.element()).isEqualTo(weak.info().serialNumber());
              });
      assertThatThrownBy(() -> volume.openFile("new", CREATE))
          .isInstanceOf(PageKeysUnsupportedException.class);
      assertThat(volume.exists("new")).isFalse();
      assertThat(volume.stat("page").size()).isEqualTo(5000);
      volume.rename("page", "renamed");
      try (SecureFile file =
          volume.openFile(
              "file", StandardOpenOption.WRITE, StandardOpenOption.CREATE, KeyScope.FILE)) {
        file.write(new byte[10]);
      }
    }
  }

  // ---- used by many, with little memory

  @Test
  void aSmallCacheServesRandomReadsAndWrites() throws IOException {
    byte[] content = SampleBytes.of(8, 200 * PAGE);
    Random random = new Random(8);
    VolumeOptions small = options().cacheBytes(VolumeOptions.MINIMUM_CACHE_BYTES).build();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, small);
        SecureFile file = volume.openFile("a", CREATE)) {
      file.write(content);
      byte[] found = new byte[100 * PAGE];
      for (int i = 0; i < 200; i++) {
        int length = 1 + random.nextInt(i % 20 == 0 ? found.length : 9000);
        int from = random.nextInt(content.length - length);
        if (random.nextBoolean()) {
          byte[] fresh = SampleBytes.of(i, length);
          System.arraycopy(fresh, 0, content, from, length);
          file.pwrite(from, fresh, 0, length);
        } else {
          assertThat(file.pread(from, found, 0, length)).isEqualTo(length);
          if (!Arrays.equals(found, 0, length, content, from, from + length)) {
            throw new AssertionError("step " + i + " at " + from);
          }
        }
      }
    }
    try (SecureFileSystem volume = open()) {
      assertThat(ModelledVolume.content(volume, "a")).isEqualTo(content);
    }
  }
}
