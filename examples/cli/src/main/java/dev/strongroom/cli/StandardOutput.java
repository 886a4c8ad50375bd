// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Standard output that knows why it took no more: a {@link PrintStream} swallows the error.
 *
 * <p>Thread safety: as a {@link PrintStream}.
 */
final class StandardOutput extends PrintStream {

  /** EPIPE, as the C library names it. */
  private static final String BROKEN_PIPE = "Broken pipe";

  private final Pipe pipe;

  StandardOutput(OutputStream to, Charset charset) {
    this(new Pipe(to), charset);
  }

  private StandardOutput(Pipe pipe, Charset charset) {
    super(pipe, false, charset);
    this.pipe = pipe;
  }

  /** Whether the program that read it has ended, as {@code head} does when it has enough. */
  boolean hasLostItsReader() {
    return pipe.broken;
  }

  private static final class Pipe extends FilterOutputStream {
    private volatile boolean broken;

    Pipe(OutputStream to) {
      super(to);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      try {
        out.write(bytes, offset, count);
      } catch (IOException e) {
        broken = String.valueOf(e.getMessage()).contains(BROKEN_PIPE);
        throw e;
      }
    }
  }
}
