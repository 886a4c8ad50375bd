// SPDX-License-Identifier: Apache-2.0

/** Whole databases on their way from one file to another. */
@org.jspecify.annotations.NullMarked
package dev.strongroom.database.internal.copy;
