// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.KeyOperation;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.sekey.internal.database.SeKeyDatabase;
import dev.strongroom.sekey.model.Directory;
import dev.strongroom.sekey.model.User;
import dev.strongroom.sekey.model.UserId;
import dev.strongroom.sekey.selection.Selection;
import java.io.IOException;
import java.time.Clock;

/**
 * Key management as a user has it: an element with the keys, and a database that says whose they
 * are.
 *
 * <pre>{@code
 * try (SeKey keys = SeKey.open(session, volume, "/sekey.db", clock, options)) {
 *   byte[] envelope = keys.envelopes().encrypt(KeyChoice.forGroup(group), text, aad);
 * }
 * }</pre>
 *
 * <p>Every use is decided twice: here by what the database says, with the better message, and by
 * the element, which has the last word. A change of the database counts from its commit on.
 *
 * <p>Thread safety: thread-safe.
 */
public final class SeKey implements AutoCloseable {

  private final SeKeyDatabase database;
  private final KeyGate gate;
  private final DataKeyCache dataKeys;
  private final Envelopes envelopes;
  private final Macs macs;
  private final Signatures signatures;
  private final KeyWrapping wrapping;

  private SeKey(
      ElementSession session,
      SeKeyDatabase database,
      UserId self,
      ElementTime floor,
      Clock clock,
      SeKeyOptions options) {
    this.database = database;
    this.gate = new KeyGate(session, this::directory, self, floor, clock, options.log());
    this.dataKeys = new DataKeyCache(options.dataKeys(), clock);
    this.envelopes = new Envelopes(gate, dataKeys);
    this.macs = new Macs(gate);
    this.signatures = new Signatures(gate);
    this.wrapping = new KeyWrapping(gate);
    session.onClose(dataKeys::close);
  }

  /**
   * Opens what a user has.
   *
   * @param session of the user's element, logged in; stays the caller's
   * @param volume where the user's database is; stays the caller's
   * @param path the database
   * @param clock what time it is for leases and periods; the element refuses what is too late, and
   *     by its own signed time what is too early
   * @param options log, and limits of data keys
   * @return the user's key management
   * @throws java.nio.file.NoSuchFileException if there is no database
   * @throws DatabaseOwnerException if it is an administrator's, or was made with another element
   * @throws SubjectNotFoundException if the database knows no user with this element
   * @throws IOException if database or element fail
   */
  public static SeKey open(
      ElementSession session,
      SecureFileSystem volume,
      String path,
      Clock clock,
      SeKeyOptions options)
      throws IOException {
    Bytes element = session.info().serialNumber();
    ElementTime floor = session.keys().store().status().floor();
    SeKeyDatabase database = SeKeyDatabase.openUser(volume, path, element);
    try {
      UserId self = self(database.directory(), element);
      return new SeKey(session, database, self, floor, clock, options);
    } catch (IOException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static UserId self(Directory directory, Bytes element) throws SubjectNotFoundException {
    for (User user : directory.users()) {
      if (user.element().filter(own -> own.serialNumber().equals(element)).isPresent()) {
        return user.id();
      }
    }
    throw new SubjectNotFoundException(SubjectNotFoundException.Kind.USER, element);
  }

  /**
   * Who this is.
   *
   * @return the user
   */
  public UserId self() {
    return gate.self();
  }

  /**
   * What this user knows: the own groups, their members and keys.
   *
   * @return as the last commit left it
   */
  public Directory directory() {
    Directory directory = database.directory();
    dataKeys.sweep(directory);
    return directory;
  }

  /** Where what an administrator delivers goes. */
  SeKeyDatabase database() {
    return database;
  }

  /**
   * Which key would protect something, why, and who else could read.
   *
   * @param choice for whom
   * @param operation one that protects
   * @return the key, or why there is none, with what was not taken
   * @throws IllegalArgumentException if the choice names a key
   */
  public Selection select(KeyChoice choice, KeyOperation operation) {
    return gate.select(choice, operation);
  }

  /**
   * Texts in envelopes.
   *
   * @return the service
   */
  public Envelopes envelopes() {
    return envelopes;
  }

  /**
   * Message authentication codes.
   *
   * @return the service
   */
  public Macs macs() {
    return macs;
  }

  /**
   * Signatures of groups.
   *
   * @return the service
   */
  public Signatures signatures() {
    return signatures;
  }

  /**
   * Keys that the host has.
   *
   * @return the service
   */
  public KeyWrapping keyWrapping() {
    return wrapping;
  }

  /** Zeroes the data keys that are kept, and closes the database. */
  @Override
  public void close() throws IOException {
    dataKeys.close();
    database.close();
  }
}
