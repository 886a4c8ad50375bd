// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.device.ManagedFileKey;
import dev.strongroom.core.identity.Fingerprint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * How a volume is made and opened.
 *
 * <p>Thread safety: immutable; the builder is confined to one thread.
 */
public final class VolumeOptions {

  /** Default memory for clear data of all files of a volume: 64 MiB. */
  public static final long DEFAULT_CACHE_BYTES = 64L << 20;

  /** Smallest cache: 1 MiB. */
  public static final long MINIMUM_CACHE_BYTES = 1L << 20;

  /** Default size of the journal of a volume made by {@link SecureFileSystem#create}: 16 MiB. */
  public static final int DEFAULT_JOURNAL_BYTES = 16 << 20;

  /** Size of the journal of a small volume, made by {@link SecureFile#open}: 1 MiB. */
  public static final int SMALL_JOURNAL_BYTES = 1 << 20;

  /** Smallest journal: 256 KiB. */
  public static final int MINIMUM_JOURNAL_BYTES = 256 << 10;

  /** Default limit of a journal that grows with the largest commit: 1 GiB. */
  public static final long DEFAULT_JOURNAL_LIMIT_BYTES = 1L << 30;

  /** Default sector size, 4 KiB. */
  public static final int DEFAULT_SECTOR_BYTES = 4096;

  private final long cacheBytes;
  private final int journalBytes;
  private final long journalLimitBytes;
  private final int sectorBytes;
  private final KeyScope keyScope;
  private final Freshness freshness;
  private final Duration freshnessLag;
  private final boolean readOnly;
  private final boolean ignoreDamagedJournal;
  private final boolean nonceFromElement;
  private final String elementUri;
  private final @Nullable RecoveryElement recoveryElement;
  private final @Nullable Bytes managedKey;
  private final @Nullable Fingerprint madeBy;
  private final InstantSource clock;
  private final @Nullable ScheduledExecutorService executor;

  private VolumeOptions(Builder builder) {
    cacheBytes = builder.cacheBytes;
    journalBytes = builder.journalBytes;
    journalLimitBytes = builder.journalLimitBytes;
    sectorBytes = builder.sectorBytes;
    keyScope = builder.keyScope;
    freshness = builder.freshness;
    freshnessLag = builder.freshnessLag;
    readOnly = builder.readOnly;
    ignoreDamagedJournal = builder.ignoreDamagedJournal;
    nonceFromElement = builder.nonceFromElement;
    elementUri = builder.elementUri;
    recoveryElement = builder.recoveryElement;
    managedKey = builder.managedKey;
    madeBy = builder.madeBy;
    clock = builder.clock;
    executor = builder.executor;
  }

  /**
   * All defaults.
   *
   * @return the options
   */
  public static VolumeOptions defaults() {
    return builder().build();
  }

  /**
   * Starts from the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Memory for clear data of all files of the volume.
   *
   * @return bytes
   */
  public long cacheBytes() {
    return cacheBytes;
  }

  /**
   * Size of the journal when the volume is made.
   *
   * @return bytes, a multiple of 4096
   */
  public int journalBytes() {
    return journalBytes;
  }

  /**
   * How long the journal may become when a commit does not fit into it.
   *
   * @return bytes
   */
  public long journalLimitBytes() {
    return journalLimitBytes;
  }

  /**
   * Sector size of files made from now on.
   *
   * @return bytes, a power of two from 4096 to 65536
   */
  public int sectorBytes() {
    return sectorBytes;
  }

  /**
   * Whether a damaged journal is passed over.
   *
   * @return whether the volume is opened without what its journal holds, if that cannot be read
   */
  public boolean ignoreDamagedJournal() {
    return ignoreDamagedJournal;
  }

  /**
   * For what the keys of files made from now on are derived, unless an open option says otherwise.
   *
   * @return the scope
   */
  public KeyScope keyScope() {
    return keyScope;
  }

  /**
   * What a new volume binds to its ledger.
   *
   * @return the freshness of volumes made from now on
   */
  public Freshness freshness() {
    return freshness;
  }

  /**
   * How long the element may be behind what was made durable in a strict volume.
   *
   * @return the lag, zero when a durable commit ends with the element's step
   */
  public Duration freshnessLag() {
    return freshnessLag;
  }

  /**
   * Whether nothing may be written.
   *
   * @return whether the volume is opened for reading only
   */
  public boolean readOnly() {
    return readOnly;
  }

