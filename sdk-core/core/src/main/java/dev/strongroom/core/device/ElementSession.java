// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.SecretBytes;
import dev.strongroom.core.StrongroomException;
import java.util.ArrayList;
import java.util.List;

/**
 * One authenticated conversation with an element, made by {@link SecureElement#login}.
 *
 * <p>File systems and files that were opened on a session stop working when it closes; they
 * register with {@link #onClose} to be told. {@link #close()} is idempotent, every other method
 * throws {@link IllegalStateException} afterwards.
 *
 * <p>Thread safety: thread-safe.
 */
public final class ElementSession implements AutoCloseable {

  private final SecureElement element;
  private final ElementCommands commands;
  private final ElementInfo info;
  private final List<Runnable> closeListeners = new ArrayList<>(); // guarded by closeListeners
  private volatile boolean open = true;

  ElementSession(SecureElement element, ElementCommands commands, ElementInfo info) {
    this.element = element;
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
    requireOpen();
    int batch = Math.max(1, info.maxBatch());
    if (requests.size() <= batch) {
      return commands.grub(volume, requests);
    }
    List<Grub> answers = new ArrayList<>(requests.size());
    try {
      for (int from = 0; from < requests.size(); from += batch) {
        answers.addAll(
            commands.grub(
                volume, requests.subList(from, Math.min(requests.size(), from + batch))));
      }
      return answers;
    } catch (StrongroomException e) {
      answers.forEach(Grub::close);
      throw e;
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
    requireOpen();
    return commands.pageGrub(volume, file, firstPage, count);
  }

  /**
   * Draws bytes from the element's random generator.
   *
   * @param length how many, at least 1; more than one answer holds takes several commands
   * @return the random bytes
   * @throws StrongroomException if the link fails
   */
  public byte[] random(int length) throws StrongroomException {
    requireOpen();
    byte[] all = new byte[length];
    for (int done = 0; done < length; ) {
      byte[] part = commands.challenge(Math.min(length - done, info.maxRandom()));
      System.arraycopy(part, 0, all, done, part.length);
      done += part.length;
    }
    return all;
  }

  /**
   * Whether the session can still be used.
   *
   * @return false after {@link #close()}
   */
  public boolean isOpen() {
    return open;
  }

  /**
   * Registers what is to be done when the session closes, before the element forgets the login. On
   * a closed session it is done at once.
   *
   * @param listener run once, on the closing thread
   */
  public void onClose(Runnable listener) {
    synchronized (closeListeners) {
      if (open) {
        closeListeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /** Closes what was opened on this session, then logs out. */
  @Override
  public void close() {
    List<Runnable> listeners;
    synchronized (closeListeners) {
      if (!open) {
        return;
      }
      listeners = new ArrayList<>(closeListeners);
      closeListeners.clear();
    }
    for (int i = listeners.size() - 1; i >= 0; i--) {
      listeners.get(i).run();
    }
    open = false;
    commands.close();
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the element session is closed");
    }
  }
}
