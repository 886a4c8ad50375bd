// SPDX-License-Identifier: Apache-2.0

/**
 * What an envelope says about itself before anybody opens it: {@link
 * dev.strongroom.sekey.envelope.EnvelopeHeader}, by {@code docs/spec/envelope.md}.
 */
package dev.strongroom.sekey.envelope;
