// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Attributes by name: {@code size}, {@code posix:permissions}, {@code basic:*}, {@code
 * user:mime-type}, {@code strongroom:version}.
 *
 * <p>Thread safety: confined to one call.
 */
final class AttributeNames {

  private static final Map<String, Function<FileAttributes, Object>> BASIC =
      ordered(
          Map.entry("lastModifiedTime", FileAttributes::lastModifiedTime),
          Map.entry("lastAccessTime", FileAttributes::lastAccessTime),
          Map.entry("creationTime", FileAttributes::creationTime),
          Map.entry("size", FileAttributes::size),
          Map.entry("isRegularFile", FileAttributes::isRegularFile),
          Map.entry("isDirectory", FileAttributes::isDirectory),
          Map.entry("isSymbolicLink", FileAttributes::isSymbolicLink),
          Map.entry("isOther", FileAttributes::isOther),
          Map.entry("fileKey", FileAttributes::fileKey));

  private static final Map<String, Function<FileAttributes, Object>> OWNER =
      ordered(Map.entry("owner", FileAttributes::owner));

  private static final Map<String, Function<FileAttributes, Object>> POSIX =
      ordered(
          Map.entry("permissions", FileAttributes::permissions),
          Map.entry("owner", FileAttributes::owner),
          Map.entry("group", FileAttributes::group));

  private final VolumePath path;
  private final String view;
  private final String names;
  private final LinkOption[] options;

  /** Reads {@code view:names}; without a view, {@code basic} is meant. */
  AttributeNames(VolumePath path, String attributes, LinkOption... options) {
    int colon = attributes.indexOf(':');
    this.path = path;
    view = colon < 0 ? "basic" : attributes.substring(0, colon);
    names = attributes.substring(colon + 1);
    this.options = options;
    if (!path.getFileSystem().supportedFileAttributeViews().contains(view)) {
      throw new UnsupportedOperationException("attribute view " + view);
    }
  }

  @SafeVarargs
  private static Map<String, Function<FileAttributes, Object>> ordered(
      Map.Entry<String, Function<FileAttributes, Object>>... entries) {
    Map<String, Function<FileAttributes, Object>> map = new LinkedHashMap<>();
    for (Map.Entry<String, Function<FileAttributes, Object>> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return map;
  }

  private Map<String, Function<FileAttributes, Object>> known() {
    if (view.equals("basic")) {
      return BASIC;
    }
    if (view.equals("owner")) {
      return OWNER;
    }
    Map<String, Function<FileAttributes, Object>> both = new LinkedHashMap<>(BASIC);
    both.putAll(POSIX);
    return both;
  }

  /** The names; trailing commas do not count. */
  private List<String> split() {
    List<String> parts = new ArrayList<>(List.of(names.split(",", -1)));
    while (!parts.isEmpty() && parts.get(parts.size() - 1).isEmpty()) {
      parts.remove(parts.size() - 1);
    }
    return parts;
  }

  Map<String, Object> read() throws IOException {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("no attributes are named");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    if (view.equals("user")) {
      UserAttributes user = new UserAttributes(path, options);
      for (String name : names.equals("*") ? user.list() : split()) {
        values.put(name, user.get(name));
      }
      return values;
    }
    if (view.equals(VersionAttributes.VIEW)) {
      return new VersionAttributes(path).read(split());
    }
    Map<String, Function<FileAttributes, Object>> known = known();
    FileAttributes attributes = new FileView(view, path, options).readAttributes();
    for (String name : split()) {
      if (name.equals("*")) {
        known.forEach((key, value) -> values.put(key, value.apply(attributes)));
        continue;
      }
      Function<FileAttributes, Object> value = known.get(name);
      if (value == null) {
        throw new IllegalArgumentException("attribute " + name + " of view " + view);
      }
      values.put(name, value.apply(attributes));
    }
    return values;
  }

  void set(Object value) throws IOException {
    if (view.equals(VersionAttributes.VIEW)) {
      new VersionAttributes(path).set(names, value);
      return;
    }
    FileView file = new FileView(view, path, options);
    if (view.equals("user")) {
      ByteBuffer content =
          value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : (ByteBuffer) value;
      new UserAttributes(path, options).write(names, content);
    } else if (view.equals("owner") ? names.equals("owner") : isPosix("owner")) {
      file.setOwner((UserPrincipal) value);
    } else if (isPosix("group")) {
      file.setGroup((GroupPrincipal) value);
    } else if (isPosix("permissions")) {
      file.setPermissions(permissions(value));
    } else if (view.equals("owner")) {
      throw unknown();
    } else {
      switch (names) {
        case "lastModifiedTime" -> file.setTimes((FileTime) value, null, null);
        case "lastAccessTime" -> file.setTimes(null, (FileTime) value, null);
        case "creationTime" -> file.setTimes(null, null, (FileTime) value);
        default -> throw unknown();
      }
    }
  }

  private boolean isPosix(String name) {
    return view.equals("posix") && names.equals(name);
  }

  private IllegalArgumentException unknown() {
    return new IllegalArgumentException("attribute " + names + " of view " + view);
  }

  /** Permissions of an attribute's value. */
  static Set<PosixFilePermission> permissions(Object value) {
    Set<PosixFilePermission> permissions = new java.util.HashSet<>();
    for (Object permission : (Set<?>) value) {
      permissions.add((PosixFilePermission) permission);
    }
    return permissions;
  }
}
