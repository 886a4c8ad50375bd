// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.IntegrityException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The states that the steps of a {@link NioProgram} leave one after the other, and which of them a
 * volume may be in.
 *
 * <p>The first run learns the states. A later one, which may be cut short by an error, only tells
 * how far it came, by marks: the number of a step before it, and {@link Durable} after it.
 */
final class VolumeStates {

  /** The state of that number is there for good. */
  record Durable(int state) {}

  /** A step begins that leads to the state of that number. */
  record Begun(int state) {}

  private final List<Map<String, String>> states = new ArrayList<>();

  /** Runs a program for the first time. */
  void learn(NioProgram program, NioProgram.Place place, Consumer<Object> mark) throws IOException {
    states.add(Mounted.describe(place.files().getPath("/")));
    mark.accept(new Begun(0));
    mark.accept(new Durable(0));
    program.run(place, new Learning(place.files(), mark));
  }

  /** Runs it again, in the same way as far as it goes. */
  void repeat(NioProgram program, NioProgram.Place place, Consumer<Object> mark)
      throws IOException {
    mark.accept(new Begun(0));
    mark.accept(new Durable(0));
    program.run(place, new Repeating(mark));
  }

  int size() {
    return states.size();
  }

  /** Throws when a volume is in none of the states that it may be in. */
  void check(List<Object> marks, FileSystem files) throws IOException {
    int begun = 0;
    int durable = 0;
    for (Object mark : marks) {
      if (mark instanceof Begun step) {
        begun = step.state();
      } else if (mark instanceof Durable step) {
        durable = step.state();
      }
    }
    Map<String, String> found = Mounted.describe(files.getPath("/"));
    for (int i = durable; i <= begun; i++) {
      if (states.get(i).equals(found)) {
        return;
      }
    }
    throw new AssertionError(
        "no legal state, with durable "
            + durable
            + " and begun "
            + begun
            + (states.contains(found) ? "; it is state " + states.indexOf(found) : "")
            + "; beside the last one: "
            + difference(states.get(begun), found)
            + "; beside the durable one: "
            + difference(states.get(durable), found));
  }

  /**
   * Throws when a file can be read and is not as any state up to the one begun has it: names may be
   * lost, and what is lost is refused, but nothing that was never committed is shown.
   *
   * @return how many paths were shown
   */
  int checkShown(List<Object> marks, FileSystem files) throws IOException {
    int shownPaths = 0;
    int begun = 0;
    for (Object mark : marks) {
      begun = mark instanceof Begun step ? step.state() : begun;
    }
    Set<String> paths = new TreeSet<>();
    states.forEach(state -> paths.addAll(state.keySet()));
    for (String path : paths) {
      String shown;
      try {
        shown = Mounted.line(files.getPath(path));
      } catch (NoSuchFileException e) {
        continue;
      } catch (IntegrityException e) {
        if (!e.detail().contains("is missing")) {
          throw e;
        }
        continue; // refused, as its host file has lost its name
      }
      if (states.subList(0, begun + 1).stream().noneMatch(each -> shown.equals(each.get(path)))) {
        throw new AssertionError(path + " was never " + shown);
      }
      shownPaths++;
    }
    return shownPaths;
  }

  private static Map<String, String> difference(
      Map<String, String> wanted, Map<String, String> found) {
    Map<String, String> difference = new TreeMap<>();
    wanted.forEach(
        (path, line) -> {
          if (!line.equals(found.get(path))) {
            difference.put(path, "wanted " + line + ", found " + found.get(path));
          }
        });
    found.forEach(
        (path, line) -> {
          if (!wanted.containsKey(path)) {
            difference.put(path, "not wanted, found " + line);
          }
        });
    return difference;
  }

  private final class Learning implements NioProgram.Steps {

    private final FileSystem files;
    private final Consumer<Object> mark;

    Learning(FileSystem files, Consumer<Object> mark) {
      this.files = files;
      this.mark = mark;
    }

    @Override
    public void step(Step step) throws IOException {
      mark.accept(new Begun(states.size()));
      step.run();
      states.add(Mounted.describe(files.getPath("/")));
    }

    @Override
    public void durable(Step step) throws IOException {
      mark.accept(new Begun(states.size()));
      step.run();
      states.add(Mounted.describe(files.getPath("/")));
      mark.accept(new Durable(states.size() - 1));
    }

    @Override
    public void closed(Step step) throws IOException {
      mark.accept(new Begun(states.size()));
      states.add(Mounted.describe(files.getPath("/")));
      step.run();
      mark.accept(new Durable(states.size() - 1));
    }
  }

  private static final class Repeating implements NioProgram.Steps {

    private final Consumer<Object> mark;
    private int next = 1;

    Repeating(Consumer<Object> mark) {
      this.mark = mark;
    }

    @Override
    public void step(Step step) throws IOException {
      mark.accept(new Begun(next));
      step.run();
      next++;
    }

    @Override
    public void durable(Step step) throws IOException {
      step(step);
      mark.accept(new Durable(next - 1));
    }

    @Override
    public void closed(Step step) throws IOException {
      durable(step);
    }
  }
}
