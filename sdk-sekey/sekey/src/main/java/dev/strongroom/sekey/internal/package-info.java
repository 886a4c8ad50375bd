// SPDX-License-Identifier: Apache-2.0

/** What the services of key management compute on the host. */
package dev.strongroom.sekey.internal;
