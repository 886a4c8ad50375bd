// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.vpcd;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import jdk.net.ExtendedSocketOptions;

/**
 * The frames of vpcd on one TCP connection: length u16, big-endian, and as many bytes, both ways.
 *
 * <p>Thread safety: confined to the thread that reads and writes; {@link #close()} from any.
 */
final class ReaderConnection implements Closeable {

  /** Most bytes of a frame, which is what its length can say. */
  static final int MAX_FRAME = 0xFFFF;

  private static final int LENGTH_BYTES = 2;
  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

  private final Socket socket;
  private final boolean quickAck;
  private final DataInputStream in;
  private final OutputStream out;

  private ReaderConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.quickAck = socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  static ReaderConnection to(InetSocketAddress reader) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(reader.getHostString(), reader.getPort()), CONNECT_TIMEOUT_MILLIS);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      return new ReaderConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Waits for the next frame.
   *
   * @return its content, which the caller zeroes
   * @throws EOFException if the reader has gone
   */
  byte[] receive() throws IOException {
    acknowledgeAtOnce();
    int length = in.readUnsignedShort();
    if (length == 0) {
      throw new IOException("the reader sent an empty frame");
    }
    byte[] content = new byte[length];
    acknowledgeAtOnce();
    in.readFully(content);
    return content;
  }

  /** Sends a frame of 1 to {@link #MAX_FRAME} bytes. */
  void send(byte[] content) throws IOException {
    if (content.length < 1 || content.length > MAX_FRAME) {
      // The reader waits for the bytes of an empty frame for ever, and its whole service with it.
      throw new IllegalArgumentException("a frame has 1 to 65535 bytes, not " + content.length);
    }
    byte[] frame = new byte[LENGTH_BYTES + content.length];
    frame[0] = (byte) (content.length >>> 8);
    frame[1] = (byte) content.length;
    System.arraycopy(content, 0, frame, LENGTH_BYTES, content.length);
    try {
      out.write(frame);
    } finally {
      Arrays.fill(frame, (byte) 0);
    }
  }

  /** Idempotent. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  /**
   * vpcd sends length and content apart and waits for an acknowledgement in between, which the
   * system delays by 40 ms unless told otherwise before each read.
   */
  private void acknowledgeAtOnce() throws IOException {
    if (quickAck) {
      socket.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
    }
  }
}
