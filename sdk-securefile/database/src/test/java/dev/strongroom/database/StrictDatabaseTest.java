// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.core.device.VersionSlot;
import dev.strongroom.file.FileGoneException;
import dev.strongroom.file.Freshness;
import dev.strongroom.file.LedgerException;
import dev.strongroom.file.LedgerState;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.SecureFileSystem;
import dev.strongroom.file.VolumeOptions;
import dev.strongroom.file.store.Store;
import dev.strongroom.file.testkit.ManualExecutor;
import dev.strongroom.file.testkit.MemoryStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database in a strict volume: what is put back from before is noticed. */
class StrictDatabaseTest {

  private static final Duration LAG = Duration.ofSeconds(10);

  private final ManualExecutor executor = new ManualExecutor();
  private final MemoryStore store = new MemoryStore();
  private TestElement element;
  private ElementSession session;

  @BeforeEach
  void makeDatabase() throws Exception {
    element = TestElement.create();
    session = element.login();
    try (SecureFileSystem volume = SecureFileSystem.create(session, store, options(LAG));
        SecureDatabase database = open(volume);
        Connection connection = database.getConnection()) {
      Sql.run(connection, Sql.TABLE);
    }
  }

  @AfterEach
  void close() {
    session.close();
    element.close();
  }

  private VolumeOptions options(Duration lag) {
    return VolumeOptions.builder()
        .journalBytes(512 << 10)
        .freshness(Freshness.STRICT)
        .freshnessLag(lag)
        .executor(executor)
        .clock(executor)
        .build();
  }

  private SecureFileSystem volume(Store medium) throws IOException {
    return SecureFileSystem.open(session, medium, options(LAG));
  }

  private static SecureDatabase open(SecureFileSystem volume) throws IOException {
    return SecureDatabase.open(volume, "/app.db", DatabaseOptions.defaults());
  }

  private long vouched(SecureFileSystem volume) throws IOException {
    return session.readVersion(volume.info().id()).map(VersionSlot::counter).orElse(0L);
  }

  private long rows(Store medium) throws Exception {
    try (SecureFileSystem volume = volume(medium);
        SecureDatabase database = open(volume);
        Connection connection = database.getConnection()) {
      assertThat(Sql.value(connection, "pragma integrity_check")).isEqualTo("ok");
      return Sql.number(connection, "select count(*) from t");
    }
  }

  private void requireOlder(MemoryStore old) {
    assertThatThrownBy(() -> volume(old))
        .isInstanceOfSatisfying(
            LedgerException.class,
            refused -> assertThat(refused.state()).isEqualTo(LedgerState.OLDER));
  }

  @Test
  void commitsAreVouchedForWithinTheLagAndAtTheClose() throws Exception {
    SecureFileSystem volume = volume(store);
    SecureDatabase database = open(volume);
    Connection connection = database.getConnection();
    long before = vouched(volume);
    Sql.fill(connection, 0, 5);
    MemoryStore five = store.copy();
    Sql.fill(connection, 5, 5);
    assertThat(vouched(volume)).as("a commit does not wait for the element").isEqualTo(before);
    executor.advance(LAG);
    assertThat(vouched(volume)).isEqualTo(before + 1);
    MemoryStore ten = store.copy();
    Sql.fill(connection, 10, 5);
    assertThat(vouched(volume)).isEqualTo(before + 1);
    database.close();
    volume.close();
    requireOlder(five);
    requireOlder(ten); // but for the close it would be taken for the current state
    assertThat(rows(store)).isEqualTo(15);
  }

  @Test
  void withoutALagEveryCommitIsVouchedFor() throws Exception {
    try (SecureFileSystem volume = SecureFileSystem.open(session, store, options(Duration.ZERO));
        SecureDatabase database = open(volume);
        Connection connection = database.getConnection()) {
      for (int i = 0; i < 5; i++) {
        MemoryStore old = store.copy();
        long before = vouched(volume);
        Sql.fill(connection, i, 1);
        assertThat(vouched(volume)).isEqualTo(before + 1);
        requireOlder(old);
      }
    }
    assertThat(rows(store)).isEqualTo(5);
  }

  @Test
  void anOldDatabaseInANewVolumeIsRefused() throws Exception {
    String host;
    try (SecureFileSystem volume = volume(store)) {
      host = volume.stat("/app.db").hostName();
    }
    byte[] old = store.content(host);
    try (SecureFileSystem volume = volume(store);
        SecureDatabase database = open(volume);
        Connection connection = database.getConnection()) {
      Sql.fill(connection, 0, 10);
    }
    MemoryStore mixed = store.copy();
    mixed.replaceContent(host, old);
    try (SecureFileSystem volume = volume(mixed)) {
      assertThatThrownBy(() -> open(volume)).isInstanceOf(RollbackException.class);
    }
    assertThat(rows(store)).isEqualTo(10);
  }

  @Test
  void anElementThatGoesEndsTheConnectionsAndNoCommit() throws Exception {
    int acknowledged = 0;
    try (SecureFileSystem volume = volume(store);
        SecureDatabase database = open(volume);
        Connection connection = database.getConnection();
        Connection other = database.getConnection()) {
      while (acknowledged < 7) {
        Sql.fill(connection, acknowledged++, 1);
      }
      connection.setAutoCommit(false);
      Sql.fill(connection, acknowledged, 1);
      element.pull();
      executor.advance(LAG); // the volume closes by itself
      assertThatThrownBy(connection::commit)
          .isInstanceOf(SQLException.class)
          .hasCauseInstanceOf(FileGoneException.class);
      assertThatThrownBy(() -> Sql.fill(other, 100, 1))
          .isInstanceOf(SQLException.class)
          .hasCauseInstanceOf(FileGoneException.class);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("element");
    }
    element.insert();
    session = element.login();
    assertThat(rows(store)).isEqualTo(acknowledged);
  }
}
