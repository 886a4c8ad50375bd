// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.Grub;
import dev.strongroom.file.FileInvalidatedException;
import dev.strongroom.file.FileType;
import dev.strongroom.file.FormatVersionException;
import dev.strongroom.file.NothingToRebuildException;
import dev.strongroom.file.RollbackException;
import dev.strongroom.file.check.CheckListener;
import dev.strongroom.file.check.CheckReport;
import dev.strongroom.file.internal.check.ContentTarget;
import dev.strongroom.file.internal.crypto.FileKeys;
import dev.strongroom.file.internal.engine.HeldFiles.Named;
import dev.strongroom.file.internal.engine.KeyRing.KeysNeeded;
import dev.strongroom.file.internal.engine.UnlistedFiles.Unlisted;
import dev.strongroom.file.internal.engine.Walk.LastLink;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.Names;
import dev.strongroom.file.internal.format.v1.VolumeFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes the catalogues of damaged directories anew, from the headers of the files that name them as
 * their directory. Files whose directory has no header any more go to {@code /lost+found}.
 *
 * <p>What is about to be done is recorded in the volume file first. Each directory is one commit,
 * and so is each file that gets another directory; what a crash leaves undone is found again by the
 * next attempt. Directories below a rebuilt one are reached in the next round only, so there are as
 * many rounds as there are damaged directories above each other. A round reads directories, and the
 * headers of what they do not name; all content is read once, by the check at the end.
 *
 * <p>Thread safety: confined to the thread that rebuilds; nobody else should use the volume.
 */
public final class Rebuild {

  private static final int MOST_ROUNDS = 100;

  /**
   * What a check has found out.
   *
   * @param anyFile whether there is a file of the volume that no directory has led to
   */
  record Plan(
      List<Named> catalogues, List<Named> headless, List<Unlisted> children, boolean anyFile) {

    boolean isEmpty() {
      return catalogues.isEmpty() && headless.isEmpty() && children.isEmpty();
    }
  }

  private final Volume volume;
  private final Namespace namespace;

  /**
   * Works on a volume.
   *
   * @param volume the volume, open for writing
   * @param namespace its names
   */
  public Rebuild(Volume volume, Namespace namespace) {
    this.volume = volume;
    this.namespace = namespace;
  }

  /**
   * Rebuilds what is damaged, and checks the volume.
   *
   * @param listener hears of the checks
   * @return what the last check has met
   * @throws NothingToRebuildException if there is neither a root directory nor any file
   * @throws IOException if the store or the element fails
   */
  public CheckReport run(CheckListener listener) throws IOException {
    volume.requireWritable();
    for (int round = 1; ; round++) {
      VolumeCheck names =
          new VolumeCheck(volume, namespace, listener, ContentTarget.NONE, VolumeCheck.Depth.NAMES);
      CheckReport report = names.all();
      Plan plan = names.plan();
      if (report.end() == CheckReport.End.CANCELLED) {
        return report;
      }
      if (rootIsLost(plan) && !plan.anyFile() && !isAnyFileInUse()) {
        throw new NothingToRebuildException(volume.store.toString());
      }
      if (plan.isEmpty() || round == MOST_ROUNDS) {
        return new VolumeCheck(volume, namespace, listener, ContentTarget.NONE).all();
      }
      volume.record(
          new VolumeFile.Rebuilt(
              volume.now(),
              plan.catalogues().size() + plan.headless().size(),
              plan.children().size()));
      apply(plan);
      volume.sync();
    }
  }

