// SPDX-License-Identifier: Apache-2.0

/**
 * Volumes through {@code java.nio.file}.
 *
 * <pre>{@code
 * try (FileSystem files = FileSystems.newFileSystem(
 *     URI.create("strongroom:/home/me/vault"),
 *     Map.of("element", "sim:/home/me/my.element", "pin", pin, "create", "true"))) {
 *   Files.writeString(files.getPath("/letter.txt"), "kept in the strongroom");
 * }
 * }</pre>
 *
 * <p>{@code strongroom:/path/to/volume} names a file system, {@code strongroom:/path/to/volume!/a}
 * a path in it; a {@code !} in the volume's own path is written {@code %21}. A volume in another
 * provider's file system is named by its URI there, likewise: {@code
 * strongroom:jar:file:///an.zip%21/volume!/a}. The environment:
 *
 * <ul>
 *   <li>{@code session}: an open {@link dev.strongroom.core.device.ElementSession}, which stays the
 *       caller's; or
 *   <li>{@code element}: the element's URI as a String, by default the one that the volume
 *       remembers, with {@code pin}: char[] or String. A char[] stays the caller's, who zeroes it;
 *       a String cannot be zeroed, so prefer the array.
 *   <li>{@code volume}: alone, an open {@link dev.strongroom.file.SecureFileSystem}, opened with
 *       any options or in any store; it is closed with the file system.
 *   <li>{@code create}: {@code "true"} makes a volume of an absent or empty directory, and a
 *       simulated element that is not there yet, with {@code adminPin} as its administrator PIN.
 *       Without {@code adminPin} nobody knows the administrator PIN: such an element can never be
 *       unblocked, and its files die with the last try of the user PIN.
 *   <li>{@code cacheBytes}: the budget for clear data in memory, a number or its text.
 *   <li>{@code readOnly}: {@code "true"} writes nothing to the volume.
 *   <li>{@code keys}: {@code "page"} gives new files keys for each crypto page, {@code "file"}, the
 *       default, one for all of their content: {@link dev.strongroom.file.KeyScope}.
 *   <li>{@code freshness}: {@code "strict"} makes a volume whose every commit ends all states
 *       before it, {@code "none"}, the default, one where only a freeze does: {@link
 *       dev.strongroom.file.Freshness}.
 * </ul>
 *
 * <p>The attribute {@code strongroom:version} is the number of a file's last freeze. Setting {@code
 * strongroom:frozen} to true freezes the file, {@code strongroom:invalidated} ends it for good:
 * {@link dev.strongroom.file.SecureFileSystem#freeze} and {@link
 * dev.strongroom.file.SecureFileSystem#invalidate}.
 *
 * <p>What is not supported is refused by the contract's own exceptions: hard links and memory
 * mapping by {@link java.lang.UnsupportedOperationException}. Permissions are stored and shown and
 * restrict nobody. Owners and groups are numbers.
 */
package dev.strongroom.file.nio;
