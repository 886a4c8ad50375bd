// SPDX-License-Identifier: Apache-2.0

/**
 * What may be done, decided before an element is asked: {@link
 * dev.strongroom.sekey.policy.PolicyRules} knows users, groups and policies, and asks {@link
 * dev.strongroom.core.keys.KeyRules} for what the element will say.
 *
 * @serial exclude
 */
package dev.strongroom.sekey.policy;
