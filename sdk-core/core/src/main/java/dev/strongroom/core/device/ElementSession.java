// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated conversation with an element, made by {@link SecureElement#login}.
 *
 * <p>File systems and files that were opened on a session stop working when it closes; they
 * register with {@link #onClose} to be told, and can still use the session while they are. {@link
 * #close()} is idempotent, every other method throws {@link IllegalStateException} afterwards.
 *
 * <p>Sessions of one element work side by side; {@link #exclusive()} keeps the others out for a
 * critical section.
 *
 * <p>Thread safety: thread-safe.
 */
public final class ElementSession implements AutoCloseable {

  /** OPEN to CLOSING by the first close, CLOSING to CLOSED after its last listener. */
  private enum State {
    OPEN,
    CLOSING,
    CLOSED
  }

  private final SecureElement element;
  private final ElementGate gate;
  private final ElementCommands commands;
  private final ElementInfo info;
  private final Object lock = new Object();
  private final Deque<Runnable> closeListeners = new ArrayDeque<>(); // guarded by lock
  private @Nullable Thread closer; // guarded by lock
  private boolean finished; // guarded by lock
  private volatile State state = State.OPEN; // written under lock

  ElementSession(
      SecureElement element, ElementGate gate, ElementCommands commands, ElementInfo info) {
    this.element = element;
    this.gate = gate;
    this.commands = commands;
    this.info = info;
  }

  /**
   * The element that this session talks to.
   *
   * @return the element
   */
  public SecureElement element() {
    return element;
  }

  /**
   * The element's description, as it was at login.
   *
   * @return serial number, capabilities and limits
   */
  public ElementInfo info() {
    return info;
  }

  /**
   * Asks for the keys of any number of files or directories, in as few commands as the element's
   * batch limit allows.
   *
   * @param volume the volume's id, 16 bytes
   * @param requests one for each file, at least one
   * @return an answer for each request, in order; the caller closes them
   * @throws StrongroomException if the element refuses or the link fails
   */
  public List<Grub> grub(Bytes volume, List<GrubRequest> requests) throws StrongroomException {
    int batch = info.maxBatch();
    if (requests.size() <= batch) {
      return batch(volume, requests);
    }
    List<Grub> answers = new ArrayList<>(requests.size());
    try {
      for (int from = 0; from < requests.size(); from += batch) {
        answers.addAll(
            batch(volume, requests.subList(from, Math.min(requests.size(), from + batch))));
      }
      return answers;
    } catch (StrongroomException | RuntimeException e) {
      answers.forEach(Grub::close);
      throw e;
    }
  }

  private List<Grub> batch(Bytes volume, List<GrubRequest> requests) throws StrongroomException {
    enter();
    try {
      return commands.grub(volume, requests);
    } finally {
      gate.leave();
    }
  }

  /**
   * Asks for the encryption keys of consecutive crypto pages of one file.
   *
   * @param volume the volume's id, 16 bytes
   * @param file the file, with its RND
   * @param firstPage index of the first page
   * @param count how many pages, 1 to the element's batch limit
   * @return a key for each page, in order; the caller closes them
   * @throws StrongroomException if the element refuses or the link fails
   */
  public List<SecretBytes> pageGrub(Bytes volume, GrubRequest file, long firstPage, int count)
      throws StrongroomException {
    enter();
    try {
      info.require(Capability.GRUB_PAGES);
      return commands.pageGrub(volume, file, firstPage, count);
    } finally {
      gate.leave();
    }
  }

  /**
   * Draws bytes from the element's random generator.
   *
   * @param length how many, at least 1; more than one answer holds takes several commands
   * @return the random bytes
   * @throws StrongroomException if the link fails
   */
  public byte[] random(int length) throws StrongroomException {
    if (length < 1) {
      throw new IllegalArgumentException("at least 1 random byte, not " + length);
    }
    byte[] all = new byte[length];
    for (int done = 0; done < length; ) {
      byte[] part;
      enter();
      try {
        part = commands.challenge(Math.min(length - done, info.maxRandom()));
      } finally {
        gate.leave();
      }
      System.arraycopy(part, 0, all, done, part.length);
      done += part.length;
    }
    return all;
  }

  /**
   * Holds the element for a critical section: commands of other sessions wait until the hold is
   * closed, those of this session go on, from every thread. Waits for commands under way and for
   * another holder. A thread may hold it again for the same session. Closing the session ends it.
   *
   * @return closed to end the critical section
   * @throws IllegalStateException if the session is closed, or the thread holds the element for
   *     another session
   */
  public ElementHold exclusive() {
    requireOpen();
    gate.hold(this);
    ElementHold hold = new ElementHold(gate, this);
    if (state == State.CLOSED) {
      hold.close();
      requireOpen();
    }
    return hold;
  }

  /**
   * Whether the session can still be used.
   *
   * @return false once {@link #close()} has told everybody
   */
  public boolean isOpen() {
    return state != State.CLOSED;
  }

  /**
   * Registers what is to be done when the session closes, before the element forgets the login. On
   * a closed session it is done at once.
   *
   * @param listener run once, on the closing thread, in reverse order of registration; what it
   *     throws reaches the caller of {@code close} after all listeners have run
   */
  public void onClose(Runnable listener) {
    synchronized (lock) {
      if (state != State.CLOSED) {
        closeListeners.addLast(listener);
        return;
      }
    }
    listener.run();
  }

  /**
   * Closes what was opened on this session, then logs out. Idempotent: a second caller waits until
   * the first has finished, except a listener, which returns at once.
   */
  @Override
  public void close() {
    synchronized (lock) {
      if (state != State.OPEN) {
        if (closer != Thread.currentThread()) {
          awaitFinished();
        }
        return;
      }
      state = State.CLOSING;
      closer = Thread.currentThread();
    }
    Throwable failure = null;
    try {
      for (Runnable listener = nextListener(); listener != null; listener = nextListener()) {
        try {
          listener.run();
        } catch (RuntimeException | Error e) {
          failure = combine(failure, e);
        }
      }
      gate.releaseAll(this);
      element.forget(this);
      commands.close();
    } catch (RuntimeException | Error e) {
      failure = combine(failure, e);
    } finally {
      synchronized (lock) {
        finished = true;
        lock.notifyAll();
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** The newest listener; with none left the session is closed in the same step. */
  private @Nullable Runnable nextListener() {
    synchronized (lock) {
      Runnable listener = closeListeners.pollLast();
      if (listener == null) {
        state = State.CLOSED;
      }
      return listener;
    }
  }

  private void awaitFinished() {
    boolean interrupted = false;
    synchronized (lock) {
      while (!finished) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void enter() {
    gate.enter(this);
    if (state == State.CLOSED) {
      gate.leave();
      requireOpen();
    }
  }

  private void requireOpen() {
    if (state == State.CLOSED) {
      throw new IllegalStateException("the element session is closed");
    }
  }

  private static Throwable combine(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }
}