  /**
   * Whether every start of a run of nonces takes fresh randomness of the element.
   *
   * @return whether one element command is paid for each
   */
  public boolean nonceFromElement() {
    return nonceFromElement;
  }

  /**
   * The element's URI that a new volume remembers.
   *
   * @return the URI text, empty when none is to be kept
   */
  public String elementUri() {
    return elementUri;
  }

  /**
   * The element that shall be able to read a new volume when its own element is lost.
   *
   * @return the recovery element, or null for none
   */
  public @Nullable RecoveryElement recoveryElement() {
    return recoveryElement;
  }

  /**
   * The managed key that wraps the file keys of new files, and of a new volume.
   *
   * @return the key's id, or null where keys are derived from the element's master keys
   */
  public @Nullable Bytes managedKey() {
    return managedKey;
  }

  /**
   * The element that a volume must have been made with to be opened.
   *
   * @return its fingerprint, or null where any is right
   */
  public @Nullable Fingerprint madeBy() {
    return madeBy;
  }

  /**
   * Where times come from.
   *
   * @return the clock
   */
  public InstantSource clock() {
    return clock;
  }

  /**
   * Runs the commit timer and checkpoints.
   *
   * @return the executor, or null when the volume makes its own daemon thread
   */
  public @Nullable ScheduledExecutorService executor() {
    return executor;
  }

  /** Builds {@link VolumeOptions}. */
  public static final class Builder {

    private long cacheBytes = DEFAULT_CACHE_BYTES;
    private int journalBytes = DEFAULT_JOURNAL_BYTES;
    private long journalLimitBytes = DEFAULT_JOURNAL_LIMIT_BYTES;
    private int sectorBytes = DEFAULT_SECTOR_BYTES;
    private KeyScope keyScope = KeyScope.FILE;
    private Freshness freshness = Freshness.NONE;
    private Duration freshnessLag = Duration.ZERO;
    private boolean readOnly;
    private boolean ignoreDamagedJournal;
    private boolean nonceFromElement;
    private String elementUri = "";
    private @Nullable RecoveryElement recoveryElement;
    private @Nullable Bytes managedKey;
    private @Nullable Fingerprint madeBy;
    private InstantSource clock = InstantSource.system();
    private @Nullable ScheduledExecutorService executor;

    private Builder() {}

    /**
     * Sets the memory for clear data, by default {@link #DEFAULT_CACHE_BYTES}.
     *
     * @param bytes at least {@link #MINIMUM_CACHE_BYTES}
     * @return this
     */
    public Builder cacheBytes(long bytes) {
      cacheBytes = bytes;
      return this;
    }

    /**
     * Sets the journal's size for a new volume, by default {@link #DEFAULT_JOURNAL_BYTES}.
     *
     * @param bytes a multiple of 4096, at least {@link #MINIMUM_JOURNAL_BYTES}
     * @return this
     */
    public Builder journalBytes(int bytes) {
      journalBytes = bytes;
      return this;
    }

    /**
     * Sets how long the journal may become when a commit does not fit into it, by default {@link
     * #DEFAULT_JOURNAL_LIMIT_BYTES}. A commit that would need more is refused.
     *
     * @param bytes at least the journal's size
     * @return this
     */
    public Builder journalLimitBytes(long bytes) {
      journalLimitBytes = bytes;
      return this;
    }

    /**
     * Sets the sector size of new files, by default {@link #DEFAULT_SECTOR_BYTES}.
     *
     * @param bytes a power of two from 4096 to 65536
     * @return this
     */
    public Builder sectorBytes(int bytes) {
      sectorBytes = bytes;
      return this;
    }

    /**
     * Sets for what the keys of new files are derived, by default {@link KeyScope#FILE}. Files that
     * are there keep what they were made with.
     *
     * @param scope the scope
     * @return this
     */
    public Builder keyScope(KeyScope scope) {
      keyScope = scope;
      return this;
    }

    /**
     * Sets what a new volume binds to its ledger, by default {@link Freshness#NONE}. A volume that
     * is there keeps what it was made with.
     *
     * @param wanted the freshness
     * @return this
     */
    public Builder freshness(Freshness wanted) {
      freshness = wanted;
      return this;
    }

    /**
     * Lets the element be behind what was made durable in a strict volume, so that a durable commit
     * does not wait for it; by default it does. States within the lag can be exchanged for one
     * another. The element is brought up within the lag, at the close, and by each freeze.
     *
     * @param lag not negative
     * @return this
     */
    public Builder freshnessLag(Duration lag) {
      freshnessLag = lag;
      return this;
    }

