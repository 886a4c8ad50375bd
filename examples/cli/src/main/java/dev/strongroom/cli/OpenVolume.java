// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.Role;
import dev.strongroom.core.identity.ElementCard;
import dev.strongroom.file.ElementAddress;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.IntegrityException;
import dev.strongroom.file.KeyScope;
import dev.strongroom.file.LedgerRepair;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeExistsException;
import dev.strongroom.file.VolumeInfo;
import dev.strongroom.file.VolumeNotFoundException;
import dev.strongroom.file.VolumeOptions;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A volume that a command works on, with the element and the login that it needs.
 *
 * <p>Thread safety: confined to one thread.
 */
final class OpenVolume implements AutoCloseable {

  private final Login login;
  private final SecureFileSystem files;
  private final Runnable logout;

  private OpenVolume(Login login, SecureFileSystem files, Runnable logout) {
    this.login = login;
    this.files = files;
    this.logout = logout;
  }

  /** What is done with a session to have a file system. */
  private interface Opening {
    SecureFileSystem on(ElementSession session) throws IOException;
  }

  static OpenVolume forReading(Settings settings, Path directory) throws IOException {
    return told(
        settings,
        directory,
        existing(settings, directory, VolumeOptions.builder().readOnly().build()));
  }

  /** Opens for reading what an ordinary open would refuse. */
  static OpenVolume forChecking(Settings settings, Path directory) throws IOException {
    return told(
        settings,
        directory,
        existing(settings, directory, VolumeOptions.builder().ignoreDamagedJournal().build()));
  }

  /** Warns where the element does not vouch for what is read. */
  private static OpenVolume told(Settings settings, Path directory, OpenVolume open) {
    VolumeInfo info = open.files.info();
    if (!info.fresh()) {
      settings.remark(
          directory
              + ": this element does not vouch for the volume, so these may be old states"
              + info.ledgerState().map(OpenVolume::remedy).orElse(""));
    }
    return open;
  }

  private static String remedy(LedgerState state) {
    String command = "; \"strongroom volume " + VolumeLedger.name(state.repair()) + "\" lets it";
    return state.repair() == LedgerRepair.ADOPT
        ? command + ", or use the volume's own element"
        : command + ", by the administrator's PIN";
  }

  static OpenVolume forWriting(Settings settings, Path directory) throws IOException {
    return existing(settings, directory, VolumeOptions.defaults());
  }

  /** Opens for writing, where new files get keys of a scope. */
  static OpenVolume forPutting(Settings settings, Path directory, KeyScope keys)
      throws IOException {
    return existing(settings, directory, VolumeOptions.builder().keyScope(keys).build());
  }

  /** Makes a volume that remembers its element's URI. */
  static OpenVolume create(Settings settings, Path directory, VolumeOptions.Builder with)
      throws IOException {
    String uri = settings.elementUri();
    if (uri == null) {
      throw CommandException.usage(
          "volume init: --element URI is missing; it names the element that holds the volume's"
              + " keys");
    }
    requireFree(directory); // before a PIN is asked for
    VolumeOptions options = with.elementUri(ElementAddress.remembered(uri, directory)).build();
    return open(
        Login.to(settings, uri),
        session -> {
          try {
            return SecureFileSystem.create(session, directory, options);
          } catch (IntegrityException e) {
            throw new LocatedException(directory.toString(), e);
          }
        });
  }

  private static OpenVolume existing(Settings settings, Path directory, VolumeOptions options)
      throws IOException {
    return open(
        Login.forVolume(settings, directory),
        session -> {
          try {
            return SecureFileSystem.open(session, directory, options);
          } catch (IntegrityException | FormatVersionException e) {
            throw new LocatedException(directory.toString(), e);
          }
        });
  }

  /** What a volume says of itself to anybody. */
  static VolumeInfo info(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new VolumeNotFoundException(
          directory.toString(),
          Files.exists(directory) ? "it is not a directory" : "there is no such directory");
    }
    try {
      return VolumeInfo.read(directory);
    } catch (IntegrityException | FormatVersionException e) {
      throw new LocatedException(directory.toString(), e);
    }
  }

  /** Another volume, for writing, with this one's element or with its own. */
  OpenVolume beside(Settings settings, Path directory) throws IOException {
    VolumeInfo info = info(directory);
    Opening opening =
        session -> SecureFileSystem.open(session, directory, VolumeOptions.defaults());
    return login.fits(info, directory)
        ? new OpenVolume(login, opening.on(login.session()), () -> {})
        : open(login.beside(settings, info, directory), opening);
  }

  private static OpenVolume open(Login login, Opening opening) throws IOException {
    try {
      return new OpenVolume(login, opening.on(login.session()), login::close);
    } catch (IOException | RuntimeException e) {
      login.close();
      throw e;
    }
  }

  /** A further PIN that the command needs, after the user's. */
  SecretBytes pin(Role role) throws IOException {
    return login.pin(role);
  }

  /** What the element shows to those who send it something. */
  ElementCard card() throws IOException {
    return login.session().element().card();
  }

  SecureFileSystem files() {
    return files;
  }

  /** Makes everything durable; an error here is an error of the command. */
  @Override
  public void close() throws IOException {
    try {
      files.close();
    } finally {
      logout.run();
    }
  }

  /** Refuses a directory in which no volume can be made. */
  static void requireFree(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new VolumeExistsException(directory.toString(), "it is not a directory");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.equals("strongroom.volume")) {
          throw new VolumeExistsException(directory.toString(), "there is a volume already");
        }
        if (!name.startsWith("strongroom.")) { // these are of an attempt that was cut off
          throw new VolumeExistsException(
              directory.toString(), "the directory is not empty, it holds " + name);
        }
      }
    }
  }
}
