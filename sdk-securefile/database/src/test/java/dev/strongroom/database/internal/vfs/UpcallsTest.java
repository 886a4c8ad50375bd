// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.database.internal.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.core.device.ElementSession;
import dev.strongroom.database.TestElement;
import dev.strongroom.database.internal.ffi.ForeignAccess;
import dev.strongroom.database.internal.ffi.Signature;
import dev.strongroom.database.internal.ffi.Upcall;
import dev.strongroom.file.SecureFile;
import dev.strongroom.file.SecureOpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

/** How often SQLite calls back. */
class UpcallsTest {

  private static final int TIMES = 20;

  @TempDir Path folder;

  private final AtomicInteger calls = new AtomicInteger();

  /** Something that is done again and again. */
  private interface Work {
    void run() throws SQLException;
  }

  @Test
  void anOperationTakesAFewCallbacks() throws Exception {
    SqliteLibrary library = SqliteLibrary.load(new Counting(ForeignAccess.fastest()));
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.TRUNCATE);
    try (TestElement element = TestElement.create();
        ElementSession session = element.login();
        DatabaseFile file =
            new DatabaseFile(
                SecureFile.open(
                    session,
                    folder,
                    "app.db",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    SecureOpenOption.TRANSACTION),
                ScratchFiles.usual());
        Connection connection = config.createConnection(library.register(file))) {
      library.confine(connection);
      connection.createStatement().execute("create table t (id integer primary key, name text)");
      try (PreparedStatement insert =
              connection.prepareStatement("insert into t (name) values ('a')");
          PreparedStatement select =
              connection.prepareStatement("select name from t where id = 1")) {
        assertThat(each(insert::executeUpdate)).as("commit of a row").isLessThanOrEqualTo(36);
        assertThat(
                each(
                    () -> {
                      try (ResultSet found = select.executeQuery()) {
                        assertThat(found.next()).isTrue();
                      }
                    }))
            .as("point select")
            .isLessThanOrEqualTo(8);
      }
      assertThat(each(() -> connection.prepareStatement("select name from t").close()))
          .as("statement with a column")
          .isLessThanOrEqualTo(2);
    }
  }

  private int each(Work work) throws SQLException {
    work.run();
    int before = calls.get();
    for (int i = 0; i < TIMES; i++) {
      work.run();
    }
    int each = (calls.get() - before) / TIMES;
    System.out.println("UpcallsTest: " + each + " callbacks");
    return each;
  }

  private final class Counting implements ForeignAccess {

    private final ForeignAccess memory;

    Counting(ForeignAccess memory) {
      this.memory = memory;
    }

    @Override
    public long function(Signature signature, Upcall upcall) {
      return memory.function(
          signature,
          arguments -> {
            calls.incrementAndGet();
            return upcall.call(arguments);
          });
    }

    @Override
    public int addressBytes() {
      return memory.addressBytes();
    }

    @Override
    public long allocate(int bytes) {
      return memory.allocate(bytes);
    }

    @Override
    public byte getByte(long address) {
      return memory.getByte(address);
    }

    @Override
    public int getInt(long address) {
      return memory.getInt(address);
    }

    @Override
    public void putInt(long address, int value) {
      memory.putInt(address, value);
    }

    @Override
    public long getLong(long address) {
      return memory.getLong(address);
    }

    @Override
    public void putLong(long address, long value) {
      memory.putLong(address, value);
    }

    @Override
    public void read(long address, byte[] target, int offset, int length) {
      memory.read(address, target, offset, length);
    }

    @Override
    public void write(long address, byte[] source, int offset, int length) {
      memory.write(address, source, offset, length);
    }

    @Override
    public void clear(long address, long length) {
      memory.clear(address, length);
    }

    @Override
    public long call(long function, Signature signature, long... arguments) {
      return memory.call(function, signature, arguments);
    }
  }
}
