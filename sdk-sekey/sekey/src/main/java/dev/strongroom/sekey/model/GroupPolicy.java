// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.sekey.model;

import dev.strongroom.core.Bytes;
import dev.strongroom.core.identity.ElementClass;
import dev.strongroom.core.identity.IdentitySignature;
import dev.strongroom.core.keys.ElementTime;
import dev.strongroom.core.keys.GroupTerms;
import dev.strongroom.core.keys.GroupTerms.Imports;
import dev.strongroom.core.keys.KeyAlgorithm;
import dev.strongroom.core.keys.KeyAttributes;
import dev.strongroom.core.keys.KeyFlag;
import dev.strongroom.core.keys.KeyPeriods;
import dev.strongroom.core.keys.UsageLimit;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * What holds for the keys of a group: which may be made, how long they are used, and what is done
 * with them. The part that elements enforce is {@code terms}, and the flags of keys.
 *
 * <p>Two policies are the same if their {@linkplain #encode() encodings} are: {@code
 * docs/spec/group-policy.md}.
 *
 * <p>Thread safety: immutable.
 *
 * @param algorithms what keys may compute with; one at least
 * @param resource where keys are worked with
 * @param terms periods, both the default and the longest ones; leases; least class of an element;
 *     whether keys may be imported
 * @param keyUses most uses of a key that protect, 1 to {@link UsageLimit#MAX}
 * @param rotationSeconds after how many seconds of protecting a key is replaced, up to the
 *     originator-usage period; 0 never
 * @param mostKeys how many keys may protect or be going to at a time, from 1
 * @param suspended processing with a suspended key
 * @param compromised processing with a compromised key
 * @param late processing after the recipient-usage period
 * @param rewrapping whether keys may be rewrapped from
 * @param history what a new member gets unless something else is said
 * @param readers who may read what is for some of the members
 * @param approvals how many administrators have to approve of what cannot be undone, 0 to 255
 *     besides the one who does it
 * @param destructionSeconds how long destruction is announced at least
 * @param periodEnd what becomes of keys in the end
 */
public record GroupPolicy(
    Set<KeyAlgorithm> algorithms,
    Resource resource,
    GroupTerms terms,
    long keyUses,
    long rotationSeconds,
    long mostKeys,
    Treatment suspended,
    Treatment compromised,
    Treatment late,
    Rewrapping rewrapping,
    History history,
    Readers readers,
    int approvals,
    long destructionSeconds,
    PeriodEnd periodEnd) {

  /** Version of the encoding. */
  private static final int VERSION = 1;

  private static final int LONGEST = 64 + GroupTerms.LENGTH;
  private static final long U32 = 0xFFFF_FFFFL;
  private static final long DAY = 24 * 60 * 60;

  /**
   * Checks what excludes each other.
   *
   * @param algorithms as above
   * @param resource as above
   * @param terms as above
   * @param keyUses as above
   * @param rotationSeconds as above
   * @param mostKeys as above
   * @param suspended as above
   * @param compromised as above
   * @param late as above
   * @param rewrapping as above
   * @param history as above
   * @param readers as above
   * @param approvals as above
   * @param destructionSeconds as above
   * @param periodEnd as above
   */
  public GroupPolicy {
    if (algorithms.isEmpty()) {
      throw new IllegalArgumentException("a policy permits one algorithm at least");
    }
    algorithms = Collections.unmodifiableSet(EnumSet.copyOf(algorithms));
    require("uses of a key", keyUses, 1, UsageLimit.MAX);
    require("seconds to a rotation", rotationSeconds, 0, terms.originatorSeconds());
    require("keys", mostKeys, 1, U32);
    require("approvals", approvals, 0, 0xFF);
    require("seconds to a destruction", destructionSeconds, 1, U32);
  }

  private static void require(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "a policy has " + least + " to " + most + " " + what + ", not " + value);
    }
  }

  /**
   * Starts from the defaults: AES-256, HMAC-SHA-256 and P-256 inside the element; a year, three
   * more to process; 2^30 uses; rotation after 90 days; 8 keys; no exceptional use but late
   * processing, with an acknowledgement; rewrapping; all history; any member reads; no approval; 30
   * days to a destruction, none by itself; leases of 30 days, 1,000,000 uses and 100 power-ups; no
   * imports; any element.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts from this policy.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    return new Builder()
        .algorithms(algorithms)
        .resource(resource)
        .terms(terms)
        .keyUses(keyUses)
        .rotationSeconds(rotationSeconds)
        .mostKeys(mostKeys)
        .suspended(suspended)
        .compromised(compromised)
        .late(late)
        .rewrapping(rewrapping)
        .history(history)
        .readers(readers)
        .approvals(approvals)
        .destructionSeconds(destructionSeconds)
        .periodEnd(periodEnd);
  }

  /**
   * What the element lets be done with keys of this policy.
   *
   * @return the flags that a key gets when it is made
   */
  public Set<KeyFlag> flags() {
    EnumSet<KeyFlag> flags = EnumSet.of(KeyFlag.DISTRIBUTION);
    if (suspended == Treatment.WITH_ACKNOWLEDGEMENT) {
      flags.add(KeyFlag.SUSPENDED_PROCESSING);
    }
    if (compromised == Treatment.WITH_ACKNOWLEDGEMENT) {
      flags.add(KeyFlag.COMPROMISED_PROCESSING);
    }
    if (late == Treatment.WITH_ACKNOWLEDGEMENT) {
      flags.add(KeyFlag.LATE_PROCESSING);
    }
    if (resource == Resource.HOST) {
      flags.add(KeyFlag.HOST_KEYS);
    }
    if (rewrapping == Rewrapping.PERMITTED) {
      flags.add(KeyFlag.REWRAP);
    }
    return Collections.unmodifiableSet(flags);
  }

  /**
   * The periods of a key for which nothing shorter is asked.
   *
   * @param activation when it begins to protect
   * @return the periods, cut at {@link ElementTime#MAX}
   */
  public KeyPeriods periodsFrom(ElementTime activation) {
    ElementTime originatorEnd = later(activation, terms.originatorSeconds());
    return new KeyPeriods(
        activation,
        originatorEnd,
        originatorEnd.isSet() ? later(originatorEnd, terms.recipientSeconds()) : ElementTime.NONE,
        ElementTime.NONE);
  }

  private static ElementTime later(ElementTime from, long seconds) {
    return seconds == GroupTerms.UNLIMITED
        ? ElementTime.NONE
        : new ElementTime(Math.min(from.seconds() + seconds, ElementTime.MAX.seconds()));
  }

  /**
   * Writes the policy.
   *
   * @return the one encoding that it has
   */
  public Bytes encode() {
    ByteBuffer out = ByteBuffer.allocate(LONGEST);
    out.put((byte) VERSION).put((byte) algorithms.size());
    algorithms.stream().map(KeyAlgorithm::number).sorted().forEach(n -> out.put((byte) (int) n));
    out.put((byte) resource.number()).put(terms.encode().toByteArray());
    out.putInt((int) keyUses).putInt((int) rotationSeconds).putInt((int) mostKeys);
    out.put((byte) suspended.number()).put((byte) compromised.number()).put((byte) late.number());
    out.put((byte) rewrapping.number()).put((byte) history.number()).put((byte) readers.number());
    out.put((byte) approvals).putInt((int) destructionSeconds).put((byte) periodEnd.number());
    return Bytes.copyOf(out.array(), 0, out.position());
  }

  /**
   * Reads a policy.
   *
   * @param encoded what {@link #encode()} wrote
   * @return the policy
   * @throws IllegalArgumentException if it is something else
   */
  public static GroupPolicy parse(Bytes encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded.toByteArray());
    try {
      int version = u8(in);
      if (version != VERSION) {
        throw new IllegalArgumentException("a policy of version " + version);
      }
      EnumSet<KeyAlgorithm> algorithms = EnumSet.noneOf(KeyAlgorithm.class);
      for (int i = u8(in); i > 0; i--) {
        algorithms.add(one("algorithm", KeyAlgorithm::of, in));
      }
      GroupPolicy policy =
          new GroupPolicy(
              algorithms,
              one("resource", Resource::of, in),
              terms(in),
              u32(in),
              u32(in),
              u32(in),
              one("treatment", Treatment::of, in),
              one("treatment", Treatment::of, in),
              one("treatment", Treatment::of, in),
              one("rewrapping", Rewrapping::of, in),
              one("history", History::of, in),
              one("readers", Readers::of, in),
              u8(in),
              u32(in),
              one("end", PeriodEnd::of, in));
      if (!policy.encode().equals(encoded)) {
        throw new IllegalArgumentException("a policy is not written in its one encoding");
      }
      return policy;
    } catch (java.nio.BufferUnderflowException e) {
      throw new IllegalArgumentException("a policy is cut short", e);
    }
  }

  private static int u8(ByteBuffer in) {
    return in.get() & 0xFF;
  }

  private static long u32(ByteBuffer in) {
    return Integer.toUnsignedLong(in.getInt());
  }

  private static GroupTerms terms(ByteBuffer in) {
    byte[] terms = new byte[GroupTerms.LENGTH];
    in.get(terms);
    return GroupTerms.parse(Bytes.copyOf(terms));
  }

  private static <T> T one(String what, IntFunction<Optional<T>> of, ByteBuffer in) {
    int number = u8(in);
    return of.apply(number)
        .orElseThrow(() -> new IllegalArgumentException("no " + what + " has number " + number));
  }

  /**
   * What names the policy.
   *
   * @return SHA-256 of the encoding, 32 bytes
   */
  public Bytes hash() {
    return IdentitySignature.digest(encode().toByteArray());
  }

  /**
   * What a key says of the policy under which it was made.
   *
   * @return the first {@value KeyAttributes#POLICY_HASH_LENGTH} bytes of {@link #hash()}
   */
  public Bytes keyHash() {
    return Bytes.copyOf(hash().toByteArray(), 0, KeyAttributes.POLICY_HASH_LENGTH);
  }

  /**
   * Collects the parts of a policy.
   *
   * <p>Thread safety: confined to one thread.
   */
  public static final class Builder {

    private Set<KeyAlgorithm> algorithms =
        EnumSet.of(KeyAlgorithm.AES_256, KeyAlgorithm.HMAC_SHA_256, KeyAlgorithm.EC_P256);
    private Resource resource = Resource.ELEMENT;
    private GroupTerms terms =
        new GroupTerms(
            Imports.REFUSED,
            ElementClass.UNKNOWN,
            365 * DAY,
            3 * 365 * DAY,
            30 * DAY,
            1_000_000,
            100);
    private long keyUses = 1L << 30;
    private long rotationSeconds = 90 * DAY;
    private long mostKeys = 8;
    private Treatment suspended = Treatment.REFUSED;
    private Treatment compromised = Treatment.REFUSED;
    private Treatment late = Treatment.WITH_ACKNOWLEDGEMENT;
    private Rewrapping rewrapping = Rewrapping.PERMITTED;
    private History history = History.ALL;
    private Readers readers = Readers.MEMBERS;
    private int approvals;
    private long destructionSeconds = 30 * DAY;
    private PeriodEnd periodEnd = PeriodEnd.KEPT;

    private Builder() {}

    /**
     * Sets what keys may compute with.
     *
     * @param value one algorithm at least
     * @return this
     */
    public Builder algorithms(Set<KeyAlgorithm> value) {
      algorithms = value;
      return this;
    }

    /**
     * Sets where keys are worked with.
     *
     * @param value the resource
     * @return this
     */
    public Builder resource(Resource value) {
      resource = value;
      return this;
    }

    /**
     * Sets what elements enforce.
     *
     * @param value the terms
     * @return this
     */
    public Builder terms(GroupTerms value) {
      terms = value;
      return this;
    }

    /**
     * Sets the most uses of a key.
     *
     * @param value from 1
     * @return this
     */
    public Builder keyUses(long value) {
      keyUses = value;
      return this;
    }

    /**
     * Sets after how long a key is replaced.
     *
     * @param value seconds, 0 never
     * @return this
     */
    public Builder rotationSeconds(long value) {
      rotationSeconds = value;
      return this;
    }

    /**
     * Sets the most keys.
     *
     * @param value from 1
     * @return this
     */
    public Builder mostKeys(long value) {
      mostKeys = value;
      return this;
    }

    /**
     * Sets the treatment of suspended keys.
     *
     * @param value the treatment
     * @return this
     */
    public Builder suspended(Treatment value) {
      suspended = value;
      return this;
    }

    /**
     * Sets the treatment of compromised keys.
     *
     * @param value the treatment
     * @return this
     */
    public Builder compromised(Treatment value) {
      compromised = value;
      return this;
    }

    /**
     * Sets the treatment of keys after their recipient-usage period.
     *
     * @param value the treatment
     * @return this
     */
    public Builder late(Treatment value) {
      late = value;
      return this;
    }

    /**
     * Sets whether keys may be rewrapped from.
     *
     * @param value whether
     * @return this
     */
    public Builder rewrapping(Rewrapping value) {
      rewrapping = value;
      return this;
    }

    /**
     * Sets what a new member gets.
     *
     * @param value what
     * @return this
     */
    public Builder history(History value) {
      history = value;
      return this;
    }

    /**
     * Sets who may read what is for some of the members.
     *
     * @param value who
     * @return this
     */
    public Builder readers(Readers value) {
      readers = value;
      return this;
    }

    /**
     * Sets how many administrators have to approve.
     *
     * @param value 0 to 255
     * @return this
     */
    public Builder approvals(int value) {
      approvals = value;
      return this;
    }

    /**
     * Sets how long destruction is announced at least.
     *
     * @param value seconds, from 1
     * @return this
     */
    public Builder destructionSeconds(long value) {
      destructionSeconds = value;
      return this;
    }

    /**
     * Sets what becomes of keys in the end.
     *
     * @param value what
     * @return this
     */
    public Builder periodEnd(PeriodEnd value) {
      periodEnd = value;
      return this;
    }

    /**
     * The policy as it is now.
     *
     * @return the policy
     * @throws IllegalArgumentException if parts exclude each other
     */
    public GroupPolicy build() {
      return new GroupPolicy(
          algorithms,
          resource,
          terms,
          keyUses,
          rotationSeconds,
          mostKeys,
          suspended,
          compromised,
          late,
          rewrapping,
          history,
          readers,
          approvals,
          destructionSeconds,
          periodEnd);
    }
  }
}
