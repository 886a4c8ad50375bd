// SPDX-License-Identifier: Apache-2.0

/**
 * What was done, in a chain of entries that only the element can have made; {@code
 * docs/spec/audit.md}. {@link dev.strongroom.sekey.audit.AuditVerification} tells whether a log is
 * whole.
 *
 * @serial exclude
 */
package dev.strongroom.sekey.audit;
