// SPDX-License-Identifier: Apache-2.0

/** The example of the README. */
@NullMarked
package dev.strongroom.quickstart;

import org.jspecify.annotations.NullMarked;
