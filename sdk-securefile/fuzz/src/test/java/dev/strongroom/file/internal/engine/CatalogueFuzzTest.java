// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.core.Bytes;
import dev.strongroom.file.FileType;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.fuzz.Fields;
import dev.strongroom.file.fuzz.SignedVolume;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;

/** Catalogues: a directory whose pages hold what they like, under the right keys. */
@Tag("fuzz")
public class CatalogueFuzzTest {

  private static final int PAGE = 4096;
  private static final int MAX_PAGES = 32;
  private static final Volume VOLUME = volume();
  private static final FileNode ROOT =
      Objects.requireNonNull(VOLUME.nodes.get(VOLUME.description().root()));

  private static Volume volume() {
    ManualExecutor executor = new ManualExecutor();
    VolumeOptions options =
        VolumeOptions.builder().cacheBytes(8 << 20).executor(executor).clock(executor).build();
    try {
      Volume volume =
          VolumeOpener.create(
              new SignedVolume().session(),
              new MemoryStore(),
              options,
              VolumeOpener.Neighbours.NONE);
      assertThat(new Namespace(volume).list("/")).isEmpty(); // has the root directory loaded
      return volume;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @FuzzTest(maxDuration = "10m")
  void catalogue(byte[] input) throws IOException {
    accepts(input);
  }

  /** Whether the catalogue is read; anything but a refusal of its own type fails. */
  public static boolean accepts(byte[] input) throws IOException {
    Fields fields = new Fields(input);
    boolean countPages = fields.u8() % 2 == 1;
    VOLUME.lock.lock();
    try {
      ROOT.truncate(0);
      int pages = 0;
      while (fields.hasMore() && pages < MAX_PAGES) {
        ROOT.write((long) pages++ * PAGE, fields.page(), 0, PAGE);
      }
      if (countPages && pages > 0) {
        ROOT.write(12, ByteBuffer.allocate(4).putInt(pages).array(), 0, 4);
      }
      return use(new Catalogue(ROOT));
    } finally {
      VOLUME.lock.unlock();
    }
  }

  private static boolean use(Catalogue catalogue) throws IOException {
    TreeMap<Bytes, Catalogue.Entry> model = new TreeMap<>();
    boolean listed = false;
    try {
      List<Catalogue.Entry> entries = catalogue.list();
      listed = true;
      for (Catalogue.Entry entry : entries) {
        assertThat(Names.check(entry.name())).isNotEmpty();
        assertThat(model.put(entry.coded(), entry)).as("listed twice").isNull();
      }
      for (Catalogue.Entry entry : entries) {
        assertThat(catalogue.find(entry.coded())).isEqualTo(entry);
      }
    } catch (IntegrityException e) {
      assertThat(listed).as("listed, then not found: %s", e.getMessage()).isFalse();
    }
    change(catalogue, model, listed);
    return listed;
  }

  /** A tree that is one stays one; another one is changed or refused. */
  private static void change(Catalogue catalogue, Map<Bytes, Catalogue.Entry> model, boolean listed)
      throws IOException {
    try {
      for (int i = 0; i < 20; i++) {
        Catalogue.Entry entry = entry(i * 13 + 5, 200);
        if (catalogue.find(entry.coded()) == null) {
          catalogue.insert(entry);
          model.put(entry.coded(), entry);
        }
      }
      if (listed) {
        assertThat(catalogue.list()).isEqualTo(new ArrayList<>(model.values()));
      }
      for (Bytes coded : new ArrayList<>(model.keySet())) {
        if (catalogue.find(coded) != null) {
          catalogue.remove(coded);
        }
      }
      if (listed) {
        assertThat(catalogue.list()).isEmpty();
      }
    } catch (IntegrityException e) {
      // The free list, or a tree that could not be listed, is not what it should be.
    }
  }

  private static Catalogue.Entry entry(int number, int nameBytes) {
    byte[] coded = new byte[32];
    coded[0] = (byte) number;
    coded[31] = 1;
    FileType type = number % 5 == 0 ? FileType.DIRECTORY : FileType.FILE;
    Bytes uid = Bytes.copyOf(coded, 0, 16);
    return new Catalogue.Entry(
        Bytes.copyOf(coded), uid, type, "n".repeat(nameBytes) + number, number % 3 == 0);
  }

  /** Inputs that are real catalogues: empty, of one leaf, of two levels, and with free pages. */
  public static Map<String, byte[]> seeds() throws IOException {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    VOLUME.lock.lock();
    try {
      ROOT.truncate(0);
      Catalogue catalogue = new Catalogue(ROOT);
      catalogue.create();
      seeds.put("empty", seed());
      for (int i = 0; i < 3; i++) {
        catalogue.insert(entry(2 * i, 5));
      }
      seeds.put("leaf", seed());
      for (int i = 3; i < 40; i++) {
        catalogue.insert(entry(2 * i, 150));
      }
      seeds.put("two-levels", seed());
      for (int i = 0; i < 20; i++) {
        catalogue.remove(entry(2 * i, 5).coded());
      }
      seeds.put("free-pages", seed());
    } finally {
      VOLUME.lock.unlock();
    }
    return seeds;
  }

  private static byte[] seed() throws IOException {
    ByteArrayOutputStream seed = new ByteArrayOutputStream();
    seed.write(1);
    byte[] page = new byte[PAGE];
    for (long at = 0; at < ROOT.length; at += PAGE) {
      assertThat(ROOT.read(at, page, 0, PAGE)).isEqualTo(PAGE);
      seed.writeBytes(Fields.ofPage(page));
    }
    return seed.toByteArray();
  }
}
