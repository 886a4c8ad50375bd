// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.file.internal.engine;

import dev.strongroom.file.check.FindingKind;
import dev.strongroom.file.check.Severity;
import dev.strongroom.file.internal.check.ContentTarget;
import dev.strongroom.file.internal.check.Findings;
import dev.strongroom.file.internal.format.v1.FileHeader;
import dev.strongroom.file.internal.format.v1.UserAttributeSet;
import java.io.IOException;
import java.util.Arrays;

/**
 * Takes the content of an attribute stream while it is checked, and hands the attributes in it to
 * the target of their owner, if all of it can be read. The check itself says what cannot.
 *
 * <p>Thread safety: confined to the thread that checks.
 */
final class AttributeContent implements ContentTarget.FileTarget {

  private final ContentTarget.FileTarget owner;
  private final Findings findings;
  private final String path;
  private final byte[] whole;
  private long taken;

  AttributeContent(ContentTarget.FileTarget owner, Findings findings, String path, long length) {
    this.owner = owner;
    this.findings = findings;
    this.path = path;
    boolean wanted =
        owner != ContentTarget.FileTarget.NONE && length <= UserAttributeSet.MAX_STREAM;
    whole = new byte[wanted ? (int) length : 0];
  }

  @Override
  public void content(long position, byte[] clear, int offset, int count) {
    if (position + count <= whole.length) {
      System.arraycopy(clear, offset, whole, (int) position, count);
      taken += count;
    }
  }

  @Override
  public void attributes(UserAttributeSet attributes) {
    // a stream has none itself
  }

  @Override
  public void close() throws IOException {
    try {
      if (whole.length > 0 && taken == whole.length) {
        UserAttributeSet attributes = UserAttributeSet.ofStream(whole);
        try {
          owner.attributes(attributes);
        } finally {
          attributes.erase();
        }
      }
    } catch (FileHeader.Refused e) {
      findings.add(FindingKind.NOT_SALVAGED, Severity.DAMAGE, path, String.valueOf(e.getMessage()));
    } finally {
      Arrays.fill(whole, (byte) 0);
    }
  }
}
