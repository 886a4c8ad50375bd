// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.check;

import dev.strongroom.file.FileType;
import dev.strongroom.file.FolderInVolumeException;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.check.Finding;
import dev.strongroom.file.check.SalvageOption;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the host that takes what can be read of a volume: files with holes where they are
 * damaged, directories, and at the end the symbolic links and a report. It is absent or empty
 * before, nothing in it is written twice, and nothing outside it.
 *
 * <p>Names are kept where the host has them; what it has not becomes {@code _}, and a name that is
 * taken gets a number.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
public final class SalvageFolder implements ContentTarget {

  /** The report's name. */
  public static final String REPORT = "strongroom-salvage.txt";

  private static final int LONGEST_LINK = 4096;

  private record Link(Path place, String target) {}

  private final Path folder;
  private final Set<SalvageOption> options;
  private final Map<String, Path> directories = new HashMap<>();
  private long files;
  private final List<Link> links = new ArrayList<>();
  private final SalvagedAttributes attributes;

  /** The directories, each behind the one that it is in. */
  private final List<SalvagedAttributes.Last> made = new ArrayList<>();

  private SalvageFolder(Path folder, Set<SalvageOption> options) {
    this.folder = folder;
    this.options = options;
    directories.put("", folder);
    attributes = new SalvagedAttributes(folder, folder.resolve(REPORT));
  }

  /**
   * Refuses a folder within a volume's own directory, also by way of links.
   *
   * @param folder the folder, which need not be there
   * @param volume the volume's directory
   * @throws FolderInVolumeException if it lies there
   * @throws IOException if the host cannot tell
   */
  public static void requireOutside(Path folder, Path volume) throws IOException {
    Path present = folder.toAbsolutePath().normalize();
    while (present != null && !Files.exists(present)) {
      present = present.getParent();
    }
    if (present != null && present.toRealPath().startsWith(volume.toRealPath())) {
      throw new FolderInVolumeException(folder.toString());
    }
  }

