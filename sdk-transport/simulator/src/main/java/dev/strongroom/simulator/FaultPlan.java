// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.simulator;

import dev.strongroom.core.apdu.StatusWord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What shall go wrong with a simulated element, for tests; see {@link SimulatedElement#inject}.
 *
 * <p>Store writes and commands are counted from 1, from the moment at which the plan is injected.
 *
 * <p>Thread safety: immutable.
 */
public final class FaultPlan {

  private static final FaultPlan NONE = builder().build();

  private final int powerLossAtWrite;
  private final int bytesKept;
  private final int lostResponse;
  private final int wrongStatusAt;
  private final @Nullable StatusWord wrongStatus;
  private final Duration delay;
  private final long bytesPerSecond;

  private FaultPlan(Builder builder) {
    this.powerLossAtWrite = builder.powerLossAtWrite;
    this.bytesKept = builder.bytesKept;
    this.lostResponse = builder.lostResponse;
    this.wrongStatusAt = builder.wrongStatusAt;
    this.wrongStatus = builder.wrongStatus;
    this.delay = builder.delay;
    this.bytesPerSecond = builder.bytesPerSecond;
  }

  /**
   * Nothing goes wrong.
   *
   * @return the empty plan
   */
  public static FaultPlan none() {
    return NONE;
  }

  /**
   * Starts a plan in which nothing goes wrong yet.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  int powerLossAtWrite() {
    return powerLossAtWrite;
  }

  int bytesKept() {
    return bytesKept;
  }

  int lostResponse() {
    return lostResponse;
  }

  int wrongStatusAt() {
    return wrongStatusAt;
  }

  @Nullable StatusWord wrongStatus() {
    return wrongStatus;
  }

  Duration delay() {
    return delay;
  }

  long bytesPerSecond() {
    return bytesPerSecond;
  }

  boolean isSlow() {
    return !delay.isZero() || bytesPerSecond > 0;
  }

  /**
   * Collects what shall go wrong.
   *
   * <p>Thread safety: confined to one thread.
   */
  public static final class Builder {

    private int powerLossAtWrite;
    private int bytesKept;
    private int lostResponse;
    private int wrongStatusAt;
    private @Nullable StatusWord wrongStatus;
    private Duration delay = Duration.ZERO;
    private long bytesPerSecond;

    private Builder() {}

    /**
     * Power fails during a store write. The element is off until {@link
     * SimulatedElement#powerOn()}.
     *
     * @param write which write, from 1
     * @param kept how many bytes of it reach the medium; more than it has means all, so that power
     *     fails between the write and its sync
     * @return this builder
     */
    public Builder powerLossAtWrite(int write, int kept) {
      if (write < 1 || kept < 0) {
        throw new IllegalArgumentException("write " + write + ", bytes kept " + kept);
      }
      this.powerLossAtWrite = write;
      this.bytesKept = kept;
      return this;
    }

    /**
     * A command is executed, but its response does not arrive.
     *
     * @param command which command, from 1
     * @return this builder
     */
    public Builder loseResponse(int command) {
      if (command < 1) {
        throw new IllegalArgumentException("commands count from 1, not " + command);
      }
      this.lostResponse = command;
      return this;
    }

    /**
     * A command is not executed but answered with a status word.
     *
     * @param command which command, from 1
     * @param status a status word other than 9000
     * @return this builder
     */
    public Builder answer(int command, StatusWord status) {
      if (command < 1 || status.isSuccess()) {
        throw new IllegalArgumentException("command " + command + ", status " + status);
      }
      this.wrongStatusAt = command;
      this.wrongStatus = status;
      return this;
    }

    /**
     * Every command takes this long, one command at a time, as on a card.
     *
     * @param perCommand default zero
     * @return this builder
     */
    public Builder delay(Duration perCommand) {
      if (perCommand.isNegative()) {
        throw new IllegalArgumentException("a negative delay");
      }
      this.delay = perCommand;
      return this;
    }

    /**
     * Every command also takes the time of its APDUs on a wire.
     *
     * @param speed bytes in a second, at least 1; by default a wire takes no time
     * @return this builder
     */
    public Builder wire(long speed) {
      if (speed < 1) {
        throw new IllegalArgumentException("a wire of " + speed + " bytes a second");
      }
      this.bytesPerSecond = speed;
      return this;
    }

    /**
     * Makes the plan.
     *
     * @return the plan
     */
    public FaultPlan build() {
      return new FaultPlan(this);
    }
  }
}
