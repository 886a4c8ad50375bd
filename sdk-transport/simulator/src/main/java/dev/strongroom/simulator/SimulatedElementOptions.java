// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.simulator.records.Capacity;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated element is made.
 *
 * <p>Cost, tries and root count when the element is initialised; afterwards they stand in its file,
 * and only the root is needed again. The size of the key memory counts from the first key on.
 *
 * <p>Thread safety: immutable.
 */
public final class SimulatedElementOptions {

  /** User PIN tries by default. */
  public static final int DEFAULT_USER_TRIES = 5;

  /** Administrator PIN tries by default. */
  public static final int DEFAULT_ADMINISTRATOR_TRIES = 10;

  /** Key memory by default in bytes: 4,100 records. */
  public static final int DEFAULT_KEY_MEMORY = 352 * 1024;

  private static final int MAX_TRIES = 15;

  private final PinCost pinCost;
  private final int userTries;
  private final int administratorTries;
  private final @Nullable SecretRoot secretRoot;
  private final @Nullable SecureRandom random;
  private final InstantSource clock;
  private final @Nullable Capacity keyMemory;

  private SimulatedElementOptions(Builder builder) {
    this.pinCost = builder.pinCost;
    this.userTries = builder.userTries;
    this.administratorTries = builder.administratorTries;
    this.secretRoot = builder.secretRoot;
    this.random = builder.random;
    this.clock = builder.clock;
    this.keyMemory = builder.keyMemory;
  }

  /**
   * The defaults: Argon2id with 64 MiB and 3 passes, 5 and 10 tries, the root in the file.
   *
   * @return the options
   */
  public static SimulatedElementOptions defaults() {
    return builder().build();
  }

  /**
   * The defaults with {@link PinCost#CHEAP}: for tests.
   *
   * @return the options
   */
  public static SimulatedElementOptions cheap() {
    return builder().pinCost(PinCost.CHEAP).build();
  }

  /**
   * Starts with the defaults.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  PinCost pinCost() {
    return pinCost;
  }

  int userTries() {
    return userTries;
  }

  int administratorTries() {
    return administratorTries;
  }

  @Nullable SecretRoot secretRoot() {
    return secretRoot;
  }

  SecureRandom random() {
    return random == null ? ThreadRandom.current() : random;
  }

  InstantSource clock() {
    return clock;
  }

  /** The key memory that an element gets with its first key. */
  Capacity keyMemory() {
    return keyMemory == null ? capacity(DEFAULT_KEY_MEMORY) : keyMemory;
  }

  /** The key memory to which an element grows that has less. */
  Capacity leastKeyMemory() {
    return keyMemory == null ? new Capacity(Capacity.MIN_PLACES) : keyMemory;
  }

  private static Capacity capacity(int bytes) {
    return new Capacity(bytes / Capacity.PLACE_LENGTH);
  }

  /**
   * Collects options.
   *
   * <p>Thread safety: confined to one thread.
   */
  public static final class Builder {

    private PinCost pinCost = PinCost.DEFAULT;
    private int userTries = DEFAULT_USER_TRIES;
    private int administratorTries = DEFAULT_ADMINISTRATOR_TRIES;
    private @Nullable SecretRoot secretRoot;
    private @Nullable SecureRandom random;
    private InstantSource clock = InstantSource.system();
    private @Nullable Capacity keyMemory;

    private Builder() {}

    /**
     * What one PIN try costs.
     *
     * @param cost default {@link PinCost#DEFAULT}
     * @return this builder
     */
    public Builder pinCost(PinCost cost) {
      this.pinCost = cost;
      return this;
    }

    /**
     * How many wrong user PINs block it.
     *
     * @param tries 1 to 15, default {@value #DEFAULT_USER_TRIES}
     * @return this builder
     */
    public Builder userTries(int tries) {
      this.userTries = tries;
      return this;
    }

    /**
     * How many wrong administrator PINs block it for good.
     *
     * @param tries 1 to 15, default {@value #DEFAULT_ADMINISTRATOR_TRIES}
     * @return this builder
     */
    public Builder administratorTries(int tries) {
      this.administratorTries = tries;
      return this;
    }

    /**
     * A secret outside of the element's file that the PINs are combined with.
     *
     * @param root by default the file's own
     * @return this builder
     */
    public Builder secretRoot(SecretRoot root) {
      this.secretRoot = root;
      return this;
    }

    /**
     * The random generator.
     *
     * @param generator by default one for each thread, seeded by the platform every second
     * @return this builder
     */
    public Builder random(SecureRandom generator) {
      this.random = generator;
      return this;
    }

    /**
     * The clock, for the certificate's date.
     *
     * @param source default the system's
     * @return this builder
     */
    public Builder clock(InstantSource source) {
      this.clock = source;
      return this;
    }

    /**
     * How much memory for keys it has. An element that has some keeps it, and grows with its next
     * change of keys if this is more.
     *
     * @param bytes 16 KiB to 64 MiB, of which whole pages of 4 KiB count, spare ones included; by
     *     default what the element has, {@value #DEFAULT_KEY_MEMORY} at first
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder keyMemory(int bytes) {
      this.keyMemory = capacity(bytes);
      return this;
    }

    /**
     * Checks and makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException if a number of tries or the root's name is out of range
     */
    public SimulatedElementOptions build() {
      requireTries(userTries);
      requireTries(administratorTries);
      if (secretRoot != null && !secretRoot.name().matches("(?!file$)[!-~]{1,16}")) {
        throw new IllegalArgumentException(
            "a root's name has 1 to 16 ASCII characters and is not \"file\"");
      }
      return new SimulatedElementOptions(this);
    }

    private static void requireTries(int tries) {
      if (tries < 1 || tries > MAX_TRIES) {
        throw new IllegalArgumentException("1 to 15 tries, not " + tries);
      }
    }
  }
}