  private void apply(Plan plan) throws IOException {
    if (rootIsLost(plan)) {
      KeyRing.change(volume, this::makeRoot);
    }
    for (Named directory : plan.catalogues()) {
      List<Unlisted> children = childrenOf(plan, directory.entry().uid());
      KeyRing.change(volume, keys -> refill(directory, children, keys));
    }
    for (Named directory : plan.headless()) {
      boolean isRoot = directory.entry().uid().equals(volume.file.root());
      List<Unlisted> children = childrenOf(plan, directory.entry().uid());
      if (!isRoot) {
        KeyRing.change(volume, keys -> forget(directory, keys));
      }
      adoptAll(children, isRoot);
    }
    List<Unlisted> strays = new ArrayList<>();
    for (Unlisted child : plan.children()) {
      boolean known =
          plan.catalogues().stream().anyMatch(each -> each.entry().uid().equals(child.parent()))
              || plan.headless().stream()
                  .anyMatch(each -> each.entry().uid().equals(child.parent()));
      if (!known) {
        strays.add(child);
      }
    }
    adoptAll(strays, false);
  }

  private boolean rootIsLost(Plan plan) {
    return plan.headless().stream().anyMatch(each -> each.entry().uid().equals(volume.file.root()));
  }

  /** Those are not looked for on the medium; after a crash the journal has brought some back. */
  private boolean isAnyFileInUse() {
    volume.lock.lock();
    try {
      return !volume.nodes.isEmpty();
    } finally {
      volume.lock.unlock();
    }
  }

  private static List<Unlisted> childrenOf(Plan plan, Bytes directory) {
    List<Unlisted> children = new ArrayList<>();
    for (Unlisted child : plan.children()) {
      if (child.parent().equals(directory)) {
        children.add(child);
      }
    }
    children.sort(Comparator.comparing(Unlisted::host));
    return children;
  }

  /** A root directory with the same UID and new keys; its files get new coded names. */
  private void makeRoot(KeyRing keys) throws IOException, KeysNeeded {
    if (volume.nodes.get(volume.file.root()) == null) {
      try (Grub grub = keys.take(volume.file.root())) {
        FileTable.createRoot(volume, grub);
      }
      volume.commits.commit(List.of(), true);
    }
  }

  /**
   * Fills a directory with the entries of the files that name it; one commit. One that is older
   * than the ledger says becomes the current one.
   */
  private void refill(Named directory, List<Unlisted> children, KeyRing keys)
      throws IOException, KeysNeeded {
    FileNode node = bring(directory.entry(), directory.path(), directory.host(), keys);
    if (!node.admitted) {
      volume.ledger.renew(node.header);
      node.admitted = true;
    }
    volume.files.whole(
        () -> {
          node.truncate(0);
          Catalogue catalogue = new Catalogue(node);
          catalogue.create();
          for (Unlisted child : children) {
            catalogue.insert(
                new Catalogue.Entry(
                    child.coded(), child.uid(), child.type(), child.name(), child.streamed()));
          }
        });
    volume.files.changed(node);
    volume.commits.commit(List.of(), true);
  }

  /** Takes the entry of a directory out that has no header any more. */
  private void forget(Named directory, KeyRing keys) throws IOException, KeysNeeded {
    if (isOfAnother(directory)) {
      return; // somebody has put another's host file there; it is not to be removed
    }
    int slash = directory.path().lastIndexOf('/');
    Walk.Place place;
    try {
      place = Walk.find(volume, keys, directory.path().substring(0, slash) + "/.", LastLink.MEANT);
    } catch (NoSuchFileException e) {
      return; // its own directory is damaged, and was filled anew without it
    }
    FileNode parent = place.node(volume, keys);
    Catalogue.Entry entry = new Catalogue(parent).find(directory.entry().coded());
    if (entry != null && entry.uid().equals(directory.entry().uid())) {
      volume.files.remove(parent, entry, directory.path(), keys);
      volume.commits.commit(List.of(), true);
    }
  }