    /**
     * Opens for reading only; by default a volume is opened for writing.
     *
     * @return this
     */
    public Builder readOnly() {
      readOnly = true;
      return this;
    }

    /**
     * Opens for reading only, and without the journal if that is missing, cut or damaged, for a
     * check or a salvage: files are as the last checkpoint left them, and those that one was
     * writing may be damaged. By default such a volume is refused.
     *
     * @return this
     */
    public Builder ignoreDamagedJournal() {
      ignoreDamagedJournal = true;
      return readOnly();
    }

    /**
     * Takes fresh randomness of the element for every start of a run of nonces; by default the
     * randomness that came with the file's keys is mixed with the host's.
     *
     * @return this
     */
    public Builder nonceFromElement() {
      nonceFromElement = true;
      return this;
    }

    /**
     * Sets the element URI that a new volume remembers, in clear; by default none.
     *
     * @param uri the URI text
     * @return this
     */
    public Builder elementUri(String uri) {
      elementUri = uri;
      return this;
    }

    /**
     * Names the element that shall be able to read a new volume when its own element is lost; by
     * default none. It is named when the volume is made, and never changes. Such a volume has keys
     * per file only.
     *
     * @param element the recovery element, whose keys the caller has confirmed
     * @return this
     */
    public Builder recoveryElement(RecoveryElement element) {
      recoveryElement = element;
      return this;
    }

    /**
     * Has the file keys of new files, and of a new volume, made by the element and wrapped under a
     * managed key of its key store; by default keys are derived from its master keys. For key
     * management, which decides which managed key that is: an element without a key store answers
     * that it does not support this.
     *
     * @param keyId the key's id, 16 bytes
     * @return this
     */
    public Builder managedKey(Bytes keyId) {
      managedKey = keyId;
      return this;
    }

    /**
     * Names the element that a volume must have been made with to be opened, by default any. For a
     * recovery element, to which every volume that names it, and that some element has signed,
     * looks alike: only this tells whose it is. Not looked at when a volume is made.
     *
     * @param fingerprint of that element, as its holder has shown it
     * @return this
     */
    public Builder madeBy(Fingerprint fingerprint) {
      madeBy = fingerprint;
      return this;
    }

    /**
     * Sets where times come from, by default the system's clock.
     *
     * @param source the clock
     * @return this
     */
    public Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    /**
     * Passes in the executor for the commit timer and checkpoints; by default the volume makes one
     * daemon thread of its own.
     *
     * @param service the executor; it is not shut down by the volume
     * @return this
     */
    public Builder executor(ScheduledExecutorService service) {
      executor = service;
      return this;
    }

    /**
     * Checks and builds.
     *
     * @return the options
     * @throws IllegalArgumentException if a size is out of its range, or a recovery element is
     *     named together with keys that it cannot have
     */
    public VolumeOptions build() {
      if (cacheBytes < MINIMUM_CACHE_BYTES) {
        throw new IllegalArgumentException(
            "cacheBytes is " + cacheBytes + ", at least " + MINIMUM_CACHE_BYTES + " are needed");
      }
      if (journalBytes < MINIMUM_JOURNAL_BYTES || journalBytes % 4096 != 0) {
        throw new IllegalArgumentException(
            "journalBytes is "
                + journalBytes
                + ", it must be a multiple of 4096 and at least "
                + MINIMUM_JOURNAL_BYTES);
      }
      if (journalLimitBytes < journalBytes) {
        throw new IllegalArgumentException(
            "journalLimitBytes is "
                + journalLimitBytes
                + ", less than journalBytes, which is "
                + journalBytes);
      }
      if (sectorBytes < 4096 || sectorBytes > 65536 || Integer.bitCount(sectorBytes) != 1) {
        throw new IllegalArgumentException(
            "sectorBytes is " + sectorBytes + ", it must be a power of two from 4096 to 65536");
      }
      if (managedKey != null && managedKey.length() != ManagedFileKey.KEY_ID_LENGTH) {
        throw new IllegalArgumentException(
            "the id of a managed key has 16 bytes, not " + managedKey.length());
      }
      if (recoveryElement != null && (keyScope == KeyScope.PAGE || managedKey != null)) {
        throw new IllegalArgumentException(
            "a recovery element cannot have the keys of crypto pages or managed keys; use keys per"
                + " file");
      }
      if (freshnessLag.isNegative()) {
        throw new IllegalArgumentException("freshnessLag is negative: " + freshnessLag);
      }
      return new VolumeOptions(this);
    }
  }
}
