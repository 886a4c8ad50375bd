// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.testkit;

import dev.strongroom.file.share.Recipient;
import dev.strongroom.file.share.TransientInfo;
import java.util.ArrayList;
import java.util.List;

/** What a transient file tells everybody, as lines of text. */
final class TransientDescription {

  private TransientDescription() {}

  static List<String> of(TransientInfo info) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "transient id="
            + info.transientId()
            + " outbox="
            + info.outboxId()
            + " sender="
            + VolumeDescription.sha256(info.sender().encode().toByteArray())
            + " created="
            + info.created()
            + info.expires().map(time -> " expires=" + time).orElse("")
            + " revision="
            + info.revision()
            + " length="
            + info.length());
    for (Recipient each : info.recipients()) {
      lines.add(
          "recipient "
              + each.keyId()
              + " suite="
              + each.suiteCode()
              + " counter="
              + each.counter());
    }
    return lines;
  }
}
