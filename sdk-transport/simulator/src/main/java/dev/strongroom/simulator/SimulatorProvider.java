// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.StrongroomException;
import dev.strongroom.core.transport.ElementUri;
import dev.strongroom.core.transport.InvalidElementUriException;
import dev.strongroom.core.transport.ReaderNotFoundException;
import dev.strongroom.core.transport.Transport;
import dev.strongroom.core.transport.TransportProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reaches simulated elements by {@code sim:PATH}, where PATH is the path of a file, taken
 * literally.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SimulatorProvider implements TransportProvider {

  /** The scheme of simulated elements. */
  public static final String SCHEME = "sim";

  /** For {@link java.util.ServiceLoader}. */
  public SimulatorProvider() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  /** The real path of the file, or of its directory if the file is missing. */
  @Override
  public String identity(ElementUri uri) throws StrongroomException {
    Path file = file(uri);
    try {
      if (Files.exists(file)) {
        return file.toRealPath().toString();
      }
      Path directory = file.getParent();
      Path name = file.getFileName();
      if (directory == null || name == null) {
        throw new InvalidElementUriException("sim: is followed by the path of a file");
      }
      return directory.toRealPath().resolve(name).toString();
    } catch (IOException e) {
      throw new ReaderNotFoundException(String.valueOf(file.getParent()));
    }
  }

  @Override
  public Transport open(ElementUri uri) throws StrongroomException {
    Path file = file(uri);
    if (Files.isDirectory(file)) {
      throw new InvalidElementUriException("sim: is followed by the path of a file, not a folder");
    }
    return SimulatedElement.open(file, SimulatedElementOptions.defaults());
  }

  /** The element files of the working directory, by name. */
  @Override
  public List<ElementUri> reachable() {
    List<ElementUri> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(""))) {
      for (Path file : files.filter(FileElementStore::isElement).sorted().toList()) {
        add(file, found);
      }
    } catch (IOException | UncheckedIOException e) {
      // What could be read of the folder is all that a person can be offered.
      return found;
    }
    return found;
  }

  private static void add(Path file, List<ElementUri> found) {
    try {
      found.add(ElementUri.parse(SCHEME + ":" + file));
    } catch (InvalidElementUriException e) {
      // A name with a control character, or that looks like a secret, cannot stand in a URI.
      return;
    }
  }

  private static Path file(ElementUri uri) throws InvalidElementUriException {
    try {
      return Path.of(uri.rest()).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new InvalidElementUriException("sim: is followed by the path of a file");
    }
  }
}
