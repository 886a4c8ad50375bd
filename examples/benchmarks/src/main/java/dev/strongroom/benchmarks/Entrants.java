// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.workloads.Contender;
import dev.strongroom.workloads.FolderPeer;
import dev.strongroom.workloads.Peer;
import dev.strongroom.workloads.Scale;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who takes part.
 *
 * <p>Thread safety: confined to one thread.
 */
final class Entrants implements Closeable {

  /** Kinds of peers; the first two are secure files, which are compared with the others. */
  enum Kind {
    STRONGROOM("strongroom"),
    SECURE_FILE("securefile"),
    PLAIN("plain"),
    CRYPTOFS("cryptofs"),
    GOCRYPTFS("gocryptfs");

    private final String option;

    Kind(String option) {
      this.option = option;
    }

    /** Whether it is a face of secure files, and not somebody that they are compared with. */
    boolean isOurs() {
      return this == STRONGROOM || this == SECURE_FILE;
    }

    /** Its name as an option. */
    String option() {
      return option;
    }
  }

  private final Map<Kind, Contender> contenders = new EnumMap<>(Kind.class);
  private final Map<Kind, String> absent = new EnumMap<>(Kind.class);
  private final Deque<Closeable> open = new ArrayDeque<>();

  private Entrants() {}

  /** Opens all that are wanted and can take part, each in a folder of its own. */
  static Entrants in(Path folder, Options options, Scale scale) throws IOException {
    Entrants entrants = new Entrants();
    try {
      for (Kind kind : Kind.values()) {
        entrants.enter(kind, folder.resolve(kind.option()), options, scale);
      }
      return entrants;
    } catch (IOException | RuntimeException e) {
      try (entrants) {
        throw e;
      }
    }
  }

  private void enter(Kind kind, Path folder, Options options, Scale scale) throws IOException {
    Optional<String> obstacle = kind == Kind.GOCRYPTFS ? Gocryptfs.obstacle() : Optional.empty();
    if (!options.wants(kind.option())) {
      absent.put(kind, "left out by an option");
    } else if (obstacle.isPresent()) {
      absent.put(kind, obstacle.get());
    } else {
      Peer peer;
      try {
        peer = peer(kind, folder);
      } catch (IOException e) {
        if (kind != Kind.GOCRYPTFS) {
          throw e;
        }
        // A container may have the device and still refuse to mount.
        absent.put(kind, "it cannot be mounted: " + e.getMessage());
        return;
      }
      open.push(peer);
      contenders.put(kind, new Contender(peer, scale));
    }
  }

  private Peer peer(Kind kind, Path folder) throws IOException {
    return switch (kind) {
      case STRONGROOM -> login().throughProvider(folder);
      case SECURE_FILE -> login().bySecureFile(folder);
      case PLAIN -> FolderPeer.plain(folder);
      case CRYPTOFS -> Cryptofs.in(folder);
      case GOCRYPTFS -> {
        Files.createDirectories(folder);
        yield Gocryptfs.in(folder);
      }
    };
  }

  private Strongroom login() throws IOException {
    Strongroom strongroom = Strongroom.login();
    open.push(strongroom);
    return strongroom;
  }

  /** Those that take part, in the order of {@link Kind}. */
  List<Contender> all() {
    return new ArrayList<>(contenders.values());
  }

  /** A peer's name in tables, if it takes part. */
  Optional<String> name(Kind kind) {
    return Optional.ofNullable(contenders.get(kind)).map(contender -> contender.peer().name());
  }

  /** A peer with its files, if it takes part. */
  Optional<Contender> contender(Kind kind) {
    return Optional.ofNullable(contenders.get(kind));
  }

  /** Why somebody does not take part. */
  Map<Kind, String> absent() {
    return absent;
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
