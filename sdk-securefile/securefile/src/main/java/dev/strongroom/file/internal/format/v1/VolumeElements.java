// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.format.v1;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.channel.ChannelKey;
import dev.strongroom.file.ElementRole;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a volume, in the order in which they were recorded.
 *
 * @param all their records
 *     <p>Thread safety: immutable.
 */
public record VolumeElements(List<ElementRecord> all) {

  /**
   * Copies the list.
   *
   * @param all as above
   */
  public VolumeElements {
    all = List.copyOf(all);
  }

  /**
   * A volume with one element, of whose identity nothing is known.
   *
   * @param serialNumber its serial number
   * @param channelKey its channel key, or null
   * @return the elements
   */
  public static VolumeElements of(Bytes serialNumber, @Nullable ChannelKey channelKey) {
    return new VolumeElements(
        List.of(ElementRecord.deriving(serialNumber, ElementRole.FIRST, null, channelKey)));
  }

  /**
   * Looks for an element.
   *
   * @param serialNumber its serial number
   * @return its record, or null if the volume does not name it
   */
  public @Nullable ElementRecord find(Bytes serialNumber) {
    for (ElementRecord each : all) {
      if (each.serialNumber().equals(serialNumber)) {
        return each;
      }
    }
    return null;
  }

  /**
   * The recovery element.
   *
   * @return its record, or null if there is none
   */
  public @Nullable ElementRecord recovery() {
    for (ElementRecord each : all) {
      if (each.role() == ElementRole.RECOVERY) {
        return each;
      }
    }
    return null;
  }

  /**
   * The same with a record more, or in the place of one with the same serial number.
   *
   * @param element the record
   * @return the elements
   */
  public VolumeElements with(ElementRecord element) {
    List<ElementRecord> changed = new ArrayList<>(all);
    changed.replaceAll(each -> each.serialNumber().equals(element.serialNumber()) ? element : each);
    if (!changed.contains(element)) {
      changed.add(element);
    }
    return new VolumeElements(changed);
  }
}
