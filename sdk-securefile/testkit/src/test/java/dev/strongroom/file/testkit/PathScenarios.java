// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What paths answer, without and with a look at the file system.
 *
 * <p>Thread safety: confined to one thread.
 */
final class PathScenarios extends Scenarios {

  private static final List<String> PATHS =
      List.of(
          "/",
          "",
          ".",
          "..",
          "a",
          "/a",
          "a/",
          "/a/b",
          "a/b/c",
          "/a/b/c/",
          "//a//b",
          "a/./b",
          "a/../b",
          "/..",
          "/../a",
          "../a",
          "../../a/../b",
          "/a/b/../../..",
          "./a",
          "a/..",
          "ä/ö",
          "a b/c",
          "/a/./b/.",
          "...",
          "/.../x");

  PathScenarios() {
    for (String text : PATHS) {
      String name = "path \"" + text + "\": ";
      add(name + "its text", root -> path(root, text).toString());
      add(name + "parts", root -> parts(path(root, text)));
      add(name + "normalize", root -> path(root, text).normalize().toString());
      add(name + "against all others", root -> against(path(root, text)));
    }
    add("path: a NUL", root -> path(root, "a\0b"));
    add("path: half a surrogate", root -> path(root, "a\ud800b"));
    add("path: joined parts", root -> root.getFileSystem().getPath("a", "", "b/", "/c").toString());
    add("path: empty parts", root -> root.getFileSystem().getPath("", "", "").toString());
    add("path: getName beyond the end", root -> path(root, "a/b").getName(2));
    add("path: getName of the root", root -> path(root, "/").getName(0));
    add("path: subpath", root -> path(root, "/a/b/c").subpath(1, 3).toString());
    add("path: empty subpath", root -> path(root, "/a/b/c").subpath(1, 1));
    add("path: resolveSibling", root -> path(root, "a/b").resolveSibling("c").toString());
    add("path: resolveSibling of the root", root -> path(root, "/").resolveSibling("c").toString());
    add("path: a path of another provider", root -> root.resolve(new Foreign().path()));
    add("path: starts with one of another provider", root -> root.startsWith(new Foreign().path()));
    add("path: equals one of another provider", root -> root.equals(new Foreign().path()));
    add("path: the root is absolute", root -> root.isAbsolute());
    add(
        "path: URI and back",
        root -> Path.of(root.resolve("a b/ä%!").toUri()).equals(root.resolve("a b/ä%!")));
    add("path: real path of a missing file", root -> root.resolve("missing").toRealPath());
    add(
        "path: real path through dots",
        root -> {
          Files.createDirectories(root.resolve("a/b"));
          return root.resolve("a/b/../b/.").toRealPath();
        });
    add(
        "path: real path over links",
        root -> {
          Files.createDirectories(root.resolve("a/b"));
          Files.createSymbolicLink(root.resolve("l"), root.getFileSystem().getPath("a"));
          return List.of(
              root.resolve("l/b").toRealPath(),
              root.resolve("l").toRealPath(java.nio.file.LinkOption.NOFOLLOW_LINKS),
              root.resolve("l/b/..").toRealPath());
        });
    add("path: matchers", PathScenarios::matchers);
    add("path: a matcher without a syntax", root -> root.getFileSystem().getPathMatcher("*.java"));
    add("path: an unknown syntax", root -> root.getFileSystem().getPathMatcher("sql:a"));
    for (String broken :
        List.of(
            "glob:[a",
            "glob:{a",
            "glob:{a{b}}",
            "glob:a\\",
            "glob:[a/b]",
            "glob:[b-a]",
            "regex:(")) {
      add(
          "path: broken matcher " + broken,
          root -> root.getFileSystem().getPathMatcher(broken).matches(root));
    }
    add(
        "path: compare",
        root -> {
          List<Path> sorted = new ArrayList<>();
          for (String text :
              List.of("b", "a", "ä", "a/b", "", "/", "B", "z", "\ud83d\ude00", "\uffee")) {
            sorted.add(path(root, text));
          }
          sorted.sort(null);
          return sorted.toString();
        });
  }

  /** A path that no file system under test has made. */
  private static final class Foreign {
    Path path() throws Exception {
      return new ZipInMemory().path();
    }
  }

  private static Path path(Path root, String text) {
    return root.getFileSystem().getPath(text);
  }

  private static Object parts(Path path) {
    List<Object> parts = new ArrayList<>();
    parts.add(path.isAbsolute());
    parts.add(String.valueOf(path.getRoot()));
    parts.add(String.valueOf(path.getFileName()));
    parts.add(String.valueOf(path.getParent()));
    parts.add(path.getNameCount());
    for (Path name : path) {
      parts.add(name.toString() + name.isAbsolute());
    }
    return parts;
  }

  private static Object against(Path path) {
    FileSystem files = path.getFileSystem();
    List<Object> all = new ArrayList<>();
    for (String text : PATHS) {
      Path other = files.getPath(text);
      all.add(path.resolve(other).toString());
      all.add(path.startsWith(other));
      all.add(path.endsWith(other));
      all.add(path.equals(other));
      all.add(Integer.signum(path.compareTo(other)));
      try {
        all.add(path.relativize(other).toString());
      } catch (IllegalArgumentException e) {
        all.add("no way");
      }
    }
    return all;
  }

  private static Object matchers(Path root) {
    List<Object> all = new ArrayList<>();
    for (String glob :
        List.of(
            "*.java",
            "*.*",
            "*.{java,class}",
            "foo.?",
            "/home/*/*",
            "/home/**",
            "[a-c]x",
            "[!a-c]x",
            "[-a]x",
            "a\\*b",
            "{a,b*}",
            "**",
            "*",
            "?",
            "[?]",
            "a,b",
            "}",
            "(a)",
            "a+b",
            "[^a]x",
            "{,x}y",
            "a[*]b",
            "[a-]x",
            "$a^")) {
      for (String text :
          List.of(
              "a.java",
              "A.class",
              "foo.x",
              "/home/a/b",
              "/home/a",
              "ax",
              "dx",
              "-x",
              "a*b",
              "ab",
              "b/c",
              "",
              "a",
              "a,b",
              "}",
              "(a)",
              "a+b",
              "^x",
              "y",
              "xy",
              "?",
              "$a^")) {
        all.add(root.getFileSystem().getPathMatcher("glob:" + glob).matches(path(root, text)));
      }
    }
    return all;
  }
}
