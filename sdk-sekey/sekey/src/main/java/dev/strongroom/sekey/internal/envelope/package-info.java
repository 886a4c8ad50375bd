// SPDX-License-Identifier: Apache-2.0

/** Segments of envelopes, sealed and opened one at a time: {@code docs/spec/envelope.md}. */
package dev.strongroom.sekey.internal.envelope;