  /**
   * Makes the folder.
   *
   * @param folder absent or empty; its parent must exist
   * @param options what it takes
   * @return the folder
   * @throws DirectoryNotEmptyException if there is something in it
   * @throws IOException if it cannot be made
   */
  public static SalvageFolder in(Path folder, Set<SalvageOption> options) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(folder);
    } else if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder.toString());
    } else {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        if (entries.iterator().hasNext()) {
          throw new DirectoryNotEmptyException(folder.toString());
        }
      }
    }
    Path real = folder.toRealPath();
    Files.createFile(real.resolve(REPORT));
    return new SalvageFolder(real, options);
  }

  @Override
  public boolean takesNotCurrent() {
    return options.contains(SalvageOption.NOT_CURRENT);
  }

  @Override
  public FileTarget directory(String path, FileHeader header) throws IOException {
    Path place = place(path);
    if (place.equals(folder)) {
      return FileTarget.NONE; // the caller's own
    }
    made.add(SalvagedAttributes.Last.of(place, header));
    return new SalvagedDirectory(place);
  }

  /** Takes the attributes of a directory. */
  private final class SalvagedDirectory implements FileTarget {
    private final Path place;

    SalvagedDirectory(Path place) {
      this.place = place;
    }

    @Override
    public void content(long position, byte[] clear, int offset, int count) {
      // the catalogue is of no use here
    }

    @Override
    public void attributes(UserAttributeSet set) throws IOException {
      attributes.user(place, set);
    }

    @Override
    public void close() {
      // times and mode come last, when nothing is made in it any more
    }
  }

  private Path place(String path) throws IOException {
    String name = path.equals("/") ? "" : path;
    Path known = directories.get(name);
    if (known != null) {
      return known;
    }
    int slash = name.lastIndexOf('/');
    Path parent = place(name.substring(0, slash));
    Path made = make(parent, name.substring(slash + 1), Files::createDirectory);
    directories.put(name, made);
    return made;
  }

  private interface Maker {
    void make(Path place) throws IOException;
  }

  private static Path make(Path parent, String name, Maker maker) throws IOException {
    for (int number = 1; ; number++) {
      Path place = resolve(parent, number == 1 ? name : name + "~" + number);
      try {
        maker.make(place);
        return place;
      } catch (FileAlreadyExistsException e) {
        if (number == MOST_NAMESAKES) {
          throw e;
        }
      }
    }
  }

  private static final int MOST_NAMESAKES = 10_000;

  /** A name of the volume as one of this folder. */
  private static Path resolve(Path parent, String name) {
    String kept = name.replaceAll("[\\x00-\\x1f\\x7f/\\\\]", "_");
    if (kept.equals(".") || kept.equals("..") || kept.isEmpty()) {
      kept = "_";
    }
    Path place;
    try {
      place = parent.resolve(kept);
    } catch (InvalidPathException e) {
      place = parent.resolve(kept.replaceAll("[^A-Za-z0-9._~-]", "_"));
    }
    if (!parent.equals(place.getParent())) {
      throw new IllegalStateException("a name that leads out of " + parent);
    }
    return place;
  }

  @Override
  public FileTarget file(String path, FileHeader header) throws IOException {
    FileTarget target = target(path, header);
    files++;
    return target;
  }

  private FileTarget target(String path, FileHeader header) throws IOException {
    int slash = path.lastIndexOf('/');
    Path parent = place(path.substring(0, slash));
    String name = path.substring(slash + 1);
    if (header.type == FileType.SYMBOLIC_LINK) {
      return new LinkTarget(resolve(parent, name));
    }
    FileChannel[] channel = new FileChannel[1];
    Path place =
        make(
            parent,
            name,
            wanted ->
                channel[0] =
                    FileChannel.open(
                        wanted,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE));
    return new SalvagedFile(
        java.util.Objects.requireNonNull(channel[0]),
        header.length,
        SalvagedAttributes.Last.of(place, header));
  }

  /** Takes a file; what is not written stays a hole. */
  private final class SalvagedFile implements FileTarget {
    private final FileChannel channel;
    private final long length;
    private final SalvagedAttributes.Last last;

    SalvagedFile(FileChannel channel, long length, SalvagedAttributes.Last last) {
      this.channel = channel;
      this.length = length;
      this.last = last;
    }

    @Override
    public void content(long position, byte[] clear, int offset, int count) throws IOException {
      ByteBuffer from = ByteBuffer.wrap(clear, offset, count);
      for (long at = position; from.hasRemaining(); ) {
        at += channel.write(from, at);
      }
    }

    @Override
    public void attributes(UserAttributeSet set) throws IOException {
      attributes.user(last.place(), set);
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        if (channel.size() < length) {
          channel.write(ByteBuffer.allocate(1), length - 1);
        }
      }
      attributes.last(last);
    }
  }

  /** Takes a link's target, for the end: nothing may be written through it. */
  private final class LinkTarget implements FileTarget {
    private final Path place;
    private final ByteArrayOutputStream target = new ByteArrayOutputStream();

    LinkTarget(Path place) {
      this.place = place;
    }

    @Override
    public void content(long position, byte[] clear, int offset, int count) {
      if (target.size() + count <= LONGEST_LINK) {
        target.write(clear, offset, count);
      }
    }

    @Override
    public void attributes(UserAttributeSet set) {
      // hosts have none for links
    }

    @Override
    public void close() {
      if (target.size() > 0) {
        links.add(new Link(place, target.toString(StandardCharsets.UTF_8)));
      }
    }
  }

  /**
   * Makes the links, and writes the report.
   *
   * @param report what was met
   * @throws IOException if the host fails
   */
  public void finish(CheckReport report) throws IOException {
    attributes.note(
        files
            + " files copied, "
            + report.damagedBytes()
            + " bytes of them cannot be read and are holes here");
    for (Link link : links) {
      String problem = make(link);
      if (problem != null) {
        attributes.note(
            "not made: " + link.place() + ", a link to " + link.target() + ": " + problem);
      }
    }
    for (Finding finding : report.findings()) {
      attributes.note(finding.toString());
    }
    for (int i = made.size() - 1; i >= 0; i--) {
      attributes.last(made.get(i));
    }
  }

  private static @Nullable String make(Link link) {
    try {
      Files.createSymbolicLink(link.place(), link.place().getFileSystem().getPath(link.target()));
      return null;
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      return e.toString();
    }
  }
}
