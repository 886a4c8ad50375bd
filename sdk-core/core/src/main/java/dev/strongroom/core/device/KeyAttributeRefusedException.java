// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

import dev.strongroom.core.keys.KeyAttribute;
import dev.strongroom.core.keys.KeyRefusal;
import java.util.Optional;

/**
 * An attribute of a managed key may not be so, or may not be changed so; nothing was changed.
 *
 * <p>Thread safety: immutable.
 */
public final class KeyAttributeRefusedException extends KeyRefusedException {

  private static final long serialVersionUID = 1L;

  /**
   * Reports a refusal.
   *
   * @param refusal with the attribute's number as bound
   */
  public KeyAttributeRefusedException(KeyRefusal refusal) {
    super(key(refusal) + ": " + what(refusal), refusal);
  }

  /**
   * Which attribute.
   *
   * @return the attribute, or empty if this release does not know it
   */
  public Optional<KeyAttribute> attribute() {
    return KeyAttribute.of(refusal().bound());
  }

  private static String what(KeyRefusal refusal) {
    return KeyAttribute.of(refusal.bound())
        .map(
            attribute ->
                switch (attribute) {
                  case IMMUTABLE ->
                      "algorithm, usages, flags, group and policy of a key never change";
                  case ACTIVATION -> "the activation of a key that was active does not change";
                  case ORIGINATOR_PERIOD -> "its originator-usage period gets no longer";
                  case RECIPIENT_PERIOD -> "its recipient-usage period gets no longer";
                  case LIMIT -> "its limit gets no higher";
                  case DESTRUCTION -> "destruction cannot be scheduled so";
                  case TERMS -> "the terms of its group exclude that";
                })
        .orElse("an attribute may not be so");
  }
}