  private boolean isOfAnother(Named directory) throws IOException {
    try {
      for (byte[] copy : HeaderReader.copies(volume.store, directory.host())) {
        try {
          if (!FileHeader.clear("", copy).uid().equals(directory.entry().uid())) {
            return true;
          }
        } catch (FileHeader.Refused e) {
          // not readable, so not known to be another's
        } catch (FormatVersionException e) {
          return true;
        }
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    return false;
  }

  private void adoptAll(List<Unlisted> files, boolean byRoot) throws IOException {
    for (Unlisted file : files) {
      String directory = byRoot ? "/" : lostAndFound(file.parent());
      KeyRing.change(volume, keys -> adopt(file, directory, keys));
    }
  }

  private String lostAndFound(Bytes parent) throws IOException {
    for (int number = 1; ; number++) {
      String top = UnlistedCheck.LOST_AND_FOUND + (number == 1 ? "" : "~" + number);
      String directory = top + "/" + parent;
      try {
        make(top);
        make(directory);
        return directory;
      } catch (FileAlreadyExistsException e) {
        if (number == MOST_ROUNDS) {
          throw e;
        }
      }
    }
  }

  private void make(String directory) throws IOException {
    if (!namespace.exists(directory)) {
      namespace.createDirectory(directory, Namespace.DIRECTORY_MODE);
    } else if (!KeyRing.run(volume, keys -> isDirectory(directory, keys))) {
      throw new FileAlreadyExistsException(directory);
    }
  }

  private boolean isDirectory(String path, KeyRing keys) throws IOException, KeysNeeded {
    return Walk.find(volume, keys, path, LastLink.MEANT).isType(FileType.DIRECTORY);
  }

  /** Gives a file another directory, with its name; one commit. */
  private void adopt(Unlisted file, String directory, KeyRing keys) throws IOException, KeysNeeded {
    FileNode parent = Walk.directory(volume, keys, directory);
    Bytes coded = Names.code(parent.header.namesKey, file.name());
    if (new Catalogue(parent).find(coded) != null) {
      return; // left where it is, and told by the next check
    }
    Catalogue.Entry now =
        new Catalogue.Entry(file.coded(), file.uid(), file.type(), file.name(), file.streamed());
    FileNode node;
    try {
      node = load(now, file.host(), file.host(), keys);
    } catch (RollbackException | FileInvalidatedException e) {
      return; // not the file that was committed last; left where it is
    }
    Catalogue.Entry entry =
        new Catalogue.Entry(coded, file.uid(), file.type(), file.name(), file.streamed());
    volume.files.changed(parent);
    volume.files.whole(() -> new Catalogue(parent).insert(entry));
    node.lock.lock();
    try {
      node.header.parent = parent.uid();
      node.header.codedName = coded;
      node.host = Names.host(coded);
      node.path = directory + "/" + file.name();
    } finally {
      node.lock.unlock();
    }
    volume.commits.namespaceChanged(node);
    volume.commits.commit(List.of(), true);
  }

  /** A file by its host file, whatever its directory says of it. */
  private FileNode load(Catalogue.Entry entry, String path, String host, KeyRing keys)
      throws IOException, KeysNeeded {
    FileNode node = bring(entry, path, host, keys);
    if (!node.admitted) {
      volume.ledger.requireCurrent(node.header, path);
      node.admitted = true;
    }
    return node;
  }

  private FileNode bring(Catalogue.Entry entry, String path, String host, KeyRing keys)
      throws IOException, KeysNeeded {
    FileNode present = volume.nodes.get(entry.uid());
    if (present != null) {
      return present;
    }
    Grub grub = keys.get(entry.uid());
    if (grub == null) {
      throw new KeysNeeded(
          HeaderReader.requests(HeaderReader.copies(volume.store, host), entry.uid(), path)
              .subList(0, 1));
    }
    FileKeys fileKeys = FileKeys.of(grub);
    try {
      FileHeader header =
          HeaderReader.newest(HeaderReader.copies(volume.store, host), path, fileKeys).header();
      FileNode node = new FileNode(volume, header, fileKeys, host, host, path);
      volume.nodes.put(node.uid(), node);
      return node;
    } catch (IOException e) {
      fileKeys.close();
      throw e;
    }
  }
}
