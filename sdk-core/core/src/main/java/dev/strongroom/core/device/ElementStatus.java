// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.core.device;

/**
 * The part of an element's state that anybody may see.
 *
 * <p>Thread safety: immutable.
 *
 * @param initialized whether PINs and master keys have been set
 * @param userTriesLeft wrong user PINs that are still allowed; 0 is blocked
 * @param administratorTriesLeft wrong administrator PINs that are still allowed; 0 is blocked for
 *     ever
 * @param generation how often the element's state has been changed, for elements that count it
 */
public record ElementStatus(
    boolean initialized, int userTriesLeft, int administratorTriesLeft, long generation) {}
