// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey;

import dev.strongroom.sekey.audit.KeyUseLog;

/**
 * How keys are used.
 *
 * <p>Thread safety: immutable.
 *
 * @param log where exceptional and refused uses are noted; there is no default
 * @param dataKeys how long data keys of envelopes are kept; {@link DataKeyLimits#DEFAULT} unless
 *     said
 */
public record SeKeyOptions(KeyUseLog log, DataKeyLimits dataKeys) {

  /**
   * With the default limits of data keys.
   *
   * @param log where exceptional and refused uses are noted
   * @return the options
   */
  public static SeKeyOptions loggingTo(KeyUseLog log) {
    return new SeKeyOptions(log, DataKeyLimits.DEFAULT);
  }

  /**
   * The same with other limits of data keys.
   *
   * @param other how long they are kept
   * @return the options
   */
  public SeKeyOptions withDataKeys(DataKeyLimits other) {
    return new SeKeyOptions(log, other);
  }
}
